"""Group cards: each becomes a tag on its members, once the whole file is in the book."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core import matching
from crm_cli.core.kinds import RECORDS
from crm_cli.core.records import Draft
from crm_cli.core.text.folding import fold

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Container

    from crm_cli.book.book import Change
    from crm_cli.core.records import Problem
    from crm_cli.services.importing.entries import Report
    from crm_cli.services.importing.match import Lookup, Ref
    from crm_cli.services.importing.update import Updater

_MEMBERS = frozenset(("MEMBER", "X-ADDRESSBOOKSERVER-MEMBER"))
Owner = tuple[str, int]
"""The table and the id of a record."""


class Group(NamedTuple):
    """A group in a file: its members are UIDs or ``mailto:`` addresses."""

    line: int
    name: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Without:
    """All of ``known`` except ``changed``."""

    known: Container[int]
    changed: set[int]

    def __contains__(self, ref: object) -> bool:
        return ref not in self.changed and ref in self.known


class Groups:
    """The groups of one file."""

    def __init__(self) -> None:
        self.found: list[Group] = []

    def take(self, chunk: list[Draft | Problem]) -> list[Draft | Problem]:
        """Return the records of a chunk that are not groups; collect the groups."""
        rest: list[Draft | Problem] = []
        for each in chunk:
            if isinstance(each, Draft) and each.kind == "group":
                members = (one.value.strip() for one in each.properties if one.name.upper() in _MEMBERS)
                self.found.append(Group(each.line, each.name, tuple(dict.fromkeys(members))))
            else:
                rest.append(each)
        return rest

    def apply(self, updater: Updater, look: Lookup, report: Report, change: Change) -> None:
        """Tag the members, and report each group."""
        tagged: dict[str, set[int]] = {kind.name: set() for kind in RECORDS.values() if kind.is_tagged}
        for group in self.found:
            owners = _owners(updater.db, look, group.members)
            for kind, ref in owners:
                if updater.tag(kind, ref, (group.name,)):
                    tagged[kind].add(ref)
            missing = len(group.members) - len(owners)
            omitted = f"; {missing} not in the book" if missing else ""
            report.warn(f"group {group.name!r} is a tag on its members: {len(owners)} of them{omitted}", group.line)
        for kind, refs in tagged.items():
            if refs and kind in change.indexed:
                change.indexed[kind] = _Without(change.indexed[kind], refs)


def _owners(db: sqlite3.Connection, look: Lookup, members: tuple[str, ...]) -> set[Owner]:
    """Return the records that the members refer to: by a key of the file, our own uid, or an unambiguous e-mail."""
    spelled = {member: member.removeprefix("urn:uuid:") for member in members}
    refs = look.refs({*members, *spelled.values()})
    found = (_owner(db, refs.get(member) or refs.get(bare), member) for member, bare in spelled.items())
    return {owner for owner in found if owner}


def _owner(db: sqlite3.Connection, ref: Ref | None, member: str) -> Owner | None:
    if ref is not None:
        return ref.kind, ref.owner
    if member[:7].lower() == "mailto:":
        sql = (
            "SELECT DISTINCT contact_id FROM contact_point WHERE kind = 'email' AND norm = ? AND contact_id IS NOT NULL"
        )
        rows = db.execute(sql, (fold(member[7:]),)).fetchall()
        return ("contact", rows[0][0]) if len(rows) == 1 else None
    for kind in ("contact", "company"):
        uid = matching.own_uid(member)
        sql = f"SELECT id FROM {kind} WHERE uid = ?1 UNION ALL SELECT {kind}_id FROM merge WHERE loser_uid = ?1"
        if (row := db.execute(sql, (uid,)).fetchone()) and row[0] is not None:
            return kind, row[0]
    return None
