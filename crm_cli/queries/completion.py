"""Candidates from the book for TAB: names by the beginning of a word, addresses, tags, fields, open activities.

Imports only what folding needs: `crm_cli.completion` runs before Typer is loaded.
"""

from __future__ import annotations

from crm_cli.core.kinds import BY_LETTER, is_kind_sql, record_sql, split
from crm_cli.core.text.folding import words

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3

LIMIT = 40
"""The maximum number of candidates that a person can look through."""

LAST = "\U0010ffff"

_COMPANY_OF = (
    "coalesce((SELECT o.name FROM employment e JOIN company o ON o.id = e.company_id"
    " WHERE e.contact_id = p.id AND e.current = 1 ORDER BY e.id LIMIT 1), '')"
)
_WITH_WORD = {
    name: f"SELECT {record_sql('doc')} FROM search_word WHERE word >= ? AND word < ? AND {is_kind_sql('doc', name)}"
    for name in ("contact", "company", "deal")
}
_BY_WORD = {
    "contact": (
        f"SELECT p.name, {_COMPANY_OF} FROM contact p WHERE p.id IN"
        f" ({_WITH_WORD['contact']}) ORDER BY p.name_key LIMIT ?"
    ),
    "company": (
        f"SELECT o.name, 'company' FROM company o WHERE o.id IN ({_WITH_WORD['company']}) ORDER BY o.name_key LIMIT ?"
    ),
    "deal": (f"SELECT d.title, d.status FROM deal d WHERE d.id IN ({_WITH_WORD['deal']}) ORDER BY d.title_key LIMIT ?"),
}
_BY_NAME = {
    "contact": (
        f"SELECT p.name, {_COMPANY_OF} FROM contact p WHERE p.name_key >= ? AND p.name_key < ?"
        " ORDER BY p.name_key LIMIT ?"
    ),
    "company": "SELECT o.name, 'company' FROM company o WHERE o.name_key >= ? AND o.name_key < ? LIMIT ?",
    "deal": "SELECT d.title, d.status FROM deal d WHERE d.title_key >= ? AND d.title_key < ? LIMIT ?",
}
_SHORT = 3

Pair = tuple[str, str]
"""A candidate and its description."""


def names(db: sqlite3.Connection, typed: str, kinds: tuple[str, ...] = ("contact", "company")) -> list[Pair]:
    """Return names that begin with ``typed`` or contain a word that does, with the company.

    One or two letters are only matched with the beginnings of names: too many words begin with them.
    """
    asked = words(typed)
    start = " ".join(asked)
    found: dict[Pair, None] = {}
    for kind in kinds:
        found.update(dict.fromkeys(db.execute(_BY_NAME[kind], (start, start + LAST, LIMIT))))
    if len(asked) == 1 and (len(start) >= _SHORT or not start.isascii()):
        for kind in kinds:
            found.update(dict.fromkeys(db.execute(_BY_WORD[kind], (asked[0], asked[0] + LAST, LIMIT))))
    return list(found)[:LIMIT]


def by_id(db: sqlite3.Connection, typed: str) -> list[Pair]:
    """Return the record with this printed id, with its name."""
    letter, number = split(typed)
    if not (number.isascii() and number.isdigit() and len(number) <= 7):
        return []
    kind = BY_LETTER[letter]
    rows = db.execute(f"SELECT {kind.title} FROM {kind.table} WHERE id = ?", (int(number),)).fetchall()
    if not rows and kind.can_merge:
        # A merged record leads to the one that it was merged into.
        rows = db.execute(
            f"SELECT r.{kind.title} FROM merge m JOIN {kind.table} r ON r.id = m.{kind.column} WHERE m.loser_id = ?",
            (int(number),),
        ).fetchall()
    return [(typed, row[0]) for row in rows]


def emails(db: sqlite3.Connection, typed: str) -> list[Pair]:
    """Return the e-mail addresses that begin with ``typed``, with their owners."""
    start = typed.lower()
    rows = db.execute(
        "SELECT c.norm, coalesce(p.name, o.name) FROM contact_point c LEFT JOIN contact p ON p.id = c.contact_id"
        " LEFT JOIN company o ON o.id = c.company_id"
        " WHERE c.norm <> '' AND c.norm >= ? AND c.norm < ? AND c.kind = 'email' ORDER BY c.norm LIMIT ?",
        (start, start + LAST, LIMIT),
    )
    return rows.fetchall()


def tags(db: sqlite3.Connection) -> list[Pair]:
    """Return all tags."""
    return [(row[0], "") for row in db.execute("SELECT name FROM tag ORDER BY name_key")]


def fields(db: sqlite3.Connection) -> list[tuple[str, str, str, str]]:
    """Return the custom fields: name, label, type, and the choices in their stored form."""
    return db.execute("SELECT name, label, type, choices FROM custom_field ORDER BY name").fetchall()


def activities(db: sqlite3.Connection) -> list[Pair]:
    """Return the printed ids of the open activities that are due first."""
    rows = db.execute(
        "SELECT 'a' || id, kind || ': ' || subject FROM activity WHERE status = 'open' AND due_utc IS NOT NULL"
        " ORDER BY due_utc LIMIT ?",
        (LIMIT,),
    )
    return rows.fetchall()


def deals(db: sqlite3.Connection) -> list[Pair]:
    """Return the printed ids of the open deals that are expected to close first."""
    rows = db.execute(
        "SELECT 'd' || id, title FROM deal WHERE status = 'open' ORDER BY close_on IS NULL, close_on, id LIMIT ?",
        (LIMIT,),
    )
    return rows.fetchall()


def stages(db: sqlite3.Connection) -> list[Pair]:
    """Return the stages of the pipeline, in order."""
    return [(row[0], "stage") for row in db.execute("SELECT name FROM stage WHERE archived = 0 ORDER BY place, id")]


def segments(db: sqlite3.Connection) -> list[Pair]:
    """Return the saved queries."""
    return db.execute("SELECT name, query FROM segment ORDER BY name_key").fetchall()
