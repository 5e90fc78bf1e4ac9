"""Everything that the book holds about a person, in one record: what `crm disclose` hands out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm_cli.queries import activities, changes, contacts, deals, personal
from crm_cli.queries.snapshots import snapshot

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from crm_cli.core.daily import Activity, Deal
    from crm_cli.core.records import ChangeInfo, Contact
    from crm_cli.queries.changes import Difference
    from crm_cli.queries.personal import Mention, Origin, Row


class Change(NamedTuple):
    """A change that touched the person, and what it did to them."""

    info: ChangeInfo
    differences: list[Difference]


class Disclosure(NamedTuple):
    """All about a person. ``rows`` are those of every table that holds their data, ``origins`` where each came from."""

    contact: Contact
    done: list[Activity]
    planned: list[Activity]
    cancelled: list[Activity]
    deals: list[Deal]
    rows: Mapping[str, list[Row]]
    origins: Mapping[tuple[str, str], Origin]
    keys: Mapping[str, tuple[str, ...]]
    """table -> the columns of its key, by which ``origins`` is looked up."""
    imports: list[tuple[str, str, str]]
    changes: list[Change]
    mentions: list[Mention]


def read(db: sqlite3.Connection, person: int) -> Disclosure:
    """Return all that one state of the book holds about a person. Raises NotFoundError."""
    with snapshot(db):
        contact = contacts.get(db, person)
        rows = personal.rows(db, person)
        pattern = personal.pattern(db, person)
        ids = [row["id"] for row in rows["deal"]]
        return Disclosure(
            contact,
            activities.load(db, activities.ids_of(db, "contact", person, status="done")),
            activities.load(db, activities.ids_of(db, "contact", person, status="open")),
            activities.load(db, activities.ids_of(db, "contact", person, status="cancelled")),
            deals.load(db, ids),
            rows,
            personal.origins(db, rows),
            personal.row_keys(db),
            personal.imports(db, person),
            [
                Change(info, changes.differences(db, info.id, kind="contact", record_id=person, limit=-1))
                for info in changes.recent(db, kind="contact", record_id=person)
            ],
            personal.found_in_texts(db, person, pattern) if pattern else [],
        )
