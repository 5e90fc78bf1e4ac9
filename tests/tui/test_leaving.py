"""Quitting while something is being written: it is written first, or the user sees why it is not."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from contextlib import closing
from time import monotonic

import pytest
from terminal import Terminal
from tui_support import burst, drive, press, session, settled, shown, toast

from crm_cli.tui.dialogs import progress
from crm_cli.tui.dialogs.progress import Progress


@pytest.fixture
def deal(people, crm):
    """A book with one deal in its first stage."""
    crm("deal", "add", "Tins", "--with", "1")
    return people


def locked(book):
    """Another program that writes the book."""
    other = sqlite3.connect(book, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return closing(other)


def stage(crm):
    return crm("deal", "show", "1", "--json").json["stage"]


@pytest.mark.parametrize("typed", ["in one breath", "when the wait is shown"])
def test_what_is_being_written_is_written_before_the_dashboard_ends(deal, crm, typed):
    """However long another program writes."""
    with locked(deal) as other, Terminal(deal, size=(100, 30)) as terminal:
        terminal.until("Overdue")
        terminal.press("3")
        terminal.until("Tins")
        terminal.child.send(">q" if typed == "in one breath" else ">")
        terminal.until("another program is writing to the book")
        terminal.child.send("" if typed == "in one breath" else "q")
        terminal.until("crm ends when it is written")
        assert stage(crm) == "Lead"
        other.execute("ROLLBACK")
        terminal.end()
        terminal.child.close()

    assert terminal.child.exitstatus == 0
    assert stage(crm) == "Qualified"


def test_what_cannot_be_written_is_seen_before_the_dashboard_ends(deal, crm):
    """The write is stopped here; an error that the book gives does the same."""
    with locked(deal), Terminal(deal, size=(100, 30)) as terminal:
        terminal.until("Overdue")
        terminal.press("3")
        terminal.until("Tins")
        terminal.child.send(">q")
        terminal.until("crm ends when it is written")
        terminal.press("escape")
        terminal.until("nothing was changed")
        assert terminal.leave() == 0

    assert stage(crm) == "Lead"


def test_a_write_behind_another_is_stopped_as_well(deal, monkeypatch):
    """Neither is shown for ever."""
    monkeypatch.setattr(progress, "SEEN", 0)
    stopped = set()

    async def work(pilot):
        await press(pilot, "3")
        await burst(pilot, ">", ">", wait=False)
        while not pilot.app.is_writing:
            await pilot.pause(0.01)
        while pilot.app.is_writing or not pilot.app.typeahead.is_idle:
            screen, is_drawn = pilot.app.screen, "esc stops it" in shown(pilot.app)
            if is_drawn and isinstance(screen, Progress) and not screen.run.is_ended:
                stopped.add(screen.run)
                await burst(pilot, "escape", wait=False)
            await pilot.pause(0.2)
        await settled(pilot)
        assert toast(pilot.app) == "stopped; nothing was changed"
        assert not pilot.app.is_writing

    with locked(deal):
        drive(session(deal), work)

    assert len(stopped) == 2


def test_a_signal_does_not_wait_for_a_lock(deal, crm):
    """A machine that shuts down does not wait for half a minute."""
    with locked(deal), Terminal(deal, size=(100, 30)) as terminal:
        terminal.until("Overdue")
        terminal.press("3")
        terminal.until("Tins")
        terminal.child.send(">")
        terminal.until("another program is writing to the book")
        begin = monotonic()
        terminal.child.kill(signal.SIGTERM)
        terminal.end()
        assert monotonic() - begin < 10

    assert stage(crm) == "Lead"


def test_keys_typed_before_the_progress_is_seen_are_for_the_screen(deal, monkeypatch):
    """As behind a slow disk."""
    monkeypatch.setattr(progress, "SEEN", 5)

    async def work(pilot):
        await press(pilot, "3")
        other = sqlite3.connect(deal, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        await burst(pilot, ">", wait=False)
        for _ in range(400):
            await pilot.pause(0.005)
            if pilot.app.screen is not pilot.app.page:
                break
        await burst(pilot, "2", wait=False)
        other.execute("ROLLBACK")
        other.close()
        for _ in range(400):
            await pilot.pause(0.01)
            if pilot.app.current_mode == "people":
                break
        assert pilot.app.current_mode == "people"

    drive(session(deal), work)


@pytest.mark.parametrize("moment", range(8))
def test_keys_that_wait_when_the_dashboard_ends_are_let_go(deal, moment):
    """They would look for the visible screen, and open another, while the screens are taken away one by one."""

    async def work(pilot):
        await press(pilot, *("123" if moment % 2 else "13"))
        await burst(pilot, ">", "j", "2", wait=False)
        while not pilot.app.is_writing:
            await pilot.pause(0.001)
        asyncio.get_running_loop().call_later(0.05 * moment, other.close)

    with locked(deal) as other:
        assert drive(session(deal), work).failure is None
