"""When a plan is due, as columns of its row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core import instants

if TYPE_CHECKING:
    from crm_cli.core.instants import When


def due_columns(due: When | None) -> dict[str, str | None]:
    """Return the values of the columns by parameter name: date, time, zone, and the instant ``due``."""
    if due is None:
        return {"date": None, "time": None, "zone": None, "due": None}
    instant = instants.due_utc(due.date, due.time, due.zone)
    return {"date": due.date, "time": due.time, "zone": due.zone if due.time else None, "due": instant}
