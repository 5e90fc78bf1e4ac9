"""What the terminal shows, so that only lines that differ are sent: over a slow line, each byte is time.

Textual draws a new screen up to four times while its widgets appear, are focused and are filled, and most of these
drawings are alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.color import ColorSystem
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate

from crm_cli.tui.sgr import sequence
from crm_cli.tui.widgets.strips import Placed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console
    from textual.strip import Strip

    Piece = tuple[int, int, Strip]
    """A part of a line: its line, its first column, its text."""


class Frame:
    """The pieces of lines that were sent last and have not been overwritten since."""

    def __init__(self) -> None:
        self.lines: dict[int, dict[int, tuple[int, str]]] = {}
        """line -> first column -> the column after the piece, and its bytes."""

    def forget(self) -> None:
        """Send everything again: something else has written to the terminal, or it has changed its size."""
        self.lines.clear()

    def send(self, x: int, y: int, end: int, drawn: str) -> bool:
        """Must the piece be sent? If so, it is taken as sent, and what it overwrites is forgotten."""
        line = self.lines.setdefault(y, {})
        if line.get(x) == (end, drawn):
            return False
        for start in [start for start, (stop, _) in line.items() if start < end and stop > x]:
            del line[start]
        line[x] = (end, drawn)
        return True


class Changes(CompositorUpdate):
    """An update of Textual's, without the pieces that the terminal shows already."""

    def __init__(self, update: LayoutUpdate | ChopsUpdate, frame: Frame) -> None:
        self.update = update
        self.frame = frame

    def render_segments(self, console: Console) -> str:
        """Return what to write to the terminal."""
        color_system = console._color_system or ColorSystem.TRUECOLOR  # noqa: SLF001  (as Textual reads it)
        found: list[str] = []
        at = None
        for x, y, strip in _pieces(self.update):
            drawn = strip.render(console) if isinstance(strip, Placed) else sequence(strip, color_system)
            end = x + strip.cell_length
            if self.frame.send(x, y, end, drawn):
                found.append(drawn if at == (x, y) else f"\x1b[{y + 1};{x + 1}H{drawn}")
                at = (end, y)
        return "".join(found)


def _pieces(update: LayoutUpdate | ChopsUpdate) -> Iterator[Piece]:
    """Yield the pieces of an update from left to right and from top to bottom."""
    return _of_all(update) if isinstance(update, LayoutUpdate) else _of_some(update)


def _of_all(update: LayoutUpdate) -> Iterator[Piece]:
    for y, line in enumerate(update.strips, update.region.y):
        x = update.region.x
        for strip in line:
            yield x, y, strip
            x += strip.cell_length


def _of_some(update: ChopsUpdate) -> Iterator[Piece]:
    """Yield the pieces within the spans that are to be drawn; a piece is cut at the end of its span."""
    for y, first, last in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is not None and x <= last and end > first:
                yield x, y, strip if end <= last else strip.crop(0, last - x)
