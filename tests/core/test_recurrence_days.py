"""The days of a rule, compared with a reading that looks at each day on its own; due instants across clock changes."""

from __future__ import annotations

import random
from calendar import monthrange
from datetime import date, datetime, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

import pytest

from crm_cli.core import recurrence, series
from crm_cli.core.daily import Series
from crm_cli.core.instants import due_utc
from crm_cli.core.recurrence import Every
from crm_cli.errors import UsageError

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
RULES = 2_000
HORIZON = {"DAILY": 60, "WEEKLY": 90, "MONTHLY": 190, "YEARLY": 400}
"""How many days are looked at."""


class Naive:
    """A rule as a question about one day: is it one of the rule's?"""

    def __init__(self, freq, interval, weekdays=(), numbered=(), month_days=(), months=()):
        self.freq, self.interval = freq, interval
        self.weekdays, self.numbered, self.month_days, self.months = weekdays, numbered, month_days, months

    @property
    def text(self):
        parts = [f"FREQ={self.freq}"]
        if self.interval > 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.months:
            parts.append("BYMONTH=" + ",".join(map(str, self.months)))
        if self.month_days:
            parts.append("BYMONTHDAY=" + ",".join(map(str, self.month_days)))
        days = [DAYS[day] for day in self.weekdays] + [f"{place}{DAYS[day]}" for place, day in self.numbered]
        if days:
            parts.append("BYDAY=" + ",".join(days))
        return ";".join(parts)

    def chooses(self, day, start):
        """Would the rule without its interval choose the day?"""
        if self.months and day.month not in self.months:
            return False
        if self.freq in ("DAILY", "WEEKLY") and not self.month_days:
            wanted = self.weekdays or (start.weekday(),)
            return day.weekday() in wanted or (self.freq == "DAILY" and not self.weekdays)
        last = monthrange(day.year, day.month)[1]
        if self.month_days:
            return day.day in self.month_days or day.day - last - 1 in self.month_days
        if self.numbered:
            place, back = (day.day - 1) // 7 + 1, -((last - day.day) // 7 + 1)
            return any(day.weekday() == each and nth in (place, back) for nth, each in self.numbered)
        if self.weekdays:
            return day.weekday() in self.weekdays
        return self._as_started(day, start, last)

    def _as_started(self, day, start, last):
        if self.freq == "MONTHLY":
            return day.day == min(start.day, last)
        if (start.month, start.day) == (2, 29):
            return day.timetuple().tm_yday == 60
        return (day.month, day.day) == (start.month, start.day)

    def period(self, day):
        """The number of the day's period."""
        return {
            "DAILY": day.toordinal(),
            "WEEKLY": (day.toordinal() - 1) // 7,
            "MONTHLY": day.year * 12 + day.month,
            "YEARLY": day.year,
        }[self.freq]

    def days(self, start):
        """The days within the horizon; periods are counted from that of the first one."""
        everything = (start + timedelta(days=ahead) for ahead in range(HORIZON[self.freq]))
        chosen = [day for day in everything if self.chooses(day, start)]
        if not chosen:
            return []
        first = self.period(chosen[0])
        return [day.isoformat() for day in chosen if (self.period(day) - first) % self.interval == 0]


def drawn(dice):
    """A random rule that RFC 5545 and crm allow."""
    freq = dice.choice(("DAILY", "DAILY", "WEEKLY", "WEEKLY", "MONTHLY", "MONTHLY", "YEARLY"))
    interval = dice.choice((1, 1, 1, 2, 3, 5))
    some = tuple(sorted(dice.sample(range(7), dice.randint(1, 3))))
    months = tuple(sorted(dice.sample(range(1, 13), 2)))
    days = tuple(sorted(dice.sample((1, 5, 15, 28, 29, 30, 31, -1, -2), dice.randint(1, 2))))
    numbered = ((dice.choice((1, 2, 3, 4, -1, -2)), dice.randrange(7)),)
    kinds = {
        "DAILY": ({}, {"weekdays": some}, {"months": months}, {"month_days": days}),
        "WEEKLY": ({}, {"weekdays": some}, {"weekdays": some, "months": months}),
        "MONTHLY": ({}, {"month_days": days}, {"weekdays": some}, {"numbered": numbered}),
        "YEARLY": ({}, {"months": months, "month_days": days}, {"months": months, "numbered": numbered}),
    }
    return Naive(freq, interval, **dice.choice(kinds[freq]))


def test_two_thousand_random_rules_have_the_days_that_a_day_by_day_reading_finds():
    dice = random.Random(12)
    for _ in range(RULES):
        rule, start = drawn(dice), date(2023, 1, 1) + timedelta(days=dice.randrange(900))
        last = (start + timedelta(days=HORIZON[rule.freq])).isoformat()

        found = list(takewhile(lambda day, last=last: day < last, recurrence.days(Every(rule.text), start.isoformat())))

        assert found == rule.days(start), (rule.text, start)


@pytest.mark.parametrize(
    ("zone", "start", "clock", "instants"),
    [
        ("Europe/Berlin", "2027-03-21", "02:30", ["01:30", "01:30", "00:30"]),  # 28 March has no 02:30
        ("Europe/Berlin", "2026-10-18", "02:30", ["00:30", "00:30", "01:30"]),  # 25 October has two
        ("America/New_York", "2027-03-07", "02:30", ["07:30", "07:30", "06:30"]),
        ("America/New_York", "2026-10-25", "01:30", ["05:30", "05:30", "06:30"]),
        ("Australia/Lord_Howe", "2026-09-27", "02:15", ["15:45", "15:45", "15:15"]),  # half an hour
        ("Australia/Lord_Howe", "2027-03-28", "01:45", ["14:45", "14:45", "15:15"]),
    ],
)
def test_the_clock_stays_when_it_changes(zone, start, clock, instants):
    days = list(islice(recurrence.days(Every("FREQ=WEEKLY"), start), 3))

    assert [due_utc(day, clock, zone)[11:16] for day in days] == instants
    for day, instant in zip(days, instants, strict=True):
        local = datetime.fromisoformat(due_utc(day, clock, zone)).astimezone(ZoneInfo(zone))
        assert local.date().isoformat() == day
        assert f"{local:%H:%M}" == clock or instant == instants[1]


def of(rule, start="2026-11-02", *, from_completion=False):
    return Series(1, rule, from_completion, start)


@pytest.mark.parametrize(
    ("rule", "occurrence", "today", "done", "following"),
    [
        ("FREQ=WEEKLY", "2026-11-02", "2026-11-02", "2026-11-02", ("2026-11-09", 0)),
        ("FREQ=WEEKLY", "2026-11-09", "2026-11-03", "2026-11-03", ("2026-11-16", 0)),  # done early
        ("FREQ=WEEKLY", "2026-11-02", "2026-11-24", "2026-11-24", ("2026-11-30", 3)),  # three were missed
        ("FREQ=WEEKLY", "2026-11-02", "2026-11-23", "2026-11-23", ("2026-11-30", 2)),  # done on a day of the rule
        ("FREQ=WEEKLY", "2026-11-02", "2026-11-24", "2026-11-10", ("2026-11-23", 2)),  # done then: the last one is due
        ("FREQ=WEEKLY", "2026-11-02", "2026-11-24", None, ("2026-11-30", 3)),
        ("FREQ=WEEKLY", "2026-11-02", "2026-11-23", None, ("2026-11-23", 2)),  # skipped: today's is still to come
        ("FREQ=WEEKLY;COUNT=2", "2026-11-09", "2026-11-09", "2026-11-09", (None, 0)),
        ("FREQ=WEEKLY;UNTIL=20261110", "2026-11-02", "2026-11-24", "2026-11-24", (None, 1)),
    ],
)
def test_what_follows_one_of_a_series(rule, occurrence, today, done, following):
    assert series.coming(of(rule), occurrence, today=today, done=done) == following


def test_a_series_from_completion_counts_from_the_day_that_one_was_done():
    every = of("FREQ=MONTHLY;INTERVAL=3", from_completion=True)

    assert series.coming(every, "2026-11-02", today="2026-11-30", done="2026-11-30").day == "2027-02-28"
    assert series.coming(every, "2026-11-02", today="2026-11-30", done=None).day == "2027-02-28"
    assert recurrence.from_day(Every("FREQ=WEEKLY;UNTIL=20261201", from_completion=True), "2026-11-28") is None
    assert recurrence.from_day(Every("FREQ=DAILY;INTERVAL=99999", from_completion=True), "9999-01-01") is None


def test_the_day_after_a_given_one():
    assert recurrence.after(Every("FREQ=WEEKLY;INTERVAL=2"), "2026-11-02", "2026-11-16") == "2026-11-30"
    assert recurrence.after(Every("FREQ=WEEKLY;COUNT=2"), "2026-11-02", "2026-11-09") is None
    assert recurrence.after(Every("FREQ=WEEKLY", from_completion=True), "2026-11-02", "2026-11-12") == "2026-11-19"


@pytest.mark.parametrize(
    ("rule", "old", "new", "shifted"),
    [
        ("FREQ=WEEKLY;BYDAY=MO", "2026-11-02", "2026-11-04", "FREQ=WEEKLY;BYDAY=WE"),
        ("FREQ=WEEKLY;BYDAY=MO,TH", "2026-11-02", "2026-11-03", "FREQ=WEEKLY;BYDAY=TU,TH"),
        ("FREQ=WEEKLY;BYDAY=MO,TH", "2026-11-02", "2026-11-05", None),
        ("FREQ=WEEKLY;INTERVAL=2", "2026-11-02", "2026-11-05", "FREQ=WEEKLY;INTERVAL=2"),
        ("FREQ=MONTHLY;BYMONTHDAY=15", "2026-11-15", "2026-11-20", "FREQ=MONTHLY;BYMONTHDAY=20"),
        ("FREQ=MONTHLY;BYMONTHDAY=15", "2026-11-15", "2026-11-30", "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15", "2026-11-15", "2026-11-20", "FREQ=MONTHLY;BYMONTHDAY=1,20"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "2026-11-27", "2026-11-26", None),
        ("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=15", "2027-03-15", "2027-04-01", "FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=1"),
        ("FREQ=YEARLY;BYYEARDAY=60", "2027-03-01", "2027-03-02", "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=2"),
        ("FREQ=DAILY", "2026-11-02", "2026-11-05", "FREQ=DAILY"),
    ],
)
def test_a_rule_after_one_of_its_days_was_moved(rule, old, new, shifted):
    if shifted is None:
        with pytest.raises(UsageError, match="does not say how the others"):
            recurrence.shifted(Every(rule), old, new)
    else:
        assert recurrence.shifted(Every(rule), old, new) == Every(shifted)


def test_a_first_day_that_the_rule_would_not_choose_does_not_shift_it():
    every = of("FREQ=MONTHLY;BYMONTHDAY=1", "2026-11-20")

    with pytest.raises(UsageError, match="does not say how the others"):
        series.shifted(every, "2026-11-20", "2026-11-25")
    assert series.shifted(every, "2026-12-01", "2026-12-05").rule == "FREQ=MONTHLY;BYMONTHDAY=5"


@pytest.mark.parametrize(
    ("start", "found"),
    [
        ("2026-01-31", ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]),
        ("2028-01-31", ["2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30"]),
    ],
)
def test_the_31st_is_the_last_day_of_a_shorter_month(start, found):
    assert list(islice(recurrence.days(Every("FREQ=MONTHLY"), start), 4)) == found
