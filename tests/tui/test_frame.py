"""What is sent to the terminal: few bytes, and the same screen as if all of it had been sent."""

from __future__ import annotations

import pytest
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from small_book import SmallBook
from terminal import Terminal

from crm_cli.tui.frame import Frame
from crm_cli.tui.sgr import sequence

REDRAW = "\x0c"
A_SCREEN, A_ROW = 20_000, 1_200


@pytest.fixture
def full_screens(tmp_path):
    """A book that fills each screen at 80x24, with names in several scripts."""
    book = SmallBook(tmp_path / "full.db")
    for number in range(40):
        name = f"{('Asha', 'सुरेश', 'Zoë', '林雅婷')[number % 4]} Person{number}"
        person = book.person(name, f"Company {number % 7}", phone=f"098200 {number:05}", city="Pune", tags=("client",))
        book.todo(f"call number {number}", f"2026-11-{10 + number % 15}", person)
        book.done("call", "2026-08-01T10:00:00Z", person, subject=f"spoke of {number}", reach=2)
        book.deal(f"Deal {number}", person, stage=1 + number % 4, close_on="2026-11-30")
    book.save().db.close()
    return tmp_path / "full.db"


def cells(terminal):
    """Return all that is shown, with its colours; those of a blank's text do not show."""
    buffer, screen = terminal.screen.buffer, terminal.screen
    found = {(y, x): buffer[y][x] for y in range(screen.lines) for x in range(screen.columns)}
    return {
        at: cell._replace(fg="", bold=False, italics=False) if cell.data == " " else cell for at, cell in found.items()
    }


def sent(terminal, *keys):
    """Return how many bytes the keys cause."""
    terminal.quiet(0.5)
    before = len(terminal.written)
    terminal.press(*keys)
    terminal.quiet(0.5)
    return len(terminal.written) - before


def test_few_bytes_are_sent_and_they_show_what_a_full_drawing_shows(full_screens):
    """A switch of screens at 80x24 takes at most 20 KB, a moved cursor two rows."""
    with Terminal(full_screens) as terminal:
        terminal.until("Overdue")
        terminal.quiet(1)
        switches = {f"{key} {turn}": sent(terminal, key) for turn in range(2) for key in "231"}
        moves = {}
        for key in ("j", "2", "j", "/", "a", "s", "h", "enter", "v", "j", "v", "3", "l esc"):
            moves[key] = sent(terminal, *key.replace("esc", "escape").split())
            shown = cells(terminal)
            whole = sent(terminal, REDRAW)
            now = cells(terminal)
            differing = {at: (shown[at], now[at]) for at in shown if shown[at] != now[at]}
            assert differing == {}, f"after {key}:\n{terminal.text}"
            assert whole > 2_000, "the whole screen was sent again"

    assert max(switches.values()) <= A_SCREEN, switches
    assert max(moves.values()) <= A_SCREEN, moves
    assert max(moves["j"], moves["/"]) <= A_ROW, moves


def test_a_piece_is_sent_again_once_something_was_written_over_it():
    """And only then; another piece of its line stays."""
    frame = Frame()

    assert frame.send(0, 3, 10, "left")
    assert frame.send(10, 3, 20, "right")
    assert not frame.send(0, 3, 10, "left")
    assert frame.send(5, 3, 8, "toast")
    assert not frame.send(10, 3, 20, "right")
    assert frame.send(0, 3, 10, "left")
    assert frame.send(5, 3, 8, "toast")
    frame.forget()
    assert frame.send(10, 3, 20, "right")


RED, BOLD_RED, BLUE = Style.parse("red on black"), Style.parse("bold red on black"), Style.parse("blue on black")
REVERSED = Style.parse("reverse red on black")


@pytest.mark.parametrize(
    ("segments", "drawn"),
    [
        ([("a", None)], "a"),
        ([("a", RED), ("b", RED)], "\x1b[31;40mab\x1b[m"),
        ([("a", RED), ("b", BLUE)], "\x1b[31;40ma\x1b[34mb\x1b[m"),
        ([("a", RED), ("  ", BLUE), ("b", RED)], "\x1b[31;40ma  b\x1b[m"),
        ([("a", BOLD_RED), ("b", RED)], "\x1b[1;31;40ma\x1b[0;31;40mb\x1b[m"),
        ([("a", RED), (" ", REVERSED)], "\x1b[31;40ma\x1b[0;7;31;40m \x1b[m"),
        ([("a", RED), ("b", None)], "\x1b[31;40ma\x1b[39;49mb"),
    ],
)
def test_only_what_differs_is_switched(segments, drawn):
    """Blanks take what is on, unless it would show on them."""
    assert sequence([Segment(text, style) for text, style in segments], ColorSystem.STANDARD) == drawn
