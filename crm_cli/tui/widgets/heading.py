"""The first line: the tabs of the screens at the left, the day and the book at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget

from crm_cli.core.text.width import display_width
from crm_cli.render.clean import clean
from crm_cli.tui.actions import EVERYWHERE, PLACES, key_words, of
from crm_cli.tui.widgets import strips

if TYPE_CHECKING:
    from textual import events
    from textual.strip import Strip

LOOKS = ("name", "tab", "here", "day")
TABS = tuple((key_words(one.keys)[0], PLACES[one.id], one.id) for one in of(EVERYWHERE) if one.id in PLACES)
"""Key, name and place of each screen."""


class Heading(Widget):
    """The current screen, and those that can be opened."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"heading--{name}" for name in LOOKS}

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place
        self.status: tuple[str, ...] = ()

    def set_status(self, *texts: str) -> None:
        """Set the texts about the day and the book; the first one stays where there is no room for all."""
        if texts != self.status:
            self.status = texts
            self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002  (it has one line)
        """Draw the tabs."""
        width, base = self.size.width, self.rich_style
        look = {name: base + self.get_component_rich_style(f"heading--{name}", partial=True) for name in LOOKS}
        parts = [(" crm  ", 6, look["name"])]
        for key, name, place in TABS:
            text = f" {key} {name} "
            parts += [(text, display_width(text), look["here" if place == self.place else "tab"]), (" ", 1, base)]
        used = sum(cells for _, cells, _ in parts)
        room = width - used - 1
        longest_first = map(clean, ("  ".join(self.status), *self.status[:1]))
        status = next((text for text in longest_first if display_width(text) <= room), "")
        parts += [(" ", room - display_width(status), base), (status, display_width(status), look["day"])]
        return strips.line(parts, width, base)

    def on_click(self, event: events.Click) -> None:
        """Go to the screen whose tab was clicked."""
        at = 6
        for key, name, place in TABS:
            end = at + display_width(f" {key} {name} ")
            if at <= event.x < end:
                self.app.call_later(self.app.run_action, f"app.do('{place}')")
            at = end + 1
