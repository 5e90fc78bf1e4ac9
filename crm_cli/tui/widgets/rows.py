"""A list that draws only its visible rows, however many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual._styles_cache import StylesCache
from textual.binding import Binding
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

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

    Look = Role | Literal["", "cursor", "bar", "lit", "over", "here", "faint", "mark"]

Part = tuple[str, int, "Look"]
"""A column of a row: its text, its width in cells, and how it looks."""

STYLES: tuple[Look, ...] = (*ROLES, "cursor", "bar", "lit", "over", "here", "faint", "mark")
"""How a part may look: by its role, as a line (``faint``), the mark of a selected row, or the heading of ``here``.

The row under the cursor has the ground ``cursor``, the `BAR`, and brighter text: ``lit``, or with few colours ``over``
all others. Each is a component class in the style sheets.
"""
BAR = "▌"
LIT: dict[Look, Look] = {"": "lit", "value": "lit", "muted": "value", "label": "value", "date": "value"}
"""A look -> the brighter one of the row under the cursor."""


class Unframed(StylesCache):
    """Keeps drawn lines, as Textual does, for a widget without border, padding and tint: a third of the time."""

    def render_line(self, *args: Any) -> Strip:
        """Return a line of the widget as it draws it."""
        _, y, _, content_size, _, _, _, drawn, *_ = args
        line: Strip = drawn(y)
        return line.adjust_cell_length(content_size.width)


class RowList(ScrollView, can_focus=True):
    """Rows with a cursor. Subclasses define the rows: `count`, `parts`, `is_row`.

    Each row begins with a blank cell, where the bar of the cursor is drawn.
    """

    HEAD: ClassVar[int] = 0
    """The number of lines above the rows that do not scroll."""
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
        self._own: Style | None = None

    @property
    def count(self) -> int:
        """The number of rows."""
        return 0

    def parts(self, row: int, width: int) -> Iterable[Part]:
        """Return the columns of a row."""
        raise NotImplementedError

    def head(self, y: int, width: int) -> Iterable[Part]:  # noqa: ARG002  (for subclasses with a `HEAD`)
        """Return the columns of a line above the rows."""
        return ()

    def is_row(self, row: int) -> bool:
        """Can the cursor be on this row? Not if it is a heading or does not exist."""
        return 0 <= row < self.count

    def empty(self) -> list[str]:
        """Return the lines to show if there are no rows."""
        return []

    def reset(self, cursor: int = 0) -> None:
        """Redraw everything, with the cursor on a row."""
        self.measure()
        self.cursor = self._nearest(max(0, min(cursor, self.count - 1)), 1)
        self._reveal()
        self.refresh()

    def measure(self) -> None:
        """Set the height that is scrolled."""
        size = Size(0, self.count + self.HEAD)
        if self.show_vertical_scrollbar and size.height > self.container_size.height:
            self.set_reactive(Widget.virtual_size, size)  # the scroll bar stays, so that nothing needs a new layout
            self._scroll_update(size)
        else:
            self.virtual_size = size

    def go(self, row: int, step: int = 1) -> None:
        """Move the cursor to a row, or to the nearest one in the direction of ``step``."""
        if not self.count:
            return
        row = self._nearest(max(0, min(row, self.count - 1)), step)
        if row != self.cursor:
            before, self.cursor = self.cursor, row
            self.refresh_line(before + self.HEAD)
            self.refresh_line(row + self.HEAD)
            self._reveal()
            self.post_message(self.Moved(self, row))

    def action_go(self, where: str) -> None:
        """Move the cursor; does nothing in a list without rows."""
        if not self.count:
            return
        page = max(1, self.size.height - self.HEAD - 2)
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
        """Scroll to the cursor: to the middle if it is far away.

        ``force``, as Textual does not scroll a list whose scroll bar is yet to be shown.
        """
        height, top, row = self.size.height - self.HEAD, self.scroll_offset.y, self.cursor
        if height <= 0 or top <= row < top + height:
            return
        is_near = top - height <= row < top + 2 * height
        nearest = row if row < top else row - height + 1
        self.scroll_to(y=nearest if is_near else row - height // 2, animate=False, force=True)

    def render_line(self, y: int) -> Strip:
        """Draw one visible line, up to the scroll bar."""
        width, base = self.scrollable_content_region.width, self.rich_style
        self.looks = self.looks or self._styles()
        row = y - self.HEAD + self.scroll_offset.y
        if y >= self.HEAD and row == self.cursor < self.count:
            return self._lit_row(row, width)
        parts = self._parts_at(y, row, width)
        return strips.line(
            ((text, cells, base + self.looks[look] if look else base) for text, cells, look in parts), width, base
        )

    def _parts_at(self, y: int, row: int, width: int) -> Iterable[Part]:
        """Return the columns of a visible line: of a row, of the lines above the rows, or of those instead of rows."""
        if not self.count:
            lines = self.empty()
            return [("  " + lines[y - 1], width, "muted")] if 0 < y <= len(lines) else ()
        if y < self.HEAD:
            return self.head(y, width)
        return self.parts(row, width) if row < self.count else ()

    def _styles(self) -> dict[str, Style]:
        return {name: self.get_component_rich_style(f"row--{name}", partial=True) for name in STYLES}

    def lit(self, text: str, cells: int, look: Look) -> tuple[str, int, Style]:
        """Return a part as it is drawn under the cursor."""
        look = LIT.get(look, look)
        style = self.rich_style + self.looks["cursor"]
        return text, cells, style + self.looks[look] + self.looks["over"]

    def _lit_row(self, row: int, width: int) -> Strip:
        """Draw the row under the cursor: the bar in its first cell, the text brighter."""
        (text, cells, look), *others = self.parts(row, width)
        drawn = [self.lit(BAR, 1, "bar"), self.lit(text[1:], cells - 1, look), *(self.lit(*part) for part in others)]
        return strips.line(drawn, width, self.rich_style + self.looks["cursor"])

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the lines with their columns aligned."""
        return strips.placed(super().render_lines(crop), self.region.x + crop.x)

    def notify_style_update(self) -> None:
        """Drop the cached styles of another theme."""
        self._forget_looks()
        super().notify_style_update()

    @property
    def rich_style(self) -> Style:
        """The list's own style, kept: Textual would compute it for each line."""
        if self._own is None:
            self._own = super().rich_style
        return self._own

    def _forget_looks(self) -> None:
        self.looks = {}
        self._own = None

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
        row = y - self.HEAD + self.scroll_offset.y
        return row if y >= self.HEAD and self.is_row(row) else None

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the clicked row; a double click opens it."""
        row = self.row_at(event.x, event.y)
        if row is not None:
            self.go(row)
            if event.chain == 2:
                self.post_message(self.Opened(self, row))
