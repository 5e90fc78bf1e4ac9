"""The companies: the list beside that of the people, with the same keys; Enter lists the people of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from crm_cli.core.kinds import COMPANY
from crm_cli.tui import actions
from crm_cli.tui.bindings import bindings
from crm_cli.tui.data import companies as reads
from crm_cli.tui.screens.people import PeoplePage
from crm_cli.tui.widgets.company_list import CompanyList

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual.binding import BindingType

    from crm_cli.core.edits import Edit, TagEdit
    from crm_cli.core.records import Company
    from crm_cli.tui.data.people import Batch
    from crm_cli.tui.data.writes import Result
    from crm_cli.tui.widgets.people_list import PeopleList


class CompaniesPage(PeoplePage):
    """The search field, the companies found, and a card."""

    place = actions.COMPANIES
    kind = COMPANY
    hints = (
        "words of a name, a phone, or  tag:supplier  city:pune  deal.stage:proposal",
        "words, a phone, or  tag:supplier",
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(actions.COMPANIES)

    def make_list(self) -> PeopleList:
        """Create the list."""
        return CompanyList(id="companies")

    def read_list(self, text: str, wanted: Callable[[], bool], *, resting: bool) -> Iterator[Batch]:
        """Read the companies that a search finds."""
        return reads.search(self.session, text, wanted, sort=self.found.sort, resting=resting)

    def read_rows(self, ids: list[int]) -> list[tuple[int, Any]]:
        """Read the lines of companies."""
        return [*reads.rows(self.session, ids)]

    def do_open(self) -> None:
        """List the people of the company."""
        company = self.found.current
        if company is not None and self._targets():
            row = self.found.known.get(company)
            self.dashboard.go_to_people_of(company, row.name if row else "")

    def do_add(self) -> None:
        """Add a company; one that was searched for without a hit begins with what was typed."""
        from crm_cli.tui.data import forms

        name = "" if self.found.count else " ".join(self.field.text.split())
        self.fill_in(*forms.add_company(self.session, name), then=self._added)

    def _added(self, result: Result) -> None:
        """Move the cursor to the new company."""
        if result.made is not None:
            self.go_to(COMPANY.printed(result.made))

    def read_record(self, ref: int) -> Company:
        """Read a whole company."""
        return reads.company(self.session, ref)

    def write_card(self, record: Company, edits: list[Edit | TagEdit]) -> Result:
        """Change a company."""
        return reads.edit(self.session, record.id, edits, record.revision)

    def _remove(self, refs: list[int]) -> Result:
        return reads.remove(self.session, refs)
