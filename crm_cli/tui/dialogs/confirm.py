"""A yes-or-no question."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical

from crm_cli.tui.dialogs.dialog import Dialog
from crm_cli.tui.widgets.text import PlainText

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType


class Confirm(Dialog[bool]):
    """Asks before a change that affects a lot; the result is whether to go ahead."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,enter", "answer(True)", show=False),
        Binding("n,escape,q", "answer(False)", show=False),
    ]

    def __init__(self, question: str, does: str, remark: str = "") -> None:
        super().__init__()
        self.question, self.does, self.remark = question, does, remark

    def compose(self) -> ComposeResult:
        """Lay out the question."""
        with Vertical(classes="dialog"):
            yield PlainText(self.question, classes="dialog-title" if self.remark else "dialog-title alone")
            if self.remark:
                yield PlainText(self.remark)
            yield PlainText(f"⏎ {self.does}   esc leave it", classes="dialog-keys")

    def action_answer(self, yes: bool) -> None:
        """Close with the answer."""
        self.dismiss(yes)


class OneOrAll(Dialog[str]):
    """Asks what to cancel of an activity that repeats; the result is ``one``, ``all``, or ``""`` for nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,S", "answer('one')", show=False),
        Binding("A", "answer('all')", show=False),
        Binding("n,escape,q", "answer('')", show=False),
    ]

    def __init__(self, question: str) -> None:
        super().__init__()
        self.question = question

    def compose(self) -> ComposeResult:
        """Lay out the question."""
        with Vertical(classes="dialog"):
            yield PlainText(self.question, classes="dialog-title")
            yield PlainText("It repeats.")
            yield PlainText("⏎ skip this one   A end the series   esc leave it", classes="dialog-keys")

    def action_answer(self, which: str) -> None:
        """Close with the answer."""
        self.dismiss(which)
