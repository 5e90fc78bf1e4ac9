"""Turn the rows of a table of deals or activities into items."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from crm_cli.core.items import Item, Link
from crm_cli.core.records import Draft, Point, Problem
from crm_cli.core.text.folding import nfc
from crm_cli.formats.csv import dates as csv_dates
from crm_cli.formats.csv import item_activities, item_deals, moments
from crm_cli.formats.csv.cells import unguard_foreign
from crm_cli.formats.csv.item_cells import EMPTY, SEPARATORS, Row, Table, letters
from crm_cli.formats.csv.item_columns import DATED, KINDS, LINKS, Column
from crm_cli.formats.csv.values import beyond, is_gone, unlisted

_TAGS = re.compile(r"\s*[;,]\s*")
_BODIES = ("notes", "body")
_HTML = re.compile(r"<(?:p|br|div|span|b|i|strong|em|a|ul|ol|li|table|html|body|h[1-6])\b[^>]*>", re.IGNORECASE)
_BEHIND = re.compile(r"\s*(?:[(<][^()<>\s]+@[^()<>\s]+[)>]|\([cd]?\d{1,7}\))$")
"""What HubSpot writes behind the name of a person, and our own export behind a linked record."""
_IDENTIFYING = ("title", "subject", "body")
"""Values that an item without links needs one of."""
_LACKS = {"deals": "title", "activities": "subject, text or person"}
"""Table of fields -> what a row lacks that is rejected."""
_VALUES: Mapping[str, Callable[[Row, Table], dict[str, str]]] = {
    "deals": item_deals.values,
    "activities": item_activities.values,
}


def read(table: Table, line: int, raw: Sequence[str]) -> Iterator[Item | Problem]:
    """Yield the doubts about a row and its item; a problem if it has neither a title nor anything to link to."""
    row = _collected(table, raw)
    if row is None:
        return
    kept = tuple(raw)
    row.custom.extend(beyond(map(str.strip, raw[len(table.columns) :])))
    values = _VALUES[table.fields](row, table)
    item = Item(
        KINDS[table.fields],
        tuple((name, text) for name, text in values.items() if text),
        _links(row),
        tuple(dict.fromkeys(row.tags)),
        _once(row.custom),
        row.single.get("key") or row.single.get("uid", ""),
        _person(row),
        line,
        kept,
    )
    for doubt in row.doubts:
        yield Problem(line, doubt, raw=kept)
    if item.links or any(map(values.get, _IDENTIFYING)):
        yield item
    else:
        yield Problem(line, f"no {_LACKS[table.fields]}", rejected=True, raw=kept)


def _collected(table: Table, raw: Sequence[str]) -> Row | None:
    """Return the fields of a row; None for one that is marked as deleted."""
    row = Row()
    for column in table.columns:
        if column.index >= len(raw):
            continue
        cell = nfc(unguard_foreign(raw[column.index].strip(" \r\n\xa0")).strip())
        if not cell:
            continue
        if column.field == "drop":
            if is_gone(column.name, cell):
                return None
            continue
        _take(row, table, column, cell)
    return row


def _take(row: Row, table: Table, column: Column, cell: str) -> None:
    name, _, is_key = column.field.partition(".")
    if column.field == "custom":
        form = table.forms.get(column.index)
        row.custom.append((column.name, form(cell) if form else unlisted(cell)))
    elif name in LINKS:
        row.links.extend(_linked(LINKS[name], cell, is_key=bool(is_key)))
    elif name == "tags":
        row.tags.extend(filter(None, _TAGS.split(unlisted(cell))))
    elif name in ("email", "phone"):
        row.points.append(Point(name, cell, "work" if "work" in column.name.casefold() else ""))
    elif name in DATED:
        _take_moment(row, column, cell, table.orders.get(column.index, ""))
    else:
        row.headings[name], row.cells[name] = column.name, cell
        row.single[name] = _plain(cell) if name in _BODIES else cell


def _linked(target: str, cell: str, *, is_key: bool) -> Iterator[Link]:
    if letters(cell) in ("", "null", "none") or cell.casefold() in EMPTY:
        return
    for piece in filter(None, SEPARATORS.split(unlisted(cell))):
        yield Link(target, key=piece) if is_key else Link(target, name=_BEHIND.sub("", piece) or piece)


def _take_moment(row: Row, column: Column, cell: str, order: str) -> None:
    """Store the moment of a cell; of several in the same field the exact one, if they are on the same day."""
    name = column.field
    found = moments.parse(cell, day_first=order == "dmy") if order != "mixed" else None
    if found is None:
        if csv_dates.parse(moments.day_of(cell), day_first=True) != "":
            row.doubts.append(f"{column.name}: {cell[:40]!r} is not a date; kept as a custom field")
            row.custom.append((column.name, cell))
        return
    had = row.single.get(name, "")
    if had and had[:10] != found.day:
        row.custom.append((column.name, cell))
    elif len(str(found)) > len(had):
        row.single[name], row.headings[name], row.cells[name] = str(found), column.name, cell


def _plain(text: str) -> str:
    """Return the text of a cell that may hold HTML (HubSpot, Pipedrive, Odoo)."""
    if not _HTML.search(text):
        return text
    from crm_cli.formats.html import text_of

    return text_of(text)


def _links(row: Row) -> tuple[Link, ...]:
    """Return the links of a row, by their targets."""
    joined: list[Link] = []
    for target in dict.fromkeys(link.target for link in row.links):
        joined += _joined(target, [link for link in row.links if link.target == target])
    return tuple(joined)


def _joined(target: str, links: Sequence[Link]) -> list[Link]:
    """Return the links to one kind of record; as many keys as names are the same records, so they are joined."""
    keys = [link.key for link in links if link.key]
    named = list(dict.fromkeys(link.name for link in links if link.name))
    if len(keys) == len(named):
        return [Link(target, key, name) for key, name in zip(keys, named, strict=True)]
    return [Link(target, key) for key in keys] + [Link(target, name=name) for name in named]


def _once(custom: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(dict.fromkeys(custom))


def _person(row: Row) -> Draft | None:
    """Return the person that the row describes with an e-mail or a phone, if it names one person."""
    names = [link.name for link in row.links if link.target == "contact" and link.name]
    if not row.points or len(names) != 1:
        row.custom.extend((point.kind, point.value) for point in row.points)
        return None
    company = next((link.name for link in row.links if link.target == "company" and link.name), "")
    return Draft(name=names[0], company=company, points=tuple(row.points))
