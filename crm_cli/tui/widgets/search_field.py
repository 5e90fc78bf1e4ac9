"""A one-line search field. Not Textual's own input, which takes ten times as long to show a letter."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.binding import Binding
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from crm_cli.core.text.width import display_width, fit
from crm_cli.render.clean import clean
from crm_cli.tui import actions
from crm_cli.tui.bindings import bindings
from crm_cli.tui.widgets import strips

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.style import Style
    from textual import events
    from textual.binding import BindingType
    from textual.geometry import Region

HINTS = (
    "words of a name, a phone, or  tag:client  city:pune  quiet:60d  birthday:this-month",
    "words of a name, a phone, or  tag:client  city:pune  quiet:60d",
    "words, a phone, or  tag:client",
)
"""Examples of input; the first one that fits is shown."""
LONGEST = 500


class SearchField(Widget, can_focus=True):
    """The typed text, with the number of results at the right and any error in the line below."""

    zone = actions.FIELD

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"field--{name}" for name in ("hint", "cursor", "mistake", "count", "sign")
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(actions.FIELD),
        Binding("ctrl+u", "cut", "Clear", show=False),
        Binding("ctrl+w", "cut_word", "Delete a word", show=False),
    ]

    class Changed(Message):
        """The text changed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Left(Message):
        """The user moves on to the results."""

    def __init__(self, *, id: str, hints: Sequence[str] = HINTS) -> None:  # noqa: A002  (Textual's name)
        super().__init__(id=id)
        self.hints = hints
        self.text = ""
        self.cursor = 0
        self.count = ""
        self.remark = ""
        self.mistake: tuple[str, int] | None = None

    def on_key(self, event: events.Key) -> None:
        """Handle typed characters; other keys are left to the bindings."""
        edit = EDITS.get(event.key)
        if event.character == "/" and not self.text:
            pass  # the key that leads here, pressed once more
        elif event.is_printable and event.character:
            self._become(self.text[: self.cursor] + event.character + self.text[self.cursor :], self.cursor + 1)
        elif edit:
            self._become(*edit(self.text, self.cursor))
        else:
            return
        event.stop()
        event.prevent_default()

    def on_paste(self, event: events.Paste) -> None:
        """Insert the first line of pasted text."""
        line = (event.text.splitlines() or [""])[0]
        self._become(self.text[: self.cursor] + line + self.text[self.cursor :], self.cursor + len(line))
        event.stop()

    def check_consume_key(self, key: str, character: str | None) -> bool:  # noqa: ARG002  (Textual's signature)
        """Is the key a printable character?"""
        return character is not None and character.isprintable()

    def set_text(self, text: str) -> None:
        """Replace the text, and search for it."""
        self._become(text, len(text))

    def _become(self, text: str, cursor: int) -> None:
        text = text[:LONGEST]
        changed = text != self.text
        self.text, self.cursor = text, max(0, min(cursor, len(text)))
        self.refresh()
        if changed:
            self.post_message(self.Changed(text))

    def show_result(self, *, count: str = "", remark: str = "", mistake: tuple[str, int] | None = None) -> None:
        """Show the number of results, and a remark or an error with its position."""
        if (count, remark, mistake) != (self.count, self.remark, self.mistake):
            self.count, self.remark, self.mistake = count, remark, mistake
            self.refresh()

    def action_do(self, name: str) -> None:
        """Run an action of the table."""
        getattr(self, f"do_{name}")()

    def do_submit(self) -> None:
        """Move on to the results."""
        self.post_message(self.Left())

    def do_clear(self) -> None:
        """Clear the field, or leave it if it is empty."""
        if self.text:
            self.set_text("")
        else:
            self.post_message(self.Left())

    def action_cut(self) -> None:
        """Clear the text before the cursor."""
        self._become(self.text[self.cursor :], 0)

    def action_cut_word(self) -> None:
        """Delete the word before the cursor."""
        kept = self.text[: self.cursor].rstrip().rpartition(" ")
        before = kept[0] + kept[1]
        self._become(before + self.text[self.cursor :], len(before))

    def on_focus(self) -> None:
        """Show the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Hide the cursor."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the clicked position."""
        cells = event.x - 3
        place = next((at for at in range(len(self.text) + 1) if display_width(self.text[:at]) >= cells), len(self.text))
        self._become(self.text, place)

    def render_line(self, y: int) -> Strip:
        """Draw the field, and the line below it."""
        width, base = self.size.width, self.rich_style
        look = {
            name.removeprefix("field--"): self.get_component_rich_style(name, partial=True)
            for name in self.COMPONENT_CLASSES
        }
        if y == 0:
            return self._typed(width, base, look)
        if self.mistake:
            message, place = self.mistake
            mark = " " * min(3 + display_width(clean(self.text)[:place]), max(width - 20, 0)) + "^ "
            return strips.line([(mark + clean(message), width, base + look["mistake"])], width, base)
        return strips.line([("   " + clean(self.remark), width, base + look["hint"])], width, base)

    def _typed(self, width: int, base: Style, look: dict[str, Style]) -> Strip:
        """Draw the text, or a hint while the field is empty and elsewhere has the focus, and the number of results."""
        count = f" {self.count} "
        room = max(width - 3 - display_width(count), 1)
        text = clean(self.text)
        if text or self.has_focus:
            middle = self._around_cursor(text, room, base, base + look["cursor"] if self.has_focus else base)
        else:
            hint = next((one for one in self.hints if len(one) <= room), "")
            middle = [Segment(fit(hint, room), base + look["hint"])]
        segments = [Segment(" / ", base + look["sign"]), *middle, Segment(count, base + look["count"])]
        return Strip([segment for segment in segments if segment.text]).adjust_cell_length(width, base)

    def _around_cursor(self, text: str, room: int, base: Style, cursor: Style) -> list[Segment]:
        """Return the part of the text that fits in ``room`` cells: before the cursor, under it, and behind it."""
        start = max(0, display_width(text[: self.cursor]) - room + 1)
        shown = text[start:]
        at = self.cursor - start
        before, under, behind = shown[:at], shown[at : at + 1] or " ", shown[at + 1 :]
        rest = room - display_width(before) - display_width(under)
        return [Segment(before, base), Segment(under, cursor), Segment(fit(behind, max(rest, 0)), base)]

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the lines with their columns aligned."""
        return strips.placed(super().render_lines(crop), self.region.x + crop.x)


EDITS: dict[str, Callable[[str, int], tuple[str, int]]] = {
    "backspace": lambda text, at: (text[: max(at - 1, 0)] + text[at:], at - 1),
    "delete": lambda text, at: (text[:at] + text[at + 1 :], at),
    "left": lambda text, at: (text, at - 1),
    "right": lambda text, at: (text, at + 1),
    "home": lambda text, _: (text, 0),
    "ctrl+a": lambda text, _: (text, 0),
    "end": lambda text, _: (text, len(text)),
    "ctrl+e": lambda text, _: (text, len(text)),
}
"""key -> the new text and cursor position, from the old ones."""
