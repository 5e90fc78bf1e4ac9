"""Activities that repeat: the rule as it is typed, and the days that follow from it.

Days are local dates (``2026-11-22``); a time of day stays what it is on the wall clock. Nothing here reads a clock.
dateutil is imported only when the days of a rule are worked out.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core import recurrence_words, rrule
from crm_cli.core.days import add
from crm_cli.core.when import zone_of
from crm_cli.errors import UsageError

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
        raise UsageError(
            f"moving {old} to {new} does not say how the others should move", hint="give a new rule: --every RULE"
        )
    return every if moved == parts else every._replace(rule=rrule.write(moved))


def _moved(parts: dict[str, str], old: date, new: date) -> dict[str, str] | None:
    """Return the parts of a rule with one day replaced by another, or None if that makes no sense."""
    chosen = {name for name in parts if name.startswith("BY")}
    if not chosen or old == new:
        return parts
    if chosen == {"BYDAY"}:
        return _replaced(parts, "BYDAY", rrule.WEEKDAYS[old.weekday()], rrule.WEEKDAYS[new.weekday()])
    if {name: parts[name] for name in chosen} == rrule.LEAP_DAY:
        rest = {name: value for name, value in parts.items() if name != "BYYEARDAY"}
        return {**rest, **rrule.day_of_year(new.month, new.day)}
    if chosen == {"BYMONTH", "BYMONTHDAY"} and parts["FREQ"] == "YEARLY":
        return _in_year(parts, old, new)
    return _in_month(parts, chosen, old, new)


def _replaced(parts: dict[str, str], name: str, old: str, new: str) -> dict[str, str] | None:
    """Return the parts with one value of a list replaced; None if the old one is missing or the new one is there."""
    values = parts[name].split(",")
    if old not in values or new in values:
        return parts if old == new and old in values else None
    return {**parts, name: ",".join(new if value == old else value for value in values)}


def _in_year(parts: dict[str, str], old: date, new: date) -> dict[str, str] | None:
    if (parts["BYMONTH"], parts["BYMONTHDAY"]) != (str(old.month), str(old.day)):
        return None
    rest = {name: value for name, value in parts.items() if name not in {"BYMONTH", "BYMONTHDAY"}}
    return {**rest, **rrule.day_of_year(new.month, new.day)}


def _in_month(parts: dict[str, str], chosen: set[str], old: date, new: date) -> dict[str, str] | None:
    """Return the parts of a monthly rule with its day replaced; the last day of short months counts as the rule's."""
    days_of_month = parts.get("BYMONTHDAY", "").split(",")
    short = chosen == {"BYMONTHDAY", "BYSETPOS"} and days_of_month[0] == "28" and parts["BYSETPOS"] == "-1"
    if parts["FREQ"] != "MONTHLY" or not (short or chosen == {"BYMONTHDAY"}):
        return None
    if short or days_of_month == [str(old.day)]:
        rest = {name: value for name, value in parts.items() if name not in chosen}
        return {**rest, **rrule.day_of_month(new.day)}
    return _replaced(parts, "BYMONTHDAY", str(old.day), str(new.day)) if new.day <= 28 else None
