"""The cells of a row of deals or activities, as they are collected, and how a table of them is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from crm_cli.core.items import Link
from crm_cli.core.money import Spelling
from crm_cli.core.records import Point
from crm_cli.formats.csv import headings
from crm_cli.formats.csv.custom_cells import Form
from crm_cli.formats.csv.item_columns import TABLES, Column

SEPARATORS = re.compile(r"\s*(?:;| ::: |\n)\s*")
"""What is between several values in a cell."""
EMPTY = frozenset(("-", "n/a", "null", "(blank)", "--none--", "#n/a", "[[unknown]]", "none"))
"""Cells that say that there is no value, in columns of links, amounts and states."""
TRUE = frozenset(
    ("true", "1", "yes", "x", "y", "checked", "ja", "oui", "si", "sí", "sì", "sim", "wahr", "done", "completed")
)
"""Cells that say yes."""


@lru_cache(maxsize=4096)
def letters(cell: str) -> str:
    """Return the letters and digits of a cell, folded; cells of states and types repeat."""
    return headings.letters(cell)


@dataclass(frozen=True, slots=True)
class Table:
    """How to read the rows of one file. ``orders`` gives ``dmy`` or ``mdy`` for each column of days.

    ``kind`` is the kind of an activity whose row does not say it, ``mine`` the name that is in every message.
    """

    listed: str
    columns: tuple[Column, ...]
    orders: Mapping[int, str]
    spelling: Spelling
    kind: str = ""
    mine: str = ""
    forms: Mapping[int, Form] = field(default_factory=dict)
    """Column -> the form of its cells, for custom fields that are days or yes and no."""

    @property
    def fields(self) -> str:
        """The table of fields: ``deals`` or ``activities``."""
        return TABLES[self.listed]


@dataclass(slots=True)
class Row:
    """The fields of a row as they are collected: single values, links, what is left for custom fields, doubts."""

    single: dict[str, str] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    custom: list[tuple[str, str]] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    headings: dict[str, str] = field(default_factory=dict)
    """Field -> the heading of its column."""
    cells: dict[str, str] = field(default_factory=dict)
    """Field -> its cell, for values that turn out to belong to a custom field."""

    def spare(self, name: str) -> None:
        """Keep a value that has no place in the item as a custom field of its column."""
        if name in self.cells:
            self.custom.append((self.headings[name], self.cells[name]))
        self.single.pop(name, None)
