"""Every phrase for a day or a time that crm reads, and what it means on Sunday, 22 November 2026 at 10:00 in India."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from phrases import random_texts, rows

from crm_cli.core import when
from crm_cli.core.days import duration_minutes
from crm_cli.core.when import When
from crm_cli.errors import PlacedError, UsageError

KOLKATA = "Asia/Kolkata"
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=ZoneInfo(KOLKATA))


def read(text: str, *, past: bool = False, spans: bool = False, base: When | None = None) -> str:
    found = when.parse(text, now=NOW, zone=KOLKATA, past=past, spans=spans, base=base)
    zone = "" if found.zone == KOLKATA else found.zone
    return " ".join(filter(None, (found.date, found.time, zone)))


DAYS = """
today                              2026-11-22
Tomorrow                           2026-11-23
yesterday                          2026-11-21
day after tomorrow                 2026-11-24
the day after tomorrow             2026-11-24
day before yesterday               2026-11-20
mon                                2026-11-23
friday                             2026-11-27
on fri                             2026-11-27
thurs                              2026-11-26
sun                                2026-11-29
next fri                           2026-11-27
next sun                           2026-11-29
last fri                           2026-11-20
last sun                           2026-11-15
this sun                           2026-11-22
2026-12-01                         2026-12-01
on 2026-12-01                      2026-12-01
1 dec                              2026-12-01
dec 1                              2026-12-01
22 nov                             2026-11-22
21 nov                             2027-11-21
1st of december                    2026-12-01
the 1st of december                2026-12-01
dec 1 2026                         2026-12-01
December 1, 2026                   2026-12-01
29 feb                             2028-02-29
31 dec                             2026-12-31
१ dec                              2026-12-01
fri 27 nov                         2026-11-27
Friday, 27 November 2026           2026-11-27
fri 2026-11-27                     2026-11-27
15th                               2026-12-15
the 22nd                           2026-11-22
on the 30th                        2026-11-30
31st                               2026-12-31
15th of next month                 2026-12-15
the 25th of this month             2026-11-25
the 3rd of the month               2026-12-03
"""
PERIODS = """
next week                          2026-11-23
next month                         2026-12-01
next quarter                       2027-01-01
next year                          2027-01-01
eod                                2026-11-22
eow                                2026-11-22
eom                                2026-11-30
eoq                                2026-12-31
eoy                                2026-12-31
end of day                         2026-11-22
end of week                        2026-11-22
end of month                       2026-11-30
end of the month                   2026-11-30
end of this month                  2026-11-30
end of quarter                     2026-12-31
end of year                        2026-12-31
end of next week                   2026-11-29
end of next month                  2026-12-31
end of next quarter                2027-03-31
end of last month                  2026-10-31
end of november                    2026-11-30
end of december                    2026-12-31
end of february                    2027-02-28
end of feb 2028                    2028-02-29
last day of the month              2026-11-30
last day of march                  2027-03-31
start of next week                 2026-11-23
start of december                  2026-12-01
first day of next month            2026-12-01
first day of the next quarter      2027-01-01
first day of november              2027-11-01
"""
WEEKDAYS_OF_MONTHS = """
first monday of december           2026-12-07
the first monday of december       2026-12-07
first monday in december           2026-12-07
1st monday of dec 2027             2027-12-06
second tuesday of january          2027-01-12
third thursday of november         2027-11-18
fourth thursday of november        2026-11-26
fifth monday of november           2026-11-30
last friday of november            2026-11-27
last friday of the month           2026-11-27
last friday of this month          2026-11-27
last friday of month               2026-11-27
first friday of the month          2026-12-04
first friday of next month         2026-12-04
last sunday of october 2026        2026-10-25
last friday of last month          2026-10-30
"""
WORKING_DAYS = """
in 3 working days                  2026-11-25
in a working day                   2026-11-23
in five working days               2026-11-27
in 6 working days                  2026-11-30
in 10 workdays                     2026-12-04
in 3 business days                 2026-11-25
3 working days                     2026-11-25
+3 working days                    2026-11-25
-1 working day                     2026-11-20
3 working days ago                 2026-11-18
next working day                   2026-11-23
last working day                   2026-11-20
first working day of december      2026-12-01
last working day of the month      2026-11-30
last working day of january 2027   2027-01-29
in 3 working days at 9am           2026-11-25 09:00
"""
STEPS = """
in 3 days                          2026-11-25
3 days                             2026-11-25
+3d                                2026-11-25
-1d                                2026-11-21
in a week                          2026-11-29
in 2 weeks                         2026-12-06
in two weeks                       2026-12-06
2w                                 2026-12-06
+1w                                2026-11-29
in a fortnight                     2026-12-06
in 1 month                         2026-12-22
3mo                                2027-02-22
in 2 quarters                      2027-05-22
+1y                                2027-11-22
three days ago                     2026-11-19
2 weeks ago                        2026-11-08
a week ago                         2026-11-15
now                                2026-11-22 10:00
in an hour                         2026-11-22 11:00
in 2 hours                         2026-11-22 12:00
in 30 min                          2026-11-22 10:30
in 15 hours                        2026-11-23 01:00
+2h                                2026-11-22 12:00
-30min                             2026-11-22 09:30
an hour ago                        2026-11-22 09:00
2h ago                             2026-11-22 08:00
90 min ago                         2026-11-22 08:30
"""
TIMES = """
3pm                                2026-11-22 15:00
at 3pm                             2026-11-22 15:00
9am                                2026-11-23 09:00
10:00                              2026-11-23 10:00
10:01                              2026-11-22 10:01
noon                               2026-11-22 12:00
12am                               2026-11-23 00:00
12pm                               2026-11-22 12:00
fri 3pm                            2026-11-27 15:00
fri at 3 pm                        2026-11-27 15:00
fri, 3:30pm                        2026-11-27 15:30
3pm fri                            2026-11-27 15:00
3pm on fri                         2026-11-27 15:00
tomorrow 9am                       2026-11-23 09:00
tomorrow noon                      2026-11-23 12:00
in 2 weeks 9am                     2026-12-06 09:00
in one week 9am                    2026-11-29 09:00
+3d 15:00                          2026-11-25 15:00
2026-12-01 09:00                   2026-12-01 09:00
2026-12-01T09:00                   2026-12-01 09:00
2026-12-01T09:00:30                2026-12-01 09:00
2026-12-01 9am                     2026-12-01 09:00
1 December 2026 9am                2026-12-01 09:00
eom 5pm                            2026-11-30 17:00
end of next month at 17:00         2026-12-31 17:00
first monday of december 9:30      2026-12-07 09:30
the 15th at noon                   2026-12-15 12:00
"""
ZONES = """
2026-12-01T09:00Z                  2026-12-01 14:30
2026-12-01 09:00+01:00             2026-12-01 13:30
2026-12-01 22:00 +0000             2026-12-02 03:30
fri 9am Europe/Paris               2026-11-27 09:00 Europe/Paris
fri 9am europe/paris               2026-11-27 09:00 Europe/Paris
9am Europe/Paris                   2026-11-22 09:00 Europe/Paris
9am Asia/Tokyo                     2026-11-23 09:00 Asia/Tokyo
2026-12-01 09:00 America/New_York  2026-12-01 09:00 America/New_York
today 23:00 Pacific/Honolulu       2026-11-21 23:00 Pacific/Honolulu
in 2 hours UTC                     2026-11-22 06:30 UTC
eom 17:00 utc                      2026-11-30 17:00 UTC
fri 9am Asia/Kolkata               2026-11-27 09:00
"""
PAST = """
sun                                2026-11-15
mon                                2026-11-16
sat                                2026-11-21
last sat                           2026-11-21
this mon                           2026-11-16
fri 3pm                            2026-11-20 15:00
3pm                                2026-11-21 15:00
9am                                2026-11-22 09:00
10:00                              2026-11-22 10:00
1 dec                              2025-12-01
22 nov                             2026-11-22
29 feb                             2024-02-29
15th                               2026-11-15
the 31st                           2026-10-31
2 weeks ago                        2026-11-08
yesterday 4pm                      2026-11-21 16:00
-1d                                2026-11-21
last working day                   2026-11-20
2 working days ago                 2026-11-19
first monday of the month          2026-11-02
last friday of the month           2026-10-30
end of october                     2026-10-31
first monday of december           2025-12-01
end of last quarter                2026-09-30
fri 9am Europe/Paris               2026-11-20 09:00 Europe/Paris
"""
MOVED = """
+1w                                2026-12-04 15:00
+1d                                2026-11-28 15:00
-2d                                2026-11-25 15:00
+1mo                               2026-12-27 15:00
+1w 9am                            2026-12-04 09:00
+2h                                2026-11-27 17:00
-30min                             2026-11-27 14:30
+10h                               2026-11-28 01:00
+2 working days                    2026-12-01 15:00
in 1 week                          2026-11-29
1w                                 2026-11-29
mon                                2026-11-23
tomorrow 9am                       2026-11-23 09:00
"""
WAITING = """
2h                                 2026-11-22 12:00
45m                                2026-11-22 10:45
90 min                             2026-11-22 11:30
1h30m                              2026-11-22 11:30
1h 30m                             2026-11-22 11:30
2 hours                            2026-11-22 12:00
14h                                2026-11-23 00:00
mon                                2026-11-23
"""
REFUSED = """
soon                       is not a day or time; examples: fri 3pm
midnight                   is not a day or time
december                   is not a day or time
dec 2026                   is not a day or time
monday tuesday             is not a day or time
fri fri                    is not a day or time
next                       is not a day or time
12                         is not a day or time
15                         is not a day or time
2026-13-01                 is not a day or time
1.13.                      is not a day or time
2026-W49-2                 is not a day or time
2026-13-01                 is not a day or time
2026-02-30                 February 2026 has 28 days, not 30
31.4.2026                  April 2026 has 30 days, not 31
1 dec 26                   is not a day or time
25:00                      is not a day or time
24:00                      is not a day or time
13pm                       is not a day or time
0am                        is not a day or time
3pm 4pm                    is not a day or time
2026-12-01T25:00           is not a day or time
2026-12-01 09:00+99:99     is not a day or time
tomorrow ²                 is not a day or time
two weeks                  is not a day or time
in weeks                   is not a day or time
in zero days               is not a day or time
in 0 working days          is not a day or time
in -2 days                 is not a day or time
in 2 days ago              is not a day or time
+2 weeks ago               is not a day or time
in 99999 years             is not a day or time
0001-01-01                 is not a day or time
9999-12-31                 is not a day or time
sixth monday of december   is not a day or time
vendredi prochain          is not a day or time
1/12                       is not a day or time
03/04/2026                 is ambiguous: countries order day and month differently
1.12.26                    is ambiguous: countries order day and month differently
3-4-2026                   write 2026-12-01 (year-month-day)
15h                        could be a time or a duration; write 15:00, +2h
2 hours                    could be a time or a duration
30min                      could be a time or a duration
3m                         could be minutes or months; write 30min or 3mo
in 3m                      could be minutes or months
45m                        could be minutes or months
32 december                no month has more than 31 days
30 feb                     February has 29 days, not 30
31 nov                     November has 30 days, not 31
31 nov 2026                November 2026 has 30 days, not 31
29 feb 2027                February 2027 has 28 days, not 29
31st of the month          November 2026 has no such day
fifth monday of december   December 2026 has no such day
thu 27 nov                 2026-11-27 is a Friday
this monday                'this monday' was 2026-11-16
this fri 3pm               'this fri' was 2026-11-20
first day of this month    'first day of this month' was 2026-11-01
1st of this month          was 2026-11-01
fri Europe/Paris           a time zone needs a time of day
fri 9am US/Pacific-New     there is no time zone 'US/Pacific-New'; write one like Asia/Kolkata
fri 9am Mars/Olympus       there is no time zone 'Mars/Olympus'
"""


@pytest.mark.parametrize(
    ("phrase", "meaning"),
    rows(DAYS + PERIODS + WEEKDAYS_OF_MONTHS + WORKING_DAYS + STEPS + TIMES + ZONES),
)
def test_a_phrase_of_a_plan(phrase: str, meaning: str) -> None:
    assert read(phrase) == meaning


@pytest.mark.parametrize(("phrase", "meaning"), rows(PAST))
def test_a_phrase_of_what_happened(phrase: str, meaning: str) -> None:
    assert read(phrase, past=True) == meaning


@pytest.mark.parametrize(("phrase", "meaning"), rows(MOVED))
def test_a_phrase_that_moves_a_plan_of_friday_at_three(phrase: str, meaning: str) -> None:
    assert read(phrase, base=When("2026-11-27", "15:00", KOLKATA)) == meaning


@pytest.mark.parametrize(("phrase", "meaning"), rows(WAITING))
def test_a_phrase_where_a_duration_is_meant(phrase: str, meaning: str) -> None:
    assert read(phrase, spans=True) == meaning


@pytest.mark.parametrize(
    ("phrase", "why"), [*rows(REFUSED), ("", "is not a day"), (" ", "is not a day"), ("x" * 500, "…")]
)
def test_what_is_not_a_phrase_is_refused_with_the_reason(phrase: str, why: str) -> None:
    with pytest.raises(UsageError, match=re.escape(why)):
        read(phrase)


@pytest.mark.parametrize(
    ("phrase", "word"),
    [
        ("frii 3pm", "frii"),
        ("in 2 fortnites", "fortnites"),
        ("first munday of december", "munday"),
        ("fri 3pmm", "3pmm"),
    ],
)
def test_the_place_of_an_unknown_word_is_shown(phrase: str, word: str) -> None:
    with pytest.raises(PlacedError) as refused:
        read(phrase)

    assert phrase[refused.value.position :].startswith(word)


def test_hours_are_not_added_to_a_day() -> None:
    with pytest.raises(UsageError, match="without a time of day to count hours from"):
        read("+2h", base=When("2026-11-27", None, KOLKATA))


def test_a_plan_without_a_time_moves_by_days() -> None:
    assert read("+1w", base=When("2026-11-27", None, KOLKATA)) == "2026-12-04"


def test_a_moved_plan_keeps_its_zone() -> None:
    assert read("+1w", base=When("2026-11-27", "15:00", "Europe/Paris")) == "2026-12-04 15:00 Europe/Paris"


def test_a_duration_is_not_in_the_past_or_in_months() -> None:
    assert duration_minutes("1h30m") == 90
    assert duration_minutes("3mo") is None


def test_10_000_random_texts_are_a_moment_or_a_usage_error() -> None:
    for text in random_texts(10_000):
        with suppress(UsageError):
            read(text)
