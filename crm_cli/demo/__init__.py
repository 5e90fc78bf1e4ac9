"""The demo book's data: a vCard file, a CSV of leads from a fair, a year of activities, and deals.

In the two files ``{day+3}`` is replaced by the month and day of three days from today, so that there is always a
birthday soon, whenever the demo is created.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

PEOPLE, FAIR = "people.vcf", "fair.csv"
REGION = "IN"
"""The country in which the two files' phone numbers need no prefix."""
FAIR_TAG = "fair"
_DAY = re.compile(rb"\{day\+(\d+)\}")


def read(name: str, today: date) -> bytes:
    """Return one of the two files, with its placeholders filled in for ``today``."""
    text = Path(__file__).with_name(name).read_bytes()
    dash = b"-" if name.endswith(".csv") else b""
    return _DAY.sub(lambda found: _month_and_day(today, int(found[1]), dash), text)


def _month_and_day(today: date, ahead: int, dash: bytes) -> bytes:
    """Format a birthday's month and day; not every year has a 29th of February."""
    day = today + timedelta(days=ahead)
    if (day.month, day.day) == (2, 29):
        day -= timedelta(days=1)
    return b"%02d%s%02d" % (day.month, dash, day.day)


def workday(today: date, number: int) -> date:
    """Return the day ``number`` working days before (negative) or after today; 0 is today, even on a weekend."""
    step = timedelta(days=1 if number > 0 else -1)
    day = today
    for _ in range(abs(number)):
        day += step
        while day.weekday() > 4:
            day += step
    return day
