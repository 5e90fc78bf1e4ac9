"""Later links of a record that others were merged into, when they came by an address or a key of one of the others.

They are noted as if the merge had made them, so that taking it apart hands them to the record that they came for.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from crm_cli.core.kinds import BY_NAME
from crm_cli.queries import merges

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from crm_cli.core.kinds import Kind

    Ways = Sequence[Collection[str]]


def came_by(db: sqlite3.Connection, table: str, owner: int, records: Mapping[int, Ways], kind: str = "contact") -> None:
    """Note for merged records that an activity or a deal came by an address or a key of one of them.

    ``table`` is that of the link: activity_participant, deal_participant, activity or deal; ``owner`` is the id of the
    activity or deal. ``records`` maps people (or companies) to the ways by which they were found: folded addresses and
    keys, each in all its spellings.
    """
    known = BY_NAME[kind]
    for record, ways in records.items():
        for merge_id, loser, own in _brought(db, known, record, ways):
            before, after = _link_images(table, owner, known, record, loser, own=own)
            db.execute(
                "INSERT INTO merge_row (merge_id, tbl, row_key, before, after) VALUES (?, ?, ?, ?, ?)",
                (merge_id, table, json.dumps([owner]), before, after),
            )


_BROUGHT = " UNION ALL ".join(
    f"SELECT t.{value} FROM merge_row r JOIN {table} t ON t.id = json_extract(r.after, '$.id')"
    f" WHERE r.merge_id = ? AND r.tbl = '{table}' AND json_extract(r.before, '$.{{column}}') = ?"
    f" AND t.{{column}} = ? AND t.{value} = json_extract(r.before, '$.{value}')"
    for table, value in (("contact_point", "norm"), ("external_ref", "key"))
)
"""SQL for the addresses and keys that a merge gave to the survivor, and that it still has."""


def _brought(db: sqlite3.Connection, kind: Kind, record: int, ways: Ways) -> Iterator[tuple[int, int, bool]]:
    """Yield the merges into a record whose loser brought some of the ways: id, loser, and whether some are not its."""
    for each in merges.of(db, kind.name, record):
        rows = db.execute(
            _BROUGHT.format(column=kind.column), (each.id, each.loser, record, each.id, each.loser, record)
        )
        brought = {key for (key,) in rows} | {each.uid}
        its = [bool(brought.intersection(spellings)) for spellings in ways]
        if any(its):
            yield each.id, each.loser, not all(its)


def _link_images(
    table: str, owner: int, kind: Kind, record: int, loser: int, *, own: bool
) -> tuple[str | None, str | None]:
    """Return the images of a link that came to the survivor, as the merge would have written them.

    ``own``: it came by an address of the survivor as well, so both had a part in it.
    """
    if table in kind.joins:
        key = f"{table.partition('_')[0]}_id"
        return (json.dumps({key: owner, kind.column: loser}), None) if own else (None, None)
    before, after = ({"id": owner, kind.column: ref} for ref in (loser, record))
    return json.dumps(before), json.dumps(after)
