"""The list of people: rows are loaded when they are scrolled into view; until then only their ids are known."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any, NamedTuple

from textual.binding import Binding
from textual.message import Message

from crm_cli.render.clean import clean
from crm_cli.tui.widgets import orders
from crm_cli.tui.widgets.rows import RowList

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import ClassVar

    from textual.binding import BindingType
    from textual.strip import Strip

    from crm_cli.tui.widgets.rows import Look, Part

KEPT = 4000
"""How many rows are kept in memory."""
AHEAD = 40
"""How many rows before and after the visible ones are loaded with them."""


class Shape(NamedTuple):
    """A column: its name, how to read it, its style, and its minimum and maximum width in cells.

    A lower ``rank`` gets spare room first: a phone number is useless without its last digits. The ``heading`` is the
    name if it is empty.
    """

    name: str
    get: Callable[[Any], str]
    look: Look
    least: int
    most: int
    rank: int
    heading: str = ""


SHAPES = (
    Shape("name", lambda row: row.name or "(no name)", "", 18, 28, 1),
    Shape("company", lambda row: row.company, "accent", 13, 26, 1),
    Shape("phone", lambda row: row.phone, "muted", 17, 18, 0),
    Shape("tags", lambda row: " ".join(f"+{tag}" for tag in row.tags), "tag", 13, 24, 2),
    Shape("city", lambda row: row.city, "muted", 10, 16, 3),
    Shape("email", lambda row: row.email, "muted", 22, 34, 3),
)
"""The columns; those that stay longest on a narrow screen come first."""
WIDER = 12
"""By how many cells the first column and the second may be wider than their maximum, if nothing else needs them."""
REACH = Shape("last-reach", lambda row: row.last_reach or "", "muted", 12, 12, 0, "last reach")
"""The column that is shown while the list is sorted by it."""


def widths(width: int, shapes: Sequence[Shape] = SHAPES) -> list[int]:
    """Return the widths of the columns that fit, each including a gap of two after it."""
    room, found = width, []
    for shape in shapes:
        if shape.least + 2 > room:
            break
        found.append(shape.least + 2)
        room -= shape.least + 2
    if not found:
        return [width]
    while room:
        spare = [place for place, cells in enumerate(found) if cells < shapes[place].most + 2]
        if not spare:
            break
        lowest = min(spare, key=lambda place: (shapes[place].rank, found[place] - shapes[place].least))
        found[lowest] += 1
        room -= 1
    for place in range(min(2, len(found))):
        more = min(room // (2 - place), WIDER)
        found[place] += more
        room -= more
    return found


class PeopleList(RowList):
    """A sorted list of people under the headings of its columns, with any number of them selected."""

    HEAD = 1
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("shift+down,J", "select_on(1)", "Select downwards", show=False),
        Binding("shift+up,K", "select_on(-1)", "Select upwards", show=False),
    ]

    shapes: ClassVar[Sequence[Shape]] = SHAPES
    sorts: ClassVar[Sequence[str]] = ("name", "company", "city", "-last-reach", "-created")
    """The orders of the list, each in its usual direction."""

    class Wanted(Message):
        """Rows that are not loaded yet came into view."""

        def __init__(self, ids: list[int]) -> None:
            super().__init__()
            self.ids = ids

    class Selected(Message):
        """The selection changed."""

    def __init__(self, *, id: str) -> None:  # noqa: A002  (Textual's name)
        super().__init__(id=id)
        self.ids: array[int] = array("q")
        self.known: dict[int, Any] = {}
        self.sort = self.sorts[0]
        """The order of the list; ``-`` reverses it."""
        self.is_ranked = False
        """Are they in the order of how well they match a search?"""
        self.asked: set[int] = set()
        self.selected: dict[int, None] = {}
        self.hint: list[str] = []
        self._widths: tuple[int, list[int]] = (0, [])

    @property
    def count(self) -> int:
        """How many people are listed."""
        return len(self.ids)

    @property
    def current(self) -> int | None:
        """The person under the cursor."""
        return self.ids[self.cursor] if self.is_row(self.cursor) else None

    @property
    def targets(self) -> list[int]:
        """The people an action applies to: the selected ones, else the one under the cursor."""
        return list(self.selected) or ([self.current] if self.current is not None else [])

    def show(self, ids: Iterable[int], rows: Sequence[tuple[int, Any]], *, keep: bool = False) -> None:
        """Show other people; with ``keep`` the cursor stays on its person.

        People who are no longer listed are removed from the selection.
        """
        before, place = self.current, self.cursor
        self.ids = array("q", ids)
        if self.selected:
            listed = set(self.ids)
            self.select(ref for ref in self.selected if ref in listed)
        self.asked.clear()
        self.learn(rows)
        row = 0
        if keep and before is not None:
            row = self._row_of(before, place)
        self.reset(row)

    def _row_of(self, person: int, place: int) -> int:
        """Return a person's row, searched near the old row, then everywhere; the old row if they are not listed."""
        near = self.ids[max(0, place - 50) : place + 50]
        if person in near:
            return max(0, place - 50) + near.index(person)
        return self.ids.index(person) if person in self.ids else place

    def extend(self, ids: Iterable[int]) -> None:
        """Append people to the list."""
        self.ids.extend(ids)
        self.measure()

    def learn(self, rows: Sequence[tuple[int, Any]]) -> None:
        """Store loaded rows."""
        if len(self.known) > KEPT:
            self.known.clear()
        self.known.update(rows)
        self.asked.difference_update(ref for ref, _ in rows)
        self.refresh()

    def in_sight(self) -> list[int]:
        """Return the visible people, and forget all other loaded rows, as the book has changed."""
        top = self.scroll_offset.y
        seen = list(self.ids[top : top + max(self.size.height, 1)])
        self.known = {ref: self.known[ref] for ref in seen if ref in self.known}
        self.asked.clear()
        return seen

    def empty(self) -> list[str]:
        """Return what to show if no people are listed."""
        return self.hint

    def render_line(self, y: int) -> Strip:
        """Draw one line; request its row if it is not loaded."""
        row = y - self.HEAD + self.scroll_offset.y
        if 0 <= row < self.count and self.ids[row] not in self.known and self.ids[row] not in self.asked:
            self._want(row)
        return super().render_line(y)

    def _want(self, row: int) -> None:
        """Request the rows around one."""
        around = self.ids[max(0, row - AHEAD) : row + self.size.height + AHEAD]
        ids = [ref for ref in around if ref not in self.known and ref not in self.asked]
        self.asked.update(ids)
        self.post_message(self.Wanted(ids))

    def parts(self, row: int, width: int) -> Iterable[Part]:
        """Return the columns of a person."""
        ref = self.ids[row]
        yield (" ● " if ref in self.selected else "   "), 3, "mark"
        yield from self._columns(self.known.get(ref), width - 3)

    def head(self, y: int, width: int) -> Iterator[Part]:  # noqa: ARG002  (it has one line)
        """Return the headings of the columns; the one that the list is sorted by has an arrow."""
        yield "", 3, ""
        column = self.sort.lstrip("-")
        arrow = "▲" if self.sort == column else "▼"
        for shape, cells in zip(self.columns, self._cells(width - 3), strict=False):
            if shape.name == column and not self.is_ranked:
                yield f"{shape.heading or shape.name} {arrow}", cells, "label"
            else:
                yield shape.heading or shape.name, cells, "muted"

    def _cells(self, width: int) -> list[int]:
        if self._widths[0] != width:
            self._widths = (width, widths(width, self.columns))
        return self._widths[1]

    def _columns(self, found: Any, width: int) -> Iterator[Part]:
        if found is None:
            yield "…", width, "muted"
            return
        for shape, cells in zip(self.columns, self._cells(width), strict=False):
            yield clean(shape.get(found)), max(cells - 2, 1), shape.look
            yield "", 2, ""

    @property
    def columns(self) -> Sequence[Shape]:
        """The columns, with that of the last reach while the list is sorted by it."""
        first, *others = self.shapes
        is_extra = self.sort.lstrip("-") == REACH.name and REACH not in others
        return (first, REACH, *others) if is_extra else self.shapes

    @property
    def order(self) -> str:
        """The order in words, unless it is the usual one."""
        return "" if self.sort == self.sorts[0] else f" {orders.words(self.sort)}"

    def sort_next(self) -> None:
        """Take the next column's order."""
        self.sort = orders.following(self.sorts, self.sort)
        self._widths = (0, [])

    def sort_reversed(self) -> None:
        """Reverse the order."""
        self.sort = orders.turned(self.sort)

    def toggle(self) -> None:
        """Toggle selection of the person under the cursor, and move to the next."""
        if self.current is None:
            return
        if self.current in self.selected:
            del self.selected[self.current]
        else:
            self.selected[self.current] = None
        self.refresh_line(self.cursor + self.HEAD)
        self.go(self.cursor + 1)
        self.post_message(self.Selected())

    def action_select_on(self, step: int) -> None:
        """Select the person under the cursor and the next (or previous) one."""
        if self.current is not None:
            self.selected[self.current] = None
            self.go(self.cursor + step, step)
            self.selected[self.ids[self.cursor]] = None
            self.refresh()
            self.post_message(self.Selected())

    def select(self, ids: Iterable[int]) -> None:
        """Select exactly these people."""
        self.selected = dict.fromkeys(ids)
        self.refresh()
        self.post_message(self.Selected())
