"""Resolving a REF (an id, an e-mail, a phone, ``uid:`` and a prefix, or words of a name) to candidate records.

Exact matches beat partial ones, and typos are not corrected: a write must never go to a near miss.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm_cli.book.search import points as search_points
from crm_cli.core.kinds import BY_LETTER, RECORDS, is_kind_sql, record, split
from crm_cli.core.limits import check_search
from crm_cli.core.phones import digits, e164, looks_like_phone, suffix_key
from crm_cli.core.text.folding import fold, sort_key, words
from crm_cli.queries import merges
from crm_cli.queries.employers import employer_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from crm_cli.core.kinds import Kind

ID_DIGITS = 7
"""A number of up to this many digits is an id; a longer one is a phone."""


class Candidate(NamedTuple):
    """A record that matches a REF; ``line`` distinguishes it from its namesakes."""

    kind: str
    id: int
    line: str

    @property
    def ref(self) -> str:
        """The printed id."""
        return printed(self.kind, self.id)


def printed(kind: str, record_id: int) -> str:
    """Return a record's printed id: ``12``, ``c4``, ``a31``, ``d7``."""
    return RECORDS[kind].printed(record_id)


def resolve(
    db: sqlite3.Connection,
    text: str,
    *,
    kinds: tuple[str, ...] = ("contact", "company"),
    region: str = "",
    last: str = "",
) -> list[Candidate]:
    """Return the records among ``kinds`` that match the REF ``text``; several candidates mean that it is ambiguous.

    ``last`` is the printed id that ``.`` refers to: the one last shown on this terminal.
    """
    text = text.strip()
    check_search(text)
    if text == ".":
        text = last
    if is_id(text):
        return _candidates(db, [found for found in _by_id(db, text) if found[0] in kinds])
    docs = _by_uid(db, text) or _by_point(db, text, region) or _by_name(db, text, kinds) or _by_former_name(db, text)
    return _candidates(db, [(kind, ref) for kind, ref in docs if kind in kinds])


def _by_id(db: sqlite3.Connection, text: str) -> list[tuple[str, int]]:
    kind, number = kind_of(text), split(text)[1]
    found = db.execute(f"SELECT id FROM {kind.table} WHERE id = ?", (int(number),)).fetchone()
    if found or not kind.can_merge:
        return [(kind.name, found[0])] if found else []
    survivor = merges.survivor(db, kind.name, int(number))
    return [] if survivor is None else [(kind.name, survivor)]


def kind_of(text: str) -> Kind:
    """Return the kind that the letter of a printed id stands for; for any other text, the kind of people."""
    return BY_LETTER[split(text)[0]]


def is_id(text: str) -> bool:
    """Does ``text`` have the shape of a printed id?"""
    number = split(text)[1]
    return number.isascii() and number.isdigit() and len(number) <= ID_DIGITS


def _by_uid(db: sqlite3.Connection, text: str) -> list[tuple[str, int]]:
    if not text.lower().startswith("uid:") or len(text) < len("uid:") + 4:
        return []
    start = text[4:].strip().lower()
    found = []
    for kind in RECORDS:
        rows = db.execute(f"SELECT id FROM {kind} WHERE uid >= ? AND uid < ? LIMIT 20", (start, start + "\uffff"))
        found += [(kind, row[0]) for row in rows]
    return found or [(each.kind, each.survivor) for each in merges.by_uid(db, start)]


def _by_point(db: sqlite3.Connection, text: str, region: str) -> list[tuple[str, int]]:
    if "@" in text[1:] and " " not in text:
        rows = db.execute(
            "SELECT contact_id, company_id FROM contact_point WHERE norm = ? AND norm <> '' AND kind = 'email'",
            (fold(text),),
        )
        return _owners(rows)
    if looks_like_phone(text) and len(digits(text)) > ID_DIGITS:
        found = [record(doc) for doc in search_points.by_phone(db, suffix_key(text))]
        return found or _by_norm(db, e164(text, region))
    return []


def _by_norm(db: sqlite3.Connection, norm: str) -> list[tuple[str, int]]:
    rows = db.execute("SELECT contact_id, company_id FROM contact_point WHERE norm = ? AND norm <> ''", (norm,))
    return _owners(rows)


def _owners(rows: Iterable[tuple[int | None, int | None]]) -> list[tuple[str, int]]:
    return [("contact", contact) if contact is not None else ("company", company or 0) for contact, company in rows]


def _by_name(db: sqlite3.Connection, text: str, kinds: tuple[str, ...]) -> list[tuple[str, int]]:
    """Find records by their whole name or its words; ``priya @globex`` means the Priyas who work there."""
    name, _, company = text.partition(" @") if not text.startswith("@") else ("", "", text[1:])
    exact = _by_key(db, sort_key(name), kinds)
    if company:
        return _employed(db, exact, company) or _employed(db, _by_words(db, name, kinds), company)
    return _people_first(exact or _by_words(db, name, kinds))


def _by_key(db: sqlite3.Connection, key: str, kinds: tuple[str, ...]) -> list[tuple[str, int]]:
    """Find records by the sort key of their whole name."""
    found: list[tuple[str, int]] = []
    for kind in RECORDS.values():
        if kind.key and kind.name in kinds:
            rows = db.execute(f"SELECT id FROM {kind.table} WHERE {kind.key} = ? ORDER BY id LIMIT 50", (key,))
            found += [(kind.name, row[0]) for row in rows]
    return found


def _by_former_name(db: sqlite3.Connection, text: str) -> list[tuple[str, int]]:
    """Find the record that one with exactly this name was merged into."""
    key = sort_key(text)
    found = ((kind.name, merges.named(db, kind.name).get(key)) for kind in RECORDS.values() if kind.can_merge)
    return [(kind, ref) for kind, ref in found if ref is not None]


def _employed(db: sqlite3.Connection, found: list[tuple[str, int]], company: str) -> list[tuple[str, int]]:
    """Keep the people who work at a company of this name."""
    return [(kind, ref) for kind, ref in found if kind == "contact" and _works_at(db, ref, company)]


def _people_first(found: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Drop the deals if there are other matches: a deal is often named after its person or company."""
    return [each for each in found if each[0] != "deal"] or found


def _by_words(db: sqlite3.Connection, name: str, kinds: tuple[str, ...]) -> list[tuple[str, int]]:
    asked = words(name)
    docs = _holding(db, asked, kinds, exact=True) or _holding(db, asked, kinds, exact=False)
    return [record(doc) for doc in docs]


def _holding(db: sqlite3.Connection, asked: list[str], kinds: tuple[str, ...], *, exact: bool) -> list[int]:
    """Return the documents of these kinds whose names contain each word (or, unless ``exact``, words that begin so)."""
    if not asked:
        return []
    test = "{0}.word = ?" if exact else "{0}.word >= ? AND {0}.word < ?"
    first, *rest = sorted(asked, key=len, reverse=True)
    values = [bound for word in (first, *rest) for bound in ((word,) if exact else (word, word + "\U0010ffff"))]
    others = f"EXISTS (SELECT 1 FROM search_word x WHERE x.doc = w.doc AND {test.format('x')})"
    clauses = [test.format("w"), is_kind_sql("w.doc", *kinds), *(others for _ in rest)]
    sql = f"SELECT DISTINCT doc FROM search_word w WHERE {' AND '.join(clauses)} LIMIT 50"
    return [row[0] for row in db.execute(sql, values)]


def _works_at(db: sqlite3.Connection, contact_id: int, company: str) -> bool:
    asked = words(company)
    rows = db.execute(
        "SELECT o.name FROM employment e JOIN company o ON o.id = e.company_id"
        " WHERE e.contact_id = ? AND e.current = 1",
        (contact_id,),
    )
    return any(all(any(have.startswith(word) for have in words(name)) for word in asked) for (name,) in rows)


LINES = {
    "contact": (
        "SELECT p.name || coalesce(', ' || nullif(o.name, ''), '') || coalesce(' <' ||"
        " (SELECT value FROM contact_point WHERE contact_id = p.id AND kind = 'email'"
        f" ORDER BY preferred DESC, id LIMIT 1) || '>', '') FROM contact p {employer_of('p.id')} WHERE p.id = ?"
    ),
    "company": "SELECT name || ' (company)' FROM company WHERE id = ?",
    "activity": "SELECT kind || ': ' || subject FROM activity WHERE id = ?",
    "deal": (
        "SELECT d.title || ' (deal, ' || CASE d.status WHEN 'open' THEN s.name ELSE d.status END || ')'"
        " FROM deal d JOIN stage s ON s.id = d.stage_id WHERE d.id = ?"
    ),
}


def line(db: sqlite3.Connection, kind: str, record_id: int) -> str:
    """Return a line that distinguishes a record from its namesakes: name, company, e-mail."""
    found = db.execute(LINES[kind], (record_id,)).fetchone()
    return str(found[0]) if found else ""


def name(db: sqlite3.Connection, kind: str, record_id: int) -> str:
    """Return a record's name, or ``""`` if it does not exist."""
    found = db.execute(f"SELECT {RECORDS[kind].title} FROM {kind} WHERE id = ?", (record_id,)).fetchone()
    return str(found[0]) if found else ""


def _candidates(db: sqlite3.Connection, found: list[tuple[str, int]]) -> list[Candidate]:
    return [Candidate(kind, ref, line(db, kind, ref)) for kind, ref in dict.fromkeys(found)]
