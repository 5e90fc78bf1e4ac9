"""Help for the current screen: every key, what it does, and the equivalent command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical

from crm_cli.render import spans
from crm_cli.render.spans import Span
from crm_cli.tui import actions
from crm_cli.tui.dialogs.dialog import Dialog
from crm_cli.tui.glyphs import GLYPHS
from crm_cli.tui.widgets.scrolling import Lines
from crm_cli.tui.widgets.text import PlainText

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from crm_cli.tui.widgets.rows import Part

KEY, TWIN = 10, 21
SEARCHED = {actions.PEOPLE, actions.COMPANIES, actions.HISTORY}
"""The places with a search field."""

MOVES_IN = {actions.CARD: actions.LINKS}
"""zone -> the keys that only move within it."""


class KeyTable(Lines):
    """The keys of a place, and those that work everywhere."""

    def __init__(self, place: str) -> None:
        super().__init__(id="keys")
        self.place = place

    def _zones(self) -> list[str]:
        """Return the parts of the screen with keys of their own."""
        lanes = [actions.LANES] if self.place == actions.PIPELINE else []
        return [*lanes, actions.CARD, *([actions.FIELD] if self.place in SEARCHED else [])]

    def lay_out(self) -> Iterable[list[Part]]:
        """Return a line for each key."""
        room = self.room
        twin = TWIN if room >= 70 else 0
        for place in (self.place, *self._zones(), actions.EVERYWHERE):
            yield [(actions.NAMES[place], room, "heading")]
            for one in actions.of(place):
                yield _line(actions.key_words(one.keys), one.means, one.twin, room, twin)
            for keys, _, means in MOVES_IN.get(place, ()):
                yield _line(actions.key_words(keys), means, "", room, twin)
            yield []
        yield [("In a list", room, "heading")]
        for keys, _, means in actions.MOVES:
            yield _line(actions.key_words(keys), means, "", room, twin)
        yield from (_line(keys, means, "", room, twin) for keys, means in MORE)
        if self.place == actions.TODAY:
            yield from _signs(room)


MORE = (
    (["tab"], "From the list to the card, and back"),
    (["click"], "Go there; a double click opens, the wheel scrolls"),
)


def _signs(room: int) -> Iterator[list[Part]]:
    """Yield what the signs of the rows mean."""
    yield []
    yield [("What a line is about", room, "heading")]
    signs = (Span(f"{sign} {kind}") for kind, sign in GLYPHS.items())
    for line in spans.filled(signs, room, joint=3):
        yield [("   ".join(span.text for span in line), room, "")]


def _line(keys: list[str], means: str, twin: str, room: int, cells: int) -> list[Part]:
    cells = cells if twin else 0
    return [(" ".join(keys), KEY, "accent"), (means, room - KEY - cells, ""), (twin, cells, "muted")]


class Help(Dialog[None]):
    """The keys that work on the current screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1,enter", "leave", show=False),
    ]

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def compose(self) -> ComposeResult:
        """Lay out the table."""
        with Vertical(classes="dialog help"):
            yield KeyTable(self.place)
            yield PlainText("↑↓ scroll   esc close", classes="dialog-keys")

    def action_leave(self) -> None:
        """Close the help."""
        self.dismiss(None)
