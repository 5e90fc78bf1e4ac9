"""Pipeline: what the board says, and what each key does to a deal."""

from __future__ import annotations

from threading import Event

import pytest
from support import made_once
from tui_support import SIZES, drive, press, session, settled, shown, toast

from crm_cli.tui.data import cards

PATIENCE = 20
"""Seconds after which a read that is held back goes on, so that a failing test ends."""


@pytest.fixture
@made_once
def deals(people, crm):
    """Two deals of Asha's and one of Ravi's; one has no amount, one no next step."""
    crm("deal", "add", "Tea tins", "--with", "1", "amount=50000 INR", "--next", "fri: send the quote")
    crm("deal", "add", "Boxes", "--with", "1", "amount=99.95 EUR", "stage=proposal", "close=2026-11-20")
    crm("deal", "add", "Labels", "--with", "2")
    return people


def test_the_board_says_what_the_deals_come_to(deals, crm):
    """The same as `deal board --json`: 50,000 at 10 % is 5,000; 99.95 at 50 % is 49.98; Labels count apart."""

    async def look(pilot):
        await press(pilot, "3")
        text = shown(pilot.app)
        assert "Lead 10%  2 deals: ₹50,000, weighted ₹5,000 of 1; 1 without amount" in text
        assert "Proposal 50%  1 deal: €99.95, weighted €49.98" in text
        assert "2 days late" in text

    drive(session(deals), look, size=(100, 30))
    board = crm("deal", "board", "--json").json
    lead = next(lane for lane in board["stages"] if lane["stage"]["name"] == "Lead")
    assert lead["total"]["sums"][0]["amount"] == {"amount": "50000.00", "currency": "INR"}
    assert lead["total"]["sums"][0]["weighted"] == {"amount": "5000.00", "currency": "INR"}


def test_a_deal_goes_on_and_back_and_to_any_stage(deals):
    """One key for a step, a choice for more; the cursor stays with the deal."""

    async def work(pilot):
        await press(pilot, "3", "greater_than_sign")
        name = pilot.app.screen.board.current.title
        assert toast(pilot.app).startswith(f"Moved d1 {name} → Qualified [ch")
        await press(pilot, "less_than_sign")
        assert toast(pilot.app).startswith("Moved d1 Tea tins → Lead")
        await press(pilot, "less_than_sign")
        assert toast(pilot.app) == "That is the first stage."
        await press(pilot, "m", "p", "enter")
        assert toast(pilot.app).startswith("Moved d1 Tea tins → Proposal")
        assert pilot.app.screen.board.current.id == 1

    drive(session(deals), work)


@pytest.mark.parametrize(("size", "keys"), [("small", 1), ("large", 2)])
def test_a_board_that_is_read_late_leaves_the_cursor_where_the_user_put_it(deals, monkeypatch, size, keys):
    """The next key is about the deal that the cursor is on, however late the board is read after a move."""
    read, gate = cards.pipeline, Event()

    def late(*args, **more):
        gate.wait(PATIENCE)
        return read(*args, **more)

    async def work(pilot):
        await press(pilot, "3")
        page = pilot.app.page
        monkeypatch.setattr(cards, "pipeline", late)
        await pilot.press("greater_than_sign")
        while not toast(pilot.app).startswith("Moved d1 Tea tins → Qualified"):
            await pilot.pause(0.005)
        await pilot.press(*["right"] * keys)
        assert page.board.current.title == "Boxes"
        assert "Lead 10%  2 deals" in shown(pilot.app) or size == "large", "the board has not been read again yet"
        gate.set()
        await settled(pilot)
        assert page.board.current.title == "Boxes"
        await press(pilot, "w")
        assert "Won: Boxes" in shown(pilot.app)

    drive(session(deals), work, size=SIZES[size])


def test_win_lose_and_undo(deals):
    """With a reason, and taken back by one key."""

    async def work(pilot):
        await press(pilot, "3", "w", "=best price", "enter")
        assert toast(pilot.app).startswith("Won d1 Tea tins [ch")
        assert "1 deal: ₹50,000" in shown(pilot.app)
        await press(pilot, "u")
        assert toast(pilot.app).startswith("Took back")
        assert "Tea tins" in shown(pilot.app)
        await press(pilot, "x", "=too dear", "enter")
        assert toast(pilot.app).startswith("Lost d")

    drive(session(deals), work)


def test_add_a_deal_with_somebody_by_name(deals):
    """A name that fits nobody is said at its field; amounts are read while they are typed."""

    async def work(pilot):
        await press(pilot, "3", "c", "=Paper bags", "tab", "=nobody at all", "tab", "=1,50,000", "enter")
        assert "→ ₹1,50,000" in shown(pilot.app)
        assert 'no match for "nobody at all"' in shown(pilot.app)
        assert pilot.app.focused.id == "with"
        for _ in range(20):
            await pilot.press("backspace")
        await press(pilot, "=zoë", "enter")
        assert toast(pilot.app).startswith("Added d4 Paper bags with Zoë Quiet, Initech: Lead, ₹1,50,000")
        assert pilot.app.screen.board.current.id == 4

    drive(session(deals), work)


def test_edit_log_and_plan_are_about_the_deal(deals):
    """And the card shows them at once."""

    async def work(pilot):
        await press(pilot, "3", "v", "e", "tab", "tab", "tab", "=2026-12-15", "enter")
        assert toast(pilot.app).startswith("Changed d1 Tea tins")
        assert "15 Dec" in shown(pilot.app)
        await press(pilot, "l", "=Samples", "enter")
        assert "(d1 Tea tins)" in toast(pilot.app)
        assert "call: Samples" in shown(pilot.app)
        await press(pilot, "p", "=send samples", "tab", "=mon", "enter")
        assert toast(pilot.app).startswith(
            "Planned a11 send samples → Mon 23 Nov 2026 with Asha Verma (Acme) (d1 Tea tins)"
        )

    drive(session(deals), work)


def test_today_lists_the_deals_that_want_attention_and_goes_to_them(deals):
    """enter on one is the pipeline, the cursor on it."""

    async def work(pilot):
        assert "Deals  2" in shown(pilot.app)
        rows = pilot.app.screen.found
        rows.go(next(row for row, item in enumerate(rows.items) if item.what.startswith("Boxes")))
        await press(pilot, "enter")
        assert pilot.app.screen.place == "pipeline"
        assert pilot.app.screen.board.current.title == "Boxes"

    drive(session(deals), work)


def test_won_and_lost_deals_are_shown_read_and_reopened(deals, crm):
    """Those of the last 30 days, in lanes of their own at the end; a search by name also finds older ones."""
    assert crm("deal", "win", "d1", "-m", "best price").code == 0
    crm("deal", "lose", "d3")

    async def work(pilot):
        await press(pilot, "3")
        assert "Labels" not in shown(pilot.app)
        await press(pilot, "W")
        page = pilot.app.page
        assert page.board.current.title == "Tea tins"
        text = shown(pilot.app)
        assert "Won  " in text
        assert "best price" in text
        await press(pilot, "y")
        assert pilot.app.clipboard == "Tea tins"
        await press(pilot, "m", "escape", "greater_than_sign")
        assert "reopens the deal" in toast(pilot.app)
        await press(pilot, "O")
        assert toast(pilot.app).startswith("Reopened d1 Tea tins in Lead")
        await press(pilot, "O")
        assert "d1 is open already" in toast(pilot.app)
        await press(pilot, "W")
        assert "Labels" not in shown(pilot.app)
        await press(pilot, "1", "ctrl+p", "=labels", "enter")
        assert pilot.app.page.board.current.title == "Labels"

    drive(session(deals), work, size=(160, 40))
