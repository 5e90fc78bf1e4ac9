"""Typed ahead: keys reach the screen one at a time, each when what the key before it opened can take it."""

from __future__ import annotations

from collections import deque
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.app import App
    from textual.events import Key, Paste
    from textual.message_pump import MessagePump

LIMIT = 5.0
"""Seconds that a key waits at most for a screen or an answer."""
RESCUE = 0.1
"""Seconds between two looks of a key that waits whether the widget it waits for is gone."""
TICK = 0.004
"""Seconds between two looks whether what was opened is ready."""


class Typeahead:
    """Delivers keys and pasted texts in the order in which they were typed.

    Textual puts a key into the queue of the widget that has the focus when it comes. A key that comes before the one
    ahead of it was handled would act on the list although a form is about to open over it.
    """

    def __init__(
        self, app: App[None], deliver: Callable[[Key | Paste], Awaitable[None]], is_opening: Callable[[], bool]
    ) -> None:
        self.app, self.deliver, self.is_opening = app, deliver, is_opening
        self.waiting: deque[Key | Paste] = deque()
        self._since: float | None = None
        """The moment when the last key was delivered, until it has been handled."""
        self._target: MessagePump | None = None
        """The widget that handles it first."""
        self._delivered = 0
        """The number of keys delivered so far."""
        self._is_watched = False
        """Do the keys that wait look now and then whether the widget is gone?"""

    @property
    def is_idle(self) -> bool:
        """Has every key been handled, or is the last one not waited for any more?"""
        return not self.waiting and (self._since is None or self._is_target_gone or self._is_late)

    @property
    def _is_late(self) -> bool:
        return self._since is not None and monotonic() - self._since > LIMIT

    @property
    def _is_target_gone(self) -> bool:
        return self._target is not None and not self._target.is_running

    async def take(self, event: Key | Paste) -> None:
        """Deliver an event when those before it have been handled."""
        self.waiting.append(event)
        if self._since is None:
            self._since = monotonic()
            await self._settle(self._delivered)
        elif not self._is_watched:
            self._is_watched = True
            self.app.set_timer(RESCUE, self._rescue)

    async def _next(self) -> None:
        """Deliver the next event, and follow it upwards from the widget that handles it first."""
        self._since = self._target = None
        if self.waiting:
            event = self.waiting.popleft()
            self._since = monotonic()
            self._delivered += 1
            target = self._target = self.app.focused or self.app.screen
            await self.deliver(event)
            settle = partial(self._settle, self._delivered)
            self._climb(target, lambda: self._climb(target, settle))

    async def _rescue(self) -> None:
        """Go on if the widget that was followed is gone, and with it what was to be called when it had finished.

        Looks again until no key waits: a widget that is being removed may take its time.
        """
        self._is_watched = bool(self.waiting)
        if not self._is_watched:
            return
        self.app.set_timer(RESCUE, self._rescue)
        if self._is_target_gone or self._is_late:
            await self._settle(self._delivered)

    def _climb(self, node: MessagePump | None, then: Callable[[], object]) -> None:
        """Call ``then`` when a widget and all above it have handled what they were sent so far.

        Done twice: the action of a key, which the application runs, may send a message to the widget.
        """
        while node is not None:
            if node.call_later(self._climb, node._parent, then):  # noqa: SLF001  (Textual has no public name for it)
                return
            node = node._parent  # noqa: SLF001
        self.app.call_later(then)

    async def _settle(self, number: int) -> None:
        """Deliver the event after the one of that number, once nothing is being opened any more."""
        if number != self._delivered or self._since is None or not self.app.is_running:
            return  # an application that ends has no screen that could take the next
        if self.is_opening() and not self._is_late:
            self.app.set_timer(TICK, partial(self._settle, number))
        else:
            await self._next()
