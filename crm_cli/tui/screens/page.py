"""The base of all screens of the dashboard: heading and keys, queries, writes, and the card."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from textual.message import Message
from textual.screen import Screen
from textual.worker import get_current_worker

from crm_cli.book import locks
from crm_cli.drafts import kept_words
from crm_cli.errors import CrmError, StaleError, StoppedError, UnforeseenError, translated
from crm_cli.render.clean import clean
from crm_cli.tui import actions, hints
from crm_cli.tui.data.running import Running
from crm_cli.tui.widgets.card import Card
from crm_cli.tui.widgets.heading import Heading
from crm_cli.tui.widgets.keys import Keys
from crm_cli.tui.widgets.rows import RowList

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from textual.app import ComposeResult
    from textual.screen import ModalScreen
    from textual.widget import Widget
    from textual.worker import Worker

    from crm_cli.drafts import Draft
    from crm_cli.session import Session
    from crm_cli.tui.app import Dashboard
    from crm_cli.tui.data.writes import Result, Values
    from crm_cli.tui.dialogs.form import Form
    from crm_cli.tui.dialogs.spec import FormSpec
    from crm_cli.tui.kept import Kept

T = TypeVar("T")
PATIENCE = 0.6
"""Seconds until a write is shown with its progress."""
RESTS = 0.06
"""Seconds the cursor must rest before the card follows it."""


class Page(Screen[None]):
    """A screen with its own place in the table of actions."""

    place: ClassVar[str]
    contents: ClassVar[str]
    """The group of the queries that fill the list."""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012  (Textual's declaration)
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
        self.waits: dict[str, locks.Wait] = {}
        self.opening = {self.contents}
        """Groups of queries whose result the next key is meant for: a dialog, or the first contents of a list."""
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

    @property
    def is_opening(self) -> bool:
        """Is something being read that the next key is meant for? A book that is locked makes no key wait."""
        return any(not (group in self.waits and self.waits[group].is_waiting) for group in self.opening)

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
    def is_read(self) -> bool:
        """Has the list been read from the book?"""
        return True

    def when_read(self, then: Callable[[], object]) -> None:
        """Call ``then`` once the list has been read, unless another call replaces it."""
        if self.is_ready and self.is_read:
            then()
        else:
            self.waiting = then

    def on_screen_resume(self) -> None:
        """Show what changed while another screen was visible."""
        if not self.is_ready:
            return
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
        self.opening.add(group)

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
        worker: Worker[None] | None = None

        def wanted() -> bool:
            return not (worker and worker.is_cancelled) and self.asked[group] == number

        wait = self.waits[group] = locks.Wait(lambda: not wanted())

        def work() -> None:
            nonlocal worker
            worker = get_current_worker()

            def answers() -> None:
                self.dashboard.require_book()
                for answer in question(wanted):
                    self.post_message(self.Answered(group, number, then, answer))

            try:
                with locks.watched(wait):
                    locks.patiently(answers)
            except Exception as error:  # noqa: BLE001  (the edge of a thread: a screen that cannot be read is no crash)
                if wanted():
                    self.post_message(self.Refused(group, number, _known(error), fail))

        self.run_worker(work, thread=True, group=group, exclusive=True)

    def write(
        self,
        job: Callable[[], Result],
        *,
        then: Callable[[Result], None] | None = None,
        refused: Callable[[CrmError], None] | None = None,
        draft: Draft | None = None,
        run: Running | None = None,
    ) -> None:
        """Change the book in a thread, one change at a time, and show a message.

        A ``draft`` is kept unless the change was made. A write that takes long is shown, unless who asked for it
        follows its ``run``.
        """
        fail = refused or self.dashboard.show_error
        if run is None:
            run = Running()
            self.set_timer(PATIENCE, partial(self._show_progress, run))

        def work() -> None:
            try:
                with locks.watched(run), locks.turn(self.dashboard.one_write), run.shown():
                    self.dashboard.require_book()
                    result = job()
            except Exception as error:  # noqa: BLE001  (the edge of a thread: a write that fails is no crash)
                known = StoppedError() if run.is_ended else _known(error)
                self.post_message(self.Refused("", 0, _keeping(draft, known), fail))
                return
            if draft:
                draft.discard()
            self.post_message(self.Written(result, then))

        self.run_worker(work, thread=True, group="writes")

    def _show_progress(self, run: Running) -> None:
        """Show a write that takes long, or waits for another program, with a way to stop it."""
        if not run.has_ended:
            from crm_cli.tui.dialogs.progress import Progress

            self.app.push_screen(Progress(run))

    def open_form(self, name: str, about: Sequence[str] = (), *, then: Callable[[Result], None] | None = None) -> None:
        """Show a form about records, given by printed ids."""
        from crm_cli.tui.data import forms

        session = self.session
        self.ask_for("form", lambda: forms.opened(session, name, about), lambda found: self.fill_in(*found, then=then))

    def fill_in(
        self,
        spec: FormSpec,
        job: Callable[[Values], Result],
        *,
        then: Callable[[Result], None] | None = None,
        kept: Kept | None = None,
    ) -> None:
        """Show a form that writes, filled in as it was ``kept``.

        It stays open until that is done, and shows why it is refused.
        """
        from crm_cli.tui.dialogs.form import Form

        def saving(job: Callable[[Values], Result]) -> Callable[[Values, Running], None]:
            return lambda values, run: self.write(lambda: job(values), then=saved, refused=refused, run=run)

        def saved(result: Result) -> None:
            form.close()
            if then:
                then(result)

        def refused(error: CrmError) -> None:
            form.refuse(error)
            if isinstance(error, StaleError) and spec.name:
                self._read_again(form, saving)

        form = Form(spec, saving(job), kept)
        self.app.push_screen(form)

    def offer(self, found: Kept | None) -> None:
        """Offer a form that was kept when the dashboard was ended, once nothing else is open."""
        from crm_cli.tui.data import forms
        from crm_cli.tui.dialogs.kept import DISCARD, OPEN, KeptForm

        def answered(answer: str | None) -> None:
            if found and answer == OPEN:
                self.ask_for(
                    "form",
                    lambda: forms.opened(self.session, found.name, found.about),
                    lambda form: self.fill_in(*form, kept=found),
                )
            elif found and answer == DISCARD:
                found.discard()

        if found and self.app.screen is self:
            self.app.push_screen(KeptForm(found.title), answered)
        elif found:
            self.set_timer(1, lambda: self.offer(found))

    def _read_again(
        self, form: Form, saving: Callable[[Callable[[Values], Result]], Callable[[Values, Running], None]]
    ) -> None:
        """Read a record that was changed while its form was open, and have the user choose between the versions."""
        from crm_cli.tui.data import forms
        from crm_cli.tui.dialogs.conflict import resolve

        session, spec = self.session, form.spec
        self.ask_for(
            "form",
            lambda: forms.opened(session, spec.name, spec.about),
            lambda found: resolve(form, found.spec, saving(found.job)),
        )

    def confirm(
        self, dialog: ModalScreen[bool], job: Callable[[], Result], *, then: Callable[[Result], None] | None = None
    ) -> None:
        """Ask for confirmation, then write."""
        self.app.push_screen(dialog, lambda yes: self.write(job, then=then) if yes else None)

    def on_page_answered(self, event: Answered) -> None:
        """Pass a result on, unless a newer query has been started."""
        if self.is_ready and self.asked[event.group] == event.number:
            self.opening.discard(event.group)
            event.then(event.answer)
            if self.waiting and self.is_read:
                then, self.waiting = self.waiting, None
                then()

    def on_page_refused(self, event: Refused) -> None:
        """Report an error, unless a newer query has been started."""
        if self.is_ready and (not event.group or self.asked[event.group] == event.number):
            self.opening.discard(event.group)
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
        words = clean(text)
        self.app.copy_to_clipboard(words)
        self.dashboard.say(f"Copied {words}")

    @property
    def beside(self) -> RowList:
        """The list that the card is shown next to."""
        return self.query_one(RowList)

    @property
    def card_is_seen(self) -> bool:
        """Is the card visible?"""
        return self.has_class("card-on") if self.has_class("-narrow") else not self.has_class("card-off")

    def do_card(self) -> None:
        """Show or hide the card; on a narrow screen, it replaces the list."""
        if not self.is_ready:
            return
        narrow = self.has_class("-narrow")
        self.toggle_class("card-on" if narrow else "card-off")
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
        """Fill the card for the row under the cursor."""
        raise NotImplementedError


def _known(error: Exception) -> CrmError:
    """Return an error of a thread as one of ours; the log keeps the traceback of what was not foreseen."""
    known = translated(error)
    if isinstance(known, UnforeseenError):
        from crm_cli.tui import log

        log.write(error)
    return known


def _keeping(draft: Draft | None, error: CrmError) -> CrmError:
    """Keep a text that could not be saved; the error says where."""
    if draft and (kept := kept_words(draft)):
        hint = hints.worded(error.hint)
        error.hint = f"{hint}; {kept}" if hint else kept
    return error
