"""Pairs of people, or of companies, that may be the same; every record is read once, and compared in memory."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from crm_cli.core.duplicates import companies, keys, people
from crm_cli.core.duplicates.blocks import FEW, LARGEST, Blocks, Pairs, hash_of
from crm_cli.core.duplicates.evidence import Commons
from crm_cli.core.duplicates.features import (
    Address,
    Side,
    address,
    domain,
    email,
    held,
    held_addresses,
    nickname,
    pack,
    parts,
    phone,
    unpack,
)
from crm_cli.core.duplicates.forms import name_and_form
from crm_cli.core.garbage import uncollected
from crm_cli.core.kinds import BY_NAME
from crm_cli.queries import processes

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Collection, Iterator, Sequence

    from crm_cli.core.duplicates.evidence import Likeness, Reason

CHUNK = 5000
"""How many records are read at once."""
WORTHWHILE = 50_000
"""From how many pairs on they are shared out among processes; as many are compared in a second or two."""

_PEOPLE = (
    "SELECT id, name, given, additional, family, suffix, nickname, coalesce(birthday, '') FROM contact"
    " WHERE id > ? ORDER BY id LIMIT ?"
)
_COMPANIES = "SELECT id, name FROM company WHERE id > ? ORDER BY id LIMIT ?"
_POINTS = (
    "SELECT {owner}_id, kind, CASE WHEN norm <> '' THEN norm ELSE value END FROM contact_point"
    " WHERE {owner}_id BETWEEN ? AND ? AND kind IN ('email', 'phone', 'url')"
)
_ADDRESSES = "SELECT {owner}_id, street, extended, locality, code FROM postal_address WHERE {owner}_id BETWEEN ? AND ?"
_JOBS = "SELECT contact_id, company_id FROM employment WHERE contact_id BETWEEN ? AND ? AND company_id IS NOT NULL"


class Duplicate(NamedTuple):
    """Two records that may be the same, by id (the lower one first), with the score and the reasons."""

    one: int
    other: int
    score: float
    reasons: tuple[Reason, ...]


class Capped(NamedTuple):
    """A value that too many records have to compare each with each: ``kind`` is email, phone, name or domain."""

    kind: str
    value: str
    records: int


class Found(NamedTuple):
    """The duplicates, the likeliest first; what was not compared in full; how many records and pairs were compared."""

    duplicates: list[Duplicate]
    capped: list[Capped]
    records: int
    pairs: int


class _Kind(NamedTuple):
    read: Callable[[sqlite3.Connection], Iterator[Side]]
    keys: Callable[[Side], Iterator[str]]
    likeness: Callable[[Side, Side, Commons, float], Likeness | None]


@uncollected()
def find(
    db: sqlite3.Connection,
    kind: str,
    *,
    minimum: float,
    among: Collection[int] | None = None,
    distinct: Collection[tuple[int, int]] = (),
) -> Found:
    """Return the pairs of ``kind`` (contact or company) whose score is at least ``minimum``.

    One of a pair must be ``among`` these ids, if given. ``distinct`` are the pairs (the lower id first) that the user
    said are not the same.
    """
    of_kind = _KINDS[kind]
    packed: list[str] = []
    blocks, names, employers = Blocks(), Counter[str](), Counter[str]()
    for side in of_kind.read(db):
        packed.append(pack(side))
        blocks.add(of_kind.keys(side))
        names.update(set(filter(None, (side.given, side.family.replace(" ", ""), *side.family.split()))))
        employers.update(side.companies)
    pairs, shared, capped = _pairs(blocks, packed, of_kind)
    commons = Commons(len(packed), {word: count for word, count in names.items() if count > 1}, shared, employers)
    count = processes.shares() if len(pairs) > WORTHWHILE else 1

    def compared(share: int) -> tuple[list[Duplicate], int]:
        """Compare the pairs of a share; return the duplicates, and how many pairs there were."""
        found: list[Duplicate] = []
        number = 0
        for one, other in _sides(pairs.share(share, count), packed):
            if among is not None and one.id not in among and other.id not in among:
                continue
            number += 1
            likeness = of_kind.likeness(one, other, commons, minimum)
            if likeness and (one.id, other.id) not in distinct:
                found.append(Duplicate(one.id, other.id, *likeness))
        return found, number

    results = processes.divided(compared, count)
    found = [duplicate for some, _ in results for duplicate in some]
    found.sort(key=lambda each: (-each.score, each.one, each.other))
    return Found(found, capped, len(packed), sum(number for _, number in results))


def _sides(pairs: Iterator[tuple[int, int]], packed: list[str]) -> Iterator[tuple[Side, Side]]:
    """Yield the two records of each pair."""
    for first, same in groupby(pairs, itemgetter(0)):
        one = unpack(packed[first])
        for _, second in same:
            yield one, unpack(packed[second])


def distinct(db: sqlite3.Connection, kind: str) -> set[tuple[int, int]]:
    """Return the pairs that the user said are not the same, the lower id first."""
    return set(db.execute("SELECT low_id, high_id FROM distinct_pair WHERE kind = ?", (kind,)))


def matching(db: sqlite3.Connection, kind: str, where: str, params: Sequence[Any]) -> set[int]:
    """Return the ids of the people (or companies) that match a condition."""
    of = BY_NAME[kind]
    rows = db.execute(f"SELECT {of.alias}.id FROM {of.table} {of.alias} WHERE {where}", list(params))
    return {row[0] for row in rows}


def _pairs(blocks: Blocks, packed: list[str], of_kind: _Kind) -> tuple[Pairs, dict[int, int], list[Capped]]:
    """Return the pairs to compare, how many records share a value, and the values that too many have."""
    pairs, shared, capped = Pairs(), dict[int, int](), list[Capped]()
    for block in blocks:
        size = len(block.numbers)
        if block.is_named and size > 2:
            shared[block.hashed] = size
        if size <= (LARGEST if block.is_named else FEW):
            pairs.add(block.numbers)
        elif block.is_named:
            pairs.add_neighbours(sorted(block.numbers, key=lambda number: packed[number].partition("\x1f")[2]))
            capped += _capped(block.hashed, unpack(packed[block.numbers[0]]), size, of_kind)
    return pairs, shared, sorted(capped, key=lambda each: -each.records)


_CAPPED = {keys.EMAIL: "email", keys.PHONE: "phone", keys.NAME: "name", keys.CORE: "name", keys.DOMAIN: "domain"}


def _capped(hashed: int, example: Side, size: int, of_kind: _Kind) -> list[Capped]:
    """Return the value of a block, from the keys of one of its records."""
    for key in of_kind.keys(example):
        if hash_of(key) == hashed and key[0] in _CAPPED:
            name = f"{example.given} {example.family}".strip() if key[0] in {keys.NAME, keys.CORE} else key[1:]
            return [Capped(_CAPPED[key[0]], name, size)]
    return []


def _people(db: sqlite3.Connection) -> Iterator[Side]:
    for rows in _chunks(db, _PEOPLE):
        span = (rows[0][0], rows[-1][0])
        points = _points(db, "contact", span)
        places = _addresses(db, "contact", span)
        jobs: dict[int, list[str]] = defaultdict(list)
        for ref, company in db.execute(_JOBS, span):
            jobs[ref].append(str(company))
        for ref, name, given, additional, family, suffix, called, birthday in rows:
            emails, phones, _ = points[ref]
            is_named = name not in emails and phone(name) not in phones
            known = parts(name if is_named else "", given, additional, family, suffix)
            yield Side(
                str(ref), *known, nickname(called), birthday, held(map(email, emails)), held(phones), held(jobs[ref]),
                held_addresses(places[ref]),
            )  # fmt: skip


def _companies(db: sqlite3.Connection) -> Iterator[Side]:
    for rows in _chunks(db, _COMPANIES):
        span = (rows[0][0], rows[-1][0])
        points, places = _points(db, "company", span), _addresses(db, "company", span)
        for ref, name in rows:
            emails, phones, urls = points[ref]
            core, form = name_and_form(name)
            hosts = held((*(domain(email(each)) for each in emails), *map(_host, urls)))
            yield Side(
                str(ref), family=core, generation=form, held_emails=held(map(email, emails)), held_phones=held(phones),
                held_companies=hosts, held_addresses=held_addresses(places[ref]),
            )  # fmt: skip


def _chunks(db: sqlite3.Connection, sql: str) -> Iterator[list[Any]]:
    last = 0
    while rows := db.execute(sql, (last, CHUNK)).fetchall():
        yield rows
        last = rows[-1][0]


Points = tuple[list[str], list[str], list[str]]


def _points(db: sqlite3.Connection, owner: str, span: tuple[int, int]) -> dict[int, Points]:
    """Return the e-mails, phones and web pages of the records of a span of ids."""
    found: dict[int, Points] = defaultdict(lambda: ([], [], []))
    place = {"email": 0, "phone": 1, "url": 2}
    for ref, kind, value in db.execute(_POINTS.format(owner=owner), span):
        text = phone(value) if kind == "phone" else value
        if text:
            found[ref][place[kind]].append(text)
    return found


def _addresses(db: sqlite3.Connection, owner: str, span: tuple[int, int]) -> dict[int, list[Address]]:
    found: dict[int, list[Address]] = defaultdict(list)
    for ref, street, extended, city, code in db.execute(_ADDRESSES.format(owner=owner), span):
        found[ref].append(address(street, extended, city, code))
    return found


def _host(url: str) -> str:
    """Return the domain of a web page without ``www.``, ``""`` if it has none."""
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


_KINDS = {
    "contact": _Kind(_people, keys.of_person, people.likeness),
    "company": _Kind(_companies, keys.of_company, companies.likeness),
}
