"""What tests share: what *equal* means, a run of the command line, and whether the search index is in step."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from functools import cache, wraps
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from crm_cli.book import journal, opening, sqlite_file
from crm_cli.book.search import index as search

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm_cli.book.book import Book, Change
    from crm_cli.formats.source import Source
    from crm_cli.services.importing.entries import Report

NOW = "2026-11-22T09:00:00+05:30"
"""A Sunday."""
NOW_UTC = "2026-11-22T03:30:00Z"
LATER_UTC = "2026-11-23T03:30:00Z"

HOSTILE = (
    "\x1b]2;PWNED\x07",
    "\x1b[31mred\x1b[0m",
    "\x9b31mC1",
    "[bold]x[/bold] [/] [link=file:///etc/passwd]",
    "[@click=app.quit]",
    "abc\u202ecba",
    "a\nb\rc\td",
    "nul\0inside",
    "del\x7f",
    "z" + "\u0301" * 500,
    "x" * 5000,
    "'; DROP TABLE contact; --",
    "{name} %s %(x)s $HOME `id`",
    "\u2066isolate\u2069 \u200fmark",
    "line\u2028separator",
    "\ufff9anno\ufffatation\ufffb",
)
"""Texts that somebody else wrote."""

STEERING = {
    *range(0x20),
    0x7F,
    *range(0x80, 0xA0),
    0x061C,
    0x200E,
    0x200F,
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
    *range(0xFFF9, 0xFFFC),
}


@dataclass(frozen=True)
class Run:
    """What came of a command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What stdout says as JSON."""
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        """What stderr says as JSON."""
        return json.loads(self.err)

    @property
    def lines(self) -> list[str]:
        """The lines of stdout."""
        return self.out.splitlines()


@cache
def _empty_book() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder, "empty.db")
        opening.create(path)
        return path.read_bytes()


def put_empty_book(path: Path) -> None:
    """Put a new book at ``path`` if there is none: a copy of the first one that this process made."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_empty_book())
        path.chmod(0o600)


def made_once(make: Callable[..., Any]) -> Callable[..., Any]:
    """Make of a fixture that fills the test's book one that does so for the first test; the others get a copy.

    It gives nothing, or what it was given itself.
    """
    kept: dict[str, Any] = {}

    @wraps(make)
    def fixture(**given: Any) -> Any:
        book = Path(os.environ["XDG_DATA_HOME"], "crm", "crm.db")
        if kept:
            book.write_bytes(kept["book"])
            book.chmod(0o600)
        else:
            made = make(**given)
            [name] = [name for name, value in given.items() if value is made] if made is not None else [None]
            kept.update(book=book.read_bytes(), name=name)
        return given.get(kept["name"])

    return fixture


def dump(book: Path | sqlite3.Connection, *, without: frozenset[str] = frozenset()) -> dict[str, list[tuple[Any, ...]]]:
    """Return the journaled tables, each sorted: books that give the same are *equal*."""
    if not isinstance(book, sqlite3.Connection):
        with closing(sqlite3.connect(f"file:{book}?mode=rw", uri=True)) as db:
            return dump(db, without=without)
    return {
        name: sorted(
            book.execute(f"SELECT {', '.join(c for c in table.columns if c not in without)} FROM {name}").fetchall(),
            key=repr,
        )
        for name, table in journal.tables(book).items()
    }


def fresh() -> dict[str, list[tuple[Any, ...]]]:
    """Return the dump of a book to which nothing was done: it has the stages that deals would go through."""
    with closing(sqlite_file.connect_empty()) as db:
        return dump(db)


def differences(before: dict[str, list[Any]], after: dict[str, list[Any]]) -> dict[str, Any]:
    """Return the rows by which two dumps differ."""
    return {
        name: {
            "lost": [row for row in before[name] if row not in after[name]],
            "new": [row for row in after[name] if row not in before[name]],
        }
        for name in before
        if before[name] != after[name]
    }


def index_lag(db: sqlite3.Connection) -> dict[str, Any]:
    """Return how the search index differs from one made anew; nothing when it is in step."""
    db.execute("BEGIN IMMEDIATE")
    try:
        db.execute("INSERT INTO search_fts(search_fts, rank) VALUES ('integrity-check', 1)")
        before = _index(db)
        search.rebuild(db)
        return differences(before, _index(db))
    finally:
        db.execute("ROLLBACK")


def _index(db: sqlite3.Connection) -> dict[str, list[Any]]:
    """Return what search knows: between the words of a document there may be any number of spaces."""
    docs = [(doc, names, body.split()) for doc, names, body in db.execute("SELECT * FROM search_doc")]
    return {"search_doc": sorted(docs), "search_word": sorted(db.execute("SELECT word, doc FROM search_word"))}


def steering(text: str) -> list[str]:
    """Return the characters of ``text`` that would steer a terminal."""
    return sorted({hex(ord(char)) for char in text if ord(char) in STEERING and char not in "\n\t"})


def import_source(book: Book, source: Source, change: Change, *, now: str, file: str) -> Report:
    """Import the people and companies of a source within a change, as a file would be."""
    from crm_cli.services.importing import importer
    from crm_cli.services.importing.finishing import finish
    from crm_cli.services.importing.words import Vocabulary

    words = Vocabulary(book.db)
    report = importer.begin(book, source, words, now=now, region="IN", file=file).batch(source.records, change)
    finish(book.db, report, words, change=change, rejects=None, now=now)
    return report
