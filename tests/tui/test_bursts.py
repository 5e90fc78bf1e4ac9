"""Lists without rows, and keys that come faster than screens are made: nothing fails, nothing is done twice."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from tui_support import burst, drive, press, session, settled, shown, toast

from crm_cli.errors import CrmError
from crm_cli.tui import actions
from crm_cli.tui.data import writes
from crm_cli.tui.dialogs.form import Form

PLACE_KEYS = {actions.TODAY: "1", actions.PEOPLE: "2", actions.COMPANIES: "f2", actions.PIPELINE: "3"}
MOVES = [
    key
    for keys in (*(keys for keys, *_ in actions.MOVES), *(one.keys for one in actions.of(actions.LANES)))
    for key in keys.split(",")
]


def keys_of(place):
    """Every key that does something in a list: movements, and the actions of the place."""
    found = [key for one in actions.of(place) for key in one.keys.split(",")]
    return [*MOVES, *found, "shift+down", "shift+up", "v", "tab"]


async def each_key(pilot, place):
    """Press every key of a place, twice in one breath, leaving what it opened."""
    for key in keys_of(place):
        await burst(pilot, PLACE_KEYS[place], key, key, "escape", "escape", wait=False)
    await settled(pilot)


@pytest.mark.long
def test_a_list_without_rows_takes_every_key(book_path):
    """On every screen of an empty book, which is what a new user sees first; at other sizes keys by chance do it."""

    async def work(pilot):
        for place in PLACE_KEYS:
            await each_key(pilot, place)

    assert drive(session(book_path), work, size=(80, 24)).failure is None


def test_a_search_without_hits_and_a_lane_without_deals_take_every_key(people, crm):
    """An empty part of a book is a list without rows as well."""
    crm("deal", "add", "Tins", "--with", "1", "stage=proposal")

    async def work(pilot):
        await press(pilot, "2", "slash", "=qqqq", "enter")
        for key in (*MOVES, *"ltieEDyY a", "shift+down", "enter", "v"):
            await burst(pilot, key, key)
            assert pilot.app.screen.found.count == 0, key
        await press(pilot, "3", "H", "H")
        for key in (*"jkGgd mwxlpe<>", "enter", "v", "v"):
            await burst(pilot, key, key)
            await burst(pilot, "escape", "escape")

    assert drive(session(people), work).failure is None


def test_the_first_key_of_an_empty_book_is_harmless_and_the_list_says_what_to_do(book_path):
    """Each action says that there is nothing it could be about."""

    async def work(pilot):
        await press(pilot, "j", "G", "d")
        assert toast(pilot.app) == "Nothing is listed: p plans something, 2 goes to the people."
        assert "c  add a person" in shown(pilot.app)
        await press(pilot, "2", "D")
        assert toast(pilot.app) == "No people are listed: c adds a person."
        await press(pilot, "3", ">")
        assert toast(pilot.app) == "No deal is here: c adds one."

    drive(session(book_path), work)


BURSTS = {
    "a board not read yet": ["3", "j"],
    "a stage not read yet": ["3", "L", "c", "escape"],
    "people not read yet": ["2", "D", "D"],
    "there and back": ["2", "3", "1", "j", "3", "v", "2", "enter"],
    "a person gone to": ["enter", "2", "3", "1"],
    "a search begun elsewhere": ["slash", "ctrl+p"],
    "two forms at once": ["2", "e", "t"],
    "a form for another screen": ["2", "e", "1"],
    "two Enters in a form": ["p", "x", "enter", "enter", "enter"],
    "Enter and Esc in a form": ["p", "x", "enter", "escape", "escape"],
    "a palette closed at once": ["ctrl+p", "escape", "escape"],
    "palettes": ["ctrl+p", "escape", "ctrl+p", "escape", "ctrl+p"],
    "a palette over a form": ["p", "x", "ctrl+p", "escape", "escape", "escape"],
    "a palette over a saved form": ["p", "x", "enter", "ctrl+p"],
    "help twice": ["question_mark", "question_mark", "escape", "escape"],
    "a question answered twice": ["2", "a", "D", "y", "y", "y"],
    "a write during the first switch": ["p", "x", "enter", "2", "3", "2"],
    "quit at once": ["3", "q", "q", "j"],
}


@pytest.mark.parametrize("keys", BURSTS.values(), ids=BURSTS)
def test_keys_in_one_breath_fail_nothing(people, keys):
    """A key for what is not there yet, or not there any more, does nothing or the right thing."""

    async def work(pilot):
        await burst(pilot, *keys)
        await burst(pilot, "j")

    assert drive(session(people), work, size=(80, 24)).failure is None


def test_a_dialog_is_answered_once(people):
    """A second answer would take the next screen away."""

    async def work(pilot):
        await press(pilot, "2", "t", "=+x")
        form = pilot.app.screen
        for _ in range(3):
            form.action_save()
        await settled(pilot)
        for _ in range(3):
            form.dismiss()
        assert toast(pilot.app) == "Tagged 1 Asha Verma +x [ch1]"
        assert len(pilot.app.screen_stack) == 1
        await press(pilot, "t")
        under = pilot.app.screen
        pilot.app.do_keys(pilot.app.page)
        await settled(pilot)
        under.dismiss(None)
        await press(pilot, "escape")
        assert pilot.app.screen is under

    drive(session(people), work)


def test_an_action_of_the_palette_is_done_once(people):
    """However often Enter is pressed."""

    async def work(pilot):
        await press(pilot, "2", "ctrl+p", "=add a person")
        await pilot.pause(0.3)
        await burst(pilot, "down", "enter", "enter", "enter")
        await pilot.pause(0.3)
        assert [isinstance(screen, Form) for screen in pilot.app.screen_stack] == [False, True]

    drive(session(people), work)


def test_a_write_that_ends_while_a_screen_is_being_made_is_shown(people, monkeypatch):
    """The screen reads the book when it is there."""
    tag = writes.tag

    async def work(pilot):
        await press(pilot, "2", "t", "=+fair")
        gate = asyncio.Event()
        loop = asyncio.get_running_loop()

        def slowly(*args):
            asyncio.run_coroutine_threadsafe(gate.wait(), loop).result()
            return tag(*args)

        monkeypatch.setattr(writes, "tag", slowly)
        await pilot.press("enter")
        pilot.app.do_pipeline(pilot.app.page)
        gate.set()
        pilot.app.reload()
        await settled(pilot)
        assert pilot.app.screen.place == "pipeline"
        await press(pilot, "2")
        assert "+fair" in shown(pilot.app)

    drive(session(people), work)


def test_a_write_that_ends_while_the_dashboard_is_left_is_made(people, crm):
    """And nobody is there any more to be shown it."""

    async def work(pilot):
        await press(pilot, "p", "=buy paper")
        await pilot.press("enter")

    assert drive(session(people), work).failure is None


# What is typed in the dashboard


@pytest.fixture
def kept(surroundings):
    """The texts that are kept."""
    from crm_cli import config

    return lambda: [path for path in config.folder("state").rglob("*") if path.is_file()]


def typing(text):
    """Be the user in front of the editor."""

    def edited(_, draft):
        draft.write(text(draft.original) if callable(text) else text)
        return draft.read()

    return edited


@pytest.mark.parametrize(
    ("key", "text", "typed"),
    [("i", "Gossip\n", "Gossip\n"), ("E", lambda card: card.replace("Pune", "Goa"), '"Goa"')],
    ids=["note", "card"],
)
def test_a_text_that_the_book_refuses_is_kept(people, kept, monkeypatch, key, text, typed):
    """The message says where; of one that was saved nothing is left."""
    monkeypatch.setattr("crm_cli.tui.app.Dashboard.edited", typing(text))

    def refuse(*_):
        raise CrmError("the book is locked by another program; try again")

    async def work(pilot):
        await press(pilot, "2")
        with monkeypatch.context() as patch:
            patch.setattr(writes, "note", refuse)
            patch.setattr(writes, "edit", refuse)
            await press(pilot, key)
        [path] = kept()
        where = f"~/{path.relative_to(Path.home())}"
        assert toast(pilot.app) == f"the book is locked by another program; try again (your text is kept in {where})"
        assert typed in path.read_text()
        assert path.stat().st_mode & 0o777 == 0o600
        path.unlink()
        await press(pilot, key)
        assert kept() == []
        assert toast(pilot.app).endswith("[ch1]")

    drive(session(people), work)


def test_a_card_given_up_after_a_mistake_is_kept(people, kept, monkeypatch):
    """It is offered again; left as it is offered, it is kept, and not saved."""
    monkeypatch.setattr("crm_cli.tui.app.Dashboard.edited", typing_once(lambda card: card + "= what"))

    async def work(pilot):
        await press(pilot, "2", "E")
        [path] = kept()
        assert toast(pilot.app) == f"nothing was changed (your text is kept in ~/{path.relative_to(Path.home())})"
        assert "= what" in path.read_text()

    drive(session(people), work)


def typing_once(change):
    """Change the text the first time, then leave it as it is."""
    times = iter([True])

    def edited(_, draft):
        if next(times, False):
            draft.write(change(draft.original))
        return draft.read()

    return edited


def test_an_empty_note_is_not_logged(people, kept, monkeypatch):
    """Neither by the editor nor by the form, which stays."""
    monkeypatch.setattr("crm_cli.tui.app.Dashboard.edited", typing(" \n"))

    async def work(pilot):
        await press(pilot, "2", "i")
        assert toast(pilot.app) == "The text is empty; nothing was written."
        await press(pilot, "l", "tab", "n", "enter")
        assert "a note needs a text; nothing was written" in shown(pilot.app)
        assert kept() == []

    drive(session(people), work)


def test_where_no_editor_can_be_opened_the_form_stays(people):
    """As in a browser: one line says so."""

    async def work(pilot):
        await press(pilot, "2", "l", "=Hello", "ctrl+o")
        assert "cannot open an editor here" in shown(pilot.app)
        assert pilot.app.screen.read()["text"] == "Hello"
        await press(pilot, "escape", "y", "i")
        assert toast(pilot.app) == "cannot open an editor here"

    drive(session(people), work)


TYPED_AHEAD = {
    "a form that needs the record": (["2", "e", "D"], "a letter typed into the name"),
    "a form that is about to open": (["2", "l", "D"], "a letter typed into what was said"),
    "a question": (["2", "a", "D", "n", "j"], "the answer"),
}


@pytest.mark.parametrize("keys", [keys for keys, _ in TYPED_AHEAD.values()], ids=TYPED_AHEAD)
def test_a_key_typed_ahead_is_meant_for_what_the_key_before_it_opens(people, crm, keys):
    """Never for the list beneath: nobody is removed."""

    async def work(pilot):
        await burst(pilot, *keys)

    drive(session(people), work)

    assert len(crm("list", "--json").json) == 4


def test_a_key_after_a_search_is_meant_for_its_result(people, crm):
    """The list shows other people until the result is there; a search without hits begins a form with its words."""

    async def work(pilot):
        await burst(pilot, *"2/ravi", "enter", "t", *"+gold", "enter")
        await burst(pilot, "/", "ctrl+u", *"nobody", "enter", "c", "enter")

    drive(session(people), work)

    assert [one["name"] for one in crm("list", "tag:gold", "--json").json] == ["Ravi Kumar"]
    assert "nobody" in [one["name"] for one in crm("list", "--json").json]


def test_a_whole_morning_typed_ahead_is_done_in_order(people, crm):
    """Each key and each letter waits for the screen or field that it is for."""
    log = [*"2l", *"Agreed", "enter"]
    plan = [*"1p", *"plumber", "tab", *"fri", "enter"]

    async def work(pilot):
        await burst(pilot, *log, *plan, *"3c", "escape", *"1")
        assert pilot.app.page.place == actions.TODAY

    drive(session(people), work)

    assert crm("history", "--json").json[0]["subject"] == "Agreed"
    assert crm("agenda").out.count("plumber") == 1
