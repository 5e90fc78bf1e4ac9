"""Read the sheets of a workbook in a process of its own: ``python -m …sheets`` reads standard input.

The library that reads workbooks holds a whole sheet as a rectangle of cells. One cell at the far corner of a sheet, by
accident or by intent, would need hundreds of gigabytes, and the library then ends the process; here, that process is
this one. Its memory and its output are limited.

Standard output gets the visible sheets as CSV, one after the other; standard error one JSON object, with all ``sheets``
and how many ``formulas`` have no value, or ``{"error": CODE}``.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

MEMORY, OUTPUT = 2 << 30, 2 << 30
"""The limits, in bytes."""
PASSWORD, UNREADABLE = "password", "unreadable"
_PART = 1 << 20
_FORMULA = re.compile(rb"(?:</f>|<f[^<>]*/>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")
_DIGITS = 15
"""How many digits of a number Excel keeps."""


class Sheet(NamedTuple):
    """One sheet: whether it is shown, and where its CSV begins and ends in the output."""

    name: str
    shown: bool
    start: int
    end: int


def main() -> int:
    """Read a workbook from standard input, which must be a file."""
    _limit()
    try:
        from python_calamine import PasswordError, load_workbook

        try:
            book = load_workbook(sys.stdin.buffer)
        except PasswordError:
            return _fail(PASSWORD)
        out = sys.stdout.buffer
        found = [_write(book, each, out) for each in book.sheets_metadata]
        out.flush()
        formulas = _without_values(sys.stdin.buffer)
    except Exception:  # noqa: BLE001  (whatever the library raises for a damaged file: the caller reports it)
        return _fail(UNREADABLE)
    sys.stderr.write(json.dumps({"sheets": found, "formulas": formulas}))
    return 0


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return
    for kind, limit in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_FSIZE, OUTPUT), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def _fail(code: str) -> int:
    sys.stderr.write(json.dumps({"error": code}))
    return 1


def _write(book: Any, sheet: Any, out: Any) -> Sheet:
    """Write a visible sheet with data as CSV."""
    kind, visible = str(sheet.typ).rpartition(".")[2], str(sheet.visible).rpartition(".")[2]
    start = end = out.seek(0, io.SEEK_CUR)
    shown = visible == "Visible"
    if kind == "WorkSheet" and shown:
        text = io.TextIOWrapper(out, encoding="utf-8", errors="replace", newline="", write_through=True)
        csv.writer(text).writerows(_rows(book.get_sheet_by_name(sheet.name)))
        text.detach()
        end = out.seek(0, io.SEEK_CUR)
    return Sheet(sheet.name, shown, start, end)


def _rows(sheet: Any) -> Iterator[list[str]]:
    """Yield the rows as text up to the last one with a value, so that the line of a row is its number in the sheet."""
    blanks = 0
    for cells in sheet.iter_rows():
        row = [cell if isinstance(cell, str) else text_of(cell) for cell in cells]
        while row and not row[-1]:
            row.pop()
        if not row:
            blanks += 1
            continue
        yield from ([] for _ in range(blanks))
        blanks = 0
        yield row


def _without_values(stream: Any) -> int:
    """Return how many formulas of an xlsx have no value, as no spreadsheet program has saved them since."""
    stream.seek(0)
    if not zipfile.is_zipfile(stream):
        return 0
    count = 0
    with zipfile.ZipFile(stream) as archive:
        for each in archive.infolist():
            if each.filename.startswith("xl/worksheets/") and each.filename.endswith(".xml"):
                with archive.open(each) as sheet:
                    count += _count(sheet)
    return count


def _count(sheet: Any) -> int:
    """Count the cells of a sheet that end with their formula; a part is only cut where no cell is."""
    count, rest = 0, b""
    while part := sheet.read(_PART):
        text = rest + part
        cut = text.rfind(b"<c ") if len(text) < 2 * _PART else len(text)
        cut = max(cut, 0)
        count += len(_FORMULA.findall(text, 0, cut))
        rest = text[cut:]
    return count + len(_FORMULA.findall(rest))


def text_of(cell: object) -> str:
    """Return a value as a CSV would have it: days as ISO 8601, whole numbers without ``.0``, TRUE and FALSE."""
    match cell:
        case bool():
            return "TRUE" if cell else "FALSE"
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 10**_DIGITS else f"{cell:.{_DIGITS}g}"
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return _duration(cell)
    return str(cell)


def _duration(length: timedelta) -> str:
    minutes, seconds = divmod(round(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"


if __name__ == "__main__":
    sys.exit(main())
