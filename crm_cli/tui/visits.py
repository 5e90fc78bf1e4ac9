"""The places visited, so that one key leads back through them."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from crm_cli.tui.screens.page import Page

MOST = 50
"""How many places are remembered."""


class Spot(NamedTuple):
    """A place: a screen, the pages opened over it, and what the cursor was on.

    ``over`` are the places and records of those pages, ``ref`` the printed id of the record under the cursor of the
    top one; ``text`` is its search. ``link`` is the number of the link under the card's cursor, or None if the list
    had the focus.
    """

    place: str
    over: tuple[tuple[str, str], ...] = ()
    ref: str = ""
    text: str = ""
    link: int | None = None

    def is_same(self, other: Spot) -> bool:
        """Is it the same record on the same screen?"""
        return self[:3] == other[:3]


class Visits:
    """A bounded list of places."""

    def __init__(self) -> None:
        self.spots: deque[Spot] = deque(maxlen=MOST)

    def add(self, page: Page) -> None:
        """Remember where the user is."""
        spot = page.spot()
        if not self.spots or self.spots[-1] != spot:
            self.spots.append(spot)

    def back(self, page: Page) -> Spot | None:
        """Return the last place that is not the current one, and forget it and those after it."""
        here = page.spot()
        while self.spots:
            spot = self.spots.pop()
            if not spot.is_same(here):
                return spot
        return None
