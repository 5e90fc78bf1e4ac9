"""Tables that link people to deals by their keys alone: Salesforce's OpportunityContactRole and its like."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from crm_cli.core.items import Item, Link
from crm_cli.core.records import Problem
from crm_cli.formats.csv.headings import letters
from crm_cli.formats.csv.records import Record
from crm_cli.formats.csv.values import is_gone, is_gone_heading, skipped

LISTED = "contact roles"
"""What such a file lists."""
_DEALS = ("opportunityid", "dealid")
_PEOPLE = ("contactid", "personid")
_ROLES = ("role", "contactrole")
_BESIDE = ("id", "isprimary", "primary", *_ROLES)


class _Places(NamedTuple):
    """The indexes of the columns that matter; -1 for one that the table does not have."""

    deal: int
    person: int
    role: int


def is_table(header: Sequence[str]) -> bool:
    """Does a heading have the keys of a deal and of a person, a role, and hardly anything else?"""
    names = [letters(cell) for cell in header]
    known = sum(each in (*_DEALS, *_PEOPLE, *_BESIDE) for each in names)
    has_both = bool({*_DEALS} & {*names}) and bool({*_PEOPLE} & {*names})
    return (
        has_both and bool({*_BESIDE[1:]} & {*names}) and not {"name", "stagename", "subject"} & {*names} and known > 2
    )


def fields(header: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return each column with its field, as an import preview shows it."""
    shown = {
        **dict.fromkeys(_DEALS, "deal.key"),
        **dict.fromkeys(_PEOPLE, "person.key"),
        **dict.fromkeys(_ROLES, "role"),
    }
    return tuple((name, shown.get(letters(name), "-")) for name in header)


def items(header: Sequence[str], rows: Iterable[Record | Problem]) -> Iterator[Item | Problem]:
    """Yield an item of kind ``role`` with its two links for each row; a deleted one is counted."""
    places = _places(header)
    marks = [at for at, name in enumerate(header) if is_gone_heading(name)]
    gone = 0
    for record in rows:
        if isinstance(record, Problem):
            yield record
            continue
        cells = [cell.strip() for cell in record.cells]
        if any(is_gone(header[at], _cell(cells, at)) for at in marks):
            gone += 1
        elif any(cells):
            yield _item(record, cells, places)
    if gone:
        yield Problem(0, skipped(gone))


def _places(header: Sequence[str]) -> _Places:
    names = [letters(cell) for cell in header]
    return _Places(_first(names, _DEALS), _first(names, _PEOPLE), _first(names, _ROLES))


def _first(names: Sequence[str], wanted: Sequence[str]) -> int:
    return next((at for at, name in enumerate(names) if name in wanted), -1)


def _cell(cells: Sequence[str], at: int) -> str:
    return cells[at] if 0 <= at < len(cells) else ""


def _item(record: Record, cells: Sequence[str], places: _Places) -> Item | Problem:
    """Return the item of a row, or why it is rejected."""
    raw = tuple(record.cells)
    deal, person, role = (_cell(cells, at) for at in places)
    if not (deal and person):
        return Problem(record.line, "no id of a deal and of a person", rejected=True, raw=raw)
    links = (Link("deal", deal), Link("contact", person))
    return Item("role", (("role", role),) if role else (), links, line=record.line, raw=raw)
