"""Lines of a widget whose columns stay in line, however wide the terminal draws a script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.strip import Strip

from crm_cli.core.text import display_width, fit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console
    from rich.style import Style
    from textual.color import Color
    from textual.filter import LineFilter

PLAIN_BELOW = "\u0300"
"""Terminals agree on the width of every character before this one."""


class Placed(Strip):
    """A line at column ``x`` of the screen that puts each of its segments where it belongs.

    Terminals do not agree how wide हिन्दी or a joined emoji is. So the line is first drawn blank, then each piece
    behind such a text is placed by the cursor's column instead of by what stands before it.
    """

    __slots__ = ("x",)

    def __init__(self, segments: Iterable[Segment], cell_length: int, x: int) -> None:
        super().__init__(segments, cell_length)
        self.x = x

    def apply_filter(self, filter: LineFilter, background: Color) -> Strip:  # noqa: A002  (Textual's signature)
        """Return the line with its colours turned into others."""
        return Placed(super().apply_filter(filter, background), self.cell_length, self.x)

    def render(self, console: Console) -> str:
        """Return what is written to the terminal."""
        parts = [
            "\x1b[?7l",
            Strip([Segment(" " * display_width(text), style) for text, style, _ in self]).render(console),
        ]
        at = self.x
        for segment in self:
            parts += (f"\x1b[{at + 1}G", Strip([segment]).render(console))
            at += display_width(segment.text)
        return "".join((*parts, f"\x1b[{at + 1}G", "\x1b[?7h"))


def placed(strips: Sequence[Strip], x: int) -> list[Strip]:
    """Return the lines, those with a text of doubtful width as `Placed` ones."""
    return [
        Placed(strip, strip.cell_length, x) if any(_is_doubtful(segment.text) for segment in strip) else strip
        for strip in strips
    ]


def _is_doubtful(text: str) -> bool:
    return not text.isascii() and max(text) >= PLAIN_BELOW and any(c >= PLAIN_BELOW and c not in DRAWN for c in text)


DRAWN = frozenset("…·•▌▎│─→←↑↓⏎●○✓◂▸▏")
"""Signs of our own that every terminal draws one cell wide."""


def line(parts: Iterable[tuple[str, int, Style]], width: int, base: Style) -> Strip:
    """Return a line of columns: texts, each cut or padded to its cells, in their styles; the rest is blank."""
    segments: list[Segment] = []
    used = 0
    for text, cells, style in parts:
        room = min(cells, width - used)
        if room <= 0:
            break
        segments.append(Segment(fit(text, room), style))
        used += room
    if used < width:
        segments.append(Segment(" " * (width - used), base))
    return Strip(segments, width)


def wrapped(text: str, width: int) -> list[str]:
    """Return the text in lines of at most so many cells, parted at blanks where there are some."""
    lines: list[str] = []
    left = ""
    for word in text.split(" "):
        joined = f"{left} {word}" if left else word
        if display_width(joined) <= width:
            left = joined
            continue
        if left:
            lines.append(left)
        *whole, left = _pieces(word, width)
        lines += whole
    return [*lines, left]


def _pieces(word: str, width: int) -> list[str]:
    """Cut a word that is longer than a line."""
    found = []
    while display_width(word) > width > 1:
        piece = fit(word, width).rstrip(" ").removesuffix("…")
        if not piece:
            break
        found.append(piece)
        word = word[len(piece) :]
    return [*found, word]
