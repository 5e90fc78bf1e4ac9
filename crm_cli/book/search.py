"""The search index: folded text of every person, company, activity and deal, and the ranked search over it.

``search_doc`` holds the text, ``search_fts`` its full-text index, ``search_word`` the words of names (a B-tree, so
that exact comes before partial) and ``search_term`` the vocabulary, forwards and backwards, in which a word with one
typo is looked up: of two halves of a word one is always free of the typo. Only this module knows FTS5.
"""

from __future__ import annotations

from contextlib import contextmanager
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from crm_cli.book import search_texts
from crm_cli.book.bulk import Waiting
from crm_cli.core.text import fold, fts_phrase, one_edit_apart, segment, words

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from crm_cli.book.search_texts import Document

EMPTY: Mapping[str, Container[int]] = MappingProxyType({})
TABLES = ("search_doc", "search_word", "search_term")
KINDS = ("contact", "company", "activity", "deal")
"""A document's id is four times the record's, and the place of its kind here."""
NAMED = {"contact": "name_key", "company": "name_key", "deal": "title_key"}
"""kind -> the column its whole names are ordered by."""
CAP = 500
"""How many candidates a search ranks; beyond it the answer says ``500+``."""
CHUNK = 500
KNOWN = 50_000
"""How many terms a `Store` remembers."""
GATHERED = 8 << 20
"""How many bytes of a full-text index that is filled wait in memory: those of some 10,000 people."""


def doc_id(kind: str, record_id: int) -> int:
    """Return the search document of a record."""
    return record_id * 4 + KINDS.index(kind)


def record_of(doc: int) -> tuple[str, int]:
    """Return (kind, id) of a search document."""
    return KINDS[doc % 4], doc // 4


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
    wanted = {**{kind: touched.get(kind, ()) for kind in KINDS}, "contact": contacts, "company": companies}
    for kind, ids in wanted.items():
        for chunk in _chunks(ids):
            _forget(db, [doc_id(kind, ref) for ref in chunk])
            add(db, kind, search_texts.load(db, kind, chunk))


def _renamed(db: sqlite3.Connection, companies: Sequence[int]) -> Iterator[int]:
    """Yield the companies whose name is not the one in the index."""
    for chunk in _chunks(companies):
        rows = db.execute(
            "SELECT c.id, c.name, d.names FROM company c JOIN search_doc d ON d.id = c.id * 4 + 1"
            f" WHERE c.id IN ({_marks(chunk)})",
            chunk,
        ).fetchall()
        yield from (ref for ref, name, indexed in rows if segment(name) != indexed)


def rebuild(db: sqlite3.Connection) -> None:
    """Make the whole index anew from the records."""
    for table in TABLES:
        db.execute(f"DELETE FROM {table}")
    store = Store(db)
    for kind in KINDS:
        for chunk in _chunks(row[0] for row in db.execute(f"SELECT id FROM {kind}")):
            store.add(kind, search_texts.load(db, kind, chunk))
    with filling(db):
        db.execute("INSERT INTO search_fts(search_fts) VALUES ('rebuild')")


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
            doc = doc_id(kind, ref)
            texts += (doc, names, body)
            places += [(word, doc) for word in held]
            terms |= held
        self.docs.values += texts
        self.words.values += chain.from_iterable(sorted(places) if in_order else places)
        for term in sorted(terms - self.known):
            if len(term) > 2:
                self.terms.values += (term, term[::-1])
        if len(self.known) > KNOWN:
            self.known.clear()
        self.known |= terms
        for waiting in (self.docs, self.words, self.terms):
            waiting.write()
        return texts


def index(db: sqlite3.Connection, kind: str, ids: range) -> None:
    """Put the stored documents of these records into the full-text index. FTS5 writes them to the disk at once."""
    if ids:
        said = (doc_id(kind, ids[0]), doc_id(kind, ids[-1]), KINDS.index(kind))
        db.execute(f"{_INDEX} SELECT id, names, body FROM search_doc WHERE id BETWEEN ? AND ? AND id % 4 = ?", said)


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
    for kind in KINDS:
        for chunk in _chunks(row[0] for row in db.execute(f"SELECT id FROM {kind}").fetchall()):
            docs = [doc_id(kind, record) for record in chunk]
            have = db.execute(f"SELECT id, names, body FROM search_doc WHERE id IN ({_marks(docs)})", docs)
            written = {doc: (names.split(), body.split()) for doc, names, body in have}
            for record, made in search_texts.load(db, kind, chunk):
                found += written.get(doc_id(kind, record)) != (made.names.split(), made.body.split())
    return found


class Found(NamedTuple):
    """The ranked documents of a search, best first; ``capped`` when more than CAP fitted.

    ``typo`` when a word was corrected to one the book knows; ``corrected`` is then the text that was searched for.
    """

    docs: list[int]
    capped: bool
    typo: bool
    corrected: str = ""


def find(db: sqlite3.Connection, text: str, *, scan: bool = True) -> Found:
    """Search everything for ``text``: names first, then any text; a word without a hit is tried with one typo.

    Where nothing begins so, every name is looked into. Without that ``scan``, which takes more time than there is
    between two keys, the first letter of a further word finds whole names that go on so, before it finds any text.
    """
    asked = words(text)
    if not asked:
        return Found([], capped=False, typo=False)
    variants = [[word] for word in asked]
    docs = [] if scan else _begun(db, asked)
    docs = docs or _candidates(db, variants)
    if docs:
        return Found(_ranked(db, docs, variants), capped=len(docs) >= CAP, typo=False)
    near = [_near(db, word) for word in asked]
    docs = _candidates(db, near) if all(near) else []
    if docs:
        ranked = _ranked(db, docs, near)
        return Found(ranked, capped=len(docs) >= CAP, typo=True, corrected=_said(db, ranked[0], near))
    docs = _containing(db, asked) if scan else []
    return Found(_ranked(db, docs, variants), capped=len(docs) >= CAP, typo=False)


def _said(db: sqlite3.Connection, best: int, variants: list[list[str]]) -> str:
    """Return the words that were searched for instead: the variants that stand in the best document."""
    names, body = db.execute("SELECT names, body FROM search_doc WHERE id = ?", (best,)).fetchone()
    text = f" {names} {body}"
    return " ".join(next((word for word in found if f" {segment(word)}" in text), found[0]) for found in variants)


def matching(text: str, kind: str, *, phrase: bool = False, names: bool = False) -> tuple[str, str]:
    """Return a statement that yields the ids of the records of ``kind`` whose texts hold ``text``, and its value.

    The words follow each other; the last one may be the beginning of a longer one, unless it is a ``phrase``. With
    ``names`` only the names count.
    """
    asked = f'"{segment(text)}"' if phrase else fts_phrase(text)
    sql = f"SELECT rowid / 4 FROM search_fts WHERE search_fts MATCH ? AND rowid % 4 = {KINDS.index(kind)}"
    return sql, f"{{names}} : ({asked})" if names else asked


def _candidates(db: sqlite3.Connection, variants: list[list[str]]) -> list[int]:
    """Return up to CAP documents in which each word, in one of its variants, begins some word."""
    docs = dict.fromkeys(_named(db, " ".join(found[0] for found in variants)))
    if len(variants) == 1:
        for word in variants[0]:
            rows = db.execute(
                "SELECT doc FROM search_word WHERE word >= ? AND word < ? LIMIT ?", (word, word + "\U0010ffff", CAP)
            )
            docs.update((row[0], None) for row in rows)
    for column in ("names", "names body"):
        if len(docs) < CAP and not (column == "names" and len(variants) == 1):
            match = " AND ".join("(" + " OR ".join(fts_phrase(word) for word in found) + ")" for found in variants)
            rows = db.execute(
                "SELECT rowid FROM search_fts WHERE search_fts MATCH ? LIMIT ?", (f"{{{column}}} : ({match})", CAP)
            )
            docs.update((row[0], None) for row in rows)
    return list(docs)[:CAP]


def _named(db: sqlite3.Connection, phrase: str) -> Iterator[int]:
    """Yield the records whose whole name begins with the phrase, so that no cap can hide them."""
    for kind, key in NAMED.items():
        rows = db.execute(
            f"SELECT id FROM {kind} WHERE {key} >= ? AND {key} < ? ORDER BY {key}, id LIMIT ?",
            (phrase, phrase + "\U0010ffff", CAP),
        )
        yield from (doc_id(kind, row[0]) for row in rows)


def _begun(db: sqlite3.Connection, asked: list[str]) -> list[int]:
    """Return whole names that begin with the words, of which the last has just been begun.

    A letter alone stands in no index of the full text: to join it with another word takes a look at half the book.
    """
    return list(_named(db, " ".join(asked)))[:CAP] if len(asked) > 1 and len(asked[-1]) == 1 else []


def _near(db: sqlite3.Connection, word: str) -> list[str]:
    """Return ``word`` itself if some text begins a word with it, else the known words one typo away."""
    if db.execute("SELECT 1 FROM search_fts WHERE search_fts MATCH ? LIMIT 1", (fts_phrase(word),)).fetchone():
        return [word]
    half = (len(word) - 1) // 2
    if half < 1:
        return []
    head, tail = word[:half], word[::-1][:half]
    rows = db.execute(
        "SELECT term FROM search_term WHERE term >= ? AND term < ? UNION"
        " SELECT term FROM search_term WHERE backward >= ? AND backward < ?",
        (head, head + "\U0010ffff", tail, tail + "\U0010ffff"),
    )
    return sorted(term for (term,) in rows if abs(len(term) - len(word)) <= 1 and one_edit_apart(term, word))


def _containing(db: sqlite3.Connection, asked: list[str]) -> list[int]:
    """Return documents whose names contain every word anywhere: the last resort, a scan."""
    where = " AND ".join("names LIKE ? ESCAPE '\\'" for _ in asked)
    patterns = [
        "%" + segment(word).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%" for word in asked
    ]
    rows = db.execute(f"SELECT id FROM search_doc WHERE names <> '' AND {where} LIMIT ?", [*patterns, CAP])
    return [row[0] for row in rows]


NO_NAME = 5
"""The rank of a document whose names hold none of the words."""


def _ranked(db: sqlite3.Connection, docs: list[int], variants: list[list[str]]) -> list[int]:
    """Order documents: how well the names fit, then the kind, then the name; activities last, newest first."""
    asked = [[segment(word) for word in found] for found in variants]
    said = KINDS.index("activity")
    scored = [(NO_NAME, said, "", -doc) for doc in docs if doc % 4 == said]
    for chunk in _chunks(doc for doc in docs if doc % 4 != said):
        for doc, names in db.execute(f"SELECT id, names FROM search_doc WHERE id IN ({_marks(chunk)})", chunk):
            scored.append((_score(names, asked), doc % 4, names, doc))
    return [abs(last) for *_, last in sorted(scored)]


def _score(names: str, asked: list[list[str]]) -> int:
    """Rank a document by its folded names: 0 is the name itself, NO_NAME a hit elsewhere in its texts."""
    phrase = " ".join(found[0] for found in asked)
    padded = f" {names} "
    tests = (
        names == phrase,
        all(any(f" {word} " in padded for word in found) for found in asked),
        names.startswith(phrase),
        all(any(f" {word}" in padded for word in found) for found in asked),
        any(f" {word}" in padded for found in asked for word in found),
    )
    return tests.index(True) if True in tests else NO_NAME


def by_phone(db: sqlite3.Connection, key: str) -> list[int]:
    """Return documents with a phone that ends in the digits of ``key`` (given backwards, see core.phones)."""
    rows = db.execute(
        "SELECT contact_id, company_id FROM contact_point"
        " WHERE reversed <> '' AND reversed >= ? AND reversed < ? LIMIT ?",
        (key, key + "\U0010ffff", CAP),
    )
    return list(dict.fromkeys(_owner_doc(*row) for row in rows))


def by_email(db: sqlite3.Connection, start: str) -> list[int]:
    """Return documents with an e-mail address that begins with ``start``."""
    start = fold(start)
    rows = db.execute(
        "SELECT contact_id, company_id FROM contact_point"
        " WHERE norm <> '' AND norm >= ? AND norm < ? AND kind = 'email' LIMIT ?",
        (start, start + "\U0010ffff", CAP),
    )
    return list(dict.fromkeys(_owner_doc(*row) for row in rows))


def _owner_doc(contact: int | None, company: int | None) -> int:
    return doc_id("contact", contact) if contact is not None else doc_id("company", company or 0)
