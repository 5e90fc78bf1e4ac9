"""Messages of the dashboard: one at a time, above the keys."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from crm_cli.render.clean import clean
from crm_cli.tui import hints, messages
from crm_cli.tui.going import Going

if TYPE_CHECKING:
    from typing import Literal

    from crm_cli.errors import CrmError

LONG = 20
"""Seconds that an error message stays visible."""
NOTIFICATION_TIMEOUT = 6.0
MARGIN = 5
"""The width in cells of what surrounds the text of a message."""


class Saying(Going):
    """An application that shows messages."""

    NOTIFICATION_TIMEOUT = NOTIFICATION_TIMEOUT

    def __init__(self) -> None:
        super().__init__()
        self.message = ""
        """What was said last."""
        self.message_lines = 1
        """The number of lines kept free for messages."""
        self._messages = 0

    def say(
        self,
        text: str,
        severity: Literal["information", "warning", "error"] = "information",
        *,
        seconds: float = NOTIFICATION_TIMEOUT,
    ) -> None:
        """Show a message in place of the previous one. Text from the book is not treated as markup."""
        self.message = messages.shortened_paths(clean(text))
        lines = messages.laid_out(self.message, max(self.size.width - MARGIN, 2))
        self.clear_notifications()
        self.notify("\n".join(lines), severity=severity, markup=False, timeout=seconds)
        self._make_room(len(lines))
        self._messages += 1
        self.set_timer(seconds, partial(self._end_of_message, self._messages))

    def _end_of_message(self, number: int) -> None:
        """Take back the room of a message, unless another one has been shown since."""
        if number == self._messages:
            self._make_room(1)

    def _make_room(self, lines: int) -> None:
        """Leave room for a message above the keys of the visible page, so that it covers nothing."""
        self.message_lines = lines
        if self.page is not None:
            self.page.make_room()

    def show_error(self, error: CrmError) -> None:
        """Show an error and what to do about it, long enough to copy the path of a draft that was kept."""
        self.say(hints.text(error), "error", seconds=LONG)
