"""The screen of today: what is overdue, due and coming, birthdays, and people to reach."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal

from crm_cli.core.activities import recurs
from crm_cli.tui import actions
from crm_cli.tui.bindings import bindings
from crm_cli.tui.data import cards as reads
from crm_cli.tui.data import today as reads_today
from crm_cli.tui.data import writes
from crm_cli.tui.screens.page import Page
from crm_cli.tui.widgets.agenda_list import AgendaList
from crm_cli.tui.widgets.card import Card

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual.binding import BindingType
    from textual.widget import Widget

    from crm_cli.core.daily import Activity
    from crm_cli.tui.data.agenda_items import Item


class TodayPage(Page):
    """The day's list, and the card of the person or deal under the cursor."""

    place = actions.TODAY
    contents = "today"
    BINDINGS: ClassVar[list[BindingType]] = bindings(actions.TODAY)

    def body(self) -> Iterator[Widget]:
        """Yield the list and the card."""
        first_list = self.dashboard.first_list
        with Horizontal(classes="panes"):
            yield AgendaList(first_list.items if first_list else None, id="agenda")
            yield Card(id="card")

    @property
    def found(self) -> AgendaList:
        """The list."""
        return self.query_one(AgendaList)

    @property
    def is_read(self) -> bool:
        """Has the day's list been read?"""
        return self.found.loaded

    def reload(self) -> None:
        """Read the day's list."""
        session = self.session
        self.ask(self.contents, lambda _: iter([reads_today.today(session)]), self._show)

    def _show(self, items: list[Item]) -> None:
        self.found.show(items)
        self.load_card()
        if not items:
            from crm_cli.tui.data import filling

            self.ask("empty", lambda _: iter([filling.is_empty(self.session)]), self._show_hint)

    def _show_hint(self, is_empty: bool) -> None:
        """Say what can be done on a day without items, or with an empty book."""
        from crm_cli.tui import first_run

        self.found.hint = first_run.lines(self.session) if is_empty else []
        self.found.refresh()

    @property
    def ref(self) -> str:
        """The deal or the person under the cursor, or an activity without people."""
        item = self.found.current
        if item is None:
            return ""
        return item.ref if item.deal is not None or item.person is None else str(item.person)

    def go_to(self, ref: str) -> None:
        """Move the cursor to a record, unless it is on it."""
        if self.ref != ref:
            self.found.point(ref)

    def on_row_list_moved(self) -> None:
        """Update the card."""
        self.follow()

    def on_row_list_opened(self) -> None:
        """Open the line that was double-clicked."""
        self.do_open()

    def do_open(self) -> None:
        """Go to the person, or to the deal."""
        item = self.found.current
        if item and item.deal is not None:
            self.dashboard.go_to_deal(item.deal)
            return
        if item and item.person is not None:
            self.dashboard.go_to_person(item.person)
        elif item:
            self.focus_card(item.ref)

    def do_add(self) -> None:
        """Add a person, on the people screen."""
        self.dashboard.run_anywhere(actions.ADD_PERSON)

    def do_copy(self) -> None:
        """Copy the line: what is to be done, with which people, and when."""
        item = self.found.current
        if item:
            self.copy(" · ".join(filter(None, (item.what, item.who, item.when))))

    def do_search(self) -> None:
        """Go to the search on the people screen."""
        self.dashboard.go_to_search()

    def _activity(self, then: Callable[[Activity], None]) -> None:
        """Read the activity under the cursor."""
        ref = self._current
        if ref is not None:
            self.ask_for("activity", partial(reads.activity, self.session, ref), then)

    @property
    def _current(self) -> int | None:
        """The id of the activity under the cursor; if there is none, a message is shown."""
        item = self.found.current
        if item and item.activity is not None:
            return item.activity
        if item:
            self.dashboard.say("This is not an activity: l logs something with them, p plans something.", "warning")
        elif self.found.loaded:
            self.dashboard.say("Nothing is listed: p plans something, 2 goes to the people.", "warning")
        return None

    def _open_form(self, name: str) -> None:
        """Open a form about the activity under the cursor."""
        ref = self._current
        if ref is not None:
            self.open_form(name, [f"a{ref}"])

    def do_done(self) -> None:
        """Complete the activity."""
        self._open_form("done")

    def do_move(self) -> None:
        """Move the activity to another time."""
        self._open_form("move")

    def do_snooze(self) -> None:
        """Hide the activity until later."""
        self._open_form("snooze")

    def do_skip(self) -> None:
        """Skip the activity, which is one of a series."""
        ref = self._current
        if ref is not None:
            self.write(partial(writes.skip, self.session, ref))

    def do_cancel(self) -> None:
        """Cancel the activity; of a series, ask whether it is this one or all."""
        self._activity(self._ask_to_cancel)

    def _ask_to_cancel(self, found: Activity) -> None:
        from crm_cli.tui.dialogs.confirm import Confirm, OneOrAll

        title = f"Cancel a{found.id} {found.subject}?"
        if not recurs(found):
            self.confirm(Confirm(title, "cancel it"), partial(writes.cancel, self.session, found.id))
            return
        jobs = {"one": writes.skip, "all": writes.end}

        def answered(which: str | None) -> None:
            if which:
                self.write(partial(jobs[which], self.session, found.id))

        self.app.push_screen(OneOrAll(title), answered)

    def _with_people(self, then: Callable[[list[str]], None]) -> None:
        """Call ``then`` with the people of the line: all of an activity, or the one person."""
        item = self.found.current
        if item and item.activity is not None:
            self._activity(lambda found: then([str(person.id) for person in found.people]))
        elif item and item.person is not None:
            then([str(item.person)])
        elif self.found.loaded:
            then([])

    def do_log(self) -> None:
        """Log an activity with them."""

        def ask(people: list[str]) -> None:
            if people:
                self.open_form("log", people)
            else:
                self.dashboard.say("No people here: 2 goes to the people, l logs something with them.", "warning")

        self._with_people(ask)

    def do_todo(self) -> None:
        """Plan an activity, with the people of the line if it has any."""
        self._with_people(partial(self.open_form, "todo"))
