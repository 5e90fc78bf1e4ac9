"""Records of a file that wait until the whole file was read, in memory or in a temporary file."""

from __future__ import annotations

import json
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING

from crm_cli.formats.base import from_base
from crm_cli.services.importing.match import Entry, Ref

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

IN_MEMORY = 8_000_000
"""How many bytes wait in memory; beyond that they go to a temporary file."""
BATCH = 500
"""How many records are returned at a time."""


class Spool:
    """The waiting records of one file; the temporary file is removed at the end of the ``with`` block."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.lines = SpooledTemporaryFile(IN_MEMORY, "w+", encoding="utf-8", newline="\n")  # noqa: SIM115

    def __enter__(self) -> Spool:
        """Return the spool itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove the temporary file."""
        self.lines.close()

    def add(self, entry: Entry) -> None:
        """Let a record wait."""
        ref = entry.ref.id if entry.ref else None
        own = (entry.draft.own_uid, entry.draft.own_revision)
        values = [entry.key, entry.base, entry.line, ref, entry.owner, own]
        self.lines.write(json.dumps(values, ensure_ascii=False) + "\n")

    def batches(self) -> Iterator[list[Entry]]:
        """Yield the waiting records, some at a time, in the order in which they came."""
        self.lines.seek(0)
        while lines := list(islice(self.lines, BATCH)):
            yield [self._entry(line) for line in lines]

    def _entry(self, line: str) -> Entry:
        """Return a record from its line, with the current values of its reference."""
        key, base, number, ref, owner, (uid, revision) = json.loads(line)
        draft = from_base(base)._replace(own_uid=uid, own_revision=revision)
        entry = Entry(draft, key, base, number, owner=owner)
        if ref is not None:
            row = self.db.execute("SELECT base FROM external_ref WHERE id = ?", (ref,)).fetchone()
            entry.ref = Ref(ref, entry.kind, owner, key, row[0])
        return entry
