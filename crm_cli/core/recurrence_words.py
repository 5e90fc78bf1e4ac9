"""Rules of repetition in words: ``every 2 weeks on monday``, ``every last friday 9am until 2030``.

What could mean two things is refused with both: ``every second friday`` is every other one, or each month's second.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core import rrule
from crm_cli.core.date_words import (
    COUNTS,
    DAY,
    MONTH,
    MONTHS,
    ORDINAL,
    ORDINALS,
    WEEKDAYS,
    WORKING_DAY,
    count,
    month_and_day,
    take_clock,
)
from crm_cli.core.days import month_end
from crm_cli.core.text.folding import fold
from crm_cli.core.when import parse, today
from crm_cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

EXAMPLES = "every 2 weeks, every monday 9am, every last friday, every month on the 31st, every! 3 months"

_PERIODS = {
    "day": ("DAILY", 1), "week": ("WEEKLY", 1), "fortnight": ("WEEKLY", 2), "month": ("MONTHLY", 1),
    "quarter": ("MONTHLY", 3), "year": ("YEARLY", 1),
}  # fmt: skip
_ADVERBS = {
    "daily": "day", "weekly": "week", "fortnightly": "fortnight", "monthly": "month", "quarterly": "quarter",
    "yearly": "year", "annually": "year",
}  # fmt: skip
_SHORT = {"d": "day", "w": "week", "mo": "month", "y": "year"}

_NTH = r"\d\d?(?:st|nd|rd|th)"
_COUNT = rf"other|{'|'.join(COUNTS)}|{'|'.join(word for word in ORDINALS if word not in {'first', 'last'})}"


class Rule(NamedTuple):
    """The period of a rule, and its other parts."""

    freq: str
    interval: int = 1
    parts: Mapping[str, str] = MappingProxyType({})


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
    number = count(words[-2][:5], spelled=True)
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
    (rf"\d+ {WORKING_DAY}s", "is not a rule that can be kept; write every weekday, or every 3 days"),
    (
        rf"(on )?(second|third|fourth|fifth|2nd|3rd|4th|5th) {DAY}",
        "could be once a month or by weeks; write every second friday of the month, or every 2 weeks on friday",
    ),
)  # fmt: skip
"""What is refused with a reason of its own."""


def _period(line: str) -> tuple[Rule | None, str]:
    """Split off ``2 weeks``, ``other week``, ``3mo``, ``month``, ``monthly``."""
    match = re.fullmatch(rf"(?:(\d{{1,3}}(?= ?[a-z])|(?:{_COUNT})(?= )) ?)?([a-z]+)(?: (.*))?", line, re.ASCII)
    if not match:
        return None, line
    number, unit = _number(match[1] or ""), _unit(match[2], counted=match[1])
    if unit not in _PERIODS or not number:
        return None, line
    freq, times = _PERIODS[unit]
    return Rule(freq, times * number), match[3] or ""


def _number(word: str) -> int:
    return int(word) if word.isdigit() else {"": 1, "other": 2, **COUNTS, **ORDINALS}[word]


def _unit(word: str, *, counted: str | None) -> str:
    """Return the singular of a unit; ``2w`` is short for weeks, ``monthly`` for every month."""
    if not counted:
        word = _ADVERBS.get(word, word)
    elif counted.isdigit():
        word = _SHORT.get(word, word)
    return word if word in _PERIODS else word.removesuffix("s")


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
    day = {"BYDAY": f"{ORDINALS[match[1]]}{rrule.WEEKDAYS[WEEKDAYS[match[2]]]}"}
    return Rule("YEARLY", parts={"BYMONTH": str(MONTHS[match[3]]), **day}) if match[3] else Rule("MONTHLY", parts=day)


def _working_day_of_month(match: re.Match[str]) -> Rule:
    return Rule("MONTHLY", parts={"BYDAY": rrule.WORKING_DAYS, "BYSETPOS": str(ORDINALS[match[1]])})


_OF_MONTH = rf"(?: of (?:(?:each |every )?month|({MONTH})))?"
_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Rule | None]], ...] = tuple(
    (re.compile(pattern, re.ASCII), build)
    for pattern, build in (
        (rf"{DAY}(?: (?:and )?{DAY})*", _weekdays),
        (rf"{WORKING_DAY}s?", lambda _: Rule("WEEKLY", parts={"BYDAY": rrule.WORKING_DAYS})),
        (rf"other {DAY}", lambda match: _weekdays(match)._replace(interval=2)),
        (rf"{_NTH}(?: (?:and )?{_NTH})*(?: of (?:each |every )?month)?", _days_of_month),
        (rf"(first|1st|last) day{_OF_MONTH}|end of (?:month|({MONTH}))|eom", _edge_of_month),
        (rf"({ORDINAL}) ({DAY}){_OF_MONTH}", _weekday_of_month),
        (rf"({ORDINAL}) {WORKING_DAY}(?: of (?:each |every )?month)?", _working_day_of_month),
    )
)
