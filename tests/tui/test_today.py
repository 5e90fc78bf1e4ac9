"""Today: what is listed, and what each key does to it."""

from __future__ import annotations

from tui_support import drive, lines, press, session, shown, toast

from crm_cli.tui.glyphs import GLYPHS
from crm_cli.tui.widgets.agenda_list import AgendaList


def sections(app):
    return [line.strip().split("  ")[0] for line in lines(app) if line.startswith(" ") and not line.startswith("  ")]


def test_the_day_has_its_sections_in_order(people):
    """Overdue first, the people to reach last, each with its number."""

    async def look(pilot):
        found = [item.title for item in pilot.app.screen.query_one(AgendaList).items if item.title]
        assert found == [
            "Overdue  1", "Today  1", "Coming  1", "Without a date  1", "Birthdays  1", "People to reach  1",
        ]  # fmt: skip
        assert "Zoë Quiet" in shown(pilot.app)
        assert "every 2 months, last reached 10 Aug" in shown(pilot.app)

    drive(session(people), look)


def test_the_card_of_the_person_stands_beside_the_list_when_wide_and_by_a_key_when_not(people):
    """At 80 columns the card takes the list's place, and gives it back."""

    async def wide(pilot):
        assert "last reach" in shown(pilot.app)
        assert "CTO, Acme" in shown(pilot.app)
        await press(pilot, "v")
        assert "CTO, Acme" not in shown(pilot.app)

    async def narrow(pilot):
        assert "CTO, Acme" not in shown(pilot.app)
        await press(pilot, "v")
        assert "CTO, Acme" in shown(pilot.app)
        assert "Overdue" not in shown(pilot.app)
        await press(pilot, "v")
        assert "Overdue" in shown(pilot.app)

    drive(session(people), wide)
    drive(session(people), narrow, size=(80, 24))


def test_done_asks_for_words_and_a_next_step_and_says_what_it_did(people):
    """One change: completed with a text, and the step planned with the same person."""

    async def work(pilot):
        await press(pilot, "d", "=Sent it", "tab", "tab", "=fri 3pm: ask")
        assert "→ Fri 27 Nov 2026 15:00  ask" in shown(pilot.app)
        await press(pilot, "enter")
        assert toast(pilot.app) == "Done a1 send the quote; next a9 ask → Fri 27 Nov 2026 15:00 [ch1]"
        assert "Overdue" not in shown(pilot.app)
        assert "Fri 15:00" in shown(pilot.app)

    drive(session(people), work)


def test_the_cursor_takes_the_line_that_came_in_the_place_of_the_one_that_went(people):
    """After done one goes on working down the list."""

    async def work(pilot):
        await press(pilot, "d", "enter")
        assert pilot.app.screen.query_one(AgendaList).current.what == "call back"

    drive(session(people), work)


def test_a_snooze_past_the_due_date_says_so(people):
    """The dashboard says what the prompt does."""

    async def work(pilot):
        await press(pilot, "s", "=1 jan", "enter")
        assert "is snoozed past its due date" in toast(pilot.app)
        assert toast(pilot.app).endswith("; u undoes it)")

    drive(session(people), work)


def test_move_snooze_and_cancel(people):
    """Each asks what it needs, and each is one change."""

    async def work(pilot):
        await press(pilot, "m", "=tomorrow", "enter")
        assert toast(pilot.app).startswith("Moved a1 send the quote → Mon 23 Nov 2026")
        await press(pilot, "g", "s", "=in 2 hours", "enter")
        assert toast(pilot.app) == "Snoozed until 2026-11-22 11:00: a2 call back [ch2] (u undoes it)"
        assert "call back" not in shown(pilot.app)
        await press(pilot, "g", "x", "enter")
        assert toast(pilot.app).startswith("Cancelled a1 send the quote")

    drive(session(people), work)


def test_a_time_that_is_none_is_told_at_its_field_and_nothing_is_lost(people):
    """The form stays, with what was typed and what would be understood."""

    async def work(pilot):
        await press(pilot, "m", "=soonish", "enter")
        assert "'soonish' is not a day or time" in shown(pilot.app)
        assert "soonish" in pilot.app.screen.read()["when"]
        await press(pilot, "escape")
        assert "Overdue  1" in shown(pilot.app)

    drive(session(people), work)


def test_log_is_with_all_who_take_part(people):
    """A meeting with two is logged with two."""

    async def work(pilot):
        await press(pilot, "j", "j", "l")
        assert "Log with Asha Verma, Ravi Kumar" in shown(pilot.app)
        await press(pilot, "=Good lunch", "tab", "m", "enter")
        assert toast(pilot.app) == "Logged a9 meeting with Asha Verma (Acme) and 1 more [ch1]"

    drive(session(people), work)


def test_a_plan_has_several_reminders(people, crm):
    async def work(pilot):
        await press(pilot, "p", "=Call", "tab", "=fri 3pm", *["tab"] * 4, "=-1d, thu 6pm, soonish", "enter")
        assert "'soonish' is not a day or time" in shown(pilot.app)
        await press(pilot, *["backspace"] * 9)
        assert "-1d  → Thu 26 Nov 2026 18:00" in shown(pilot.app)
        await press(pilot, "enter")
        assert toast(pilot.app).startswith("Planned a9 Call → Fri 27 Nov 2026 15:00")

    drive(session(people), work)

    assert [one["at"][:16] for one in crm("show", "a9", "--json", "--book", people).json["reminders"]] == [
        "2026-11-26T15:00", "2026-11-26T18:00"
    ]  # fmt: skip


def test_a_promise_that_is_due_later_has_its_section(people, crm):
    crm("todo", "photos", "--with", "1", "--due", "20 jan", "--await", "--book", people)

    async def work(pilot):
        assert "Promises  1" in shown(pilot.app)
        assert "photos (awaited)" in shown(pilot.app)

    drive(session(people), work, size=(120, 40))


def test_a_birthday_is_no_activity_but_can_be_logged_and_planned(people):
    """d on a birthday says what would do; p plans something with the person."""

    async def work(pilot):
        await press(pilot, "G", "k", "d")
        assert "This is not an activity" in toast(pilot.app)
        await press(pilot, "p", "=call to congratulate", "tab", "=tue", "enter")
        assert toast(pilot.app).startswith("Planned a9 call to congratulate → Tue 24 Nov 2026 with Ravi Kumar")

    drive(session(people), work)


def test_the_name_of_a_birthday_stands_with_the_other_names_whether_the_age_is_known_or_not(people, crm):
    """And `crm today` has it in the same column as well."""
    crm("edit", "4", "birthday=11-23")
    found = crm("today", "--format", "table").out.splitlines()
    assert (
        len({line.index(name) for line in found for name in ("Zoë Quiet, I", "Ravi Kumar, G") if name in line}) == 1
    ), found

    async def look(pilot):
        rows = lines(pilot.app)
        sign = GLYPHS["birthday"]
        known, unknown = (next(row for row in rows if sign in row and name in row) for name in ("Ravi", "Zoë"))
        assert "turns 36" in known
        assert known.index("Ravi Kumar") == unknown.index("Zoë Quiet")

    drive(session(people), look)


def test_enter_goes_to_the_person(people):
    """Among the people, the cursor on them."""

    async def work(pilot):
        await press(pilot, "j", "enter")
        page = pilot.app.screen
        assert page.place == "people"
        assert page.found.current == 2

    drive(session(people), work)


def test_an_empty_day_says_what_to_do(book_path):
    """No book yet: the list is not a blank."""

    async def look(pilot):
        assert "This book is empty." in shown(pilot.app)
        await press(pilot, "p", "=buy paper", "enter")
        assert "Without a date  1" in shown(pilot.app)

    drive(session(book_path), look)


def test_the_line_is_copied(people):
    """What, with whom, when."""

    async def work(pilot):
        await press(pilot, "y")
        assert pilot.app.clipboard == "send the quote · Asha Verma, Acme · 2 days late"

    drive(session(people), work)


def test_what_repeats_is_planned_marked_skipped_and_ended(tmp_path):
    """The form says how it understood the rule; x asks whether one or all are cancelled."""

    async def work(pilot):
        await press(pilot, "p", "=Report", "tab", "tab", "=every monday 9am")
        assert "→ every Monday at 09:00 (Mon 23 Nov 2026 09:00)" in shown(pilot.app)
        await press(pilot, "enter")
        assert toast(pilot.app) == "Planned a1 Report → Mon 23 Nov 2026 09:00, every Monday [ch1]"
        assert "↻" in shown(pilot.app)
        await press(pilot, "S")
        skipped = "Skipped a1 Report; next a2 Report → Mon 30 Nov 2026 09:00, every Monday [ch2]"
        assert toast(pilot.app) == skipped
        await press(pilot, "u", "d", "enter")
        assert toast(pilot.app) == "Done a1 Report; next a3 Report → Mon 30 Nov 2026 09:00, every Monday [ch3]"
        await press(pilot, "u", "x", "escape")
        assert "Report" in shown(pilot.app)
        await press(pilot, "x", "A")
        assert toast(pilot.app) == "Cancelled a1 Report, which ends its series [ch4]"
        assert "Report" not in shown(pilot.app)

    drive(session(tmp_path / "book.db"), work)


def test_what_does_not_repeat_is_not_skipped(people):
    async def work(pilot):
        await press(pilot, "S")
        assert toast(pilot.app) == "a1 does not repeat"

    drive(session(people), work)
