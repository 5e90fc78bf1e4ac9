"""By which channels people may be reached."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from crm_cli.core.json_text import json_ids
from crm_cli.queries.batches import marks

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection

    from crm_cli.core.records import Consent


def load(db: sqlite3.Connection, ids: list[int]) -> dict[int, list[Consent]]:
    """Return what is recorded of these people's consent, in the order of the channels."""
    from crm_cli.core.records import Consent

    found: dict[int, list[Consent]] = defaultdict(list)
    for owner, *row in db.execute(
        f"SELECT contact_id, channel, state, on_date, source, id FROM consent WHERE contact_id IN ({marks(ids)})"
        " ORDER BY contact_id, channel",
        ids,
    ):
        found[owner].append(Consent(*row))
    return found


def stopped(db: sqlite3.Connection, ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Return the channels that must not be used, of those of the people who have any."""
    found: dict[int, tuple[str, ...]] = {}
    if not ids:
        return found
    sql = (
        "SELECT c.contact_id, c.channel FROM json_each(?) j JOIN consent c ON c.contact_id = j.value"
        " WHERE c.state = 'stopped' ORDER BY c.channel"
    )
    for ref, channel in db.execute(sql, (json_ids(ids),)):
        found[ref] = (*found.get(ref, ()), channel)
    return found


def count_stopped(db: sqlite3.Connection, after: int) -> int:
    """Return how many people were stopped by the rows with an id above ``after``."""
    sql = "SELECT count(DISTINCT contact_id) FROM consent WHERE id > ? AND state = 'stopped'"
    return int(db.execute(sql, (after,)).fetchone()[0])
