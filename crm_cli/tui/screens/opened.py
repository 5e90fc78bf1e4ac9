"""Pages opened over a screen: an activity with its whole text, and the history of one record."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal

from crm_cli.core.kinds import ACTIVITY, split
from crm_cli.render.words import counted
from crm_cli.tui import actions
from crm_cli.tui.bindings import bindings
from crm_cli.tui.data import cards as reads
from crm_cli.tui.data import past, writes
from crm_cli.tui.screens.page import Page
from crm_cli.tui.widgets.agenda_list import AgendaList
from crm_cli.tui.widgets.card import Card
from crm_cli.tui.widgets.search_field import SearchField

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.binding import BindingType
    from textual.widget import Widget

    from crm_cli.core.daily import Activity
    from crm_cli.tui.data.writes import Result
    from crm_cli.tui.visits import Spot


class OpenedPage(Page):
    """A page about one record, that Esc closes. What its keys change is the activity under the cursor."""

    def __init__(self, ref: str) -> None:
        super().__init__()
        self.opened = ref

    def do_leave(self) -> None:
        """Close the page."""
        self.dashboard.pop_screen()

    def on_card_copied(self, _: Card.Copied) -> None:
        """Copy the whole text."""
        self.do_copy()

    def do_edit(self) -> None:
        """Change the activity."""
        if self.ref:
            self.open_form("activity edit", [self.ref])

    def do_remove(self) -> None:
        """Remove the activity."""
        if self.ref:
            self.write(partial(past.remove, self.session, self._number), then=self._removed)

    def do_skip(self) -> None:
        """Skip the activity, which is one of a series."""
        if self.ref:
            self.write(partial(writes.skip, self.session, self._number))

    def _removed(self, _: Result) -> None:
        """Go on after the activity was removed."""

    def do_copy(self) -> None:
        """Copy the text of the activity."""

        def copy(found: Activity) -> None:
            self.copy(f"{found.subject}\n{found.body}".strip())

        if self.ref:
            self.ask_for("activity", partial(reads.activity, self.session, self._number), copy)

    @property
    def _number(self) -> int:
        return int(split(self.ref)[1])


class ReadPage(OpenedPage):
    """An activity from edge to edge."""

    place = actions.READ
    BINDINGS: ClassVar[list[BindingType]] = bindings(actions.READ)
    AUTO_FOCUS = "Card"
    card_is_seen = True

    def body(self) -> Iterator[Widget]:
        """Yield the card."""
        with Horizontal(classes="panes"):
            yield Card(id="card")

    def _removed(self, _: Result) -> None:
        """Close the page."""
        self.do_leave()

    def leave_card(self) -> None:
        """Stay in the card: there is no list."""

    @property
    def ref(self) -> str:
        """The activity."""
        return self.opened

    def reload(self) -> None:
        """Read the activity again."""
        self.load_card()


class HistoryPage(OpenedPage):
    """The activities of a person, a company or a deal, with a search, and the whole text of one."""

    place = actions.HISTORY
    contents = "history"
    BINDINGS: ClassVar[list[BindingType]] = bindings(actions.HISTORY)

    def body(self) -> Iterator[Widget]:
        """Yield the field, the list and the card."""
        yield SearchField(id="search", hints=("words of what was said, or of who took part",))
        with Horizontal(classes="panes"):
            yield AgendaList(id="history")
            yield Card(id="card")

    @property
    def found(self) -> AgendaList:
        """The list."""
        return self.query_one(AgendaList)

    @property
    def field(self) -> SearchField:
        """The search field."""
        return self.query_one(SearchField)

    @property
    def is_read(self) -> bool:
        """Has the history been read?"""
        return self.found.loaded

    @property
    def search_text(self) -> str:
        """The search."""
        return self.field.text

    @property
    def ref(self) -> str:
        """The activity under the cursor."""
        return self.found.current.ref if self.found.current else ""

    def reload(self) -> None:
        """Read the history."""
        session, opened, text = self.session, self.opened, self.field.text
        self.ask(self.contents, lambda _: iter([past.of(session, opened, text)]), self._show)

    def _show(self, found: past.Past) -> None:
        more = "+" if found.is_cut else ""
        words = counted(found.total, ACTIVITY.singular, ACTIVITY.plural)
        self.field.show_result(count=f"{found.name}: {words}{more}")
        self.found.hint = [f'No match for "{self.field.text}"'] if self.field.text.strip() else ["No activities yet."]
        self.found.show(found.items)
        self.load_card()

    def seek(self, spot: Spot) -> None:
        """Move the cursor to the activity of a place, in the results of the same search."""
        self.field.set_text(spot.text)
        self.when_read(lambda: self.found.point(spot.ref))

    def on_search_field_changed(self) -> None:
        """Search for the typed text."""
        self.reload()

    def on_search_field_left(self) -> None:
        """Move the focus to the list."""
        self.set_focus(self.found)

    def on_row_list_moved(self) -> None:
        """Update the card."""
        self.follow()

    def on_row_list_opened(self) -> None:
        """Read the activity that was double-clicked."""
        self.do_open()

    def do_open(self) -> None:
        """Read the whole text of the activity."""
        if self.ref:
            self.focus_card(self.ref)

    def do_search(self) -> None:
        """Move the focus to the search field."""
        self.leave_card()
        self.set_focus(self.field)

    def do_leave(self) -> None:
        """Leave the card, else the search, else close the page."""
        if self.query_one(Card).has_focus:
            self.leave_card()
        elif self.field.text:
            self.field.set_text("")
        else:
            super().do_leave()
