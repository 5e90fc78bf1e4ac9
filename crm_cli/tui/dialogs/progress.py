"""A write that takes a while: how far it is, and a key that stops it."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import Binding
from textual.containers import Vertical

from crm_cli.tui.dialogs.dialog import Dialog
from crm_cli.tui.widgets.text import PlainText

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from crm_cli.tui.app import Dashboard
    from crm_cli.tui.data.running import Running

EVERY = 0.15
"""Seconds between two looks at the write."""
BAR = 40
"""The length of the bar in cells."""
SEEN = 0.4
"""Seconds until a key is taken to be meant for what is shown, and not typed before."""
STOPS = "esc stops it; nothing is changed then"
LEAVES = "crm ends when it is written   esc stops it; nothing is changed then"


class Progress(Dialog[None]):
    """Shows a write until it has ended."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "stop", show=False),
        Binding("q", "app.quit", show=False),
    ]

    def __init__(self, run: Running) -> None:
        super().__init__()
        self.run = run
        self.opened_at = monotonic()

    def compose(self) -> ComposeResult:
        """Lay out the text and the bar."""
        with Vertical(classes="dialog"):
            yield PlainText(words(self.run), classes="dialog-title", id="words")
            yield PlainText(bar(self.run), id="bar")
            yield PlainText(STOPS, classes="dialog-keys", id="stops")

    @property
    def is_busy(self) -> bool:
        """Was the next key perhaps typed before this was seen?"""
        return monotonic() < self.opened_at + SEEN

    def on_mount(self) -> None:
        """Follow the write."""
        self.set_interval(EVERY, self._look)

    def _look(self) -> None:
        if self.run.has_ended:
            self.dismiss()
            return
        self.query_one("#words", PlainText).say(words(self.run))
        self.query_one("#bar", PlainText).say(bar(self.run))
        self.query_one("#stops", PlainText).say(LEAVES if cast("Dashboard", self.app).is_leaving else STOPS)

    def action_stop(self) -> None:
        """Stop the write."""
        self.run.end()
        self._look()


def words(run: Running) -> str:
    """Return how far a write is."""
    if run.is_ended:
        return "Stopping …"
    if run.total:
        done = f"{run.done:,} of {run.total:,}"
        return f"Writing  {done}" if run.done < run.total else "Writing: the journal and the search index"
    return "Waiting: another program is writing to the book" if run.is_waiting else "Writing …"


def bar(run: Running) -> str:
    """Return a bar as long as a bulk write is done."""
    full = BAR * run.done // run.total if run.total else 0
    return "━" * full + "─" * (BAR - full) if run.total else ""
