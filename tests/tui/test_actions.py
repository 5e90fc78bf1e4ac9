"""The table of actions: each has its method, its keys to itself, and its twin on the command line."""

from __future__ import annotations

import itertools

import pytest

from crm_cli.commands import BY_NAME
from crm_cli.tui import actions
from crm_cli.tui.app import Dashboard
from crm_cli.tui.screens.companies import CompaniesPage
from crm_cli.tui.screens.duplicates import DuplicatesPage
from crm_cli.tui.screens.opened import HistoryPage, ReadPage
from crm_cli.tui.screens.people import PeoplePage
from crm_cli.tui.screens.pipeline import PipelinePage
from crm_cli.tui.screens.today import TodayPage
from crm_cli.tui.widgets.card import Card
from crm_cli.tui.widgets.lanes import Lanes
from crm_cli.tui.widgets.rows import RowList
from crm_cli.tui.widgets.scrolling import Lines
from crm_cli.tui.widgets.search_field import SearchField

DOERS = {
    actions.TODAY: TodayPage,
    actions.PEOPLE: PeoplePage,
    actions.COMPANIES: CompaniesPage,
    actions.PIPELINE: PipelinePage,
    actions.READ: ReadPage,
    actions.HISTORY: HistoryPage,
    actions.DUPLICATES: DuplicatesPage,
    actions.CARD: Card,
    actions.LANES: Lanes,
    actions.FIELD: SearchField,
    actions.EVERYWHERE: Dashboard,
}


@pytest.mark.parametrize("action", actions.ACTIONS, ids=lambda one: f"{one.where}-{one.id}")
def test_every_action_can_be_done_and_has_a_twin(action):
    """What the dashboard does a script can do."""
    assert callable(getattr(DOERS[action.where], f"do_{action.id}"))
    program, _, words = action.twin.partition(" ")
    if action.id == "quit":
        assert not action.twin
        return
    assert program == "crm"
    command, *parts = words.split()
    if command != "--help":
        assert command in BY_NAME
        assert not BY_NAME[command].parts or parts[0] in BY_NAME[command].parts


def test_what_writes_is_known_to_write():
    """Each action whose twin changes the book is refused when only reading."""
    writing = {
        "add",
        "edit",
        "rm",
        "tag",
        "log",
        "note",
        "todo",
        "done",
        "move",
        "snooze",
        "skip",
        "cancel",
        "undo",
        "redo",
        "relate",
        "merge",
        "unmerge",
        "dupes not",
        "import",
        "demo",
    }
    writing |= {f"company {verb}" for verb in ("add", "edit", "rm")}
    writing |= {f"deal {verb}" for verb in ("add", "edit", "move", "win", "lose", "reopen")}
    for action in actions.ACTIONS:
        twin = action.twin.removeprefix("crm ")
        assert action.writes is (twin in writing), action


@pytest.mark.parametrize(
    "place", [actions.TODAY, actions.PEOPLE, actions.COMPANIES, actions.PIPELINE, actions.DUPLICATES]
)
def test_no_key_means_two_things_in_a_place(place):
    """Neither to two actions, nor to an action and the list or the card."""
    keys = [key for one in (*actions.of(place), *actions.of(actions.EVERYWHERE)) for key in one.keys.split(",")]
    moves = [key for keys, *_ in actions.MOVES for key in keys.split(",")]

    assert sorted(keys) == sorted(set(keys))
    assert set(keys).isdisjoint(moves)
    bound = {key for binding in (*RowList.BINDINGS, *Lines.BINDINGS, *Lanes.BINDINGS) for key in binding.key.split(",")}
    assert bound & set(keys) <= {"space"}, "only space differs: it pages a card and selects in a list"


def test_screens_have_no_methods_beside_the_table():
    """An action without a key would never be found."""
    known = {(one.where, one.id) for one in actions.ACTIONS}
    here = ((where, name) for where, doer in DOERS.items() for name in vars(doer) if name.startswith("do_"))
    for where, name in itertools.chain(here):
        assert (where, name.removeprefix("do_")) in known, name


def test_the_keys_of_screens_to_come_have_no_other_use():
    """1 to 3 are screens; 4 and 5 will be."""
    used = {key: one.id for one in actions.ACTIONS for key in one.keys.split(",") if key in "12345"}

    assert used == {"1": actions.TODAY, "2": actions.PEOPLE, "3": actions.PIPELINE}


def test_every_action_of_the_footer_is_named_by_one_word_or_two():
    for one in actions.ACTIONS:
        assert len(one.label) <= 12, one
