"""Colours come from what a thing is, not from the words it is shown in."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from small_book import SmallBook
from support import made_once
from tui_support import drive, press, session

from crm_cli.render import activities, board, deals
from crm_cli.tui import widgets
from crm_cli.tui.widgets.agenda_list import AgendaList
from crm_cli.tui.widgets.board import Board
from crm_cli.tui.widgets.card import Card
from crm_cli.tui.widgets.lanes import Lanes

WORDS = "vor drei Tagen"
ASKS = {
    "startswith", "endswith", "partition", "rpartition", "split", "rsplit", "removeprefix", "removesuffix", "find",
    "count", "replace", "match", "search", "fullmatch",
}  # fmt: skip
"""Methods that look into a text."""
DRAWN = ("agenda_list", "board", "card", "heading", "keys", "lanes", "people_list", "rows", "scrolling")
"""The widgets that draw what the book says; the others edit, wrap or offer words of their own."""


@pytest.mark.parametrize("name", DRAWN)
def test_no_widget_looks_into_a_text(name):
    tree = ast.parse((Path(widgets.__file__).parent / f"{name}.py").read_text(encoding="utf-8"))
    calls = [node.func.attr for node in ast.walk(tree) if isinstance(node, ast.Call) and hasattr(node.func, "attr")]
    compared = [
        side.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        for side in (node.left, *node.comparators)
        if isinstance(side, ast.Constant) and isinstance(side.value, str)
    ]

    assert not ASKS.intersection(calls)
    assert compared == []


@pytest.fixture
@made_once
def late(book_path, crm):
    """A person with an overdue plan, and two deals: one is late, the other has time."""
    book = SmallBook(book_path)
    asha = book.person("Asha Verma", "Acme")
    book.todo("send the quote", "2026-11-20", asha)
    book.save().db.close()
    crm("deal", "add", "Boxes", "--with", "1", "amount=99.95 EUR", "close=2026-11-19", "--next", "fri: ask")
    crm("deal", "add", "Tins", "--with", "1", "amount=100 EUR", "close=2026-12-19", "--next", "fri: ask")
    return book_path


@pytest.fixture
def reworded(monkeypatch):
    """Every word for a day is another; only the role says that it is late."""
    for module, name in (
        (deals, "close_words"), (board, "close_words"), (activities, "due_words"), (activities, "day_words"),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, lambda *_: WORDS)


def colours(widget, text):
    """The colours in which a widget draws a text, from top to bottom."""
    lines = [widget.render_line(y) for y in range(widget.size.height)]
    return [segment.style.color for line in lines for segment in line if segment.text.strip() == text]


def looks(widget, *names):
    kind = "lines" if isinstance(widget, Card) else "row"
    return [widget.get_component_rich_style(f"{kind}--{name}", partial=True).color for name in names]


def test_a_late_deal_is_overdue_in_the_lanes_and_on_its_card(late, reworded):
    async def look(pilot):
        await press(pilot, "3")
        lanes, card = pilot.app.screen.query_one(Lanes), pilot.app.screen.query_one(Card)
        assert colours(lanes, WORDS) == looks(lanes, "overdue", "muted")
        assert colours(card, f", {WORDS}") == looks(card, "overdue")

    drive(session(late), look, size=(160, 34))


def test_a_late_deal_is_overdue_in_the_list_of_a_narrow_screen(late, reworded):
    async def look(pilot):
        await press(pilot, "3")
        found = pilot.app.screen.query_one(Board)
        assert colours(found, WORDS) == looks(found, "overdue", "muted")

    drive(session(late), look, size=(80, 24))


def test_what_is_late_is_overdue_in_todays_list_and_on_the_card(late):
    async def look(pilot):
        await press(pilot)
        found, card = pilot.app.screen.query_one(AgendaList), pilot.app.screen.query_one(Card)
        assert colours(found, "2 days late") == looks(found, "overdue")
        assert colours(found, "3 days late") == looks(found, "overdue"), "the deal"
        assert colours(card, "2 days late") == looks(card, "overdue")

    drive(session(late), look, size=(140, 34))
