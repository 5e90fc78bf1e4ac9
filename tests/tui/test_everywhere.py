"""What is the same on every screen: undo, themes, help, palette, other programs' changes, reading only."""

from __future__ import annotations

import asyncio
from time import sleep

import pytest
from tui_support import burst, drive, press, session, settled, shown, toast

from crm_cli import config
from crm_cli.book import watch
from crm_cli.tui import actions, themes
from crm_cli.tui.data.writes import Result
from crm_cli.tui.dialogs.palette import Hits


@pytest.mark.conv("T10")
def test_undo_and_redo_are_also_about_what_the_command_line_did(people, crm, monkeypatch):
    """The toast says what it was, of when, and whose."""
    monkeypatch.setenv("CRM_ORIGIN", "hand")
    crm("edit", "1", "city=Goa")

    async def work(pilot):
        await press(pilot, "2", "u")
        assert toast(pilot.app).startswith("Took back ch1 edit of 2026-11-22 09:00 (by hand): Asha Verma, Acme")
        assert "Goa" not in shown(pilot.app)
        await press(pilot, "ctrl+r")
        assert toast(pilot.app).startswith("Redid ch1 edit")
        assert "Goa" in shown(pilot.app)

    drive(session(people), work)


def test_undo_says_how_many_a_change_was_about_and_what_it_skips(people, crm):
    """Twenty of a kind are twenty, with the first names; what cron and scripts did since stays, and is said."""
    for number in range(20):
        crm("add", f"Person {number:02}")

    async def work(pilot):
        await press(pilot, "2", "slash", "=person", "enter", "a", "t", "=+fair", "enter")
        assert toast(pilot.app).startswith("Tagged 20 people +fair")
        await press(pilot, "u")
        assert toast(pilot.app).endswith(": 20 people: Person 00, Person 01, Person 02, …")
        await press(pilot, "a", "t", "=+fair", "enter")
        crm("edit", "1", "city=Goa")
        await press(pilot, "u")
        assert toast(pilot.app).endswith(" (skipped ch23 edit by script)")
        await press(pilot, "a", "t", "=+fair", "enter")
        crm("edit", "1", "city=Pune")
        crm("edit", "1", "city=Goa")
        await press(pilot, "u")
        assert toast(pilot.app).endswith(" (skipped 2 later changes by script)")

    drive(session(people), work)


def test_nothing_to_undo_is_said(people, crm):
    """What cron or a script did is not taken back by one key."""
    crm("edit", "1", "city=Goa")

    async def work(pilot):
        await press(pilot, "u")
        assert toast(pilot.app) == "There is nothing to undo."
        await press(pilot, "ctrl+r")
        assert toast(pilot.app) == "There is nothing to redo."

    drive(session(people), work)


@pytest.mark.conv("T17")
def test_changes_of_other_programs_are_seen(people, crm, monkeypatch):
    """Without a key being pressed."""
    monkeypatch.setattr(watch, "EVERY", 0.05)

    async def work(pilot):
        await asyncio.sleep(0.2)
        assert "buy stamps" not in shown(pilot.app)
        await asyncio.to_thread(crm, "todo", "buy stamps", "--due", "today")
        for _ in range(40):
            await pilot.pause(0.05)
            if "buy stamps" in shown(pilot.app):
                return
        pytest.fail("the new activity was not shown")

    drive(session(people), work)


def test_an_idle_dashboard_holds_no_lock(people):
    """Another program can have the book all to itself."""
    import sqlite3

    async def work(pilot):
        await press(pilot, "2", "1")
        db = sqlite3.connect(people, timeout=0.5)
        db.execute("BEGIN EXCLUSIVE")
        db.execute("ROLLBACK")
        db.close()

    drive(session(people), work)


def test_themes_go_round_and_are_kept(people):
    """dark, light, none, dark; the next run begins with the last."""

    async def work(pilot):
        for name in ("light", "none", "dark"):
            await press(pilot, "T")
            assert pilot.app.theme == name
            assert config.load().theme == name

    drive(session(people), work)


@pytest.mark.parametrize("name", themes.NAMES)
def test_every_theme_draws_every_screen_and_dialog(people, name):
    """No colour is missing from any of them."""

    async def work(pilot):
        for keys in (
            ["d", "escape"],
            ["2"],
            ["c", "escape"],
            ["f2"],
            ["3"],
            ["c", "escape"],
            ["question_mark", "escape"],
            ["ctrl+p", "escape"],
        ):
            await press(pilot, *keys)

    assert drive(session(people, theme=name), work).failure is None


@pytest.mark.conv("T21")
def test_without_colours_nothing_is_coloured(people):
    """Bold, dim and reverse are all there is."""

    async def work(pilot):
        await press(pilot, "2", "l")
        for strip in pilot.app.screen._compositor.render_strips():
            for segment in strip:
                for color in (segment.style.color, segment.style.bgcolor) if segment.style else ():
                    assert color is None or color.is_default, (segment, color)

    drive(session(people, theme="none"), work)


@pytest.mark.conv("T05")
@pytest.mark.parametrize("place", ["today", "people", "companies", "pipeline"])
def test_help_lists_every_action_of_the_place(people, place):
    """With the command line that does the same."""

    async def work(pilot):
        await press(pilot, {"today": "1", "people": "2", "companies": "f2", "pipeline": "3"}[place], "question_mark")
        text = shown(pilot.app)
        for one in (*actions.of(place), *actions.of(actions.EVERYWHERE)):
            assert one.means in text, one
        assert "crm log" in text
        await press(pilot, "q")
        assert pilot.app.page is pilot.app.screen

    drive(session(people), work, size=(120, 60))


@pytest.mark.parametrize("place", ["today", "people", "companies", "pipeline"])
def test_help_is_whole_on_a_small_terminal(people, place):
    """80 columns cut no words of it."""

    async def work(pilot):
        await press(pilot, {"today": "1", "people": "2", "companies": "f2", "pipeline": "3"}[place], "question_mark")
        text = shown(pilot.app)
        for one in (*actions.of(place), *actions.of(actions.EVERYWHERE)):
            assert one.means in text, one
            assert one.twin in text
        assert "…" not in text

    drive(session(people), work, size=(80, 70))


@pytest.mark.conv("T03")
def test_the_palette_has_one_line_for_each_action_with_its_key(people):
    """Those of the screen first, then those of the other screens, which are gone to first."""

    async def work(pilot):
        await press(pilot, "2", "ctrl+p", "=add a")
        hits = pilot.app.screen.query_one(Hits).hits
        assert [hit[:3] for hit in hits[:2]] == [("Add a person", "", "c"), ("Add a company", "Companies", "c")]
        assert sum("Add a" in line for line in shown(pilot.app).splitlines()) == 3
        await press(pilot, "down", "down", "enter")
        assert pilot.app.page.place == actions.PIPELINE
        assert "Add a deal" in shown(pilot.app)
        await press(pilot, "escape", "1", "ctrl+p", "=change the person", "enter")
        assert "Change 1  Asha Verma" in shown(pilot.app)

    drive(session(people), work)


def test_the_palette_goes_to_people_companies_and_deals_by_name_and_by_id(people, crm):
    """What is typed is looked up in the book; the names of actions come first."""
    crm("deal", "add", "Tea tins", "--with", "2")

    async def work(pilot):
        await press(pilot, "ctrl+p", "=zo")
        assert [(hit.words, hit.key) for hit in pilot.app.screen.query_one(Hits).hits] == [("Zoë Quiet", "4")]
        await press(pilot, "enter")
        assert (pilot.app.page.place, pilot.app.page.found.current) == (actions.PEOPLE, 4)
        await press(pilot, "ctrl+p", "=tins", "enter")
        assert pilot.app.page.board.current.title == "Tea tins"
        await press(pilot, "ctrl+p", "=2", "enter")
        assert pilot.app.page.found.current == 2
        await press(pilot, "1", "ctrl+p")
        await burst(pilot, *"asha", "enter")
        assert pilot.app.page.found.current == 1
        await press(pilot, "ctrl+p", "=qqqq", "enter")
        assert "No match." in shown(pilot.app)

    drive(session(people), work)


@pytest.mark.conv("T24")
def test_reading_only_refuses_what_writes(people):
    """With a word, and without its keys in the footer."""

    async def work(pilot):
        assert "read-only" in shown(pilot.app)
        assert "d done" not in shown(pilot.app)
        await press(pilot, "d")
        assert toast(pilot.app) == "The book is open for reading only."
        for key in ("2", "e", "D", "c", "u"):
            await press(pilot, key)
        assert len(pilot.app.screen_stack) == 1

    before = people.read_bytes()
    drive(session(people, readonly=True), work)
    assert people.read_bytes() == before


def test_a_locked_book_is_said_and_not_waited_for_on_the_screen(people, monkeypatch):
    """What fails in a thread becomes a word on the screen."""
    from crm_cli.errors import LockedError
    from crm_cli.tui.data import writes

    def locked(*_):
        raise LockedError("the book is locked by another program; try again")

    monkeypatch.setattr(writes, "tag", locked)

    async def work(pilot):
        await press(pilot, "2", "t", "=+x", "enter")
        assert "the book is locked by another program" in shown(pilot.app)

    drive(session(people), work)


def test_changes_are_written_one_after_another(people):
    """A key pressed three times in a moment writes three times, never two at once."""
    running, seen = [], []

    def job():
        running.append(1)
        seen.append(len(running))
        sleep(0.05)
        running.pop()
        return Result("written", "")

    async def work(pilot):
        for _ in range(3):
            pilot.app.page.write(job)
        await settled(pilot)
        assert seen == [1, 1, 1]
        assert toast(pilot.app) == "written"

    drive(session(people), work)
