"""A statement narrowed by the condition of a query."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Where = tuple[str, "Sequence[object]"]
"""A condition and its values, as built by queries.filters."""


def bound(clause: str, named: Mapping[str, object], where: Where | None) -> tuple[str, dict[str, object]]:
    """Return a clause narrowed by a query, and the values of both by name."""
    values = dict(named)
    if where:
        parts = where[0].split("?")
        names = [f":q{number}" for number in range(len(parts) - 1)]
        clause += " AND (" + "".join(part + name for part, name in zip(parts, [*names, ""], strict=True)) + ")"
        values.update({name[1:]: value for name, value in zip(names, where[1], strict=True)})
    return clause, values


def both(where: Where | None, more: Where) -> Where:
    """Return the condition that both hold."""
    return (f"({where[0]}) AND {more[0]}", (*where[1], *more[1])) if where else more
