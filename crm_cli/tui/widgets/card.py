"""A card: a briefing as ``crm show`` prints it, wrapped to the pane; its links can be followed."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.binding import Binding
from textual.message import Message

from crm_cli.core.text.width import display_width
from crm_cli.render import spans
from crm_cli.render.fields import LABEL
from crm_cli.tui import actions
from crm_cli.tui.bindings import bindings
from crm_cli.tui.widgets import strips
from crm_cli.tui.widgets.scrolling import MARGIN, Lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from textual import events
    from textual.binding import BindingType

    from crm_cli.render.spans import Line, Role
    from crm_cli.tui.widgets.rows import Look, Part

ASIDE: dict[Role, int] = {"label": LABEL, "date": LABEL}
"""role of a span at the left of its line -> the width of its column in cells."""
LEAST = 8
"""The minimum width in cells of the text beside such a column."""
HEADS: frozenset[Role] = frozenset(("heading",))
"""role of the line that begins the second column."""
TWO_COLUMNS, GAP = 80, 3
"""The width in cells from which sections are shown in two columns, and the gap between them."""


class Link(NamedTuple):
    """A link: the printed id of its record, and the first row it is drawn in."""

    ref: str
    row: int


class Card(Lines):
    """The briefing of a person, a company, a deal or an activity."""

    zone = actions.CARD
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(actions.CARD),
        *(Binding(keys, action, means, show=False) for keys, action, means in actions.LINKS),
    ]

    class Followed(Message):
        """A link was followed."""

        def __init__(self, ref: str) -> None:
            super().__init__()
            self.ref = ref

    class Copied(Message):
        """A text is to be copied."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Left(Message):
        """The user goes back to the list."""

    def __init__(self, *, id: str) -> None:  # noqa: A002  (Textual's name)
        super().__init__(id=id)
        self.lines: Sequence[Line] = ()
        self.key: str = ""
        self.links: list[Link] = []
        self.at = 0
        """The link under the cursor."""
        self.remembered: tuple[str, int] = ("", 0)
        """A key, and the link to put the cursor on when that is shown."""
        self._marks: dict[tuple[int, int], int] = {}
        """Row and number of a part -> the link it belongs to."""
        self._rows: list[int] = []
        """The first row of each line of the briefing."""

    def show(self, key: str, lines: Iterable[Line]) -> None:
        """Show the lines of a record; the scroll position and the cursor are kept if the ``key`` is the same."""
        same, self.key = key == self.key, key
        self.lines = tuple(lines)
        if not same:
            self.at = 0
        if self.remembered[0] == key:
            self.at = self.remembered[1]
        self.draw()
        self.at = max(0, min(self.at, len(self.links) - 1))
        if self.remembered[0] == key:
            self.remembered = ("", 0)
            self._reveal()
        elif not same:
            self.scroll_to(y=0, animate=False, force=True)

    @property
    def ref(self) -> str:
        """The printed id of the record that the link under the cursor names; ``""`` without links."""
        return self.links[self.at].ref if self.at < len(self.links) else ""

    def lay_out(self) -> list[list[Part]]:
        """Wrap the briefing; on a wide pane, its history is beside the rest."""
        self.links, self._marks, self._rows = [], {}, []
        drawn: list[list[Part]] = []
        left, right = _sections(self.lines) if self.room >= TWO_COLUMNS else (self.lines, ())
        if not right:
            self._fill(drawn, left, self.room, 0)
            return drawn
        cells = (self.room - GAP) * 11 // 20
        self._fill(drawn, left, cells, 0)
        self._fill(drawn, right, self.room - cells - GAP, cells)
        return drawn

    def _fill(self, drawn: list[list[Part]], lines: Iterable[Line], width: int, left: int) -> None:
        """Append the wrapped lines to the drawn ones, from the first row; ``left`` is the width of a column before."""
        row = 0
        for line in lines:
            self._rows.append(row)
            last = ""
            for parts, refs in laid_out(line, width):
                if row == len(drawn):
                    drawn.append([("", left, "")] if left else [])
                if left:
                    drawn[row].append(("", GAP, ""))
                start = len(drawn[row])
                for place, ref in enumerate(refs, start):
                    if ref and ref != last:
                        self.links.append(Link(ref, row))
                    if ref:
                        self._marks[row, place] = len(self.links) - 1
                        last = ref
                drawn[row] += parts
                row += 1

    def on_resize(self) -> None:
        """Wrap for the new width; the line at the top stays there."""
        top = self.scroll_offset.y
        line = max((number for number, row in enumerate(self._rows) if row <= top), default=0) if top else 0
        self.draw()
        row = self._rows[line] if line < len(self._rows) else 0
        self.scroll_to(y=row, animate=False, force=True)

    def light(self, row: int, place: int) -> Look:
        """Light the link under the cursor."""
        return "cursor" if self._marks.get((row, place)) == self.at else ""

    def action_do(self, name: str) -> None:
        """Run an action of the table."""
        getattr(self, f"do_{name}")()

    def do_leave(self) -> None:
        """Go back to the list."""
        self.post_message(self.Left())

    def do_follow(self) -> None:
        """Go to the record under the cursor."""
        if self.ref:
            self.post_message(self.Followed(self.ref))

    def do_copy(self) -> None:
        """Copy the link under the cursor, or else the first line in sight."""
        if self._is_in_sight(self.at):
            found = [self.drawn[row][place][0] for (row, place), link in self._marks.items() if link == self.at]
        else:
            found = [text for row in self.drawn[self.scroll_offset.y :][:1] for text, *_ in row]
        if text := " ".join(filter(None, (part.strip() for part in found))):
            self.post_message(self.Copied(text))

    def _is_in_sight(self, number: int) -> bool:
        top = self.scroll_offset.y
        return 0 <= number < len(self.links) and top <= self.links[number].row < top + self.size.height

    def action_step(self, step: int) -> None:
        """Move the cursor to the next link if it is in sight, else scroll by a line."""
        following = self.at + step
        if self.links and not self._is_in_sight(self.at):
            rows = [link.row for link in self.links]
            top = self.scroll_offset.y
            following = bisect_left(rows, top) if step > 0 else bisect_left(rows, top + self.size.height) - 1
        if self._is_in_sight(following):
            self._point(following)
        else:
            self.scroll_relative(y=step, animate=False)

    def action_jump(self, step: int) -> None:
        """Move the cursor to the next link, wherever it is."""
        if 0 <= self.at + step < len(self.links):
            self._point(self.at + step)
            self._reveal()

    def _point(self, number: int) -> None:
        self.at = number
        self.refresh()

    def _reveal(self) -> None:
        """Scroll to the link under the cursor."""
        if self.ref and not self._is_in_sight(self.at):
            self.scroll_to(y=max(self.links[self.at].row - self.size.height // 2, 0), animate=False, force=True)

    def on_focus(self) -> None:
        """Show the cursor."""
        self.looks = {}
        self.refresh()

    def on_blur(self) -> None:
        """Hide the cursor."""
        self.looks = {}
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the clicked link; a double click follows it."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        row, at = offset.y + self.scroll_offset.y, MARGIN
        for place, cells in enumerate(self.widths(row)):
            number = self._marks.get((row, place))
            if at <= offset.x < at + cells and number is not None:
                self._point(number)
                if event.chain == 2:
                    self.do_follow()
            at += cells


def _sections(lines: Sequence[Line]) -> tuple[Sequence[Line], Sequence[Line]]:
    """Return the lines before the first heading, and those from it on."""
    headed = next((place for place, line in enumerate(lines) if line and line[0].role in HEADS), len(lines))
    return lines[:headed], lines[headed:]


def laid_out(line: Line, width: int) -> Iterator[tuple[list[Part], list[str]]]:
    """Yield a line of a briefing as the wrapped lines of a pane, with the id that each part is a link to.

    A field's further lines align with its value.
    """
    first = line[0] if line else spans.Span("")
    aside = ASIDE.get(first.role, 0)
    if not aside:
        yield from _wrapped(line, width)
        return
    name = first.text.strip()
    for parts, refs in _wrapped(line[1:], max(width - aside, LEAST)):
        yield [(name, aside, first.role), *parts], ["", *refs]
        name = ""


def _wrapped(line: Line, width: int) -> Iterator[tuple[list[Part], list[str]]]:
    """Yield the spans of a line in parts of lines of ``width`` cells."""
    text = "".join(span.text for span in line)
    end = 0
    for piece in strips.wrapped(text.strip(), width):
        start = text.index(piece, end)
        end = start + len(piece)
        yield _parts(spans.cut(line, start, end), width)


def _parts(line: Line, width: int) -> tuple[list[Part], list[str]]:
    """Return the spans as parts that fill a line, and the ids they are links to."""
    found: list[Part] = [(span.text, display_width(span.text), span.role) for span in line]
    rest = width - sum(cells for _, cells, _ in found)
    if rest > 0:
        found.append(("", rest, ""))
    return found, [span.ref for span in line]
