"""A series of activities: how it begins, and which of its days comes next."""

from __future__ import annotations

from itertools import chain, islice, takewhile
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core import recurrence, rrule, when
from crm_cli.core.recurrence import Every
from crm_cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_cli.core.daily import Series
    from crm_cli.core.reading import Reading
    from crm_cli.core.when import When


class Coming(NamedTuple):
    """The next day of a series, None if it has ended, and how many of its days were missed before that."""

    day: str | None
    missed: int = 0


class Followed(NamedTuple):
    """What follows the activity ``of`` in its series: the next one's id, None if the series is complete.

    ``missed`` is the number of the series' days that passed in between.
    """

    of: int
    next: int | None
    missed: int = 0


def every(series: Series) -> Every:
    """Return the rule of a series, with its time of day."""
    return Every(series.rule, series.from_completion, series.time)


def read(
    text: str, due: When | None, reading: Reading, *, agree: bool = True, completed: bool = False
) -> tuple[Every, When]:
    """Read the rule of a new series; return it and its first activity's due time.

    That is ``due``, or else the first day of the rule from today on. If both have a time of day, they must ``agree``,
    or else that of the rule is taken. ``completed``: something was just done, from which a rule that counts from
    completion counts. Raises UsageError.
    """
    today = when.today(reading.now, reading.zone)
    found = recurrence.parse(text, today=today, zone=reading.zone, now=reading.now)
    if agree and due and due.time and found.time and due.time != found.time:
        raise UsageError(f"the rule says {found.time} and the due time {due.time}", hint="give one of them")
    if due is None:
        due = when.When(_first(found, text, today, completed=completed), None, reading.zone)
    if not due.time:
        due = due._replace(zone=reading.zone)
    return found, due._replace(time=found.time or due.time)


def _first(rule: Every, text: str, today: str, *, completed: bool) -> str:
    later = recurrence.from_day(rule, today) if completed and rule.from_completion else None
    day = later or recurrence.first(rule, today)
    if day is None:
        raise UsageError(f"{text.strip()!r} has no day from today on")
    return day


def rest(series: Series, occurrence: str) -> Every:
    """Return the rule of a series from one of its days on: a number of times is what is left of it."""
    rule = every(series)
    parts = rrule.read(rule.rule)
    if "COUNT" not in parts:
        return rule
    before = sum(1 for _ in takewhile(lambda day: day < occurrence, days(series)))
    left = max(int(parts["COUNT"]) - before, 1)
    return rule._replace(rule=rrule.write({**parts, "COUNT": str(left)}))


def shifted(series: Series, occurrence: str, day: str) -> Every:
    """Return the rule of a series from ``occurrence`` on, after that one and all later ones were moved: it to ``day``.

    Raises UsageError where the new day does not say when the others should be.
    """
    rule = rest(series, occurrence)
    if day != occurrence and recurrence.first(rule, occurrence) != occurrence:
        raise recurrence.unclear(occurrence, day)
    return recurrence.shifted(rule, occurrence, day)


def first_of_rule(series: Series) -> str | None:
    """Return the first day of a series that its rule chooses."""
    return recurrence.first(every(series), series.start_on)


def days(series: Series) -> Iterator[str]:
    """Yield the days of a series. Its first day is one of them, even if the rule would not choose it (RFC 5545)."""
    rest = (day for day in recurrence.days(every(series), series.start_on) if day > series.start_on)
    count = rrule.read(series.rule).get("COUNT")
    return islice(chain([series.start_on], rest), int(count) if count else None)


def coming(series: Series, occurrence: str, *, today: str, done: str | None) -> Coming:
    """Return the day that follows ``occurrence``, which was completed on the day ``done``, or skipped (None).

    Days up to the completion are over. Of those after it that have passed as well, the last one is due, so a series has
    at most one overdue activity; the others are counted as missed.
    """
    if series.from_completion:
        return Coming(recurrence.from_day(every(series), done or max(occurrence, today)))
    passed, following = _after(series, occurrence, max(occurrence, today, done or ""))
    due = [day for day in passed if (day > done if done else day >= today)]
    chosen = due[-1] if due else following
    return Coming(chosen, sum(day not in {chosen, done} for day in passed))


def _after(series: Series, occurrence: str, until: str) -> tuple[list[str], str | None]:
    """Return the days of a series after ``occurrence`` up to ``until``, and the first one after that."""
    passed: list[str] = []
    for day in days(series):
        if day > until:
            return passed, day
        if day > occurrence:
            passed.append(day)
    return passed, None
