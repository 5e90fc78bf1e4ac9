"""The base of all screens of the dashboard: heading and keys, queries, writes, and the card."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from textual.message import Message
from textual.screen import Screen
from textual.worker import get_current_worker

from crm_cli.book import locks
from crm_cli.core.kinds import ACTIVITY, split
from crm_cli.drafts import kept_words
from crm_cli.errors import CrmError, translated
from crm_cli.render.clean import clean
from crm_cli.tui import actions, hints
from crm_cli.tui.data import cards
from crm_cli.tui.visits import Spot
from crm_cli.tui.widgets.card import Card
from crm_cli.tui.widgets.heading import Heading
from crm_cli.tui.widgets.keys import Keys
from crm_cli.tui.widgets.rows import RowList

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from textual import events
    from textual.app import ComposeResult
    from textual.screen import ModalScreen
    from textual.widget import Widget

    from crm_cli.book.locks import Wait
    from crm_cli.drafts import Draft
    from crm_cli.session import Session
    from crm_cli.tui.app import Dashboard
    from crm_cli.tui.data.writes import Result, Values
    from crm_cli.tui.dialogs.spec import FormSpec
    from crm_cli.tui.kept import Kept

T = TypeVar("T")
RESTS = 0.06
"""Seconds the cursor must rest before the card follows it."""


class Page(Screen[None]):
    """A screen with its own place in the table of actions."""

    place: ClassVar[str]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (160, "-broad")]  # noqa: RUF012  (Textual's declaration)
    AUTO_FOCUS = "RowList"

    class Answered(Message):
        """A query has returned a result, or a part of it."""

        def __init__(self, group: str, number: int, then: Callable[[Any], None], answer: Any) -> None:
            super().__init__()
            self.group, self.number, self.then, self.answer = group, number, then, answer

    class Refused(Message):
        """A query or a write failed, with an error that says why and what to do."""

        def __init__(self, group: str, number: int, error: CrmError, then: Callable[[CrmError], None]) -> None:
            super().__init__()
            self.group, self.number, self.error, self.then = group, number, error, then

    class Written(Message):
        """A change has been written to the book."""

        def __init__(self, result: Result, then: Callable[[Result], None] | None) -> None:
            super().__init__()
            self.result, self.then = result, then

    def __init__(self) -> None:
        super().__init__()
        self.asked: dict[str, int] = {}
        self.opened = ""
        """The printed id of the record that the page was opened for."""
        self.waiting: Callable[[], object] | None = None
        """What to do once the list has been read."""
        # The style sheet is already loaded: otherwise Textual parses it again for each mode that is opened.
        self._css_update_count = self.app._css_update_count  # noqa: SLF001

    @property
    def dashboard(self) -> Dashboard:
        """The application."""
        return cast("Dashboard", self.app)

    @property
    def session(self) -> Session:
        """The session: the book's path and the user's settings."""
        return self.dashboard.session

    @property
    def is_ready(self) -> bool:
        """Are the widgets mounted, and is the application running?"""
        return self.is_mounted and self.app.is_running

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield Heading(self.place)
        yield from self.body()
        yield Keys(self.place, readonly=self.session.readonly)

    def body(self) -> Iterator[Widget]:
        """Yield the widgets between heading and keys."""
        raise NotImplementedError

    def reload(self) -> None:
        """Read the book again, after it has changed."""
        raise NotImplementedError

    @property
    def ref(self) -> str:
        """The printed id of the record under the cursor, which the card shows; ``""`` if there is none."""
        raise NotImplementedError

    def go_to(self, ref: str) -> None:
        """Move the cursor to a record."""

    @property
    def search_text(self) -> str:
        """The text that the list was searched for."""
        return ""

    def arrive(self, ref: str, *, reading: bool) -> None:
        """Move the cursor to a record; when ``reading``, focus its card, else the list."""
        self.go_to(ref)
        if reading:
            self.focus_card(ref)
        else:
            self.leave_card()

    def spot(self) -> Spot:
        """Return where the user is."""
        pages = [one for one in self.app.screen_stack if isinstance(one, Page)]
        over = tuple((one.place, one.opened) for one in pages[1:])
        card = self.query_one(Card)
        return Spot(pages[0].place, over, self.ref, self.search_text, card.at if card.has_focus else None)

    def seek(self, spot: Spot) -> None:
        """Move the cursor to the record of a place."""
        self.go_to(spot.ref)

    def return_to(self, spot: Spot) -> None:
        """Move the cursor to where it was."""
        if spot.ref:
            self.seek(spot)
        if spot.link is None:
            self.leave_card()
        else:
            self.focus_card(spot.ref, spot.link)

    def focus_card(self, ref: str, link: int = 0) -> None:
        """Focus the card, which shows or will show the record ``ref``, with the cursor on one of its links."""
        card = self.query_one(Card)
        card.remembered = (ref, link)
        if not self.card_is_seen:
            self.do_card()
        self.set_focus(card)
        self.load_card()

    def leave_card(self) -> None:
        """Focus the list; on a narrow screen, show it in place of the card."""
        self.remove_class("card-on")
        if self.focused in {None, self.query_one(Card)}:
            self.set_focus(self.beside)

    def do_leave(self) -> None:
        """Go back to the list."""
        self.leave_card()

    def do_history(self) -> None:
        """Open the history of the record under the cursor."""
        if self.ref and split(self.ref)[0] != ACTIVITY.letter:
            self.dashboard.open(actions.HISTORY, self.ref)
        else:
            self.dashboard.say("No person, company or deal is here.", "warning")

    def on_card_left(self) -> None:
        """Go back to the list, or close a page without one."""
        self.do_leave()

    def on_card_copied(self, event: Card.Copied) -> None:
        """Copy a text of the card."""
        self.copy(event.text)

    def on_card_followed(self, event: Card.Followed) -> None:
        """Go to the record of a link."""
        self.dashboard.follow(event.ref)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Show the keys of the part of the screen that has the focus."""
        self.query_one(Keys).enter(getattr(event.widget, "zone", ""))

    @property
    def is_read(self) -> bool:
        """Has the list been read from the book?"""
        return True

    def when_read(self, then: Callable[[], object]) -> None:
        """Call ``then`` once the list has been read, unless another call replaces it."""
        if self.is_ready and self.is_read:
            then()
        else:
            self.waiting = then

    def make_room(self) -> None:
        """Leave room for the lines of a message above the keys."""
        if self.is_ready:
            self.query(".panes").set_styles(margin=(0, 0, self.dashboard.message_lines, 0))

    def on_resize(self) -> None:
        """Fill a card that became visible, once the screen has its new layout; who reads the card goes on reading."""
        is_reading = self.is_ready and self.query_one(Card).has_focus
        self.call_after_refresh(self._fit, is_reading)

    def _fit(self, is_reading: bool) -> None:
        if not self.is_ready:
            return
        if is_reading and not self.card_is_seen:
            self.add_class("card-on")
        if is_reading:
            self.set_focus(self.query_one(Card))
        self.follow()

    def on_screen_resume(self) -> None:
        """Show what changed while another screen was visible."""
        if not self.is_ready:
            return
        self.make_room()
        self.query_one(Heading).set_status(*self.dashboard.status)
        self.reload()

    def action_do(self, name: str) -> None:
        """Run an action of the table, unless it writes and the book is read-only."""
        found = actions.find(self.place, name)
        if found and found.writes and self.session.readonly:
            self.dashboard.say("The book is open for reading only.", "warning")
        elif found:
            getattr(self, f"do_{name}")()

    def ask_for(self, group: str, question: Callable[[], T], then: Callable[[T], None]) -> None:
        """Read what an action needs, then run it, unless another screen or dialog was opened in the meantime."""
        seen = self.app.screen
        self.ask(group, lambda _: iter([question()]), lambda found: then(found) if self.app.screen is seen else None)

    def ask(
        self,
        group: str,
        question: Callable[[Callable[[], bool]], Iterator[T]],
        then: Callable[[T], None],
        refused: Callable[[CrmError], None] | None = None,
    ) -> None:
        """Query the book in a thread; a newer query of the same ``group`` cancels it and discards its results.

        ``question`` gets a function that returns whether results are still wanted, and yields them while it does.
        """
        number = self.asked[group] = self.asked.get(group, 0) + 1
        fail = refused or self.dashboard.show_error

        def work() -> None:
            worker = get_current_worker()

            def wanted() -> bool:
                return not worker.is_cancelled and self.asked[group] == number

            try:
                for answer in question(wanted):
                    self.post_message(self.Answered(group, number, then, answer))
            except (CrmError, sqlite3.Error) as error:
                if wanted():
                    self.post_message(self.Refused(group, number, translated(error), fail))

        self.run_worker(work, thread=True, group=group, exclusive=True)

    def write(
        self,
        job: Callable[[], Result],
        *,
        then: Callable[[Result], None] | None = None,
        refused: Callable[[CrmError], None] | None = None,
        draft: Draft | None = None,
        wait: Wait | None = None,
    ) -> None:
        """Change the book in a thread, one change at a time, and show a message.

        A ``draft`` is kept unless the change was made. A ``wait`` that is ended stops it, unless it has begun to write.
        """
        fail = refused or self.dashboard.show_error

        def work() -> None:
            try:
                with locks.watched(wait), locks.turn(self.dashboard.one_write):
                    result = job()
            except (CrmError, sqlite3.Error) as error:
                self.post_message(self.Refused("", 0, _keeping(draft, translated(error)), fail))
                return
            if draft:
                draft.discard()
            self.post_message(self.Written(result, then))

        self.run_worker(work, thread=True, group="writes")

    def open_form(self, name: str, about: Sequence[str] = (), *, then: Callable[[Result], None] | None = None) -> None:
        """Show a form about records, given by printed ids."""
        from crm_cli.tui.data import forms

        session = self.session
        self.ask_for("form", lambda: forms.opened(session, name, about), lambda found: self.fill_in(*found, then=then))

    def fill_in(
        self, spec: FormSpec, job: Callable[[Values], Result], *, then: Callable[[Result], None] | None = None
    ) -> None:
        """Show a form that writes; it stays open until that is done, and shows why it is refused."""
        from crm_cli.tui.dialogs.opening import fill_in

        fill_in(self, spec, job, then)

    def offer(self, found: Kept | None) -> None:
        """Offer a form that was kept when the dashboard was ended."""
        if found:
            from crm_cli.tui.dialogs.opening import offer

            offer(self, found)

    def confirm(
        self, dialog: ModalScreen[bool], job: Callable[[], Result], *, then: Callable[[Result], None] | None = None
    ) -> None:
        """Ask for confirmation, then write."""
        self.app.push_screen(dialog, lambda yes: self.write(job, then=then) if yes else None)

    def on_page_answered(self, event: Answered) -> None:
        """Pass a result on, unless a newer query has been started."""
        if self.is_ready and self.asked[event.group] == event.number:
            event.then(event.answer)
            if self.waiting and self.is_read:
                then, self.waiting = self.waiting, None
                then()

    def on_page_refused(self, event: Refused) -> None:
        """Report an error, unless a newer query has been started."""
        if self.is_ready and (not event.group or self.asked[event.group] == event.number):
            event.then(event.error)

    def on_page_written(self, event: Written) -> None:
        """Show a message about the change, and its effect."""
        if not self.is_ready:
            return
        result = event.result
        self.dashboard.say(result.words())
        if event.then:
            event.then(result)
        self.dashboard.reload()

    def copy(self, text: str) -> None:
        """Copy a text to the clipboard of the terminal (OSC 52)."""
        words = clean(text, lines=True)
        self.app.copy_to_clipboard(words)
        self.dashboard.say(f"Copied {words}")

    @property
    def beside(self) -> RowList:
        """The list that the card is shown next to."""
        return self.query_one(RowList)

    @property
    def card_is_seen(self) -> bool:
        """Is the card visible?"""
        return self.has_class("card-on") if self.card_is_asked_for else not self.has_class("card-off")

    @property
    def card_is_asked_for(self) -> bool:
        """Is there so little room that the card is shown only when asked for?"""
        return self.has_class("-narrow") or self.has_class("-lanes")

    def do_card(self) -> None:
        """Show or hide the card; on a narrow screen, it replaces the list."""
        if not self.is_ready:
            return
        narrow = self.has_class("-narrow")
        self.toggle_class("card-on" if self.card_is_asked_for else "card-off")
        if narrow:
            self.set_focus(self.query_one(Card) if self.has_class("card-on") else self.beside)
        elif self.focused is self.query_one(Card):
            self.set_focus(self.beside)
        self.load_card()

    def follow(self) -> None:
        """Update the card once the cursor rests."""
        self.asked["card"] = number = self.asked.get("card", 0) + 1
        self.set_timer(RESTS, lambda: self.load_card() if self.is_ready and self.asked["card"] == number else None)

    def load_card(self) -> None:
        """Fill the card for the record under the cursor."""
        card, session, ref = self.query_one(Card), self.session, self.ref
        if not ref or not self.card_is_seen:
            card.show("", [])
            return
        self.ask("card", lambda _: iter([cards.card(session, ref)]), lambda lines: card.show(ref, lines))


def _keeping(draft: Draft | None, error: CrmError) -> CrmError:
    """Keep a text that could not be saved; the error says where."""
    if draft and (kept := kept_words(draft)):
        hint = hints.worded(error.hint)
        error.hint = f"{hint}; {kept}" if hint else kept
    return error
