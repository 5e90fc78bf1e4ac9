"""Cells of columns that become custom fields: days and yes/no are written in one form if nearly all of a column are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from crm_cli.formats.csv import dates as csv_dates

Form = Callable[[str], str]
"""Returns a cell in the form of its column, or as it is if it does not fit."""
_YES = "true yes y ja oui si sí sì sim wahr vrai verdadero vero verdadeiro waar tak igen checked да"
_NO = "false no n nein non não nao falsch faux falso onwaar nee nej nei nie nem unchecked нет"
_ANSWERS = {**dict.fromkeys(_YES.split(), "yes"), **dict.fromkeys(_NO.split(), "no")}
_MOST_OTHERS = 10
"""One cell in so many may be something else; it is kept as it is."""
_ENOUGH = 100
"""After this many cells, a column of which most do not fit is not looked at any more."""
_DAY_FIRST, _MONTH_FIRST = "dmy", "mdy"


class Seen:
    """What the cells of one column show."""

    def __init__(self) -> None:
        self.filled = self.answers = self.days = 0
        self.ambiguous: set[str] = set()

    @property
    def is_open(self) -> bool:
        """Can the column still be one of answers or days?"""
        return self.filled < _ENOUGH or 2 * max(self.answers, self.days) > self.filled

    def look(self, cell: str) -> None:
        """Count a cell, as long as the column can still be one of answers or days."""
        if not self.is_open:
            return
        cell = cell.strip()
        if not cell:
            return
        self.filled += 1
        if cell.casefold() in _ANSWERS:
            self.answers += 1
        elif _day(cell, day_first=True) or _day(cell, day_first=False):
            self.days += 1
            if csv_dates.is_ambiguous(cell):
                self.ambiguous.add(cell)

    def is_of(self, count: int) -> bool:
        """Are nearly all cells among the ``count`` that fit?"""
        return self.filled > 0 and (self.filled - count) * _MOST_OTHERS <= self.filled


def look(rows: Iterable[Sequence[str]], indexes: Sequence[int]) -> dict[int, Seen]:
    """Return what the columns with these indexes show."""
    seen = {index: Seen() for index in indexes}
    for cells in rows:
        for index, each in seen.items():
            if index < len(cells):
                each.look(cells[index])
    return seen


def forms(seen: Mapping[int, Seen], orders: Mapping[int, str]) -> dict[int, Form]:
    """Return the forms of the columns that have one, by the orders of their days."""
    return {index: found for index, each in seen.items() if (found := form(each, orders.get(index, "")))}


def form(seen: Seen, order: str) -> Form | None:
    """Return the form of a column of answers or of days, which are in this order; None for any other."""
    if seen.is_of(seen.answers):
        return _answer
    if seen.is_of(seen.days) and order in (_DAY_FIRST, _MONTH_FIRST):
        return _day_first if order == _DAY_FIRST else _month_first
    return None


def _answer(cell: str) -> str:
    return _ANSWERS.get(cell.casefold(), cell)


def _day_first(cell: str) -> str:
    return _day(cell, day_first=True) or cell


def _month_first(cell: str) -> str:
    return _day(cell, day_first=False) or cell


@lru_cache(maxsize=4096)
def _day(cell: str, *, day_first: bool) -> str:
    """Return the day of a cell with a year of four digits and no time, ``""`` for anything else."""
    if len(cell) > 30 or ":" in cell or cell.isdigit():
        return ""
    found = csv_dates.parse(cell, day_first=day_first) or ""
    return found if len(found) == 10 and (found[:4] in cell) else ""
