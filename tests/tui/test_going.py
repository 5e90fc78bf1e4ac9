"""Going around: into the card and out of it, along its links, and back."""

from __future__ import annotations

from random import Random

import pytest
from small_book import SmallBook
from support import made_once
from tui_support import drive, lines, press, session, settled, shown, toast

from crm_cli.tui.visits import MOST, Spot, Visits
from crm_cli.tui.widgets.card import Card


def card(pilot):
    return pilot.app.screen.query_one(Card)


def place(pilot):
    """Where one is: the screen, the record, and whether in the card."""
    page = pilot.app.page
    return page.place, page.ref, card(pilot).has_focus


def footer(pilot):
    return lines(pilot.app)[-1]


@pytest.fixture
@made_once
def dealt(people, crm):
    """The people, and a deal with the first of them."""
    crm("deal", "add", "Boxes", "--with", "1", "company=Acme", "amount=500 EUR", "--next", "fri: ask", "--book", people)
    return people


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (160, 50)], ids=str)
@pytest.mark.parametrize("screen", ["1", "2", "3"])
def test_the_card_is_no_trap(dealt, screen, size):
    async def work(pilot):
        await press(pilot, screen)
        before = place(pilot)
        keys = "enter" if screen != "1" else "tab" if size[0] >= 100 else "v"
        await press(pilot, keys)
        assert place(pilot) == (*before[:2], True)
        assert "⏎ follow  y copy  esc list" in footer(pilot)
        await press(pilot, "escape")
        assert place(pilot) == before
        assert "follow" not in footer(pilot)

    drive(session(dealt), work, size=size)


def test_links_are_followed_and_backspace_goes_back(dealt):
    async def work(pilot):
        await press(pilot, "2", "enter")
        assert [link.ref for link in card(pilot).links] == ["c1", "a1", "a3", "a9", "d1", "a8"]
        await press(pilot, "enter")
        assert place(pilot) == ("companies", "c1", True)
        assert "Acme  c1" in shown(pilot.app)
        assert [link.ref for link in card(pilot).links] == ["a9", "1", "d1"]
        await press(pilot, "j", "enter")
        assert place(pilot) == ("people", "1", True)
        await press(pilot, "j", "j", "j", "j", "enter")
        assert place(pilot) == ("pipeline", "d1", True)
        await press(pilot, "backspace")
        assert (place(pilot), card(pilot).ref) == (("people", "1", True), "d1")
        await press(pilot, "backspace")
        assert (place(pilot), card(pilot).at) == (("companies", "c1", True), 1)
        await press(pilot, "escape")
        assert place(pilot) == ("companies", "c1", False)
        await press(pilot, "backspace")
        assert place(pilot) == ("people", "1", True)
        await press(pilot, "backspace")
        assert place(pilot)[0] == "today"
        await press(pilot, "backspace")
        assert toast(pilot.app) == "There is no place to go back to."

    drive(session(dealt), work)


def test_an_activity_is_read_with_its_whole_text(people):
    async def work(pilot):
        await press(pilot, "2", "enter", *["n"] * 9, "enter")
        assert place(pilot) == ("read", "a8", True)
        assert "Almost." in shown(pilot.app)
        await press(pilot, "u", "1")
        assert place(pilot)[0] == "today"
        await press(pilot, "backspace")
        assert place(pilot) == ("read", "a8", True)

    drive(session(people), work)


def test_going_back_brings_the_search_again(people):
    async def work(pilot):
        await press(pilot, "2", "slash", "=tag:client", "enter", "1", "backspace")
        assert (place(pilot), pilot.app.page.search_text) == (("people", "1", False), "tag:client")
        pilot.app.go_to_person(4)
        await settled(pilot)
        assert (place(pilot), pilot.app.page.search_text) == (("people", "4", False), "")
        await press(pilot, "backspace")
        assert (place(pilot), pilot.app.page.search_text) == (("people", "1", False), "tag:client")

    drive(session(people), work)


def test_in_the_search_field_backspace_deletes_and_the_footer_shows_its_keys(people):
    async def work(pilot):
        await press(pilot, "2", "slash", "=ax", "backspace")
        assert (pilot.app.page.place, pilot.app.page.search_text) == ("people", "a")
        assert footer(pilot).split("  ")[:2] == [" ⏎ list", "esc clear"]
        assert "quit" not in footer(pilot)

    drive(session(people), work)


def test_the_footer_shows_more_on_a_wider_screen_and_each_key_can_be_clicked(people):
    seen = {}
    for width in (80, 160):

        async def work(pilot, width=width):
            await press(pilot, "2")
            seen[width] = footer(pilot)
            await pilot.click("Keys", offset=(footer(pilot).index("help"), 0))
            await settled(pilot)
            assert "A card" in shown(pilot.app)

        drive(session(people), work, size=(width, 40))

    assert len(seen[80]) > 65
    assert len(seen[160]) > 140


def test_a_key_of_the_card_can_be_clicked(people):
    async def work(pilot):
        await press(pilot, "2", "enter")
        await pilot.click("Keys", offset=(footer(pilot).index("follow"), 0))
        await settled(pilot)
        assert place(pilot) == ("companies", "c1", True)

    drive(session(people), work)


def test_a_link_can_be_double_clicked(people):
    async def work(pilot):
        await press(pilot, "2")
        row = next(row for row, line in enumerate(lines(pilot.app)) if "CTO, Acme" in line)
        at = lines(pilot.app)[row].index("CTO, Acme") + len("CTO, ")
        await pilot.double_click(offset=(at, row))
        await settled(pilot)
        assert place(pilot) == ("companies", "c1", True)

    drive(session(people), work)


@pytest.fixture
@made_once
def many(book_path):
    """More people than fit on a screen; something is to be done with some of them."""
    book = SmallBook(book_path)
    refs = [book.person(f"Person {number:03}") for number in range(120)]
    for number in (90, 119):
        book.todo(f"call them {number}", "2026-11-20", refs[number])
    for number in range(60):
        book.todo(f"later {number:02}", "2026-11-25", refs[number])
    book.save().db.close()
    return book_path


def is_in_sight(pilot):
    """Is the row under the cursor of the list visible?"""
    rows = pilot.app.page.beside
    top = rows.scroll_offset.y
    return top <= rows.cursor < top + rows.size.height - rows.HEAD


@pytest.mark.parametrize("size", [(60, 14), (80, 24), (120, 40)], ids=str)
def test_the_cursor_is_in_sight_wherever_one_goes_and_however_wide_the_terminal_becomes(many, size):
    async def work(pilot):
        await press(pilot, "enter")
        assert (place(pilot)[:2], is_in_sight(pilot)) == (("people", "91"), True)
        await press(pilot, "1", "j", "enter")
        assert (place(pilot)[:2], is_in_sight(pilot)) == (("people", "120"), True)
        for other in ((60, 14), (140, 50), (80, 10), size):
            await pilot.resize_terminal(*other)
            await settled(pilot)
            assert is_in_sight(pilot)
            assert card(pilot).key == ("120" if other[0] >= 100 else "")

    drive(session(many), work, size=size)


def test_the_card_follows_a_resize(people):
    async def work(pilot):
        await pilot.resize_terminal(120, 40)
        await settled(pilot)
        assert "Asha Verma  1" in shown(pilot.app)
        await press(pilot, "tab")
        await pilot.resize_terminal(60, 14)
        await settled(pilot)
        assert (place(pilot), "Asha Verma  1" in shown(pilot.app)) == (("today", "1", True), True)
        await press(pilot, "escape")
        assert "Overdue" in shown(pilot.app)
        await pilot.resize_terminal(120, 40)
        await settled(pilot)
        assert "Overdue" in shown(pilot.app)
        assert "Asha Verma  1" in shown(pilot.app)

    drive(session(people), work, size=(60, 14))


@pytest.mark.conv("T01")
def test_a_storm_of_resizes_leaves_the_cursor_where_it_was(many):
    chance = Random(1)

    async def work(pilot):
        await press(pilot, "2", "j", "j")
        before = place(pilot)
        for _ in range(15):
            await pilot.resize_terminal(chance.randint(20, 250), chance.randint(5, 70))
        await pilot.resize_terminal(80, 24)
        await settled(pilot)
        assert place(pilot) == before

    drive(session(many), work)


def test_the_history_is_beside_the_rest_on_a_wide_terminal(people):
    async def work(pilot):
        await press(pilot, "2")
        (line,) = [line for line in lines(pilot.app) if "History" in line]
        assert "Asha Verma  1" in line
        await pilot.resize_terminal(120, 40)
        await settled(pilot)
        (line,) = [line for line in lines(pilot.app) if "History" in line]
        assert "Asha Verma  1" not in line

    drive(session(people), work, size=(160, 40))


def test_the_places_remembered_are_bounded():
    class Page:
        def __init__(self, ref):
            self.ref = ref

        def spot(self):
            return Spot("people", ref=self.ref)

    visits = Visits()
    for number in range(MOST + 20):
        visits.add(Page(str(number)))

    assert len(visits.spots) == MOST
    assert visits.back(Page(str(MOST + 19))).ref == str(MOST + 18)


def test_a_link_of_the_card_is_copied(dealt):
    """As the line of a list."""

    async def work(pilot):
        await press(pilot, "2", "enter", "y")
        assert pilot.app.clipboard == "Acme"
        assert toast(pilot.app) == "Copied Acme"

    drive(session(dealt), work)
