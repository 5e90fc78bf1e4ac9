"""Going from screen to screen and from record to record, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.app import App

from crm_cli.core.kinds import split
from crm_cli.tui import actions
from crm_cli.tui.screens.page import Page
from crm_cli.tui.visits import Visits

if TYPE_CHECKING:
    from collections.abc import Callable


def _opened(place: str, ref: str) -> Page:
    """Create a page about one record."""
    if place == actions.DUPLICATES:
        from crm_cli.tui.screens.duplicates import DuplicatesPage

        return DuplicatesPage()
    from crm_cli.tui.screens.opened import HistoryPage, ReadPage

    return {actions.READ: ReadPage, actions.HISTORY: HistoryPage}[place](ref)


class Going(App[None]):
    """An application whose screens are gone to by key, by name and along links."""

    def __init__(self) -> None:
        super().__init__()
        self.visits = Visits()

    @property
    def page(self) -> Page | None:
        """The page of the dashboard that is visible or lies under a dialog."""
        return next((one for one in reversed(self.screen_stack) if isinstance(one, Page)), None)

    def do_today(self, _: Page) -> None:
        """Go to the day's list."""
        self._on(actions.TODAY)

    def do_people(self, _: Page) -> None:
        """Go to the people."""
        self._on(actions.PEOPLE)

    def do_companies(self, page: Page) -> None:
        """Go to the companies, or from them to the people."""
        self._on(actions.PEOPLE if page.place == actions.COMPANIES else actions.COMPANIES)

    def do_pipeline(self, _: Page) -> None:
        """Go to the deals."""
        self._on(actions.PIPELINE)

    def go_to_person(self, person: int, *, reading: bool = False) -> None:
        """Go to a person on the people screen; when ``reading``, to their card."""
        self._on(actions.PEOPLE, lambda page: page.arrive(str(person), reading=reading))

    def go_to_deal(self, deal: int, *, reading: bool = False) -> None:
        """Go to a deal of the pipeline; when ``reading``, to its card."""
        self._on(actions.PIPELINE, lambda page: page.arrive(f"d{deal}", reading=reading))

    def go_to_people_of(self, company: int, name: str) -> None:
        """List the people of a company."""
        self._on(actions.PEOPLE, lambda page: page.go_inside(company, name))

    def go_to_company(self, company: int, *, reading: bool = False) -> None:
        """Go to a company on its screen; when ``reading``, to its card."""
        self._on(actions.COMPANIES, lambda page: page.arrive(f"c{company}", reading=reading))

    def go_to_activity(self, activity: int, *, reading: bool = True) -> None:  # noqa: ARG002  (as the others)
        """Read an activity."""
        self.open(actions.READ, f"a{activity}")

    def go_to_search(self) -> None:
        """Go to the search on the people screen."""
        self._on(actions.PEOPLE, lambda page: page.do_search())

    def follow(self, ref: str) -> None:
        """Go to the record of a link, by its printed id."""
        letter, number = split(ref)
        ways = {"": self.go_to_person, "c": self.go_to_company, "d": self.go_to_deal, "a": self.go_to_activity}
        ways[letter](int(number), reading=True)

    def open(self, place: str, ref: str) -> None:
        """Open a page about one record over the current screen."""
        self._remember()
        self.push_screen(_opened(place, ref))

    def _on(self, place: str, then: Callable[[Any], None] | None = None) -> None:
        """Go to a screen, and call ``then`` with it when it is ready."""
        self._remember()
        self._show(place)
        if then and self.page is not None:
            self.page.call_later(then, self.page)

    def _show(self, place: str) -> None:
        """Show a screen without the pages that were opened over it, unless all of them are being closed.

        Textual would not close a screen that is added then, nor end.
        """
        if not self.is_running:
            return
        self.switch_mode(place)
        while len(self.screen_stack) > 1:
            self.pop_screen()

    def do_previous(self, page: Page) -> None:
        """Go back to the place before."""
        spot = self.visits.back(page) if page.is_ready else None
        if spot is None:
            page.dashboard.say("There is no place to go back to.")
            return
        here = page.spot()
        if (spot.place, spot.over) != (here.place, here.over):
            self._show(spot.place)
            for place, ref in spot.over:
                self.push_screen(_opened(place, ref))
        if self.page is not None:
            self.page.call_later(self.page.return_to, spot)

    def _remember(self) -> None:
        """Remember where the user is."""
        if self.page is not None and self.page.is_ready:
            self.visits.add(self.page)
