"""The last line: as many of the available keys as fit; each can be clicked."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget

from crm_cli.core.text.folding import display_width
from crm_cli.tui import actions
from crm_cli.tui.widgets import strips

if TYPE_CHECKING:
    from textual import events
    from textual.strip import Strip

    from crm_cli.tui.actions import Action


class Keys(Widget):
    """The footer of a screen."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"keys--key", "keys--label"}

    def __init__(self, place: str, *, readonly: bool) -> None:
        super().__init__()
        self.place, self.readonly = place, readonly
        self.spans: list[tuple[int, int, Action]] = []

    def listed(self, width: int) -> list[tuple[str, str, Action]]:
        """Return the keys and labels that fit; those available everywhere come last and are always kept."""

        def shown(where: str) -> list[tuple[str, str, Action]]:
            return [
                (actions.key_words(one.keys)[0], one.label, one)
                for one in actions.of(where)
                if one.label and not (one.writes and self.readonly)
            ]

        here, always = shown(self.place), shown(actions.EVERYWHERE)
        while here and sum(_cells(key, label) for key, label, _ in here + always) > width - 1:
            here.pop()
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
                where = "app" if action.where == actions.EVERYWHERE else "screen"
                self.app.call_later(self.app.run_action, f"{where}.do('{action.id}')")


def _cells(key: str, label: str) -> int:
    return display_width(key) + display_width(label) + 3
