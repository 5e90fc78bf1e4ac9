"""dBase tables (.dbf), as GoldMine and old ACT! keep them, with their memo file: each record becomes a row of a CSV.

The layout is that of dBase III to FoxPro (https://www.dbase.com/KnowledgeBase/int/db7_file_fmt.htm and
https://learn.microsoft.com/previous-versions/visualstudio/foxpro/aa975386(v=vs.71)): a header, 32 bytes for each field,
then records of fixed width, the first byte of each ``*`` if it was deleted.
"""

from __future__ import annotations

import csv
import io
import struct
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from functools import partial
from pathlib import PurePath
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, NamedTuple, cast

from crm_cli.errors import FormatError
from crm_cli.formats.containers.entries import HEAD, IN_MEMORY, Budget, Entry, Found, Unread

_VERSIONS = frozenset(b"\x02\x03\x04\x30\x31\x32\x43\x63\x7b\x83\x8b\x8e\xcb\xe5\xf5\xfb")
_HEADER = struct.Struct("<BBBBLHH17xB2x")
_FIELD = 32
_CODE_PAGES = {
    0x01: "cp437", 0x02: "cp850", 0x03: "cp1252", 0x04: "mac_roman", 0x08: "cp865", 0x64: "cp852", 0x65: "cp866",
    0x13: "cp932", 0x4D: "cp936", 0x4E: "cp949", 0x4F: "cp950", 0x57: "cp1252", 0x58: "cp1252", 0x59: "cp1252",
    0xC8: "cp1250", 0xC9: "cp1251", 0xCA: "cp1254", 0xCB: "cp1253", 0xCC: "cp1257",
}  # fmt: skip
"""The language driver in byte 29 -> the code page; any other is read as Windows-1252."""
_UNREAD = "0GPUQVWX"
"""Types without text: null flags, objects, pictures."""
_JULIAN = date(1, 1, 1).toordinal() - 1_721_426
"""What a Julian day number is less than the ordinal of the same day."""
_LONGEST_MEMO = 1 << 20
_LOGICAL = {"T": "TRUE", "Y": "TRUE", "F": "FALSE", "N": "FALSE"}


class _Field(NamedTuple):
    name: str
    kind: str
    start: int
    width: int


class _Table(NamedTuple):
    version: int
    records: int
    start: int
    width: int
    codec: str
    fields: tuple[_Field, ...]


Memo = Callable[[int], bytes]


def is_table(head: bytes) -> bool:
    """Are these the first bytes of a dBase table? The version, a date that exists, and sizes that fit its fields."""
    if len(head) < _HEADER.size + _FIELD or head[0] not in _VERSIONS:
        return False
    _, _, month, day, _, start, width, _ = _HEADER.unpack_from(head)
    return month <= 12 and day <= 31 and start > _HEADER.size + _FIELD and width > 1 and b"\r" in head[64 : start + 1]


def entries(outer: Entry, name: str, budget: Budget) -> Iterator[Found]:
    """Yield the table as a CSV; also what is missing: a memo file, or records that were cut off."""
    with outer.open() as stream:
        table = _table(stream, name)
        whole = max(0, stream.seek(0, io.SEEK_END) - table.start) // table.width
    path = PurePath(outer.path or name)
    if any(field.kind == "M" for field in table.fields):
        with ExitStack() as held:
            if _memo(outer, path, table, held) is None:
                yield Unread(path.with_suffix(".fpt" if table.version in (0x30, 0xF5) else ".dbt").name, "missing")
    if whole < table.records:
        yield Unread(f"{outer.path or name}", f"cut off: {whole} of {table.records} records")
    yield Entry(outer.path, partial(_head, outer, table, path), partial(_open, outer, table, path, budget))


def _table(stream: BinaryIO, name: str) -> _Table:
    """Read the header. Raises FormatError if it is damaged."""
    stream.seek(0)
    head = stream.read(HEAD)
    version, _, _, _, records, start, width, driver = _HEADER.unpack_from(head)
    codec = _CODE_PAGES.get(driver, "cp1252")
    fields, at, place = [], _HEADER.size, 1
    while at + _FIELD <= min(start, len(head)) and head[at] != 0x0D:
        label, kind, size, more = struct.unpack_from("<11sc4xBB", head, at)
        # Character fields of FoxPro and Clipper keep the upper byte of their width where others keep the decimals.
        size += more * 256 if kind == b"C" else 0
        shown = label.split(b"\0")[0].decode(codec, "replace").strip()
        fields.append(_Field(shown, kind.decode("latin-1").upper(), place, size))
        at, place = at + _FIELD, place + size
    if not fields or place > width:
        raise FormatError(f"{name} is a dBase table, but its header is damaged")
    return _Table(version, records, start, width, codec, tuple(fields))


def _head(outer: Entry, table: _Table, path: PurePath) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    size = 0
    for row in _rows(outer, table, path):
        writer.writerow(row)
        size += sum(map(len, row))
        if size >= HEAD:
            break
    return text.getvalue().encode()[:HEAD]


def _open(outer: Entry, table: _Table, path: PurePath, budget: Budget) -> BinaryIO:
    kept = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  (closed by the caller)
    text = io.TextIOWrapper(cast("BinaryIO", kept), encoding="utf-8", newline="")
    writer = csv.writer(text)
    for row in _rows(outer, table, path):
        budget.spend(sum(map(len, row)), outer.path)
        writer.writerow(row)
    text.detach()
    kept.seek(0)
    return cast("BinaryIO", kept)


def _rows(outer: Entry, table: _Table, path: PurePath) -> Iterator[list[str]]:
    """Yield the heading, then the records that were not deleted."""
    fields = [field for field in table.fields if field.kind not in _UNREAD]
    yield [field.name for field in fields]
    with ExitStack() as held:
        memo = _memo(outer, path, table, held) or _no_memo
        stream = held.enter_context(outer.open())
        stream.seek(table.start)
        for _ in range(table.records):
            record = stream.read(table.width)
            if len(record) < table.width:
                return
            if record[:1] != b"*":
                yield [_text(record[field.start :][: field.width], field.kind, table.codec, memo) for field in fields]


def _text(raw: bytes, kind: str, codec: str, memo: Memo) -> str:
    """Return a value as text; dates as ISO 8601."""
    if kind in _BINARY and len(raw) == _BINARY[kind][0]:
        return _BINARY[kind][1](raw)
    if kind == "M" or (kind == "B" and len(raw) != 8):
        block = _block(raw)
        return memo(block).decode(codec, "replace").replace("\r\n", "\n") if block else ""
    text = raw.decode(codec, "replace").strip("\0 ")
    if kind == "L":
        return _LOGICAL.get(text.upper(), "")
    return _day(text) if kind == "D" else text


def _day(text: str) -> str:
    return f"{text[:4]}-{text[4:6]}-{text[6:]}" if len(text) == 8 and text.isdigit() else text


def _block(raw: bytes) -> int:
    """Return the number of a memo's first block: four bytes, or digits; 0 if there is no memo."""
    if len(raw) == 4:
        return int.from_bytes(raw, "little")
    digits = raw.strip(b" \0")
    return int(digits) if digits.isdigit() else 0


def _integer(raw: bytes) -> str:
    return str(struct.unpack("<l", raw)[0])


def _double(raw: bytes) -> str:
    return f"{struct.unpack('<d', raw)[0]:.15g}"


def _currency(raw: bytes) -> str:
    return f"{struct.unpack('<q', raw)[0] / 10_000:.2f}"


def _moment(raw: bytes) -> str:
    """Return a day and a time: a Julian day number and milliseconds."""
    day, milliseconds = struct.unpack("<ll", raw)
    try:
        found = date.fromordinal(day + _JULIAN)
    except (ValueError, OverflowError):
        return ""
    shown = str(timedelta(seconds=milliseconds // 1000)) if milliseconds else ""
    return f"{found.isoformat()} {shown:0>8}" if shown else found.isoformat()


_BINARY: dict[str, tuple[int, Callable[[bytes], str]]] = {
    "I": (4, _integer),
    "B": (8, _double),
    "O": (8, _double),
    "Y": (8, _currency),
    "T": (8, _moment),
}
"""Types that are not text -> their width, and what they say."""


def _no_memo(_: int) -> bytes:
    return b""


def _memo(outer: Entry, path: PurePath, table: _Table, held: ExitStack) -> Memo | None:
    """Open the memo file beside a table; None if there is none."""
    for ending, open_memo in ((".fpt", _foxpro), (".dbt", _dbase)):
        if found := outer.beside(path.with_suffix(ending).name):
            return open_memo(held.enter_context(found), table.version)
    return None


def _foxpro(stream: BinaryIO, _: int) -> Memo:
    """Read blocks that begin with their type and length, big-endian; the size of a block is in the header."""
    size = int.from_bytes(stream.read(8)[6:8], "big") or 64

    def memo(block: int) -> bytes:
        stream.seek(block * size)
        head = stream.read(8)
        return stream.read(min(int.from_bytes(head[4:8], "big"), _LONGEST_MEMO)) if head[3:4] == b"\1" else b""

    return memo


def _dbase(stream: BinaryIO, version: int) -> Memo:
    """Read blocks of dBase IV, which have a length, or of dBase III, which end with 0x1A."""
    size = (int.from_bytes(stream.read(24)[20:22], "little") or 512) if version not in (0x03, 0x83) else 512

    def memo(block: int) -> bytes:
        stream.seek(block * size)
        head = stream.read(8)
        if head[:4] == b"\xff\xff\x08\0":
            return stream.read(min(max(0, int.from_bytes(head[4:8], "little") - 8), _LONGEST_MEMO))
        return (head + stream.read(_LONGEST_MEMO)).split(b"\x1a")[0]

    return memo
