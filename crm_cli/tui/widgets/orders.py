"""The orders of a list, as ``--sort`` writes them: the name of a column, with ``-`` in front to reverse it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def following(sorts: Sequence[str], sort: str) -> str:
    """Return the order after one, which may be reversed; after the last comes the first."""
    names = [one.removeprefix("-") for one in sorts]
    return sorts[(names.index(sort.removeprefix("-")) + 1) % len(names)]


def turned(sort: str) -> str:
    """Return the reverse order."""
    return sort.removeprefix("-") if sort.startswith("-") else f"-{sort}"


def words(sort: str) -> str:
    """Return an order as a list shows it: ``by last reach ▼``."""
    return f"by {sort.removeprefix('-').replace('-', ' ')} {'▼' if sort.startswith('-') else '▲'}"
