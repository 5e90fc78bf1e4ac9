"""Today's list: sections with headings, and a line for each thing to do, birthday or person to reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core.text.width import display_width
from crm_cli.render.activities import REPEATS
from crm_cli.render.clean import clean
from crm_cli.tui.glyphs import GLYPHS
from crm_cli.tui.widgets.rows import RowList

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crm_cli.tui.data.agenda_items import Item
    from crm_cli.tui.widgets.rows import Part

LEAST = 16
"""The width in cells that the text of a line keeps beside a company."""


class AgendaList(RowList):
    """The list, under the headings of its sections."""

    def __init__(self, items: Sequence[Item] | None = None, *, id: str) -> None:  # noqa: A002  (Textual's name)
        super().__init__(id=id)
        self.items: Sequence[Item] = ()
        self.loaded = False
        self.hint: list[str] = []
        """What to show instead of an empty day: the book is empty."""
        self.mark = self.when = self.what = self.who = self.first = 0
        """The cells that each column would need; ``first`` is for the first name in ``who``."""
        if items is not None:
            self._take(items)
            self.cursor = next((row for row in range(len(items)) if self.is_row(row)), 0)

    @property
    def count(self) -> int:
        """The number of lines, including headings."""
        return len(self.items)

    @property
    def current(self) -> Item | None:
        """The item under the cursor."""
        return self.items[self.cursor] if self.is_row(self.cursor) else None

    def is_row(self, row: int) -> bool:
        """Is this line an item, not a heading?"""
        return super().is_row(row) and bool(self.items[row].ref)

    def on_mount(self) -> None:
        """Size the list for the items that are present from the start."""
        self.measure()

    def show(self, items: Sequence[Item]) -> None:
        """Show other items; the cursor stays on its item, or on its line if that item is gone."""
        if self.loaded and items == self.items:
            return
        before, place = self.current, self.cursor
        self._take(items)
        same = (
            row for row, one in enumerate(items) if before and (one.ref, one.section) == (before.ref, before.section)
        )
        self.reset(next(same, place))

    def point(self, ref: str) -> None:
        """Move the cursor to the first item about a record, by its printed id."""
        rows = (row for row, one in enumerate(self.items) if ref in {one.ref, str(one.person)})
        self.go(next(rows, self.cursor))

    def _take(self, items: Sequence[Item]) -> None:
        self.items, self.loaded = items, True
        self.mark, self.when, self.what, self.who, self.first = (
            max((display_width(clean(getattr(one, name))) for one in items), default=0)
            for name in ("mark", "when", "what", "who", "first")
        )

    def empty(self) -> list[str]:
        """Return what to show on a day without items."""
        if not self.loaded:
            return []
        return self.hint or [
            "Nothing to do, and no birthdays.", "", "p  plan something", "2  go to the people, or add them",
            "?  see all keys",
        ]  # fmt: skip

    def parts(self, row: int, width: int) -> Iterable[Part]:
        """Return the columns of a line."""
        one = self.items[row]
        return self._columns(one, width) if one.ref else [(f" {clean(one.title)}", width, one.role)]

    def _columns(self, one: Item, width: int) -> Iterator[Part]:
        signs = 2 + max(self.mark, 1)
        what, who = self._widths(width - signs - self.when - 2 - 3 - 2 - 1)
        yield f" {one.mark}", signs, "muted" if one.mark == REPEATS else "alert"
        yield clean(one.when), self.when + 2, one.role
        yield GLYPHS.get(one.kind, ""), 3, "muted"
        yield clean(one.what), what, ""
        yield "", 2, ""
        yield clean(one.who), who, "accent"

    def _widths(self, room: int) -> tuple[int, int]:
        """Return the widths of the text and of the names: companies are cut first, first names last."""
        names = min(self.first + 1, room * 3 // 5)  # one for the ``…`` instead of the company
        who = min(max(room - max(self.what, LEAST), names), self.who)
        return min(self.what, room - who), who
