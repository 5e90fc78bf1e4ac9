"""What the import of any file ends with: waiting links, types of new fields, the file of rejected rows, its note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.book import journal
from crm_cli.services.importing import links
from crm_cli.services.importing.field_types import settle

if TYPE_CHECKING:
    import sqlite3

    from crm_cli.book.book import Change
    from crm_cli.services.importing.entries import Report
    from crm_cli.services.importing.rejects import Rejects
    from crm_cli.services.importing.words import Vocabulary


def finish(
    db: sqlite3.Connection,
    report: Report,
    words: Vocabulary,
    *,
    change: Change,
    rejects: Rejects | None,
    now: str,
    is_last: bool = True,
) -> None:
    """Make the links that waited for the records of a file, give its new fields their types, and note the import.

    Only the last of several batches shows the types.
    """
    links.resolve(db, now)
    if is_last:
        settle(db, words.made)
    while words.types.changed:
        report.warn(words.types.changed.pop(0))
    if rejects is not None and not change.dry_run:
        report.rejects = rejects.finish()
    note_run(db, report, change.id, now)


def note_run(db: sqlite3.Connection, report: Report, change_id: int, now: str) -> None:
    """Record the import for ``crm imports``."""
    counts = (report.read, report.new, report.changed, report.same, report.rejected)
    made = change_id if journal.count(db, change_id) else None
    db.execute(
        "INSERT INTO import_run (at_utc, file, format, read, new, changed, same, rejected, rejects, change_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (now, report.file, report.format, *counts, report.rejects, made),
    )
