"""Import a file or piped input into the book: detect its format, import it in one change, store its rejected rows."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Any, cast

from crm_cli.book.book import Book
from crm_cli.core.garbage import uncollected
from crm_cli.core.tags import tag_name
from crm_cli.errors import UsageError
from crm_cli.formats.csv import contact_roles
from crm_cli.formats.open import open_source
from crm_cli.formats.source import Options
from crm_cli.queries import contacts
from crm_cli.services.importing import importer
from crm_cli.services.importing import sets as imports_sets
from crm_cli.services.importing.finishing import finish
from crm_cli.services.importing.rejects import Rejects, forget_stale
from crm_cli.services.importing.words import Vocabulary

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from crm_cli.book.book import Change
    from crm_cli.formats.source import Source
    from crm_cli.services.importing.entries import Report
    from crm_cli.services.importing.importer import PeopleImport
    from crm_cli.services.importing.item_rows import Clock
    from crm_cli.services.importing.items import ItemImport

SPOOL = 16_000_000
"""How many bytes of a pipe are kept in memory; beyond that they go to a temporary file."""

PAGES = 5_000
"""How many pages (of 4 KB) stay in memory, including uncommitted ones: some 10,000 people."""


@dataclass(frozen=True, slots=True)
class Wish:
    """The user's options for an import, the same for each of several files."""

    options: Options = field(default_factory=Options)
    tags: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    on_match: str = "update"
    region: str = ""
    today: str = ""
    now: str = ""
    zone: str = "UTC"
    origin: str = "hand"
    dry_run: bool = False
    batch: int = 0
    """How many records are one change; 0 for all."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result for one file: its report, its change, and the columns it was read by."""

    report: Report
    change: Change
    mapping: tuple[tuple[str, str], ...]


def seekable(stream: IO[bytes]) -> BinaryIO:
    """Return a stream that can be read twice: a pipe is buffered in memory or in a temporary file."""
    if stream.seekable():
        return cast("BinaryIO", stream)
    kept = SpooledTemporaryFile(SPOOL)  # noqa: SIM115  (closed by the caller, with its stream)
    while part := stream.read(1 << 20):
        kept.write(part)
    kept.seek(0)
    return cast("BinaryIO", kept)


def bring_in(
    path: Path,
    stream: BinaryIO,
    wish: Wish,
    *,
    name: str,
    rejects: Sequence[Path],
    used: Mapping[Path, str] | None = None,
    progress: Callable[[int], None] | None = None,
    exported: Mapping[str, str] | None = None,
) -> Outcome:
    """Import ``stream`` into the book at ``path``, in one change. Raises FormatError if it is not an address book.

    ``exported`` has what an export wrote to this file of a vdir (`vdir_folders.Shared`).
    Rejected rows go to the first writable place of ``rejects``, and never overwrite a file that is ``used``.
    """
    source = open_source(stream, name=name, options=wish.options)
    with Book.rehearse(path) if wish.dry_run else Book.write(path) as book:
        aside = Rejects(book.db, rejects, source.header, now=wish.now, used=used)
        try:
            with undisturbed(book.db):
                outcome = _change(
                    book, source, stream, wish, name=name, rejects=aside, progress=progress, exported=exported
                )
        except BaseException:
            aside.drop()
            raise
        aside.keep()
        if not wish.dry_run and not outcome.report.rejected:
            forget_stale(book.db, rejects)
        return outcome


@contextmanager
def undisturbed(db: sqlite3.Connection) -> Iterator[None]:
    """Keep uncommitted pages in memory, so that others can go on reading, and pause garbage collection.

    Beyond ``PAGES`` they are written to the file after all: others then wait for the end, but memory stays flat.
    """
    ordinary = db.execute("PRAGMA cache_size").fetchone()[0]
    db.execute(f"PRAGMA cache_size={PAGES}")
    try:
        with uncollected():
            yield
    finally:
        db.execute(f"PRAGMA cache_size={ordinary}")


def _change(
    book: Book,
    source: Source,
    stream: BinaryIO,
    wish: Wish,
    *,
    name: str,
    rejects: Rejects,
    progress: Callable[[int], None] | None,
    exported: Mapping[str, str] | None,
) -> Outcome:
    """Run the import in a change of its own."""
    aside = None if wish.dry_run else rejects
    with book.change("import", now=wish.now, origin=wish.origin, dry_run=wish.dry_run) as change:
        if source.format == "book":
            from crm_cli.formats.book_json import drafts
            from crm_cli.services.importing import book_json

            if book_json.is_empty(book.db) and not wish.tags and not wish.sets:
                report = book_json.restore(book, stream, change=change, now=wish.now, file=name)
                return Outcome(report, change, ())
            source = drafts.as_source(stream)
        if source.listed == contact_roles.LISTED:
            from crm_cli.services.importing import roles

            _refuse_sets(wish, source, name)
            report = roles.run(book, source, change=change, now=wish.now, file=name, rejects=aside)
            return Outcome(report, change, source.mapping)
        words = Vocabulary(book.db)
        work = begin(book, source, words, wish, name=name, rejects=aside, exported=exported)
        report = work.batch(records_of(source), change, progress)
        if not source.listed:
            _add_items(book, source, report, words, wish, rejects=aside)
        finish(book.db, report, words, change=change, rejects=aside, now=wish.now)
        report.pending = work.pending()
        if source.format == "book":
            book_json.add_missing(book, stream, report, now=wish.now)
        if span := report.new_ids.span("contact"):
            report.likely = contacts.twins(book.db, *span)
    return Outcome(report, change, source.mapping)


def _add_items(
    book: Book, source: Source, report: Report, words: Vocabulary, wish: Wish, *, rejects: Rejects | None
) -> None:
    """Import the activities that a file has beside its people, if it has any."""
    if source.items is None:
        return
    from crm_cli.services.importing import items

    items.beside(
        book, source, report, words, clock=clock_of(wish), region=wish.region, tags=_tags(wish),
        on_match=wish.on_match, rejects=rejects,
    )  # fmt: skip


def begin(
    book: Book,
    source: Source,
    words: Vocabulary,
    wish: Wish,
    *,
    name: str,
    rejects: Rejects | None,
    exported: Mapping[str, str] | None,
) -> PeopleImport | ItemImport:
    """Begin the import of a file of people, or of deals or activities."""
    if source.listed:
        from crm_cli.services.importing import items

        _refuse_sets(wish, source, name)
        return items.begin(
            book, source, words, clock=clock_of(wish), region=wish.region, tags=_tags(wish), on_match=wish.on_match,
            file=name, rejects=rejects,
        )  # fmt: skip
    return importer.begin(
        book, source, words, now=wish.now, region=wish.region, today=wish.today, tags=_tags(wish),
        sets=_sets(book, wish.sets), on_match=wish.on_match, file=name, rejects=rejects, exported=exported,
    )  # fmt: skip


def _refuse_sets(wish: Wish, source: Source, name: str) -> None:
    if wish.sets:
        raise UsageError("--set is for people and companies", hint=f"{name} lists {source.listed}")


def records_of(source: Source) -> Iterable[Any]:
    """Return what a file lists: its items, or its people and companies."""
    return (source.items or ()) if source.listed else source.records


def _tags(wish: Wish) -> tuple[str, ...]:
    return tuple(tag_name(tag) for tag in wish.tags)


def clock_of(wish: Wish) -> Clock:
    """Return the clock of an import."""
    from crm_cli.services.importing.item_rows import Clock

    return Clock(wish.now, datetime.fromisoformat(wish.now), wish.zone)


def _sets(book: Book, words: Sequence[str]) -> imports_sets.Sets | None:
    """Return the values that the user sets where the file has none."""
    own = [row[0] for row in book.db.execute("SELECT name FROM custom_field")] if words else []
    return imports_sets.parse(words, own)
