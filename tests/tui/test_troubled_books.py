"""A book that is deleted, replaced, spoilt or locked under the dashboard: said, nothing made in silence, all kept."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from threading import Event

import pytest
from terminal import Terminal
from tui_support import burst, drive, lines, press, session, settled, shown, toast

from crm_cli.tui.data import running, writes
from crm_cli.tui.data.running import Running
from crm_cli.tui.dialogs import progress
from crm_cli.tui.dialogs.progress import Progress


def test_a_deleted_book_is_said_and_not_made_anew(people):
    """The list stays; a form that is open is refused and kept; nothing else can be opened; `q` works at once."""
    with Terminal(people) as terminal:
        terminal.until("Overdue  1")
        terminal.press("p", "buy milk")
        people.unlink()
        terminal.until("it was here before")
        terminal.press("enter")
        terminal.quiet()
        assert "buy milk" in terminal.text
        terminal.press("escape", "y")
        terminal.until("book missing")
        assert "send the quote" in terminal.text
        assert terminal.leave() == 0
    assert not people.exists()


def test_a_book_that_comes_back_is_shown_again(people):
    """As after a move to another folder and back."""
    other = people.with_name("other.db")
    with Terminal(people) as terminal:
        terminal.until("Overdue  1")
        people.rename(other)
        terminal.until("book missing")
        other.rename(people)
        terminal.until("22 Nov")
        terminal.press("p", "buy milk", "enter")
        terminal.until("Planned a")
        assert terminal.leave() == 0


def test_a_book_overwritten_with_rubbish_is_said(people):
    """The list stays as it was read, and nothing is written over the rubbish."""
    with Terminal(people) as terminal:
        terminal.until("Overdue  1")
        people.write_bytes(b"rubbish " * 4096)
        terminal.until("book unreadable")
        terminal.press("l")
        terminal.until("damaged")
        assert terminal.leave() == 0
    assert people.read_bytes() == b"rubbish " * 4096


def test_a_write_that_waits_for_another_program_says_so_and_can_be_given_up(people, crm):
    """Esc gives it up; nothing is written when the lock is free again."""
    with closing(sqlite3.connect(people, isolation_level=None)) as other, Terminal(people) as terminal:
        terminal.until("Overdue  1")
        other.execute("BEGIN IMMEDIATE")
        terminal.press("p", "buy milk", "enter")
        terminal.until("The book is locked by another program: waiting")
        terminal.press("escape")
        terminal.until("nothing was changed")
        other.execute("ROLLBACK")
        terminal.press("escape", "y")
        assert terminal.leave() == 0

    assert "buy milk" not in crm("agenda").out


def test_a_write_that_waited_is_made_once_the_lock_is_free(people, crm):
    """The text of the form is not lost by the waiting."""
    with closing(sqlite3.connect(people, isolation_level=None)) as other, Terminal(people) as terminal:
        terminal.until("Overdue  1")
        other.execute("BEGIN IMMEDIATE")
        terminal.press("p", "buy milk", "enter")
        terminal.until("The book is locked by another program: waiting")
        other.execute("ROLLBACK")
        terminal.until("Planned a")
        assert terminal.leave() == 0

    assert "buy milk" in crm("agenda").out


def test_a_book_that_another_program_holds_for_itself_is_said_and_q_works(people):
    """An exclusive lock keeps even readers out."""
    with closing(sqlite3.connect(people, isolation_level=None)) as other, Terminal(people) as terminal:
        terminal.until("Overdue  1")
        other.execute("BEGIN EXCLUSIVE")
        terminal.until("book locked")
        terminal.press("2")
        assert terminal.leave() == 0


BULK = {"without a form": ["D", "y"], "from a form": ["t", *"+gold", "enter"]}


@pytest.mark.conv("T18")
@pytest.mark.parametrize("keys", BULK.values(), ids=BULK)
def test_a_bulk_write_shows_progress_and_can_be_stopped_whole(people, crm, monkeypatch, keys):
    """Esc stops it in the middle; nothing of it is in the book then."""
    monkeypatch.setattr(running, "PATIENCE", 0.01)
    stopped = Event()

    def slow(refs):
        for place, ref in enumerate(running.counted(refs)):
            if place == 2:
                assert stopped.wait(20)
            yield ref

    monkeypatch.setattr(writes, "counted", slow)

    async def work(pilot):
        await press(pilot, "2", "a", *keys[:-1])
        await burst(pilot, keys[-1], wait=False)
        for _ in range(1000):
            await pilot.pause(0.01)
            if "Writing  2 of 4" in shown(pilot.app):
                break
        await pilot.pause(progress.SEEN)
        await burst(pilot, "escape", wait=False)
        await pilot.pause(0.1)
        stopped.set()
        await settled(pilot)
        assert "stopped; nothing was changed" in (toast(pilot.app), *map(str.strip, lines(pilot.app)))

    drive(session(people), work)

    assert "gold" not in crm("list", "--json").out
    assert len(crm("list", "--json").json) == 4


def test_progress_says_how_far_a_write_is(people):
    """The number of records, then what is left to do; it closes when the write has ended."""
    run = Running()

    async def work(pilot):
        pilot.app.push_screen(Progress(run))
        await pilot.pause()
        assert "Writing …" in shown(pilot.app)
        run.total, run.done = 3000, 1500
        pilot.app.screen._look()
        await pilot.pause()
        assert "Writing  1,500 of 3,000" in shown(pilot.app)
        assert "━" * 20 + "─" * 20 in shown(pilot.app)
        run.done = 3000
        pilot.app.screen._look()
        await pilot.pause()
        assert "the journal and the search index" in shown(pilot.app)
        run.has_ended = True
        pilot.app.screen._look()
        await pilot.pause()
        assert pilot.app.screen is pilot.app.page

    drive(session(people), work)
