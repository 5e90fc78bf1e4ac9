"""The offer of a form that was kept when the dashboard was ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical

from crm_cli.core.text.cautious import shortened
from crm_cli.tui.dialogs.dialog import Dialog
from crm_cli.tui.widgets.text import PlainText

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

OPEN, DISCARD, LATER = "open", "discard", "later"
SHOWN = 200
"""How many cells of what was typed are shown."""


class KeptForm(Dialog[str]):
    """Asks what to do with a form that was kept; the result is one of the words above."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", f"answer('{OPEN}')", show=False),
        Binding("D", f"answer('{DISCARD}')", show=False),
        Binding("escape", f"answer('{LATER}')", show=False),
    ]

    def __init__(self, title: str, typed: str) -> None:
        super().__init__()
        self.heading, self.typed = title, typed

    def compose(self) -> ComposeResult:
        """Lay out the offer."""
        with Vertical(classes="dialog"):
            yield PlainText(f"An unsaved form was kept: {self.heading}", classes="dialog-title")
            yield PlainText(shortened(self.typed, SHOWN))
            yield PlainText("⏎ open it   D discard it   esc decide at the next start", classes="dialog-keys")

    def action_answer(self, answer: str) -> None:
        """Close with the answer."""
        self.dismiss(answer)
