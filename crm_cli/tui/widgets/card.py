"""A card: a briefing as ``crm show`` prints it, wrapped to the pane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core.text.folding import display_width
from crm_cli.render import spans
from crm_cli.render.fields import LABEL
from crm_cli.tui.widgets import strips
from crm_cli.tui.widgets.scrolling import Lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crm_cli.render.spans import Line, Role
    from crm_cli.tui.widgets.rows import Part

ASIDE: dict[Role, int] = {"label": LABEL, "date": 12}
"""role of a span at the left of its line -> the width of its column in cells."""
LEAST = 8
"""The minimum width in cells of the text beside such a column."""


class Card(Lines):
    """The briefing of a person, a deal or an activity."""

    def __init__(self, *, id: str) -> None:  # noqa: A002  (Textual's name)
        super().__init__(id=id)
        self.lines: Sequence[Line] = ()
        self.key: object = None

    def show(self, key: object, lines: Iterable[Line]) -> None:
        """Show other lines; the scroll position is kept if the ``key`` is the same."""
        same, self.key = key == self.key, key
        self.lines = tuple(lines)
        self.draw()
        if not same:
            self.scroll_to(y=0, animate=False)

    def lay_out(self) -> Iterable[list[Part]]:
        """Wrap the briefing."""
        return (parts for line in self.lines for parts in laid_out(line, self.room))


def laid_out(line: Line, width: int) -> Iterator[list[Part]]:
    """Yield a line of a briefing as the wrapped lines of a pane; a field's further lines align with its value."""
    first = line[0] if line else spans.Span("")
    aside = ASIDE.get(first.role, 0)
    if not aside:
        yield from _wrapped(line, width)
        return
    name = first.text.strip()
    for parts in _wrapped(line[1:], max(width - aside, LEAST)):
        yield [(name, aside, first.role), *parts]
        name = ""


def _wrapped(line: Line, width: int) -> Iterator[list[Part]]:
    """Yield the spans of a line in parts of lines of ``width`` cells."""
    text = "".join(span.text for span in line)
    end = 0
    for piece in strips.wrapped(text.strip(), width):
        start = text.index(piece, end)
        end = start + len(piece)
        yield _parts(spans.cut(line, start, end), width)


def _parts(line: Line, width: int) -> list[Part]:
    """Return the spans as parts, the last one as wide as the rest of the line."""
    *before, last = line or (spans.Span(""),)
    found: list[Part] = [(span.text, display_width(span.text), span.role) for span in before]
    return [*found, (last.text, width - sum(cells for _, cells, _ in found), last.role)]
