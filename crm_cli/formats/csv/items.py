"""Open a table of deals or activities: its columns, the order of its dates, its currency, and its rows as items."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from crm_cli.core.items import Item
from crm_cli.core.money import Spelling
from crm_cli.core.records import Draft, Problem
from crm_cli.core.text.folding import nfc, sort_key
from crm_cli.formats.csv import columns as csv_columns
from crm_cli.formats.csv import custom_cells, item_columns, item_rows, moments
from crm_cli.formats.csv import dates as csv_dates
from crm_cli.formats.csv.detect import Layout
from crm_cli.formats.csv.item_cells import SEPARATORS, Table
from crm_cli.formats.csv.item_columns import DATED, Column
from crm_cli.formats.csv.records import Record
from crm_cli.formats.csv.values import skipped
from crm_cli.formats.source import Options

_SCANNED = 20_000
"""Maximum number of rows that are looked at before the rows are read."""
NO_CURRENCY = "XXX"
"""What ISO 4217 writes for amounts without a currency."""
_CENTS = re.compile(r"\d([.,])\d{1,2}(?!\d)")


def table(layout: Layout, rows: Iterable[Record], options: Options) -> tuple[Table, list[str]]:
    """Return how to read the rows of a file, and the warnings about what was guessed."""
    planned = item_columns.plan(layout.header, layout.listed, options.mapping)
    seen = _Seen(planned)
    for record in islice(rows, _SCANNED):
        seen.look(record.cells)
    warnings: list[str] = []
    currency = options.currency or NO_CURRENCY
    spelling = Spelling(currency, seen.decimal() or ("," if layout.delimiter == ";" else "."))
    has = {column.field for column in planned}
    if seen.bare and "currency" not in has:
        unknown = "none is configured; amounts have none (XXX)"
        taken = f"amounts are in {currency}" if options.currency else unknown
        warnings.append(f"no column for the currency; {taken}")
    orders = {
        column.index: _order(column, seen, layout, options, warnings)
        for column in planned
        if column.index in seen.dated()
    }
    forms = {index: custom_cells.form(each, orders.get(index, "")) for index, each in seen.custom.items()}
    kind = item_columns.kind_of(layout.listed, layout.header, planned, layout.name)
    found = Table(layout.listed, planned, orders, spelling, kind, seen.mine(), {k: v for k, v in forms.items() if v})
    return found, warnings


def items(found: Table, rows: Iterable[Record | Problem]) -> Iterator[Item | Problem]:
    """Yield an item or problems for each row; blank rows are skipped, deleted ones counted."""
    gone, last = 0, 0
    for record in rows:
        if isinstance(record, Problem):
            yield record
            continue
        if record.problem:
            yield Problem(record.line, record.problem, record.rejected, tuple(record.cells))
        if not record.rejected and any(map(str.strip, record.cells)):
            made = list(item_rows.read(found, record.line, record.cells))
            gone, last = gone + (not made), record.line
            yield from made
    if gone:
        yield Problem(last, skipped(gone))


def people(found: Table, rows: Iterable[Record | Problem]) -> Iterator[Draft | Problem]:
    """Yield the people that the rows describe beside the items, each once."""
    if not any(column.field in ("email", "phone") for column in found.columns):
        return
    seen: set[tuple[object, ...]] = set()
    for each in items(found, rows):
        if isinstance(each, Item) and each.person and (mark := (each.person.name, each.person.points)) not in seen:
            seen.add(mark)
            yield each.person._replace(line=each.line, raw=each.raw)


class _Seen:
    """What the cells of a file show before it is read."""

    def __init__(self, columns: Iterable[Column]) -> None:
        self.columns = list(columns)
        self.days: dict[int, set[str]] = {column.index: set() for column in self.columns if column.field in DATED}
        self.custom = {column.index: custom_cells.Seen() for column in self.columns if column.field == "custom"}
        self.decimals: set[str] = set()
        self.half_days = False
        """Are there times like 3:04 PM?"""
        self.bare = False
        """Is there an amount without a currency?"""
        self.parties: set[str] | None = None
        self.named: dict[str, str] = {}

    def look(self, cells: list[str]) -> None:
        parties: set[str] = set()
        for column in self.columns:
            cell = cells[column.index].strip() if column.index < len(cells) else ""
            if not cell:
                continue
            if column.index in self.days:
                day = moments.day_of(cell)[:30]
                self.half_days = self.half_days or cell[-2:].lower() in ("am", "pm")
                if csv_dates.is_ambiguous(day):
                    self.days[column.index].add(day)
            elif column.index in self.custom:
                if self.custom[column.index].is_open:
                    self.custom[column.index].look(cell)
            elif column.field == "amount":
                self.decimals |= set(_CENTS.findall(cell))
                self.bare = self.bare or not any(map(str.isalpha, cell))
            elif column.field in ("from", "to"):
                names = {nfc(name) for name in SEPARATORS.split(cell) if name}
                self.named |= {sort_key(name): name for name in names}
                parties |= set(map(sort_key, names))
        if parties:
            self.parties = parties if self.parties is None else self.parties & parties

    def dated(self) -> dict[int, set[str]]:
        """Return the cells of each column of days whose order of day and month matters."""
        own = {index: each.ambiguous for index, each in self.custom.items() if each.is_of(each.days)}
        return self.days | own

    def decimal(self) -> str:
        """Return the decimal sign that the amounts show, ``""`` if they show none or both."""
        return "".join(self.decimals) if len(self.decimals) == 1 else ""

    def mine(self) -> str:
        """Return the one name that is in every message: the user's."""
        found = self.parties or set()
        return self.named[next(iter(found))] if len(found) == 1 and len(self.named) > 2 else ""


def _order(column: Column, seen: _Seen, layout: Layout, options: Options, warnings: list[str]) -> str:
    """Return ``dmy``, ``mdy`` or ``mixed`` for a column of days: as they show it, else as is usual, which is said."""
    cells = seen.dated()[column.index]
    shown = options.date_order or csv_dates.order(cells)
    if shown == "mixed":
        warnings.append(
            f"{column.name}: some dates put the day first, some the month;"
            " they were kept as text (--date-order decides)"
        )
    if shown or not cells:
        return shown or "mdy"
    others = {order for each in seen.days.values() if (order := csv_dates.order(each)) in ("dmy", "mdy")}
    guess = others.pop() if len(others) == 1 else _usual(seen, layout, options)
    warnings.append(f"{column.name}: day and month are ambiguous; read as {guess} (--date-order changes it)")
    return guess


def _usual(seen: _Seen, layout: Layout, options: Options) -> str:
    if layout.delimiter == ";" or csv_columns.is_day_first(layout.header):
        return "dmy"
    if seen.half_days:
        return "mdy"
    return csv_dates.order_of_region(options.region) or "mdy"
