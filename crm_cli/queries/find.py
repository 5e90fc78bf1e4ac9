"""``crm find``: one search for a phone, an e-mail or any words; each result says what matched."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm_cli.book.search import find as search_find
from crm_cli.book.search import points as search_points
from crm_cli.core import kinds
from crm_cli.core.limits import check_search
from crm_cli.core.phones import PART, digits, e164, is_part, is_whole, suffix_key
from crm_cli.core.rows import Row
from crm_cli.core.text.folding import words
from crm_cli.queries import people, why
from crm_cli.queries.batches import CHUNK, chunks, marks

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection


class Results(NamedTuple):
    """The best ``rows``, of ``total`` found; ``capped`` if there are more than were ranked.

    ``corrected`` is the text that was searched for instead, when a typo was corrected.
    """

    rows: list[Row]
    total: int
    capped: bool = False
    corrected: str = ""


class People(NamedTuple):
    """The people found, best first; the other fields are those of `Results`."""

    ids: list[int]
    capped: bool = False
    corrected: str = ""


Key = tuple[str, int]
"""A record's kind and id."""


def find(db: sqlite3.Connection, text: str, region: str = "", limit: int = 20, *, scan: bool = True) -> Results:
    """Search people, companies, deals and activities; names rank first, and nothing is listed twice.

    ``limit`` 0 means all; ``scan`` is that of `search.find`.
    """
    check_search(text)
    found = _search(db, text.strip(), region, scan=scan)
    heads, acts = _folded(db, found.docs, limit if found.capped else 0)
    page = heads[:limit] if limit else heads
    total = len(found.docs) if found.capped else len(heads)
    asked = [*words(found.corrected or text), *found.alike]
    return Results(_lines(db, page, acts, asked), total, found.capped, found.corrected)


def find_people(
    db: sqlite3.Connection, text: str, region: str = "", *, scan: bool = True, kind: str = "contact"
) -> People:
    """Search only people (or companies), also by their activities; ``scan`` is that of `search.find`."""
    check_search(text)
    found = _search(db, text.strip(), region, scan=scan)
    heads, _ = _folded(db, found.docs, 0)
    return People([ref for of, ref in heads if of == kind], found.capped, found.corrected)


def _search(db: sqlite3.Connection, text: str, region: str, *, scan: bool) -> search_find.Found:
    """Search by the form of the text: an e-mail address in the book, a phone or part of one, or any words."""
    if "@" in text[1:] and " " not in text and (docs := search_points.by_email(db, text)):
        return search_find.Found(docs, capped=len(docs) >= search_points.CAP)
    if not is_part(text):
        return search_find.find(db, text, scan=scan)
    docs = _ending(db, digits(text)) or _ending(db, suffix_key(text)[::-1])
    if is_whole(text) and (docs := docs or _ending(db, _in_region(db, text, region))):
        return search_find.Found(docs, capped=len(docs) >= search_points.CAP)
    return search_find.find(db, text, scan=scan, numbers=[*docs, *_holding(db, text, scan=scan)])


def _ending(db: sqlite3.Connection, number: str) -> list[int]:
    """Find phone numbers by their last digits."""
    return search_points.by_phone(db, number[::-1]) if len(number) >= PART else []


def _in_region(db: sqlite3.Connection, text: str, region: str) -> str:
    """Return a number read as one of this region, or ``""`` if stored numbers begin with it.

    Needed where the trunk digit is not zero.
    """
    return "" if _holding(db, text, scan=False) else e164(text, region)[1:]


def _holding(db: sqlite3.Connection, text: str, *, scan: bool) -> list[int]:
    """Find phone numbers by their first digits, with or without the country code; with ``scan``, by any digits."""
    number = suffix_key(text)[::-1]
    docs = search_points.by_start(db, number) if len(number) >= PART else []
    return [*docs, *search_points.by_part(db, digits(text))] if scan else docs


def _folded(db: sqlite3.Connection, docs: list[int], enough: int) -> tuple[list[Key], dict[Key, int]]:
    """Replace each activity found by its people or its company; records found directly keep their position.

    Returns the records in order (all, or at least ``enough``), and for those found only through an activity, its id.
    """
    records = [kinds.record(doc) for doc in docs]
    direct = dict.fromkeys(record for record in records if record[0] != "activity")
    acts = [ref for kind, ref in records if kind == "activity"]
    through = _through(db, acts, direct, enough)
    return [*direct, *through], through


def _through(db: sqlite3.Connection, acts: list[int], direct: Collection[Key], enough: int) -> dict[Key, int]:
    """Return the records found only through activities, each with the first of them.

    An activity without people and company stands for itself.
    """
    found: dict[Key, int] = {}
    size = enough or CHUNK
    for start in range(0, len(acts), size):
        if enough and len(direct) + len(found) >= enough:
            break
        chunk = acts[start : start + size]
        parties = _parties(db, chunk)
        for act in chunk:
            for party in parties.get(act) or [("activity", act)]:
                if party not in direct:
                    found.setdefault(party, act)
    return found


def _parties(db: sqlite3.Connection, acts: list[int]) -> dict[int, list[Key]]:
    """Return the people of activities, or their company if there are no people."""
    found: dict[int, list[Key]] = {}
    for chunk in chunks(acts):
        for act, contact in db.execute(
            f"SELECT activity_id, contact_id FROM activity_participant WHERE activity_id IN ({marks(chunk)})", chunk
        ):
            found.setdefault(act, []).append(("contact", contact))
        for act, company in db.execute(
            f"SELECT id, company_id FROM activity WHERE id IN ({marks(chunk)}) AND company_id IS NOT NULL", chunk
        ):
            found.setdefault(act, [("company", company)])
    return found


def _lines(db: sqlite3.Connection, page: list[Key], through: dict[Key, int], asked: list[str]) -> list[Row]:
    """Return the lines of one page of records, each with what matched."""
    acts = {key: through[key] for key in page if key in through}
    snippets = why.activities(db, set(acts.values()), asked)
    found = _parties_by_key(db, page)
    reasons = why.records(db, [key for key in found if key not in acts], asked, found)
    reasons |= {key: snippets[act] for key, act in acts.items()}
    found |= _deals(db, page)
    rows = {key: found.get(key) or Row(f"a{key[1]}", snippets.get(key[1], "")) for key in page}
    return [row._replace(why=reasons.get(key, row.why)) for key, row in rows.items()]


def _parties_by_key(db: sqlite3.Connection, page: list[Key]) -> dict[Key, Row]:
    """Return the lines of the people and companies of a page, without what matched."""
    found: dict[Key, Row] = {}
    for kind in ("contact", "company"):
        wanted = [ref for have, ref in page if have == kind]
        found |= {(kind, _number(row.ref)): row for row in people.lines(db, wanted, kind)}
    return found


_DEALS = (
    "SELECT d.id, d.title, coalesce(o.name, ''), CASE d.status WHEN 'open' THEN 'in ' || s.name ELSE d.status END"
    " FROM deal d JOIN stage s ON s.id = d.stage_id LEFT JOIN company o ON o.id = d.company_id WHERE d.id IN ({marks})"
)


def _deals(db: sqlite3.Connection, page: list[Key]) -> dict[Key, Row]:
    """Return the lines of the deals of a page; ``why`` is the deal's stage or outcome."""
    found: dict[Key, Row] = {}
    ids = [ref for kind, ref in page if kind == "deal"]
    for chunk in chunks(ids):
        for ref, title, company, where in db.execute(_DEALS.format(marks=marks(chunk)), chunk):
            found["deal", ref] = Row(f"d{ref}", title, company, why=f"deal {where}")
    return found


def _number(ref: str) -> int:
    return int(kinds.split(ref)[1])
