"""Read the rows of a file: clean their cells, and keep cells beyond the last column as custom fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crm_cli.core.records import Consent, Draft, Problem
from crm_cli.core.text.folding import nfc
from crm_cli.formats.csv import consents
from crm_cli.formats.csv.cells import unguard, unguard_foreign
from crm_cli.formats.csv.columns import lists_companies
from crm_cli.formats.csv.custom_cells import Form
from crm_cli.formats.csv.detect import Layout
from crm_cli.formats.csv.drafts import draft
from crm_cli.formats.csv.fields import Row, Rules, taking
from crm_cli.formats.csv.values import beyond, is_converted_heading, is_gone, is_gone_heading, skipped


class Reader:
    """Reads the rows of one file, by the orders and forms of its columns (`fields.Rules`)."""

    def __init__(self, layout: Layout, orders: Mapping[int, str], forms: Mapping[int, Form]) -> None:
        self.rules = Rules(layout.profile, orders, forms, lists_companies(layout.columns))
        self.is_own = layout.profile.own
        self.columns = [(column, taking(column)) for column in layout.columns if column.field != "-"]
        self.width = len(layout.header)
        foreign = () if self.is_own else layout.columns
        self.gone = [column for column in foreign if is_gone_heading(column.name)]
        """Columns that say whether a row is deleted."""
        self.contact = next((column.index for column in foreign if is_converted_heading(column.name)), -1)
        """The column with the id of the contact that a lead was converted to; -1 if there is none."""
        self.list_of = "" if self.is_own else consents.list_of(layout.name, layout.header)
        self.converted = 0
        self.skipped = 0
        """How many rows the file marks as deleted or merged."""
        self.unguard = unguard if self.is_own else unguard_foreign

    def read(self, line: int, raw: list[str]) -> Iterator[Draft | Problem]:
        """Yield the row's doubts and its draft, or the problem why the row is rejected."""
        cells = raw if self.is_own else [cell.strip() for cell in raw]
        if self.gone and self.is_gone(cells):
            self.skipped += 1
            return
        row = self.collected(cells, raw)
        extra = cells[self.width :]
        row.custom.extend(beyond(extra))
        kept = tuple(raw)
        found = draft(row, line, kept)
        if found is None:
            yield Problem(line, "no name, e-mail, phone, company or link", rejected=True, raw=kept)
            return
        if any(extra):
            row.doubts.append(f"{len(extra)} more cells than columns; kept as custom fields extra_n")
        for doubt in row.doubts:
            yield Problem(line, doubt, raw=kept)
        if self.contact >= 0:
            found = self.with_contact(found, cells)
        if self.list_of:
            found = self.with_consent(found)
        yield found

    def is_gone(self, cells: list[str]) -> bool:
        """Does the row say that it is deleted, merged into another one, or a draft?"""
        return any(each.index < len(cells) and is_gone(each.name, cells[each.index]) for each in self.gone)

    def with_contact(self, lead: Draft, cells: list[str]) -> Draft:
        """Return a lead that was converted under the key of its contact, and count it."""
        key = cells[self.contact] if self.contact < len(cells) else ""
        if not key:
            return lead
        self.converted += 1
        return lead._replace(uid=key, is_earlier=True)

    def with_consent(self, found: Draft) -> Draft:
        """Return a person with the opt-out that being in this file means, unless the row says more."""
        if found.kind != "person" or found.consents:
            return found
        return found._replace(consents=(Consent("email", source=self.list_of),))

    def remarks(self) -> Iterator[Problem]:
        """Yield what is to be said of all rows together."""
        if self.skipped:
            yield Problem(0, skipped(self.skipped))
        if self.converted:
            leads = "1 lead is" if self.converted == 1 else f"{self.converted} leads are"
            yield Problem(0, f"{leads} converted; the contact that it became is the same person")

    def collected(self, cells: list[str], raw: list[str]) -> Row:
        """Return the fields of a row; ``cells`` show which of the ``raw`` cells are empty."""
        row = Row(self.rules)
        width = len(cells)
        for column, take in self.columns:
            at = column.index
            if at < width and cells[at] and (cell := self.cleaned(raw[at])):
                take(row, column, cell)
        return row

    def cleaned(self, cell: str) -> str:
        """Return the cell without its guard; surrounding white space is kept only for crm's own files."""
        if self.is_own:
            return nfc(self.unguard(cell))
        text = self.unguard(cell.strip(" \r\n\xa0")).strip()
        return nfc(text)
