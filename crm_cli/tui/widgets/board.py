"""The pipeline on a narrow screen: stages one below the other, each with its totals, and its deals in columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core.text.width import display_width
from crm_cli.render.clean import clean
from crm_cli.tui.widgets.sideways import Sideways

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crm_cli.tui.data.agenda_items import DealItem, Pipeline
    from crm_cli.tui.widgets.rows import Part


class Board(Sideways):
    """Deals under the headings of their stages; the totals of all deals are at the end."""

    def __init__(self, *, id: str) -> None:  # noqa: A002  (Textual's name)
        super().__init__(id=id)
        self.items: Sequence[DealItem] = ()
        self.loaded = False
        self.amount = self.close = 0

    @property
    def count(self) -> int:
        """The number of lines."""
        return len(self.items)

    @property
    def current(self) -> DealItem | None:
        """The deal under the cursor."""
        return self.items[self.cursor] if self.is_row(self.cursor) else None

    def is_row(self, row: int) -> bool:
        """Is this line a deal?"""
        return super().is_row(row) and self.items[row].id is not None

    def show(self, found: Pipeline, deal: int | None = None) -> None:
        """Show another board; the cursor moves to ``deal``, or else stays on its own."""
        items = found.items
        wanted = deal if deal is not None else self.current.id if self.current else None
        place = self.cursor
        self.items, self.loaded = items, True
        self.amount = max((display_width(one.amount) for one in items), default=0)
        self.close = max((display_width(one.close.text) for one in items), default=0)
        self.reset(self._row_of(wanted, place))

    def point(self, deal: int | None) -> None:
        """Move the cursor to a deal without posting `Moved`, when the list is not the visible layout."""
        self.reset(self._row_of(deal, self.cursor))

    def _row_of(self, deal: int | None, otherwise: int) -> int:
        rows = (row for row, one in enumerate(self.items) if one.id is not None and one.id == deal)
        return next(rows, otherwise)

    def side(self, step: int) -> None:
        """Go to the first deal of another stage."""
        starts = [row for row in range(1, self.count) if self.is_row(row) and not self.is_row(row - 1)]
        here = sum(row <= self.cursor for row in starts) - 1
        if 0 <= here + step < len(starts):
            self.go(starts[here + step])

    def empty(self) -> list[str]:
        """Return what to show if there are no stages."""
        return ["No stages yet."] if self.loaded else []

    def parts(self, row: int, width: int) -> Iterable[Part]:
        """Return the columns of a line."""
        one = self.items[row]
        return self._columns(one, width) if one.id is not None else self._heading(one, width)

    def _heading(self, one: DealItem, width: int) -> Iterator[Part]:
        title = f" {clean(one.title)} "
        cells = min(display_width(title), width)
        yield title, cells, one.role
        if cells < width:
            yield clean(one.who), width - cells, "muted"

    def _columns(self, one: DealItem, width: int) -> Iterator[Part]:
        left = width - 3 - self.amount - 2 - self.close - 3
        who = min(left * 2 // 5, 34)
        yield f" {one.mark} ", 3, "alert"
        yield clean(one.title), left - who - 2, one.role
        yield "", 2, ""
        yield clean(one.who), who, "accent"
        yield " " * (2 + self.amount - display_width(one.amount)) + one.amount, self.amount + 2, ""
        yield f"  {one.close.text}", self.close + 3, one.close.role
