"""Read a CSV file into drafts: find its layout, then read row by row (formats reference, sections 1.3 and 2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import BinaryIO

from crm_cli.core.items import Item
from crm_cli.core.records import Draft, Problem
from crm_cli.errors import UsageError
from crm_cli.formats.csv import columns as csv_columns
from crm_cli.formats.csv import contact_roles, contsupp, custom_cells
from crm_cli.formats.csv import dates as csv_dates
from crm_cli.formats.csv.detect import Layout, detect
from crm_cli.formats.csv.footers import Table
from crm_cli.formats.csv.records import Record, records
from crm_cli.formats.csv.rows import Reader
from crm_cli.formats.decoding import READ_AS, STRAY, Encoding, batches, damage, is_utf8, survey
from crm_cli.formats.source import Options, Source

_SCANNED = 20_000
"""Maximum number of rows scanned to decide whether the day or the month comes first."""
_SAMPLED = 5_000
"""Maximum number of rows that show what the columns of custom fields hold."""
_DATES = ("birthday", "anniversary", "event")


@dataclass(slots=True)
class _Scan:
    """What one pass over the file finds before its rows are read."""

    orders: dict[int, str]
    warnings: list[str]
    forms: dict[int, custom_cells.Form]


def open_csv(stream: BinaryIO, encoding: Encoding, *, name: str, options: Options) -> Source:
    """Open a delimited file as an address book; FormatError if it is not one."""
    layout = detect(stream, encoding, name=name, options=options)
    if layout.listed == contact_roles.LISTED:
        return _roles(stream, layout)
    if layout.listed and contsupp.is_table(layout.header) and not options.mapping:
        return _contsupp(stream, layout)
    if layout.listed:
        return _items(stream, layout, options)
    scan = _scan(stream, layout, options)
    if options.encoding or layout.encoding != "utf-8" or not encoding.certain:
        scan.warnings.extend(_damage(stream, layout))
    reader = Reader(layout, scan.orders, scan.forms)
    return Source(
        "csv",
        layout.profile.name,
        layout.encoding,
        layout.delimiter,
        layout.header,
        tuple((column.name, column.shown) for column in layout.columns),
        tuple(scan.warnings),
        _drafts(stream, layout, reader),
    )


def _items(stream: BinaryIO, layout: Layout, options: Options) -> Source:
    """Open a table of deals or activities."""
    from crm_cli.formats.csv import items

    _check_date_order(options)
    table, warnings = items.table(layout, _rows(stream, layout), options)
    return _listing(
        layout,
        "generic",
        tuple((column.name, column.shown) for column in table.columns),
        people=items.people(table, _table_rows(stream, layout)),
        items=items.items(table, _table_rows(stream, layout)),
        warnings=warnings,
    )


def _roles(stream: BinaryIO, layout: Layout) -> Source:
    """Open a table that links people to deals."""
    found = contact_roles.items(layout.header, _table_rows(stream, layout))
    return _listing(layout, "generic", contact_roles.fields(layout.header), people=iter(()), items=found)


def _contsupp(stream: BinaryIO, layout: Layout) -> Source:
    """Open GoldMine's table of details and further contacts."""
    source = _listing(
        layout,
        "goldmine",
        contsupp.fields(layout.header),
        people=contsupp.people(layout.header, _table_rows(stream, layout)),
        items=contsupp.items(layout.header, _table_rows(stream, layout)),
    )
    return replace(source, listed=contsupp.LISTED)


def _listing(
    layout: Layout,
    profile: str,
    mapping: tuple[tuple[str, str], ...],
    *,
    people: Iterator[Draft | Problem],
    items: Iterator[Item | Problem],
    warnings: Iterable[str] = (),
) -> Source:
    """Return the source of a table that lists other records than people: its items, and the people beside them."""
    return Source(
        "csv",
        profile,
        layout.encoding,
        layout.delimiter,
        layout.header,
        mapping,
        (*layout.doubts, *warnings),
        people,
        items,
        layout.listed,
    )


def _check_date_order(options: Options) -> None:
    if options.date_order not in ("", "dmy", "mdy"):
        raise UsageError(f"a date order is dmy or mdy, not {options.date_order!r}")


def _table_rows(stream: BinaryIO, layout: Layout) -> Iterator[Record | Problem]:
    """Yield the records, without the lines of a report around them, which are counted."""
    return Table(layout.header, layout.titles).rows(_rows(stream, layout))


def _rows(stream: BinaryIO, layout: Layout) -> Iterator[Record]:
    """Yield the records below the heading."""
    lines = batches(stream, layout.encoding, layout.errors, keep_ends=layout.own_ends)
    for record in records(lines, layout.delimiter, len(layout.header), keep_blanks=layout.profile.own):
        if record.line > layout.line:
            yield record


def _drafts(stream: BinaryIO, layout: Layout, reader: Reader) -> Iterator[Draft | Problem]:
    """Yield a draft or a problem for each row; blank rows are skipped, lines of a report are counted."""
    rows: Iterator[Record | Problem] = _rows(stream, layout)
    if not layout.profile.own:
        rows = _table_rows(stream, layout)
    for record in rows:
        if isinstance(record, Problem):
            yield record
            continue
        if record.problem:
            yield Problem(record.line, record.problem, record.rejected, tuple(record.cells))
        if not record.rejected and any(map(str.strip, record.cells)):
            yield from reader.read(record.line, record.cells)
    yield from reader.remarks()


def _scan(stream: BinaryIO, layout: Layout, options: Options) -> _Scan:
    """Decide the order of day and month of each date column, and the form of each column of a custom field."""
    _check_date_order(options)
    custom = {} if layout.profile.own else _custom(stream, layout)
    cells = _dated_cells(stream, layout)
    cells |= {index: seen.ambiguous for index, seen in custom.items() if seen.is_of(seen.days)}
    guess = _common_order(cells.values()) or _usual(layout, options)
    warnings = list(layout.doubts)
    orders = {
        index: options.date_order or csv_dates.decided(layout.header[index].strip(), found, guess, warnings)
        for index, found in cells.items()
    }
    return _Scan(orders, warnings, custom_cells.forms(custom, orders))


def _custom(stream: BinaryIO, layout: Layout) -> dict[int, custom_cells.Seen]:
    """Return what the first rows show of the columns that become custom fields."""
    indexes = [column.index for column in layout.columns if column.field == "custom"]
    rows = (record.cells for record in islice(_table_rows(stream, layout), _SAMPLED) if isinstance(record, Record))
    return custom_cells.look(rows, indexes) if indexes else {}


def _common_order(columns: Iterable[set[str]]) -> str:
    """Return the order that every date column shows that shows one, ``""`` if they differ or show none."""
    shown = {csv_dates.order(cells) for cells in columns} - {""}
    return "".join(shown) if len(shown) == 1 and shown != {"mixed"} else ""


def _dated_cells(stream: BinaryIO, layout: Layout) -> dict[int, set[str]]:
    """Return the cells of each date column whose order of day and month matters."""
    cells: dict[int, set[str]] = {column.index: set() for column in layout.columns if column.field in _DATES}
    if not cells:
        return {}
    for record in islice(_rows(stream, layout), _SCANNED):
        for index, found in cells.items():
            if index < len(record.cells) and csv_dates.is_ambiguous(record.cells[index]):
                found.add(record.cells[index].strip()[:30])
    return cells


def _usual(layout: Layout, options: Options) -> str:
    """Return the usual order of day and month: of the headings' language, the user's region, or the product."""
    if layout.delimiter == ";" or layout.profile.dates == "dmy" or csv_columns.is_day_first(layout.header):
        return "dmy"
    return csv_dates.order_of_region(options.region) or layout.profile.dates or "mdy"


def _damage(stream: BinaryIO, layout: Layout) -> Iterator[str]:
    """Report bytes that are not valid in the encoding of the file."""
    if layout.errors == STRAY:
        if not is_utf8(stream):
            found = survey(stream)
            bytes_are = "1 byte is" if found.bad == 1 else f"{found.bad} bytes are"
            yield f"{bytes_are} not UTF-8 (the first in line {found.line}); {READ_AS}"
        return
    count, line = damage(stream, layout.encoding)
    if count:
        what = "1 character" if count == 1 else f"{count} characters"
        yield f"{what} could not be read as {layout.encoding} (the first in line {line}; --encoding names another)"
