"""A short list under a field, of texts that can be taken for what was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.message import Message
from textual.widget import Widget

from crm_cli.core.text.width import display_width
from crm_cli.render.clean import clean
from crm_cli.tui.widgets import strips

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.geometry import Region, Size
    from textual.strip import Strip

    from crm_cli.tui.dialogs.spec import Offer

GAP = 2
"""Blank cells around and between the columns."""


class Offers(Widget):
    """The texts; none is chosen until the user goes into the list."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"offers--chosen", "offers--about"}

    class Clicked(Message):
        """One was clicked."""

        def __init__(self, offer: Offer) -> None:
            super().__init__()
            self.offer = offer

    def __init__(self) -> None:
        super().__init__()
        self.offers: tuple[Offer, ...] = ()
        self.at: int | None = None
        self.display = False

    @property
    def chosen(self) -> Offer | None:
        """The one that would be taken."""
        return self.offers[self.at] if self.at is not None else None

    def show(self, offers: Sequence[Offer]) -> None:
        """Show other texts; none is chosen."""
        self.offers, self.at = tuple(offers), None
        self.display = bool(self.offers)
        self.refresh(layout=True)

    def go(self, step: int) -> bool:
        """Choose the next or the previous one; return whether there is one, or the list was left upwards."""
        if not self.offers or (self.at is None and step < 0):
            return False
        at = (-1 if self.at is None else self.at) + step
        if at >= len(self.offers):
            return False
        self.at = at if at >= 0 else None
        self.refresh()
        return True

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002  (Textual's)
        """Return a line for each."""
        return len(self.offers)

    def get_content_width(self, container: Size, viewport: Size) -> int:  # noqa: ARG002  (Textual's)
        """Return the width of the longest."""
        names, abouts = self._columns()
        return min(container.width, GAP + names + GAP + (abouts + GAP if abouts else 0))

    def _columns(self) -> tuple[int, int]:
        names = max((display_width(clean(offer.name)) for offer in self.offers), default=0)
        return names, max((display_width(clean(offer.about)) for offer in self.offers), default=0)

    def render_line(self, y: int) -> Strip:
        """Draw one."""
        width, base = self.size.width, self.rich_style
        if y >= len(self.offers):
            return strips.line((), width, base)
        offer, names = self.offers[y], self._columns()[0]
        if y == self.at:
            base += self.get_component_rich_style("offers--chosen", partial=True)
        about = base + self.get_component_rich_style("offers--about", partial=True)
        mark = "▌ " if y == self.at else "  "
        parts = [
            (mark, GAP, base),
            (clean(offer.name), names, base),
            ("", GAP, base),
            (clean(offer.about), width, about),
        ]
        return strips.line(parts, width, base)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the lines with their columns aligned."""
        return strips.placed(super().render_lines(crop), self.region.x + crop.x)

    def on_click(self, event: events.Click) -> None:
        """Take the one that was clicked."""
        event.stop()
        if event.y < len(self.offers):
            self.post_message(self.Clicked(self.offers[event.y]))
