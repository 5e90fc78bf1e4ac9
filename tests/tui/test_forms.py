"""Forms: what was typed is not lost, mistakes are shown at their field, and a form stays until it is saved."""

from __future__ import annotations

import json
import sqlite3
import time

import pytest
from terminal import Terminal
from tui_support import burst, drive, press, session, settled, shown, toast

from crm_cli.tui.dialogs.form import Form, Stage


def form_of(pilot):
    """The form that is open."""
    return next((screen for screen in pilot.app.screen_stack if isinstance(screen, Form)), None)


def test_a_filled_form_asks_before_it_is_left(people):
    """Unchanged it closes at once; Esc in the question goes back to the field, y discards."""

    async def work(pilot):
        await press(pilot, "2", "l", "escape")
        assert form_of(pilot) is None
        await press(pilot, "l", "=Agreed", "escape")
        assert "Discard what you typed?" in shown(pilot.app)
        await press(pilot, "escape", "=!")
        assert form_of(pilot).read()["text"] == "Agreed!"
        await press(pilot, "escape", "x", "enter", "n", "=!")
        assert form_of(pilot).read()["text"] == "Agreed!!"
        await press(pilot, "escape", "y")
        assert form_of(pilot) is None
        assert toast(pilot.app) == ""

    drive(session(people), work)


def test_quitting_asks_as_well(people):
    async def work(pilot):
        await press(pilot, "2", "l", "=Agreed", "ctrl+q")
        assert "Discard what you typed?" in shown(pilot.app)
        await press(pilot, "n")
        assert pilot.app.is_running
        await press(pilot, "ctrl+q", "y")

    assert drive(session(people), work).return_code == 0


def test_enters_in_one_breath_save_once(people, crm):
    async def work(pilot):
        await press(pilot, "2", "l", "=Agreed")
        await burst(pilot, "enter", "enter", "enter", "x")
        assert form_of(pilot) is None

    drive(session(people), work)

    assert [one["subject"] for one in crm("history", "1", "--json").json].count("Agreed") == 1


def test_a_text_has_several_lines(people, crm):
    """ctrl+j or alt+enter begins one; the arrows go through them and on to the next field."""

    async def work(pilot):
        await press(pilot, "2", "l", "=The price", "ctrl+j", "=went up", "alt+enter", "=a bit")
        assert [line.strip() for line in shown(pilot.app).splitlines() if "went up" in line]
        await press(pilot, "up", "up", "end", "=!", "down", "down", "down")
        assert pilot.app.focused.id == "kind"
        await press(pilot, "enter")

    drive(session(people), work)

    last = crm("history", "1", "--json").json[0]
    assert (last["subject"], last["body"]) == ("The price!", "went up\na bit")


def test_control_characters_of_a_text_are_drawn_as_signs_and_kept(people, crm):
    crm("edit", "1", "notes=red\x1b[31m\nline")

    async def work(pilot):
        await press(pilot, "2", "e")
        assert "red␛[31m" in shown(pilot.app)
        await press(pilot, *["tab"] * 8, "=!", "enter")

    drive(session(people), work)

    assert crm("show", "1", "--json").json["notes"] == "red\x1b[31m\nline!"


def test_a_mistake_of_the_book_is_shown_at_its_field(people):
    """The form was not closed; the cursor is in the field."""

    async def work(pilot):
        await press(pilot, "2", "R", "=asha", "enter")
        assert pilot.app.focused.id == "other"
        assert "cannot be related to themselves" in shown(pilot.app)
        await press(pilot, "escape", "y", "3", "c", "=Tins", "tab", "=asha", *["tab"] * 4, "=130", "enter")
        assert "'130' is not a probability" in shown(pilot.app)
        assert pilot.app.focused.id == "probability"

    drive(session(people), work)


@pytest.mark.parametrize("begin", ["BEGIN EXCLUSIVE", "BEGIN IMMEDIATE"])
def test_a_locked_book_is_waited_for_in_the_form(people, crm, begin):
    """Esc ends the wait and keeps the form; nothing is written then, not even later."""

    async def until(pilot, stage):
        end = time.monotonic() + 20
        while form_of(pilot).stage is not stage:
            assert time.monotonic() < end, form_of(pilot).stage
            await pilot.pause(0.02)

    async def work(pilot):
        await press(pilot, "2", "l", "=Agreed")
        other = sqlite3.connect(people, isolation_level=None)
        other.execute(begin)
        await pilot.press("enter")
        await until(pilot, Stage.WAITING)
        await pilot.pause()
        assert "waiting" in shown(pilot.app)
        await pilot.press("x", "enter", "escape")
        assert form_of(pilot).read()["text"] == "Agreed"
        other.execute("ROLLBACK")
        await settled(pilot)
        assert "Agreed" not in str(crm("history", "1", "--json").out)
        other.execute(begin)
        await pilot.press("enter")
        await until(pilot, Stage.WAITING)
        other.execute("ROLLBACK")
        await settled(pilot)
        assert toast(pilot.app).startswith("Logged a9 call")
        other.close()

    drive(session(people), work)


def test_a_form_saved_under_another_screen_is_gone(people):
    """It closes when it is on top again."""

    async def work(pilot):
        await press(pilot, "2", "t", "=+x")
        await pilot.press("enter")
        pilot.app.do_pipeline(pilot.app.page)
        await settled(pilot)
        await press(pilot, "2")
        assert form_of(pilot) is None
        assert toast(pilot.app) == "Tagged 1 Asha Verma +x [ch1]"

    drive(session(people), work)


def test_keys_of_a_real_terminal_break_a_line(people, crm):
    """A line feed is ctrl+j; shift+enter is one where the terminal sends it."""
    with Terminal(people, size=(60, 14)) as terminal:
        terminal.until("Overdue  1")
        terminal.press("2")
        terminal.until("4 people")
        terminal.press("l")
        terminal.until("what was said")
        terminal.press("one", "\n", "two", "\x1b[13;2u", "three", "enter")
        terminal.until("Logged")
        assert terminal.leave() == 0

    last = json.loads(crm("history", "1", "--json").out)[0]
    assert (last["subject"], last["body"]) == ("one", "two\nthree")
