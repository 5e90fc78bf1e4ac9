"""Rules of repetition in words: ``every 2 weeks on Monday, until 1 Jan 2030``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core import rrule
from crm_cli.core.date_words import DAY_NAMES, MONTH_NAMES
from crm_cli.errors import UsageError

if TYPE_CHECKING:
    from crm_cli.core.daily import Series
    from crm_cli.core.recurrence import Every

_UNITS = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
_ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last", -2: "second last"}


def words(every: Every | Series) -> str:
    """Return a rule in words; one that has no short wording as it is written."""
    parts = rrule.read(every.rule)
    period = _period(parts["FREQ"], int(parts.get("INTERVAL", 1)))
    if every.from_completion:
        text = f"{period.removeprefix('every ')} after each completion"
        text = text if text[0].isdigit() else f"1 {text}"
    else:
        text = _worded(parts, period)
    return text + (f" at {every.time}" if every.time else "") + _end(parts)


def of_series(series: Series) -> str:
    """Return the rule of a series in words, without its time of day, which is that of each activity."""
    return words(series._replace(time=None))


def typed(series: Series) -> str:
    """Return the rule of a series as it can be typed, without its time of day: in words if they mean the same."""
    from datetime import UTC, datetime

    from crm_cli.core import recurrence_words

    text = of_series(series)
    if series.from_completion:
        parts = rrule.read(series.rule)
        text = f"every! {_period(parts['FREQ'], int(parts.get('INTERVAL', 1))).removeprefix('every ')}{_end(parts)}"
    before_any_end = datetime(1900, 1, 1, tzinfo=UTC)
    try:
        same = recurrence_words.read(text, now=before_any_end, zone="UTC")[:2] == (series.rule, series.from_completion)
    except UsageError:
        same = False
    return text if same else series.rule


def _period(freq: str, interval: int) -> str:
    return f"every {_UNITS[freq]}" if interval == 1 else f"every {interval} {_UNITS[freq]}s"


def _worded(parts: dict[str, str], period: str) -> str:
    """Return the period with its days: ``every Monday``, ``every 2 weeks on Monday``."""
    chosen = {name: value for name, value in parts.items() if name.startswith("BY")}
    if not chosen:
        return period
    weekly = parts["FREQ"] in {"DAILY", "WEEKLY"} and set(chosen) == {"BYDAY"}
    if weekly and period in {"every week", "every day"}:
        return (
            "every weekday" if chosen["BYDAY"] == rrule.WORKING_DAYS else f"every {_listed(_weekdays(chosen['BYDAY']))}"
        )
    on = {"WEEKLY": _in_week, "MONTHLY": _in_month, "YEARLY": _in_year}.get(parts["FREQ"], _unworded)(chosen)
    return f"{period} on {on}" if on else f"as {rrule.write({'FREQ': parts['FREQ'], **_interval(parts), **chosen})}"


def _interval(parts: dict[str, str]) -> dict[str, str]:
    return {"INTERVAL": parts["INTERVAL"]} if "INTERVAL" in parts else {}


def _unworded(_chosen: dict[str, str]) -> str:
    return ""


def _in_week(chosen: dict[str, str]) -> str:
    return _listed(_weekdays(chosen["BYDAY"])) if set(chosen) == {"BYDAY"} else ""


def _in_month(chosen: dict[str, str]) -> str:
    """Return the days of a month in words: ``the 15th``, ``the last Friday``."""
    if set(chosen) == {"BYMONTHDAY"}:
        return f"the {_listed([_nth(int(day)) for day in chosen['BYMONTHDAY'].split(',')])}"
    if set(chosen) == {"BYDAY"}:
        return _numbered(chosen["BYDAY"])
    if set(chosen) != {"BYDAY", "BYSETPOS"}:
        last = int(chosen.get("BYMONTHDAY", "0").split(",")[-1])
        same = last > 28 and chosen == rrule.day_of_month(last)
        return f"the {_nth(last)} (in shorter months on their last day)" if same else ""
    place = int(chosen["BYSETPOS"]) if chosen["BYSETPOS"].lstrip("-").isdigit() else 0
    known = chosen["BYDAY"] == rrule.WORKING_DAYS and place in _ORDINALS
    return f"the {_ORDINALS[place]} weekday" if known else ""


def _in_year(chosen: dict[str, str]) -> str:
    """Return a day of the year in words: ``15 March``, ``the first Monday of December``."""
    if chosen == rrule.LEAP_DAY:
        return "29 February (1 March in common years)"
    month = chosen.get("BYMONTH", "")
    if not month.isdigit():
        return ""
    name, rest = MONTH_NAMES[int(month) - 1], {key: value for key, value in chosen.items() if key != "BYMONTH"}
    if set(rest) == {"BYMONTHDAY"} and rest["BYMONTHDAY"].isdigit():
        return f"{rest['BYMONTHDAY']} {name}"
    on = _in_month(rest) if "," not in "".join(rest.values()) else ""
    return f"{on} of {name}" if on else ""


def _weekdays(text: str) -> list[str]:
    return [DAY_NAMES[rrule.WEEKDAYS.index(day[-2:])] for day in text.split(",")]


def _numbered(text: str) -> str:
    """Return ``1MO,-1FR`` as ``the first Monday and the last Friday``; without numbers, the weekdays."""
    places = [day[:-2] for day in text.split(",")]
    if not all(place and int(place) in _ORDINALS for place in places):
        return "" if any(places) else f"each {_listed(_weekdays(text))}"
    return _listed([f"the {_ORDINALS[int(place)]} {day}" for place, day in zip(places, _weekdays(text), strict=True)])


def _nth(day: int) -> str:
    """Return ``1st``, ``22nd``, ``last day``."""
    if day < 0:
        return "last day" if day == -1 else f"{_nth(-day)} last day"
    ending = "th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


def _listed(items: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(items[:-1]), items[-1])))


def _end(parts: dict[str, str]) -> str:
    """Return when a series ends: ``, until 1 Jan 2030``, ``, 5 times``."""
    if end := rrule.until(parts):
        return f", until {end.day} {MONTH_NAMES[end.month - 1][:3]} {end.year}"
    if count := parts.get("COUNT"):
        return ", once" if int(count) == 1 else f", {int(count)} times"
    return ""
