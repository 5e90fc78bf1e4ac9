"""Parsing of days and times as people type them.

The grammar is small and strict: anything else is refused, with the place and examples. Nothing here reads a clock;
``now`` (an aware datetime) and the zone are arguments. Weeks begin on Monday.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from crm_cli.core.date_words import MONTHS, WORKING_WEEK, step, take_clock, unknown
from crm_cli.core.day_phrases import Context, day
from crm_cli.core.days import date_range, duration_minutes, next_birthday, parse_birthday, relative_minutes, span
from crm_cli.core.instants import (
    When,
    ahead_of,
    day_end,
    due_utc,
    instant,
    is_zone,
    iso_local,
    local,
    plan,
    today,
    utc,
    zone_of,
)
from crm_cli.core.text.folding import fold
from crm_cli.errors import PlacedError, UsageError

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = [
    "When", "ahead_of", "date_range", "day_end", "due_utc", "instant", "is_zone", "iso_local", "local", "next_birthday",
    "parse", "parse_birthday", "plan", "relative_minutes", "span", "today", "utc", "zone_of",
]  # fmt: skip

UNDERSTOOD = "fri 3pm, tomorrow, in 2 weeks, 1 dec, eom or 2026-12-01 09:00"
_FIRST_YEAR, _LAST_YEAR, _LONGEST, _SHOWN = 1900, 2999, 100, 60
_ZONE = re.compile(r"[A-Za-z][\w+-]*(/[\w+-]+)+|utc|gmt", re.ASCII | re.IGNORECASE)


def parse(
    text: str,
    *,
    now: datetime,
    zone: str,
    past: bool = False,
    spans: bool = False,
    base: When | None = None,
    working: Collection[int] = WORKING_WEEK,
) -> When:
    """Parse a moment. With ``past`` it has already happened, so that ``fri`` is the last Friday, not the coming one.

    ``fri`` is never today, ``next fri`` is the Friday of next week, ``last fri`` the latest before today, ``next week``
    its Monday, ``next month`` its first, ``eow`` the Sunday. A time alone is today or the next (``past``: the last)
    occurrence of that time. Days and months without a year are the coming ones, today included.

    ``+1w`` is counted from ``base``, the due time that is moved, and keeps its time of day; without one, from now.
    With ``spans``, ``2h`` and ``45m`` are durations from now. ``working`` has the weekdays (Monday is 0) that are
    working days. A zone at the end (``fri 9am Europe/Paris``) is the one that the time is in. Raises UsageError.
    """
    plain, zone = _take_zone(text, zone)
    here = now.astimezone(zone_of(zone))
    words = fold(plain).replace(",", " ").split()
    if not words or len(text) > _LONGEST:
        raise _refused(text, words)
    try:
        found = _moment(words, here, zone, base, spans=spans) or _day_and_clock(
            words, here, zone, base, Context(here.date(), past, working, here.date())
        )
    except (ValueError, OverflowError) as err:
        raise _refused(text, words) from err
    if found is None or not _FIRST_YEAR <= int(found.date[:4]) <= _LAST_YEAR:
        raise _refused(text, words)
    if plain != text and found.time is None:
        raise UsageError(f"a time zone needs a time of day in {text!r}", hint=f"as in: {plain.strip()} 9am {zone}")
    return found


def _take_zone(text: str, zone: str) -> tuple[str, str]:
    """Split off the zone at the end of a text; without one, return the text and ``zone``."""
    rest, _, last = text.rstrip().rpartition(" ")
    if not rest.strip() or not _ZONE.fullmatch(last):
        return text, zone
    if last.casefold() in {"utc", "gmt"}:
        return rest, "UTC"
    if is_zone(last):
        return rest, last
    from zoneinfo import available_timezones

    known = next((name for name in available_timezones() if name.casefold() == last.casefold()), last)
    return rest, zone_of(known).key


def _refused(text: str, words: list[str]) -> UsageError:
    """Return the error for a text that is not understood, with its first unknown word and examples of what is."""
    shown = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    for pattern, why in _REASONS:
        if re.search(pattern, text.lower()):
            return UsageError(f"{shown!r} {why}")
    message = f"{shown!r} is not a day or time; examples: {UNDERSTOOD}"
    place = unknown(words)
    if place is None or len(words) == 1 or len(text) > _SHOWN:
        return UsageError(message)
    starts = [match.start() for match in re.finditer(r"[^\s,]+", text)]
    return PlacedError(message, text=text, position=starts[place]) if len(starts) > place else UsageError(message)


_REASONS = (
    (
        r"\b\d\d?([-./])\d\d?\1\d",
        "is ambiguous: countries order day and month differently; write 2026-12-01 (year-month-day)",
    ),
    (
        r"\A\s*\d+\s*(h|hours?|hrs?|min|mins|minutes?)\s*\Z",
        "could be a time or a duration; write 15:00, +2h or 2 hours ago",
    ),
    (r"\d\s*m\b", "could be minutes or months; write 30min or 3mo"),
    (
        rf"\b(3[2-9]|[4-9]\d)(st|nd|rd|th)?( of)? ({'|'.join(MONTHS)})\b",
        "is not a date: no month has more than 31 days",
    ),
)
"""What is refused with a reason of its own."""


def _moment(words: list[str], here: datetime, zone: str, base: When | None, *, spans: bool) -> When | None:
    """Read ``now``, ``in 2 hours``, ``30 min ago``, or an ISO instant with its offset."""
    if words == ["now"]:
        return _at(here, zone)
    if spans and (minutes := duration_minutes(" ".join(words))):
        return _at((here.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(here.tzinfo), zone)
    found = step(words)
    if found and found.unit in {"hours", "minutes"} and found.how:
        start = _base_instant(base, here) if found.how == "sign" else here
        moved = start.astimezone(UTC) + timedelta(**{found.unit: found.number})
        return _at(moved.astimezone(here.tzinfo), zone)
    text = " ".join(words)
    if re.fullmatch(r"\d{4}-\d\d-\d\d[t ]\d\d:\d\d(:\d\d)? ?(z|[+-]\d\d:?\d\d)", text, re.ASCII):
        return _at(
            datetime.fromisoformat(text.upper().replace(" ", "T", 1).replace(" ", "")).astimezone(here.tzinfo), zone
        )
    return None


def _base_instant(base: When | None, here: datetime) -> datetime:
    """Return the moment that ``+2h`` is counted from. Raises UsageError if it has no time of day."""
    if base is None:
        return here
    if base.time is None:
        raise UsageError(f"it is due on {base.date} without a time of day to count hours from", hint="as in: fri 3pm")
    return local(due_utc(base.date, base.time, base.zone), base.zone)


def _at(moment: datetime, zone: str) -> When:
    return When(moment.date().isoformat(), moment.strftime("%H:%M"), zone)


def _day_and_clock(words: list[str], here: datetime, zone: str, base: When | None, context: Context) -> When | None:
    """Read a day with or without a time, or a time alone."""
    if len(words) == 1 and (match := re.fullmatch(r"(\d{4}-\d\d-\d\d)t(\d\d:\d\d)(:\d\d)?", words[0], re.ASCII)):
        words = [match[1], match[2]]
    rest, clock = take_clock(words)
    if clock is not None and not rest:
        return _clock_alone(clock, here, zone, past=context.past)
    if base and rest[0][0] in "+-":
        context = context._replace(base=date.fromisoformat(base.date))
        clock, zone = (clock, zone) if clock or not base.time else (base.time, base.zone)
    found = day(rest, context)
    return None if found is None else When(found.isoformat(), clock, zone)


def _clock_alone(clock: str, here: datetime, zone: str, *, past: bool) -> When:
    """Return the next (past: the last) occurrence of a time of day."""
    current = here.strftime("%H:%M")
    shift = 0
    if past and clock > current:
        shift = -1
    elif not past and clock <= current:
        shift = 1
    return When((here.date() + timedelta(days=shift)).isoformat(), clock, zone)
