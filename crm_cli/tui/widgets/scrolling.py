"""Scrollable lines of text; subclasses lay them out."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.geometry import Size
from textual.scroll_view import ScrollView

from crm_cli.render.spans import ROLES
from crm_cli.tui.widgets import strips

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.style import Style
    from textual.binding import BindingType
    from textual.geometry import Region
    from textual.strip import Strip

    from crm_cli.tui.widgets.rows import Look, Part

MARGIN = 2
LOOKS = (*ROLES, "cursor")
"""How a part may look: by its role; a link may have the cursor."""


class Lines(ScrollView, can_focus=True):
    """Drawn lines, each a list of columns."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"lines--{name}" for name in LOOKS}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "scroll_down", show=False),
        Binding("k,up", "scroll_up", show=False),
        Binding("ctrl+d,pagedown,space", "page_down", show=False),
        Binding("ctrl+u,pageup", "page_up", show=False),
        Binding("g,home", "scroll_home", show=False),
        Binding("G,end", "scroll_end", show=False),
    ]

    def __init__(self, *, id: str) -> None:  # noqa: A002  (Textual's name)
        super().__init__(id=id)
        self.drawn: list[list[Part]] = []
        self.looks: dict[str, Style] = {}
        self._own: Style | None = None

    @property
    def room(self) -> int:
        """How many cells a line has."""
        return max(self.size.width - 2 * MARGIN, 10)

    def lay_out(self) -> Iterable[list[Part]]:
        """Return the lines for `room` cells."""
        raise NotImplementedError

    def draw(self) -> None:
        """Lay out and redraw everything."""
        self.drawn = list(self.lay_out())
        self.virtual_size = Size(0, len(self.drawn))
        self.refresh()

    def on_resize(self) -> None:
        """Lay out for the new width."""
        self.draw()

    def light(self, row: int, place: int) -> Look:  # noqa: ARG002  (for those with a cursor)
        """Return how a part looks in addition to its own look."""
        return ""

    def widths(self, row: int) -> list[int]:
        """Return the widths of the parts of a row."""
        return [cells for _, cells, _ in self.drawn[row]] if row < len(self.drawn) else []

    def render_line(self, y: int) -> Strip:
        """Draw one visible line, up to the scroll bar."""
        width, base = self.scrollable_content_region.width, self.rich_style
        if not self.looks:
            self.looks = {name: self.get_component_rich_style(f"lines--{name}", partial=True) for name in LOOKS}
        row = y + self.scroll_offset.y
        parts = self.drawn[row] if row < len(self.drawn) else []
        drawn = [
            (text, cells, self._style(look, self.light(row, place))) for place, (text, cells, look) in enumerate(parts)
        ]
        return strips.line([(" " * MARGIN, MARGIN, base), *drawn], width, base)

    def _style(self, *names: Look) -> Style:
        """Return the style of these looks over each other."""
        style = self.rich_style
        for name in filter(None, names):
            style += self.looks[name]
        return style

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the lines with their columns aligned."""
        return strips.placed(super().render_lines(crop), self.region.x + crop.x)

    @property
    def rich_style(self) -> Style:
        """The style of the text, kept: Textual would compute it for each line."""
        if self._own is None:
            self._own = super().rich_style
        return self._own

    def notify_style_update(self) -> None:
        """Drop the cached styles of another theme."""
        self.looks = {}
        self._own = None
        super().notify_style_update()
