"""Leaving the dashboard: what was typed is kept or asked about, and what is being written is waited for."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, cast

from crm_cli.tui.watching import Watching

if TYPE_CHECKING:
    from crm_cli.session import Session
    from crm_cli.tui.data.running import Running
    from crm_cli.tui.dialogs.form import Form
    from crm_cli.tui.screens.page import Page


class Leaving(Watching):
    """An application that loses nothing when it ends."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.one_write = threading.Lock()
        """Held by a thread that writes the book or the settings."""
        self.is_leaving = False
        """Does the dashboard end as soon as everything is written?"""
        self._runs: list[Running] = []

    def follow_write(self, run: Running) -> None:
        """Wait for a write before the dashboard ends."""
        self._runs = [one for one in self._runs if not one.has_ended] + [run]

    @property
    def is_writing(self) -> bool:
        """Is anything being written?"""
        return not all(run.has_ended for run in self._runs)

    def do_quit(self, _: Page) -> None:
        """Quit; ask first if that loses what was typed."""
        form = next((screen for screen in self.screen_stack if getattr(screen, "is_filled", False)), None)
        if form is not None and form is self.screen:
            cast("Form", form).leave(self.leave)
        else:
            self.leave()

    async def action_quit(self) -> None:
        """Quit by Textual's own key."""
        if self.page:
            self.do_quit(self.page)
        else:
            self.leave()

    def leave(self) -> None:
        """End the dashboard, or let it end once everything is written; what cannot be written is shown first."""
        if self.is_writing:
            self.is_leaving = True
        else:
            self.exit()

    def written(self) -> None:
        """End the dashboard if that was asked for, and nothing more is being written."""
        if self.is_leaving:
            self.leave()

    def refused(self) -> None:
        """Stay: a write failed, and the user sees why."""
        self.is_leaving = False

    def end(self) -> None:
        """End the dashboard from outside: what was typed is kept for the next start, and no write waits for a lock."""
        self.keep_forms()
        for run in self._runs:
            run.hurry()
        self.exit()

    def keep_forms(self) -> None:
        """Keep what was typed for the next start."""
        for screen in self.screen_stack:
            if hasattr(screen, "keep"):
                screen.keep()
