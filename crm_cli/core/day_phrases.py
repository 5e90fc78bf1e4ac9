"""Days as people write them: ``fri``, ``end of month``, ``first monday of december``, ``in 3 working days``.

A phrase without a year means the coming day, today included; of the past, the last one.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core.date_words import (
    DAY,
    DAY_NAMES,
    DAY_WORDS,
    MONTH,
    MONTH_NAMES,
    MONTHS,
    ORDINAL,
    ORDINALS,
    WEEKDAYS,
    WORKING_DAY,
    count,
    month_and_day,
    nth,
    step,
)
from crm_cli.core.days import SHIFTS, add, around, month_end, numeric_day, yearless_day
from crm_cli.core.text.folding import fold
from crm_cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection


class Context(NamedTuple):
    """What a phrase is relative to.

    ``past``: it has happened already. ``base``: the day that ``+1w`` is counted from.
    """

    today: date
    past: bool
    working: Collection[int]
    base: date


def day(words: list[str], context: Context) -> date | None:
    """Return the day that the words mean, or None. Raises ValueError, or UsageError if it is clear what is wrong."""
    line = " ".join(word for word in words if word != "the").removeprefix("on ")
    for pattern, read in _READERS:
        match = re.fullmatch(pattern, line, re.ASCII)
        if match and (found := read(match, context)) is not None:
            return found
    return None


_MONTH_END = rf"(eo[mq]|(end|last day) of (the )?((this|next|last) )?(month|quarter|{MONTH}))\b"


def says_month_end(text: str) -> bool:
    """Do the words name a last day of a month as such: ``eom``, ``end of february``?"""
    return re.match(_MONTH_END, " ".join(fold(text).split()), re.ASCII) is not None


_NEAR = {**DAY_WORDS, "day after tomorrow": 2, "day before yesterday": -2, "eod": 0, "end of day": 0}
_LETTERS = {"w": "week", "m": "month", "q": "quarter", "y": "year"}
_STARTS = ("start", "first day")


def _near(match: re.Match[str], context: Context) -> date:
    return context.today + timedelta(days=_NEAR[match[0]])


def _next(match: re.Match[str], context: Context) -> date:
    """Read ``next month``: its first day."""
    return around(context.today, 1, match[1])[0]


def _edge(match: re.Match[str], context: Context) -> date:
    """Read ``eom``, ``end of week``, ``first day of next quarter``."""
    which, unit = match[3] or "this", match[4] or _LETTERS[match[1]]
    first, last = around(context.today, SHIFTS[which], unit)
    return _not_past(first if match[2] in _STARTS else last, context, match[0], which)


def _edge_of_month(match: re.Match[str], context: Context) -> date | None:
    """Read ``end of december``, ``first day of march 2027``."""
    return _in_month(match[2], match[3], context, (lambda month: month) if match[1] in _STARTS else month_end)


def _weekday(match: re.Match[str], context: Context) -> date:
    """Read ``fri``, ``next fri``, ``last fri``, ``this fri``."""
    which, ahead = match[1], WEEKDAYS[match[2]] - context.today.weekday()
    coming, last = (ahead - 1) % 7 + 1, -((-ahead - 1) % 7 + 1)
    shifts = {None: last if context.past else coming, "next": ahead + 7, "last": last, "this": ahead}
    return _not_past(context.today + timedelta(days=shifts[which]), context, match[0], which)


def _nth_weekday(match: re.Match[str], context: Context) -> date | None:
    """Read ``first monday of december``, ``last working day of next month``."""
    weekdays = (WEEKDAYS[match[2]],) if match[2] in WEEKDAYS else context.working
    place = ORDINALS[match[1]]

    def read(month: date) -> date | None:
        days = [month.replace(day=number) for number in range(1, month_end(month).day + 1)]
        found = [one for one in days if one.weekday() in weekdays]
        return found[place - 1 if place > 0 else place] if abs(place) <= len(found) else None

    return _in_month(match[3], match[4], context, read)


def _day_of_month(match: re.Match[str], context: Context) -> date | None:
    """Read ``15th``, ``31st of next month``."""
    number = nth(match[1])
    if number is None:
        return None
    if match[2]:
        return _in_month(match[2], None, context, lambda month: _existing(month, number))
    months = (add(context.today.replace(day=1), -n if context.past else n, "months") for n in range(3))
    return next((one for month in months if (one := _existing(month, number)) and _fits(one, context)), None)


def _in_month(which: str, year: str | None, context: Context, read: Callable[[date], date | None]) -> date | None:
    """Return the day that ``read`` finds in ``december``, ``month`` (this one or the coming) or ``next month``."""
    direction = -1 if context.past else 1
    first = context.today.replace(day=1)
    if which in MONTHS:
        years = [int(year)] if year else [context.today.year, context.today.year + direction]
        months = [date(one, MONTHS[which], 1) for one in years]
    elif which == "month":
        months = [first, add(first, direction, "months")]
    else:
        shift = which.removesuffix(" month")
        months = [add(first, SHIFTS[shift], "months")]
    for month in months:
        one = read(month)
        if one is None:  # a mistake, not a reason to take another month
            raise UsageError(f"{MONTH_NAMES[month.month - 1]} {month.year} has no such day")
        if len(months) == 1 or _fits(one, context):
            return _not_past(one, context, which, which.split(maxsplit=1)[0])
    return None


def _existing(month: date, number: int) -> date | None:
    return month.replace(day=number) if number <= month_end(month).day else None


def _fits(found: date, context: Context) -> bool:
    return found <= context.today if context.past else found >= context.today


def _not_past(found: date, context: Context, phrase: str, which: str | None) -> date:
    """Return the day. Raises UsageError for ``this monday`` of a plan, if that has passed."""
    if which == "this" and not context.past and found < context.today:
        raise UsageError(f"{phrase!r} was {found.isoformat()}", hint="write next or last, or the date")
    return found


def _month_day(match: re.Match[str], context: Context) -> date | None:
    """Read ``1 dec``, ``dec 1st``, ``1 of december 2026``; without a year, the coming (past: the last) one."""
    found = month_and_day(match[1].replace(" of ", " ").split())
    if found is None:
        return None
    month, number = found
    if match[2]:
        return _checked(int(match[2]), month, number)
    return _without_year(month, number, context)


def _without_year(month: int, number: int, context: Context) -> date:
    """Return the coming (past: the last) such day, today included. Raises UsageError if no year has it."""
    for distance in range(9):  # 29 February may be eight years away
        one = _existing(date(context.today.year + (-distance if context.past else distance), month, 1), number)
        if one and _fits(one, context):
            return one
    raise UsageError(f"{MONTH_NAMES[month - 1]} has {month_end(date(2024, month, 1)).day} days, not {number}")


def _checked(year: int, month: int, number: int) -> date:
    """Return a date. Raises UsageError that says how long the month is."""
    end = month_end(date(year, month, 1))
    if number > end.day:
        raise UsageError(f"{MONTH_NAMES[month - 1]} {year} has {end.day} days, not {number}")
    return date(year, month, number)


def _numeric_day(match: re.Match[str], context: Context) -> date | None:
    """Read ``2026-12-01``, ``2026/12/1``, ``1.12.2026``, and ``1.12.`` of the coming (past: the last) year."""
    if found := numeric_day(match[0]):
        return _checked(*found)
    found_day = yearless_day(match[0])
    return _without_year(*found_day, context) if found_day else None


def _weekday_and_day(match: re.Match[str], context: Context) -> date | None:
    """Read ``fri 27 nov``. Raises UsageError if that is another day of the week."""
    found = day(match[2].split(), context)
    if found and found.weekday() != WEEKDAYS[match[1]]:
        name = DAY_NAMES[found.weekday()]
        raise UsageError(f"{found.isoformat()} is a {name}", hint="write the date alone, or the weekday alone")
    return found


def _offset(match: re.Match[str], context: Context) -> date | None:
    """Read a step in days or longer units; a bare ``2w`` is not valid for the past."""
    found = step(match[0].split())
    if found is None or found.unit in {"hours", "minutes"} or (context.past and not found.how and found.number > 0):
        return None
    return add(context.base if found.how == "sign" else context.today, found.number, found.unit)


def _working_days(match: re.Match[str], context: Context) -> date | None:
    """Read ``in 3 working days``, ``2 working days ago``, ``+1 working day``."""
    number = count(match[3], spelled=bool(match[1] or match[4]))
    if not number or sum(map(bool, match.group(1, 2, 4))) > 1 or (context.past and not any(match.group(1, 2, 4))):
        return None
    back = match[2] == "-" or match[4]
    return _workday(context.base if match[2] else context.today, -number if back else number, context.working)


def _next_working_day(match: re.Match[str], context: Context) -> date:
    return _workday(context.today, 1 if match[1] == "next" else -1, context.working)


def _workday(start: date, number: int, working: Collection[int]) -> date:
    """Return the working day that is a number of them after (before, if negative) a day."""
    weeks, rest = divmod(abs(number), len(working))
    step = timedelta(days=1 if number > 0 else -1)
    found = start
    if rest == 0:
        weeks, rest = weeks - 1, len(working)
    while rest:
        found += step
        rest -= found.weekday() in working
    return found + 7 * weeks * step


_UNIT = "(week|month|quarter|year)"
_EDGES = "(end|last day|start|first day)"
_OF = rf"(?:of|in) ((?:this |next |last )?month|{MONTH})"
_READERS: tuple[tuple[str, Callable[[re.Match[str], Context], date | None]], ...] = (
    ("|".join(_NEAR), _near),
    (rf"next {_UNIT}", _next),
    (rf"eo([wmqy])|{_EDGES} of (?:(this|next|last) )?{_UNIT}", _edge),
    (rf"{_EDGES} of ({MONTH})(?: (\d{{4}}))?", _edge_of_month),
    (rf"(?:(next|last|this) )?({DAY})", _weekday),
    (rf"({ORDINAL}) ({DAY}|{WORKING_DAY}) {_OF}(?: (\d{{4}}))?", _nth_weekday),
    (r"\d{8}|\d+(?:[-/.]\d+){1,2}\.?", _numeric_day),
    (r"(\S+ (?:of )?\S+)(?: (\d{4}))?", _month_day),
    (r"(\d\d?(?:st|nd|rd|th))(?: of ((?:this |next |last )?month))?", _day_of_month),
    (rf"({DAY}) (.*\d.*)", _weekday_and_day),
    (r".+", _offset),
    (rf"(in )?([+-])?(\d{{1,4}}|[a-z]+) {WORKING_DAY}s?( ago)?", _working_days),
    (rf"(next|last) {WORKING_DAY}", _next_working_day),
)
