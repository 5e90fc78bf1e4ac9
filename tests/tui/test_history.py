"""A history as a list: search, read, change and remove in it, and back."""

from __future__ import annotations

from small_book import SmallBook
from tui_support import burst, drive, press, session, shown, toast

from crm_cli.tui.data import past
from crm_cli.tui.widgets.card import Card
from crm_cli.tui.widgets.search_field import SearchField


def listed(pilot):
    """The ids of the activities listed, from top to bottom."""
    return [item.ref for item in pilot.app.page.found.items if item.ref]


def test_a_history_is_searched_read_and_left_as_it_was_found(people):
    async def work(pilot):
        await press(pilot, "2", "h")
        assert (pilot.app.page.place, listed(pilot)) == ("history", ["a3", "a1", "a8"])
        assert "Asha Verma: 3 activities" in shown(pilot.app)
        await press(pilot, "slash", "=almost", "enter")
        assert listed(pilot) == ["a8"]
        assert "Almost." in shown(pilot.app)
        await press(pilot, "enter")
        assert pilot.app.page.query_one(Card).has_focus
        await press(pilot, "escape", "escape")
        assert listed(pilot) == ["a3", "a1", "a8"]
        await press(pilot, "escape")
        assert (pilot.app.page.place, pilot.app.page.ref) == ("people", "1")
        await press(pilot, "backspace")
        assert (pilot.app.page.place, pilot.app.page.ref) == ("today", "1")

    drive(session(people), work)


def test_a_search_without_hits_says_so_and_keys_have_nothing_to_work_on(people):
    async def work(pilot):
        await press(pilot, "2", "h", "slash", "=nothing like it", "enter", "enter", "e", "D", "y", "j")
        assert "No match for" in shown(pilot.app)
        assert pilot.app.page.place == "history"
        assert pilot.app.screen is pilot.app.page

    drive(session(people), work)


def test_an_activity_is_changed_removed_and_restored(people, crm):
    async def work(pilot):
        await press(pilot, "2", "h", "G", "e")
        await press(pilot, "tab", "tab", "right", "enter")
        assert toast(pilot.app) == "Changed a8 the price [ch1]"
        assert "[reached]" in shown(pilot.app)
        await press(pilot, "D")
        assert toast(pilot.app) == "Removed a8 the price [ch2] (u restores it)"
        assert listed(pilot) == ["a3", "a1"]
        await press(pilot, "u")
        assert listed(pilot) == ["a3", "a1", "a8"]

    drive(session(people), work)

    assert crm("show", "a8", "--json", "--book", str(people)).json["outcome"] == "reached"


def test_a_planned_activity_is_changed(people, crm):
    async def work(pilot):
        await press(pilot, "2", "h", "e", "tab")
        for _ in range(12):
            await pilot.press("backspace")
        await press(pilot, "=fri 3pm", "enter")
        assert toast(pilot.app) == "Changed a3 lunch → Fri 27 Nov 2026 15:00 [ch1]"

    drive(session(people), work)

    assert crm("show", "a3", "--json", "--book", str(people)).json["due"] == "2026-11-27T15:00:00+05:30"


def test_nothing_changed_is_said_in_the_form(people):
    async def work(pilot):
        await press(pilot, "2", "h", "e", "enter")
        assert "nothing was changed" in shown(pilot.app)
        assert pilot.app.screen is not pilot.app.page

    drive(session(people), work)


def test_the_text_of_an_activity_is_copied(people):
    async def work(pilot):
        await press(pilot, "2", "h", "G", "y")
        assert pilot.app.clipboard.startswith("the price")
        assert toast(pilot.app).startswith("Copied the price")

    drive(session(people), work)


def test_companies_and_deals_have_a_history_too(people, crm):
    crm("deal", "add", "Boxes", "--with", "1", "company=Acme", "--next", "fri: ask", "--book", str(people))
    crm("log", "call", "1", "-m", "About the boxes", "--deal", "d1", "--book", str(people))

    async def work(pilot):
        await press(pilot, "3", "h")
        assert listed(pilot) == ["a9", "a10"]
        assert "Boxes: 2 activities" in shown(pilot.app)
        await press(pilot, "f2", "h")
        assert listed(pilot) == ["a9", "a10"]
        assert "Acme: 2 activities" in shown(pilot.app)
        await press(pilot, "backspace", "backspace")
        assert (pilot.app.page.place, listed(pilot)) == ("history", ["a9", "a10"])

    drive(session(people), work)


def test_an_activity_without_people_has_no_history_and_says_so(people):
    async def work(pilot):
        await press(pilot, "G")
        while pilot.app.page.ref != "a4":
            await press(pilot, "k")
        await press(pilot, "h")
        assert toast(pilot.app) == "No person, company or deal is here."
        await press(pilot, "enter", "escape")
        assert pilot.app.page.place == "today"

    drive(session(people), work)


def test_an_activity_followed_from_a_card_is_removed_there(people):
    async def work(pilot):
        await press(pilot, "2", "enter", *["n"] * 9, "enter")
        assert (pilot.app.page.place, pilot.app.page.ref) == ("read", "a8")
        await press(pilot, "D")
        assert (pilot.app.page.place, toast(pilot.app)) == ("people", "Removed a8 the price [ch1] (u restores it)")

    drive(session(people), work)


def test_a_very_long_history_says_that_there_is_more(book_path, monkeypatch):
    monkeypatch.setattr(past, "MOST", 5)
    book = SmallBook(book_path)
    asha = book.person("Asha Verma")
    for day in range(10, 20):
        book.done("note", f"2026-10-{day}T10:00:00Z", asha, subject=f"note {day}")
    book.save().db.close()

    async def work(pilot):
        await press(pilot, "2", "h")
        assert pilot.app.page.query_one(SearchField).count == "Asha Verma: 5 activities+"

    drive(session(book_path), work)


def test_reminders_are_changed_in_the_form_and_one_that_has_passed_is_said(people, crm):
    crm("edit", "a3", "due=fri 3pm", "remind=-1d")

    async def work(pilot):
        await press(pilot, "2", "h", "e", "tab", "tab", "tab")
        await burst(pilot, *("backspace",) * 3, *"-2h, thu 9am")
        await press(pilot, "enter")
        assert toast(pilot.app).startswith("Changed a3")
        await press(pilot, "e", "tab")
        await burst(pilot, *("backspace",) * 16, *"today 10am", "enter")
        assert "the reminder of a3 (today 08:00) has passed" in toast(pilot.app)

    drive(session(people), work)

    moments = [each["at"] for each in crm("show", "a3", "--json").json["reminders"]]
    assert moments == ["2026-11-22T08:00:00+05:30", "2026-11-26T09:00:00+05:30"]
