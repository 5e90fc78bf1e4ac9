"""The search index: folded text of every person, company and activity, and the ranked search over it.

``search_doc`` holds the text, ``search_fts`` its full-text index, ``search_word`` the words of names (a B-tree, so
that exact comes before partial) and ``search_term`` the vocabulary, forwards and backwards, in which a word with one
typo is looked up: of two halves of a word one is always free of the typo. Only this module knows FTS5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core.phones import digits
from crm_cli.core.text import fold, fts_phrase, name_words, one_edit_apart, segment, words

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence

KINDS = ("contact", "company", "activity")
CAP = 500
"""How many candidates a search ranks; beyond it the answer says ``500+``."""
CHUNK = 500


def doc_id(kind: str, record_id: int) -> int:
    """Return the search document of a record."""
    return record_id * 4 + KINDS.index(kind)


def record_of(doc: int) -> tuple[str, int]:
    """Return (kind, id) of a search document."""
    return KINDS[doc % 4], doc // 4


def refresh(db: sqlite3.Connection, touched: dict[str, set[int]]) -> None:
    """Bring the index up to date for the records of ``touched`` (kind -> ids), gone ones included."""
    contacts = set(touched.get("contact", ()))
    companies = touched.get("company", set())
    for chunk in _chunks(companies):
        rows = db.execute(f"SELECT contact_id FROM employment WHERE company_id IN ({_marks(chunk)})", chunk)
        contacts.update(row[0] for row in rows)
    for chunk in _chunks(contacts):
        _replace(db, "contact", chunk, _contact_texts(db, chunk))
    for chunk in _chunks(companies):
        _replace(db, "company", chunk, _company_texts(db, chunk))
    for chunk in _chunks(touched.get("activity", set())):
        _replace(db, "activity", chunk, _activity_texts(db, chunk))


def rebuild(db: sqlite3.Connection) -> None:
    """Make the whole index anew from the records."""
    db.execute("INSERT INTO search_fts(search_fts) VALUES ('delete-all')")
    for table in ("search_doc", "search_word", "search_term"):
        db.execute(f"DELETE FROM {table}")
    for kind in KINDS:
        refresh(db, {kind: {row[0] for row in db.execute(f"SELECT id FROM {kind}")}})


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


Texts = dict[int, tuple[list[str], list[str]]]
"""record id -> (its names, its other texts)."""


def _contact_texts(db: sqlite3.Connection, ids: list[int]) -> Texts:
    marks = _marks(ids)
    texts: Texts = {}
    for ref, name, nickname, notes, *parts in db.execute(
        f"SELECT id, name, nickname, notes, given, additional, family FROM contact WHERE id IN ({marks})", ids
    ):
        texts[ref] = ([name, nickname, *(part for part in parts if part not in name)], [notes])
    _add(texts, db, f"SELECT e.contact_id, c.name || ' ' || e.title || ' ' || e.department FROM employment e"
        f" LEFT JOIN company c ON c.id = e.company_id WHERE e.contact_id IN ({marks})", ids)  # fmt: skip
    _add_shared(texts, db, "contact", ids)
    return texts


def _company_texts(db: sqlite3.Connection, ids: list[int]) -> Texts:
    marks = _marks(ids)
    texts: Texts = {}
    for row in db.execute(f"SELECT id, name, notes FROM company WHERE id IN ({marks})", ids):
        texts[row[0]] = ([row[1]], [row[2]])
    _add_shared(texts, db, "company", ids)
    return texts


def _activity_texts(db: sqlite3.Connection, ids: list[int]) -> Texts:
    rows = db.execute(f"SELECT id, subject, body FROM activity WHERE id IN ({_marks(ids)})", ids)
    return {row[0]: ([], [row[1], row[2]]) for row in rows}


def _add_shared(texts: Texts, db: sqlite3.Connection, owner: str, ids: list[int]) -> None:
    marks = _marks(ids)
    for ref, kind, value, norm in db.execute(
        f"SELECT {owner}_id, kind, value, norm FROM contact_point WHERE {owner}_id IN ({marks})", ids
    ):
        texts[ref][1].append(f"{value} {digits(value)} {norm[1:]}" if kind == "phone" else value)
    _add(texts, db, f"SELECT {owner}_id, street || ' ' || locality || ' ' || region || ' ' || code || ' ' || country"
        f" FROM postal_address WHERE {owner}_id IN ({marks})", ids)  # fmt: skip
    _add(texts, db, f"SELECT l.{owner}_id, t.name FROM {owner}_tag l JOIN tag t ON t.id = l.tag_id"
        f" WHERE l.{owner}_id IN ({marks})", ids)  # fmt: skip
    _add(texts, db, f"SELECT {owner}_id, value FROM {owner}_custom WHERE {owner}_id IN ({marks})", ids)


def _add(texts: Texts, db: sqlite3.Connection, sql: str, ids: list[int]) -> None:
    for ref, text in db.execute(sql, ids):
        if text:
            texts[ref][1].append(text)


def _replace(db: sqlite3.Connection, kind: str, ids: list[int], texts: Texts) -> None:
    docs = [doc_id(kind, record) for record in ids]
    marks = _marks(docs)
    old = db.execute(f"SELECT id, names, body FROM search_doc WHERE id IN ({marks})", docs).fetchall()
    if old:
        db.executemany("INSERT INTO search_fts(search_fts, rowid, names, body) VALUES ('delete', ?, ?, ?)", old)
        db.execute(f"DELETE FROM search_word WHERE doc IN ({marks})", docs)
    rows, named = [], []
    for record, (names, body) in texts.items():
        doc = doc_id(kind, record)
        rows.append((doc, segment(" ".join(names)), segment(" ".join(body))))
        named.extend((word, doc) for word in {word for name in names for word in name_words(name)})
    db.executemany("INSERT OR REPLACE INTO search_doc VALUES (?, ?, ?)", rows)
    db.executemany("INSERT INTO search_fts(rowid, names, body) VALUES (?, ?, ?)", rows)
    db.executemany("INSERT OR IGNORE INTO search_word VALUES (?, ?)", named)
    db.executemany(
        "INSERT OR IGNORE INTO search_term VALUES (?, ?)", {(word, word[::-1]) for word, _ in named if len(word) > 2}
    )
    gone = [doc_id(kind, record) for record in ids if record not in texts]
    if gone:
        db.execute(f"DELETE FROM search_doc WHERE id IN ({_marks(gone)})", gone)


class Found(NamedTuple):
    """The ranked documents of a search, best first; ``capped`` when more than CAP fitted; ``typo`` when corrected."""

    docs: list[int]
    capped: bool
    typo: bool


def find(db: sqlite3.Connection, text: str) -> Found:
    """Search everything for ``text``: names first, then any text; a word without a hit is tried with one typo."""
    asked = words(text)
    if not asked:
        return Found([], capped=False, typo=False)
    docs = _candidates(db, [[word] for word in asked])
    typo = False
    if not docs:
        variants = [_near(db, word) for word in asked]
        typo = all(variants)
        docs = _candidates(db, variants) if typo else []
        asked = [found[0] for found in variants] if docs else asked
    if not docs:
        docs, typo = _containing(db, asked), False
    return Found(_ranked(db, docs, asked), capped=len(docs) >= CAP, typo=typo and bool(docs))


def _candidates(db: sqlite3.Connection, variants: list[list[str]]) -> list[int]:
    """Return up to CAP documents in which each word, in one of its variants, begins some word."""
    docs: dict[int, None] = {}
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
    patterns = ["%" + segment(word).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%" for word in asked]
    rows = db.execute(f"SELECT id FROM search_doc WHERE names <> '' AND {where} LIMIT ?", [*patterns, CAP])
    return [row[0] for row in rows]


def _ranked(db: sqlite3.Connection, docs: list[int], asked: list[str]) -> list[int]:
    whole = [segment(word) for word in asked]
    phrase = " ".join(whole)
    scored = []
    for start in range(0, len(docs), CHUNK):
        chunk = docs[start : start + CHUNK]
        for doc, names in db.execute(f"SELECT id, names FROM search_doc WHERE id IN ({_marks(chunk)})", chunk):
            scored.append((_score(names, phrase, whole), doc % 4, names, doc))
    return [doc for *_, doc in sorted(scored)]


def _score(names: str, phrase: str, whole: list[str]) -> int:
    """Rank a document by its folded names: 0 the name itself, then all words, word beginnings, anything else."""
    if names == phrase:
        return 0
    padded = f" {names} "
    if all(f" {word} " in padded for word in whole):
        return 1
    if all(f" {word}" in padded for word in whole):
        return 2
    return 3 if any(f" {word}" in padded for word in whole) else 4


def by_phone(db: sqlite3.Connection, key: str) -> list[int]:
    """Return documents with a phone that ends in the digits of ``key`` (given backwards, see core.phones)."""
    rows = db.execute(
        "SELECT contact_id, company_id FROM contact_point WHERE reversed >= ? AND reversed < ? LIMIT ?",
        (key, key + "\U0010ffff", CAP),
    )
    return list(dict.fromkeys(_owner_doc(*row) for row in rows))


def by_email(db: sqlite3.Connection, start: str) -> list[int]:
    """Return documents with an e-mail address that begins with ``start``."""
    start = fold(start)
    rows = db.execute(
        "SELECT contact_id, company_id FROM contact_point WHERE norm >= ? AND norm < ? AND kind = 'email' LIMIT ?",
        (start, start + "\U0010ffff", CAP),
    )
    return list(dict.fromkeys(_owner_doc(*row) for row in rows))


def _owner_doc(contact: int | None, company: int | None) -> int:
    return doc_id("contact", contact) if contact is not None else doc_id("company", company or 0)
