"""How the fields of two records of one person or company are combined, when one is merged into the other. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from crm_cli.core.patches import SCALARS
from crm_cli.core.records import NameParts
from crm_cli.core.text.folding import fold, sort_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Row = Mapping[str, Any]

NICKNAME_FIRST = ("nickname", "name", *(field for field in SCALARS if field not in {"nickname", "name", "notes"}))
SINGLE = {"contact": NICKNAME_FIRST, "company": ("name", "source")}
"""Kind -> the fields with a single value, apart from notes. The nickname is first, as another name may become one."""
NOTES, NICKNAME, FORMER = "notes", "nickname", "former job"
"""Where a value goes that is not kept in its field."""


class Choice(NamedTuple):
    """A field in which two records differ: the value that stays, the other one, and where that one goes.

    ``other`` is ``""`` if only one of them had a value; ``from_loser``: is the value that stays the merged record's?
    """

    field: str
    kept: str
    other: str = ""
    to: str = ""
    from_loser: bool = False


class Loser(NamedTuple):
    """A record that was merged: its id, uid and name, and its fields that differed from those of the survivor."""

    id: int
    uid: str
    name: str
    choices: tuple[Choice, ...]


class Merged(NamedTuple):
    """What a merge did. ``moved`` counts by table the rows that were moved, ``same`` those that the survivor had."""

    kind: str
    survivor: int
    losers: tuple[Loser, ...]
    moved: Mapping[str, int]
    same: Mapping[str, int]


class Unmerged(NamedTuple):
    """What taking a merge apart did.

    ``edited`` counts by table what was edited or removed since and stays with the survivor as it is, ``lost`` what
    could not come back, because what it belongs to is no longer in the book.
    """

    kind: str
    survivor: int
    record: int
    name: str
    edited: Mapping[str, int]
    lost: Mapping[str, int]


def single_fields(kind: str, survivor: Row, loser: Row, choices: Mapping[str, int]) -> tuple[Row, list[Choice]]:
    """Return the columns of the survivor that change, and what becomes of each field in which the two differ.

    ``choices`` maps fields to the id of the record whose value is to be kept; the survivor's is, by default.
    """
    columns: dict[str, Any] = {}
    made: list[Choice] = []
    for field in SINGLE[kind]:
        now = {**survivor, **columns}
        mine, theirs = now[field] or "", loser[field] or ""
        if not theirs or _is_same(field, mine, theirs):
            if field == "name" and kind == "contact":
                columns |= _missing_parts(survivor, loser)
        elif not mine or _is_fuller(field, mine, theirs):
            columns |= _taken(kind, field, loser)
            made.append(Choice(field, theirs, from_loser=True))
        else:
            changed, choice = _chosen(kind, field, now, loser, takes=choices.get(field) == loser["id"])
            columns |= changed
            made.append(choice)
    return columns, made


def _chosen(kind: str, field: str, survivor: Row, loser: Row, *, takes: bool) -> tuple[Row, Choice]:
    """Choose between two different values: return the columns that change, and where the value goes that is not kept.

    ``takes``: is the merged record's value kept? A person's other name becomes a nickname, if there is none.
    """
    kept, other = (loser[field], survivor[field]) if takes else (survivor[field], loser[field])
    columns = dict(_taken(kind, field, loser)) if takes else {}
    if field == "name" and kind == "contact" and not survivor["nickname"]:
        return columns | {"nickname": other}, Choice(field, kept, other, NICKNAME, takes)
    return columns, Choice(field, kept, other, NOTES, takes)


def _is_same(field: str, one: str, other: str) -> bool:
    return sort_key(one) == sort_key(other) if field == "name" else fold(one) == fold(other)


def _is_fuller(field: str, mine: str, theirs: str) -> bool:
    """Is it the same birthday or anniversary, but with the year?"""
    return field in {"birthday", "anniversary"} and mine.startswith("--") and theirs.endswith(mine[2:])


def _taken(kind: str, field: str, loser: Row) -> Row:
    if field == "status":
        return {"status": loser["status"], "status_on": loser["status_on"]}
    if field == "name":
        parts = NameParts._fields if kind == "contact" else ()
        return {column: loser[column] for column in ("name", "name_key", *parts)}
    return {field: loser[field]}


def _missing_parts(survivor: Row, loser: Row) -> Row:
    """Return the parts of the name that only the merged record has; the whole names are the same."""
    return {part: loser[part] for part in NameParts._fields if loser[part] and not survivor[part]}


def notes(mine: str, theirs: str, *, heading: str, lines: Sequence[str]) -> str:
    """Return the survivor's notes with those of the merged record, and with the values that had no other place."""
    added = [f"{heading}: {'; '.join(lines)}"] if lines else []
    if theirs.strip() and theirs.strip() not in mine:
        added.append(theirs if added else f"{heading}:\n{theirs}")
    return "\n\n".join(filter(None, (mine, "\n".join(added))))


def without(text: str, before: str, after: str) -> str | None:
    """Return notes without what a merge appended to ``before`` to make ``after``; None if that was edited."""
    if text == after:
        return before
    if not after.startswith(before):
        return None
    added = after[len(before) :]
    return text.replace(added, "", 1) if before and text.count(added) == 1 else _from_start(text, added)


def _from_start(text: str, added: str) -> str | None:
    return text[len(added) :].lstrip("\n") if text.startswith(added) else None
