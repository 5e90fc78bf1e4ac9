"""Workbooks: Excel (xlsx, xlsb, xls) and LibreOffice (ods). Each visible sheet with data becomes a table in CSV."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from tempfile import TemporaryFile
from typing import IO, BinaryIO, cast

from crm_cli.errors import FormatError, NoAddressesError
from crm_cli.formats.containers.entries import HEAD, Entry, Found, Unread
from crm_cli.formats.containers.sheets import PASSWORD, Sheet

_SECONDS = 600
_SCANNED = 4 << 20
_STREAMS = (
    ("EncryptedPackage", FormatError, "is password-protected; save it without a password"),
    ("WordDocument", NoAddressesError, "is a Word document, not an address book; export the contacts as vCard or CSV"),
    ("PowerPoint Document", NoAddressesError, "is a PowerPoint presentation, not an address book"),
    ("__properties_version1.0", NoAddressesError, "is a message saved by Outlook, not an address book"),
)
"""A stream of an OLE file that shows what it is, the error, and its words."""


def refuse_ole(stream: BinaryIO, name: str) -> None:
    """Raise the error for an old Office file that is not a workbook, or is encrypted."""
    stream.seek(0)
    start = stream.read(_SCANNED)
    for named, error, words in _STREAMS:
        if named.encode("utf-16-le") in start:
            raise error(f"{name} {words}")
    if not any(named.encode("utf-16-le") in start for named in ("Workbook", "Book")):
        raise NoAddressesError(f"{name} is an old Office file, not an address book; export vCard or CSV")


def entries(stream: BinaryIO, outer: str, name: str, data: BinaryIO) -> Iterator[Found]:
    """Yield the sheets of a workbook, whose CSV is added to ``data``. A single table keeps the name of its file.

    Raises FormatError for a file that cannot be read.
    """
    found, formulas = _read(stream, name, data)
    is_single = sum(each.end > each.start for each in found) == 1
    for each in found:
        is_empty = each.end == each.start
        path = outer if is_single and not is_empty else _path(outer, each)
        if not each.shown:
            yield Unread(path, "hidden")
        elif is_empty:
            yield Unread(path, "empty")
        else:
            yield Entry(path, partial(_head, data, each), partial(_open, data, each))
    if formulas:
        cells = "1 formula has" if formulas == 1 else f"{formulas} formulas have"
        yield Unread(outer or name, f"{cells} no value; open it in a spreadsheet program, save it and import it again")


def _path(outer: str, sheet: Sheet) -> str:
    """Return the path of a sheet below its workbook."""
    shown = sheet.name.replace("/", "_")
    return f"{outer}/{shown}" if outer else shown


def _read(stream: BinaryIO, name: str, data: BinaryIO) -> tuple[list[Sheet], int]:
    """Write the sheets as CSV to ``data``, in a process of its own; return them and how many formulas have no value."""
    stream.seek(0)
    data.seek(0, io.SEEK_END)
    with _as_file(stream) as source:
        command = (sys.executable, "-P", "-m", "crm_cli.formats.containers.sheets")
        try:
            done = subprocess.run(  # noqa: S603
                command, stdin=source, stdout=data, stderr=subprocess.PIPE, timeout=_SECONDS, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise FormatError(f"{name} is a spreadsheet that takes too long to read; save it as CSV (UTF-8)") from error
    try:
        answer = json.loads(done.stderr)
    except ValueError:
        answer = {}
    if done.returncode == 0 and "sheets" in answer:
        return [Sheet(*each) for each in answer["sheets"]], int(answer["formulas"])
    if answer == {"error": PASSWORD}:
        raise FormatError(f"{name} is password-protected; save it without a password")
    raise FormatError(f"{name} is a spreadsheet that is damaged or too large to read; save it as CSV (UTF-8)")


def _as_file(stream: BinaryIO) -> IO[bytes]:
    """Return a stream with a file descriptor, at its start."""
    copy = TemporaryFile()  # noqa: SIM115  (closed by the caller)
    while part := stream.read(1 << 20):
        copy.write(part)
    copy.seek(0)
    return copy


def _head(data: BinaryIO, sheet: Sheet) -> bytes:
    data.seek(sheet.start)
    return data.read(min(HEAD, sheet.end - sheet.start))


def _open(data: BinaryIO, sheet: Sheet) -> BinaryIO:
    return cast("BinaryIO", io.BufferedReader(_Window(data, sheet.start, sheet.end), HEAD))


class _Window(io.RawIOBase):
    """A part of a file, as a file of its own."""

    def __init__(self, file: BinaryIO, start: int, end: int) -> None:
        self.file, self.start, self.end = file, start, end
        self.at = start

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move to an offset from the start, the position or the end; return the new one from the start."""
        base = {0: self.start, 1: self.at, 2: self.end}[whence]
        self.at = max(self.start, base + offset)
        return self.at - self.start

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Read into a buffer; return how many bytes, 0 at the end."""
        self.file.seek(self.at)
        part = self.file.read(max(0, min(len(buffer), self.end - self.at)))
        buffer[: len(part)] = part
        self.at += len(part)
        return len(part)
