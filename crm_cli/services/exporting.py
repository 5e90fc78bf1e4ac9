"""Export people, or a whole book, as CSV, vCard or JSON: choose the records, read them in batches, and write them."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from crm_cli import files
from crm_cli.core.instants import iso_local
from crm_cli.core.kinds import COMPANY, PERSON
from crm_cli.errors import UsageError
from crm_cli.formats.book_json import sections, write
from crm_cli.queries import activities, book_json, companies, contacts, deals, exports, records
from crm_cli.queries.batches import chunks
from crm_cli.queries.snapshots import snapshot
from crm_cli.services import salvaging

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from crm_cli.book.book import Book
    from crm_cli.formats.book_json.sections import Section
    from crm_cli.queries.book_json import View

    Cards = Mapping[str, Callable[[Any, str, str], dict[str, Any]]]
    """Table -> the function that makes a record's documented card, from the record, the zone and the time in UTC."""
    Counts = dict[str, int]
    """Table -> number of records written."""

LOST = "lost "
"""What precedes, in the counts of an export, a kind of value that the file has no column for."""

VERSIONS = ("3.0", "4.0")
"""The versions of vCard that can be written."""


class Wish(NamedTuple):
    """What to export: the people that match ``query``, or the whole book.

    ``form`` is csv, vcf, json, or zip with a CSV of each table; ``version`` is that of vCard; ``raw`` CSV does not
    escape formulas; ``bom`` begins it with a byte order mark. ``product`` is whose columns a CSV has, else our own, of
    which ``columns`` chooses some.
    """

    form: str
    query: Sequence[str] = ()
    version: str = "4.0"
    raw: bool = False
    bom: bool = False
    product: str = ""
    columns: Sequence[str] = ()


class Context(NamedTuple):
    """The time and the time zone of an export."""

    now: datetime
    now_utc: str
    zone: str
    cards: Cards


def export(db: sqlite3.Connection, out: IO[bytes], wish: Wish, on: Context) -> Counts:
    """Write a snapshot of the book, or of a part of it; return how much was written."""
    with snapshot(db):
        people = exports.contacts(db, wish.query, now=on.now, zone=on.zone)
        return WRITERS[wish.form](db, out, people, wish, on)


# Where to


@contextmanager
def destination(target: Path | IO[bytes], used: Mapping[Path, str]) -> Iterator[IO[bytes]]:
    """Open a file for writing; yield standard output as it is. Raises UsageError for a file in ``used``."""
    if isinstance(target, Path):
        with files.output(target, used) as out:
            yield out
    else:
        _refuse_redirection(target, used)
        yield target


_CSV = (b"crm id,", b"crm company id,", b"crm deal id,", b"crm activity id,")
_BEGINNINGS = {
    "csv": tuple(mark + word for mark in (b"", b"\xef\xbb\xbf") for word in _CSV),
    "zip": (b"PK\x03\x04",),
    "vcf": tuple(b"BEGIN:VCARD\r\nVERSION:%b\r\nFN%b" % (v, mark) for v in (b"4.0", b"3.0") for mark in (b":", b";")),
    "json": (b'{"format": "crm-book"',),
}
"""Format -> how a file begins that an earlier export wrote."""


def is_replaceable(path: Path, form: str) -> bool:
    """Can a file be written without a question: is it missing, empty, a stream, or an earlier export?"""
    try:
        if files.is_stream(path) or not path.is_file() or not path.stat().st_size:
            return True
        with path.open("rb") as file:
            head = file.read(100)
            return head.startswith(_BEGINNINGS[form]) and (form != "zip" or b"people.csv" in head)
    except OSError:
        return True


@contextmanager
def nowhere(target: Path | IO[bytes], used: Mapping[Path, str]) -> Iterator[IO[bytes]]:
    """Refuse what ``destination`` would refuse, and yield a file that keeps nothing."""
    if isinstance(target, Path):
        files.check_output(target, used)
    else:
        _refuse_redirection(target, used)
    with Path(os.devnull).open("wb") as out:
        yield out


def _refuse_redirection(standard: IO[bytes], used: Mapping[Path, str]) -> None:
    """Refuse to append an export to the book, as in ``crm export >> crm.db``."""
    with suppress(OSError):
        redirected = Path(f"/dev/fd/{standard.fileno()}")
        if what := files.is_one_of(redirected, used):
            raise UsageError(f"standard output is {what}; it was not touched", hint="name another file")


# What is left of a damaged book


def salvaged(path: Path, on: Context, *, searched: bool) -> tuple[Book, list[str]]:
    """Return a temporary book with what is left of a damaged one, and a line for each damaged item.

    It gets a search index only if it will be ``searched``.
    """

    def as_json(db: sqlite3.Connection, section: Section, ids: list[int]) -> object:
        return list(_objects(book_json.View(db, on.zone), section, ids, on))

    book, losses = salvaging.taken(path, as_json)
    if searched:
        salvaging.make_searchable(book)
    return book, losses


# CSV


def _write_csv(db: sqlite3.Connection, out: IO[bytes], people: Sequence[int], wish: Wish, _on: Context) -> Counts:
    """Write the people in our own columns or in those of a product."""
    from crm_cli.services import exporting_csv

    lost = exporting_csv.write(db, out, people, wish)
    return {PERSON.table: len(people), **{f"{LOST}{kind}": number for kind, number in lost.items()}}


def _write_zip(db: sqlite3.Connection, out: IO[bytes], people: Sequence[int], wish: Wish, _on: Context) -> Counts:
    """Write the tables of the book as CSV, in a zip archive."""
    from crm_cli.services import exporting_csv

    return exporting_csv.write_zip(db, out, people, wish)


# vCard


def _write_vcf(db: sqlite3.Connection, out: IO[bytes], people: Sequence[int], wish: Wish, _on: Context) -> Counts:
    """Write the people, and with the whole book its companies."""
    firms = [] if wish.query else exports.companies(db)
    for kind, ids in ((PERSON, people), (COMPANY, firms)):
        for chunk in chunks(ids):
            for _, card in exports.cards(db, records.load(db, kind.name, chunk), wish.version):
                out.write(card.encode())
    return {PERSON.table: len(people), COMPANY.table: len(firms)}


# JSON


def _write_json(db: sqlite3.Connection, out: IO[bytes], people: Sequence[int], wish: Wish, on: Context) -> Counts:
    """Write the book, or the people of a query with everything that belongs to them."""
    chosen = book_json.around(db, people) if wish.query else book_json.everything(db)
    within = {table: set(ids) for table, ids in chosen.items()} if wish.query else {}
    view = book_json.View(db, on.zone, within)
    lists = ((section.name, _objects(view, section, chosen[section.table], on)) for section in sections.SECTIONS)
    for text in write.lines(iso_local(on.now_utc, on.zone), lists):
        out.write(text.encode())
    return {table: len(ids) for table, ids in chosen.items()}


LOADS: Mapping[str, Callable[[sqlite3.Connection, list[int]], list[Any]]] = {
    "contact": contacts.load,
    "company": companies.load,
    "activity": activities.load,
    "deal": deals.load,
}
"""Table -> how to read its records for their cards."""


def _objects(view: View, section: Section, ids: Sequence[int], on: Context) -> Iterator[dict[str, Any]]:
    """Yield the records of a section: the documented card of each, with every other column of the book."""
    load = LOADS.get(section.table)
    for chunk in chunks(ids):
        found = book_json.objects(view, section, chunk)
        if load is None:
            yield from found
            continue
        for record, each in zip(load(view.db, chunk), found, strict=True):
            card = on.cards[section.table](record, on.zone, on.now_utc)
            yield write.joined(record, _limited(card, view, section), each)


def _limited(card: dict[str, Any], view: View, section: Section) -> dict[str, Any]:
    """Drop the people of a company that the export does not include."""
    if view.within and section is sections.COMPANY:
        card["people"] = [person for person in card["people"] if person["id"] in view.within[PERSON.table]]
    return card


WRITERS: Mapping[str, Callable[[sqlite3.Connection, IO[bytes], Sequence[int], Wish, Context], Counts]] = {
    "csv": _write_csv,
    "vcf": _write_vcf,
    "json": _write_json,
    "zip": _write_zip,
}
FORMATS = tuple(WRITERS)
