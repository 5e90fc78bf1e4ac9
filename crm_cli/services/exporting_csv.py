"""Export people as CSV: in crm's own columns, all or some of them, or in those of another product."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from io import TextIOWrapper
from typing import IO, TYPE_CHECKING, Any

from crm_cli.core.kinds import ACTIVITY, COMPANY, DEAL, PERSON
from crm_cli.errors import UsageError
from crm_cli.formats.csv import cells
from crm_cli.queries import activities, book_json, companies, contacts, deals
from crm_cli.queries.batches import chunks

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from crm_cli.core.records import Company, Contact
    from crm_cli.services.exporting import Wish

TABLES = tuple(f"{kind.plural}.csv" for kind in (PERSON, COMPANY, DEAL, ACTIVITY))
"""The files of an export of all tables."""
BOM = b"\xef\xbb\xbf"


def write(db: sqlite3.Connection, out: IO[bytes], people: Sequence[int], wish: Wish) -> Mapping[str, int]:
    """Write the people; return how many values of which kind have no column. Raises UsageError for an unknown column.

    The columns are those that at least one of the people fills.
    """

    def everyone() -> Iterator[Contact]:
        return contacts.stream(db, people)

    if wish.product:
        from crm_cli.formats.csv import products

        product = products.load(wish.product)
        sheet = products.Sheet(product, everyone())
        write_rows(out, sheet.header(), map(sheet.row, everyone()), raw=wish.raw, bom=wish.bom or product.bom)
        return sheet.lost
    from crm_cli.formats.csv import write as own

    every = own.columns(everyone())
    header = chosen(every, wish.columns) if wish.columns else every
    rows = (own.row(contact, header) for contact in everyone())
    write_rows(out, own.header(header), rows, raw=wish.raw, bom=wish.bom)
    return Counter()


Open = Callable[[str], AbstractContextManager[IO[bytes]]]
"""Opens the file of a table, by its name."""


def write_tables(db: sqlite3.Connection, into: Open, people: Sequence[int], wish: Wish) -> dict[str, int]:
    """Write the people, and the companies, deals and activities that belong to them, each table to a file of its own.

    Return table -> how many records were written.
    """
    from crm_cli.formats.csv import book_tables as tables

    chosen_ids = book_json.around(db, people) if wish.query else book_json.everything(db)
    ids = {kind.table: chosen_ids[kind.table] for kind in (PERSON, COMPANY, DEAL, ACTIVITY)}
    with into("people.csv") as out:
        write(db, out, people, wish)

    def firms() -> Iterator[Company]:
        for chunk in chunks(ids[COMPANY.table]):
            yield from companies.load(db, chunk)

    header = tables.company_columns(firms())
    with into("companies.csv") as out:
        write_rows(out, header, (tables.company_row(each, header) for each in firms()), raw=wish.raw, bom=wish.bom)
    with into("deals.csv") as out:
        sales = (tables.deal_row(each) for chunk in chunks(ids[DEAL.table]) for each in deals.load(db, chunk))
        write_rows(out, list(tables.DEAL), sales, raw=wish.raw, bom=wish.bom)
    with into("activities.csv") as out:
        done = (tables.activity_row(one) for chunk in chunks(ids[ACTIVITY.table]) for one in activities.load(db, chunk))
        write_rows(out, list(tables.ACTIVITY), done, raw=wish.raw, bom=wish.bom)
    return {table: len(each) for table, each in ids.items()}


def write_zip(db: sqlite3.Connection, out: IO[bytes], people: Sequence[int], wish: Wish) -> dict[str, int]:
    """Write the tables as the members of a zip archive."""
    from zipfile import ZIP_DEFLATED, ZipFile

    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        return write_tables(db, lambda name: archive.open(name, "w"), people, wish)


def write_rows(
    out: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[Any]], *, raw: bool = False, bom: bool = False
) -> None:
    """Write guarded cells as CSV in UTF-8; ``raw`` removes the guards."""
    shown: Callable[[str], str] = cells.unguard if raw else str
    if bom:
        out.write(BOM)
    text = TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(map(shown, header))
    for row in rows:
        writer.writerow(map(shown, row))
    text.detach()


def chosen(every: Sequence[str], names: Sequence[str]) -> list[str]:
    """Return the columns with these names, in that order; ``email`` is all that begin with it.

    Raises UsageError for a name that is not a column.
    """
    found: dict[str, None] = {}
    for name in names:
        fitting = [each for each in every if each.casefold() == name.casefold()] or [
            each for each in every if each.casefold().startswith(f"{name.casefold()} ")
        ]
        if not fitting and name.casefold() not in KINDS:
            raise UsageError(f"there is no column {name}", hint="columns: " + ", ".join(every))
        found.update(dict.fromkeys(fitting))
    return list(found)


KINDS = frozenset(
    ("email", "phone", "url", "social", "im", "address", "status", "source", "language", "zone", "consent")
)
"""Columns that are missing if no person has a value."""
