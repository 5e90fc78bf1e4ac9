"""A page opened over a screen: the card of one record, from edge to edge."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal

from crm_cli.tui import actions
from crm_cli.tui.bindings import bindings
from crm_cli.tui.screens.page import Page
from crm_cli.tui.widgets.card import Card

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.binding import BindingType
    from textual.widget import Widget


class OpenedPage(Page):
    """A page about one record, that Esc closes."""

    def __init__(self, ref: str) -> None:
        super().__init__()
        self.opened = ref
        """The printed id of the record."""

    def do_leave(self) -> None:
        """Close the page."""
        self.dashboard.pop_screen()


class ReadPage(OpenedPage):
    """The whole card of a company or an activity."""

    place = actions.READ
    BINDINGS: ClassVar[list[BindingType]] = bindings(actions.READ)
    AUTO_FOCUS = "Card"
    card_is_seen = True

    def body(self) -> Iterator[Widget]:
        """Yield the card."""
        with Horizontal(classes="panes"):
            yield Card(id="card")

    def leave_card(self) -> None:
        """Stay in the card: there is no list."""

    @property
    def ref(self) -> str:
        """The record that is shown."""
        return self.opened

    def reload(self) -> None:
        """Read the record again."""
        self.load_card()
