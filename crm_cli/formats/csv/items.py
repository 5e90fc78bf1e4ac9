"""Open a table of deals or activities: its columns, the order of its dates, its currency, and its rows as items."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
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
    headed = next((each.name for each in planned if each.field == "amount"), "")
    currency = item_columns.currency_of(headed, options.currency)
    options = replace(options, currency=currency or options.currency)
    warnings = [] if currency else list(_of_currency(seen, planned, options))
    guess = seen.order_of_days() or _usual(seen, layout, options)
    dated = seen.dated()
    orders = {
        column.index: options.date_order or csv_dates.decided(column.name, dated[column.index], guess, warnings)
        for column in planned
        if column.index in dated
    }
    usual = "," if layout.delimiter == ";" else "."
    spelling = Spelling(options.currency or NO_CURRENCY, seen.decimal() or usual)
    kind = item_columns.kind_of(layout.listed, layout.header, planned, layout.name)
    forms = custom_cells.forms(seen.custom, orders)
    return Table(layout.listed, planned, orders, spelling, kind, seen.mine(), forms), warnings


def _of_currency(seen: _Seen, columns: Iterable[Column], options: Options) -> Iterator[str]:
    """Warn of amounts without a currency in a file that has no column for it."""
    if seen.bare and not any(column.field == "currency" for column in columns):
        unknown = "none is configured; amounts have none (XXX)"
        taken = f"amounts are in {options.currency}" if options.currency else unknown
        yield f"no column for the currency; {taken}"


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
        self.days: dict[int, set[str]] = {}
        self.custom: dict[int, custom_cells.Seen] = {}
        self.looks = [(column.index, look) for column in columns if (look := self._looking(column))]
        self.decimals: set[str] = set()
        self.half_days = False
        """Are there times like 3:04 PM?"""
        self.bare = False
        """Is there an amount without a currency?"""
        self.parties: set[str] | None = None
        """Who is in every message so far; None before the first."""
        self.here: set[str] = set()
        """Who is in the message of this row."""
        self.named: dict[str, str] = {}

    def look(self, cells: list[str]) -> None:
        """Look at the cells of a row."""
        self.here = set()
        for index, look in self.looks:
            if index < len(cells) and (cell := cells[index].strip()):
                look(cell)
        if self.here:
            self.parties = self.here if self.parties is None else self.parties & self.here

    def _looking(self, column: Column) -> Callable[[str], None] | None:
        """Return what looks at the cells of a column, None for a column whose cells decide nothing."""
        if column.field in DATED:
            return partial(self._look_at_day, self.days.setdefault(column.index, set()))
        if column.field == "custom":
            return self.custom.setdefault(column.index, custom_cells.Seen()).look
        if column.field == "amount":
            return self._look_at_amount
        return self._look_at_names if column.field in ("from", "to") else None

    def _look_at_day(self, ambiguous: set[str], cell: str) -> None:
        day = moments.day_of(cell)[:30]
        self.half_days = self.half_days or cell[-2:].lower() in ("am", "pm")
        if csv_dates.is_ambiguous(day):
            ambiguous.add(day)

    def _look_at_amount(self, cell: str) -> None:
        self.decimals |= set(_CENTS.findall(cell))
        self.bare = self.bare or not any(map(str.isalpha, cell))

    def _look_at_names(self, cell: str) -> None:
        names = {sort_key(name): name for name in map(nfc, filter(None, SEPARATORS.split(cell)))}
        self.named |= names
        self.here |= names.keys()

    def dated(self) -> dict[int, set[str]]:
        """Return the cells of each column of days whose order of day and month matters."""
        own = {index: each.ambiguous for index, each in self.custom.items() if each.is_of(each.days)}
        return self.days | own

    def order_of_days(self) -> str:
        """Return the one order of day and month that columns of days show, ``""`` if they differ or show none."""
        shown = {order for each in self.days.values() if (order := csv_dates.order(each)) in ("dmy", "mdy")}
        return shown.pop() if len(shown) == 1 else ""

    def decimal(self) -> str:
        """Return the decimal sign that the amounts show, ``""`` if they show none or both."""
        return "".join(self.decimals) if len(self.decimals) == 1 else ""

    def mine(self) -> str:
        """Return the one name that is in every message: the user's."""
        found = self.parties or set()
        return self.named[next(iter(found))] if len(found) == 1 and len(self.named) > 2 else ""


def _usual(seen: _Seen, layout: Layout, options: Options) -> str:
    """Return the usual order of day and month: of the headings' language, of the times of day, or the user's region."""
    if layout.delimiter == ";" or csv_columns.is_day_first(layout.header):
        return "dmy"
    if seen.half_days:
        return "mdy"
    return csv_dates.order_of_region(options.region) or "mdy"
