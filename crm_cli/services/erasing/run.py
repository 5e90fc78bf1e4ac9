"""An erasure from beginning to end: noted in the book first, so that a killed one is finished at the next start.

1. The intention is committed to ``pending_erasure``.
2. Other files are cleaned while the book still knows what identifies the person: rejected rows, unsaved texts, logs,
   copies of the book.
3. One transaction forgets all these people in the book.
4. The file is written again without free pages (VACUUM), and the intention is deleted.

Each step can be repeated, so that a kill at any moment loses nothing and leaves nothing behind.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, NamedTuple

from crm_cli import files
from crm_cli.book.book import Book
from crm_cli.errors import CrmError
from crm_cli.queries import personal
from crm_cli.services.erasing import elsewhere
from crm_cli.services.erasing.forgetting import Erasure, forget

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from crm_cli.core.mentions import Naming
    from crm_cli.queries.personal import Mention


class Plan(NamedTuple):
    """What an erasure would forget: a person's name, the number of their rows, and what else names them.

    ``mentions`` are texts of other records, of which the user decides; ``labels`` (tags, titles, copies) are redacted.
    """

    name: str
    rows: int
    mentions: list[Mention]
    labels: list[Mention]


class Erased(NamedTuple):
    """What was done: the change of each person, the copies rewritten, those that keep them, files not touched."""

    changes: list[int]
    rewritten: list[Path]
    keeping: list[elsewhere.Copy]
    untouched: list[str]


def plan(db: sqlite3.Connection, person: int) -> Plan:
    """Return what an erasure of a person would forget."""
    from crm_cli.services.erasing.texts import is_asked

    pattern = personal.pattern(db, person)
    found = personal.found_in_texts(db, person, pattern) if pattern else []
    labels = [each for each in found if not is_asked(each.table, each.column)]
    asked = [each for each in found if is_asked(each.table, each.column)]
    known = personal.identity(db, person)
    return Plan(
        known.name if known else "",
        sum(map(len, personal.rows(db, person).values())),
        asked + _shared(db, person, pattern),
        labels,
    )


def _shared(db: sqlite3.Connection, person: int, pattern: Naming | None) -> list[Mention]:
    """Return the texts that name the person in activities that others took part in: those stay."""
    if pattern is None:
        return []
    rows = db.execute(
        "SELECT a.id, a.subject, a.body FROM activity a JOIN activity_participant p ON p.activity_id = a.id"
        " WHERE p.contact_id = ? AND EXISTS (SELECT 1 FROM activity_participant x WHERE x.activity_id = a.id"
        " AND x.contact_id <> p.contact_id)",
        (person,),
    ).fetchall()
    return [
        personal.mention("activity", column, f"a{ref}", text, match)
        for ref, *both in rows
        for column, text in zip(("subject", "body"), both, strict=True)
        if (match := pattern.search(text))
    ]


def begin(path: Path, people: Sequence[int], *, now: str, redact: bool, backups: bool) -> None:
    """Commit the intention to erase these people."""
    with Book.write(path) as book, book.operation():
        book.db.executemany(
            "INSERT OR REPLACE INTO pending_erasure VALUES (?, ?, ?, ?)",
            [(person, now, redact, backups) for person in people],
        )


def finish(path: Path, *, origin: str) -> Erased:
    """Do, or finish, the erasures that were begun, and report them. Raises what writing the book raises."""
    done = Erased([], [], [], [])
    files.sweep(path.resolve().parent)
    files.sweep(path.resolve().parent / "backups")
    with Book.write(path) as book:
        pending = book.db.execute("SELECT contact_id, at_utc, redact, backups FROM pending_erasure").fetchall()
        found: list[Erasure] = []
        for person, now, redact, backups in pending:
            known, pattern = personal.identity(book.db, person), personal.pattern(book.db, person)
            if known and pattern:
                done.untouched.extend(elsewhere.clean_rejects(book.db, pattern))
                done.untouched.extend(elsewhere.clean_state(pattern))
                everyone = {person: known.uid, **personal.merged_uids(book.db, person)}
                _in_copies(path, everyone, pattern, now, redact=bool(redact), backups=bool(backups), done=done)
                found.append(Erasure(person, now, bool(redact)))
        if found:
            done.changes.extend(forget(book, found, origin=origin))
        if pending:
            book.db.execute("VACUUM")
            with book.operation():
                book.db.executemany("DELETE FROM pending_erasure WHERE contact_id = ?", [(one,) for one, *_ in pending])
    return done


def _in_copies(
    path: Path,
    people: Mapping[int, str],
    pattern: Naming,
    now: str,
    *,
    redact: bool,
    backups: bool,
    done: Erased,
) -> None:
    """Rewrite the copies that crm made by itself, with ``backups`` all; the others keep the person and are listed."""
    for copy in elsewhere.copies(path):
        if not (copy.is_automatic or backups):
            if copy not in done.keeping:
                done.keeping.append(copy)
            continue
        try:
            if elsewhere.forget_in_copy(copy.path, people, now=now, redact=redact):
                done.rewritten.append(copy.path)
        except (CrmError, sqlite3.DatabaseError):
            if elsewhere.names_them(copy.path, pattern):
                done.untouched.append(str(copy.path))
