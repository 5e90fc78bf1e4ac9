"""Rules of repetition in words: ``every 2 weeks on monday``, ``every last friday 9am until 2030``.

What could mean two things is refused with both: ``every second friday`` is every other one, or each month's second.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core import rrule
from crm_cli.core.days import MONTHS, month_and_day, month_end
from crm_cli.core.text.folding import fold
from crm_cli.core.when import COUNTS, WEEKDAYS, parse, take_clock, today
from crm_cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

EXAMPLES = "every 2 weeks, every monday 9am, every last friday, every month on the 31st, every! 3 months"

_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1} | {
    "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5,
}  # fmt: skip
_PERIODS = {
    "day": ("DAILY", 1), "week": ("WEEKLY", 1), "fortnight": ("WEEKLY", 2), "month": ("MONTHLY", 1),
    "quarter": ("MONTHLY", 3), "year": ("YEARLY", 1),
}  # fmt: skip
_ADVERBS = {
    "daily": "day", "weekly": "week", "fortnightly": "fortnight", "monthly": "month", "quarterly": "quarter",
    "yearly": "year", "annually": "year",
}  # fmt: skip
_SHORT = {"d": "day", "w": "week", "mo": "month", "y": "year"}
_WORKING_DAYS = ",".join(rrule.WEEKDAYS[:5])

_DAY = f"(?:{'|'.join(WEEKDAYS)})"
_MONTH = f"(?:{'|'.join(MONTHS)})"
_NTH = r"\d\d?(?:st|nd|rd|th)"
_ORDINAL = f"({'|'.join(_ORDINALS)})"
_WORKDAY = "(?:weekday|workday|working day|business day)"
_COUNT = rf"other|{'|'.join(COUNTS)}|{'|'.join(word for word in _ORDINALS if word not in {'first', 'last'})}"


class Rule(NamedTuple):
    """The period of a rule, and its other parts."""

    freq: str
    interval: int = 1
    parts: dict[str, str] = {}  # noqa: RUF012 - nobody changes it


def read(text: str, *, now: datetime, zone: str) -> tuple[str, bool, str | None]:
    """Return the RRULE that the words mean, whether it counts from completion, and the time of day they name."""
    words = fold(text).replace(",", " ").split()
    from_completion = words[:1] == ["every!"]
    words = words[1:] if words[:1] in (["every"], ["every!"], ["each"]) else words
    words, end = _end(words, text, now, zone)
    words, clock = take_clock([word for word in words if word != "the"])
    found = _rule(" ".join(words), text)
    if from_completion and (found.parts or "COUNT" in end):
        raise UsageError(f"{text!r}: every! counts from each completion", hint="as in: every! 3 months, every! 2 weeks")
    interval = {"INTERVAL": str(found.interval)} if found.interval > 1 else {}
    return rrule.write({"FREQ": found.freq, **interval, **found.parts, **end}), from_completion, clock


def _end(words: list[str], text: str, now: datetime, zone: str) -> tuple[list[str], dict[str, str]]:
    """Split off ``until DAY`` or ``5 times``."""
    if "until" in words:
        at = words.index("until")
        day = _last_day(words[at + 1 :], now, zone)
        if day.isoformat() < today(now, zone):
            raise UsageError(f"{text!r} has ended already")
        return words[:at], {"UNTIL": day.strftime("%Y%m%d")}
    if words[-1:] != ["times"] or len(words) == 1:
        return words, {}
    number = int(words[-2]) if re.fullmatch(r"\d{1,4}", words[-2], re.ASCII) else COUNTS.get(words[-2], 0)
    if not number:
        raise _refused(text)
    rest = words[:-2]
    return (rest[:-1] if rest[-1:] == ["for"] else rest), {"COUNT": str(number)}


def _last_day(words: list[str], now: datetime, zone: str) -> date:
    """Read the end of a series: a day, or the last day of a month or a year (``dec 2030``, ``2030``)."""
    month = MONTHS.get(words[0]) if words else None
    if words and re.fullmatch(r"[12]\d{3}", words[-1], re.ASCII) and len(words) == (2 if month else 1):
        return month_end(date(int(words[-1]), month or 12, 1))
    return date.fromisoformat(parse(" ".join(words), now=now, zone=zone).date)


def _refused(text: str) -> UsageError:
    return UsageError(f"{text.strip()!r} is not a rule of repetition", hint=f"as in: {EXAMPLES}")


def _rule(line: str, text: str) -> Rule:
    """Read a period, the days of one, or both."""
    for pattern, why in _UNCLEAR:
        if re.fullmatch(pattern, line, re.ASCII):
            raise UsageError(f"{text.strip()!r} {why}")
    period, rest = _period(line)
    if period and not rest:
        return period
    on = _days(rest.removeprefix("on "))
    if on is None or (period and period.freq != on.freq):
        raise _refused(text)
    return on._replace(interval=period.interval) if period else on


_UNCLEAR = (
    (r".*\b(h|hours?|hourly|mins?|minutes?|seconds)", "repeats within a day; the most often is every day"),
    (r"bi-?weekly|bi-?monthly", "could be twice or every other; write every 2 weeks or every 2 months"),
    (r"(on )?weekends?", "names two days; write every saturday, or every sat and sun"),
    (rf"\d+ {_WORKDAY}s", "is not a rule that can be kept; write every weekday, or every 3 days"),
    (
        rf"(on )?(second|third|fourth|fifth|2nd|3rd|4th|5th) {_DAY}",
        "could be once a month or by weeks; write every second friday of the month, or every 2 weeks on friday",
    ),
)  # fmt: skip
"""What is refused with a reason of its own."""


def _period(line: str) -> tuple[Rule | None, str]:
    """Split off ``2 weeks``, ``other week``, ``3mo``, ``month``, ``monthly``."""
    match = re.fullmatch(rf"(?:(\d{{1,3}}(?= ?[a-z])|(?:{_COUNT})(?= )) ?)?([a-z]+)(?: (.*))?", line, re.ASCII)
    if not match:
        return None, line
    count, unit, rest = match[1] or "", match[2], match[3] or ""
    if not count and unit in _ADVERBS:
        unit = _ADVERBS[unit]
    unit = _SHORT.get(unit, unit) if count.isdigit() else unit
    unit = unit if unit in _PERIODS else unit.removesuffix("s")
    number = int(count) if count.isdigit() else {"": 1, "other": 2, **COUNTS, **_ORDINALS}[count]
    if unit not in _PERIODS or not number:
        return None, line
    freq, times = _PERIODS[unit]
    return Rule(freq, times * number), rest


def _days(line: str) -> Rule | None:
    """Read the days of a week, a month or a year."""
    for pattern, build in _READERS:
        if match := pattern.fullmatch(line):
            return build(match)
    found = month_and_day([word for word in line.split() if word != "of"])
    if found is None:
        return None
    return Rule("YEARLY", parts=rrule.day_of_year(*found))


def _weekdays(match: re.Match[str]) -> Rule:
    days = sorted({WEEKDAYS[word] for word in match[0].split() if word in WEEKDAYS})
    return Rule("WEEKLY", parts={"BYDAY": ",".join(rrule.WEEKDAYS[day] for day in days)})


def _days_of_month(match: re.Match[str]) -> Rule | None:
    days = sorted({int(number) for number in re.findall(r"\d+", match[0])})
    if len(days) == 1 and 1 <= days[0] <= 31:
        return Rule("MONTHLY", parts=rrule.day_of_month(days[0]))
    if not 1 <= days[0] <= days[-1] <= 28:
        return None
    return Rule("MONTHLY", parts={"BYMONTHDAY": ",".join(map(str, days))})


def _edge_of_month(match: re.Match[str]) -> Rule:
    day = {"BYMONTHDAY": "1" if match[1] in {"first", "1st"} else "-1"}
    month = match[2] or match[3] or ""
    return Rule("YEARLY", parts={"BYMONTH": str(MONTHS[month]), **day}) if month else Rule("MONTHLY", parts=day)


def _weekday_of_month(match: re.Match[str]) -> Rule:
    day = {"BYDAY": f"{_ORDINALS[match[1]]}{rrule.WEEKDAYS[WEEKDAYS[match[2]]]}"}
    return Rule("YEARLY", parts={"BYMONTH": str(MONTHS[match[3]]), **day}) if match[3] else Rule("MONTHLY", parts=day)


def _working_day_of_month(match: re.Match[str]) -> Rule:
    return Rule("MONTHLY", parts={"BYDAY": _WORKING_DAYS, "BYSETPOS": str(_ORDINALS[match[1]])})


_OF_MONTH = rf"(?: of (?:(?:each |every )?month|({_MONTH})))?"
_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Rule | None]], ...] = tuple(
    (re.compile(pattern, re.ASCII), build)
    for pattern, build in (
        (rf"{_DAY}(?: (?:and )?{_DAY})*", _weekdays),
        (rf"{_WORKDAY}s?", lambda _: Rule("WEEKLY", parts={"BYDAY": _WORKING_DAYS})),
        (rf"other {_DAY}", lambda match: _weekdays(match)._replace(interval=2)),
        (rf"{_NTH}(?: (?:and )?{_NTH})*(?: of (?:each |every )?month)?", _days_of_month),
        (rf"(first|1st|last) day{_OF_MONTH}|end of (?:month|({_MONTH}))|eom", _edge_of_month),
        (rf"{_ORDINAL} ({_DAY}){_OF_MONTH}", _weekday_of_month),
        (rf"{_ORDINAL} {_WORKDAY}(?: of (?:each |every )?month)?", _working_day_of_month),
    )
)
