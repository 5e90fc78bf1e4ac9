"""A list that draws only its visible rows, however many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual._styles_cache import StylesCache
from textual.binding import Binding
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from crm_cli.render.spans import ROLES
from crm_cli.tui.actions import MOVES
from crm_cli.tui.widgets import strips

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Literal

    from rich.style import Style
    from textual import events
    from textual.binding import BindingType
    from textual.geometry import Region

    from crm_cli.render.spans import Role

    Look = Role | Literal["", "cursor", "faint", "mark"]

Part = tuple[str, int, "Look"]
"""A column of a row: its text, its width in cells, and how it looks."""

STYLES: tuple[Look, ...] = (*ROLES, "cursor", "faint", "mark")
"""How a part may look: by its role, or as the cursor, a hint of more, or the mark of a selected row.

Each is a component class in the style sheets.
"""


class Unframed(StylesCache):
    """Keeps drawn lines, as Textual does, for a widget without border, padding and tint: a third of the time."""

    def render_line(self, *args: Any) -> Strip:
        """Return a line of the widget as it draws it."""
        _, y, _, content_size, _, _, _, drawn, *_ = args
        line: Strip = drawn(y)
        return line.adjust_cell_length(content_size.width)


class RowList(ScrollView, can_focus=True):
    """Rows with a cursor. Subclasses define the rows: `count`, `parts`, `is_row`."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"row--{name}" for name in STYLES}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(keys, f"go('{where}')", label, show=False) for keys, where, label in MOVES
    ]

    class Moved(Message):
        """The cursor moved to another row."""

        def __init__(self, rows: RowList, row: int) -> None:
            super().__init__()
            self.rows, self.row = rows, row

        @property
        def control(self) -> RowList:
            """The list."""
            return self.rows

    class Opened(Moved):
        """A row was double-clicked."""

    def __init__(self, *, id: str) -> None:  # noqa: A002  (Textual's name)
        super().__init__(id=id)
        self._styles_cache = Unframed()
        self.cursor = 0
        self.looks: dict[str, Style] = {}
        self._styles: dict[tuple[str, bool], Style] = {}
        """Looks over the background, of other rows and of the cursor's."""

    @property
    def count(self) -> int:
        """The number of rows."""
        return 0

    def parts(self, row: int, width: int) -> Iterable[Part]:
        """Return the columns of a row."""
        raise NotImplementedError

    def is_row(self, row: int) -> bool:
        """Can the cursor be on this row? Not if it is a heading or does not exist."""
        return 0 <= row < self.count

    def empty(self) -> list[str]:
        """Return the lines to show if there are no rows."""
        return []

    def reset(self, cursor: int = 0) -> None:
        """Redraw everything, with the cursor on a row."""
        self.virtual_size = Size(0, self.count)
        self.cursor = self._nearest(max(0, min(cursor, self.count - 1)), 1)
        self._reveal()
        self.refresh()

    def go(self, row: int, step: int = 1) -> None:
        """Move the cursor to a row, or to the nearest one in the direction of ``step``."""
        if not self.count:
            return
        row = self._nearest(max(0, min(row, self.count - 1)), step)
        if row != self.cursor:
            before, self.cursor = self.cursor, row
            self.refresh_line(before)
            self.refresh_line(row)
            self._reveal()
            self.post_message(self.Moved(self, row))

    def action_go(self, where: str) -> None:
        """Move the cursor; does nothing in a list without rows."""
        if not self.count:
            return
        page = max(1, self.size.height - 2)
        rows = {
            "down": (self.cursor + 1, 1), "up": (self.cursor - 1, -1), "page_down": (self.cursor + page, 1),
            "page_up": (self.cursor - page, -1), "first": (0, 1), "last": (self.count - 1, -1),
        }  # fmt: skip
        self.go(*rows[where])
        if self.cursor <= 1 and not self.is_row(0):
            self.scroll_to(y=0, animate=False)

    def _nearest(self, row: int, step: int) -> int:
        for way in (step, -step):
            found = row
            while 0 <= found < self.count:
                if self.is_row(found):
                    return found
                found += way
        return 0

    def _reveal(self) -> None:
        height = self.size.height
        if not height:
            return
        top = self.scroll_offset.y
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False)

    def render_line(self, y: int) -> Strip:
        """Draw one visible line, up to the scroll bar."""
        width = self.scrollable_content_region.width
        if not self.looks:
            self.looks = {name: self.get_component_rich_style(f"row--{name}", partial=True) for name in STYLES}
        row = y + self.scroll_offset.y
        if row >= self.count:
            lines = self.empty() if not self.count else []
            text = lines[y - 1] if 0 < y <= len(lines) else ""
            return strips.line([("  " + text, width, self.rich_style + self.looks["muted"])], width, self.rich_style)
        here = row == self.cursor
        drawn = ((text, cells, self._style(look, here)) for text, cells, look in self.parts(row, width))
        return strips.line(drawn, width, self._style("", here))

    def _style(self, look: str, here: bool) -> Style:
        found = self._styles.get((look, here))
        if found is None:
            base = self.rich_style + self.looks["cursor"] if here else self.rich_style
            found = self._styles[look, here] = base + self.looks[look] if look else base
        return found

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the lines with their columns aligned."""
        return strips.placed(super().render_lines(crop), self.region.x + crop.x)

    def notify_style_update(self) -> None:
        """Drop the cached styles of another theme."""
        self._forget_looks()
        super().notify_style_update()

    def _forget_looks(self) -> None:
        self.looks = {}
        self._styles = {}

    def on_focus(self) -> None:
        """Show the cursor as focused."""
        self._forget_looks()
        self.refresh()

    def on_blur(self) -> None:
        """Show the cursor as not focused."""
        self._forget_looks()
        self.refresh()

    def on_resize(self) -> None:
        """Keep the cursor visible."""
        self._reveal()

    def row_at(self, x: int, y: int) -> int | None:  # noqa: ARG002  (for those that stand beside each other)
        """Return the row drawn at a position, or None."""
        row = y + self.scroll_offset.y
        return row if self.is_row(row) else None

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the clicked row; a double click opens it."""
        row = self.row_at(event.x, event.y)
        if row is not None:
            self.go(row)
            if event.chain == 2:
                self.post_message(self.Opened(self, row))
