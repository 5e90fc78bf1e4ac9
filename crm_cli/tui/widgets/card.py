"""A card: a briefing as ``crm show`` prints it, wrapped to the pane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.render.positions import STOP
from crm_cli.render.show import HISTORY, LABEL
from crm_cli.tui.widgets import strips
from crm_cli.tui.widgets.scrolling import Lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crm_cli.tui.widgets.rows import Part

DATE = 10
"""The width of a day in the history, in cells."""


class Card(Lines):
    """The briefing of a person, a deal or an activity."""

    def __init__(self, *, id: str) -> None:  # noqa: A002  (Textual's name)
        super().__init__(id=id)
        self.lines: Sequence[str] = ()
        self.key: object = None

    def show(self, key: object, lines: Iterable[str]) -> None:
        """Show other lines (already cleaned); the scroll position is kept if the ``key`` is the same."""
        same, self.key = key == self.key, key
        self.lines = tuple(lines)
        self.draw()
        if not same:
            self.scroll_to(y=0, animate=False)

    def lay_out(self) -> Iterable[list[Part]]:
        """Wrap the briefing."""
        return (parts for line in laid_out(self.lines, self.room) for parts in line)


def laid_out(lines: Sequence[str], width: int) -> Iterator[list[list[Part]]]:
    """Yield each line of a briefing as the wrapped lines of a pane, in styled parts."""
    history = False
    for number, line in enumerate(lines):
        if number == 0:
            yield [[(piece, width, "title")] for piece in strips.wrapped(line, width)]
        elif line == HISTORY:
            history = True
            yield [[(line, width, "heading")]]
        elif history:
            yield _history_line(line, width)
        elif line.startswith("  "):
            yield _field(line, width)
        else:
            yield [
                [(piece, width, "tag" if line.startswith("+") else "accent")] for piece in strips.wrapped(line, width)
            ]


def _field(line: str, width: int) -> list[list[Part]]:
    """Separate a field's name from its value; the value's further lines are indented to align."""
    label, stop, value = line[2:].partition(STOP)
    if not stop:
        label, value = line[2 : 2 + LABEL], line[2 + LABEL :]
    if not stop and label.strip() and not label.endswith(" "):
        label, value = line[2:].partition(" ")[::2]
    room = max(width - LABEL, 8)
    pieces = strips.wrapped(value.strip(), room)
    return [
        [(label.strip() if place == 0 else "", LABEL, "muted"), (piece, room, "")] for place, piece in enumerate(pieces)
    ]


def _history_line(line: str, width: int) -> list[list[Part]]:
    """Separate a day of the history from its text; the text's further lines are indented to align."""
    text = line.strip()
    day = text[:DATE] if text[:DATE].count("-") == 2 and line.startswith("  2") else ""
    room = max(width - DATE - 2, 8)
    pieces = strips.wrapped(text[len(day) :].strip(), room)
    return [[(day if place == 0 else "", DATE + 2, "muted"), (piece, room, "")] for place, piece in enumerate(pieces)]
