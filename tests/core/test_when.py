from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_cli.core import when
from crm_cli.core.days import lead_words
from crm_cli.errors import UsageError

KOLKATA = "Asia/Kolkata"
BERLIN = "Europe/Berlin"
NEW_YORK = "America/New_York"


def at(text: str, zone: str = KOLKATA) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def understood(text: str, now: str, zone: str = KOLKATA, *, past: bool = False) -> str:
    found = when.parse(text, now=at(now, zone), zone=zone, past=past)
    assert found.zone == zone
    return f"{found.date} {found.time}" if found.time else found.date


SUNDAY = "2026-11-22T10:00"


WEEK = [
    # now, fri, next fri, last fri, fri in the past
    ("2026-11-23", "2026-11-27", "2026-12-04", "2026-11-20", "2026-11-20"),
    ("2026-11-24", "2026-11-27", "2026-12-04", "2026-11-20", "2026-11-20"),
    ("2026-11-25", "2026-11-27", "2026-12-04", "2026-11-20", "2026-11-20"),
    ("2026-11-26", "2026-11-27", "2026-12-04", "2026-11-20", "2026-11-20"),
    ("2026-11-27", "2026-12-04", "2026-12-04", "2026-11-20", "2026-11-20"),
    ("2026-11-28", "2026-12-04", "2026-12-04", "2026-11-27", "2026-11-27"),
    ("2026-11-29", "2026-12-04", "2026-12-04", "2026-11-27", "2026-11-27"),
]


@pytest.mark.parametrize(("now", "coming", "following", "last", "past"), WEEK)
def test_friday_from_every_day_of_the_week(now: str, coming: str, following: str, last: str, past: str) -> None:
    moment = f"{now}T12:00"

    assert understood("fri", moment) == coming
    assert understood("next fri", moment) == following
    assert understood("last fri", moment) == last
    assert understood("fri", moment, past=True) == past


@pytest.mark.parametrize(
    ("now", "text", "found"),
    [
        ("2027-01-31", "in 1 month", "2027-02-28"),
        ("2028-01-31", "in 1 month", "2028-02-29"),
        ("2026-12-31", "tomorrow", "2027-01-01"),
        ("2028-02-29", "in 1 year", "2029-02-28"),
        ("2028-02-28", "tomorrow", "2028-02-29"),
        ("2027-02-10", "eom", "2027-02-28"),
        ("2028-02-10", "eom", "2028-02-29"),
        ("2026-12-10", "next month", "2027-01-01"),
        ("2028-03-01", "29 feb", "2032-02-29"),
        ("2096-03-01", "29 feb", "2104-02-29"),
        ("2026-03-31", "1 month ago", "2026-02-28"),
    ],
)
def test_month_ends_and_leap_days(now: str, text: str, found: str) -> None:
    assert understood(text, f"{now}T12:00") == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1.12.2026", "2026-12-01"),
        ("01.12. 9:00", "2026-12-01 09:00"),
        ("tue 1.12.", "2026-12-01"),
        ("21.11.", "2027-11-21"),
        ("2026-12-1", "2026-12-01"),
        ("2026/12/01", "2026-12-01"),
        ("20261201", "2026-12-01"),
        ("13/12/2026", "2026-12-13"),
        ("12/13/2026", "2026-12-13"),
        ("12/12/2026", "2026-12-12"),
    ],
)
def test_a_date_in_numbers_that_can_be_read_in_one_way_only(text: str, found: str) -> None:
    assert understood(text, "2026-11-22T12:00") == found


def test_refusals_say_what_would_do() -> None:
    with pytest.raises(UsageError, match="2026-12-01 \\(year"):
        understood("01/12/2026", SUNDAY)
    with pytest.raises(UsageError, match="30min or 3mo"):
        understood("in 3m", SUNDAY)
    with pytest.raises(UsageError, match="15:00, \\+2h"):
        understood("15h", SUNDAY)
    with pytest.raises(UsageError, match="fri 3pm, tomorrow"):
        understood("soonish", SUNDAY)
    with pytest.raises(UsageError, match="no time zone"):
        when.parse("today", now=at(SUNDAY), zone="Mars/Olympus")
    with pytest.raises(UsageError):
        understood("2w", SUNDAY, past=True)


TEXT = """in on at next last this 1 2 30 99999 dec february fri mon week weeks days d + - ago now today 3pm 15:00
 2026-12-01 of eom T Z noon"""
WORDS = TEXT.split()
MOMENTS = st.datetimes(datetime(1950, 1, 1), datetime(2900, 1, 1))


@given(
    st.lists(st.sampled_from(WORDS)).map(" ".join) | st.text(),
    st.booleans(),
    st.datetimes(datetime(1950, 1, 1), datetime(2900, 1, 1)),
)
def test_anything_is_a_moment_or_a_usage_error(text: str, past: bool, now: datetime) -> None:
    try:
        found = when.parse(text, now=now.replace(tzinfo=UTC), zone=BERLIN, past=past)
    except UsageError:
        return

    when.due_utc(found.date, found.time, found.zone)
    when.instant(found, now.replace(tzinfo=UTC))


def test_the_zone_decides_what_day_it_is() -> None:
    now = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)

    assert when.today(now, KOLKATA) == "2026-11-23"
    assert when.parse("today", now=now, zone=KOLKATA).date == "2026-11-23"
    assert when.parse("today", now=now, zone=NEW_YORK).date == "2026-11-22"


@pytest.mark.parametrize(
    ("day", "clock", "zone", "instant"),
    [
        ("2026-11-27", "15:00", KOLKATA, "2026-11-27T09:30:00Z"),
        ("2026-11-27", None, KOLKATA, "2026-11-27T23:59:59Z"),
        ("2026-03-28", "09:00", BERLIN, "2026-03-28T08:00:00Z"),
        ("2026-03-30", "09:00", BERLIN, "2026-03-30T07:00:00Z"),
        ("2026-03-29", "02:30", BERLIN, "2026-03-29T01:30:00Z"),  # skipped: 03:30 on the clock
        ("2026-10-25", "02:30", BERLIN, "2026-10-25T00:30:00Z"),  # twice: the first
        ("2026-10-25", None, BERLIN, "2026-10-25T23:59:59Z"),
    ],
)
def test_due_utc(day: str, clock: str | None, zone: str, instant: str) -> None:
    assert when.due_utc(day, clock, zone) == instant


def test_hours_are_real_hours_across_a_clock_change() -> None:
    assert understood("in 2 hours", "2026-03-29T01:30", BERLIN) == "2026-03-29 04:30"


def test_instant_of_what_happened() -> None:
    now = at(SUNDAY)

    assert when.instant(when.When("2026-11-20", None, KOLKATA), now) == "2026-11-20T06:30:00Z"
    assert when.instant(when.When("2026-11-22", None, KOLKATA), now) == when.utc(now)
    assert when.instant(when.When("2026-11-20", "15:00", KOLKATA), now) == "2026-11-20T09:30:00Z"


@given(MOMENTS, st.sampled_from([KOLKATA, BERLIN, NEW_YORK]))
def test_the_codec_gives_back_what_it_took(naive: datetime, zone: str) -> None:
    moment = naive.replace(microsecond=0, tzinfo=UTC)

    assert when.utc(when.local(when.utc(moment), zone)) == when.utc(moment)
    assert datetime.fromisoformat(when.iso_local(when.utc(moment), zone)) == moment


def test_iso_local_shows_the_offset() -> None:
    assert when.iso_local("2026-11-02T04:30:00Z", KOLKATA) == "2026-11-02T10:00:00+05:30"


@pytest.mark.parametrize(("text", "days"), [("60d", 60), ("2w", 14), ("3m", 90), ("3mo", 90), ("1y", 365), (" 7D ", 7)])
def test_span(text: str, days: int) -> None:
    assert when.span(text) == days


@pytest.mark.parametrize("text", ["", "60", "d", "-5d", "5x", "5 days", "999999d", "²d"])
def test_no_span(text: str) -> None:
    with pytest.raises(UsageError, match="60d"):
        when.span(text)


@pytest.mark.parametrize(
    ("text", "minutes"), [("-1d", 1440), ("-2h", 120), ("-30m", 30), ("-30min", 30), ("-1w", 10080)]
)
def test_lead_times(text: str, minutes: int) -> None:
    assert when.relative_minutes(text) == minutes


@given(st.integers(0, 99_999))
def test_a_lead_time_is_written_as_it_is_read(minutes: int) -> None:
    assert when.relative_minutes(lead_words(minutes)) == minutes


@pytest.mark.parametrize(("minutes", "text"), [(1440, "-1d"), (90, "-90m"), (120, "-2h"), (20160, "-2w"), (0, "-0m")])
def test_a_lead_time_is_short(minutes: int, text: str) -> None:
    assert lead_words(minutes) == text


@pytest.mark.parametrize("text", ["", "1d", "-", "-x", "--1d", "-1y"])
def test_no_lead_time(text: str) -> None:
    with pytest.raises(UsageError, match="-1d"):
        when.relative_minutes(text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-11-02", "2026-11-02", "2026-11-02"),
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("2026", "2026-01-01", "2026-12-31"),
        ("today", "2026-11-22", "2026-11-22"),
        ("yesterday", "2026-11-21", "2026-11-21"),
        ("tomorrow", "2026-11-23", "2026-11-23"),
        ("this-week", "2026-11-16", "2026-11-22"),
        ("last-week", "2026-11-09", "2026-11-15"),
        ("next-week", "2026-11-23", "2026-11-29"),
        ("this-month", "2026-11-01", "2026-11-30"),
        ("next-month", "2026-12-01", "2026-12-31"),
        ("last-month", "2026-10-01", "2026-10-31"),
        ("This-Year", "2026-01-01", "2026-12-31"),
        ("last-year", "2025-01-01", "2025-12-31"),
    ],
)
def test_date_range(text: str, first: str, last: str) -> None:
    assert when.date_range(text, "2026-11-22") == (first, last)


@given(st.text() | st.from_regex(r"\A\d{4}(-\d\d(-\d\d)?)?\Z"))
def test_a_range_or_a_usage_error(text: str) -> None:
    try:
        first, last = when.date_range(text, "2026-11-22")
    except UsageError:
        return

    assert first <= last


@pytest.mark.parametrize(
    ("text", "birthday"),
    [
        ("1990-04-12", "1990-04-12"),
        ("--04-12", "--04-12"),
        ("04-12", "--04-12"),
        ("12 apr", "--04-12"),
        ("apr 12", "--04-12"),
        ("12 Apr 1990", "1990-04-12"),
        ("April 12, 1990", "1990-04-12"),
        ("12.4.1990", "1990-04-12"),
        ("12.04.", "--04-12"),
        ("1990-4-12", "1990-04-12"),
        ("1990/04/12", "1990-04-12"),
        ("19900412", "1990-04-12"),
        ("25/12/1990", "1990-12-25"),
        ("12/25/1990", "1990-12-25"),
        ("29 feb", "--02-29"),
        ("2000-02-29", "2000-02-29"),
    ],
)
def test_parse_birthday(text: str, birthday: str) -> None:
    assert when.parse_birthday(text) == birthday


@pytest.mark.parametrize(
    "text", ["", "12/04/1990", "31.2.1990", "1990", "30 feb", "2001-02-29", "13-01", "apr", "12 apr 90"]
)
def test_no_birthday(text: str) -> None:
    with pytest.raises(UsageError, match="1990-04-12"):
        when.parse_birthday(text)


@given(st.text())
def test_a_birthday_or_a_usage_error(text: str) -> None:
    try:
        when.parse_birthday(text)
    except UsageError:
        return


@pytest.mark.parametrize(
    ("birthday", "today", "coming"),
    [
        ("1990-11-22", "2026-11-22", ("2026-11-22", 36)),
        ("1990-11-21", "2026-11-22", ("2027-11-21", 37)),
        ("--12-01", "2026-11-22", ("2026-12-01", None)),
        ("--01-01", "2026-12-31", ("2027-01-01", None)),
        ("2000-02-29", "2026-11-22", ("2027-03-01", 27)),
        ("2000-02-29", "2027-03-01", ("2027-03-01", 27)),
        ("2000-02-29", "2027-12-01", ("2028-02-29", 28)),
        ("2000-02-29", "2028-03-01", ("2029-03-01", 29)),
    ],
)
def test_next_birthday(birthday: str, today: str, coming: tuple[str, int | None]) -> None:
    assert when.next_birthday(birthday, today) == coming


def test_a_birthday_is_within_a_year() -> None:
    day = datetime(2026, 1, 1, tzinfo=UTC)
    for shift in range(800):
        today = (day + timedelta(days=shift)).date().isoformat()
        assert today <= when.next_birthday("2000-02-29", today)[0]
