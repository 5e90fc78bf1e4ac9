"""The book under the dashboard: whether it is there, readable, locked, or was changed by another program."""

from __future__ import annotations

import threading
from datetime import date
from typing import TYPE_CHECKING

from crm_cli.book import opening, watch
from crm_cli.errors import BookError, CrmError
from crm_cli.render.activities import DAYS, MONTHS
from crm_cli.tui.saying import Saying
from crm_cli.tui.widgets.heading import Heading

if TYPE_CHECKING:
    from crm_cli.session import Session

TROUBLES = {
    watch.State.READABLE: "",
    watch.State.LOCKED: "book locked",
    watch.State.MISSING: "book missing",
    watch.State.UNREADABLE: "book unreadable",
}
"""state of the book -> how the heading shows it."""


class Watching(Saying):
    """An application that shows what becomes of its book."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.has_seen_book = not opening.is_new(session.path)
        """Was there a book at the path at any time?"""
        self.state = watch.State.READABLE if self.has_seen_book else watch.State.MISSING
        self.stopped = threading.Event()

    @property
    def status(self) -> tuple[str, ...]:
        """The day, and what is special about the book: that it is read-only, locked or gone."""
        day = date.fromisoformat(self.session.today)
        words = f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"
        trouble = TROUBLES[self.state] if self.has_seen_book else ""
        trouble = trouble or ("read-only" if self.session.readonly else "")
        return (trouble, words) if trouble else (words,)

    def watch_book(self) -> None:
        """Follow the state of the book until the dashboard is left. Runs in a thread."""
        for state in watch.states(self.session.path, self.stopped, self.state):
            self.call_later(self._found, state)

    def _found(self, state: watch.State) -> None:
        """Show the book as it is now; while it cannot be read, what was read last stays on the screen."""
        self.state = state
        if state is watch.State.READABLE:
            self.reload()
        elif self.page is not None and self.page.is_ready:
            self.page.query_one(Heading).set_status(*self.status)
        if state is watch.State.MISSING and self.has_seen_book:
            self.show_error(self._missing())
        elif state is watch.State.UNREADABLE:
            self.reload()

    def _missing(self) -> CrmError:
        return BookError(f"the book {self.session.path} is missing; it was here before", hint="put it back, or quit")

    def require_book(self) -> None:
        """Raise BookError if the book was there before and is not now: an empty one must not take its place."""
        if not opening.is_new(self.session.path):
            self.has_seen_book = True
        elif self.has_seen_book:
            raise self._missing()

    def reload(self) -> None:
        """Show the current contents of the book."""
        page = self.page
        if page is not None and page.is_ready:  # a page that is still being created reads the book when it is shown
            page.query_one(Heading).set_status(*self.status)
            page.reload()
