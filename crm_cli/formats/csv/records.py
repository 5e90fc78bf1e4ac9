"""Lines to records: quotes, newlines inside cells, and unterminated quotes, which must not swallow the file."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

from crm_cli.formats.decoding import MAX_LINE

MAX_SPREAD = 1_000_000
"""Maximum characters of one record over several lines; more means an unterminated quote."""
CELL_LIMIT = MAX_LINE + MAX_SPREAD + 1_000
MAX_RECOVERIES = 20
"""Quotes repaired before every further line is read as one record."""
csv.field_size_limit(CELL_LIMIT)


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of one record and the line it begins at; ``problem`` says what was repaired.

    ``rejected``: the record cannot be read completely, and ``cells`` are those of its beginning.
    """

    line: int
    cells: list[str]
    problem: str = ""
    rejected: bool = False


class _RunawayError(Exception):
    """A record is longer than any valid cell."""


class _CutError(Exception):
    """A line is longer than ``MAX_LINE`` and was truncated."""


def records(
    batches: Iterable[list[str]], delimiter: str, width: int = 0, *, keep_blanks: bool = False
) -> Iterator[Record]:
    """Yield the records of a file. ``width`` is the number of columns, if known.

    Blanks between a delimiter and a quote are ignored, unless ``keep_blanks``: crm's own files never have such blanks.
    """
    return _Records(batches, delimiter, width, keep_blanks=keep_blanks).walk()


class _Records:
    """A csv.reader over lines that can be pushed back if a record turns out to have swallowed others."""

    def __init__(self, batches: Iterable[list[str]], delimiter: str, width: int, *, keep_blanks: bool) -> None:
        self.source: Iterator[str] = (line for batch in batches for line in batch)
        self.back: deque[str] = deque()
        self.held: list[str] = []
        self.size = 0
        self.delimiter = delimiter
        self.width = width
        self.skips_blanks = not keep_blanks
        self.blanks_after_quote = re.compile(rf'(?<=")[ \t]+(?={re.escape(delimiter)}|$)')
        self.number = 0
        self.recoveries = 0
        self.nuls = 0

    def lines(self) -> Iterator[str]:
        while True:
            line = self.back.popleft() if self.back else next(self.source, None)
            if line is None:
                return
            if self.held:
                self.size += len(line)
                if self.size > MAX_SPREAD:
                    self.back.appendleft(line)
                    raise _RunawayError
            self.held.append(line)
            if len(line) > MAX_LINE:
                raise _CutError
            if "\0" in line:
                self.nuls += line.count("\0")
                line = line.replace("\0", "")
            yield line + "\n"

    def walk(self) -> Iterator[Record]:
        reader = self.reader()
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except _RunawayError:
                yield self.recover() if self.is_rows() else self.skipped()
                reader = self.reader()
                continue
            except _CutError:
                yield self.cut()
                reader = self.reader()
                continue
            except csv.Error:
                yield self.recover()
                reader = self.reader()
                continue
            if len(self.held) > 1 and len(cells) != self.width > 1 and self.is_rows():
                yield self.recover()
                reader = self.reader()
                continue
            yield self.taken(cells)

    def reader(self) -> Iterator[list[str]]:
        """Return a strict reader: text after a closing quote means that another quote is missing."""
        return csv.reader(self.lines(), delimiter=self.delimiter, strict=True, skipinitialspace=self.skips_blanks)

    def taken(self, cells: list[str], problem: str = "") -> Record:
        line = self.number + 1
        self.number += len(self.held)
        if self.nuls:
            problem = problem or f"{self.nuls} NUL characters, dropped"
        self.held, self.size, self.nuls = [], 0, 0
        return Record(line, cells, problem)

    def is_rows(self) -> bool:
        """Do the lines inside this record look like rows of their own?"""
        return self.are_rows(self.held[1:])

    def are_rows(self, inner: list[str]) -> bool:
        whole = sum(line.count(self.delimiter) == self.width - 1 for line in inner)
        return whole * 2 >= len(inner) if self.width > 1 else True

    def skipped(self) -> Record:
        """Reject a record with a cell over ``MAX_SPREAD``, and skip to the line with its closing quote."""
        begun = self.begun()
        for each in chain(self.back, self.source):
            self.number += 1
            if each.count('"') % 2:
                break
        self.back.clear()
        problem = f"a cell of more than {MAX_SPREAD // 1_000_000} MB over several lines"
        return replace(begun, problem=problem)

    def cut(self) -> Record:
        """Reject a record with a truncated line; if a quote is open there, also skip to the line that closes it."""
        is_open = sum(line.count('"') for line in self.held) % 2
        begun = self.begun()
        if is_open:
            self.skip_to_quote()
        return replace(begun, problem=f"a line of more than {MAX_LINE:,} characters")

    def begun(self) -> Record:
        """Return what was read of a record, as a rejected record."""
        begun = Record(self.number + 1, self.alone("\n".join(self.held)), rejected=True)
        self.number += len(self.held)
        self.held, self.size, self.nuls = [], 0, 0
        return begun

    def skip_to_quote(self) -> None:
        """Drop the lines up to the one that closes a quote, unless they look like rows or none closes it nearby."""
        size = 0
        while (line := self.back.popleft() if self.back else next(self.source, None)) is not None:
            self.held.append(line)
            size += len(line)
            closes = line.count('"') % 2
            inner = self.held[:-1]
            if closes and not (inner and self.width > 1 and self.are_rows(inner)):
                self.number += len(self.held)
                self.held = []
                return
            if closes or size > MAX_SPREAD:
                break
        self.back.extendleft(reversed(self.held))
        self.held = []

    def recover(self) -> Record:
        """Read the first line of a runaway record by itself and push back the others."""
        first, *others = self.held or [""]
        if not others and (cells := self.with_blanks(first)):
            return self.taken(cells)
        self.back.extendleft(reversed(others))
        self.recoveries += bool(others)
        problem = "unmatched quote; the line was read by itself"
        if others and self.recoveries == MAX_RECOVERIES:
            self.source, self.back = _single(self.back, self.source), deque()
            problem += ", and from here on unmatched quotes are dropped"
        self.held = [first]
        return self.taken(self.alone(first), problem)

    def with_blanks(self, line: str) -> list[str]:
        """Read a line with blanks after a quote (``"a" , "b"``) or before a literal one (``a, "b" c``), else ``[]``."""
        if not self.skips_blanks:
            return []
        for text, skips in ((self.blanks_after_quote.sub("", line), True), (line, False)):
            try:
                reader = csv.reader([text], delimiter=self.delimiter, strict=True, skipinitialspace=skips)
                return next(reader, [])
            except csv.Error:
                continue
        return []

    def alone(self, line: str) -> list[str]:
        try:
            return next(csv.reader([line.replace("\0", "")], delimiter=self.delimiter), [])
        except csv.Error:
            return line.split(self.delimiter)


def _single(back: Iterable[str], source: Iterable[str]) -> Iterator[str]:
    """Drop the quotes of each further line with an odd number of them, so that no record spans lines."""
    for line in chain(back, source):
        yield line if not line.count('"') % 2 else line.replace('"', "")
