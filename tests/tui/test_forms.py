"""Forms: what was typed is not lost, mistakes are shown at their field, and a form stays until it is saved."""

from __future__ import annotations

import json
import signal
import sqlite3
import time

import pytest
from terminal import Terminal
from tui_support import burst, drive, press, session, settled, shown, toast

from crm_cli import config
from crm_cli.errors import UsageError
from crm_cli.tui import hints, kept
from crm_cli.tui.data import forms
from crm_cli.tui.dialogs import person
from crm_cli.tui.dialogs.form import Form, Stage


def form_of(pilot):
    """The form that is open."""
    return next((screen for screen in pilot.app.screen_stack if isinstance(screen, Form)), None)


def refusal_of(field, text):
    """What a field says about a text that it refuses."""
    try:
        field.check(text)
    except UsageError as error:
        return hints.text(error)
    return ""


@pytest.mark.conv("T09")
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


def test_the_editor_gets_and_gives_the_whole_text(people, crm, monkeypatch):
    """What comes back is shown whole, and can be typed on."""
    opened = []

    def edited(_, draft):
        opened.append(draft.original)
        return "The price\nwent up\n"

    monkeypatch.setattr("crm_cli.tui.app.Dashboard.edited", edited)

    async def work(pilot):
        await press(pilot, "2", "l", "=one", "ctrl+j", "=two", "ctrl+o")
        assert "went up" in shown(pilot.app)
        await press(pilot, "=!", "enter")

    drive(session(people), work)

    last = crm("history", "1", "--json").json[0]
    assert opened == ["one\ntwo"]
    assert (last["subject"], last["body"]) == ("The price", "went up!")


def test_a_text_that_grows_stays_in_sight(people, crm):
    """On a small terminal, where the form is longer than the screen."""
    crm("deal", "add", "Tins", "--with", "1")

    async def work(pilot):
        await press(pilot, "3", "e", *["tab"] * 5)
        for number in range(9):
            await press(pilot, f"=line {number}", "ctrl+j")
            assert f"line {number}" in shown(pilot.app)
        assert "⏎ save" in shown(pilot.app)

    drive(session(people), work, size=(60, 14))


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


@pytest.mark.parametrize("field", ["email", "phone"])
def test_a_form_checks_phones_and_addresses_as_the_prompt_does(people, crm, field):
    """With the same words, except for advice about assignments."""
    texts = ["nowhere", "a@b", "a@b.in", "x y@z.in", "<a@b.in>", "a@b.in, c@d.in", "@", "1", "112", "ext. 7", "०९८२०"]
    fields = {one.name: one for one in person.form(None).fields}

    for text in texts:
        prompt = crm("add", "Meera", f"{field}={text}", "--dry-run")
        refusal = refusal_of(fields[field], text)
        assert bool(refusal) == bool(prompt.code), text
        assert refusal in prompt.err
        assert "write" not in refusal


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


def test_a_conflict_shows_both_versions_and_saves_what_is_chosen(people, crm):
    """What only one of the two changed is kept of both; the form is still there when the question is left."""

    async def work(pilot):
        await press(pilot, "2", "e", "=X", *["tab"] * 5, "=!", "tab", "tab", "= +vip")
        crm("edit", "1", "name=Asha Rao", "city=Goa", "title=CEO")
        await press(pilot, "enter")
        text = shown(pilot.app)
        assert "▌ ● mine        Asha VermaX" in text
        assert "▌ ○ the book's  Asha Rao" in text
        assert "  ● the book's  CEO" in text
        await press(pilot, "down")
        assert "  ● mine        Asha VermaX" in shown(pilot.app)
        assert "▌ ● the book's  CEO" in shown(pilot.app)
        await press(pilot, "escape")
        assert form_of(pilot).read()["name"] == "Asha VermaX"
        await press(pilot, "enter", "b", "enter")
        assert form_of(pilot) is None
        assert toast(pilot.app) == "Changed 1 Asha Rao [ch2]"

    drive(session(people), work)

    found = crm("show", "1", "--json").json
    assert (found["name"], found["title"], found["addresses"][0]["locality"]) == ("Asha Rao", "CEO", "Pune!")
    assert found["tags"] == ["client", "vip"]


def test_changes_of_different_fields_are_both_saved_without_a_question(people, crm):
    """A reminder that was added elsewhere changes a person, but none of the fields."""

    async def work(pilot):
        await press(pilot, "2", "e", "=X")
        crm("edit", "1", "nickname=Ash")
        await press(pilot, "enter")
        assert toast(pilot.app) == "Changed 1 Asha VermaX [ch2]"

    drive(session(people), work)

    assert crm("show", "1", "--json").json["nickname"] == "Ash"


def test_a_conflict_about_a_deal_is_resolved_as_well(people, crm):
    crm("deal", "add", "Tins", "--with", "1", "notes=one")

    async def work(pilot):
        await press(pilot, "3", "e", *["tab"] * 5, "=!", "enter")
        assert toast(pilot.app).startswith("Changed d1")
        await press(pilot, "e", *["tab"] * 5, "=!")
        crm("deal", "edit", "d1", "notes=two")
        await press(pilot, "enter")
        assert "● mine        one!!" in shown(pilot.app)
        await press(pilot, "enter")

    drive(session(people), work)

    assert crm("deal", "show", "d1", "--json").json["notes"] == "one!!"


def test_a_conflict_about_a_company_is_resolved_as_well(people, crm):
    async def work(pilot):
        await press(pilot, "f2", "e", "tab", "=new@acme.in", *["tab"] * 3, "=Goa")
        crm("company", "edit", "c1", "city=Pune")
        await press(pilot, "enter")
        assert "● mine        Goa" in shown(pilot.app)
        await press(pilot, "b", "enter")

    drive(session(people), work)

    found = crm("company", "show", "c1", "--json").json
    assert (found["emails"][0]["value"], found["addresses"][0]["locality"]) == ("new@acme.in", "Pune")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=str)
def test_a_form_is_kept_when_the_dashboard_is_ended(people, crm, number):
    """And offered at the next start: for later, to be opened with all that was typed, or to be discarded."""
    with Terminal(people) as terminal:
        terminal.until("Overdue  1")
        terminal.press("d")
        terminal.until("what was it")
        terminal.press("Sent it", "\n", "by mail")
        terminal.until("by mail")
        terminal.child.kill(number)
        terminal.end()
    [path] = (config.folder("state") / "unsaved").rglob("*.json")
    assert path.stat().st_mode & 0o777 == 0o600
    with Terminal(people) as terminal:
        terminal.until("An unsaved form was kept: Done: send the quote")
        terminal.press("escape")
        assert terminal.leave() == 0
    with Terminal(people) as terminal:
        terminal.until("An unsaved form was kept")
        terminal.press("enter")
        terminal.until("by mail")
        terminal.press("!", "enter")
        terminal.until("Done a1")
        assert terminal.leave() == 0

    last = json.loads(crm("history", "1", "--json").out)[0]
    assert "Sent it\nby mail!" in f"{last['subject']}\n{last['body']}"
    assert not path.exists()


def test_a_form_is_kept_when_the_dashboard_crashes(people):
    async def work(pilot):
        await press(pilot, "2", "l", "=Agreed")
        pilot.app.call_later(lambda: 1 / 0)
        await pilot.pause(0.1)

    with pytest.raises(ZeroDivisionError):
        drive(session(people), work)

    assert kept.first(people).values == {"text": "Agreed"}


def test_every_form_can_be_kept_and_opened_again(people, crm, surroundings):
    """By the registered name and the records that it is about; a discarded one is gone."""
    crm("deal", "add", "Tins", "--with", "1")
    about = {"log": ["1"], "todo": [], "tag": ["1", "2"], "relate": ["1"], "add": [], "edit": ["1"], "deal add": []}
    about |= {"add company": [], "edit a company": ["c1"], "tag companies": ["c1", "c2"], "log about a company": ["c1"]}
    about |= {key: ["a1"] for key in ("done", "move", "snooze", "activity edit")} | {"log about a deal": ["d1"]}
    names = [*forms.FORMS, *(name for name in about if name not in forms.FORMS)]

    async def work(pilot):
        for name in names:
            spec = forms.opened(
                pilot.app.session, name if name in forms.FORMS else name.split()[0], about.get(name, ["d1"])
            ).spec
            kept.keep(people, spec, spec.values | {spec.fields[0].name: "x"})
            found = kept.first(people)
            pilot.app.page.offer(found)
            await settled(pilot)
            await press(pilot, "enter")
            form = form_of(pilot)
            assert form.spec.title == spec.title
            if not spec.fields[0].choices:
                assert form.read()[spec.fields[0].name] == "x"
            await press(pilot, "ctrl+q", "y") if name == names[-1] else await press(pilot, "escape", "y")
            assert kept.first(people) is None, name

    drive(session(people), work)


def test_a_kept_form_about_a_record_that_is_gone_stays(people, crm):
    """The error is shown; the text can still be found."""

    async def work(pilot):
        spec = forms.opened(pilot.app.session, "edit", ["2"]).spec
        kept.keep(people, spec, spec.values | {"city": "Goa"})
        crm("rm", "2", "--yes")
        pilot.app.page.offer(kept.first(people))
        await settled(pilot)
        await press(pilot, "enter")
        assert "there is no person 2" in toast(pilot.app)
        pilot.app.page.offer(kept.first(people))
        await settled(pilot)
        await press(pilot, "D")

    drive(session(people), work)
    assert kept.first(people) is None


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
    with Terminal(people) as terminal:
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
