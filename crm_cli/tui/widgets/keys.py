"""The last line: as many of the available keys as fit; each can be clicked."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget

from crm_cli.core.text.width import display_width
from crm_cli.tui import actions
from crm_cli.tui.widgets import strips

if TYPE_CHECKING:
    from textual import events
    from textual.dom import DOMNode
    from textual.strip import Strip

    from crm_cli.tui.actions import Action


class Keys(Widget):
    """The footer of a screen."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"keys--key", "keys--label"}

    def __init__(self, place: str, *, readonly: bool) -> None:
        super().__init__()
        self.place, self.readonly = place, readonly
        self.zone = ""
        self.spans: list[tuple[int, int, Action]] = []

    def enter(self, zone: str) -> None:
        """Show the keys of another part of the screen."""
        if zone != self.zone:
            self.zone = zone
            self.refresh()

    def listed(self, width: int) -> list[tuple[str, str, Action]]:
        """Return the keys and labels that fit, the most important ones."""

        def shown(found: list[Action]) -> list[tuple[str, str, Action]]:
            allowed = (one for one in found if not (one.writes and self.readonly))
            return [(actions.key_words(one.keys)[0], one.label, one) for one in allowed]

        some, always = map(shown, actions.footer(self.place, self.zone))
        room = width - 1 - sum(_cells(key, label) for key, label, _ in always)
        here = []
        for key, label, action in some:
            if (cells := _cells(key, label)) <= room:
                here.append((key, label, action))
                room -= cells
        return here + always

    def render_line(self, y: int) -> Strip:
        """Draw the keys."""
        width, base = self.size.width, self.rich_style
        if y:
            return strips.line((), width, base)
        key_look = base + self.get_component_rich_style("keys--key", partial=True)
        label_look = base + self.get_component_rich_style("keys--label", partial=True)
        parts = [(" ", 1, base)]
        self.spans = []
        at = 1
        for key, label, action in self.listed(width):
            cells = display_width(key)
            parts += [(key, cells, key_look), (f" {label}  ", display_width(label) + 3, label_look)]
            self.spans.append((at, at + cells + display_width(label) + 1, action))
            at += _cells(key, label)
        return strips.line(parts, width, base)

    def on_click(self, event: events.Click) -> None:
        """Run the action that was clicked."""
        for start, end, action in self.spans:
            if start <= event.x < end:
                doer = self._doer(action)
                self.app.call_later(self.app.run_action, f"do('{action.id}')", doer)

    def _doer(self, action: Action) -> DOMNode:
        """Return what runs an action: the application, the screen, or the widget with the focus."""
        if action.where == actions.EVERYWHERE:
            return self.app
        focused = self.screen.focused
        return focused if action.where in actions.ZONES and focused else self.screen


def _cells(key: str, label: str) -> int:
    return display_width(key) + display_width(label) + 3
