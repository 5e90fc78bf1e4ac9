"""Rows from the pages of a SQLite file that SQLite itself rejects: intact records are read, the rest is skipped.

Nothing here trusts the file: an inconsistent page, cell or record is skipped, and no chain is followed twice.
https://www.sqlite.org/fileformat.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

INTERIOR_INDEX, INTERIOR_TABLE, LEAF_INDEX, LEAF_TABLE = 2, 5, 10, 13
TABLE_PAGES = frozenset({INTERIOR_TABLE, LEAF_TABLE})
INDEX_PAGES = frozenset({INTERIOR_INDEX, LEAF_INDEX})
INTERIOR_PAGES = frozenset({INTERIOR_INDEX, INTERIOR_TABLE})
USUAL = 4096
"""The page size of a book, in bytes, used if the header cannot be read."""
FIXED = (0, 1, 2, 3, 4, 6, 8, 8, 0, 0)
"""The lengths, in bytes, of values of serial types 0 to 9."""


class BrokenError(Exception):
    """A page or a record is inconsistent."""


class Row(NamedTuple):
    """A record: its row id (None on the pages of an index or a table without one) and its values."""

    rowid: int | None
    values: list[Any]


class Pages:
    """The pages of a file, numbered from 1."""

    def __init__(self, data: Sequence[int] | bytes) -> None:
        self.data = bytes(data)
        size = int.from_bytes(self.data[16:18], "big")
        size = 65536 if size == 1 else size
        valid = self.data.startswith(b"SQLite format 3\0") and 512 <= size <= 65536 and size & (size - 1) == 0
        self.size = size if valid else USUAL
        self.broken = 0
        """How many records could not be read."""
        self.count = -(-len(self.data) // self.size)

    def page(self, number: int) -> bytes:
        """Return a page; if it is truncated, padded with zeros."""
        return self.data[(number - 1) * self.size : number * self.size].ljust(self.size, b"\0")

    def kind(self, number: int) -> int:
        """Return the first byte of a page's header: the kind, if the page belongs to a tree."""
        return self.page(number)[100 if number == 1 else 0]

    def walk(self, root: int, kinds: frozenset[int], seen: set[int]) -> Iterator[int]:
        """Yield the page numbers of a tree in the order of its rows. Skip pages in ``seen``, and add new ones to it."""
        waiting = [root]
        while waiting:
            number = waiting.pop()
            if number in seen or not 1 <= number <= self.count or self.kind(number) not in kinds:
                continue
            seen.add(number)
            yield number
            waiting += reversed(self.children(number))

    def children(self, number: int) -> list[int]:
        """Return the numbers of the pages under an interior page; none for other pages."""
        page, start, kind, places = self._cells(number)
        if kind not in INTERIOR_PAGES:
            return []
        below = [int.from_bytes(page[at : at + 4], "big") for at in places]
        return [*below, int.from_bytes(page[start + 8 : start + 12], "big")]

    def rows(self, number: int) -> Iterator[Row]:
        """Yield the intact records of a page; count the others in ``broken``."""
        page, _, kind, places = self._cells(number)
        if kind == INTERIOR_TABLE:
            return
        for at in places:
            try:
                yield self._row(page, at, kind)
            except (BrokenError, IndexError):
                self.broken += 1

    def _cells(self, number: int) -> tuple[bytes, int, int, list[int]]:
        """Return a page, the offset of its header, its kind, and the offsets of its cells."""
        page, start = self.page(number), 100 if number == 1 else 0
        kind = page[start]
        first = start + (12 if kind in INTERIOR_PAGES else 8)
        cells = min(int.from_bytes(page[start + 3 : start + 5], "big"), (self.size - first) // 2)
        places = [int.from_bytes(page[first + 2 * n : first + 2 * n + 2], "big") for n in range(cells)]
        return page, start, kind, [at for at in places if first + 2 * cells <= at < self.size - 3]

    def _row(self, page: bytes, at: int, kind: int) -> Row:
        if kind == INTERIOR_INDEX:
            at += 4
        length, at = varint(page, at)
        rowid = None
        if kind == LEAF_TABLE:
            rowid, at = varint(page, at)
        return Row(rowid, record(self._payload(page, at, length, kind)))

    def _payload(self, page: bytes, at: int, length: int, kind: int) -> bytes:
        """Return the bytes of a record, which may continue on overflow pages."""
        least = (self.size - 12) * 32 // 255 - 23
        most = self.size - 35 if kind == LEAF_TABLE else (self.size - 12) * 64 // 255 - 23
        if not 0 < length <= len(self.data):
            raise BrokenError
        local = length
        if length > most:
            local = least + (length - least) % (self.size - 4)
            local = local if local <= most else least
        held = [page[at : at + local]]
        if local < length:
            held += self._overflow(int.from_bytes(page[at + local : at + local + 4], "big"), length - local)
        found = b"".join(held)
        if len(found) != length:
            raise BrokenError
        return found

    def _overflow(self, number: int, length: int) -> Iterator[bytes]:
        seen: set[int] = set()
        while length > 0:
            if number in seen or not 1 < number <= self.count:
                raise BrokenError
            seen.add(number)
            page = self.page(number)
            yield page[4 : 4 + min(length, self.size - 4)]
            number, length = int.from_bytes(page[:4], "big"), length - (self.size - 4)


def varint(data: bytes, at: int) -> tuple[int, int]:
    """Return the number at an offset, and the offset after it. Raises IndexError at the end of the data."""
    value = 0
    for step in range(8):
        byte = data[at + step]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + step + 1
    value = value << 8 | data[at + 8]
    return value - (1 << 64) if value >> 63 else value, at + 9


def record(data: bytes) -> list[Any]:
    """Return the values of a record. Raises BrokenError or IndexError if it is not intact.

    Bytes that are not UTF-8 are replaced: the row's checksum shows that it is damaged.
    """
    size, at = varint(data, 0)
    kinds: list[int] = []
    while at < size:
        kind, at = varint(data, at)
        kinds.append(kind)
    if at != size:
        raise BrokenError
    values: list[Any] = []
    for kind in kinds:
        if kind in {10, 11} or kind < 0:
            raise BrokenError
        length = FIXED[kind] if kind < 10 else (kind - 12) // 2
        values.append(_value(kind, data[at : at + length]))
        at += length
    if at != len(data):
        raise BrokenError
    return values


def _value(kind: int, data: bytes) -> Any:
    if kind == 0:
        return None
    if kind < 7:
        return int.from_bytes(data, "big", signed=True)
    if kind == 7:
        raise BrokenError  # a book holds no floating-point numbers
    if kind < 10:
        return kind - 8
    return data.decode(errors="replace") if kind % 2 else data
