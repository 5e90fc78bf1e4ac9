"""``crm export``: write people, companies and whole books to files."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Annotated, Any, cast

import typer

from crm_cli import files
from crm_cli.cli.context import reading, session
from crm_cli.cli.help_layout import RAW
from crm_cli.cli.options import Query
from crm_cli.cli.output import notify
from crm_cli.cli.query_words import QueryCommand
from crm_cli.core.kinds import ACTIVITY, COMPANY, DEAL, PERSON
from crm_cli.errors import Exit, UsageError
from crm_cli.formats.book_json import sections, write
from crm_cli.queries import book_json, companies, contacts, exports
from crm_cli.render.clean import clean
from crm_cli.render.words import counted

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from crm_cli.book.book import Book
    from crm_cli.cli.context import CommandLine
    from crm_cli.formats.book_json.sections import Section

app = typer.Typer(rich_markup_mode=None)

FORMATS = ("csv", "vcf", "json")
SPOOL = 16_000_000
"""How many bytes are held in memory before a temporary file is used."""

HELP = """Export people as CSV, vCard or JSON; without a query, the whole book.

csv is for spreadsheets: cells that a spreadsheet would run as formulas are escaped (--csv-raw turns that off), and an
import reads them back unchanged. vcf is for other address books, and includes every property that an import did not
understand. json without a query is the whole book; imported into an empty book it gives an equal one. csv and vcf do
not include the history and the deals (see: crm deal list --format csv); csv also omits companies without people.

\b
  crm export --format vcf -o contacts.vcf
  crm export tag:client city:pune --format csv -o clients.csv
  crm export --format json -o book.json
  crm export --salvage -o rescued.json
"""

Form = Annotated[str, typer.Option("--format", metavar="csv|vcf|json", help="What to write. [by the name of -o]")]
Version = Annotated[str, typer.Option("--vcard", metavar="3.0|4.0", help="The version of vCard. [4.0]")]
Output = Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Write to a file. [standard output]")]
Salvage = Annotated[
    bool, typer.Option("--salvage", help="Take what is whole out of a damaged book, and list what is not.")
]
Raw = Annotated[bool, typer.Option("--csv-raw", help=RAW)]
Counted = Annotated[bool, typer.Option("--dry-run", "-n", help="Do the work and say how much; write nothing.")]


@app.command("export", help=HELP, cls=QueryCommand)
def export(
    ctx: typer.Context,
    *,
    query: Query = None,
    form: Form = "",
    version: Version = "4.0",
    output: Output = "",
    raw: Raw = False,
    salvage: Salvage = False,
    dry_run: Counted = False,
) -> None:
    """Write people as CSV, vCard or JSON."""
    chosen = form or Path(output).suffix.lstrip(".").lower()
    if chosen not in FORMATS:
        raise UsageError(
            f"there is no format {chosen}" if chosen else "which format?", hint="--format csv, vcf or json"
        )
    if version not in {"3.0", "4.0"}:
        raise UsageError(f"vCard {version} is not written", hint="--vcard 3.0 or 4.0")
    losses: list[str] = []
    used = files.in_use(session(ctx).path)
    with _nowhere(output, used) if dry_run else _target(output, used) as out, SpooledTemporaryFile(SPOOL) as held:
        stream = cast("IO[bytes]", held)
        source = _salvaged(ctx, losses, searched=bool(query)) if salvage else reading(ctx)
        with source as book, exports.snapshot(book.db):
            chosen_ids = exports.contacts(book.db, query or [], now=session(ctx).now, zone=session(ctx).zone)
            write = {"csv": _csv, "vcf": _vcf, "json": _json}[chosen]
            counts = write(ctx, book.db, stream, chosen_ids, whole=not query, version=version, raw=raw)
        stream.seek(0)
        _copy(stream, out)
        out.flush()
    to = f"{clean(output)}: " if output and output != "-" else ""
    if dry_run:
        notify(ctx, f"{to}{_summary(counts)} (dry run: nothing was written)")
    elif to:
        notify(ctx, f"{to}{_summary(counts)}")
    if salvage:
        _report_losses(ctx, losses)


@contextmanager
def _salvaged(ctx: typer.Context, losses: list[str], *, searched: bool) -> Iterator[Book]:
    """Yield a temporary book with what could be salvaged from a damaged one; add what is incomplete to ``losses``."""
    from crm_cli.services import salvaging

    here = session(ctx)

    def made(db: sqlite3.Connection, section: Section, ids: list[int]) -> object:
        return list(_records(book_json.View(db, here.zone), section, ids, here))

    book, found = salvaging.taken(here.path, made)
    losses += found
    with book:
        if searched:
            salvaging.make_searchable(book)
        yield book


def _report_losses(ctx: typer.Context, losses: Sequence[str]) -> None:
    """List what could not be salvaged, and exit with 5 if anything was not."""
    for line in losses:
        notify(ctx, line)
    if losses:
        notify(ctx, f"{counted(len(losses), 'thing', 'things')} not whole, listed above; all else was written")
        raise typer.Exit(Exit.PARTIAL)
    notify(ctx, "nothing was lost")


def _copy(stream: IO[bytes], out: IO[bytes]) -> None:
    """Write an export unchanged; to a terminal, without control characters."""
    if not out.isatty():
        shutil.copyfileobj(stream, out, 1 << 20)
        return
    for line in stream:
        out.write(clean(line.decode().rstrip("\r\n")).encode() + b"\n")


COUNTED = (PERSON, COMPANY, DEAL, ACTIVITY)
"""The kinds that an export counts, in the order in which they are named."""


def _summary(counts: dict[str, int]) -> str:
    """Return how much was written: ``7 people, 4 companies, 12 activities``; people even if there are none."""
    kinds = [kind for kind in COUNTED if counts.get(kind.listed) or kind is PERSON]
    return ", ".join(counted(counts[kind.listed], kind.singular, kind.plural) for kind in kinds)


def _csv(
    ctx: typer.Context,
    db: sqlite3.Connection,
    out: IO[bytes],
    ids: Sequence[int],
    *,
    whole: bool,
    version: str,
    raw: bool,
) -> dict[str, int]:
    """Write the people as CSV, with the columns that at least one of them fills."""
    import csv
    from io import TextIOWrapper

    from crm_cli.formats.csv import cells
    from crm_cli.formats.csv import write as csv_write

    del ctx, whole, version
    header = csv_write.columns(_Again(db, ids))  # type: ignore[arg-type]
    undo: Callable[[str], str] = cells.unguard if raw else str
    text = TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(map(undo, csv_write.header(header)))
    for contact in contacts.stream(db, ids):
        writer.writerow(map(undo, csv_write.row(contact, header)))
    text.detach()
    return {"contacts": len(ids)}


class _Again:
    """The people of an export, loaded in pages."""

    def __init__(self, db: sqlite3.Connection, ids: Sequence[int]) -> None:
        self.db, self.ids = db, ids

    def __iter__(self) -> Iterator[Any]:
        return contacts.stream(self.db, self.ids)


def _vcf(
    ctx: typer.Context,
    db: sqlite3.Connection,
    out: IO[bytes],
    ids: Sequence[int],
    *,
    whole: bool,
    version: str,
    raw: bool,
) -> dict[str, int]:
    """Write the people as vCards; for the whole book also its companies."""
    del ctx, raw
    for card in exports.cards(db, contacts.stream(db, ids), version):
        out.write(card.encode())
    firms = exports.companies(db) if whole else []
    for start in range(0, len(firms), PAGE):
        for card in exports.cards(db, companies.load(db, firms[start : start + PAGE]), version):
            out.write(card.encode())
    return {"contacts": len(ids), "companies": len(firms)}


PAGE = 500
"""How many whole records are read at once."""


def _json(
    ctx: typer.Context,
    db: sqlite3.Connection,
    out: IO[bytes],
    ids: Sequence[int],
    *,
    whole: bool,
    version: str,
    raw: bool,
) -> dict[str, int]:
    """Write the book, or the people of a query with their companies and activities, as one JSON object."""
    from crm_cli.core.when import iso_local

    del version, raw
    here = session(ctx)
    chosen = book_json.everything(db) if whole else book_json.around(db, ids)
    view = book_json.View(db, here.zone, {} if whole else {table: set(refs) for table, refs in chosen.items()})
    lists = ((section.name, _records(view, section, chosen[section.table], here)) for section in sections.SECTIONS)
    for text in write.lines(iso_local(here.now_utc, here.zone), lists):
        out.write(text.encode())
    return {section.name: len(chosen[section.table]) for section in sections.SECTIONS}


def _records(view: book_json.View, section: Section, ids: Sequence[int], here: CommandLine) -> Iterator[dict[str, Any]]:
    """Yield the JSON of each record: its documented card, and every other column of the book."""
    from crm_cli.queries import activities, deals
    from crm_cli.render import cards
    from crm_cli.render import deals as of_deals

    loads: dict[str, tuple[Any, Any]] = {
        "contact": (contacts.load, cards.contact),
        "company": (companies.load, cards.company),
        "activity": (activities.load, cards.activity),
        "deal": (deals.load, of_deals.card),
    }
    for start in range(0, len(ids), PAGE):
        page = list(ids[start : start + PAGE])
        found = book_json.objects(view, section, page)
        if section.table not in loads:
            yield from found
            continue
        load, card = loads[section.table]
        for record, each in zip(load(view.db, page), found, strict=True):
            made = card(record, here.zone, here.now_utc)
            if view.within and section is sections.COMPANY:
                made["people"] = [person for person in made["people"] if person["id"] in view.within[PERSON.table]]
            yield write.joined(record, made, each)


@contextmanager
def _target(output: str, used: Mapping[Path, str]) -> Iterator[IO[bytes]]:
    """Open standard output, or what ``-o`` names."""
    if output and output != "-":
        with files.output(Path(output), used) as out:
            yield out
        return
    _refuse_redirection(used)
    sys.stdout.flush()
    yield sys.stdout.buffer


@contextmanager
def _nowhere(output: str, used: Mapping[Path, str]) -> Iterator[IO[bytes]]:
    """Discard what is written, after the same checks of the target as for a real export."""
    if output and output != "-":
        files.check_output(Path(output), used)
    else:
        _refuse_redirection(used)
    with Path(os.devnull).open("wb") as out:
        yield out


def _refuse_redirection(used: Mapping[Path, str]) -> None:
    """Refuse to append an export to the book, as in ``crm export >> crm.db``."""
    with suppress(OSError):
        redirected = Path(f"/dev/fd/{sys.stdout.fileno()}")
        if what := files.is_one_of(redirected, used):
            raise UsageError(f"standard output is {what}; it was not touched", hint="name another file")
