"""Activities that repeat: planned with a rule, completed, skipped, moved and ended, through the front door."""

import pytest
from support import dump


@pytest.fixture
def on(crm, monkeypatch):
    """Run a command line on a day, at 09:00."""

    def run(day, *args, **more):
        monkeypatch.setenv("CRM_NOW", f"{day}T09:00:00+05:30")
        return crm(*args, **more)

    return run


def open_plans(crm):
    """What is open: id, due, subject."""
    found = crm("agenda", "--json", "--days", "3660", "--only", "overdue,due,coming,undated").json
    return [(one["id"], one["due"], one["subject"]) for name in found if name != "snoozed" for one in found[name]]


def test_a_plan_may_repeat(crm):
    planned = crm("todo", "Send invoice", "--every", "every month on the 1st")

    assert (planned.code, planned.out) == (0, "a1\n")
    assert planned.err == "Planned a1 Send invoice → Tue 1 Dec 2026, every month on the 1st [ch1]\n"


def test_completing_one_plans_the_next_in_the_same_change(crm, book_path):
    crm("todo", "Send invoice", "--every", "every month on the 1st")
    before = dump(book_path)

    done = crm("done", "a1")

    assert (done.code, done.out) == (0, "a1\na2\n")
    assert done.err == ("Done a1 Send invoice; next a2 Send invoice → Fri 1 Jan 2027, every month on the 1st [ch2]\n")
    assert open_plans(crm) == [("a2", "2027-01-01", "Send invoice")]

    after = dump(book_path)
    crm("undo", "ch2")
    assert dump(book_path) == before
    crm("redo", "ch2")
    assert dump(book_path) == after


def test_a_missed_one_rolls_over_once(on):
    on("2026-11-01", "todo", "Report", "--every", "every monday")

    assert "Report" in on("2026-11-24", "today").out
    done = on("2026-11-24", "done", "a1")

    assert done.err == "Done a1 Report; next a2 Report → Mon 30 Nov 2026, every Monday (3 missed) [ch2]\n"
