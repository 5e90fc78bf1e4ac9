"""Likely duplicates on the dashboard: listed, side by side, merged, or not the same; undone."""

from __future__ import annotations

import sqlite3

import pytest
from small_book import SmallBook
from tui_support import SIZES, drive, press, session, shown, toast

from crm_cli.tui.dialogs.merging import Merging


@pytest.fixture
def twice(book_path):
    book = SmallBook(book_path)
    book.person("Asha Verma", "Acme", phone="098200 12345", city="Pune")
    book.person("Asha Varma", phone="098200 12345", email="asha@acme.example")
    book.person("Ravi Rao")
    book.person("Ravi Rao", city="Goa")
    book.save().db.close()
    return book_path


def listed(pilot):
    return [item.ref for item in pilot.app.page.found.items if item.ref]


@pytest.mark.parametrize("size", SIZES)
def test_the_list_is_opened_read_and_closed(twice, size):
    async def work(pilot):
        await press(pilot, "2", "equals_sign")
        assert (pilot.app.page.place, listed(pilot)) == ("duplicates", ["1+2", "3+4"])
        assert "same phone" in shown(pilot.app)
        await press(pilot, "enter")
        assert "asha@acme.example" in shown(pilot.app)
        assert "098200 12345" in shown(pilot.app)
        await press(pilot, "escape", "escape")
        assert pilot.app.page.place == "people"

    drive(session(twice), work, SIZES[size])


def test_a_pair_is_merged_with_what_was_chosen_and_undone(twice):
    async def work(pilot):
        await press(pilot, "2", "equals_sign", "M")
        assert isinstance(pilot.app.screen, Merging)
        assert "Merge 2 Asha Varma into 1?" in shown(pilot.app)
        assert "Asha Verma" in shown(pilot.app)
        await press(pilot, "right", "enter")
        assert "[ch1] (u restores them)" in toast(pilot.app)
        assert listed(pilot) == ["3+4"]
        assert "1 Asha Varma" in toast(pilot.app)
        await press(pilot, "u")
        assert listed(pilot) == ["1+2", "3+4"]
        await press(pilot, "M", "escape")
        assert listed(pilot) == ["1+2", "3+4"]

    drive(session(twice), work)


def test_two_who_are_not_the_same_are_not_listed_again(twice):
    async def work(pilot):
        await press(pilot, "2", "equals_sign", "j", "x")
        assert toast(pilot.app) == "Not the same: 3 Ravi Rao and 4 Ravi Rao [ch1] (u lists them again)"
        assert listed(pilot) == ["1+2"]
        await press(pilot, "u")
        assert listed(pilot) == ["1+2", "3+4"]

    drive(session(twice), work)


def test_selected_people_are_merged(twice):
    async def work(pilot):
        await press(pilot, "2", "M")
        assert "Select two people or more" in toast(pilot.app)
        await press(pilot, "a", "M", "enter")
        assert "[ch1]" in toast(pilot.app)

    drive(session(twice), work)
    with sqlite3.connect(twice) as db:
        assert db.execute("SELECT id FROM contact").fetchall() == [(1,)]


def test_a_card_names_what_was_merged_and_u_takes_it_apart(twice):
    async def work(pilot):
        await press(pilot, "2", "U")
        assert "Nothing was merged" in toast(pilot.app)
        await press(pilot, "equals_sign", "M", "enter", "escape", "g")
        assert "merged from" in shown(pilot.app)
        assert "2 Asha Varma" in shown(pilot.app)
        await press(pilot, "U")
        assert "Separate 2 Asha Varma again?" in shown(pilot.app)
        await press(pilot, "enter")
        assert "[ch2]" in toast(pilot.app)
        assert "merged from" not in shown(pilot.app)

    drive(session(twice), work)
    with sqlite3.connect(twice) as db:
        assert db.execute("SELECT count(*) FROM contact").fetchall() == [(4,)]


def test_a_book_without_duplicates_says_so(book_path):
    book = SmallBook(book_path)
    book.person("Asha Verma")
    book.save().db.close()

    async def work(pilot):
        await press(pilot, "2", "equals_sign", "M", "x", "enter")
        assert "No likely duplicates." in shown(pilot.app)

    drive(session(book_path), work)


def test_a_read_only_book_is_not_merged(twice):
    async def work(pilot):
        await press(pilot, "2", "equals_sign", "M")
        assert "reading only" in toast(pilot.app)

    drive(session(twice, readonly=True), work)
