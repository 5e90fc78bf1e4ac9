"""Import a very large file in batches: each is a transaction and a change of its own, so that others can write between.

What a batch gives up: a record is matched with what the file has said so far, a group of cards gets the members that
came before it, and an interrupted import leaves the batches that were finished.
"""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING

from crm_cli.book.book import Book
from crm_cli.formats.csv import contact_roles
from crm_cli.formats.open import open_source
from crm_cli.services.importing.file import Outcome, begin, bring_in, records_of, undisturbed
from crm_cli.services.importing.finishing import finish
from crm_cli.services.importing.rejects import Rejects, forget_stale
from crm_cli.services.importing.words import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import Any, BinaryIO

    from crm_cli.formats.source import Source
    from crm_cli.services.importing.file import Wish

_WHOLE = ("book", "monica")
"""Formats that are always one change."""


def outcomes(path: Path, stream: BinaryIO, wish: Wish, **more: Any) -> Iterator[Outcome]:
    """Import ``stream`` in batches of ``wish.batch`` records, and yield the result of each once it is committed.

    Without ``wish.batch``, for a dry run, and for JSON there is only one. Arguments as in `file.bring_in`.
    """
    source = open_source(stream, name=more["name"], options=wish.options) if wish.batch and not wish.dry_run else None
    if source is None or source.format in _WHOLE or source.listed == contact_roles.LISTED:
        yield bring_in(path, stream, wish, **more)
    else:
        yield from _batches(path, source, wish, **more)


def _batches(
    path: Path,
    source: Source,
    wish: Wish,
    *,
    name: str,
    rejects: Sequence[Path],
    used: Mapping[Path, str] | None = None,
    progress: Callable[[int], None] | None = None,
    exported: Mapping[str, str] | None = None,
) -> Iterator[Outcome]:
    rejected = 0
    with Book.write(path) as book, undisturbed(book.db):
        runs = book.db.execute("SELECT coalesce(max(id), 0) FROM import_run").fetchone()[0]
        aside = Rejects(book.db, rejects, source.header, now=wish.now, used=used)
        words = Vocabulary(book.db)
        work = begin(book, source, words, wish, name=name, rejects=aside, exported=exported)
        records = iter(records_of(source))
        following = next(records, None)
        is_last = False
        try:
            while not is_last:
                with book.change("import", now=wish.now, origin=wish.origin) as change:
                    first = () if following is None else (following,)
                    report = work.batch(chain(first, islice(records, wish.batch - 1)), change, progress)
                    following = next(records, None)
                    is_last = following is None
                    part = aside if is_last else None
                    finish(book.db, report, words, change=change, rejects=part, now=wish.now, is_last=is_last)
                    if is_last:
                        _note_rejects(book, runs, report.rejects)
                        report.pending = work.pending()
                rejected += report.rejected
                yield Outcome(report, change, source.mapping)
                work.again()
        except BaseException:
            _stop(book, aside, runs)
            raise
        aside.keep()
        if not rejected:
            forget_stale(book.db, rejects)


def _note_rejects(book: Book, runs: int, rejects: str) -> None:
    """Note in all batches of a file where its rejected rows are; ``runs`` is the last import before them."""
    book.db.execute("UPDATE import_run SET rejects = ? WHERE id > ? AND rejected > 0", (rejects, runs))


def _stop(book: Book, aside: Rejects, runs: int) -> None:
    """Keep the rejected rows of the batches that are in the book, or drop the file if there is none."""
    if not book.db.execute("SELECT 1 FROM import_run WHERE id > ? AND rejected > 0", (runs,)).fetchone():
        aside.drop()
        return
    with book.operation():
        _note_rejects(book, runs, aside.finish())
    aside.keep()
