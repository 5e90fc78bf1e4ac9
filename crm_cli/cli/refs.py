"""Resolve a REF on the command line to one record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.cli.context import session
from crm_cli.cli.terminal import choose, last_shown, piped_refs
from crm_cli.core.kinds import RECORDS, record, split
from crm_cli.core.text.folding import words
from crm_cli.errors import AmbiguousError, NotFoundError, UsageError
from crm_cli.queries import refs

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    import typer

    from crm_cli.queries.refs import Candidate

PEOPLE: tuple[str, ...] = ("contact",)
WITH_POINTS: tuple[str, ...] = tuple(kind.name for kind in RECORDS.values() if kind.has_points)

ANY: tuple[str, ...] = tuple(RECORDS)


def pick(ctx: typer.Context, db: sqlite3.Connection, text: str, kinds: tuple[str, ...] = WITH_POINTS) -> Candidate:
    """Return the record that REF ``text`` names.

    Raises NotFoundError, or AmbiguousError with the candidates if there is no terminal to choose at.
    """
    _refuse_wrong_kind(text, kinds)
    found = refs.resolve(db, text, kinds=kinds, region=session(ctx).region, last=last_shown() if text == "." else "")
    if len(found) == 1:
        return found[0]
    if not found:
        raise NotFoundError(_missing(text, kinds), hint=_near(db, text))
    chosen = choose(ctx, f"{text} can be:", {candidate.ref: candidate.line for candidate in found})
    if chosen is None:
        lines = tuple(f"{candidate.ref}  {candidate.line}" for candidate in found[:20])
        raise AmbiguousError(f"{text} matches {len(found)} records; give the id of one", candidates=lines)
    return next(candidate for candidate in found if candidate.ref == chosen)


def _missing(text: str, kinds: tuple[str, ...]) -> str:
    """Say what was not found: a record with this id, or one that the words could mean."""
    if _is_id(text):
        return f"there is no {refs.kind_of(text).singular} {text}"
    return f'no match for "{text}"' if "contact" in kinds else f"there is no {_nouns(kinds)} {text}"


def pick_all(
    ctx: typer.Context, db: sqlite3.Connection, texts: Sequence[str], kinds: tuple[str, ...] = WITH_POINTS
) -> list[Candidate]:
    """Return the records that several REFs name, without repeats."""
    return list(dict.fromkeys(pick(ctx, db, text, kinds) for text in texts))


def activity_id(text: str) -> int:
    """Return the id of an activity given as ``a31`` or ``31``. Raises UsageError for anything else."""
    number = text[1:] if text[:1].lower() == "a" else text
    if not (number.isascii() and number.isdigit() and len(number) <= refs.ID_DIGITS):
        raise UsageError(f"{text} is not an activity", hint="an id like a31, as crm today shows it")
    return int(number)


def activity_ids(words: Sequence[str]) -> list[int]:
    """Return the ids of activities, without repeats; from a pipe (``-``) a bare number is a person and refused."""
    found = []
    for word in words:
        piped = piped_refs([word]) if word == "-" else []
        if any(line.isdigit() for line in piped):
            raise UsageError(
                "these are ids of people; activities have an a before the number", hint="crm today --format ids"
            )
        found += [activity_id(text) for text in piped or ([] if word == "-" else [word])]
    return list(dict.fromkeys(found))


def deal(ctx: typer.Context, db: sqlite3.Connection, text: str) -> Candidate:
    """Return the deal that REF ``text`` names: ``d7`` or ``7``, or words of its title."""
    number = text.strip()
    return pick(ctx, db, f"d{number}" if number.isdigit() and number.isascii() else text, ("deal",))


def deals(ctx: typer.Context, db: sqlite3.Connection, words: Sequence[str]) -> list[Candidate]:
    """Return the deals that words name, without repeats; from a pipe (``-``) a bare number is a person and refused."""
    found = []
    for word in words:
        piped = piped_refs([word]) if word == "-" else []
        if any(line.isdigit() for line in piped):
            raise UsageError("these are ids of people; deals have a d before the number", hint="crm deal list")
        found += [deal(ctx, db, text) for text in piped or ([] if word == "-" else [word])]
    return list(dict.fromkeys(found))


def _refuse_wrong_kind(text: str, kinds: tuple[str, ...]) -> None:
    """Refuse a printed id of a kind that the command does not take, instead of searching for it as a word."""
    kind = refs.kind_of(text)
    if kind.name not in kinds and _is_id(text):
        raise UsageError(f"{text} is the id of {kind.article} {kind.singular}; this wants a {_nouns(kinds)}")


def _is_id(text: str) -> bool:
    letter, number = split(text)
    return bool(letter) and number.isascii() and number.isdigit()


def _nouns(kinds: tuple[str, ...]) -> str:
    return " or ".join(RECORDS[kind].singular for kind in kinds)


def _near(db: sqlite3.Connection, text: str) -> str:
    from crm_cli.book.search import find as search_find

    if not words(text):
        return ""
    near = search_find.find(db, text)
    named = [refs.line(db, kind, ref) for kind, ref in map(record, near.docs) if kind != "activity"][:3]
    return "did you mean " + " · ".join(named) + "?" if named else "look with: crm find"
