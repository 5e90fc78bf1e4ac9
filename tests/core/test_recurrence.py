from __future__ import annotations

from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from crm_cli.core import recurrence
from crm_cli.core.recurrence import Every
from crm_cli.errors import UsageError

KOLKATA = "Asia/Kolkata"
TODAY = "2026-11-22"  # a Sunday


def read(text: str, *, zone: str = KOLKATA) -> Every:
    now = datetime.fromisoformat(f"{TODAY}T10:00").replace(tzinfo=ZoneInfo(zone))
    return recurrence.parse(text, today=TODAY, zone=zone, now=now)


def coming(every: Every, start: str = TODAY, number: int = 3) -> list[str]:
    return list(islice(recurrence.days(every, start), number))


@pytest.mark.parametrize(
    ("text", "rule", "found"),
    [
        ("every day", "FREQ=DAILY", ["2026-11-22", "2026-11-23", "2026-11-24"]),
        ("every 2 weeks", "FREQ=WEEKLY;INTERVAL=2", ["2026-11-22", "2026-12-06", "2026-12-20"]),
        ("every weekday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", ["2026-11-23", "2026-11-24", "2026-11-25"]),
        ("every last friday", "FREQ=MONTHLY;BYDAY=-1FR", ["2026-11-27", "2026-12-25", "2027-01-29"]),
        ("every other friday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", ["2026-11-27", "2026-12-11", "2026-12-25"]),
        ("every monday 2 times", "FREQ=WEEKLY;BYDAY=MO;COUNT=2", ["2026-11-23", "2026-11-30"]),
    ],
)
def test_a_rule_in_words_is_an_rrule_and_its_days(text: str, rule: str, found: list[str]) -> None:
    every = read(text)

    assert every == Every(rule)
    assert coming(every) == found


def test_a_rule_that_never_happens_is_refused() -> None:
    with pytest.raises(UsageError, match="never happens"):
        read("every 30 february")
