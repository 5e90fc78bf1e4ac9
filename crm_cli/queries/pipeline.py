"""The pipeline: deals in any order, the board, and the stages that a deal went through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_cli.core.deals import Board, Lane, StageChange, total
from crm_cli.errors import UsageError
from crm_cli.queries import stages
from crm_cli.queries.deals import load
from crm_cli.queries.money import UNITS

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from crm_cli.core.daily import Deal


_STAGE = "(SELECT s.{column} FROM stage s WHERE s.id = d.stage_id)"
SORTS = {
    "close": "d.close_on",
    "amount": f"d.amount * {UNITS}",
    "stage": _STAGE.format(column="place"),
    "probability": f"coalesce(d.probability, {_STAGE.format(column='probability')})",
    "title": "d.title_key",
    "company": "(SELECT c.name_key FROM company c WHERE c.id = d.company_id)",
    "created": "d.created_utc",
    "updated": "d.updated_utc",
    "closed": "d.closed_utc",
    "id": "d.id",
}
"""``--sort`` word -> the SQL expression that deals (``d``) are sorted by; those without a value come last."""


def ids(
    db: sqlite3.Connection, where: str = "1", params: Sequence[Any] = (), *, sort: str = "close", limit: int = 0
) -> list[int]:
    """Return the ids of the deals that match ``where`` (over ``d``); ``limit`` 0 means all. Raises UsageError."""
    name = sort.removeprefix("-")
    if name not in SORTS:
        raise UsageError(f"there is no order {name}", hint="orders: " + ", ".join(SORTS) + "; -close reverses it")
    way = "DESC" if sort.startswith("-") else "ASC"
    found = db.execute(
        f"SELECT d.id FROM deal d WHERE {where} ORDER BY {SORTS[name]} IS NULL, {SORTS[name]} {way}, d.id {way}"
        " LIMIT ?",
        [*params, limit or -1],
    )
    return [row[0] for row in found]


def board(db: sqlite3.Connection, *, since: str, where: str = "1", params: Sequence[Any] = ()) -> Board:
    """Return the pipeline with its open deals (filtered by ``where`` over ``d``), and what closed since an instant.

    An archived stage is included while it has open deals.
    """
    found = load(db, ids(db, f"d.status = 'open' AND ({where})", params))
    lanes = []
    for stage in stages.every(db):
        held = tuple(deal for deal in found if deal.stage_id == stage.id)
        if held or not stage.archived:
            lanes.append(Lane(stage, held, total(held)))
    closed = f"d.status = ? AND d.closed_utc >= ? AND ({where})"
    won, lost = (total(load(db, ids(db, closed, [status, since, *params]))) for status in ("won", "lost"))
    return Board(tuple(lanes), total(found), won, lost, since)


def closed(db: sqlite3.Connection, *, since: str, also: int | None = None) -> list[Deal]:
    """Return the deals that were won or lost since an instant, the latest first, and one ``also`` if it is closed."""
    found = "d.status <> 'open' AND (d.closed_utc >= ? OR d.id = ?)"
    return load(db, ids(db, found, [since, also], sort="-closed"))


def stages_of(db: sqlite3.Connection, deal_id: int) -> list[StageChange]:
    """Return the stages that a deal went through, oldest first, each with the instant at which it ended."""
    found = db.execute(
        "SELECT s.name, h.status, h.reason, h.at_utc FROM stage_change h JOIN stage s ON s.id = h.stage_id"
        " WHERE h.deal_id = ? ORDER BY h.id",
        (deal_id,),
    ).fetchall()
    ends = [*(row[3] for row in found[1:]), None]
    return [
        StageChange(stage, status, reason, at, end)
        for (stage, status, reason, at), end in zip(found, ends[: len(found)], strict=True)
    ]
