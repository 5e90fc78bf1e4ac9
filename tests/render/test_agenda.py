"""How an activity's day and company are worded."""

import pytest

from crm_cli.core.daily import Activity, Person
from crm_cli.render import activities

ZONE = "Asia/Kolkata"
TODAY = "2026-11-22"


def plan(day=None, time=None, utc=None):
    return Activity(1, "u", "task", "open", "quote", due_date=day, due_time=time, due_utc=utc, zone=ZONE)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (plan(), ""),
        (plan("2026-11-19"), "3 days late"),
        (plan("2026-11-21"), "yesterday"),
        (plan("2026-11-22"), "today"),
        (plan("2026-11-22", "15:00", "2026-11-22T09:30:00Z"), "today 15:00"),
        (plan("2026-11-23"), "tomorrow"),
        (plan("2026-11-27", "09:00", "2026-11-27T03:30:00Z"), "Fri 09:00"),
        (plan("2026-11-29"), "29 Nov"),
        (plan("2027-01-02"), "2 Jan 2027"),
        (plan("2026-11-22", "23:00", "2026-11-23T04:00:00Z"), "tomorrow 09:30"),
    ],
)
def test_a_due_day_is_worded_from_today(found, words):
    """The last: a plan made in another zone is told in the reader's."""
    assert activities.due_words(found, TODAY, ZONE) == words


@pytest.mark.parametrize(
    ("people", "company", "words"),
    [
        ((), "", ""),
        ((), "Acme", "Acme"),
        ((Person(1, "Asha", "Acme"),), "", "Asha, Acme"),
        ((Person(1, "Asha"),), "Globex", "Asha, Globex"),
        ((Person(1, "Asha", "Acme"), Person(2, "Ravi")), "Acme", "Asha, Ravi"),
        (tuple(Person(number, f"P{number}") for number in range(5)), "", "P0, P1 +3"),
    ],
)
def test_who_takes_part(people, company, words):
    """Two names at most; a single one with the company."""
    assert activities.who(Activity(1, "u", "call", "done", "", people=people, company=company)) == words


def test_what_it_is_about_is_one_line():
    """Without a subject the first line of the text."""
    assert activities.what(Activity(1, "u", "note", "done", "", body="\nfirst\nsecond")) == "first"
