"""Table rows that are not records: footers that reports print below a table, and headings repeated on each page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import NamedTuple

from crm_cli.core.records import Problem
from crm_cli.formats import profiles
from crm_cli.formats.csv.records import Record

HELD = 12
"""Maximum number of one-cell rows that can be a report's footer; more are records."""
_SHOWN = 3
_MOST_CELLS = 3
_LONGEST = 300
"""Maximum length of a footer line, in characters."""


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """Return patterns for a line that counts the rows above it, for a copyright notice, and for a report's title."""
    words = {name: _any(text) for name, text in profiles.table("generic")["footers"].items()}
    counted, sums, pages, of = (words[name] for name in ("counted", "sums", "pages", "of"))
    number = r"\d[\d.,]*"
    counting = "|".join(
        (
            rf"{sums}(?: \w+)? ?[:=]? ?\(?\d[\d.,'\s%€$£-]*(?:{counted})?",
            rf"{sums} ?:|grand totals?",
            rf"{pages} ?\d+(?: ?{of} ?\d+)?",
            rf"(?:showing |total:? )?{number} (?:{of} {number} )?{counted}(?: found| total| affected)?",
            rf"{counted} ?[:=] ?{number}",
            rf"showing {number} (?:to|-) {number} of {number}(?: \w+)?",
        )
    )
    return {
        "counting": re.compile(rf"\W*(?:{counting})\W*", re.IGNORECASE),
        "notice": re.compile(rf"[\W_]*(?<!\w){words['notices']}(?!\w)", re.IGNORECASE),
        "title": re.compile(rf"(?<!\w){words['titles']}(?!\w)", re.IGNORECASE),
    }


def _any(words: str) -> str:
    return "(?:" + "|".join(re.escape(" ".join(word.split())) for word in words.split(",")) + ")"


def is_footer(cells: Sequence[str]) -> bool:
    """Does a row count or end a table, instead of being one of its records?"""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled or len(filled) > _MOST_CELLS:
        return False
    text = " ".join(" ".join(filled).split())
    if "@" in text or len(text) > _LONGEST:
        return False
    patterns = _patterns()
    return bool(patterns["counting"].fullmatch(text) or (len(filled) == 1 and patterns["notice"].match(text)))


def quoted(texts: Iterable[str]) -> str:
    """Return the first few texts, each truncated and in quotes."""
    return ", ".join(f"“{text.strip()[:40]}”" for text in islice(filter(str.strip, texts), _SHOWN))


def skipped(count: int, texts: Iterable[str]) -> str:
    """Word the report of how many lines are not records, quoting the first few."""
    lines = "1 line" if count == 1 else f"{count} lines"
    return f"skipped {lines} outside the table: {quoted(texts)}{', …' if count > _SHOWN else ''}"


class _Held(NamedTuple):
    """A row that only the rows below it can show to be a record or not."""

    record: Record
    text: str
    footer: bool
    after_blank: bool


class Table:
    """Separates the records of a table from what a report prints between and below them."""

    def __init__(self, header: Sequence[str], titles: Sequence[str]) -> None:
        self.header = [cell.strip() for cell in header]
        self.titles = frozenset(titles)
        self.held: list[_Held] = []
        self.blank = False
        self.count = self.line = 0
        self.texts: list[str] = []

    def rows(self, records: Iterable[Record]) -> Iterator[Record | Problem]:
        """Yield the records and, at the end, a problem that counts the skipped rows."""
        # In a table of three columns, a row with three cells is complete and thus a record.
        most = _MOST_CELLS - 1 if len(self.header) == _MOST_CELLS else _MOST_CELLS
        for record in records:
            cells = [cell.strip() for cell in record.cells]
            filled = sum(map(bool, cells))
            if not filled and not record.problem:
                self.blank = True
                continue
            if filled <= most and self.holds(record, cells):
                continue
            yield from self.released(below=False)
            if cells == self.header:
                self.skip(record.line, " ".join(cells))
            else:
                yield record
        yield from self.released(below=True)
        if self.count:
            yield Problem(self.line, skipped(self.count, self.texts))

    def holds(self, record: Record, cells: Sequence[str]) -> bool:
        """Hold back a row that may not be a record; return whether it was held."""
        text = " ".join(filter(None, cells))
        footer = is_footer(cells)
        alone = len(self.header) > 1 and cells[:1] == [text] and len(text) <= _LONGEST
        if record.problem or not (footer or alone) or len(self.held) == HELD:
            return False
        self.held.append(_Held(record, text, footer, self.blank))
        return True

    def released(self, *, below: bool) -> Iterator[Record]:
        """Yield the held rows that turn out to be records; ``below``: no other rows follow."""
        held, self.held, self.blank = self.held, [], False
        first = len(held)
        if below:
            first = next((at for at, each in enumerate(held) if each.footer), first)
        for at, each in enumerate(held):
            if each.footer or at > first or (below and self.is_ending(held, at, first)):
                self.skip(each.record.line, each.text)
            else:
                yield each.record

    def is_ending(self, held: Sequence[_Held], at: int, first: int) -> bool:
        """Is a row below the table, before its ``first`` footer, a title or the name that a notice begins with?"""
        each = held[at]
        is_last = at + 1 == first < len(held)
        patterns = _patterns()
        is_title = each.text in self.titles or patterns["title"].search(each.text)
        if is_title and (each.after_blank or is_last):
            return True
        return is_last and each.after_blank and bool(patterns["notice"].match(held[first].text))

    def skip(self, line: int, text: str) -> None:
        """Count a row that is not a record; the first few are shown."""
        self.count += 1
        self.line = self.line or line
        if len(self.texts) < _SHOWN:
            self.texts.append(text)
