"""The people screen: search as you type, a list of any length, and the card of one person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.containers import Horizontal

from crm_cli.core.kinds import COMPANY, split
from crm_cli.errors import NotFoundError, QueryError, UsageError
from crm_cli.tui import actions, hints
from crm_cli.tui.bindings import bindings
from crm_cli.tui.data import people as reads_search
from crm_cli.tui.screens.people_actions import PeopleActions
from crm_cli.tui.widgets.card import Card
from crm_cli.tui.widgets.people_list import PeopleList
from crm_cli.tui.widgets.search_field import HINTS, SearchField

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from textual.binding import BindingType
    from textual.widget import Widget

    from crm_cli.errors import CrmError
    from crm_cli.tui.data.people import Batch
    from crm_cli.tui.visits import Spot


class PeoplePage(PeopleActions):
    """The search field, the people found, and a card."""

    place = actions.PEOPLE
    contents = "search"
    hints: ClassVar[Sequence[str]] = HINTS
    """Examples of a search."""
    BINDINGS: ClassVar[list[BindingType]] = bindings(actions.PEOPLE)

    def __init__(self) -> None:
        super().__init__()
        self.wanted: int | None = None
        """The person to move the cursor to, once they are listed."""
        self.shown: Batch | None = None

    def body(self) -> Iterator[Widget]:
        """Yield the field, the list and the card."""
        yield SearchField(id="search", hints=self.hints)
        with Horizontal(classes="panes"):
            yield self.make_list()
            yield Card(id="card")

    def make_list(self) -> PeopleList:
        """Create the list."""
        return PeopleList(id="people")

    def read_list(self, text: str, wanted: Callable[[], bool], *, resting: bool) -> Iterator[Batch]:
        """Read the people that a search finds."""
        return reads_search.search(self.session, text, wanted, sort=self.found.sort, resting=resting)

    def read_rows(self, ids: list[int]) -> list[tuple[int, Any]]:
        """Read the lines of people."""
        return [*reads_search.rows(self.session, ids)]

    @property
    def is_read(self) -> bool:
        """Does the list show the result of the current search?"""
        return not self.searching

    def reload(self) -> None:
        """Search again; the cursor stays on its person."""
        self._search(keep=True)

    def go_to(self, ref: str) -> None:
        """Move the cursor to a record, whether or not it is listed now."""
        self._find(ref, self.field.text if int(split(ref)[1]) in self.found.ids else "")

    def _find(self, ref: str, text: str) -> None:
        """Move the cursor to a record in the results of a search."""
        self.wanted = int(split(ref)[1])
        self.set_focus(self.found)
        if self.field.text != text:
            self.field.set_text(text)
        else:
            self._search(keep=True)

    @property
    def search_text(self) -> str:
        """The search."""
        return self.field.text

    def seek(self, spot: Spot) -> None:
        """Move the cursor to the record of a place, in the results of the same search."""
        self._find(spot.ref, spot.text)

    def go_inside(self, company: int, name: str) -> None:
        """List the people of a company."""
        text = COMPANY.printed(company)
        self.inside = (text, name)
        self.set_focus(self.found)
        self.field.set_text(text)

    def on_search_field_changed(self) -> None:
        """Search for the typed text, and clear the selection, which applied to the previous list."""
        if self.found.selected:
            self.unselected = len(self.found.selected)
            self.found.select(())
        self._search(keep=False)

    def on_search_field_left(self) -> None:
        """Move the focus to the list."""
        self.set_focus(self.found)

    def sort(self) -> None:
        """Read the list in its new order; the cursor goes to the top."""
        self._search(keep=True, top=True)

    def _search(self, *, keep: bool, top: bool = False) -> None:
        text = self.field.text
        self.searching = self.searching or not keep

        def question(wanted: Callable[[], bool]) -> Iterator[Batch]:
            found = self.read_list(text, wanted, resting=not keep)
            return iter([_joined(found)]) if keep else found

        self.ask(self.contents, question, lambda batch: self._show(batch, keep=keep, top=top), self._refused)

    def _show(self, batch: Batch, *, keep: bool, top: bool = False) -> None:
        self.searching = False
        if not batch.first:
            self.found.extend(batch.ids)
        else:
            self.shown = batch
            self.found.hint = self._empty_hint()
            self.found.is_ranked = batch.ranked
            self.found.show(batch.ids, batch.rows, keep=keep and not top)
            if keep:
                self._know_again()
        if batch.last:
            self._settle_cursor()
        self._show_count(batch)
        self.follow()

    def _know_again(self) -> None:
        """Read the visible rows again, as the book may have changed."""
        ids = self.found.in_sight()
        self.ask("rows", lambda _: iter([self.read_rows(ids)]), self.found.learn)

    def _settle_cursor(self) -> None:
        """Move the cursor to the requested person, if they are listed."""
        if self.wanted is not None and self.wanted in self.found.ids:
            self.found.go(self.found.ids.index(self.wanted))
        self.wanted = None

    def _show_count(self, batch: Batch) -> None:
        found = self.shown or batch
        total = f"{len(self.found.ids):,}{'+' if found.capped or not batch.last else ''}"
        count = f"{total} {self.kind.singular if total == '1' else self.kind.plural}{self.found.order}"
        chosen = len(self.found.selected)
        remark = f"closest to what you typed: {found.corrected}" if found.corrected else self._inside_words()
        if self.unselected:
            remark = f"the search ended the selection of {self.unselected:,}" + (f"; {remark}" if remark else "")
        self.field.show_result(count=f"{chosen} selected of {total}" if chosen else count, remark=remark)

    def _inside_words(self) -> str:
        text, name = self.inside
        return f"the people of {name}; esc goes back to the companies" if text and text == self.field.text else ""

    def _empty_hint(self) -> list[str]:
        if self.field.text.strip():
            add = f"⏎ c  add this {self.kind.singular}"
            return [f'No match for "{self.field.text.strip()}"', "", "esc  clear the search", add]
        from crm_cli.tui import first_run

        title = f"No {self.kind.plural} in this book yet."
        return first_run.lines(self.session, title, f"a {self.kind.singular}")

    def _refused(self, error: CrmError) -> None:
        """Show an error in the query under its position; the list stays as it is."""
        self.searching = False
        if isinstance(error, UsageError | NotFoundError):
            place = error.position if isinstance(error, QueryError) else 0
            self.field.show_result(count=self.field.count, mistake=(hints.text(error), place))
        else:
            self.dashboard.show_error(error)

    def on_people_list_wanted(self, event: PeopleList.Wanted) -> None:
        """Read rows that were scrolled into view."""
        self.ask(f"rows {event.ids[0]}", lambda _: iter([self.read_rows(event.ids)]), self.found.learn)

    def on_people_list_selected(self) -> None:
        """Show the number of selected people."""
        if self.found.selected:
            self.unselected = 0
        if self.shown:
            self._show_count(self.shown._replace(last=True))

    @property
    def ref(self) -> str:
        """The person or company under the cursor."""
        return "" if self.found.current is None else self.kind.printed(self.found.current)

    def on_row_list_moved(self) -> None:
        """Update the card."""
        self.follow()

    def on_row_list_opened(self) -> None:
        """Read the card of the person who was double-clicked."""
        self.do_open()


def _joined(batches: Iterator[Batch]) -> Batch:
    """Return all parts of a result as one."""
    first, *others = batches
    if not others:
        return first
    return first._replace(ids=[*first.ids, *(ref for one in others for ref in one.ids)], last=True)
