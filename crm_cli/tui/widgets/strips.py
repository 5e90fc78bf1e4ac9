"""Lines of a widget whose columns stay aligned, however wide the terminal draws a script."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from rich.color import ColorSystem
from rich.segment import Segment
from textual.strip import Strip

from crm_cli.core.text.cautious import cautious_width, is_disputed, shortened
from crm_cli.core.text.width import display_width, fit
from crm_cli.tui.sgr import sequence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console
    from rich.style import Style
    from textual.color import Color
    from textual.filter import LineFilter


class Placed(Strip):
    """A line at column ``x`` of the screen that positions each of its segments explicitly.

    Terminals disagree about the width of हिन्दी or a joined emoji. So the line is first drawn blank, and then each
    segment is positioned by a cursor escape sequence, independent of the text before it. Spaces at the end are not
    drawn again: pushed against the right edge, they would erase what is there.
    """

    __slots__ = ("x",)

    def __init__(self, segments: Iterable[Segment], cell_length: int, x: int) -> None:
        super().__init__(segments, cell_length)
        self.x = x

    def apply_filter(self, filter: LineFilter, background: Color) -> Strip:  # noqa: A002  (Textual's signature)
        """Return the line with a colour filter applied."""
        return Placed(super().apply_filter(filter, background), self.cell_length, self.x)

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        """Return the pieces next to a scroll bar or a dialog, each at its own column."""
        pieces = super().divide(cuts)
        ends = accumulate((piece.cell_length for piece in pieces), initial=self.x)
        return [
            Placed(_held(list(piece), piece.cell_length), piece.cell_length, x)
            for piece, x in zip(pieces, ends, strict=False)
        ]

    def render(self, console: Console) -> str:
        """Return the text to write to the terminal."""
        if self._render_cache is None:
            self._render_cache = self._drawn(console._color_system or ColorSystem.TRUECOLOR)  # noqa: SLF001
        return self._render_cache

    def _drawn(self, color_system: ColorSystem) -> str:
        blank = [Segment(" " * display_width(text), style) for text, style, _ in self]
        parts = ["\x1b[?7l", sequence(blank, color_system)]
        at = self.x
        for segment in _without_end(self):
            if segment.text.strip(" "):
                parts += (f"\x1b[{at + 1}G", sequence([segment], color_system))
            at += display_width(segment.text)
        return "".join((*parts, f"\x1b[{self.x + self.cell_length + 1}G", "\x1b[?7h"))


def _without_end(segments: Iterable[Segment]) -> list[Segment]:
    """Remove spaces at the end."""
    kept = list(segments)
    while kept and not kept[-1].text.strip(" "):
        kept.pop()
    return [*kept[:-1], *(Segment(last.text.rstrip(" "), last.style) for last in kept[-1:])]


def placed(strips: Sequence[Strip], x: int) -> list[Strip]:
    """Return the lines, converting those with a text of disputed width to `Placed` ones."""
    return [
        Placed(strip, strip.cell_length, x) if any(is_disputed(segment.text) for segment in strip) else strip
        for strip in strips
    ]


def line(parts: Iterable[tuple[str, int, Style]], width: int, base: Style) -> Strip:
    """Return a line of columns: texts, each cut or padded to its cells, in their styles; the rest is blank.

    The last text is cut so that it ends before the line does, however wide a terminal draws it.
    """
    segments: list[Segment] = []
    used = 0
    for text, cells, style in parts:
        room = min(cells, width - used)
        if room <= 0:  # a column without cells ends no line
            continue
        segments.append(Segment(fit(text, room), style))
        used += room
    if used < width:
        segments.append(Segment(" " * (width - used), base))
    return Strip(_held(segments, width), width)


def _held(segments: list[Segment], width: int) -> list[Segment]:
    """Cut the last text of a line so that it ends before the line does on every terminal."""
    last = next((place for place in range(len(segments) - 1, -1, -1) if segments[place].text.strip(" ")), None)
    if last is None or segments[last].text.isascii():
        return segments
    text, style, _ = segments[last]
    room = width - sum(display_width(segment.text) for segment in segments[:last])
    segments[last] = Segment(fit(shortened(text.rstrip(" "), room), display_width(text)), style)
    return segments


def cut_off(strip: Strip, style: Style) -> Strip:
    """Return the line with an ellipsis at its end, to show that it continues."""
    return Strip([*strip.crop(0, strip.cell_length - 1), Segment("…", style)], strip.cell_length)


def wrapped(text: str, width: int) -> list[str]:
    """Return the text in lines of at most ``width`` cells on every terminal, broken at spaces where possible."""
    lines: list[str] = []
    left = ""
    for word in text.split(" "):
        joined = f"{left} {word}" if left else word
        if cautious_width(joined) <= width:
            left = joined
            continue
        if left:
            lines.append(left)
        *whole, left = pieces(word, width)
        lines += whole
    return [*lines, left]


def pieces(word: str, width: int) -> list[str]:
    """Return a word in pieces of at most ``width`` cells."""
    found = []
    while cautious_width(word) > width > 1:
        piece = shortened(word, width).removesuffix("…")
        if not piece:
            break
        found.append(piece)
        word = word[len(piece) :]
    return [*found, word]
