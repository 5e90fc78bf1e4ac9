"""A field with a few words to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.message import Message
from textual.widget import Widget

from crm_cli.core.text.width import display_width
from crm_cli.render.clean import clean
from crm_cli.tui.widgets import strips

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.binding import BindingType
    from textual.geometry import Region
    from textual.strip import Strip

NONE = "-"
"""How an empty choice is shown."""


def _shown(word: str) -> str:
    """Return how a word is shown."""
    return clean(word) or NONE


class Choice(Widget, can_focus=True):
    """One of several words; arrows, space or a first letter change it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"choice--chosen", "choice--other"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,space", "turn(1)", show=False),
        Binding("left", "turn(-1)", show=False),
    ]

    class Changed(Message):
        """Another word was chosen."""

    def __init__(self, words: Sequence[str], value: str, *, id: str) -> None:  # noqa: A002  (Textual's name)
        super().__init__(id=id)
        self.words, self.value = tuple(words), value

    @property
    def content(self) -> str:
        """The chosen word."""
        return self.value

    @content.setter
    def content(self, text: str) -> None:
        self.choose(text)

    def offer(self, words: Sequence[str]) -> None:
        """Offer other words; if the chosen one is not among them, the first is chosen."""
        self.words = tuple(words)
        if self.value not in self.words:
            self.value = self.words[0] if self.words else ""
        self.refresh()

    def choose(self, value: str) -> None:
        """Choose a word."""
        if value in self.words and value != self.value:
            self.value = value
            self.refresh()
            self.post_message(self.Changed())

    def action_turn(self, step: int) -> None:
        """Choose the next or previous word."""
        if self.words:
            place = self.words.index(self.value) if self.value in self.words else 0
            self.choose(self.words[(place + step) % len(self.words)])

    def on_key(self, event: events.Key) -> None:
        """Choose the next word that starts with a letter."""
        letter = event.character or ""
        if not letter.isalpha() or not self.words:
            return
        place = self.words.index(self.value) + 1 if self.value in self.words else 0
        turned = (*self.words[place:], *self.words[:place])
        found = next((word for word in turned if word.lower().startswith(letter.lower())), None)
        if found is not None:
            self.choose(found)
            event.stop()

    def on_click(self, event: events.Click) -> None:
        """Choose the word that was clicked."""
        at = 1 - self._skipped(self.size.width)
        for word in self.words:
            cells = display_width(_shown(word))
            if at <= event.x < at + cells:
                self.choose(word)
            at += cells + 2

    def _skipped(self, width: int) -> int:
        """Return how many cells are cropped at the left to keep the chosen word visible."""
        place = self.words.index(self.value) if self.value in self.words else 0
        end = 1 + sum(display_width(_shown(word)) + 2 for word in self.words[: place + 1])
        return max(0, end - width)

    def render_line(self, y: int) -> Strip:
        """Draw the words, with the chosen one marked."""
        width, base = self.size.width, self.rich_style
        if y or not self.words:
            return strips.line((), width, base)
        chosen = base + self.get_component_rich_style("choice--chosen", partial=True)
        other = base + self.get_component_rich_style("choice--other", partial=True)
        parts = [(" ", 1, base)]
        for word in self.words:
            shown = _shown(word)
            parts += [(shown, display_width(shown), chosen if word == self.value else other), ("  ", 2, base)]
        skipped = self._skipped(width)
        whole = sum(cells for _, cells, _ in parts)
        seen = strips.line(parts, max(whole, width), base).crop(skipped, skipped + width)
        return strips.cut_off(seen, other) if whole - 2 > skipped + width else seen

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the words with their columns aligned."""
        return strips.placed(super().render_lines(crop), self.region.x + crop.x)
