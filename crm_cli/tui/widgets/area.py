"""An input of several lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual.widgets import TextArea

from crm_cli.render.clean import visible
from crm_cli.tui.widgets import strips

if TYPE_CHECKING:
    from textual import events
    from textual.geometry import Region
    from textual.strip import Strip


NEW_LINE = {"ctrl+j", "shift+enter", "alt+enter"}
"""The keys that begin a new line; most terminals send only the first."""


class Area(TextArea):
    """A text of several lines that grows with it; its text is ``content``. The arrows leave it at either end.

    Control characters of the text are kept, and drawn as signs.
    """

    def __init__(self, text: str, *, placeholder: str, id: str) -> None:  # noqa: A002  (Textual's name)
        super().__init__(text, placeholder=placeholder, id=id, compact=True, highlight_cursor_line=False)
        self.original, self.shown = text, self.text

    def on_mount(self) -> None:
        """Put the cursor at the end."""
        self.move_cursor(self.document.end)

    @property
    def content(self) -> str:
        """The text; the one it began with, exactly, unless it was changed."""
        return self.original if self.text == self.shown else "\n".join(self.document.lines)

    @content.setter
    def content(self, text: str) -> None:
        self.text = text
        self.move_cursor(self.document.end)

    def on_focus(self) -> None:
        """Show the end of a long text, where the cursor is."""
        self.call_after_refresh(self.reveal)

    def reveal(self) -> None:
        """Scroll so that the whole field, or at least its cursor, is in sight."""
        self.scroll_visible(animate=False)
        self.scroll_cursor_visible()

    async def _on_key(self, event: events.Key) -> None:
        """Begin a new line, or insert a character. A binding would run after the letters typed next."""
        if event.key in NEW_LINE:
            event.prevent_default()
            event.stop()
            self._replace_via_keyboard("\n", *self.selection)
        else:
            await super()._on_key(event)

    def action_cursor_up(self, select: bool = False) -> None:
        """Go up, from the first line to the field above."""
        if not select and self.navigator.is_first_wrapped_line(self.cursor_location):
            self.screen.focus_previous()
        else:
            super().action_cursor_up(select)

    def action_cursor_down(self, select: bool = False) -> None:
        """Go down, from the last line to the field below."""
        if not select and self.navigator.is_last_wrapped_line(self.cursor_location):
            self.screen.focus_next()
        else:
            super().action_cursor_down(select)

    async def _on_paste(self, event: events.Paste) -> None:
        """Insert all lines of a pasted text, whatever ends them, without blank lines around them."""
        event.prevent_default()
        event.stop()
        if text := "\n".join(event.text.strip("\r\n").splitlines()):
            self._replace_via_keyboard(text, *self.selection)

    def get_line(self, line_index: int) -> Text:
        """Return a line as it is drawn."""
        return Text(visible(self.document.get_line(line_index)), end="", no_wrap=True)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the lines with their columns aligned."""
        lines = [line.crop(0, crop.width) for line in super().render_lines(crop)]
        return strips.placed(lines, self.region.x + crop.x)
