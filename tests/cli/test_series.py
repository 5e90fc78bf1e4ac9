"""Activities that repeat: planned with a rule, completed, skipped, moved and ended, through the front door."""

import json
import sqlite3

import pytest
from support import dump, made_once


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


@pytest.fixture
def weekly(on):
    """A report each Monday at 09:00, planned on Tuesday, 24 November 2026."""
    on("2026-11-24", "todo", "Report", "--every", "every monday 9am")
    return on


def test_skipping_one_plans_the_next(weekly, crm, book_path):
    before = dump(book_path)

    tried = weekly("2026-11-24", "skip", "a1", "--dry-run")
    assert (tried.out, dump(book_path)) == ("a1\na2\n", before)

    skipped = weekly("2026-11-24", "skip", "a1")

    assert skipped.out == "a1\na2\n"
    assert skipped.err == "Skipped a1 Report; next a2 Report → Mon 7 Dec 2026 09:00, every Monday [ch2]\n"
    assert crm("show", "a1", "--json").json["status"] == "cancelled"
    crm("undo", "ch2")
    assert dump(book_path) == before


def test_skipping_an_overdue_one_counts_from_today(weekly, crm):
    skipped = weekly("2026-12-21", "skip", "a1", "--json")

    assert [one["due"] for one in skipped.json] == ["2026-11-30T09:00:00+05:30", "2026-12-21T09:00:00+05:30"]
    assert skipped.err == "Skipped a1 Report; next a2 Report → Mon 21 Dec 2026 09:00, every Monday (2 missed) [ch2]\n"


def test_skip_reads_ids_from_a_pipe(weekly, crm):
    found = weekly("2026-11-24", "skip", "-", given="a1\n")
    assert found.out == "a1\na2\n"

    assert weekly("2026-11-24", "skip", "-", given="").out == ""


def test_only_what_repeats_is_skipped(crm, book_path):
    crm("todo", "Call", "--due", "fri")
    before = dump(book_path)

    for line in (("skip", "a1"), ("move", "--all", "a1", "mon"), ("cancel", "--all", "a1")):
        found = crm(*line)
        assert (found.code, found.err) == (2, "crm: a1 does not repeat\n")
    assert dump(book_path) == before


def test_the_last_one_skipped_completes_the_series(on):
    on("2026-11-24", "todo", "Visit", "--every", "every friday 1 times")

    assert on("2026-11-24", "skip", "a1").err == "Skipped a1 Visit; the series of a1 is complete [ch2]\n"


def test_moving_one_leaves_the_series_on_its_days(weekly, crm):
    moved = weekly("2026-11-24", "move", "a1", "+1d")

    assert moved.err == "Moved a1 Report → Tue 1 Dec 2026 09:00 (only this one; every Monday) [ch2]\n"
    assert weekly("2026-12-01", "done", "a1").err.startswith("Done a1 Report; next a2 Report → Mon 7 Dec 2026 09:00,")


@pytest.mark.parametrize(
    ("rule", "when", "moved", "then"),
    [
        ("every monday 9am", "wed", "Wed 25 Nov 2026 09:00, every Wednesday", "Wed 2 Dec 2026 09:00"),
        ("every monday 9am", "30 nov 10:00", "Mon 30 Nov 2026 10:00, every Monday", "Mon 7 Dec 2026 10:00"),
        ("every 2 weeks", "thu", "Thu 26 Nov 2026, every 2 weeks", "Thu 10 Dec 2026"),
        ("every month on the 31st", "15 dec", "Tue 15 Dec 2026, every month on the 15th", "Fri 15 Jan 2027"),
        ("every friday 5 times", "sat", "Sat 28 Nov 2026, every Saturday, 5 times", "Sat 5 Dec 2026"),
        ("every! 3 months", "1 dec", "Tue 1 Dec 2026, 3 months after each completion", "Wed 24 Feb 2027"),
    ],
)  # fmt: skip
def test_all_later_ones_are_moved_too(on, rule, when, moved, then):
    on("2026-11-24", "todo", "Report", "--every", rule)

    assert on("2026-11-24", "move", "--all", "a1", when).err == f"Moved a1 Report → {moved} [ch2]\n"
    done = on("2026-11-24", "done", "a1").err
    assert f"next a2 Report → {then}, " in done


def test_the_number_of_times_is_what_is_left(on):
    on("2026-11-24", "todo", "Visit", "--every", "every friday 5 times")
    on("2026-11-27", "done", "a1")
    on("2026-12-04", "done", "a2")

    moved = on("2026-12-05", "move", "--all", "a3", "sat")

    assert moved.err == "Moved a3 Visit → Sat 12 Dec 2026, every Saturday, 3 times [ch4]\n"


def test_a_move_that_does_not_say_how_the_others_move_is_refused(on, book_path):
    on("2026-11-24", "todo", "Report", "--every", "every last friday")
    before = dump(book_path)

    found = on("2026-11-24", "move", "--all", "a1", "mon")

    assert (found.code, dump(book_path)) == (2, before)
    assert found.err == (
        "crm: moving 2026-11-27 to 2026-11-30 does not say how the others should move"
        ' (give one, as in: crm edit a31 every="every friday")\n'
    )


def test_a_series_is_not_cancelled_by_mistake(weekly, crm, book_path):
    before = dump(book_path)

    found = crm("cancel", "a1")

    assert (found.code, dump(book_path)) == (1, before)
    assert found.err == "crm: a1 repeats (this one only: crm skip a1; the whole series: crm cancel --all a1)\n"


def test_a_series_is_ended_by_cancel_all(weekly, crm):
    assert crm("cancel", "--all", "a1").err == "Cancelled a1 Report, which ends its series [ch2]\n"
    assert open_plans(crm) == []

    crm("undo", "ch2")
    assert [ref for ref, *_ in open_plans(crm)] == ["a1"]


def test_removing_says_that_a_series_ends(weekly, crm, book_path):
    before = dump(book_path)

    removed = crm("rm", "a1")

    assert removed.err == "Removed a1 task: Report, which ends its series [ch2] (crm undo ch2 restores it)\n"
    assert dump(book_path)["series"] == []
    crm("undo", "ch2")
    assert dump(book_path) == before


def test_removing_a_person_says_that_their_series_end(crm):
    crm("add", "Asha Verma")
    crm("todo", "Call", "--with", "asha", "--every", "every monday")
    crm("todo", "Write", "--with", "asha", "--every", "every friday")

    removed = crm("rm", "asha")

    assert removed.err.startswith("Removed 1 Asha Verma with 2 activities, which ends 2 series [ch4]")


def test_removing_a_past_one_leaves_the_series(weekly, crm):
    weekly("2026-11-30", "done", "a1")

    assert "series" not in crm("rm", "a1").err
    assert [ref for ref, *_ in open_plans(crm)] == ["a2"]


def test_logging_closes_one_and_plans_the_next(crm):
    crm("add", "Asha Verma")
    crm("todo", "Call", "--kind", "call", "--with", "asha", "--every", "every monday", "--remind", "-1h")

    logged = crm("called", "asha", "-m", "Fine", "--closes", "a1")

    assert logged.err == (
        "Logged a1 call with Asha Verma; closed a1; next a2 Call → Mon 30 Nov 2026, every Monday [ch3]\n"
    )
    following = crm("show", "a2", "--json").json
    assert ([one["name"] for one in following["people"]], len(following["reminders"])) == (["Asha Verma"], 1)


def test_a_rule_is_edited(crm):
    crm("todo", "Report")

    assert crm("edit", "a1", "every=every monday").err == "Changed a1 Report → Mon 23 Nov 2026, every Monday [ch2]\n"
    assert crm("edit", "a1", "every=every friday 9am", "due=thu").err == (
        "Changed a1 Report → Thu 26 Nov 2026 09:00, every Friday (then Fri 27 Nov 2026) [ch3]\n"
    )
    assert (
        crm("edit", "a1", "due=wed").err == "Changed a1 Report → Wed 25 Nov 2026 (only this one; every Friday) [ch4]\n"
    )
    assert crm("edit", "a1", "every=").err == "Changed a1 Report → Wed 25 Nov 2026 (does not repeat) [ch5]\n"
    assert crm("done", "a1").err == "Done a1 Report [ch6]\n"
    assert (
        crm("edit", "a1", "every=every monday").err
        == "crm: a1 is done; every= does not apply (only open activities repeat)\n"
    )


@pytest.mark.parametrize(
    "rule",
    [
        "every monday", "every weekday", "every 2 weeks on monday and friday", "every month on the 31st",
        "every last friday", "every 29 feb", "every! 3 months", "every! 2 weeks until 2030", "every friday 5 times",
        "every day until 1 mar 2027", "every last weekday", "every first monday of december", "every quarter",
        "FREQ=MONTHLY;BYDAY=2TU,4TU", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
    ],
)  # fmt: skip
def test_the_card_of_one_that_repeats_reads_back_unchanged(crm, monkeypatch, rule):
    crm("todo", "Report", "--every", rule)
    monkeypatch.setenv("EDITOR", "touch")

    assert crm("edit", "a1").err == "crm: nothing was changed\n"


def test_a_book_with_series_is_exported_and_imported_whole(weekly, crm, book_path, tmp_path):
    weekly("2026-11-30", "done", "a1")
    exported = tmp_path / "book.json"
    crm("export", "--format", "json", "-o", str(exported))
    copy = tmp_path / "copy.db"

    assert crm("--book", str(copy), "import", str(exported)).code == 0
    assert dump(copy) == dump(book_path)

    other = tmp_path / "other.db"
    crm("--book", str(other), "todo", "First")
    crm("--book", str(other), "import", str(exported))
    assert crm("--book", str(other), "import", str(exported)).err.rstrip().endswith("0 rejected")
    assert crm("--book", str(other), "done", "a3").err.startswith("Done a3 Report; next a4 Report → Mon 14 Dec 2026")


@pytest.mark.parametrize(
    ("key", "value"), [("rule", "FREQ=HOURLY"), ("rule", 7), ("start", "soon"), ("time", "9am"), ("from_completion", 3)]
)
def test_an_invalid_series_of_a_file_is_refused_with_its_place(weekly, crm, tmp_path, key, value):
    found = crm("export", "--format", "json").json
    found["series"][0][key] = value
    (tmp_path / "bad.json").write_text(json.dumps(found))

    refused = crm("--book", str(tmp_path / "new.db"), "import", str(tmp_path / "bad.json"))

    assert refused.code == 1
    assert f"series[0].{key}" in refused.err


def test_two_open_ones_after_an_import_do_not_multiply(weekly, crm, tmp_path):
    exported = tmp_path / "book.json"
    crm("export", "--format", "json", "-o", str(exported))
    copy = str(tmp_path / "copy.db")
    crm("--book", copy, "import", str(exported))
    crm("--book", copy, "done", "a1")
    crm("--book", copy, "export", "--format", "json", "-o", str(tmp_path / "later.json"))
    crm("import", str(tmp_path / "later.json"))

    assert crm("done", "a1").err.startswith("Done a1 Report; next a2 Report → Mon 7 Dec 2026 09:00, every Monday")


def test_a_zone_that_no_longer_exists_is_replaced_by_the_users(weekly, crm, book_path):
    with sqlite3.connect(book_path) as db:
        db.execute("UPDATE series SET zone = 'Mars/Olympus'")

    done = weekly("2026-11-30", "done", "a1", "--json")

    assert done.json[1]["due"] == "2026-12-07T09:00:00+05:30"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "never happens: no year has such a day"),
        ("every 31 february", "never happens: no year has such a day"),
        ("FREQ=SECONDLY;INTERVAL=8", "repeats within a day"),
        ("every 8 seconds", "repeats within a day"),
        ("every day until 2020", "has ended already"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_kept_is_refused_in_one_line(crm, book_path, rule, words):
    found = crm("todo", "x", "--every", rule)

    assert found.code == 2
    assert words in found.err
    assert found.err.count("\n") == 1


def test_what_follows_may_repeat(crm):
    crm("todo", "Quote")

    done = crm("done", "a1", "--next", "every friday 3pm: ask for the order")

    assert done.err == ("Done a1 Quote; next a2 ask for the order → Fri 27 Nov 2026 15:00, every Friday [ch2]\n")


@pytest.fixture
@made_once
def mixed(crm):
    """A weekly and a monthly activity with one person, a yearly one with another, and one that does not repeat."""
    crm("add", "Asha Verma")
    crm("add", "Ravi Kumar")
    crm("todo", "Report", "--with", "asha", "--every", "weekday", "--due", "today")
    crm("todo", "Invoice", "--with", "asha", "--every", "freq=monthly;bymonthday=1")
    crm("todo", "Greet", "--with", "ravi", "--every", "every 15 march")
    crm("todo", "Call", "--with", "ravi", "--due", "fri")
    return crm


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("every:weekly", ["a1"]), ("every:monthly", ["a2"]), ("every:yearly", ["a3"]), ("every:daily", []),
        ("has:every", ["a1", "a2", "a3"]), ("no:every", ["a4"]), ("not:every:weekly", ["a2", "a3", "a4"]),
        ("repeats:weekly", ["a1"]),
    ],
)  # fmt: skip
def test_a_query_finds_what_repeats(mixed, query, found):
    assert sorted(mixed("agenda", query, "--days", "999", "--format", "ids").lines) == found


def test_a_person_repeats_while_their_activity_does(mixed):
    assert mixed("list", "every:weekly", "--format", "ids").lines == ["1"]
    assert mixed("list", "no:every", "--format", "ids").lines == []

    mixed("done", "a3")
    mixed("cancel", "--all", "a5")
    assert mixed("list", "has:every", "--format", "ids").lines == ["1"]
    assert mixed("history", "every:yearly", "--format", "ids").lines == ["a3"]


def test_a_wrong_word_gets_the_known_ones(mixed):
    assert "known are daily, weekly, monthly, yearly" in mixed("agenda", "every:hour").err


def test_lists_and_cards_mark_what_repeats(mixed):
    assert "crm done a1  ↻ " in mixed("digest").out
    assert "  repeats       every weekday\n" in mixed("show", "a1").out
    assert "↻ task: Report" in mixed("show", "asha").out
    assert "↻" not in mixed("today", "--format", "tsv").out
    assert mixed("today", "--json").json["due"][0]["every"]["rule"] == "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"


def test_a_next_step_counted_from_completion_begins_a_period_from_now(crm):
    crm("add", "Asha")

    logged = crm("called", "asha", "--next", "every! 3 months: ask how it goes")

    assert "; next a2 ask how it goes → Mon 22 Feb 2027, 3 months after each completion" in logged.err


def test_a_series_that_begins_at_the_end_of_the_month_stays_there(crm):
    planned = crm("todo", "Invoices", "--due", "end of february 2027", "--every", "every month")
    assert "every month on the last day" in planned.err

    assert "31 Mar 2027" in crm("done", "1").err
    assert "every week" in crm("todo", "Report", "--due", "eom", "--every", "every week").err
