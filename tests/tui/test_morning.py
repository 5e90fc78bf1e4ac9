"""A working morning in tmux at 80x24: each step, and what the terminal shows after it."""

from __future__ import annotations

import shutil
import time

import pytest
from multiplexer import Tmux

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")


@pytest.fixture
def book(people, crm):
    """The four people, two deals, and a name whose signs tmux gives cells of their own."""
    crm("deal", "add", "Tea tins", "--with", "1", "amount=50000 INR", "--next", "fri: send the quote")
    crm("deal", "add", "Boxes", "--with", "2", "amount=99.95 EUR", "stage=proposal", "--next", "mon: ask")
    crm("add", "सुरेश कुमार", "company=शांति आयुर्वेद")
    crm("todo", "दिवाली ऑर्डर", "--with", "5", "--due", "today")
    return people


def test_a_working_morning_in_tmux(book, crm):
    """Find, open, log with a next step, complete, move a deal, win one, undo it, add a person, quit."""
    with Tmux(book) as terminal:
        _today(terminal)
        _find_and_log(terminal)
        _complete(terminal)
        _deals(terminal)
        _add_and_quit(terminal)

    assert "send the contract" in crm("agenda").out
    assert [deal["stage"] for deal in crm("deal", "list", "--json").json if deal["title"] == "Tea tins"] == [
        "Qualified"
    ]
    assert "Meera Iyer" in crm("list").out
    assert crm("check").code == 0


def _today(terminal):
    """The day's list, its columns in line, keys at the bottom, nothing over the edge."""
    seen = terminal.until("People to reach").splitlines()
    assert seen[0].startswith(" crm   1 Today   2 People   F2 Companies   3 Pipeline")
    assert seen[0].endswith("Sun 22 Nov")
    assert "? help  q quit" in seen[23]
    row = next(line for line in seen if "दिवाली ऑर्डर" in line)
    assert row.rstrip().endswith(("शांति आयुर्वेद", "…"))


def _find_and_log(terminal):
    terminal.press("/")
    terminal.until("2 People")
    terminal.press("asha")
    seen = terminal.until("1 person")
    assert "Asha Verma" in seen
    assert "Ravi Kumar" not in seen
    terminal.press("enter", "enter")
    seen = terminal.until("last reach")
    assert "CTO, Acme" in seen
    assert "a8  call: the price" in seen
    terminal.press("escape")
    terminal.gone("last reach")
    terminal.press("l")
    terminal.until("Log with Asha Verma")
    terminal.press("Agreed on the price", "tab", "tab", "tab", "tab", "fri 3pm: send the contract")
    terminal.until("→ Fri 27 Nov 2026 15:00  send the contract")
    terminal.press("enter")
    terminal.until("Logged a")
    terminal.gone("Log with Asha Verma")


def _complete(terminal):
    terminal.press("1")
    seen = terminal.until("send the contract")
    assert "Overdue  1" in seen
    terminal.press("d")
    terminal.until("Done: send the quote")
    terminal.press("Sent", "enter")
    terminal.until("Done a1 send the quote")
    terminal.gone("Overdue")


def _deals(terminal):
    """The stacked board of a small terminal."""
    terminal.press("3")
    seen = terminal.until("Proposal 50%  1 deal: €99.95, weighted €49.98")
    assert "Lead 10%  1 deal: ₹50,000, weighted ₹5,000" in seen
    terminal.press(">")
    terminal.until("Moved d1 Tea tins → Qualified")
    terminal.until("Qualified 25%  1 deal: ₹50,000, weighted ₹12,500")
    time.sleep(1.5)  # the watch of the book reads the board once more after a change
    terminal.press("L")
    terminal.until("▌  Boxes")
    terminal.press("w")
    terminal.until("Won: Boxes")
    terminal.press("best price", "enter")
    terminal.until("Won d2 Boxes")
    terminal.until("Proposal 50%  0 deals")
    terminal.press("u")
    terminal.until("Took back")
    terminal.until("Proposal 50%  1 deal: €99.95")


def _add_and_quit(terminal):
    terminal.press("2", "c")
    terminal.until("Add a person")
    terminal.press("Meera Iyer", "tab", "Iyer Photos", "enter")
    terminal.until("Added 6 Meera Iyer")
    terminal.gone("⏎ add")
    terminal.until("Iyer Photos")
    terminal.press("q")
    seen = terminal.until("left with 0")
    assert "at the prompt" in seen, "the terminal is the shell's again"
    assert "1 Today" not in seen
