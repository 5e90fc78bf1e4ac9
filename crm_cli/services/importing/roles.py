"""Import a table that links people to deals, both of which are in the book already."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from crm_cli.core.records import Problem
from crm_cli.formats.csv import contact_roles
from crm_cli.services.importing import links
from crm_cli.services.importing.entries import Report, report_problem
from crm_cli.services.importing.finishing import finish
from crm_cli.services.importing.words import Vocabulary
from crm_cli.services.touch import touch

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from crm_cli.book.book import Book, Change
    from crm_cli.core.items import Item
    from crm_cli.formats.source import Source
    from crm_cli.services.importing.links import Record
    from crm_cli.services.importing.rejects import Rejects

CHUNK = 500
LISTED = contact_roles.LISTED
FIELD = "Contact roles"
"""The custom field of a deal that keeps who has which role."""
_ABSENT = "the deal or the person is not in the book yet; import their files first, then this one again"


def run(book: Book, source: Source, *, change: Change, now: str, file: str, rejects: Rejects | None) -> Report:
    """Add the people of a file to their deals within ``change``; a row whose records are not there is rejected."""
    report = Report(file=file, format=source.listed, encoding=source.encoding.removesuffix("-sig"))
    words = Vocabulary(book.db)
    found = iter(source.items or ())
    while chunk := list(islice(found, CHUNK)):
        known = links.find(book.db, (link for each in chunk if not isinstance(each, Problem) for link in each.links))
        for each in chunk:
            if isinstance(each, Problem):
                report_problem(each, report, rejects)
            elif not known.keys() >= set(each.links):
                report_problem(_absent(each), report, rejects)
            else:
                report.read += 1
                records = [known[link] for link in each.links]
                changed = _join(book.db, words, records, dict(each.values).get("role", ""), now)
                report.count_known("deal", records[0].id, changed=changed)
    finish(book.db, report, words, change=change, rejects=rejects, now=now)
    return report


def _absent(item: Item) -> Problem:
    return Problem(item.line, _ABSENT, rejected=True, raw=item.raw)


def _join(db: sqlite3.Connection, words: Vocabulary, records: Sequence[Record], role: str, now: str) -> bool:
    """Add a person to a deal, with the role; return whether anything was written."""
    deal, person = records
    changed = links.attach(db, deal, person)
    if role:
        changed |= _keep_role(db, words, deal.id, person.id, role)
    if changed:
        touch(db, "deal", deal.id, now)
    return changed


def _keep_role(db: sqlite3.Connection, words: Vocabulary, deal: int, person: int, role: str) -> bool:
    field = words.field_id(words.field_name(FIELD))
    name = db.execute("SELECT name FROM contact WHERE id = ?", (person,)).fetchone()[0]
    row = db.execute("SELECT value FROM deal_custom WHERE deal_id = ? AND field_id = ?", (deal, field)).fetchone()
    lines = row[0].split("\n") if row else []
    line = f"{name}: {role}"
    if line in lines:
        return False
    db.execute(
        "INSERT INTO deal_custom (deal_id, field_id, value) VALUES (?, ?, ?)"
        " ON CONFLICT DO UPDATE SET value = excluded.value",
        (deal, field, "\n".join([*lines, line])),
    )
    return True
