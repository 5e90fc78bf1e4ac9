"""The search index: folded text of every person, company, activity and deal; `search_find` ranks what it holds.

``search_doc`` holds the text, ``search_fts`` its full-text index, ``search_word`` the words of names (a B-tree, so
that exact comes before partial) and ``search_term`` the vocabulary, forwards and backwards, in which a word with one
typo is looked up: of two halves of a word one is always free of the typo. A word in another script than Latin is
there by its sound, too (`core.sounds`). Only the modules ``search*`` know FTS5.
"""

from __future__ import annotations

from contextlib import contextmanager
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from crm_cli.book.bulk import Waiting
from crm_cli.book.search import texts as search_texts
from crm_cli.core.kinds import SEARCHED, document, document_sql, is_kind_sql, record_sql
from crm_cli.core.text.folding import fts_phrase, segment

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from crm_cli.book.search.texts import Document

EMPTY: Mapping[str, Container[int]] = MappingProxyType({})
TABLES = ("search_doc", "search_word", "search_term")
CAP = 500
"""How many candidates a search ranks; beyond it the answer says ``500+``."""
CHUNK = 500
KNOWN = 50_000
"""How many terms a `Store` remembers."""
SOUND = "\ue000"
"""What the term of a sound begins with, and no word: a character of private use."""
SOUNDS = "1"
"""The edition of the rules in `core.sounds`; a book whose sounds are of another gets them anew at its next change."""
GATHERED = 8 << 20
"""How many bytes of a full-text index that is filled wait in memory: those of some 10,000 people."""


def refresh(
    db: sqlite3.Connection, touched: Mapping[str, Iterable[int]], *, new: Mapping[str, Container[int]] = EMPTY
) -> None:
    """Bring the index up to date for the records of ``touched`` (kind -> ids), gone ones included.

    A company's name is said of its people, too: they follow when it is another than the index knows. Those of a
    ``new`` company are touched themselves.
    """
    contacts = set(touched.get("contact", ()))
    companies = set(touched.get("company", ()))
    known = new.get("company", ())
    for chunk in _chunks(_renamed(db, [ref for ref in companies if ref not in known])):
        rows = db.execute(f"SELECT contact_id FROM employment WHERE company_id IN ({_marks(chunk)})", chunk)
        contacts.update(row[0] for row in rows)
    wanted = {**{kind.name: touched.get(kind.name, ()) for kind in SEARCHED}, "contact": contacts, "company": companies}
    for kind, ids in wanted.items():
        for chunk in _chunks(ids):
            _forget(db, [document(kind, ref) for ref in chunk])
            add(db, kind, search_texts.load(db, kind, chunk))
    _know_sounds(db)


def _renamed(db: sqlite3.Connection, companies: Sequence[int]) -> Iterator[int]:
    """Yield the companies whose name is not the one in the index."""
    for chunk in _chunks(companies):
        rows = db.execute(
            "SELECT c.id, c.name, d.names FROM company c JOIN search_doc d ON d.id ="
            f" {document_sql('company', 'c.id')} WHERE c.id IN ({_marks(chunk)})",
            chunk,
        ).fetchall()
        yield from (ref for ref, name, indexed in rows if segment(name) != indexed)


def rebuild(db: sqlite3.Connection) -> None:
    """Make the whole index anew from the records."""
    for table in TABLES:
        db.execute(f"DELETE FROM {table}")
    store = Store(db)
    for kind in SEARCHED:
        for chunk in _chunks(row[0] for row in db.execute(f"SELECT id FROM {kind.table}")):
            store.add(kind.name, search_texts.load(db, kind.name, chunk))
    with filling(db):
        db.execute("INSERT INTO search_fts(search_fts) VALUES ('rebuild')")
    _know_sounds(db)


def _know_sounds(db: sqlite3.Connection) -> None:
    """Give the words of a book their sounds, if an older program wrote it."""
    known = db.execute("SELECT backward FROM search_term WHERE term = ?", (SOUND,)).fetchone()
    if known == (SOUNDS,):
        return
    db.execute("DELETE FROM search_term WHERE term >= ? AND term < ?", (SOUND, chr(ord(SOUND) + 1)))
    terms = db.execute("SELECT term FROM search_term WHERE term > ?", ("\x7f",)).fetchall()
    sounds = Waiting(db, "search_term", ("term", "backward"), ignore=True)
    sounds.values += (SOUND, SOUNDS)
    for (term,) in terms:
        sounds.values += _sounds(term)
    sounds.write()


def _sounds(term: str) -> list[str]:
    """Return the rows of ``search_term``, one value after the other, that lead from the sound of a word to it."""
    from crm_cli.core.text.sounds import skeletons

    return [value for sound in skeletons(term) for value in (f"{SOUND}{sound} {term}", "")]


def add(db: sqlite3.Connection, kind: str, found: Iterable[tuple[int, Document]]) -> None:
    """Add the documents of records of ``kind`` that have none in the index."""
    texts = Store(db).add(kind, found)
    # One row to a statement: FTS5 writes what it has gathered to the disk after one of several.
    db.executemany(f"{_INDEX} VALUES (?, ?, ?)", zip(*[iter(texts)] * 3, strict=True))


class Store:
    """Writes documents and the words of their names, many at a time; the full-text index is left to `index`."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.docs = Waiting(db, "search_doc", ("id", "names", "body"))
        self.words = Waiting(db, "search_word", ("word", "doc"))
        self.terms = Waiting(db, "search_term", ("term", "backward"), ignore=True)
        self.known: set[str] = set()
        """Terms that are written already, as many as fit."""

    def add(self, kind: str, found: Iterable[tuple[int, Document]], *, in_order: bool = True) -> list[Any]:
        """Write the documents of records of ``kind`` that have none; return id, names and body of each.

        Words come ``in_order`` of their B-tree: a neighbour's page is at hand. Without an index it is lost work.
        """
        texts: list[Any] = []
        terms: set[str] = set()
        places: list[tuple[str, int]] = []
        for ref, (names, body, held) in found:
            doc = document(kind, ref)
            texts += (doc, names, body)
            places += [(word, doc) for word in held]
            terms |= held
        self.docs.values += texts
        self.words.values += chain.from_iterable(sorted(places) if in_order else places)
        for term in sorted(terms - self.known):
            if len(term) > 2:
                self.terms.values += (term, term[::-1])
                if not term.isascii():
                    self.terms.values += _sounds(term)
        if len(self.known) > KNOWN:
            self.known.clear()
        self.known |= terms
        for waiting in (self.docs, self.words, self.terms):
            waiting.write()
        return texts


def index(db: sqlite3.Connection, kind: str, ids: range) -> None:
    """Put the stored documents of these records into the full-text index. FTS5 writes them to the disk at once."""
    if ids:
        ends = (document(kind, ids[0]), document(kind, ids[-1]))
        chosen = f"id BETWEEN ? AND ? AND {is_kind_sql('id', kind)}"
        db.execute(f"{_INDEX} SELECT id, names, body FROM search_doc WHERE {chosen}", ends)


_INDEX = "INSERT OR FAIL INTO search_fts (rowid, names, body)"


@contextmanager
def filling(db: sqlite3.Connection) -> Iterator[None]:
    """Let the full-text index gather much before it writes, and merge nothing after every few pages, for the block."""
    setting = "INSERT INTO search_fts(search_fts, rank) VALUES (?, ?)"
    db.executemany(setting, (("automerge", 0), ("hashsize", GATHERED)))
    yield
    db.executemany(setting, (("automerge", 4), ("hashsize", 1 << 20)))


def _forget(db: sqlite3.Connection, docs: list[int]) -> None:
    """Take documents out of the index."""
    marks = _marks(docs)
    old = db.execute(f"SELECT id, names, body FROM search_doc WHERE id IN ({marks})", docs).fetchall()
    if old:
        db.executemany("INSERT INTO search_fts(search_fts, rowid, names, body) VALUES ('delete', ?, ?, ?)", old)
        db.execute(f"DELETE FROM search_word WHERE doc IN ({marks})", docs)
        db.execute(f"DELETE FROM search_doc WHERE id IN ({marks})", docs)


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


def lagging(db: sqlite3.Connection) -> int:
    """Count the records whose document does not hold the words that a refresh would give it."""
    found = 0
    for kind in SEARCHED:
        for chunk in _chunks(row[0] for row in db.execute(f"SELECT id FROM {kind.table}").fetchall()):
            docs = [document(kind.name, record) for record in chunk]
            have = db.execute(f"SELECT id, names, body FROM search_doc WHERE id IN ({_marks(docs)})", docs)
            written = {doc: (names.split(), body.split()) for doc, names, body in have}
            for record, made in search_texts.load(db, kind.name, chunk):
                found += written.get(document(kind.name, record)) != (made.names.split(), made.body.split())
    return found


def matching(text: str, kind: str, *, phrase: bool = False, names: bool = False) -> tuple[str, str]:
    """Return a statement that yields the ids of the records of ``kind`` whose texts hold ``text``, and its value.

    The words follow each other; the last one may be the beginning of a longer one, unless it is a ``phrase``. With
    ``names`` only the names count.
    """
    asked = f'"{segment(text)}"' if phrase else fts_phrase(text)
    sql = f"SELECT {record_sql('rowid')} FROM search_fts WHERE search_fts MATCH ? AND {is_kind_sql('rowid', kind)}"
    return sql, f"{{names}} : ({asked})" if names else asked
