"""Companies: the list beside the people, what each key does to one, and orders of both lists."""

from __future__ import annotations

import pytest
from support import made_once
from tui_support import drive, press, session, shown, toast

from crm_cli.tui import actions


def listed(pilot):
    found = pilot.app.page.found
    return [found.known[ref].name for ref in found.ids]


@pytest.fixture
@made_once
def companies(people, crm):
    """Three companies; Acme has two people, a deal, a city and a phone."""
    crm("add", "Meera Iyer", "company=Acme")
    crm("company", "edit", "c1", "city=Pune", "phone=020 2553 0000", "email=hello@acme.in", "+client")
    crm("deal", "add", "Tea tins", "--with", "1", "amount=5000 INR")
    crm("log", "call", "c1", "-m", "Asked for tins", "--outcome", "reached")
    return people


def test_f2_lists_the_companies_with_what_is_known_of_them(companies):
    """People, open deals, city and phone in the line; the rest, and the people, in the card."""

    async def work(pilot):
        await press(pilot, "2", "f2")
        assert pilot.app.page.place == actions.COMPANIES
        assert listed(pilot) == ["Acme", "Globex", "Initech"]
        row = next(line for line in shown(pilot.app).splitlines() if "▌" in line)
        assert row.split()[:5] == ["▌", "Acme", "2", "1", "Pune"]
        text = shown(pilot.app)
        assert "3 companies" in text
        assert "Tea tins" in text
        assert "Meera Iyer" in text
        await press(pilot, "f2")
        assert pilot.app.page.place == actions.PEOPLE

    drive(session(companies), work, size=(160, 40))


def test_companies_are_searched_by_letters_and_by_the_query_language(companies):
    """A word begins a word of the name; what is no name is looked for in the rest."""

    async def work(pilot):
        await press(pilot, "f2", "slash", "=ini")
        assert listed(pilot) == ["Initech"]
        await press(pilot, "escape", "=city:pune")
        assert listed(pilot) == ["Acme"]
        await press(pilot, "escape", "=tag:client has:deal")
        assert listed(pilot) == ["Acme"]
        await press(pilot, "escape", "=020 2553 0000")
        assert listed(pilot) == ["Acme"]
        await press(pilot, "escape", "=Umbrella", "enter")
        assert 'No match for "Umbrella"' in shown(pilot.app)
        await press(pilot, "c")
        assert pilot.app.screen.read()["name"] == "Umbrella"

    drive(session(companies), work)


def test_enter_lists_the_people_of_a_company_and_esc_goes_back(companies):
    """The search of the companies is still there."""

    async def work(pilot):
        await press(pilot, "f2", "slash", "=acm", "enter", "enter")
        assert pilot.app.page.place == actions.PEOPLE
        assert listed(pilot) == ["Asha Verma", "Meera Iyer"]
        assert "the people of Acme; esc goes back to the companies" in shown(pilot.app)
        await press(pilot, "escape")
        assert pilot.app.page.place == actions.COMPANIES
        assert listed(pilot) == ["Acme"]
        await press(pilot, "2")
        assert len(listed(pilot)) == 5

    drive(session(companies), work)


def test_what_is_done_to_people_is_done_to_companies(companies, crm, monkeypatch):
    """Log, plan, tag, note, change, copy, remove several, undo."""
    monkeypatch.setattr("crm_cli.tui.app.Dashboard.edited", lambda *_: "Gossip")

    async def work(pilot):
        await press(pilot, "f2", "l", "=Hello", "enter")
        assert toast(pilot.app).startswith("Logged a10 call with Acme")
        await press(pilot, "p", "=Visit", "enter")
        assert toast(pilot.app).startswith("Planned a11 Visit with Acme")
        await press(pilot, "i")
        assert toast(pilot.app).startswith("Logged a12 note about Acme")
        await press(pilot, "y")
        assert pilot.app.clipboard == "hello@acme.in"
        await press(pilot, "space", "space")
        await press(pilot, "l")
        assert toast(pilot.app) == "An activity is with one company: select only one."
        await press(pilot, "t", "=+fair", "enter")
        assert toast(pilot.app).startswith("Tagged 2 companies +fair")
        await press(pilot, "G", "e", "tab", "tab", "tab", "tab", "=Mumbai", "enter")
        assert toast(pilot.app).startswith("Changed c3 Initech")
        await press(pilot, "a", "D")
        assert "Remove 3 companies?  Acme, Globex, Initech" in shown(pilot.app)
        await press(pilot, "y")
        assert toast(pilot.app).startswith("Removed 3 companies")
        assert listed(pilot) == []
        await press(pilot, "u")
        assert listed(pilot) == ["Acme", "Globex", "Initech"]

    drive(session(companies), work)
    assert crm("company", "list", "city:mumbai", "--format", "ids").out == "c3\n"


def test_a_company_is_added_with_what_was_typed(companies, crm):
    """The cursor is on it."""

    async def work(pilot):
        await press(pilot, "f2", "c", "=Umbrella", "tab", "tab", "tab", "=umbrella.example", "tab", "=Goa")
        await press(pilot, "tab", "=supplier", "enter")
        assert toast(pilot.app).startswith("Added c4 Umbrella")
        assert pilot.app.page.found.current == 4

    drive(session(companies), work)
    assert crm("company", "list", "city:goa", "tag:supplier", "--format", "ids").out == "c4\n"


def test_the_card_of_a_company_is_changed_in_the_editor(companies, monkeypatch):
    """As that of a person."""
    monkeypatch.setattr(
        "crm_cli.tui.app.Dashboard.edited",
        lambda _, draft: draft.file().read_text().replace('name = "Acme"', 'name = "Acme Ltd"'),
    )

    async def work(pilot):
        await press(pilot, "f2", "E")
        assert toast(pilot.app).startswith("Changed c1 Acme Ltd")

    drive(session(companies), work)


def test_lists_are_sorted_by_each_column_and_in_reverse(companies):
    """The order is said; a search keeps it, and so does a change; without a value a record comes last."""

    async def work(pilot):
        await press(pilot, "2", "S")
        assert listed(pilot) == ["Asha Verma", "Meera Iyer", "Ravi Kumar", "Zoë Quiet", "王小明"]
        assert "5 people by company ▲" in shown(pilot.app)
        await press(pilot, "S", "r")
        assert "by city ▼" in shown(pilot.app)
        assert listed(pilot)[0] == "王小明"
        await press(pilot, "S")
        assert "by last reach ▼" in shown(pilot.app)
        assert any("Asha Verma" in line and "10 Nov" in line for line in shown(pilot.app).splitlines())
        assert listed(pilot)[:2] == ["Asha Verma", "Zoë Quiet"]
        await press(pilot, "slash", "=a", "enter", "S")
        assert listed(pilot)[0] == "Meera Iyer"
        await press(pilot, "f2", "S")
        assert listed(pilot)[0] == "Acme"
        assert "by people ▼" in shown(pilot.app)

    drive(session(companies), work)
