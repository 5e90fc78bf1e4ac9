"""How a screen asks the book and changes it: in threads, with messages that bring the results back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from textual.message import Message
from textual.screen import Screen
from textual.worker import get_current_worker

from crm_cli.book import locks
from crm_cli.drafts import kept_words
from crm_cli.errors import CrmError, StoppedError, UnforeseenError, translated
from crm_cli.tui import hints
from crm_cli.tui.data import running
from crm_cli.tui.data.running import Running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual.worker import Worker

    from crm_cli.drafts import Draft
    from crm_cli.session import Session
    from crm_cli.tui.app import Dashboard
    from crm_cli.tui.data.writes import Result

T = TypeVar("T")


class Asking(Screen[None]):
    """A screen that reads and writes the book without waiting for it."""

    contents: ClassVar[str] = "card"
    """The group of the queries that fill the screen."""

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
            except Exception as error:  # noqa: BLE001  (the edge of a thread: a screen that cannot be read does not crash it)
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
            self.set_timer(running.PATIENCE, partial(self._show_progress, run))
        self.dashboard.follow_write(run)

        def work() -> None:
            try:
                with run.shown(), locks.watched(run), locks.turn(self.dashboard.one_write):
                    self.dashboard.require_book()
                    result = job()
            except Exception as error:  # noqa: BLE001  (the edge of a thread: a write that fails does not crash it)
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

    def on_asking_answered(self, event: Answered) -> None:
        """Pass a result on, unless a newer query has been started."""
        if self.asked[event.group] != event.number:
            return
        self.opening.discard(event.group)
        if self.is_ready:
            event.then(event.answer)
            if self.waiting and self.is_read:
                then, self.waiting = self.waiting, None
                then()

    def on_asking_refused(self, event: Refused) -> None:
        """Report an error, unless a newer query has been started."""
        if event.group and self.asked[event.group] != event.number:
            return
        self.opening.discard(event.group)
        if not event.group:
            self.dashboard.refused()
        if self.is_ready:
            event.then(event.error)

    def on_asking_written(self, event: Written) -> None:
        """Show a message about the change, and its effect."""
        if not self.is_ready:
            return
        result = event.result
        self.dashboard.say(result.words())
        if event.then:
            event.then(result)
        self.dashboard.reload()
        self.dashboard.written()


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
