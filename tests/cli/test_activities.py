"""Logging what was done and planning what comes next, through the front door."""

import pytest
from support import dump, made_once

CARD = [
    "id", "uid", "kind", "status", "subject", "body", "direction", "outcome", "reach", "priority", "promise", "at",
    "minutes",
    "due", "zone", "remind", "snoozed", "hidden_until", "reminders", "people", "company", "deal", "every",
    "custom", "pending", "created", "updated",
]  # fmt: skip
"""Keys of an activity's JSON: documented, added to and never taken from."""


@pytest.fixture
@made_once
def people(crm):
    crm("add", "Asha Verma", "company=Acme")
    crm("add", "Ravi")
    return crm


def test_log_says_what_with_whom_and_what_follows(people):
    found = people(
        "log", "call", "asha", "-m", "Agreed", "--next", "fri 3pm: send the contract", "--next", "in 2 weeks: ask"
    )

    assert (found.code, found.out) == (0, "a1\na2\na3\n")
    assert found.err == (
        "Logged a1 call with Asha Verma (Acme); next a2 send the contract → Fri 27 Nov 2026 15:00;"
        " next a3 ask → Sun 6 Dec 2026 [ch3]\n"
    )


def test_log_as_json_is_the_card(people):
    card = people(
        "log", "email", "asha", "ravi", "--in", "-m", "Asks\nfor a discount", "--when", "2026-11-20 10:00", "--json"
    ).json

    assert list(card) == CARD
    assert (card["id"], card["kind"], card["status"], card["subject"], card["body"]) == (
        "a1",
        "email",
        "done",
        "Asks",
        "for a discount",
    )
    assert (card["at"], card["direction"], card["reach"]) == ("2026-11-20T10:00:00+05:30", "in", "reach")
    assert [who["id"] for who in card["people"]] == [1, 2]
    assert card["company"] == {"id": "c1", "name": "Acme"}
    assert (card["due"], card["zone"], card["remind"], card["minutes"], card["outcome"]) == (None, None, None, None, "")


def test_the_text_may_be_left_out(people):
    assert people("met", "asha").err == "Logged a1 meeting with Asha Verma (Acme) [ch3]\n"


def test_a_company_alone_will_do(people):
    assert people("called", "c1").err == "Logged a1 call with Acme [ch3]\n"


@pytest.mark.parametrize(
    ("command", "reach", "attempt"),
    [
        (["called", "1"], True, False),
        (["called", "1", "--outcome", "reached"], True, False),
        (["called", "1", "--outcome", "no-answer"], False, True),
        (["called", "1", "--outcome", "voicemail"], False, True),
        (["called", "1", "--outcome", "wrong-number"], False, False),
        (["met", "1"], True, False),
        (["met", "1", "--outcome", "no-show"], False, True),
        (["wrote", "1"], False, False),
        (["wrote", "1", "--in"], True, False),
        (["wrote", "1", "--outcome", "replied"], True, False),
        (["wrote", "1", "--outcome", "bounced"], False, False),
        (["log", "message", "1", "--in"], True, False),
        (["log", "letter", "1"], False, False),
        (["note", "1", "-m", "x"], False, False),
        (["log", "task", "1", "-m", "x"], False, False),
    ],
    ids=str,
)
def test_what_counts_as_having_reached_somebody(people, command, reach, attempt):
    assert people(*command).code == 0

    card = people("show", "1", "--json").json
    assert (card["last_reach"] is not None, card["last_attempt"] is not None) == (reach, attempt)


def test_the_last_reach_is_the_latest_whatever_the_order_of_typing(people):
    people("called", "1", "--when", "2026-11-20 10:00")
    people("called", "1", "--when", "2026-11-10 10:00")

    assert people("show", "1", "--json").json["last_reach"] == "2026-11-20T10:00:00+05:30"
    assert people("show", "c1", "--json").json["last_reach"] == "2026-11-20T10:00:00+05:30"


def test_removing_and_undoing_a_call_moves_the_last_reach(people):
    people("called", "1", "--when", "yesterday")
    people("called", "1")
    people("undo", "ch4")
    assert people("show", "1", "--json").json["last_reach"].startswith("2026-11-21")
    people("rm", "a1")
    assert people("show", "1", "--json").json["last_reach"] is None


@pytest.mark.parametrize(
    ("due", "echo", "stored"),
    [
        ("fri 3pm", "Fri 27 Nov 2026 15:00", "2026-11-27T15:00:00+05:30"),
        ("tomorrow", "Mon 23 Nov 2026", "2026-11-23"),
        ("in 2 weeks", "Sun 6 Dec 2026", "2026-12-06"),
        ("2026-12-01 09:00", "Tue 1 Dec 2026 09:00", "2026-12-01T09:00:00+05:30"),
        ("2026-12-01", "Tue 1 Dec 2026", "2026-12-01"),
    ],
)
def test_a_due_time_is_understood_and_echoed(people, due, echo, stored):
    found = people("todo", "Send", "the", "quote", "--with", "asha", "--due", due)

    assert found.err == f"Planned a1 Send the quote → {echo} with Asha Verma (Acme) [ch3]\n"
    assert people("show", "a1", "--json").json["due"] == stored


@pytest.mark.parametrize("due", ["32 december", "vendredi", "01/12/2026", "15h", ""])
def test_a_time_not_understood_is_refused(people, due, book_path):
    found = people("todo", "x", "--due", due or "  ")

    assert found.code == 2
    assert len(found.err.splitlines()) == 1
    assert dump(book_path)["activity"] == []


def test_a_plan_needs_nobody_and_no_time(people):
    card = people("todo", "Tidy the desk", "--json").json

    assert (card["status"], card["due"], card["people"], card["company"]) == ("open", None, [], None)


@pytest.mark.parametrize(
    ("options", "key", "value"),
    [
        (["--priority", "high"], "priority", "high"),
        (["--priority", "h"], "priority", "high"),
        (["--owe"], "promise", "owe"),
        (["--await"], "promise", "await"),
        (["--kind", "call"], "kind", "call"),
        (["--due", "fri 3pm", "--remind", "-1d"], "remind", "2026-11-26T15:00:00+05:30"),
        (["--due", "fri", "--remind", "-1d"], "remind", "2026-11-26T09:00:00+05:30"),
        (["--due", "fri 3pm", "--remind", "-2h"], "remind", "2026-11-27T13:00:00+05:30"),
        (["--remind", "tomorrow 10:00"], "remind", "2026-11-23T10:00:00+05:30"),
    ],
    ids=str,
)
def test_what_a_plan_can_carry(people, options, key, value):
    assert people("todo", "x", *options, "--json").json[key] == value


@pytest.mark.parametrize(
    "options",
    [
        ["--owe", "--await"],
        ["--priority", "urgent"],
        ["--kind", "dance"],
        ["--remind", "-1d"],
        ["--due", "fri", "--remind", "-soon"],
    ],
    ids=" ".join,
)
def test_a_plan_that_makes_no_sense_is_refused(people, options, book_path):
    found = people("todo", "x", *options)

    assert (found.code, len(found.err.splitlines())) == (2, 1)
    assert dump(book_path)["activity"] == []


@pytest.mark.parametrize("text", ["", " "])
def test_nothing_to_do_is_refused(people, text):
    assert people("todo", text).code == 2


def test_done_completes_and_plans_what_follows_with_the_same_people(people):
    people("todo", "Send the quote", "--with", "asha", "--kind", "email", "--due", "fri")
    found = people("done", "a1", "-m", "By courier", "--next", "mon: ask whether it arrived")

    assert (found.code, found.out, found.err) == (
        0,
        "a1\na2\n",
        "Done a1 Send the quote; next a2 ask whether it arrived → Mon 23 Nov 2026 [ch4]\n",
    )
    card = people("show", "a1", "--json").json
    assert (card["status"], card["at"], card["body"], card["remind"]) == (
        "done",
        "2026-11-22T09:00:00+05:30",
        "By courier",
        None,
    )
    step = people("show", "asha", "--json").json["next_step"]
    assert (step["subject"], step["due"], step["company"]["name"]) == ("ask whether it arrived", "2026-11-23", "Acme")


def test_done_takes_bare_numbers_and_says_how_many(people):
    for text in ("one", "two"):
        people("todo", text)

    found = people("done", "1", "a2", "a1")

    assert (found.out, found.err) == ("a1\na2\n", "Done 2 activities [ch5]\n")


def test_a_call_that_is_done_reaches_and_one_with_an_outcome_may_not(people):
    people("todo", "call", "--kind", "call", "--with", "1")
    people("todo", "call", "--kind", "call", "--with", "2")
    people("done", "a1")
    people("done", "a2", "--outcome", "no-answer")

    assert people("show", "1", "--json").json["last_reach"]
    assert people("show", "2", "--json").json["last_attempt"]
    assert people("show", "2", "--json").json["last_reach"] is None


@pytest.mark.parametrize(
    "command", [["done", "a1"], ["move", "a1", "fri"], ["snooze", "a1", "fri"], ["cancel", "a1"]], ids=" ".join
)
@pytest.mark.parametrize("state", ["done", "cancel"])
def test_what_is_no_longer_open_is_left_alone(people, book_path, command, state):
    people("todo", "x")
    people(state, "a1")
    before = dump(book_path)

    found = people(*command)

    assert (found.code, found.out) == (1, "")
    assert "already" in found.err
    assert dump(book_path) == before


@pytest.mark.parametrize(
    "command",
    [["done", "a9"], ["move", "a9", "fri"], ["snooze", "a9", "fri"], ["cancel", "a9"], ["rm", "a9"]],
    ids=" ".join,
)
def test_an_activity_that_is_not_there(people, command):
    assert people(*command).code == 3


def test_of_several_all_or_none(people, book_path):
    people("todo", "x")
    before = dump(book_path)

    assert people("done", "a1", "a9").code == 3
    assert dump(book_path) == before


def test_an_activity_has_any_number_of_reminders(people):
    people("todo", "x", "--due", "fri 3pm", "--remind", "-1d", "--remind", "wed 10:00", "--remind", "-30m")
    card = people("show", "a1", "--json").json

    assert card["remind"] == "2026-11-25T10:00:00+05:30"
    assert card["reminders"] == [
        {"at": "2026-11-25T10:00:00+05:30", "lead_minutes": None},
        {"at": "2026-11-26T15:00:00+05:30", "lead_minutes": 1440},
        {"at": "2026-11-27T14:30:00+05:30", "lead_minutes": 30},
    ]
    assert [line.strip() for line in people("show", "a1").lines[4:7]] == [
        "reminder      Wed 25 Nov 10:00", "Thu 26 Nov 15:00  (-1d)", "Fri 27 Nov 14:30  (-30m)"
    ]  # fmt: skip


def test_move_takes_relative_reminders_along_and_leaves_absolute_ones(people):
    people("todo", "x", "--due", "fri 3pm", "--remind", "-1d", "--remind", "wed 10:00")
    found = people("move", "a1", "next", "mon", "10:00")

    assert found.err == "Moved a1 x → Mon 23 Nov 2026 10:00 [ch4]\n"
    card = people("show", "a1", "--json").json
    assert card["remind"] == "2026-11-22T10:00:00+05:30"
    assert [one["at"] for one in card["reminders"]] == ["2026-11-22T10:00:00+05:30", "2026-11-25T10:00:00+05:30"]


@pytest.mark.parametrize(
    ("words", "due"),
    [("+1w", "Fri 4 Dec 2026 15:00"), ("-1d", "Thu 26 Nov 2026 15:00"), ("in 1 week", "Sun 29 Nov 2026")],
)
def test_a_span_with_a_sign_moves_from_the_due_time_and_others_from_now(people, words, due):
    people("todo", "x", "--due", "fri 3pm")

    assert people("move", "a1", *words.split()).err == f"Moved a1 x → {due} [ch4]\n"


def test_several_are_moved_each_from_its_own_due_time(people):
    people("todo", "x", "--due", "fri 3pm")
    people("todo", "y", "--due", "sat")
    people("move", "a1", "a2", "+2d")

    assert [people("show", ref, "--json").json["due"] for ref in ("a1", "a2")] == [
        "2026-11-29T15:00:00+05:30", "2026-11-30"
    ]  # fmt: skip


def test_working_days_are_those_of_the_settings(people):
    people("config", "set", "working_days", "sun-thu")
    people("todo", "x", "--due", "in 5 working days", "--remind", "in 5 working days")
    people("edit", "a1", "remind+=in 6 working days")

    found = people("show", "a1", "--json").json
    assert found["due"] == "2026-11-29"
    assert [each["at"][:10] for each in found["reminders"]] == ["2026-11-29", "2026-11-30"]


def test_snooze_touches_no_reminder_and_move_ends_it(people):
    people("todo", "x", "--due", "fri 3pm", "--remind", "-1d")
    people("snooze", "a1", "thu")
    asleep = people("show", "a1", "--json").json
    people("move", "a1", "fri 3pm")
    awake = people("show", "a1", "--json").json

    assert (asleep["snoozed"], asleep["hidden_until"]) == (True, "2026-11-26T09:00:00+05:30")
    assert (awake["snoozed"], awake["hidden_until"]) == (False, None)
    assert asleep["reminders"] == awake["reminders"] == [{"at": "2026-11-26T15:00:00+05:30", "lead_minutes": 1440}]


@pytest.mark.parametrize("verb", ["done", "cancel"])
def test_what_is_over_is_neither_snoozed_nor_about_to_remind(people, verb):
    people("todo", "x", "--due", "fri 3pm", "--remind", "-1d")
    people("snooze", "a1", "thu")
    people(verb, "a1")
    card = people("show", "a1", "--json").json

    assert (card["snoozed"], card["hidden_until"], card["remind"], len(card["reminders"])) == (False, None, None, 1)
    assert "reminder" not in people("show", "a1").out


@pytest.mark.parametrize("words", ["2h", "in 2 hours", "120m"])
def test_snooze_leaves_the_due_time(people, words):
    people("todo", "x", "--due", "today 5pm")
    found = people("snooze", "a1", *words.split())

    assert found.err == "Snoozed until 2026-11-22 11:00: a1 x [ch4]\n"
    card = people("show", "a1", "--json").json
    assert (card["due"], card["hidden_until"]) == ("2026-11-22T17:00:00+05:30", "2026-11-22T11:00:00+05:30")


@pytest.mark.parametrize("command", [["move", "a1", "fri 3pm"], ["snooze", "a1", "fri 9am"]], ids=" ".join)
def test_the_same_once_more_is_no_change(people, command):
    people("todo", "x", "--due", "mon")
    people(*command)
    before = people("changes", "--format", "ids").out

    assert "nothing changed" in people(*command).err
    assert people("changes", "--format", "ids").out == before


def test_cancel_keeps_it(people):
    people("todo", "x", "--due", "fri", "--with", "1")
    people("cancel", "a1")

    assert people("show", "a1", "--json").json["status"] == "cancelled"
    assert people("show", "1", "--json").json["agenda"] == []


@pytest.mark.parametrize(
    ("words", "until"), [(["fri", "3pm"], "Fri 27 Nov 2026 15:00"), (["1", "dec"], "Tue 1 Dec 2026")]
)
def test_move_takes_several_ids_before_the_time(people, words, until):
    for text in ("one", "two", "three"):
        people("todo", text)

    found = people("move", "1", "a2", "A3", *words)

    assert (found.out, found.err) == ("a1\na2\na3\n", f"Moved 3 activities → {until} [ch6]\n")
    assert len({people("show", ref, "--json").json["due"] for ref in ("a1", "a2", "a3")}) == 1


@pytest.mark.parametrize(
    ("command", "key", "value"),
    [
        (["move", "-", "fri"], "due", "2026-11-27"),
        (["snooze", "-", "fri", "3pm"], "hidden_until", "2026-11-27T15:00:00+05:30"),
        (["cancel", "-"], "status", "cancelled"),
        (["done", "-"], "status", "done"),
    ],
    ids=str,
)
def test_activities_come_from_a_pipe(people, command, key, value):
    for text in ("one", "two"):
        people("todo", text)

    assert people(*command, given="a1\na2\n").out == "a1\na2\n"
    assert [people("show", ref, "--json").json[key] for ref in ("a1", "a2")] == [value, value]


@pytest.mark.parametrize("verb", ["move", "snooze"])
@pytest.mark.parametrize(
    "words", [["a1"], ["a1", "a2"], ["1", "2", "fri"], ["a1", "c2", "fri"], ["fri", "a1"]], ids=" ".join
)
def test_a_time_that_is_missing_or_unclear_moves_nothing(people, book_path, verb, words):
    for text in ("one", "two"):
        people("todo", text)
    before = dump(book_path)

    found = people(verb, *words)

    assert (found.code, found.out) == (2, "")
    assert found.err.startswith("crm: ")
    assert dump(book_path) == before


def test_a_snooze_past_the_due_date_says_so_hides_it_and_is_marked(people, monkeypatch):
    people("todo", "x", "--due", "fri", "--with", "1")
    found = people("snooze", "a1", "1", "dec")

    assert found.err == ("Snoozed until 2026-12-01: a1 x [ch4]\nnote: a1 is snoozed past its due date 2026-11-27\n")
    assert people("today", "--format", "ids").out == ""
    assert people("agenda", "--format", "table").err == "nothing to do\n1 snoozed\n"
    assert "  open, snoozed until 1 Dec 09:00" in people("show", "a1").out
    assert "task: x, snoozed until 1 Dec 09:00" in people("show", "1").out
    assert "(Asha Verma), snoozed until 1 Dec 09:00" in people("show", "c1").out
    monkeypatch.setenv("CRM_NOW", "2026-11-30T09:00:00+05:30")
    assert people("today", "--format", "ids").out == ""
    monkeypatch.setenv("CRM_NOW", "2026-12-01T09:00:00+05:30")
    assert people("today", "--format", "ids").out == "a1\n"
    assert "snoozed" not in people("show", "a1").out


def test_a_snooze_that_ends_before_the_due_date_is_marked_where_it_is_listed(people):
    people("todo", "x", "--due", "fri")
    people("todo", "y")

    assert people("snooze", "a1", "a2", "tomorrow").err == "Snoozed until 2026-11-23: 2 activities [ch5]\n"
    assert people("agenda").out.count("(snoozed until tomorrow 09:00)") == 2
    assert people("show", "a1", "--json").json["snoozed"] is True


@pytest.mark.parametrize("command", [["called"], ["log", "message"]], ids=" ".join)
def test_a_planned_call_that_was_made_is_one_line_of_history(people, book_path, command):
    people("todo", "call Asha", "--kind", "call", "--with", "1", "--remind", "tomorrow")
    before = dump(book_path)

    found = people(
        *command, "1", "2", "-m", "Agreed", "--minutes", "5", "--in", "--when", "yesterday 3pm", "--closes", "a1",
        "--next", "fri: send",
    )  # fmt: skip

    kind = {"called": "call"}.get(command[0], command[-1])
    assert found.out == "a1\na2\n"
    assert found.err.startswith(f"Logged a1 {kind} ")
    assert "; closed a1; next a2 send" in found.err
    (card,) = people("history", "--json").json
    assert (card["id"], card["kind"], card["subject"], card["body"]) == ("a1", kind, "call Asha", "Agreed")
    assert (card["at"], card["minutes"], card["direction"]) == ("2026-11-21T15:00:00+05:30", 5, "in")
    assert [who["id"] for who in card["people"]] == [1, 2]
    assert people("show", "2", "--json").json["last_reach"] == "2026-11-21T15:00:00+05:30"
    assert people("undo", "ch4").code == 0
    assert dump(book_path) == before


def test_a_plan_takes_the_deal_and_the_outcome_of_the_call(people):
    people("deal", "add", "Tea", "--with", "2")
    people("todo", "call Asha", "--kind", "call", "--with", "1")
    people("called", "1", "--deal", "d1", "--outcome", "no-answer", "--closes", "a1")

    card = people("show", "a1", "--json").json
    assert (card["outcome"], card["reach"], card["deal"]["id"], card["company"]["id"]) == (
        "no-answer", "attempt", "d1", "c1",
    )  # fmt: skip


def test_a_task_closed_by_a_call_is_history_of_its_own(people):
    people("todo", "send the quote", "--with", "1")
    found = people("called", "1", "-m", "done", "--closes", "a1")

    assert "closed a1" in found.err
    assert [card["id"] for card in people("history", "--json").json] == ["a2", "a1"]


def test_of_several_plans_the_one_of_that_kind_is_what_was_logged(people):
    people("todo", "meet", "--kind", "meeting", "--with", "1")
    people("todo", "call", "--kind", "call", "--with", "1")
    found = people("called", "1", "-m", "done", "--closes", "a1", "--closes", "a2")

    assert found.out == "a2\n"
    assert [card["kind"] for card in people("history", "--json").json] == ["call", "meeting"]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("fri: send", "fri"), ("Call Bob tomorrow", "tomorrow"), ("Call Bob next mon 10:00", "next mon 10:00"),
        ("send it in 2 weeks", "in 2 weeks"), ("tomorrow call Bob", "tomorrow"), ("1 dec: pay", "1 dec"),
    ],
)  # fmt: skip
def test_a_date_in_a_text_is_not_a_due_date_and_that_is_said(people, text, date):
    found = people("todo", text)

    assert found.err == (f"Planned a1 {text} [ch3]\nnote: a date in the text is not a due date; crm move a1 {date}\n")
    assert people("move", "a1", *date.split()).code == 0


@pytest.mark.parametrize(
    "text", ["Send the quote", "Read page 5", "ask: why", "what was said yesterday", "fri", "Sun cream"]
)
def test_a_text_without_a_date_to_come_has_no_note(people, text):
    assert people("todo", text).err == f"Planned a1 {text} [ch3]\n"


def test_with_a_due_date_the_text_says_what_it_likes(people):
    assert "note:" not in people("todo", "Call Bob tomorrow", "--due", "fri").err


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["log", "dance", "1"], 2),
        (["log", "call"], 2),
        (["log", "call", "1", "--outcome", "danced"], 2),
        (["log", "note", "1", "--outcome", "reached"], 2),
        (["log", "call", "1", "--in", "--out"], 2),
        (["log", "call", "1", "--when", "next fri"], 2),
        (["log", "call", "1", "--when", "2027-01-01"], 2),
        (["log", "call", "1", "--minutes", "-5"], 2),
        (["log", "call", "1", "--minutes", "soon"], 2),
        (["log", "call", "1", "--next", "no colon"], 2),
        (["log", "call", "1", "--closes", "a77"], 3),
        (["log", "call", "nobody"], 3),
    ],
    ids=str,
)
def test_a_mistake_is_one_line_and_writes_nothing(people, book_path, command, code):
    before = dump(book_path)
    found = people(*command)

    assert (found.code, found.out, len(found.err.splitlines())) == (code, "", 1)
    assert dump(book_path) == before


def test_the_text_from_standard_input(people):
    people("note", "1", "-m", "-", given="Likes tea\r\nand चाय\n")

    card = people("show", "a1", "--json").json
    assert (card["subject"], card["body"]) == ("Likes tea", "and चाय")


def test_ids_and_text_cannot_both_come_from_standard_input(people):
    assert people("note", "-", "-m", "-", given="1\n").code == 2


def test_text_that_is_no_utf8_is_refused(people):
    found = people("note", "1", "-m", "-", given=b"caf\xe9")

    assert found.code == 2
    assert found.err.startswith("crm: standard input is not valid UTF-8 text (your text is kept in ")


def test_history_stays_with_the_company_of_the_time(people):
    people("called", "1", "-m", "about Acme")
    people("job", "1", "Globex")
    people("called", "1", "-m", "about Globex")

    assert [each["subject"] for each in people("show", "c1", "--json").json["history"]] == ["about Acme"]
    assert [each["subject"] for each in people("show", "c2", "--json").json["history"]] == ["about Globex"]
