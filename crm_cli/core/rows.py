"""The line of a list. In a module of its own, so that the most frequent command loads no other records."""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """One line of a list of people or companies. ``ref`` is the printed id (``12``, ``c4``), ``why`` what matched."""

    ref: str
    name: str
    company: str = ""
    title: str = ""
    email: str = ""
    phone: str = ""
    city: str = ""
    tags: tuple[str, ...] = ()
    why: str = ""
    last_reach: str | None = None
