"""The words of days and times, and the readers of their smallest parts: a time of day, a step, a day of a month."""

from __future__ import annotations

import re
from typing import NamedTuple

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def _spellings(names: tuple[str, ...], first: int) -> dict[str, int]:
    """Return the names and their first three letters, in small letters, with their numbers."""
    return {name[:length].lower(): number for number, name in enumerate(names, first) for length in (3, len(name))}


WEEKDAYS = _spellings(DAY_NAMES, 0) | {"tues": 1, "thur": 3, "thurs": 3}
MONTHS = _spellings(MONTH_NAMES, 1) | {"sept": 9}
DAY_WORDS = {"today": 0, "tomorrow": 1, "yesterday": -1}
COUNTS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1,
    "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5,
}  # fmt: skip
UNITS = {
    "min": ("minutes", 1), "mins": ("minutes", 1), "minute": ("minutes", 1), "minutes": ("minutes", 1),
    "h": ("hours", 1), "hr": ("hours", 1), "hrs": ("hours", 1), "hour": ("hours", 1), "hours": ("hours", 1),
    "d": ("days", 1), "day": ("days", 1), "days": ("days", 1),
    "w": ("weeks", 1), "week": ("weeks", 1), "weeks": ("weeks", 1),
    "fortnight": ("weeks", 2), "fortnights": ("weeks", 2),
    "mo": ("months", 1), "month": ("months", 1), "months": ("months", 1),
    "quarter": ("months", 3), "quarters": ("months", 3),
    "y": ("years", 1), "year": ("years", 1), "years": ("years", 1),
}  # fmt: skip
"""A unit as it is typed -> the unit and the number of them."""

DAY = f"(?:{'|'.join(WEEKDAYS)})"
MONTH = f"(?:{'|'.join(MONTHS)})"
ORDINAL = f"(?:{'|'.join(ORDINALS)})"
WORKING_DAY = "(?:working day|workday|weekday|business day)"
"""Patterns of one word of each."""

WORKING_WEEK = (0, 1, 2, 3, 4)
"""Monday to Friday."""

_OTHERS = (
    "now", "noon", "in", "on", "at", "of", "the", "ago", "next", "last", "this", "start", "end", "before", "after",
    "eod", "eow", "eom", "eoq", "eoy", "working", "business", "workday", "workdays", "weekday", "weekdays",
    "utc", "gmt",
)  # fmt: skip
_KNOWN = frozenset((*WEEKDAYS, *MONTHS, *DAY_WORDS, *COUNTS, *ORDINALS, *UNITS, *_OTHERS))


def unknown(words: list[str]) -> int | None:
    """Return the place of the first word that no day or time has; None if all are known or look like numbers."""
    numbers = re.compile(r"[+-]?\d+(st|nd|rd|th|am|pm)?|[\d:./tz+-]+(am|pm)?|[+-]?\d+(\w+)", re.ASCII)
    for place, word in enumerate(words):
        number = numbers.fullmatch(word)
        if not (number and (number[3] or "d") in UNITS) and word not in _KNOWN:
            return place
    return None


class Step(NamedTuple):
    """A number of units; ``how`` is ``in``, ``ago``, ``sign`` (``+3d``) or ``""`` (``2w``)."""

    number: int
    unit: str
    how: str


def step(words: list[str]) -> Step | None:
    """Read ``in 2 weeks``, ``2 weeks ago``, ``+3d``, ``-1d``, ``2w``."""
    match = re.fullmatch(r"(in )?([+-])?(\d{1,5}|[a-z]+ ) ?([a-z]+)( ago)?", " ".join(words), re.ASCII)
    if not match or match[4] not in UNITS or sum(map(bool, match.group(1, 2, 5))) > 1:
        return None
    how = "sign" if match[2] else (match[1] or match[5] or "").strip()
    number = count(match[3].strip(), spelled=how in {"in", "ago"})
    if number is None:
        return None
    unit, times = UNITS[match[4]]
    return Step(_signed(number * times, match[2], how), unit, how)


def _signed(number: int, sign: str | None, how: str) -> int:
    return -number if sign == "-" or how == "ago" else number


def count(word: str, *, spelled: bool) -> int | None:
    """Read a number in digits, or if ``spelled``, also in words."""
    if word.isdigit():
        return int(word)
    return COUNTS.get(word) if spelled else None


def take_clock(words: list[str]) -> tuple[list[str], str | None]:
    """Split off a time at the end or the beginning (``fri at 3 pm``, ``3pm fri``) from the words of the day."""
    for size in (1, 2):
        if len(words) < size:
            continue
        if (clock := _clock("".join(words[-size:]))) is not None:
            rest = words[:-size]
            return (rest[:-1] if rest[-1:] == ["at"] else rest), clock
        if (clock := _clock("".join(words[:size]))) is not None:
            rest = words[size:]
            return (rest[1:] if rest[:1] == ["on"] else rest), clock
    return words, None


def _clock(word: str) -> str | None:
    """Read ``15:00``, ``9:30am``, ``3pm``, ``noon`` as ``15:00``."""
    if word == "noon":
        return "12:00"
    match = re.fullmatch(r"(?:at)?(\d\d?)(?::(\d\d)(?::\d\d)?)?(am|pm)?", word, re.ASCII)
    if not match or not (match[2] or match[3]):
        return None
    hour, minute = _hour(int(match[1]), match[3]), int(match[2] or 0)
    return f"{hour:02}:{minute:02}" if hour is not None and minute < 60 else None


def _hour(number: int, half: str | None) -> int | None:
    """Return an hour of the day; with am or pm as ``half``, ``number`` is that of a clock of 12 hours."""
    if half is None:
        return number if number < 24 else None
    if not 1 <= number <= 12:
        return None
    return number % 12 + (12 if half == "pm" else 0)


def month_and_day(words: list[str]) -> tuple[int, int] | None:
    """Read two words, in either order, as a month and a day from 1 to 31."""
    if len(words) != 2:
        return None
    name, number = words if words[0] in MONTHS else words[::-1]
    day = nth(number)
    return (MONTHS[name], day) if name in MONTHS and day else None


def nth(word: str) -> int | None:
    """Read ``15`` or ``15th`` as a day from 1 to 31."""
    match = re.fullmatch(r"(\d\d?)(st|nd|rd|th)?", word, re.ASCII)
    return int(match[1]) if match and 1 <= int(match[1]) <= 31 else None
