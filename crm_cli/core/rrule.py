"""RRULE values (RFC 5545 section 3.3.10): reading them, and the days that they mean.

Only rules that yield days are read. The days are worked out by dateutil, on the local calendar.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from crm_cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from zoneinfo import ZoneInfo

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WORKING_DAYS = ",".join(WEEKDAYS[:5])
"""The BYDAY of Monday to Friday."""
EVERY_MONTH = 28
"""The last day that each month has."""
PERIODS = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_WITHIN_A_DAY = ("HOURLY", "MINUTELY", "SECONDLY", "BYHOUR", "BYMINUTE", "BYSECOND")
_LONGEST = 500
_MOST = 99_999

_DAY = re.compile(r"(?:[+-]?([1-9]\d?))?(?:MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_UNTIL = re.compile(r"(\d{8})(?:T\d{6}Z?)?", re.ASCII)


def _numbers(most: int, *, signed: bool = False) -> Callable[[str], bool]:
    """Return a check that a number is from 1 to ``most``, or its negative if ``signed``."""
    pattern = re.compile(rf"{'[+-]?' if signed else ''}0*[1-9]\d{{0,5}}", re.ASCII)
    return lambda text: bool(pattern.fullmatch(text)) and abs(int(text)) <= most


def _is_day(text: str) -> bool:
    match = _DAY.fullmatch(text)
    return bool(match) and (not match or int(match[1] or 1) <= 53)


def _is_until(text: str) -> bool:
    try:
        return bool(_UNTIL.fullmatch(text)) and bool(datetime.fromisoformat(text))
    except ValueError:
        return False


_CHECKS: dict[str, Callable[[str], bool]] = {
    "FREQ": PERIODS.__contains__, "INTERVAL": _numbers(_MOST), "COUNT": _numbers(_MOST), "UNTIL": _is_until,
    "WKST": WEEKDAYS.__contains__, "BYMONTH": _numbers(12), "BYWEEKNO": _numbers(53, signed=True),
    "BYYEARDAY": _numbers(366, signed=True), "BYMONTHDAY": _numbers(31, signed=True), "BYDAY": _is_day,
    "BYSETPOS": _numbers(366, signed=True),
}  # fmt: skip
_LISTS = frozenset(name for name in _CHECKS if name.startswith("BY"))
_PERIODS_OF = {"BYWEEKNO": ("YEARLY",), "BYYEARDAY": ("YEARLY",), "BYMONTHDAY": ("DAILY", "MONTHLY", "YEARLY")}
"""The parts that not every FREQ may have (the table of RFC 5545 section 3.3.10)."""


def read(text: str) -> dict[str, str]:
    """Return the parts of a rule, in capitals. Raises UsageError for a rule that RFC 5545 or crm does not allow."""
    if len(text) > _LONGEST:
        raise UsageError(f"the rule is longer than {_LONGEST} characters")
    parts: dict[str, str] = {}
    for part in text.strip().upper().rstrip(";").split(";"):
        name, _, value = part.strip().partition("=")
        if name in parts:
            raise UsageError(f"{name} is in the rule twice")
        _check(name, value)
        parts[name] = value
    _check_together(parts)
    return parts


def _check(name: str, value: str) -> None:
    """Check one part of a rule."""
    if name in _WITHIN_A_DAY or (name == "FREQ" and value in _WITHIN_A_DAY):
        raise UsageError(
            f"{value if name == 'FREQ' else name} repeats within a day",
            hint="the most often is every day; plan the other times as activities of their own",
        )
    if name not in _CHECKS:
        raise UsageError(f"{name!r} is not a part of a rule", hint=f"the parts: {', '.join(_CHECKS)}")
    if not all(_CHECKS[name](one) for one in (value.split(",") if name in _LISTS else [value])):
        raise UsageError(f"{name}={value} is not valid", hint="as in FREQ=WEEKLY;INTERVAL=2;BYDAY=MO")


def _check_together(parts: Mapping[str, str]) -> None:
    """Check that the values are possible together."""
    freq = parts.get("FREQ")
    if freq is None:
        raise UsageError("the rule has no FREQ", hint="as in FREQ=WEEKLY;BYDAY=MO")
    if "UNTIL" in parts and "COUNT" in parts:
        raise UsageError("UNTIL and COUNT exclude each other")
    for name, allowed in _PERIODS_OF.items():
        if name in parts and freq not in allowed:
            raise UsageError(f"{name} is not possible with FREQ={freq}")
    _check_numbered(parts, freq)
    if "BYSETPOS" in parts and not (parts.keys() & _LISTS - {"BYSETPOS"}):
        raise UsageError("BYSETPOS needs another BY part")


def _check_numbered(parts: Mapping[str, str], freq: str) -> None:
    """Check a BYDAY with numbers (``-1FR``): they are those of a month or a year."""
    numbered = any(len(day) > len("MO") for day in parts.get("BYDAY", "").split(","))
    against = "BYWEEKNO" if "BYWEEKNO" in parts else f"FREQ={freq}"
    if numbered and against not in {"FREQ=MONTHLY", "FREQ=YEARLY"}:
        raise UsageError(f"BYDAY={parts['BYDAY']} is not possible with {against}")


def write(parts: Mapping[str, str]) -> str:
    """Return the rule with these parts."""
    return ";".join(f"{name}={value}" for name, value in parts.items())


def until(parts: Mapping[str, str]) -> date | None:
    """Return the last day that a rule allows."""
    return date.fromisoformat(parts["UNTIL"][:8]) if "UNTIL" in parts else None


def localized(parts: Mapping[str, str], zone: ZoneInfo) -> dict[str, str]:
    """Return the parts with an UNTIL that is an instant as the day it is in a zone."""
    end = parts.get("UNTIL", "")
    if not end.endswith("Z"):
        return dict(parts)
    return {**parts, "UNTIL": datetime.fromisoformat(end).astimezone(zone).strftime("%Y%m%d")}


def day_of_month(day: int) -> dict[str, str]:
    """Return the parts for a day of the month: in months without it, the last day."""
    if day <= EVERY_MONTH:
        return {"BYMONTHDAY": str(day)}
    return {"BYMONTHDAY": ",".join(map(str, range(EVERY_MONTH, day + 1))), "BYSETPOS": "-1"}


def day_of_year(month: int, day: int) -> dict[str, str]:
    """Return the parts for a day of the year; 29 February is 1 March in common years, as for birthdays."""
    return LEAP_DAY if (month, day) == (2, 29) else {"BYMONTH": str(month), "BYMONTHDAY": str(day)}


LEAP_DAY = {"BYYEARDAY": "60"}
"""The 60th day of a year: 29 February, or 1 March (`core.days.next_birthday`)."""


def started(parts: Mapping[str, str], start: date) -> dict[str, str]:
    """Return the parts with what the first day implies where no month would otherwise be skipped.

    RFC 5545 skips the months without a 31st and three years of four for 29 February; a plan would be forgotten then.
    """
    if parts.keys() & _LISTS or start.day <= EVERY_MONTH:
        return dict(parts)
    if parts["FREQ"] == "MONTHLY":
        return {**parts, **day_of_month(start.day)}
    if parts["FREQ"] == "YEARLY" and (start.month, start.day) == (2, 29):
        return {**parts, **LEAP_DAY}
    return dict(parts)


_CYCLE, _BASE, _LAST = 400, 9300, 9990


def days(parts: Mapping[str, str], start: date) -> Iterator[date]:
    """Yield the days of a rule from ``start`` on, for at least 290 years. Its periods are counted from the first one.

    So every other Friday begins with the coming Friday, whatever week that is in. (A first day that is not one of the
    rule's is undefined in RFC 5545.)
    """
    if int(parts.get("INTERVAL", 1)) > 1:
        each = {name: value for name, value in started(parts, start).items() if name != "INTERVAL"}
        parts, start = started(parts, start), next(_search(each, start), start)
    return _search(started(parts, start), start)


def _search(parts: Mapping[str, str], start: date) -> Iterator[date]:
    """Yield the days that dateutil finds.

    It searches up to the year 9999: 6 seconds for a rule that never happens. The calendar repeats every 400 years,
    weekdays included, so the search takes place in the last centuries before that, which bounds it.
    """
    from dateutil.rrule import rrulestr  # type: ignore[import-untyped]

    year = _BASE + (start.year - _BASE) % _CYCLE
    rule = write({name: value for name, value in parts.items() if name != "UNTIL"})
    end = until(parts) or date.max
    found = iter(rrulestr(rule, dtstart=datetime(year, start.month, start.day)))  # noqa: DTZ001 - a local day
    try:
        for moment in found:
            day = date(moment.year - year + start.year, moment.month, moment.day)
            if day > end or moment.year > _LAST:
                return
            yield day
    except (ValueError, OverflowError):  # the search went past the year 9999
        return
