"""Why a record was found: the text that contains the search words, cut to a snippet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core.text.folding import fold, words
from crm_cli.queries.batches import chunks, marks

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from crm_cli.core.rows import Row

SNIPPET = 60
"""The maximum length of a snippet of a long text, in characters."""

# The labels of a record's texts, closest match first; {owner} is contact or company.
_POINTS = (
    "SELECT {owner}_id, CASE state WHEN 'current' THEN '' ELSE state || ' ' END ||"
    " CASE kind WHEN 'email' THEN 'e-mail' ELSE kind END || ' ', value, norm"
    " FROM contact_point WHERE {owner}_id IN ({marks})"
)
_TAGS = (
    "SELECT {owner}_id, 'tag ', t.name, '' FROM {owner}_tag l JOIN tag t ON t.id = l.tag_id"
    " WHERE {owner}_id IN ({marks})"
)
_PLACES = (
    "SELECT {owner}_id, '', trim(street || ' ' || locality || ' ' || region || ' ' || code || ' ' || country), ''"
    " FROM postal_address WHERE {owner}_id IN ({marks})"
)
_CUSTOM = (
    "SELECT {owner}_id, f.name || ': ', v.value, '' FROM {owner}_custom v JOIN custom_field f ON f.id = v.field_id"
    " WHERE {owner}_id IN ({marks})"
)
_JOBS = (
    "SELECT e.contact_id, CASE e.current WHEN 1 THEN 'at ' ELSE 'formerly at ' END,"
    " trim(coalesce(o.name, '') || ' ' || e.title || ' ' || e.department), ''"
    " FROM employment e LEFT JOIN company o ON o.id = e.company_id WHERE e.contact_id IN ({marks})"
)
_SHARED = (
    _POINTS,
    _TAGS,
    _PLACES,
    _CUSTOM,
    "SELECT id, 'notes: ', notes, '' FROM {owner} WHERE notes <> '' AND id IN ({marks})",
)
_OF = {
    "contact": (
        "SELECT id, 'also called ', nickname, '' FROM contact WHERE nickname <> '' AND id IN ({marks})",
        (
            "SELECT id, 'full name ', trim(given || ' ' || additional || ' ' || family), '' FROM contact"
            " WHERE additional <> '' AND id IN ({marks})"
        ),
        _JOBS,
        *_SHARED,
    ),
    "company": _SHARED,
}


def records(
    db: sqlite3.Connection, keys: Iterable[tuple[str, int]], asked: list[str], shown: Mapping[tuple[str, int], Row]
) -> dict[tuple[str, int], str]:
    """Return what matched in each record of ``keys``; ``""`` if its name alone shows it."""
    missing = {key: _missing(asked, shown[key].name) for key in keys}
    found: dict[tuple[str, int], str] = {}
    for kind in _OF:
        wanted = [ref for have, ref in missing if have == kind and missing[have, ref]]
        for ref, label, text, norm in _texts(db, kind, wanted):
            if (kind, ref) not in found and _holds(text + " " + norm, missing[kind, ref]):
                found[kind, ref] = label + snippet(text, missing[kind, ref])
    return found


def _texts(db: sqlite3.Connection, kind: str, ids: list[int]) -> Iterator[tuple[int, str, str, str]]:
    """Yield the texts of records, those that match most closely first: id, label, text, and how it is looked up."""
    for chunk in chunks(ids):
        for sql in _OF[kind]:
            yield from db.execute(sql.format(owner=kind, marks=marks(chunk)), chunk)


def _missing(asked: list[str], name: str) -> list[str]:
    have = words(name)
    return [word for word in asked if not any(one.startswith(word) for one in have)]


def _holds(text: str, asked: Sequence[str]) -> bool:
    """Does a word of the text begin with one of the search words?"""
    have = words(text)
    digits = "".join(word for word in have if word.isdigit())
    return any(one.startswith(word) or (word.isdigit() and word in digits) for word in asked for one in have)


def snippet(text: str, asked: Sequence[str]) -> str:
    """Return the part of a text around the first search word, with ``…`` where it was cut."""
    text = " ".join(text.split())
    if len(text) <= SNIPPET:
        return text
    folded = fold(text)
    places = [folded.find(word) for word in asked if word in folded]
    start = max(0, min(places, default=0) - SNIPPET // 3)
    start = text.rfind(" ", 0, start) + 1 if start else 0
    end = start + SNIPPET
    return ("…" if start else "") + text[start:end].rstrip() + ("…" if end < len(text) else "")


def activities(db: sqlite3.Connection, ids: Iterable[int], asked: list[str]) -> dict[int, str]:
    """Return a line for each found activity: ``call 2026-11-02: …the blue door…``."""
    found = {}
    for chunk in chunks(sorted(ids)):
        rows = db.execute(
            "SELECT id, kind, coalesce(substr(at_utc, 1, 10), due_date, ''), subject, body FROM activity"
            f" WHERE id IN ({marks(chunk)})",
            chunk,
        )
        for act, kind, day, subject, body in rows:
            text = body if body and not _holds(subject, asked) else subject
            found[act] = f"{kind} {day}: {snippet(text, asked)}".replace(" :", ":")
    return found
