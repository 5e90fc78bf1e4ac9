"""People: searching, scrolling, selecting, and each key's work."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from small_book import SmallBook
from tui_support import burst, drive, press, session, settled, shown, toast

from crm_cli.tui import typeahead
from crm_cli.tui.widgets.people_list import PeopleList, widths
from crm_cli.tui.widgets.search_field import SearchField


def listed(pilot):
    page = pilot.app.screen
    return [page.found.known[ref].name for ref in page.found.ids]


@pytest.mark.conv("T07")
def test_words_are_ranked_and_the_query_language_is_exact(people):
    """The list follows each letter."""

    async def work(pilot):
        await press(pilot, "2")
        assert listed(pilot) == ["Asha Verma", "Ravi Kumar", "Zoë Quiet", "王小明"]
        await press(pilot, "slash", "=zo")
        assert listed(pilot) == ["Zoë Quiet"]
        await press(pilot, "escape", "slash", "=tag:client -tag:vip")
        assert listed(pilot) == ["Asha Verma"]
        assert "1 person" in shown(pilot.app)
        await press(pilot, "escape", "slash", "=98200 12345")
        assert listed(pilot) == ["Asha Verma"]

    drive(session(people), work)


def test_a_typo_is_forgiven_and_said(people):
    """As on the command line."""

    async def work(pilot):
        await press(pilot, "slash", "=ahsa")
        assert listed(pilot) == ["Asha Verma"]
        assert "closest to what you typed: asha" in shown(pilot.app)

    drive(session(people), work)


def test_a_mistake_in_a_query_stands_under_its_place_and_the_list_stays(people):
    """The caret is where the mistake is."""

    async def work(pilot):
        await press(pilot, "slash", "=asha")
        await press(pilot, "= tga:x")
        field = pilot.app.screen.query_one(SearchField)
        assert field.mistake[1] == len("asha ")
        row = next(line for line in shown(pilot.app).splitlines() if "^" in line and "tga" in line)
        assert row.index("^") == 3 + len("asha ")
        assert "did you mean tag" in row

    drive(session(people), work)


def test_the_search_never_advises_about_a_shell(people):
    """A value that is still to be typed, an id that does not exist, a mistake: said below the field."""

    async def work(pilot):
        for text, words in (("tag:", "type its value"), ("9999", "there is no person 9999"), ('"a', "close it with")):
            await press(pilot, "2", "slash", f"={text}")
            said = pilot.app.screen.query_one(SearchField).mistake[0]
            assert words in said
            assert "shell" not in said
            assert "crm " not in said
            assert not toast(pilot.app)
            await press(pilot, "escape", "escape")

    drive(session(people), work)


def test_nobody_found_and_an_empty_book_say_what_to_do(people, tmp_path):
    """An empty list is an answer, and a way on."""

    async def no_people(pilot):
        await press(pilot, "slash", "=Meera Iyer")
        assert 'No match for "Meera Iyer"' in shown(pilot.app)
        await press(pilot, "enter", "c")
        assert pilot.app.screen.read()["name"] == "Meera Iyer"
        await press(pilot, "escape")
        await press(pilot, "escape", "slash", "=meera@iyer.example", "enter", "c")
        assert (pilot.app.screen.read()["name"], pilot.app.screen.read()["email"]) == ("", "meera@iyer.example")
        await press(pilot, "escape", "escape")
        assert len(listed(pilot)) == 4

    async def empty(pilot):
        await press(pilot, "2")
        assert "No people in this book yet." in shown(pilot.app)
        assert "none.db" in shown(pilot.app)

    drive(session(people), no_people)
    drive(session(tmp_path / "none.db"), empty)


@pytest.mark.conv("T08")
def test_only_rows_in_sight_are_read(tmp_path):
    """Of 900 people a screenful is known; the last ones are when one goes there."""
    book = SmallBook(tmp_path / "many.db")
    for number in range(900):
        book.person(f"Person {number:04}", "Acme")
    book.save().db.close()

    async def work(pilot):
        await press(pilot, "2")
        found = pilot.app.screen.found
        assert len(found.ids) == 900
        assert len(found.known) < 150
        await press(pilot, "G")
        assert "Person 0899" in shown(pilot.app)
        assert len(found.known) < 250
        await press(pilot, "g", "ctrl+d")
        assert 10 < found.cursor < 60

    drive(session(tmp_path / "many.db"), work)


def test_several_are_selected_and_tagged_at_once(people):
    """space and shift select, the tag goes on all, one key takes it off again."""

    async def work(pilot):
        await press(pilot, "2", "space", "shift+down")
        found = pilot.app.screen.found
        assert list(found.selected) == [1, 2, 4]
        assert "3 selected of 4" in shown(pilot.app)
        await press(pilot, "t", "=+fair -client", "enter")
        assert toast(pilot.app) == "Tagged 3 people +fair -client [ch1]"
        assert not found.selected
        assert found.known[2].tags == ("fair",)
        await press(pilot, "a", "escape")
        assert not found.selected
        await press(pilot, "u")
        assert toast(pilot.app).startswith("Took back ch1 tag")
        assert found.known[1].tags == ("client",)

    drive(session(people), work)


def test_a_search_ends_the_selection(people):
    """It is of what was seen; the count and the line below say so, and a key is about the person under the cursor."""

    async def work(pilot):
        await press(pilot, "2", "space", "space", "space")
        assert "3 selected of 4" in shown(pilot.app)
        await press(pilot, "slash", "=王")
        found = pilot.app.screen.found
        assert not found.selected
        assert "1 person" in shown(pilot.app)
        assert "the search ended the selection of 3" in shown(pilot.app)
        await press(pilot, "enter", "D")
        assert toast(pilot.app) == "Removed 3 王小明 [ch1] (u restores them)"
        await press(pilot, "escape", "escape")
        assert listed(pilot) == ["Asha Verma", "Ravi Kumar", "Zoë Quiet"]
        await press(pilot, "space")
        assert "1 selected of 3" in shown(pilot.app)
        assert "ended the selection" not in shown(pilot.app)

    drive(session(people), work)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (["t", "=+fair", "enter"], "Tagged 3 王小明 +fair"),
        (["l", "=Hello", "enter"], "Logged a9 call with 王小明"),
        (["p", "=Write", "enter"], "Planned a9 Write with 王小明"),
        (["i"], "Logged a9 note about 王小明"),
        (["delete"], "Removed 3 王小明"),
    ],
    ids=str,
)
def test_no_action_is_about_people_that_a_search_hides(people, monkeypatch, keys, message):
    """Neither tags, logs, plans, notes nor removes them."""
    monkeypatch.setattr("crm_cli.tui.app.Dashboard.edited", lambda *_: "Gossip")

    async def work(pilot):
        await press(pilot, "2", "a", "slash", "=王", "enter", *keys)
        assert toast(pilot.app).startswith(message)

    drive(session(people), work)


def test_who_is_gone_is_not_selected_any_more(people, crm):
    """Another program removed them, or they do not fit the search any more."""

    async def work(pilot):
        await press(pilot, "2", "slash", "=tag:client", "enter", "a")
        assert "2 selected of 2" in shown(pilot.app)
        crm("tag", "1", "-client")
        pilot.app.reload()
        await settled(pilot)
        assert list(pilot.app.screen.found.selected) == [3]
        assert "1 selected of 1" in shown(pilot.app)

    drive(session(people), work)


def test_removing_several_asks_with_their_names(people):
    """No leaves them, and the selection; yes removes them."""

    async def work(pilot):
        await press(pilot, "2", "a", "D")
        assert "Remove 4 people?  Asha Verma, Ravi Kumar, Zoë Quiet and 1 more" in shown(pilot.app)
        await press(pilot, "n")
        assert len(pilot.app.screen.found.selected) == 4
        await press(pilot, "t")
        assert "Tag Asha Verma, Ravi Kumar, Zoë Quiet and 1 more" in shown(pilot.app)
        await press(pilot, "escape", "escape", "space", "space", "D")
        assert "Remove 2 people?  Asha Verma, Ravi Kumar" in shown(pilot.app)
        await press(pilot, "y")
        assert toast(pilot.app) == "Removed 2 people with 4 activities [ch1] (u restores them)"
        assert not pilot.app.screen.found.selected

    drive(session(people), work)


def test_a_note_is_about_all_selected(people, monkeypatch):
    """As everything else that is done to them."""
    monkeypatch.setattr("crm_cli.tui.app.Dashboard.edited", lambda *_: "Gossip")

    async def work(pilot):
        await press(pilot, "2", "space", "space", "i")
        assert toast(pilot.app) == "Logged a9 note about Asha Verma (Acme) and 1 more [ch1]"

    drive(session(people), work)


def test_nothing_is_done_to_the_people_of_an_older_search(people, monkeypatch):
    """Until the search has an answer, those still listed may not be who was searched for."""

    async def work(pilot):
        await press(pilot, "2")
        monkeypatch.setattr(typeahead, "LIMIT", 0.05)
        monkeypatch.setattr(pilot.app.screen, "ask", lambda *_, **__: None)
        await press(pilot, "slash", "=zoë", "enter", "D", "i", "e")
        assert pilot.app.screen.place == "people"
        assert listed(pilot) == ["Asha Verma", "Ravi Kumar", "Zoë Quiet", "王小明"]

    drive(session(people), work)


def test_add_puts_the_cursor_on_the_new_person(people):
    """With what was typed, tags and a birthday in words included."""

    async def work(pilot):
        await press(pilot, "2", "c", "=Meera Iyer", "tab", "=Acme", "tab", "tab", "=meera@iyer.example")
        await press(pilot, "tab", "tab", "tab", "=12 apr 1990", "tab", "=vip", "enter")
        assert toast(pilot.app) == "Added 5 Meera Iyer [ch1]"
        assert pilot.app.screen.found.current == 5
        text = shown(pilot.app)
        assert "meera@iyer.example" in text
        assert "12 Apr, turns 37" in text
        assert "+vip" in text

    drive(session(people), work)


def test_a_mistake_in_a_form_is_told_at_its_field(people):
    """Nothing is saved, nothing is lost, the cursor stands in the field."""

    async def work(pilot):
        await press(pilot, "2", "c", "=Meera", "tab", "tab", "tab", "=nowhere", "enter")
        assert "'nowhere' is not an e-mail address" in shown(pilot.app)
        assert pilot.app.focused.id == "email"
        assert pilot.app.screen.read()["name"] == "Meera"

    drive(session(people), work)


def test_what_the_book_refuses_is_asked_again_with_all_that_was_typed(people):
    """A person of whom nothing is said cannot be added; the form is there again."""

    async def work(pilot):
        await press(pilot, "2", "c", "tab", "tab", "tab", "tab", "tab", "tab", "tab", "=vip", "enter")
        assert "who is it?" in shown(pilot.app)
        assert pilot.app.screen.read()["tags"] == "vip"

    drive(session(people), work)


def test_edit_changes_only_what_was_changed(people):
    """The label of the phone stays; what was left alone is not written."""

    async def work(pilot):
        await press(pilot, "2", "e", "tab", "tab", "tab", "tab")
        for _ in range(20):
            await pilot.press("backspace")
        await press(pilot, "=098200 99999", "enter")
        assert toast(pilot.app) == "Changed 1 Asha Verma [ch1]"
        assert "098200 99999  (mobile)" in shown(pilot.app)
        assert "asha@acme.in  (work)" in shown(pilot.app)

    drive(session(people), work)


def test_remove_and_undo(people):
    """One is removed at once, as one key brings them back."""

    async def work(pilot):
        await press(pilot, "2", "j", "D")
        assert toast(pilot.app) == "Removed 2 Ravi Kumar with 1 activity [ch1] (u restores them)"
        assert "Ravi Kumar" not in listed(pilot)
        await press(pilot, "u")
        assert "Ravi Kumar" in toast(pilot.app)
        assert "Ravi Kumar" in listed(pilot)

    drive(session(people), work)


def test_log_and_todo_are_with_the_person_under_the_cursor(people):
    """And the history shows it at once."""

    async def work(pilot):
        await press(pilot, "2", "l", "=Will decide", "enter")
        assert toast(pilot.app) == "Logged a9 call with Asha Verma (Acme) [ch1]"
        assert "call: Will decide" in shown(pilot.app)
        await press(pilot, "p", "=ask again", "tab", "=mon", "enter")
        assert toast(pilot.app).startswith("Planned a10 ask again → Mon 23 Nov 2026 with Asha Verma")

    drive(session(people), work)


def test_addresses_and_numbers_are_copied(people):
    """By OSC 52; where there is none, that is said."""

    async def work(pilot):
        await press(pilot, "2", "y")
        assert pilot.app.clipboard == "asha@acme.in"
        await press(pilot, "Y")
        assert pilot.app.clipboard == "098200 12345"
        await press(pilot, "G", "y")
        assert (pilot.app.clipboard, toast(pilot.app)) == ("王小明", "Copied 王小明")
        await press(pilot, "Y")
        assert toast(pilot.app) == "王小明 has no phone number."

    drive(session(people), work)


def test_the_editor_writes_notes_and_cards(people, monkeypatch):
    """i notes what comes back, E changes the card; a card with a mistake is offered again."""
    answers = iter(["Likes tea.\nGreen.", 'nickname = "Ash"\nbirthday = ', 'nickname = "Ash"'])
    seen = []

    def edited(_, draft):
        seen.append(text := draft.file().read_text())
        answer = next(answers)
        return text.replace('nickname = ""', answer) if draft.suffix == ".toml" and "mistake" not in text else answer

    monkeypatch.setattr("crm_cli.tui.app.Dashboard.edited", edited)

    async def work(pilot):
        await press(pilot, "2", "i")
        assert toast(pilot.app) == "Logged a9 note about Asha Verma (Acme) [ch1]"
        await press(pilot, "E")
        assert seen[2].startswith("# mistake: ")

    drive(session(people), work)


def test_the_columns_fill_every_width():
    """No width is wasted or exceeded, and a phone keeps its digits as soon as it is shown."""
    for width in range(5, 240):
        found = widths(width)
        assert sum(found) <= max(width, 20) or len(found) == 1
        if len(found) > 2:
            assert found[2] >= 17


def test_a_stale_answer_never_overwrites_a_newer_one(people):
    """Answers that come late, to a question nobody asks any more, are dropped."""

    async def work(pilot):
        await press(pilot, "2")
        page = pilot.app.screen
        got = []
        page.ask("search", lambda _: iter(["old"]), got.append)
        page.ask("search", lambda _: iter(["new"]), got.append)
        await press(pilot, "j")
        assert got == ["new"]

    drive(session(people), work)


def test_a_click_moves_the_cursor_and_a_double_click_opens(people):
    """The mouse does what the keys do."""

    async def work(pilot):
        await press(pilot, "2")
        await pilot.click(PeopleList, offset=(5, 2))
        assert pilot.app.screen.found.cursor == 1
        await pilot.click(PeopleList, offset=(5, 2), times=2)
        assert pilot.app.focused.id == "card"

    drive(session(people), work)


def test_the_first_letter_of_a_further_word_finds_names_that_go_on_so(people):
    """And where none does, everything else that holds both."""

    async def work(pilot):
        await press(pilot, "2", "slash", "=zoë q")
        assert listed(pilot) == ["Zoë Quiet"]
        await press(pilot, "escape", "=verma a")
        assert listed(pilot) == ["Asha Verma"]

    drive(session(people), work)


def test_keys_that_come_in_one_breath_go_where_they_were_meant(people):
    """A macro, or a slow line: what stands behind a tab is for the next field, and enter saves all of it."""

    async def work(pilot):
        await press(pilot, "2", "c")
        await burst(pilot, *"Rani", "tab", *"Acme", "enter")
        assert toast(pilot.app).startswith("Added 5 Rani")

    drive(session(people), work)
    with closing(sqlite3.connect(people)) as db:
        job = "SELECT c.name FROM company c JOIN employment e ON e.company_id = c.id WHERE e.contact_id = 5"
        assert db.execute(job).fetchone() == ("Acme",)
