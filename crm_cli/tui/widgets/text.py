"""Textual's own text and input, with lines that stay aligned however wide the terminal draws a script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Input, Static

from crm_cli.render.clean import clean
from crm_cli.tui.widgets import strips

if TYPE_CHECKING:
    from textual import events
    from textual.geometry import Region
    from textual.strip import Strip


class PlainText(Static):
    """Cleaned text without markup, wrapped so that no line runs over its end."""

    def __init__(self, text: str = "", *, id: str | None = None, classes: str = "") -> None:  # noqa: A002  (Textual's name)
        super().__init__(clean(text), markup=False, id=id, classes=classes)
        self.text = text

    def say(self, text: str) -> None:
        """Show another text."""
        self.text = text
        self.update(clean(text))
        self._break()

    def on_resize(self) -> None:
        """Wrap the text for the new width."""
        self._break()

    def _break(self) -> None:
        if width := self.size.width:
            self.update("\n".join(strips.wrapped(clean(self.text), width)))

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the lines with their columns aligned."""
        return strips.placed(super().render_lines(crop), self.region.x + crop.x)


class Line(Input):
    """A one-line input whose text is ``content``. A pasted text of several lines becomes one."""

    def __init__(self, text: str, *, placeholder: str, id: str) -> None:  # noqa: A002  (Textual's name)
        self.original, self.shown = text, clean(_in_one(text))
        super().__init__(self.shown, placeholder=placeholder, id=id, compact=True, select_on_focus=False)

    @property
    def content(self) -> str:
        """The text; the one it began with, exactly, unless it was changed."""
        return self.original if self.value == self.shown else self.value

    @content.setter
    def content(self, text: str) -> None:
        self.value = _in_one(text)
        self.cursor_position = len(self.value)

    def on_paste(self, event: events.Paste) -> None:
        """Insert all lines of a pasted text: Textual's own input inserts the first and drops the others."""
        event.prevent_default()
        event.stop()
        if text := _in_one(event.text):
            self.replace(text, *self.selection)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the line with its columns aligned."""
        return strips.placed(super().render_lines(crop), self.region.x + crop.x)


def _in_one(text: str) -> str:
    """Return the lines of a text in one line."""
    lines = text.splitlines()
    return " ".join(line.strip() for line in lines if line.strip()) if len(lines) > 1 else text
