"""The page of likely duplicates: the pairs, and both records side by side."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal

from crm_cli.tui import actions
from crm_cli.tui.bindings import bindings
from crm_cli.tui.data import duplicates
from crm_cli.tui.screens.page import Page
from crm_cli.tui.widgets.agenda_list import AgendaList
from crm_cli.tui.widgets.card import Card

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.binding import BindingType
    from textual.widget import Widget

    from crm_cli.tui.visits import Spot

LEAST = 40
"""The cells that two records beside each other take at least."""


class DuplicatesPage(Page):
    """A list of pairs that Esc closes; the card shows both records of the one under the cursor."""

    place = actions.DUPLICATES
    contents = "duplicates"
    BINDINGS: ClassVar[list[BindingType]] = bindings(actions.DUPLICATES)

    def body(self) -> Iterator[Widget]:
        """Yield the list and the card."""
        with Horizontal(classes="panes"):
            yield AgendaList(id="duplicates")
            yield Card(id="card")

    @property
    def found(self) -> AgendaList:
        """The list."""
        return self.query_one(AgendaList)

    @property
    def is_read(self) -> bool:
        """Have the pairs been found?"""
        return self.found.loaded

    @property
    def ref(self) -> str:
        """The ids of the pair under the cursor, ``12+15``."""
        return self.found.current.ref if self.found.current else ""

    def reload(self) -> None:
        """Find the pairs."""
        session = self.session
        if not self.is_read:
            self.dashboard.say("Looking for duplicates …")
        self.ask(self.contents, lambda _: iter([duplicates.listing(session)]), self._show)

    def _show(self, found: duplicates.Listing) -> None:
        self.found.hint = ["No likely duplicates."]
        self.found.show(found.items)
        self.load_card()

    def seek(self, spot: Spot) -> None:
        """Move the cursor to the pair of a place."""
        self.when_read(lambda: self.found.point(spot.ref))

    def load_card(self) -> None:
        """Show both records of the pair under the cursor."""
        card, session, ref = self.query_one(Card), self.session, self.ref
        if not ref or not self.card_is_seen:
            card.show("", [])
            return
        width = max(card.room, LEAST)
        self.ask(
            "card", lambda _: iter([duplicates.side_by_side(session, ref, width)]), lambda lines: card.show(ref, lines)
        )

    def on_row_list_moved(self) -> None:
        """Update the card."""
        self.follow()

    def on_row_list_opened(self) -> None:
        """Read both records of the pair that was double-clicked."""
        self.do_open()

    def do_open(self) -> None:
        """Read both records."""
        self.read_card()

    def do_merge(self) -> None:
        """Merge the pair, after a question about what differs."""
        from crm_cli.tui.dialogs.merging import ask

        if self.ref:
            kind, *refs = duplicates.pair_of(self.ref)
            ask(self, kind, refs)

    def do_distinct(self) -> None:
        """Remember that the two are not the same."""
        if self.ref:
            self.write(partial(duplicates.distinguish, self.session, self.ref))

    def do_leave(self) -> None:
        """Leave the card, else close the page."""
        if self.query_one(Card).has_focus:
            self.leave_card()
        else:
            self.dashboard.pop_screen()
