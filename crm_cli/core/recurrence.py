"""Activities that repeat: the rule as it is typed, and the days that follow from it.

Days are local dates (``2026-11-22``); a time of day stays what it is on the wall clock. Nothing here reads a clock.
dateutil is imported only when the days of a rule are worked out.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core import recurrence_words, rrule
from crm_cli.core.days import add
from crm_cli.core.instants import zone_of
from crm_cli.errors import Hint, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

_UNITS = {"DAILY": "days", "WEEKLY": "weeks", "MONTHLY": "months", "YEARLY": "years"}


class Every(NamedTuple):
    """A rule of repetition.

    ``rule`` is an RRULE value (RFC 5545 section 3.3.10), as it came or as made from words. With ``from_completion``
    (``every! 3 months``) its period is counted from the day of each completion. ``time`` is the time of day that the
    words named, ``09:00``.
    """

    rule: str
    from_completion: bool = False
    time: str | None = None


def parse(text: str, *, today: str, zone: str, now: datetime) -> Every:
    """Read ``every 2 weeks``, ``every! 3 months``, ``every last friday 9am until 2030`` or an RRULE. Raises UsageError.

    A rule that never happens is refused, and an end in words that has passed.
    """
    plain = text.strip()
    plain = plain[6:] if plain[:6].upper() == "RRULE:" else plain
    if "FREQ=" in plain.upper():
        found = Every(_localized(plain, zone))
    else:
        found = Every(*recurrence_words.read(text, now=now, zone=zone))
    _check_happens(found, text, today)
    return found


def _localized(rule: str, zone: str) -> str:
    """Return a rule as it came, except that an UNTIL in UTC becomes its local day."""
    parts = rrule.read(rule)
    known = rrule.localized(parts, zone_of(zone))
    return rule if known == parts else rrule.write(known)


def _check_happens(every: Every, text: str, today: str) -> None:
    """Check that there is a day of the rule at all, whatever day the series begins on."""
    parts = rrule.read(every.rule)
    unending = {name: value for name, value in parts.items() if name not in {"INTERVAL", "UNTIL", "COUNT"}}
    if next(rrule.days(unending, date(int(today[:4]), 1, 1)), None) is None:
        raise UsageError(f"{text.strip()!r} never happens: no year has such a day")


def on_month_ends(every: Every) -> Every:
    """Return a rule of months or quarters that names no day as one of their last days; any other rule unchanged."""
    parts = rrule.read(every.rule)
    if (
        every.from_completion
        or parts["FREQ"] != "MONTHLY"
        or not parts.keys() <= {"FREQ", "INTERVAL", "UNTIL", "COUNT"}
    ):
        return every
    return every._replace(rule=rrule.write({**parts, "BYMONTHDAY": "-1"}))


def first(every: Every, start: str) -> str | None:
    """Return the first day of a series from ``start`` on."""
    return next(days(every, start), None)


def after(every: Every, start: str, day: str) -> str | None:
    """Return the next day after ``day`` of the series that began on ``start``; None when it has ended."""
    if every.from_completion:
        return from_day(every, day)
    return next((found for found in days(every, start) if found > day), None)


def days(every: Every, start: str) -> Iterator[str]:
    """Yield the days of a series from ``start`` on. A rule that never happens yields none."""
    if every.from_completion:
        yield from _each_completed(every, start)
        return
    for day in rrule.days(rrule.read(every.rule), date.fromisoformat(start)):
        yield day.isoformat()


def _each_completed(every: Every, start: str) -> Iterator[str]:
    """Yield the days of a series in which each is completed on its day."""
    day: str | None = start
    while day is not None:
        yield day
        day = from_day(every, day)


def from_day(every: Every, completed: str) -> str | None:
    """Return the day that is the rule's period after a completion; None when the series has ended."""
    parts = rrule.read(every.rule)
    try:
        day = add(date.fromisoformat(completed), int(parts.get("INTERVAL", 1)), _UNITS[parts["FREQ"]])
    except (ValueError, OverflowError):
        return None
    end = rrule.until(parts)
    return None if end and day > end else day.isoformat()


def shifted(every: Every, old: str, new: str) -> Every:
    """Return the rule after its day ``old`` was moved to ``new``: weekly on Monday -> Wednesday, on the 15th -> 20th.

    Raises UsageError where the new day does not say what the rule should be.
    """
    parts = rrule.read(every.rule)
    moved = _moved(parts, date.fromisoformat(old), date.fromisoformat(new))
    if moved is None:
        raise unclear(old, new)
    return every if moved == parts else every._replace(rule=rrule.write(moved))


def unclear(old: str, new: str) -> UsageError:
    """Return the error for a move of one day that does not say how the others should move."""
    return UsageError(f"moving {old} to {new} does not say how the others should move", hint=Hint("new-rule"))


def _moved(parts: dict[str, str], old: date, new: date) -> dict[str, str] | None:
    """Return the parts of a rule with one day replaced by another, or None if that makes no sense."""
    on = {name: value for name, value in parts.items() if name.startswith("BY")}
    if not on or old == new:
        return parts
    moved = _MOVES.get(parts["FREQ"], _in_week)(on, old, new)
    return moved and {name: value for name, value in parts.items() if name not in on} | moved


def _in_week(on: dict[str, str], old: date, new: date) -> dict[str, str] | None:
    """Return the parts for another day of the week."""
    if set(on) != {"BYDAY"}:
        return None
    moved = _replaced(on["BYDAY"], rrule.WEEKDAYS[old.weekday()], rrule.WEEKDAYS[new.weekday()])
    return {"BYDAY": moved} if moved else None


def _in_month(on: dict[str, str], old: date, new: date) -> dict[str, str] | None:
    """Return the parts for another day of the month."""
    number = on.get("BYMONTHDAY", "").split(",")[-1]
    if number.isdigit() and on == rrule.day_of_month(int(number)):
        return rrule.day_of_month(new.day)
    if set(on) != {"BYMONTHDAY"} or new.day > rrule.EVERY_MONTH:
        return None
    moved = _replaced(on["BYMONTHDAY"], str(old.day), str(new.day))
    return {"BYMONTHDAY": moved} if moved else None


def _in_year(on: dict[str, str], _old: date, new: date) -> dict[str, str] | None:
    """Return the parts for another day of the year."""
    one = set(on) == {"BYMONTH", "BYMONTHDAY"} and all(value.isdigit() for value in on.values())
    return rrule.day_of_year(new.month, new.day) if one or on == rrule.LEAP_DAY else None


_MOVES = {"MONTHLY": _in_month, "YEARLY": _in_year}


def _replaced(values: str, old: str, new: str) -> str | None:
    """Return a list with one value replaced: the old one, or the only one. None if the new one is there already."""
    items = values.split(",")
    only = len(items) == 1 and items[0].lstrip("-+0123456789") == items[0]
    if not (only or old in items) or (new in items and new != old):
        return None
    return new if only else ",".join(new if item == old else item for item in items)
