"""Rows that an import could not take: kept beside the file as CSV, with their line and the reason."""

from __future__ import annotations

import csv
import os
from contextlib import suppress
from typing import IO, TYPE_CHECKING

from crm_cli.errors import CrmError

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path


class Rejects:
    """Writes ``FILE.rejects`` when the first row is rejected; it appears under its name only with ``keep``."""

    def __init__(self, target: Path, fallback: Path, header: tuple[str, ...]) -> None:
        self.target, self.fallback = target, fallback
        self.header = header
        self._file: IO[str] | None = None
        self._part: Path | None = None

    def add(self, line: int, reason: str, raw: tuple[str, ...]) -> None:
        """Set a row aside: a CSV row with its own cells first, any other record as text."""
        if self._file is None:
            self._file = self._open()
            self._row([*self.header, "line", "reason"] if self.header else ["line", "reason", "record"])
        if self.header:
            cells = [*raw, *[""] * (len(self.header) - len(raw))]
            self._row([*cells[: len(self.header)], str(line), reason, *cells[len(self.header) :]])
        else:
            self._row([str(line), reason, "\n".join(raw)])

    def finish(self) -> str:
        """Bring what was set aside safely to the disk; return where it will be, or ``""``."""
        if self._file is None:
            return ""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return str(self.target)

    def keep(self) -> None:
        """Give the file its name, now that the import is in the book."""
        if self._part is not None:
            self._part.replace(self.target)
            self._part = None

    def drop(self) -> None:
        """Forget what was set aside: the import was not kept."""
        if self._part is not None:
            if self._file is not None:
                self._file.close()
            self._part.unlink(missing_ok=True)
            self._part = None

    def _open(self) -> IO[str]:
        last: OSError | None = None
        for target in dict.fromkeys((self.target, self.fallback)):
            part = target.with_name(f".{target.name[:200]}.{os.getpid()}.part")
            try:
                handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_WRONLY, 0o600)
            except OSError as error:
                last = error
                continue
            self.target, self._part = target, part
            return os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace", newline="")
        why = last.strerror if last else ""
        raise CrmError(
            f"cannot write the rejected rows to {self.target}: {why}", hint="choose a place with --rejects PATH"
        )

    def _row(self, cells: list[str]) -> None:
        if self._file is not None:
            csv.writer(self._file).writerow(cells)


def forget_stale(db: sqlite3.Connection, target: Path) -> None:
    """Remove the rejects of an earlier import of the same file, if an import of this book wrote them."""
    if db.execute("SELECT 1 FROM import_run WHERE rejects = ? LIMIT 1", (str(target),)).fetchone():
        with suppress(OSError):
            if target.is_file() and not target.is_symlink():
                target.unlink()
