"""The first list, read while Textual is being imported, so that the first paint includes it."""

from __future__ import annotations

import sqlite3
from shutil import get_terminal_size
from threading import Thread
from typing import TYPE_CHECKING

from crm_cli.errors import CrmError

if TYPE_CHECKING:
    from crm_cli.session import Session
    from crm_cli.tui.data.agenda_items import Item


class FirstList(Thread):
    """Reads as much of today's list as fits on the screen.

    ``items`` is None until it has been read. Errors are ignored: the page reads the list again and reports them.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(daemon=True)
        self.session = session
        self.items: list[Item] | None = None

    def run(self) -> None:
        """Read the list."""
        from crm_cli.tui.data import today as reads_today

        try:
            self.items = reads_today.top_of_today(self.session, get_terminal_size().lines)
        except (CrmError, sqlite3.Error):
            return
