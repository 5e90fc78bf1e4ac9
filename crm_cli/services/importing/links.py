"""Links of imported records to others: found by key or name, made, or kept until the other record comes."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core import matching
from crm_cli.core.items import ACCOUNT, Link
from crm_cli.core.kinds import BY_NAME
from crm_cli.core.records import Point
from crm_cli.core.text.folding import fold, nfc, sort_key
from crm_cli.queries import merges
from crm_cli.queries.batches import chunks, marks
from crm_cli.services import rows
from crm_cli.services.merged_links import came_by
from crm_cli.services.statements import insert
from crm_cli.services.touch import touch

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence

TARGETS = ("contact", "company", "deal")
MERGED = tuple(kind for kind in TARGETS if BY_NAME[kind].can_merge)
_SOURCES = """WITH RECURSIVE each (source) AS (
  SELECT min(source) FROM external_ref
  UNION ALL SELECT (SELECT min(source) FROM external_ref WHERE source > each.source) FROM each WHERE source IS NOT NULL
) SELECT source FROM each WHERE source IS NOT NULL"""
_SALESFORCE = re.compile(r"[A-Za-z0-9]{15}(?:[A-Z0-5]{3})?", re.ASCII)
_PROFILE = re.compile(r"linkedin\.com/in/[^/?#\s]+", re.IGNORECASE)
_SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_AGAIN = "~2"
"""What the import adds to a key that a file of people and one of companies share."""


class Record(NamedTuple):
    """A record that a link leads to."""

    kind: str
    id: int


def find(db: sqlite3.Connection, links: Iterable[Link]) -> dict[Link, Record]:
    """Return the record of each link that leads to exactly one: by its key in any source, else by its exact name.

    A key that is only a number is trusted if the link has no name, or the name of that record. One that is an e-mail
    address leads to the person who has it, never to one by name alone.
    """
    asked = list(dict.fromkeys(links))
    found = _found_by_key(db, asked)
    for link in asked:
        if link not in found and link.target == "company" and link.key.startswith(ACCOUNT):
            found |= _employer(db, link)
    # A column that is called an id may hold a name (Zoho's "Parent ID").
    return found | _found_by_name(db, [link for link in asked if link not in found and "@" not in link.key])


def _found_by_key(db: sqlite3.Connection, links: Sequence[Link]) -> dict[Link, Record]:
    """Return the records of those links whose keys, or e-mail addresses, decide."""
    keyed = _by_key(db, [link.key for link in links if link.key])
    for address, person in _by_address(db, [link.key for link in links if "@" in link.key]):
        keyed[address].add(person)
    titles = _titles(db, set().union(*keyed.values()))
    found: dict[Link, Record] = {}
    for link in links:
        if record := _decided(link, keyed.get(link.key, ()), titles):
            found[link] = record
    return found


def _found_by_name(db: sqlite3.Connection, links: Sequence[Link]) -> dict[Link, Record]:
    """Return the records of those links whose names, or keys read as names, are those of one record each."""
    names = {link: sort_key(nfc(link.name or link.key)) for link in links}
    by_name = _by_name(db, set(names.values()))
    found: dict[Link, Record] = {}
    for link, name in names.items():
        fitting = [each for each in by_name.get(name, ()) if _fits(link, each)]
        if len(fitting) == 1:
            found[link] = fitting[0]
    return found


def _fits(link: Link, record: Record) -> bool:
    """Is a record of the kind that a link leads to?"""
    return link.target in (record.kind, "any")


def _employer(db: sqlite3.Connection, link: Link) -> dict[Link, Record]:
    """Return the company of the person whose account in GoldMine a link names."""
    row = db.execute(
        "SELECT company_id FROM employment WHERE current = 1 AND company_id IS NOT NULL AND contact_id ="
        " (SELECT contact_id FROM external_ref WHERE source = 'goldmine' AND key = ?) ORDER BY id LIMIT 1",
        (link.key.removeprefix(ACCOUNT),),
    ).fetchone()
    return {link: Record("company", row[0])} if row else {}


def _decided(link: Link, records: Iterable[Record], titles: dict[Record, str]) -> Record | None:
    """Return the one record with the key of a link, checked by its name if it has one."""
    fitting = [each for each in records if _fits(link, each)]
    named = [each for each in fitting if link.name and titles.get(each) == sort_key(nfc(link.name))]
    if len(named) == 1:
        return named[0]
    return fitting[0] if len(fitting) == 1 and _is_sure(link) else None


def _is_sure(link: Link) -> bool:
    """Does the key of a link decide without its name?"""
    if not link.name or "@" in link.key:
        return True
    return matching.is_identifying(link.key) or _SALESFORCE.fullmatch(link.key) is not None


def _by_key(db: sqlite3.Connection, keys: Sequence[str]) -> defaultdict[str, set[Record]]:
    """Return the records with these keys in any source."""
    spelled: dict[str, list[str]] = defaultdict(list)
    for key in dict.fromkeys(keys):
        for each in _spellings(key):
            spelled[each].append(key)
    found: defaultdict[str, set[Record]] = defaultdict(set)
    for spelling, record in _refs(db, list(spelled)):
        for key in spelled[spelling]:
            found[key].add(record)
    return found


def _refs(db: sqlite3.Connection, keys: list[str]) -> Iterator[tuple[str, Record]]:
    """Yield these keys, spelled exactly so, each with the records that have it in any source."""
    for (source,) in db.execute(_SOURCES).fetchall() if keys else ():
        for chunk in chunks(keys):
            for key, *ids in db.execute(
                "SELECT key, contact_id, company_id, deal_id FROM external_ref"
                f" WHERE source = ? AND key IN ({marks(chunk)})",
                [source, *chunk],
            ):
                yield from ((key, Record(kind, ref)) for kind, ref in zip(TARGETS, ids, strict=True) if ref is not None)


def _by_address(db: sqlite3.Connection, addresses: Sequence[str]) -> Iterator[tuple[str, Record]]:
    """Yield each address with each person who has it."""
    spelled: dict[str, list[str]] = defaultdict(list)
    for address in addresses:
        spelled[fold(address)].append(address)
    for chunk in chunks(list(spelled)):
        rows = db.execute(
            f"SELECT norm, contact_id FROM contact_point WHERE norm IN ({marks(chunk)}) AND norm <> ''"
            " AND kind = 'email' AND contact_id IS NOT NULL",
            chunk,
        )
        yield from ((address, Record("contact", ref)) for norm, ref in rows.fetchall() for address in spelled[norm])


def _spellings(key: str) -> tuple[str, ...]:
    """Return the spellings under which a key may be stored; a Salesforce id has 15 characters, or 18 with a check."""
    others = [f"{key}{_AGAIN}", *matching.spellings(key)]
    if _SALESFORCE.fullmatch(key):
        others.append(key[:15] if len(key) == 18 else key + _check(key))
    return (key, *others)


def _check(key: str) -> str:
    """Return the three characters that make a Salesforce id of 15 safe where case is ignored."""
    parts = (key[at : at + 5] for at in (0, 5, 10))
    return "".join(_SUFFIX[sum(1 << bit for bit, char in enumerate(part) if char.isupper())] for part in parts)


def _titles(db: sqlite3.Connection, records: set[Record]) -> dict[Record, str]:
    """Return the names of records as they are compared."""
    found: dict[Record, str] = {}
    for kind in TARGETS:
        for chunk in chunks(sorted(record.id for record in records if record.kind == kind)):
            rows = db.execute(f"SELECT id, {BY_NAME[kind].key} FROM {kind} WHERE id IN ({marks(chunk)})", chunk)
            found |= {Record(kind, ref): title for ref, title in rows}
    return found


def _by_name(db: sqlite3.Connection, names: set[str]) -> dict[str, list[Record]]:
    """Return the records with exactly these names, as they are compared."""
    found: dict[str, list[Record]] = defaultdict(list)
    for kind in TARGETS:
        column = BY_NAME[kind].key
        for chunk in chunks(sorted(names - {""})):
            rows = db.execute(f"SELECT {column}, id FROM {kind} WHERE {column} IN ({marks(chunk)})", chunk)
            for name, ref in rows:
                found[name].append(Record(kind, ref))
    for kind in MERGED:
        for name, ref in merges.named(db, kind).items():
            if name in names and not found[name]:
                found[name].append(Record(kind, ref))
    return found


def wait(db: sqlite3.Connection, owner: Record, link: Link) -> None:
    """Keep a link until its record comes; one that waits already is not kept twice."""
    row = {f"{owner.kind}_id": owner.id, "target": link.target, "key": link.key, "name": link.name}
    same = " AND ".join(f"{column} = ?" for column in row)
    if not db.execute(f"SELECT 1 FROM pending_link WHERE {same}", tuple(row.values())).fetchone():
        insert(db, "pending_link", row)


def resolve(db: sqlite3.Connection, now: str) -> int:
    """Make the links that waited for records which are in the book by now; return how many."""
    return _make(db, list(_waiting(db)), now)


def arrived(db: sqlite3.Connection, addresses: Sequence[str], now: str) -> int:
    """Make the links that waited for a person with one of these e-mail addresses; return how many.

    Their keys are folded, as `services.capture` stores them.
    """
    keys = [fold(address) for address in addresses]
    return _make(db, list(_waiting(db, f" WHERE key IN ({marks(keys)})", keys)), now) if keys else 0


def _make(db: sqlite3.Connection, waiting: Sequence[tuple[int, Record, Link]], now: str) -> int:
    """Make those of the waiting links whose records are in the book; return how many."""
    found = find(db, (link for _, _, link in waiting)) if waiting else {}
    for ref, owner, link in waiting:
        if link in found:
            db.execute("DELETE FROM pending_link WHERE id = ?", (ref,))
            keep_profile(db, found[link], link, now)
            if attach(db, owner, found[link], key=link.key):
                touch(db, owner.kind, owner.id, now)
    return sum(link in found for _, _, link in waiting)


def _waiting(db: sqlite3.Connection, where: str = "", values: Sequence[str] = ()) -> Iterator[tuple[int, Record, Link]]:
    sql = f"SELECT id, contact_id, deal_id, activity_id, target, key, name FROM pending_link{where}"
    rows = db.execute(sql, values).fetchall()
    for ref, *owners, target, key, name in rows:
        kind, owner = next(
            each for each in zip(("contact", "deal", "activity"), owners, strict=True) if each[1] is not None
        )
        yield ref, Record(kind, owner), Link(target, key, name)


def keep_profile(db: sqlite3.Connection, record: Record, link: Link, now: str) -> None:
    """Add the profile on LinkedIn that a link names a person by, unless they have it."""
    place = _PROFILE.search(link.key)
    if record.kind != "contact" or not place:
        return
    known = db.execute(
        "SELECT value FROM contact_point WHERE contact_id = ? AND kind IN ('social', 'url')", (record.id,)
    )
    if any(place[0].casefold() in value.casefold() for (value,) in known.fetchall()):
        return
    point = rows.point(Point("social", link.key, service="linkedin"), region="")
    insert(db, "contact_point", {"contact_id": record.id, **point})
    touch(db, "contact", record.id, now)


def attach(db: sqlite3.Connection, owner: Record, record: Record, *, key: str = "") -> bool:
    """Link two records; return whether anything was written. A company or a deal that is set already stays.

    ``key`` is that by which the record was found, for the case that it is one that others were merged into.
    """
    if owner.kind == "contact":
        return record.kind == "company" and _employ(db, owner.id, record.id)
    if record.kind == owner.kind:
        return False
    if record.kind == "contact":
        wrote = _join(db, owner, record.id)
    else:
        sql = f"UPDATE {owner.kind} SET {record.kind}_id = ? WHERE id = ? AND {record.kind}_id IS NULL"
        wrote = db.execute(sql, (record.id, owner.id)).rowcount > 0
    if wrote and key and record.kind in MERGED:
        table = f"{owner.kind}_participant" if record.kind == "contact" else owner.kind
        came_by(db, table, owner.id, {record.id: [(*_spellings(key), fold(key))]}, record.kind)
    return wrote


def _join(db: sqlite3.Connection, owner: Record, person: int) -> bool:
    """Add a person to an activity or a deal, which also gets their company if it has none."""
    if owner.kind == "deal":
        made = db.execute("INSERT OR IGNORE INTO deal_participant VALUES (?, ?)", (owner.id, person)).rowcount
    else:
        made = db.execute(
            "INSERT OR IGNORE INTO activity_participant (activity_id, contact_id, reach, at_utc)"
            " SELECT id, ?, reach, at_utc FROM activity WHERE id = ?",
            (person, owner.id),
        ).rowcount
    db.execute(
        f"UPDATE {owner.kind} SET company_id = (SELECT company_id FROM employment WHERE contact_id = ? AND current = 1"
        " AND company_id IS NOT NULL ORDER BY id LIMIT 1) WHERE id = ? AND company_id IS NULL",
        (person, owner.id),
    )
    return made > 0


def _employ(db: sqlite3.Connection, person: int, company: int) -> bool:
    """Set the company of a person's current job; a person with another one keeps it."""
    jobs = db.execute(
        "SELECT id, company_id FROM employment WHERE contact_id = ? AND current = 1 ORDER BY id", (person,)
    ).fetchall()
    if any(has is not None for _, has in jobs):
        return False
    if jobs:
        db.execute("UPDATE employment SET company_id = ? WHERE id = ?", (company, jobs[0][0]))
    else:
        insert(db, "employment", {"contact_id": person, "company_id": company})
    return True
