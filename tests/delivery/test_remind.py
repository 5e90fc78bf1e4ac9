"""``crm remind``: each reminder arrives once, by the first route that works, whatever happens."""

from __future__ import annotations

import pytest

SAID = ["Call Asha (today 10:00)", "  Asha Verma, Acme", "  crm done a1"]


def test_a_reminder_arrives_when_its_moment_has_come_and_only_once(reminded, at):
    def run(time):
        at(time)
        found = reminded("remind")
        assert (found.code, found.err) == (0, "")
        return found.lines

    assert [run(time) for time in ("09:29", "09:30", "09:31", "09:49")] == [[], SAID, [], []]
    assert run("09:50") == SAID
    assert run("10:00") == []


def test_with_nothing_due_nothing_is_written(reminded, at, book_path):
    before = book_path.read_bytes()
    at("08:59")
    reminded("remind")

    assert book_path.read_bytes() == before


def test_a_machine_that_slept_catches_up_with_the_last_reminder_of_each(reminded, at):
    reminded("todo", "Send the quote", "--due", "mon", "--remind", "today 11:00")
    at("2026-11-24T09:00")

    assert reminded("remind").lines == [
        "Call Asha (2 days late)", "  Asha Verma, Acme", "  crm done a1",
        "  This reminder was due 47 h ago, 22 Nov 09:50.",
        "Send the quote (yesterday)", "  crm done a2", "  This reminder was due 46 h ago, 22 Nov 11:00.",
    ]  # fmt: skip
    assert reminded("remind").lines == []


def test_what_is_done_cancelled_or_moved_is_not_recalled(reminded, at):
    reminded("todo", "two", "--due", "today 10:00", "--remind", "-30m")
    reminded("todo", "three", "--due", "today 10:00", "--remind", "-30m")
    reminded("done", "a1")
    reminded("cancel", "a2")
    reminded("move", "a3", "today 11:00")
    at("10:20")
    assert reminded("remind").lines == []
    at("10:30")

    assert reminded("remind").lines == ["three (today 11:00)", "  crm done a3"]


def test_a_snoozed_one_is_recalled_when_it_is_awake(reminded, at):
    reminded("snooze", "a1", "today 10:15")
    at("10:00")
    assert reminded("remind").lines == []
    at("10:14")
    assert reminded("remind").lines == []
    at("10:15")

    assert reminded("remind").lines == SAID
    assert reminded("remind").lines == []


def test_undo_recalls_nothing_twice(reminded, at):
    at("09:50")
    reminded("remind")
    reminded("done", "a1")
    reminded("undo", "ch3")

    assert reminded("remind").lines == []


@pytest.mark.conv("D13")
def test_quiet_hours_hold_back_until_they_end(reminded, at, monkeypatch):
    monkeypatch.setenv("CRM_QUIET_HOURS", "21:00-09:45")
    at("09:30")
    assert reminded("remind").lines == []
    listed = reminded("remind", "--list", "--json")
    assert [(one["state"], one["delivery"][11:16]) for one in listed.json] == [("held", "09:45"), ("waiting", "09:50")]
    assert "1 reminder held back by quiet hours, days off or a snooze" in listed.err
    at("09:45")

    assert reminded("remind").lines == SAID


def test_days_off_hold_back_until_a_working_day(reminded, at, monkeypatch):
    """22 November 2026 is a Sunday."""
    monkeypatch.setenv("CRM_WORKING_DAYS", "mon-fri")
    at("09:50")
    assert reminded("remind").lines == []
    at("2026-11-23T00:00")

    assert reminded("remind").lines[0] == "Call Asha (yesterday 10:00)"


def test_the_first_run_takes_earlier_moments_as_passed(crm, at, monkeypatch):
    monkeypatch.setenv("CRM_REMIND_ROUTES", "print")
    crm("todo", "one", "--due", "today 10:00", "--remind", "-1h", "--remind", "-10m")
    at("09:10")
    assert "1 earlier reminder would be taken as passed" in crm("remind", "-n").err
    first = crm("remind")
    assert (first.code, first.out) == (0, "")
    assert first.err == "This is the first run: 1 earlier reminder taken as passed; crm today lists what is open\n"
    assert crm("remind").err == ""
    at("09:50")

    assert crm("remind").lines[0] == "one (today 10:00)"


def test_without_a_book_is_an_error(crm):
    assert crm("remind").code == 3
    assert crm("remind", "--list").code == 3


def test_a_dry_run_prints_and_marks_nothing(reminded, at, book_path):
    at("09:50")
    before = book_path.read_bytes()
    found = reminded("remind", "--dry-run")

    assert (found.lines, found.err) == (SAID, "1 reminder would be delivered by print\n")
    assert book_path.read_bytes() == before


def test_the_list_says_what_comes_when_and_by_which_route(reminded, monkeypatch):
    monkeypatch.setenv("CRM_REMIND_ROUTES", "mail, print")
    found = reminded("remind", "--list", "--format", "table", "--limit", "1")

    assert found.lines == [
        "ID  REMINDER     DELIVERY     STATE    ROUTES       DUE          WHAT       WHO",
        "a1  today 09:30  today 09:30  waiting  mail, print  today 10:00  Call Asha  Asha Verma, Acme",
    ]
    assert reminded("remind", "--json").code == 2


def test_a_reminder_that_has_come_is_in_today_whenever_it_is_due(reminded, at):
    reminded("todo", "Prepare the fair", "--due", "2026-11-27", "--remind", "today 11:00")
    reminded("todo", "Renew the contract", "--due", "2027-03-01", "--remind", "today 11:00")
    reminded("todo", "Some day", "--remind", "today 11:00")
    assert [line.split("\t")[:2] for line in reminded("today").lines] == [["due", "a1"], ["coming", "a2"]]
    at("11:00")

    assert [line.split("\t")[:2] for line in reminded("today").lines] == [
        ["overdue", "a1"], ["reminders", "a2"], ["reminders", "a3"], ["reminders", "a4"]
    ]  # fmt: skip
    assert [one["subject"] for one in reminded("today", "--json").json["reminders"]] == [
        "Prepare the fair", "Renew the contract", "Some day"
    ]  # fmt: skip
    assert reminded("agenda", "--only", "coming,undated").out == ""
    assert "3 reminders" in reminded("digest").lines[0]
    reminded("snooze", "a2", "tomorrow")
    assert len(reminded("agenda", "contract", "--only", "reminders").lines) == 1
    assert len(reminded("agenda", "--only", "reminders").lines) == 2


def test_queries_know_reminders(reminded):
    reminded("todo", "Prepare the fair", "--due", "2026-12-04", "--remind", "2026-11-27 9:00")

    def found(query):
        return reminded("agenda", query, "--format", "ids").out.split()

    assert found("remind.before:2026-11-27") == ["a1"]
    assert found("remind.within:7d") == ["a1", "a2"]
    assert found("remind:2026-11-27") == ["a2"]
    reminded("done", "a1")
    assert reminded("list", "has:remind", "--format", "ids").out == ""


def test_a_reminder_that_has_passed_when_it_is_planned_is_said(crm, surroundings):
    planned = crm("todo", "x", "--due", "today 10:00", "--remind", "-2h", "--remind", "-30m")

    note = "note: the reminder of a1 (today 08:00) has passed"
    assert planned.err.splitlines()[1:] == [note]
    assert crm("move", "a1", "today 11:30").err.splitlines()[1:] == []
    assert crm("move", "a1", "today 10:30").err.splitlines()[1:] == [note.replace("08:00", "08:30")]
    assert crm("edit", "a1", "due=today 10:00").err.splitlines()[1:] == [note]
