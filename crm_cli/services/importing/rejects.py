"""Rows that an import rejected: stored as CSV next to the file, with their line and the reason."""

from __future__ import annotations

import csv
import os
import stat
from contextlib import suppress
from datetime import datetime
from itertools import count
from typing import IO, TYPE_CHECKING

from crm_cli import files
from crm_cli.errors import CrmError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

SECOND = 1_000_000_000


def rejects_of(file: Path | None, book: Path, label: str = "") -> tuple[Path, ...]:
    """Return the paths for the rejected rows of a file: beside it or, if that is not writable, beside the book.

    Without a file (standard input), beside the book. ``label`` is added to the name for a member of an archive.
    """
    beside = files.followed(book).parent
    ending = f".{label}.rejects" if label else ".rejects"
    if file is None:
        return (beside / f"standard-input{ending}",)
    name = (file.name or file.absolute().name) + ending
    return tuple(dict.fromkeys((files.followed(file.absolute().parent) / name, beside / name)))


class Rejects:
    """Writes to the first writable one of ``places``, starting with the first rejected row.

    The file gets its name before the import is committed, so a failure there leaves nothing changed. It only replaces a
    file that an import of this book wrote, or an identical one; next to any other file it gets a number.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        places: Sequence[Path],
        header: tuple[str, ...],
        *,
        now: str,
        used: Mapping[Path, str] | None = None,
    ) -> None:
        self.db, self.places, self.header, self.now, self.used = db, places, header, now, used or {}
        self._last = db.execute("SELECT coalesce(max(id), 0) FROM import_run").fetchone()[0]
        self._file: IO[str] | None = None
        self._part: files.Part | None = None
        self._placed: Path | None = None
        self._replaced: Path | None = None

    def add(self, line: int, reason: str, raw: tuple[str, ...]) -> None:
        """Write a rejected row: for a CSV, its own cells first; any other record as text."""
        if self._file is None:
            self._file = self._open()
            self._row([*self.header, "line", "reason"] if self.header else ["line", "reason", "record"])
        if self.header:
            cells = [*raw, *[""] * (len(self.header) - len(raw))]
            self._row([*cells[: len(self.header)], str(line), reason, *cells[len(self.header) :]])
        else:
            self._row([str(line), reason, "\n".join(raw)])

    def finish(self) -> str:
        """Flush the rejected rows to disk under the final name; return that name, or ``""``."""
        if self._file is None or self._part is None:
            return ""
        with files.naming(self._part.target):
            self._file.close()
            os.utime(self._part.handle, ns=(_moment(self.now), _moment(self.now)))
            self._placed = self._settled(self._part)
        return stored(self._placed)

    def keep(self) -> None:
        """Delete the backup of the file that was replaced, because the import is committed."""
        if self._replaced is not None:
            with suppress(OSError):
                self._replaced.unlink()
        self._close()

    def drop(self) -> None:
        """Remove the file again, unless the import was committed after all (an interrupt came too late)."""
        if self._placed is not None and not self._is_noted():
            with suppress(OSError):
                if self._replaced is not None:
                    self._replaced.replace(self._placed)
                else:
                    self._placed.unlink()
        self.keep()

    def _open(self) -> IO[str]:
        failed: CrmError | None = None
        for place in self.places:
            try:
                with files.naming(place):
                    self._part = files.Part(place)
            except CrmError as error:
                failed = failed or error
                continue
            handle = os.dup(self._part.handle)
            return os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace", newline="")
        raise failed or CrmError("there is no place for the rejected rows")

    def _row(self, cells: list[str]) -> None:
        if self._file is not None and self._part is not None:
            with files.naming(self._part.target):
                csv.writer(self._file).writerow(cells)

    def _settled(self, part: files.Part) -> Path:
        """Give the file the first name that is free, or whose file may be replaced."""
        for path in names(part.target):
            if files.is_one_of(path, self.used):
                continue
            part.target, ours = path, is_ours(self.db, path) or _same(path, part.path)
            if ours:
                self._replaced = part.path.with_name(f".old{part.path.name}")
                with suppress(OSError):
                    self._replaced.hardlink_to(path)
            with suppress(FileExistsError):
                part.settle(replace=ours)
                return path
        raise AssertionError

    def _is_noted(self) -> bool:
        found = self.db.execute(
            "SELECT 1 FROM import_run WHERE id > ? AND rejects = ?", (self._last, stored(self._placed))
        )
        return not self.db.in_transaction and found.fetchone() is not None

    def _close(self) -> None:
        with suppress(OSError):
            if self._file is not None:
                self._file.close()
        if self._part is not None:
            self._part.drop()


def names(wanted: Path) -> Iterator[Path]:
    """Yield ``leads.csv.rejects``, ``leads.csv.1.rejects`` and so on."""
    yield wanted
    for number in count(1):
        yield wanted.with_name(f"{wanted.stem}.{number}{wanted.suffix}")


def stored(path: Path | None) -> str:
    """Return a path as stored in the book: as text, even if the file name is not valid text."""
    return os.fsencode(path).decode(errors="backslashreplace") if path else ""


def is_ours(db: sqlite3.Connection, path: Path) -> bool:
    """Was this file written by an import of this book and not changed since? Then its time is the import's."""
    try:
        found = path.lstat()
    except OSError:
        return False
    rows = db.execute("SELECT DISTINCT at_utc FROM import_run WHERE rejects = ?", (stored(path),))
    # FAT stores times in steps of two seconds.
    times = {_moment(at) - odd for (at,) in rows for odd in (0, SECOND)}
    return stat.S_ISREG(found.st_mode) and found.st_mtime_ns in times


def _same(path: Path, new: Path) -> bool:
    """Is an ordinary file identical to the new one? If so, replacing it loses nothing."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size != new.stat().st_size:
        return False
    with path.open("rb") as old, new.open("rb") as made:
        return all(part == made.read(len(part)) for part in iter(lambda: old.read(1 << 20), b""))


def _moment(at: str) -> int:
    return int(datetime.fromisoformat(at).timestamp()) * SECOND


def forget_stale(db: sqlite3.Connection, places: Sequence[Path]) -> None:
    """Remove the rejects of earlier imports of the same file if an import of this book wrote them."""
    for place in places:
        for path in names(place):
            if not os.path.lexists(path):
                break
            if is_ours(db, path):
                with suppress(OSError):
                    path.unlink()
