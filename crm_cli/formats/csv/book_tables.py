"""The tables of a book as CSV, beside that of the people: companies, which are imported again, deals and activities."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from crm_cli.core.money import plain
from crm_cli.formats.csv import write
from crm_cli.formats.csv.cells import guard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from crm_cli.core.daily import Activity, Deal, Person
    from crm_cli.core.records import Company

COMPANY = ["crm company id", "crm uid", "crm revision", "name"]


def company_columns(rows: Iterable[Company]) -> list[str]:
    """Return the header that these companies need, custom fields last."""
    most: Counter[str] = Counter()
    preferred: set[str] = set()
    custom: dict[str, None] = {}
    for each in rows:
        most |= write.counts(each)
        preferred |= write.preferred(each)
        custom.update(dict.fromkeys(write.CUSTOM + name for name, _ in each.custom))
    return [*COMPANY, *write.numbered(most, preferred), "source", *write.LAST, *custom]


def company_row(company: Company, columns: Sequence[str]) -> list[str]:
    """Return the guarded cells of one company under these columns."""
    cells = {
        "crm company id": f"c{company.id}",
        "crm uid": company.uid,
        "crm revision": str(company.revision),
        "name": company.name,
        "source": company.source or "",
        "tags": write.tags_cell(company.tags),
        "notes": company.notes,
        **write.list_cells(company),
    }
    return [guard(cells.get(column, "")) for column in columns]


def _people(found: Sequence[Person]) -> str:
    return "; ".join(f"{each.name} ({each.id})" for each in found)


DEAL: Mapping[str, Callable[[Deal], str | int | None]] = {
    "crm deal id": lambda deal: f"d{deal.id}",
    "crm uid": lambda deal: deal.uid,
    "title": lambda deal: deal.title,
    "status": lambda deal: deal.status,
    "stage": lambda deal: deal.stage,
    "amount": lambda deal: plain(deal.amount) if deal.amount else "",
    "currency": lambda deal: deal.amount.currency if deal.amount else "",
    "probability": lambda deal: deal.probability,
    "close": lambda deal: deal.close,
    "closed": lambda deal: deal.closed,
    "reason": lambda deal: deal.reason,
    "company": lambda deal: deal.company,
    "people": lambda deal: _people(deal.people),
    "source": lambda deal: deal.source,
    "created": lambda deal: deal.created,
    "notes": lambda deal: deal.notes,
}
ACTIVITY: Mapping[str, Callable[[Activity], str | int | None]] = {
    "crm activity id": lambda activity: f"a{activity.id}",
    "crm uid": lambda activity: activity.uid,
    "kind": lambda activity: activity.kind,
    "status": lambda activity: activity.status,
    "subject": lambda activity: activity.subject,
    "at": lambda activity: activity.at,
    "due": lambda activity: " ".join(filter(None, (activity.due_date, activity.due_time))),
    "zone": lambda activity: activity.zone,
    "direction": lambda activity: activity.direction,
    "outcome": lambda activity: activity.outcome,
    "minutes": lambda activity: activity.minutes,
    "priority": lambda activity: activity.priority,
    "people": lambda activity: _people(activity.people),
    "company": lambda activity: activity.company,
    "deal": lambda activity: f"{activity.deal} (d{activity.deal_id})" if activity.deal_id else "",
    "created": lambda activity: activity.created,
    "text": lambda activity: activity.body,
}
"""Heading -> its cell. Instants are in UTC."""


def deal_row(deal: Deal) -> list[str]:
    """Return the guarded cells of a deal under the headings of ``DEAL``."""
    return [_cell(value(deal)) for value in DEAL.values()]


def activity_row(activity: Activity) -> list[str]:
    """Return the guarded cells of an activity under the headings of ``ACTIVITY``."""
    return [_cell(value(activity)) for value in ACTIVITY.values()]


def _cell(value: str | int | None) -> str:
    return "" if value is None else guard(str(value))
