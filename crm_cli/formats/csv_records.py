"""Lines to records: quotes, newlines inside cells, and a quote that never closes but must not swallow the file."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from crm_cli.formats.decoding import MAX_LINE

CELL_LIMIT = MAX_LINE + 1_000
MAX_SPREAD = 1_000_000
"""Characters of one record over several lines; more is a quote that does not close."""
MAX_RECOVERIES = 20
"""Quotes put right before every line is taken as one record."""
csv.field_size_limit(CELL_LIMIT)


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of one record and the line it begins at; ``problem`` says what had to be put right.

    ``rejected``: it cannot be read at all, and ``cells`` are those of its first line.
    """

    line: int
    cells: list[str]
    problem: str = ""
    rejected: bool = False


class _RunawayError(Exception):
    """A record goes on for longer than any cell does."""


def records(batches: Iterable[list[str]], delimiter: str, width: int = 0) -> Iterator[Record]:
    """Yield the records of a file. ``width`` is the number of columns, where it is known."""
    return _Records(batches, delimiter, width).walk()


class _Records:
    """csv.reader over lines that can be taken back when a record turns out to have swallowed others."""

    def __init__(self, batches: Iterable[list[str]], delimiter: str, width: int) -> None:
        self.source: Iterator[str] = (line for batch in batches for line in batch)
        self.back: deque[str] = deque()
        self.held: list[str] = []
        self.size = 0
        self.delimiter = delimiter
        self.width = width
        self.number = 0
        self.recoveries = 0

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
            yield line.replace("\0", "") + "\n"

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
        """Make a reader that is strict: text after a closing quote means that another one is missing."""
        return csv.reader(self.lines(), delimiter=self.delimiter, strict=True)

    def taken(self, cells: list[str], problem: str = "") -> Record:
        line = self.number + 1
        self.number += len(self.held)
        if len(self.held) == 1 and len(self.held[0]) > MAX_LINE:
            problem = problem or f"the line is longer than {MAX_LINE // 1_000_000} MB and was cut"
        self.held, self.size = [], 0
        return Record(line, cells, problem)

    def is_rows(self) -> bool:
        """Tell whether the lines inside this record look like rows of their own."""
        inner = self.held[1:]
        whole = sum(line.count(self.delimiter) == self.width - 1 for line in inner)
        return whole * 2 >= len(inner) if self.width > 1 else True

    def skipped(self) -> Record:
        """Leave out a record whose cell is larger than any cell is; it ends where its quote does."""
        first = self.held[0]
        line = self.number + 1
        self.number += len(self.held)
        for each in chain(self.back, self.source):
            self.number += 1
            if each.count('"') % 2:
                break
        self.back.clear()
        self.held, self.size = [], 0
        problem = f"a cell of more than {MAX_SPREAD // 1_000_000} MB over several lines"
        return Record(line, self.alone(first), problem, rejected=True)

    def recover(self) -> Record:
        """Take the first line of a runaway record for itself and give the others back."""
        first, *others = self.held or [""]
        self.back.extendleft(reversed(others))
        self.recoveries += bool(others)
        problem = "a quote that does not fit; the line was read by itself"
        if others and self.recoveries == MAX_RECOVERIES:
            self.source, self.back = _single(self.back, self.source), deque()
            problem += ", and from here on a quote without its pair in the same line is left out"
        self.held = [first]
        return self.taken(self.alone(first), problem)

    def alone(self, line: str) -> list[str]:
        try:
            return next(csv.reader([line.replace("\0", "")], delimiter=self.delimiter), [])
        except csv.Error:
            return line.split(self.delimiter)


def _single(back: Iterable[str], source: Iterable[str]) -> Iterator[str]:
    """Drop the quotes of each further line that has an odd one, so that no record goes past its line."""
    for line in chain(back, source):
        yield line if not line.count('"') % 2 else line.replace('"', "")
