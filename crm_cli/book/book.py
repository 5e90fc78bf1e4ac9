"""The `Book` class: one file, one connection, one transaction, one current change."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from crm_cli.book import journal, locks, opening, schema, sqlite_file
from crm_cli.core.kinds import PERSON, RECORDS

if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from pathlib import Path

    from sqlmodel import Session


class Change:
    """One undoable operation. After the transaction, ``rows`` and ``subjects`` hold what it changed."""

    def __init__(self, change_id: int, verb: str, *, dry_run: bool = False) -> None:
        self.id = change_id
        self.verb = verb
        self.dry_run = dry_run
        self.rows = 0
        self.subjects: dict[str, set[int]] = {}
        self.indexed: dict[str, Container[int]] = {}
        """New records that are already in the search index."""

    @property
    def ref(self) -> str:
        """The change's printed id, or ``""`` when nothing changed."""
        return f"ch{self.id}" if self.rows and not self.dry_run else ""


class Book:
    """An open book. Use ``Book.read`` for look-ups and ``Book.write`` for anything that may change it."""

    def __init__(self, db: sqlite3.Connection, path: Path) -> None:
        self.db = db
        self.path = path
        self.is_missing = False
        """Is there no book at the path, so that an empty one in memory is used?"""
        self._session: Session | None = None

    @classmethod
    def read(cls, path: Path) -> Self:
        """Open the book read-only, or an empty book in memory if there is none."""
        with locks.waiting():
            if opening.is_new(path):
                found = cls(sqlite_file.connect_empty(), path)
                found.is_missing = True
                return found
            return cls(locks.patiently(lambda: opening.connect(path, readonly=True)), path)

    @classmethod
    def write(cls, path: Path) -> Self:
        """Open the book for writing, creating it if there is none."""
        with locks.waiting():
            if opening.is_new(path):
                opening.create(path)
            return cls(locks.patiently(lambda: opening.connect(path, readonly=False)), path)

    @classmethod
    def rehearse(cls, path: Path) -> Self:
        """Open the book for a change that will be rolled back; if there is none, use an empty one in memory."""
        if opening.is_new(path):
            return cls(sqlite_file.connect_empty(), path)
        return cls.write(path)

    def __enter__(self) -> Self:
        """Return the book itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection; uncommitted changes are lost."""
        self.close()

    def close(self) -> None:
        """Close the connection; uncommitted changes are lost."""
        if self._session is not None:
            self._session.close()
        self.db.close()

    @property
    def session(self) -> Session:
        """A SQLModel session on this same connection, created on first use."""
        if self._session is None:
            from crm_cli.book.orm import session_on

            self._session = session_on(self.db)
        return self._session

    def flush(self) -> None:
        """Send the session's pending changes to the connection, so that queries see them."""
        if self._session is not None:
            self._session.flush()

    @contextmanager
    def change(self, verb: str, *, now: str, origin: str = "hand", dry_run: bool = False) -> Iterator[Change]:
        """Make one change in one transaction: committed on a clean exit, rolled back on an error or for a dry run.

        ``now`` is the UTC instant of the change. A change that wrote no rows is not recorded in the journal.
        """
        locks.begin(self.db)
        try:
            if not journal.is_on(self.db):
                journal.switch_on(self.db)
            started = self.db.execute(
                "INSERT INTO change (at_utc, origin, verb, schema) VALUES (?, ?, ?, ?)",
                (now, origin, verb, schema.VERSION),
            )
            change = Change(int(started.lastrowid or 0), verb, dry_run=dry_run)
            yield change
            self.flush()
            self._finish(change)
            if not dry_run:
                self._commit()
        except BaseException:
            self._rollback()
            raise
        if dry_run:
            self._rollback()

    @contextmanager
    def operation(self) -> Iterator[None]:
        """Write operational tables (`journal.OPERATIONAL`) in one transaction, which is not a change.

        Raises sqlite3.OperationalError if another program holds the lock for too long.
        """
        locks.begin(self.db)
        try:
            yield
            self._commit()
        except BaseException:
            self._rollback()
            raise

    def _finish(self, change: Change) -> None:
        change.rows = journal.count(self.db, change.id)
        if not change.rows:
            self.db.execute("DELETE FROM change WHERE id = ?", (change.id,))
            return
        self.db.execute("UPDATE change SET state = 'dropped', undone_order = NULL WHERE state = 'undone'")
        noted, ranged = journal.noted(self.db, change.id), journal.ranged(self.db, change.id)
        found = {kind: noted.get(kind, set()).union(ranged.get(kind, ())) for kind in RECORDS}
        change.subjects = {kind: ids for kind, ids in found.items() if ids}
        self._note_subjects(change, ranged)
        if not change.dry_run:
            # Here, because commands that only read need neither.
            from crm_cli.book import rhythm, sums
            from crm_cli.book.search import index as search

            sums.note(self.db, change.id)
            new = ranged.get(PERSON.name, ())
            rhythm.refresh(self.db, rhythm.touched(self.db, change.id, found[PERSON.name], new=new))
            for kind, added in ranged.items():
                done = change.indexed.get(kind, ())
                noted.setdefault(kind, set()).update(ref for ref in added if ref not in done)
            search.refresh(self.db, noted, new=ranged)

    def _note_subjects(self, change: Change, ranged: dict[str, range]) -> None:
        """Write down the records that a change touched, except those that it added in bulk."""
        subjects = [
            (change.id, kind, subject)
            for kind, ids in change.subjects.items()
            for subject in sorted(ids)
            if subject not in ranged.get(kind, ())
        ]
        self.db.executemany("INSERT INTO change_subject VALUES (?, ?, ?)", subjects)

    def _commit(self) -> None:
        locks.commit(self.db)
        if self._session is not None:
            self._session.expire_all()

    def _rollback(self) -> None:
        if self._session is not None:
            self._session.expunge_all()
        if self.db.in_transaction:
            self.db.execute("ROLLBACK")
