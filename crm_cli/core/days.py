"""Date arithmetic: spans, ranges, birthdays. Days are ``2026-11-22``, birthdays without a year ``--11-22``."""

from __future__ import annotations

import re
from datetime import date, timedelta

from crm_cli.core.date_words import DAY_WORDS, month_and_day
from crm_cli.core.text.folding import fold
from crm_cli.errors import UsageError

_SPAN_DAYS = {"d": 1, "w": 7, "m": 30, "mo": 30, "y": 365}
_LEAD_MINUTES = {"m": 1, "min": 1, "h": 60, "d": 1440, "w": 10080}
_LONGEST = 40


def add(day: date, number: int, unit: str) -> date:
    """Add days, weeks, months or years to a day; if the month has no such day, return its last."""
    if unit in {"days", "weeks"}:
        return day + timedelta(**{unit: number})
    months = day.month - 1 + number * (12 if unit == "years" else 1)
    first = date(day.year + months // 12, months % 12 + 1, 1)
    return first.replace(day=min(day.day, month_end(first).day))


def month_end(day: date) -> date:
    """Return the last day of a day's month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _measure(text: str, units: dict[str, int]) -> int | None:
    match = re.fullmatch(r"(\d{1,5})([a-z]+)", text.strip().lower(), re.ASCII)
    return int(match[1]) * units[match[2]] if match and match[2] in units else None


def span(text: str) -> int:
    """Return ``60d``, ``2w``, ``3m`` (30 days each), ``1y`` (365 days) as a number of days. Raises UsageError."""
    days = _measure(text, _SPAN_DAYS)
    if days is None:
        raise UsageError(f"{text[:_LONGEST]!r} is not a span of time; write 60d, 2w, 3m or 1y")
    return days


def duration_minutes(text: str) -> int | None:
    """Return ``2h``, ``45m``, ``1h30m`` or ``90 min`` as minutes; None if it is not a duration."""
    match = re.fullmatch(r"(?:(\d{1,4}) ?(?:h|hrs?|hours?))? ?(?:(\d{1,5}) ?(?:m|mins?|minutes?))?", text, re.ASCII)
    return int(match[1] or 0) * 60 + int(match[2] or 0) if match and (match[1] or match[2]) else None


def relative_minutes(text: str) -> int:
    """Return ``-1d``, ``-2h``, ``-30m``, ``-1w`` as the minutes before the due moment. Raises UsageError."""
    minutes = _measure(text.strip()[1:], _LEAD_MINUTES) if text.strip().startswith("-") else None
    if minutes is None:
        raise UsageError(f"{text[:_LONGEST]!r} is not a lead time; write -1d, -2h or -30m")
    return minutes


def lead_words(minutes: int) -> str:
    """Return the minutes before the due moment in the format of `relative_minutes`: ``-1d``, ``-90m``."""
    unit = next((unit for unit in ("w", "d", "h") if minutes and minutes % _LEAD_MINUTES[unit] == 0), "m")
    return f"-{minutes // _LEAD_MINUTES[unit]}{unit}"


SHIFTS = {"this": 0, "last": -1, "next": 1}
"""How many units away ``this week``, ``last month`` or ``next year`` is."""


def date_range(text: str, today: str) -> tuple[str, str]:
    """Return the first and last day of ``2026-11-02``, ``2026-11``, ``2026``, ``today``, ``this-month``.

    Raises UsageError.
    """
    try:
        first, last = _bounds(text.strip().lower(), date.fromisoformat(today))
    except (ValueError, OverflowError) as err:
        hint = "2026-11-02, 2026-11, 2026, today, this-week, last-month or next-year"
        raise UsageError(f"{text[:_LONGEST]!r} is not a day or range of days; write {hint}") from err
    return first.isoformat(), last.isoformat()


def _bounds(text: str, today: date) -> tuple[date, date]:
    if text in DAY_WORDS:
        day = today + timedelta(days=DAY_WORDS[text])
        return day, day
    which, _, unit = text.partition("-")
    if which in SHIFTS and unit in {"week", "month", "year"}:
        return around(today, SHIFTS[which], unit)
    if found := numeric_day(text):
        day = date(*found)
        return day, day
    if not re.fullmatch(r"\d{4}(-\d\d)?", text, re.ASCII):
        raise ValueError(text)
    first = date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    return first, month_end(first) if len(text) == 7 else date(first.year, 12, 31)


_YEAR_FIRST = re.compile(r"(\d{4})(?:([-/.])(\d\d?)\2(\d\d?)|(\d\d)(\d\d))", re.ASCII)
_YEAR_LAST = re.compile(r"(\d\d?)([-/.])(\d\d?)\2(\d{4})", re.ASCII)
_NO_YEAR = re.compile(r"(\d\d?)\.(\d\d?)\.", re.ASCII)


def numeric_day(text: str) -> tuple[int, int, int] | None:
    """Return the year, month and day of a date in numbers, or None for one that can be read in two ways.

    ``2026-3-5``, ``2026/03/05`` and ``20260305`` put the year first; where dots separate, the day comes first
    (``5.3.2026``), as no country writes it otherwise; with slashes or hyphens only a number above 12 shows the day.
    The day need not exist.
    """
    if match := _YEAR_FIRST.fullmatch(text):
        return int(match[1]), int(match[3] or match[5]), int(match[4] or match[6])
    match = _YEAR_LAST.fullmatch(text)
    if match is None:
        return None
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if second > 12:
        return year, first, second
    return (year, second, first) if match[2] == "." or first > 12 or first == second else None


def yearless_day(text: str) -> tuple[int, int] | None:
    """Return the month and day of ``5.3.``, or None."""
    match = _NO_YEAR.fullmatch(text)
    return (int(match[2]), int(match[1])) if match else None


def around(today: date, shift: int, unit: str) -> tuple[date, date]:
    """Return the first and last day of the week (from Monday), month … that is ``shift`` units from today's."""
    if unit == "week":
        monday = today + timedelta(days=7 * shift - today.weekday())
        return monday, monday + timedelta(days=6)
    if unit == "year":
        return date(today.year + shift, 1, 1), date(today.year + shift, 12, 31)
    if unit == "quarter":
        first = add(date(today.year, today.month - (today.month - 1) % 3, 1), 3 * shift, "months")
        return first, month_end(add(first, 2, "months"))
    first = add(today.replace(day=1), shift, "months")
    return first, month_end(first)


def parse_birthday(text: str) -> str:
    """Return ``1990-04-12``, ``12.4.1990``, ``--04-12``, ``04-12`` or ``12 apr 1990`` as ``1990-04-12`` or ``--04-12``.

    Raises UsageError.
    """
    clean = fold(text).replace(",", " ").strip()
    try:
        found = _numeric_birthday(clean) or _spoken_birthday(clean.split())
    except ValueError:
        found = None
    if found is None:
        raise UsageError(
            f"{text[:_LONGEST]!r} is not a birthday; write 1990-04-12, 12 apr 1990, or 12 apr without the year"
        )
    return found


def _numeric_birthday(text: str) -> str | None:
    if found := numeric_day(text):
        return date(*found).isoformat()
    match = re.fullmatch(r"(?:--)?(\d\d)-(\d\d)", text, re.ASCII)
    found_day = (int(match[1]), int(match[2])) if match else yearless_day(text)
    return _birthday(None, *found_day) if found_day else None


def _spoken_birthday(words: list[str]) -> str | None:
    found = month_and_day([word for word in words[:2] if word != "of"])
    if found is None or len(words) > 3 or (len(words) == 3 and not re.fullmatch(r"\d{4}", words[2], re.ASCII)):
        return None
    return _birthday(words[2] if len(words) == 3 else None, *found)


def _birthday(year: str | None, month: int, day: int) -> str:
    """Validate the day (29 February is valid without a year) and return its stored form."""
    checked = date(int(year or 2000), month, day).isoformat()
    return checked if year else "-" + checked[4:]


def next_birthday(birthday: str, today: str) -> tuple[str, int | None]:
    """Return the next birthday, today included, and the new age if the year of birth is known.

    In a common year, 29 February is celebrated on 1 March.
    """
    now = date.fromisoformat(today)
    month, day = int(birthday[-5:-3]), int(birthday[-2:])
    coming = next(one for one in (_celebrated(now.year + ahead, month, day) for ahead in (0, 1)) if one >= now)
    turns = coming.year - int(birthday[:4]) if birthday[0] != "-" else None
    return coming.isoformat(), turns


def _celebrated(year: int, month: int, day: int) -> date:
    return (
        date(year, 3, 1)
        if (month, day) == (2, 29) and month_end(date(year, 2, 1)).day == 28
        else date(year, month, day)
    )
