"""Pipeline on a wide screen: stages side by side, and how one moves among them."""

from __future__ import annotations

import pytest
from small_book import SmallBook
from support import made_once
from tui_support import drive, lines, press, session, shown, toast

from crm_cli.tui.widgets.board import Board
from crm_cli.tui.widgets.heading import Heading
from crm_cli.tui.widgets.keys import Keys
from crm_cli.tui.widgets.lanes import Lanes

STAGES = ("Lead", "Qualified", "Proposal", "Negotiation")


@pytest.fixture
@made_once
def deals(book_path, crm):
    """Nine deals in Lead, one in Proposal that is late, none elsewhere; the first has a next step."""
    book = SmallBook(book_path)
    book.person("Asha Verma", "Acme")
    book.save().db.close()
    crm("deal", "add", "Tins 1", "--with", "1", "amount=1000 INR", "--next", "fri: send the quote")
    for number in range(2, 10):
        crm("deal", "add", f"Tins {number}", "--with", "1", "amount=1000 INR")
    crm("deal", "add", "Boxes", "--with", "1", "amount=99.95 EUR", "stage=proposal", "close=2026-11-20")
    return book_path


def lanes(pilot):
    return pilot.app.screen.query_one(Lanes)


def at(pilot, text):
    """The column and the line of a text on the screen."""
    return next((line.index(text), y) for y, line in enumerate(lines(pilot.app)) if text in line)


@pytest.mark.conv("T12")
def test_stages_stand_side_by_side_and_say_what_the_board_of_the_command_line_says(deals):
    """Headings of two lines, the sum and what it weighs; tiles with a mark where nothing comes next; a total."""

    async def look(pilot):
        await press(pilot, "3")
        text = shown(pilot.app)
        heading, weights = (" ".join(line.split(" ▏")[0].split()) for line in lines(pilot.app)[1:3])
        assert heading == "Lead 9 · ₹9,000 Qualified 0 Proposal 1 · €99.95 Negotiation 0"
        assert weights == "10% weighted ₹900 25% 50% weighted €49.98 75%", "10 % of nine times 1,000"
        assert "! Tins 2" in text
        assert "! Tins 1" not in text
        assert "€99.95  2 days late" in text
        assert "Open" in lines(pilot.app)[-5], "totals stay at the bottom, above the line for messages and the keys"
        assert "Won since" in lines(pilot.app)[-4]

    drive(session(deals), look, size=(160, 34))


def test_arrows_and_capitals_go_from_lane_to_lane_and_letters_within(deals):
    """j and k stay in their lane, an empty lane can be stood in, l is still to log."""

    async def work(pilot):
        await press(pilot, "3", "j", "j")
        board = lanes(pilot)
        assert (board.lane, board.current.title) == (0, "Tins 3")
        await press(pilot, "right")
        assert (board.lane, board.current) == (1, None)
        await press(pilot, "e")
        assert toast(pilot.app) == "No deal is here: c adds one."
        await press(pilot, "L")
        assert board.current.title == "Boxes"
        await press(pilot, "j", "G", "k")
        assert board.current.title == "Boxes"
        await press(pilot, "H", "left", "left", "G")
        assert board.current.title == "Tins 9"
        await press(pilot, "g", "l")
        assert "Log with Tins 1" in shown(pilot.app)

    drive(session(deals), work, size=(160, 34))


def test_the_selection_follows_a_deal_to_its_new_lane(deals):
    """And stays in the lane when the deal is won."""

    async def work(pilot):
        await press(pilot, "3", "j", "greater_than_sign")
        board = lanes(pilot)
        assert (board.lane, board.current.title) == (1, "Tins 2")
        await press(pilot, "less_than_sign", "w", "enter")
        assert toast(pilot.app).startswith("Won d2 Tins 2")
        assert (board.lane, board.current.title) == (0, "Tins 3")

    drive(session(deals), work, size=(160, 34))


def test_a_long_lane_scrolls_and_says_how_much_is_out_of_sight(deals):
    """The selected tile is always whole; the wheel scrolls the lane under the mouse and moves no cursor."""

    async def work(pilot):
        await press(pilot, "3")
        assert "↓ 6 more" in shown(pilot.app)
        await press(pilot, "G")
        assert "↑ 6 more" in shown(pilot.app)
        assert "Tins 9" in shown(pilot.app)
        board = lanes(pilot)
        await pilot._post_mouse_events([_wheel_up(), _wheel_up()], widget=Lanes, offset=(5, 12))
        await pilot.pause()
        assert "↓ 2 more" in shown(pilot.app)
        assert board.current.title == "Tins 9"

    drive(session(deals), work, size=(160, 22))


def _wheel_up():
    from textual.events import MouseScrollUp

    return MouseScrollUp


def test_lanes_that_find_no_room_are_named_and_scrolled_to(deals):
    """At 112 columns all four stages are seen, beside a card three of them."""

    async def work(pilot):
        await press(pilot, "3")
        assert all(f"{name} " in shown(pilot.app) for name in STAGES)
        assert "←" not in shown(pilot.app)
        await press(pilot, "v")
        assert "Negotiation →" in shown(pilot.app)
        await press(pilot, "L", "L", "L")
        assert "← Lead" in shown(pilot.app)
        assert "Negotiation →" not in shown(pilot.app)
        assert "Negotiation" in shown(pilot.app)
        await press(pilot, "v")
        assert all(f"{name} " in shown(pilot.app) for name in STAGES)
        assert "←" not in shown(pilot.app)

    drive(session(deals), work, size=(112, 34))


def test_a_click_chooses_a_tile_or_a_lane_and_a_double_click_opens(deals):
    """Between the tiles nothing happens."""

    async def work(pilot):
        await press(pilot, "3")
        await pilot.click(offset=at(pilot, "Tins 3"))
        assert lanes(pilot).current.title == "Tins 3"
        await pilot.click(offset=at(pilot, "Negotiation"))
        assert lanes(pilot).lane == 3
        x, y = at(pilot, "Tins 2")
        await pilot.click(offset=(x, y - 1))
        assert lanes(pilot).lane == 3
        await pilot.click(offset=at(pilot, "Boxes"), times=2)
        assert pilot.app.focused.id == "card"

    drive(session(deals), work, size=(160, 34))


def test_a_terminal_made_narrow_shows_the_list_at_the_same_deal_and_back(deals):
    """The keys go on working in either form; sideways is the next stage there too."""

    async def work(pilot):
        await press(pilot, "3", "j", "j")
        await pilot.resize_terminal(80, 24)
        await press(pilot)
        board = pilot.app.screen.query_one(Board)
        assert pilot.app.focused is board
        assert board.current.title == "Tins 3"
        await press(pilot, "L")
        assert board.current.title == "Boxes"
        await press(pilot, "left", "G", "g")
        assert board.current.title == "Tins 1"
        await pilot.resize_terminal(160, 34)
        await press(pilot)
        assert pilot.app.focused is lanes(pilot)
        assert lanes(pilot).current.title == "Tins 1"

    drive(session(deals), work, size=(160, 34))


def test_the_list_of_a_small_terminal_has_the_keys_from_the_beginning(deals):
    """Not the lanes that are out of sight."""

    async def work(pilot):
        await press(pilot, "3", "j")
        board = pilot.app.screen.query_one(Board)
        assert pilot.app.focused is board
        assert board.current.title == "Tins 2"
        await press(pilot, "right")
        assert board.current.title == "Boxes"

    drive(session(deals), work, size=(80, 24))


def test_tabs_and_keys_can_be_clicked(deals):
    """What is written there is done."""

    async def work(pilot):
        await pilot.click(Heading, offset=at(pilot, "Pipeline"))
        await press(pilot)
        assert pilot.app.screen.place == "pipeline"
        x, _ = at(pilot, "w win")
        await pilot.click(pilot.app.screen.query_one(Keys), offset=(x, 0))
        await press(pilot)
        assert "Won: Tins 1" in shown(pilot.app)
        await press(pilot, "escape")
        x, _ = at(pilot, "? help")
        await pilot.click(pilot.app.screen.query_one(Keys), offset=(x, 0))
        await press(pilot)
        assert "The next stage" in shown(pilot.app)

    drive(session(deals), work, size=(160, 60))
