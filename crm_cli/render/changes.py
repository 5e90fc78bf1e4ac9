"""What changes did, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crm_cli.core.records import ChangeInfo
    from crm_cli.queries.changes import Difference

_ORIGINS = {"tui": "dashboard"}
NOT_KEPT = "values not kept"
"""What is shown for a change whose values the journal does not have: a bulk import, or one whose person was erased."""
_SHOWN = 60
"""How many characters of a value are shown."""


def origin(record: ChangeInfo) -> str:
    """Return who made a change: hand, script, cron or dashboard."""
    return _ORIGINS.get(record.origin, record.origin)


def differing(found: Sequence[Difference]) -> str:
    """Return what a change did to a record: ``locality Pune → Goa; +contact tag vip``."""
    return "; ".join(map(_row, _by_row(found))) or NOT_KEPT


def _by_row(found: Iterable[Difference]) -> Iterator[list[Difference]]:
    """Yield the differences of each row; a column that occurs again begins the next row of the same table."""
    row: list[Difference] = []
    for each in found:
        same = row and (row[0].table, row[0].op, row[0].of) == (each.table, each.op, each.of)
        if row and (not same or each.column in {one.column for one in row}):
            yield row
            row = []
        row.append(each)
    if row:
        yield row


def _row(row: Sequence[Difference]) -> str:
    """Return what became of a row: its values if it is new or gone, else the columns that differ."""
    if row[0].op == "update":
        return ", ".join(
            " ".join(f"{each.column} {_value(each.before)} → {_value(each.after)}".split()) for each in row
        )
    sign = "+" if row[0].op == "insert" else "-"
    values = (_value(each.after if row[0].op == "insert" else each.before) for each in row)
    return " ".join([sign + row[0].table.replace("_", " "), *filter(None, values)])


def _value(value: Any) -> str:
    text = "" if value is None else " ".join(str(value).split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
