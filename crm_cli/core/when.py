"""Parsing of days and times as people type them, and conversion of instants to and from the stored form.

The grammar is small and strict: anything else is refused with examples. Nothing here reads a clock; ``now`` (an
aware datetime), ``today`` (``2026-11-22``) and the zone are arguments. Weeks begin on Monday. A local time that a clock
change skips or repeats is read as zoneinfo's fold=0: with the offset before the change.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core.days import (
    DAY_WORDS,
    add,
    date_range,
    month_and_day,
    month_end,
    next_birthday,
    parse_birthday,
    relative_minutes,
    span,
)
from crm_cli.core.text.folding import fold
from crm_cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

__all__ = [
    "COUNTS", "WEEKDAYS", "When", "ahead_of", "date_range", "day_end", "due_utc", "instant", "is_zone", "iso_local",
    "local", "next_birthday", "parse", "parse_birthday", "relative_minutes", "span", "take_clock", "today", "utc",
    "zone_of",
]  # fmt: skip

UNDERSTOOD = "fri 3pm, tomorrow, in 2 weeks, 1 dec, eom or 2026-12-01 09:00"
_FIRST_YEAR, _LAST_YEAR, _LONGEST = 1900, 2999, 60

WEEKDAYS = {
    name[:length]: number
    for number, name in enumerate(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
    for length in (3, len(name))
} | {"tues": 1, "thur": 3, "thurs": 3}

COUNTS = {
    name: number
    for number, name in enumerate(
        ("a", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    )
} | {"a": 1, "an": 1}
_UNITS = {
    "min": "minutes", "mins": "minutes", "minute": "minutes", "minutes": "minutes",
    "h": "hours", "hour": "hours", "hours": "hours", "hr": "hours", "hrs": "hours",
    "d": "days", "day": "days", "days": "days", "w": "weeks", "week": "weeks", "weeks": "weeks",
    "mo": "months", "month": "months", "months": "months", "y": "years", "year": "years", "years": "years",
}  # fmt: skip


class When(NamedTuple):
    """A planned or past moment: a day with or without a time ``15:00``, in a named zone."""

    date: str
    time: str | None
    zone: str


def parse(text: str, *, now: datetime, zone: str, past: bool = False) -> When:
    """Parse a moment. With ``past`` it has already happened, so that ``fri`` is the last Friday, not the coming one.

    ``fri`` is never today, ``next fri`` is the Friday of next week, ``last fri`` the latest before today, ``next week``
    its Monday, ``next month`` its first, ``eow`` the Sunday. A time alone is today or the next (``past``: the last)
    occurrence of that time. Days and months without a year are the coming ones, today included. Raises UsageError.
    """
    here = now.astimezone(zone_of(zone))
    words = fold(text).replace(",", " ").split()
    if not words or len(text) > _LONGEST:
        raise _refused(text)
    try:
        found = _moment(words, here, zone) or _day_and_clock(words, here, zone, past=past)
    except (ValueError, OverflowError) as err:
        raise _refused(text) from err
    if found is None or not _FIRST_YEAR <= int(found.date[:4]) <= _LAST_YEAR:
        raise _refused(text)
    return found


def _refused(text: str) -> UsageError:
    """Return the error for a text that is not understood, with examples of what is."""
    shown = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    if re.search(r"\d[./]\d+[./]\d", text):
        return UsageError(
            f"{shown!r} is ambiguous: countries order day and month differently; write 2026-12-01 (year-month-day)"
        )
    if re.fullmatch(r"\s*\d+\s*(h|hours?|hrs?|min|mins|minutes?)\s*", text.lower()):
        return UsageError(f"{shown!r} could be a time or a duration; write 15:00, +2h or 2 hours ago")
    if re.search(r"\d\s*m\b", text.lower()):
        return UsageError(f"{shown!r} could be minutes or months; write 30min or 3mo")
    return UsageError(f"{shown!r} is not a day or time; examples: {UNDERSTOOD}")


def zone_of(zone: str) -> ZoneInfo:
    """Return a named time zone. Raises UsageError for an unknown one."""
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as err:
        raise UsageError(f"there is no time zone {zone!r}; write one like Asia/Kolkata") from err


def is_zone(text: str) -> bool:
    """Is this the name of a zone in the IANA database?"""
    try:
        zone_of(text)
    except UsageError:
        return False
    return True


def _moment(words: list[str], here: datetime, zone: str) -> When | None:
    """Read ``now``, ``in 2 hours``, ``30 min ago``, or an ISO instant with its offset."""
    if words == ["now"]:
        return _at(here, zone)
    step = _step(words)
    if step and step[1] in {"hours", "minutes"} and not (len(words) < 3 and words[0][0].isdigit()):
        return _at((here.astimezone(UTC) + timedelta(**{step[1]: step[0]})).astimezone(here.tzinfo), zone)
    text = " ".join(words)
    if re.fullmatch(r"\d{4}-\d\d-\d\d[t ]\d\d:\d\d(:\d\d)? ?(z|[+-]\d\d:?\d\d)", text, re.ASCII):
        return _at(
            datetime.fromisoformat(text.upper().replace(" ", "T", 1).replace(" ", "")).astimezone(here.tzinfo), zone
        )
    return None


def _at(moment: datetime, zone: str) -> When:
    return When(moment.date().isoformat(), moment.strftime("%H:%M"), zone)


def _day_and_clock(words: list[str], here: datetime, zone: str, *, past: bool) -> When | None:
    """Read a day with or without a time, or a time alone."""
    if len(words) == 1 and (match := re.fullmatch(r"(\d{4}-\d\d-\d\d)t(\d\d:\d\d)(:\d\d)?", words[0], re.ASCII)):
        words = [match[1], match[2]]
    rest, clock = take_clock(words)
    if clock is not None and not rest:
        return _clock_alone(clock, here, zone, past=past)
    today = here.date()
    for read in _READERS:
        day = read(rest, today, past)
        if day is not None:
            return When(day.isoformat(), clock, zone)
    return None


def _clock_alone(clock: str, here: datetime, zone: str, *, past: bool) -> When:
    """Return the next (past: the last) occurrence of a time of day."""
    current = here.strftime("%H:%M")
    shift = 0
    if past and clock > current:
        shift = -1
    elif not past and clock <= current:
        shift = 1
    return When((here.date() + timedelta(days=shift)).isoformat(), clock, zone)


def take_clock(words: list[str]) -> tuple[list[str], str | None]:
    """Split off a time at the end or the beginning (``fri at 3 pm``, ``3pm fri``) from the words of the day."""
    for count in (1, 2):
        if len(words) < count:
            continue
        if (clock := _clock("".join(words[-count:]))) is not None:
            rest = words[:-count]
            return (rest[:-1] if rest[-1:] == ["at"] else rest), clock
        if (clock := _clock("".join(words[:count]))) is not None:
            rest = words[count:]
            return (rest[1:] if rest[:1] == ["on"] else rest), clock
    return words, None


def _clock(word: str) -> str | None:
    """Read ``15:00``, ``9:30am``, ``3pm``, ``noon`` as ``15:00``."""
    if word == "noon":
        return "12:00"
    match = re.fullmatch(r"(?:at)?(\d\d?)(?::(\d\d)(?::\d\d)?)?(am|pm)?", word, re.ASCII)
    if not match or not (match[2] or match[3]):
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match[3] == "pm" else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def _step(words: list[str]) -> tuple[int, str] | None:
    """Read ``in 2 weeks``, ``2 weeks ago``, ``+3d``, ``-1d``, ``2w`` as a signed number and a unit."""
    match = re.fullmatch(r"(in )?([+-])?(\d{1,5}|[a-z]+ ) ?([a-z]+)( ago)?", " ".join(words), re.ASCII)
    if not match or match[4] not in _UNITS or sum(map(bool, match.group(1, 2, 5))) > 1:
        return None
    if match[3].isdigit():
        number = int(match[3])
    elif match[3].strip() in COUNTS and (match[1] or match[5]):
        number = COUNTS[match[3].strip()]
    else:
        return None
    return (-number if match[2] == "-" or match[5] else number), _UNITS[match[4]]


def _offset(words: list[str], today: date, past: bool) -> date | None:
    """Read a step in days or longer units; a bare ``2w`` is not valid for the past."""
    step = _step(words)
    if step is None or step[1] in {"hours", "minutes"} or (past and words[0][0].isdigit() and step[0] > 0):
        return None
    return add(today, step[0], step[1])


def _named_day(words: list[str], today: date, _past: bool) -> date | None:
    """Read ``today``, ``day after tomorrow``, ``eom``, ``next week``."""
    text = " ".join(words)
    if text in DAY_WORDS:
        return today + timedelta(days=DAY_WORDS[text])
    monday = today - timedelta(days=today.weekday())
    named: dict[str, Callable[[], date]] = {
        "day after tomorrow": lambda: today + timedelta(days=2),
        "day before yesterday": lambda: today - timedelta(days=2),
        "next week": lambda: monday + timedelta(days=7),
        "next month": lambda: add(today.replace(day=1), 1, "months"),
        "next year": lambda: date(today.year + 1, 1, 1),
        "eod": lambda: today,
        "eow": lambda: monday + timedelta(days=6),
        "eom": lambda: month_end(today),
        "eoy": lambda: date(today.year, 12, 31),
    }
    text = {"end of day": "eod", "end of week": "eow", "end of month": "eom", "end of year": "eoy"}.get(
        text.replace("the ", ""), text
    )
    return named[text]() if text in named else None


def _weekday(words: list[str], today: date, past: bool) -> date | None:
    """Read ``fri``, ``on friday``, ``next fri``, ``last fri``, ``this fri``."""
    if not words or words[-1] not in WEEKDAYS or len(words) > 2:
        return None
    ahead = WEEKDAYS[words[-1]] - today.weekday()
    coming, last = (ahead - 1) % 7 + 1, -((-ahead - 1) % 7 + 1)
    which = words[0] if len(words) == 2 else "on"
    shift = {"on": last if past else coming, "next": ahead + 7, "last": last, "this": ahead}.get(which)
    return None if shift is None else today + timedelta(days=shift)


def _month_day(words: list[str], today: date, past: bool) -> date | None:
    """Read ``1 dec``, ``dec 1st``, ``1 December 2026``; without a year, the coming (past: the last) one."""
    words = [word for word in (words[1:] if words[:1] == ["on"] else words) if word != "of"]
    found = month_and_day(words[:2])
    if found is None or len(words) > 3:
        return None
    month, day = found
    if len(words) < 3:
        return _nearest(month, day, today, past=past)
    return date(int(words[2]), month, day) if re.fullmatch(r"\d{4}", words[2], re.ASCII) else None


def _nearest(month: int, day: int, today: date, *, past: bool) -> date | None:
    """Return the coming (past: the last) occurrence of a day of the year; today counts. None if there never is one."""
    for distance in range(9):  # 29 February may be eight years away
        year = today.year + (-distance if past else distance)
        if day > month_end(date(year, month, 1)).day:
            continue
        candidate = date(year, month, day)
        if candidate <= today if past else candidate >= today:
            return candidate
    return None


def _iso_day(words: list[str], _today: date, _past: bool) -> date | None:
    words = words[1:] if words[:1] == ["on"] else words
    if len(words) == 1 and re.fullmatch(r"\d{4}-\d\d-\d\d", words[0], re.ASCII):
        return date.fromisoformat(words[0])
    return None


_READERS: tuple[Callable[[list[str], date, bool], date | None], ...] = (
    _named_day, _weekday, _iso_day, _month_day, _offset,
)  # fmt: skip


def utc(moment: datetime) -> str:
    """Return an aware datetime as the stored instant ``2026-01-02T03:04:05Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def local(text_utc: str, zone: str) -> datetime:
    """Return a stored instant as a datetime in a zone."""
    return datetime.fromisoformat(text_utc).astimezone(zone_of(zone))


def iso_local(text_utc: str, zone: str) -> str:
    """Return a stored instant as ISO 8601 with the zone's offset."""
    return local(text_utc, zone).isoformat(timespec="seconds")


def today(now: datetime, zone: str) -> str:
    """Return the current day in a zone."""
    return now.astimezone(zone_of(zone)).date().isoformat()


def due_utc(when_date: str, when_time: str | None, zone: str) -> str:
    """Return the instant of a plan; without a time, the last second of that day in UTC, used only for sorting.

    A plan without a time means that day in the user's zone, wherever they are. A time that a clock change skips becomes
    one hour later; a repeated time is the first of the two.
    """
    if when_time is None:
        return f"{when_date}T23:59:59Z"
    return utc(_on_clock(when_date, time.fromisoformat(when_time), zone))


def day_end(day: str, zone: str) -> str:
    """Return the instant of the last second of a local day."""
    return utc(_on_clock(day, time(23, 59, 59), zone))


def ahead_of(when: When, minutes: int) -> str:
    """Return the instant that is ``minutes`` before a moment; without a time, the moment is midnight.

    Whole days are calendar days: a day before 09:00 is 09:00, even across a clock change.
    """
    days, rest = divmod(minutes, 24 * 60)
    clock = time.fromisoformat(when.time or "00:00")
    moment = _on_clock((date.fromisoformat(when.date) - timedelta(days=days)).isoformat(), clock, when.zone)
    return utc(moment.astimezone(UTC) - timedelta(minutes=rest))


def _on_clock(day: str, clock: time, zone: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), clock, zone_of(zone))


def instant(when: When, now: datetime) -> str:
    """Return the instant of a past event; without a time it is now if the day is today, else noon."""
    if when.time is None and when.date == today(now, when.zone):
        return utc(now)
    return due_utc(when.date, when.time or "12:00", when.zone)
