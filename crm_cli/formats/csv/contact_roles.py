"""Tables that link people to deals by their keys alone: Salesforce's OpportunityContactRole and its like."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from crm_cli.core.items import Item, Link
from crm_cli.core.records import Problem
from crm_cli.formats.csv.headings import letters
from crm_cli.formats.csv.records import Record
from crm_cli.formats.csv.values import is_gone, skipped

LISTED = "contact roles"
"""What such a file lists."""
_DEALS = ("opportunityid", "dealid")
_PEOPLE = ("contactid", "personid")
_ROLES = ("role", "contactrole")
_BESIDE = ("id", "isprimary", "primary", *_ROLES)


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
    names = [letters(cell) for cell in header]
    deal, person, role = (
        next((at for at, name in enumerate(names) if name in wanted), -1) for wanted in (_DEALS, _PEOPLE, _ROLES)
    )
    gone = 0
    for record in rows:
        if isinstance(record, Problem):
            yield record
            continue
        cells = [cell.strip() for cell in record.cells]
        if not any(cells):
            continue
        if any(is_gone(name, cell) for name, cell in zip(header, cells, strict=False)):
            gone += 1
            continue
        keys = [cells[at] if 0 <= at < len(cells) else "" for at in (deal, person)]
        if not all(keys):
            reason = "no id of a deal and of a person"
            yield Problem(record.line, reason, rejected=True, raw=tuple(record.cells))
            continue
        values = (("role", cells[role]),) if 0 <= role < len(cells) and cells[role] else ()
        yield Item(
            "role", values, (Link("deal", keys[0]), Link("contact", keys[1])), line=record.line, raw=tuple(record.cells)
        )
    if gone:
        yield Problem(0, skipped(gone))
