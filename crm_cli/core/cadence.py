"""How often to keep in touch: the rules of a person's cadence and rhythm. Days are ``2026-11-22``; no clock is read.

A cadence is a span (``6w``) that starts again at each reach. Of several (a person's own, those of their tags) the
shortest applies. The rhythm of a person follows from their own history: the gap within which nine of ten reaches
followed the one before.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core.days import add, span
from crm_cli.core.instants import local
from crm_cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crm_cli.core.daily import Rhythm

REGULAR = 5
"""How many days with a reach make a rhythm."""
PERCENT = 90
"""The percentile of a person's gaps beyond which they are silent."""
REMEMBERED = 365
"""How many days after their usual gap a silent person is still named; later they belong to the past."""
NEVER = "9999-12-31"
LONGEST = 3653
"""The longest cadence in days."""

UNITS = {"d": "days", "w": "weeks", "m": "months", "y": "years"}
_SPELLINGS = {
    "d": "d", "day": "d", "days": "d", "w": "w", "week": "w", "weeks": "w",
    "m": "m", "mo": "m", "month": "m", "months": "m", "y": "y", "year": "y", "years": "y",
}  # fmt: skip
_WORDS = {"daily": "1d", "weekly": "1w", "fortnightly": "2w", "monthly": "1m", "quarterly": "3m", "yearly": "1y"}
_LARGER = {"d": (7, "w"), "m": (12, "y")}
"""Unit -> how many of it are one of a larger unit."""

HUMAN = ("1w", "2w", "3w", "1m", "6w", "2m", "3m", "4m", "6m", "1y")
"""The spans that are suggested, shortest first."""


def parse(text: str) -> str:
    """Return ``6w`` for ``6w``, ``6 weeks``, ``every 6 weeks`` or ``42d``; ``weekly`` is ``1w``. Raises UsageError."""
    plain = " ".join(text.lower().split()).removeprefix("every ")
    plain = _WORDS.get(plain, plain)
    match = re.fullmatch(r"(\d{1,4} ?)?([a-z]+)", plain, re.ASCII)
    unit = _SPELLINGS.get(match[2], "") if match else ""
    number = int(match[1] or 1) if match and (match[1] or len(match[2]) > 2) else 0
    if not unit or not 0 < number * span(f"1{unit}") <= LONGEST:
        raise UsageError(f"{text[:40]!r} is not a cadence", hint="write 10d, 6w, 3m or 1y, of at most 10 years")
    if unit in _LARGER and number % _LARGER[unit][0] == 0:
        number, unit = number // _LARGER[unit][0], _LARGER[unit][1]
    return f"{number}{unit}"


def after(day: str, every: str) -> str:
    """Return the day one span after a day; a month that has no such day ends with its last."""
    try:
        return add(date.fromisoformat(day), int(every[:-1]), UNITS[every[-1]]).isoformat()
    except (ValueError, OverflowError):
        return NEVER


def days(every: str) -> int:
    """Return a span as a number of days, months as 30 and years as 365."""
    return span(every)


def is_span(text: str) -> bool:
    """Is this a span as it is stored?"""
    return bool(re.fullmatch(r"[1-9]\d{0,3}[dwmy]", text, re.ASCII))


def next_on(found: Rhythm, zone: str) -> str | None:
    """Return the day of a person's next reach in a zone; None if nothing is due."""
    return next_here(found.following, found.every, found.last_reach, zone)


def silent_since(found: Rhythm, zone: str) -> str | None:
    """Return the first day of a person's unusual silence in a zone; None with a cadence, a pause or no rhythm."""
    return silent_here(found.silent, found.usual, found.last_reach, zone)


def days_late(found: Rhythm, today: str, zone: str) -> int:
    """Return by how many days the next reach is late, or the silence too long; 0 if neither."""
    day = next_on(found, zone) or silent_since(found, zone)
    return max(0, between(day, today)) if day else 0


def between(first: str, last: str) -> int:
    """Return the number of days from one day to another."""
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def next_here(stored: str | None, every: str, last_utc: str | None, zone: str) -> str | None:
    """Return the stored day of the next reach as a day in a zone, if it follows from the last reach."""
    if not stored or not every or not last_utc or stored != after(last_utc[:10], every):
        return stored
    return after(day_of(last_utc, zone), every)


def silent_here(stored: str | None, usual: int | None, last_utc: str | None, zone: str) -> str | None:
    """Return the stored first day of a silence as a day in a zone, if it follows from the last reach."""
    if not stored or usual is None or not last_utc or stored != _past(last_utc[:10], usual):
        return stored
    return _past(day_of(last_utc, zone), usual)


def day_of(instant: str, zone: str) -> str:
    """Return the day of an instant in a zone."""
    return local(instant, zone).date().isoformat()


def _past(day: str, usual: int) -> str:
    """Return the first day on which more than ``usual`` days have passed."""
    return (date.fromisoformat(day) + timedelta(days=usual + 1)).isoformat()


class Rule(NamedTuple):
    """A cadence that applies to a person: their own, or that of a tag.

    ``every`` is empty if the rule only pauses. ``start`` of their own rule is a day before which nothing is due; for a
    person never reached, they are due on the ``start`` of a rule.
    """

    every: str
    paused: bool = False
    until: str | None = None
    start: str | None = None
    is_own: bool = False

    @property
    def is_stopped(self) -> bool:
        """Is it paused without an end?"""
        return self.paused and not self.until

    @property
    def earliest(self) -> str:
        """The day before which it makes nothing due."""
        return (self.until or "") if self.paused else ""


def due(rules: Sequence[Rule], last: str | None, known: str) -> tuple[str, str | None]:
    """Return the span that applies to a person, and the day of the next reach; None if it is paused without an end.

    ``last`` is the day of the last reach; a person who was never reached is due on the day since when they are
    ``known``, or when the cadence was set. The span is empty if there is no cadence.
    """
    spans = [rule for rule in rules if rule.every]
    if not spans:
        return "", None
    own = _own(rules)
    running = [rule for rule in spans if not rule.is_stopped]
    if not running or any(rule.is_stopped for rule in own):
        return min(spans, key=_by_length).every, None
    floor = max(map(_floor, own), default="")
    begun = _begun(running, known)

    def day(rule: Rule) -> str:
        return max(after(last, rule.every) if last else begun, rule.earliest, floor)

    chosen = min(running, key=lambda rule: (day(rule), *_by_length(rule)))
    return chosen.every, day(chosen)


def _own(rules: Sequence[Rule]) -> list[Rule]:
    """Return the person's own rules."""
    return [rule for rule in rules if rule.is_own]


def _begun(running: Sequence[Rule], known: str) -> str:
    """Return the day on which a person who was never reached is due."""
    return max([known, *(rule.start or "" for rule in running)])


def _by_length(rule: Rule) -> tuple[int, bool]:
    return span(rule.every), not rule.is_own


def _floor(rule: Rule) -> str:
    return max(rule.start or "", rule.earliest)


def gaps(reached: Iterable[str]) -> list[int]:
    """Return the days between consecutive days of reaches, of which ``reached`` may repeat some."""
    days = sorted({date.fromisoformat(day) for day in reached})
    return [(later - earlier).days for earlier, later in pairwise(days)]


def percentile(values: Sequence[int], percent: int) -> int:
    """Return a percentile by the nearest-rank method: the least value that ``percent`` per cent do not exceed."""
    return sorted(values)[rank(len(values), percent) - 1]


def rank(count: int, percent: int = PERCENT) -> int:
    """Return how many of ``count`` values are at most their percentile, in the nearest-rank method."""
    return max(1, -(-percent * count // 100))


def silent_on(rules: Sequence[Rule], last: str, usual: int) -> str | None:
    """Return the first day on which the silence since ``last`` is longer than usual; None with a cadence or a pause."""
    if any(rule.every or (rule.is_own and rule.is_stopped) for rule in rules):
        return None
    return max([_past(last, usual), *map(_floor, _own(rules))])


def suggested(days: Sequence[int]) -> str:
    """Return the span of `HUMAN` nearest, by ratio, to the median of gaps in days."""
    median = max(1, percentile(days, 50))
    return min(HUMAN, key=lambda every: max(span(every), median) / min(span(every), median))


def per_week(days: Iterable[str]) -> dict[str, int]:
    """Return how many of ``days`` are in each week: its Monday -> their number, in order."""
    found: dict[str, int] = {}
    for day in sorted(days):
        one = date.fromisoformat(day)
        monday = (one - timedelta(days=one.weekday())).isoformat()
        found[monday] = found.get(monday, 0) + 1
    return found


def spread(people: int, days: int) -> list[int]:
    """Return, for each of so many people in order, on which of ``days`` days they are due: evenly, from day 0."""
    return [place * days // people for place in range(people)]
