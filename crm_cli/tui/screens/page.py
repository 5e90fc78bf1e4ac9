"""The base of all screens of the dashboard: heading and keys, the card, and what their keys open."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from crm_cli.core.kinds import ACTIVITY, split
from crm_cli.render.clean import clean
from crm_cli.tui import actions
from crm_cli.tui.data import cards
from crm_cli.tui.screens.asking import Asking
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

    from crm_cli.tui.data.writes import Result, Values
    from crm_cli.tui.dialogs.spec import FormSpec
    from crm_cli.tui.kept import Kept

RESTS = 0.06
"""Seconds the cursor must rest before the card follows it."""


class Page(Asking):
    """A screen with its own place in the table of actions."""

    place: ClassVar[str]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (160, "-broad")]  # noqa: RUF012  (Textual's declaration)
    AUTO_FOCUS = "RowList"

    def __init__(self) -> None:
        super().__init__()
        self.opened = ""
        """The printed id of the record that the page was opened for."""
        # The style sheet is already loaded: otherwise Textual parses it again for each mode that is opened.
        self._css_update_count = self.app._css_update_count  # noqa: SLF001

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield Heading(self.place)
        yield from self.body()
        yield Keys(self.place, readonly=self.session.readonly)

    def body(self) -> Iterator[Widget]:
        """Yield the widgets between heading and keys."""
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
        self.opening &= self.waits.keys()  # what is not asked is not waited for

    def action_do(self, name: str) -> None:
        """Run an action of the table, unless it writes and the book is read-only."""
        found = actions.find(self.place, name)
        if found and found.writes and self.session.readonly:
            self.dashboard.say("The book is open for reading only.", "warning")
        elif found:
            getattr(self, f"do_{name}")()

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

    def read_card(self) -> None:
        """Read the card of the record under the cursor: next to the list, or in its place on a narrow screen."""
        if not self.ref:
            return
        if not self.card_is_seen:
            self.do_card()
        self.set_focus(self.query_one(Card))

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
