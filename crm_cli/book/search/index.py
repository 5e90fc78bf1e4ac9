"""The search index: folded text of every person, company, activity and deal; `find` ranks its contents.

``search_doc`` holds the text, ``search_fts`` its full-text index, ``search_word`` the words of names (a B-tree, so that
exact matches come before partial ones). ``search_term`` holds the vocabulary, forwards and backwards, to find a word
with one typo: one half of the word is always free of it. It also holds the sounds of words that are not in Latin script
(`core.text.sounds`). Only the package ``search`` uses FTS5.
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
CHUNK = 500
KNOWN = 50_000
"""How many terms a `Store` remembers."""
SOUND = "\ue000"
"""The prefix of a sound's term, which no word starts with: a private-use character."""
SOUNDS = "1"
"""The version of the rules in `core.text.sounds`. A book with another version gets new sounds at its next change."""
GATHERED = 8 << 20
"""How many bytes of a full-text index being filled are kept in memory: enough for about 10,000 people."""


def refresh(
    db: sqlite3.Connection, touched: Mapping[str, Iterable[int]], *, new: Mapping[str, Container[int]] = EMPTY
) -> None:
    """Update the index for the records of ``touched`` (kind -> ids), including deleted ones.

    A person's document contains the company's name, so people are updated when it differs from the name in the index.
    The people of a ``new`` company are in ``touched`` themselves.
    """
    wanted = {kind.name: touched.get(kind.name, ()) for kind in SEARCHED}
    companies = set(wanted["company"])
    staff = _staff_of_renamed(db, companies, new.get("company", ()))
    wanted |= {"company": companies, "contact": staff.union(wanted["contact"])}
    for kind, ids in wanted.items():
        for chunk in _chunks(ids):
            _replace(db, kind, chunk)
    _know_sounds(db)


def _staff_of_renamed(db: sqlite3.Connection, companies: Iterable[int], new: Container[int]) -> set[int]:
    """Return the people of those companies that have another name than in the index; ``new`` ones are not."""
    found: set[int] = set()
    for chunk in _chunks(_renamed(db, [ref for ref in companies if ref not in new])):
        rows = db.execute(f"SELECT contact_id FROM employment WHERE company_id IN ({_marks(chunk)})", chunk)
        found.update(row[0] for row in rows)
    return found


def _replace(db: sqlite3.Connection, kind: str, ids: Sequence[int]) -> None:
    """Index records again whose text has changed, and remove those that were deleted."""
    made = dict(search_texts.load(db, kind, ids))
    same = _unchanged(db, kind, made) if made else set()
    if other := [ref for ref in ids if ref not in same]:
        _forget(db, [document(kind, ref) for ref in other])
        add(db, kind, [(ref, made[ref]) for ref in other if ref in made])


def _unchanged(db: sqlite3.Connection, kind: str, made: Mapping[int, Document]) -> set[int]:
    """Return the records whose document is in the index already, because only rows of other kinds were written."""
    docs = {document(kind, ref): ref for ref in made}
    rows = db.execute(f"SELECT id, names, body FROM search_doc WHERE id IN ({_marks([*docs])})", [*docs])
    return {docs[doc] for doc, *texts in rows if made[docs[doc]][:2] == tuple(texts)}


def _renamed(db: sqlite3.Connection, companies: Sequence[int]) -> Iterator[int]:
    """Yield the companies whose name differs from the one in the index."""
    for chunk in _chunks(companies):
        rows = db.execute(
            "SELECT c.id, c.name, d.names FROM company c JOIN search_doc d ON d.id ="
            f" {document_sql('company', 'c.id')} WHERE c.id IN ({_marks(chunk)})",
            chunk,
        ).fetchall()
        yield from (ref for ref, name, indexed in rows if segment(name) != indexed)


def rebuild(db: sqlite3.Connection) -> None:
    """Rebuild the whole index from the records."""
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
    """Index the sounds of a book's words, if they are missing or of another version."""
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
    """Return the rows of ``search_term``, as a flat list of values, that map the sounds of a word to it."""
    from crm_cli.core.text.sounds import skeletons

    return [value for sound in skeletons(term) for value in (f"{SOUND}{sound} {term}", "")]


def add(db: sqlite3.Connection, kind: str, found: Iterable[tuple[int, Document]]) -> None:
    """Add the documents of records of ``kind`` that are not yet in the index."""
    texts = Store(db).add(kind, found)
    # One row per statement: FTS5 flushes its buffer to disk after a statement with several.
    db.executemany(f"{_INDEX} VALUES (?, ?, ?)", zip(*[iter(texts)] * 3, strict=True))


class Store:
    """Writes documents and the words of their names in bulk; the full-text index is filled by `index`."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.docs = Waiting(db, "search_doc", ("id", "names", "body"))
        self.words = Waiting(db, "search_word", ("word", "doc"))
        self.terms = Waiting(db, "search_term", ("term", "backward"), ignore=True)
        self.known: set[str] = set()
        """Terms that are already written, up to KNOWN."""

    def add(
        self, kind: str, found: Iterable[tuple[int, Document]], *, in_order: bool = True, rest: bool = True
    ) -> list[Any]:
        """Write the documents of records of ``kind`` that have none; return a flat list of id, names and body of each.

        With ``in_order``, words are written in the order of their B-tree, which keeps its pages in the cache. Turn it
        off if the index has been dropped: the sorting would be wasted.
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
        self.write(rest=rest)
        return texts

    def write(self, *, rest: bool = True) -> None:
        """Write what waits; ``rest`` as for `bulk.Waiting`."""
        for waiting in (self.docs, self.words, self.terms):
            waiting.write(rest=rest)


def index(db: sqlite3.Connection, kind: str, ids: range) -> None:
    """Add the stored documents of these records to the full-text index. FTS5 flushes them to disk at once."""
    if ids:
        ends = (document(kind, ids[0]), document(kind, ids[-1]))
        chosen = f"id BETWEEN ? AND ? AND {is_kind_sql('id', kind)}"
        db.execute(f"{_INDEX} SELECT id, names, body FROM search_doc WHERE {chosen}", ends)


_INDEX = "INSERT OR FAIL INTO search_fts (rowid, names, body)"


@contextmanager
def filling(db: sqlite3.Connection) -> Iterator[None]:
    """Let the full-text index buffer more before it writes, and turn off its automatic merges, inside the block."""
    setting = "INSERT INTO search_fts(search_fts, rank) VALUES (?, ?)"
    db.executemany(setting, (("automerge", 0), ("hashsize", GATHERED)))
    yield
    db.executemany(setting, (("automerge", 4), ("hashsize", 1 << 20)))


def _forget(db: sqlite3.Connection, docs: list[int]) -> None:
    """Remove documents from the index."""
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
    """Count the records whose document differs from the one that a refresh would write."""
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
    """Return a statement that yields the ids of the records of ``kind`` whose texts contain ``text``, and its value.

    The words must be consecutive. The last one may be the start of a longer word, unless ``phrase`` is set. With
    ``names``, only names are searched.
    """
    asked = f'"{segment(text)}"' if phrase else fts_phrase(text)
    sql = f"SELECT {record_sql('rowid')} FROM search_fts WHERE search_fts MATCH ? AND {is_kind_sql('rowid', kind)}"
    return sql, f"{{names}} : ({asked})" if names else asked
