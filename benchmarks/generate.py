"""Make a large, realistic book to measure with: the same for the same seed and the same day.

    python benchmarks/generate.py 100000 /tmp/book.db
    python benchmarks/generate.py 100000 /tmp/book.db --activities 0 --csv /tmp/people.csv --vcf /tmp/people.vcf

Rows are written by plain SQL, past the journal: a generated book has no changes to undo.
"""

from __future__ import annotations

import argparse
import csv
import os
import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from people import Activity, Person, Plan, activities, companies, people

from crm_cli.book import opening, sums
from crm_cli.book.search import index as search
from crm_cli.core.activities import reach_of
from crm_cli.core.text.folding import fold, sort_key
from crm_cli.core.when import due_utc

ZONE = "Asia/Kolkata"
CSV_COLUMNS = ("name", "email", "phone", "company", "title", "city", "birthday", "tags")
COLUMNS = {
    "contact": "id uid name name_key given family birthday notes created_utc updated_utc",
    "company": "id uid name name_key created_utc updated_utc",
    "employment": "contact_id company_id title",
    "contact_point": "contact_id kind value label norm reversed",
    "postal_address": "contact_id street locality region code country label",
    "contact_tag": "contact_id tag_id",
    "activity": "id uid kind status subject body direction outcome reach at_utc due_date due_time zone due_utc"
    " created_utc updated_utc",
    "activity_participant": "activity_id contact_id reach at_utc",
    "reminder": "activity_id lead_minutes at_utc",
    "deal": "id uid title title_key amount currency stage_id close_on company_id status closed_utc created_utc"
    " updated_utc",
    "deal_participant": "deal_id contact_id",
    "stage_change": "deal_id stage_id status at_utc",
}
"""table -> the columns that are written."""


def write_book(path: Path, plan: Plan) -> None:
    """Make the book ``path``, which must not be there yet."""
    if not opening.is_new(path):
        raise SystemExit(f"{path} is there already")
    opening.create(path)
    db = sqlite3.connect(path, isolation_level=None)
    for pragma in (
        "journal_mode=OFF",
        "synchronous=OFF",
        "cache_size=-200000",
        "temp_store=FILE",
        "ignore_check_constraints=ON",
    ):
        db.execute(f"PRAGMA {pragma}")
    db.execute("BEGIN")
    with without_indexes(db):
        _write_companies(db, plan)
        tags: dict[str, int] = {}
        for ids in plan.chunks():
            _write_people(db, people(plan, ids), tags)
            _write_activities(db, activities(plan, ids))
            _write_deals(db, people(plan, ids), plan)
        db.executemany("INSERT INTO tag VALUES (?, ?, ?)", [(ref, name, fold(name)) for name, ref in tags.items()])
    search.rebuild(db)
    sums.rebuild(db)
    db.execute("COMMIT")
    db.close()


@contextmanager
def without_indexes(db: sqlite3.Connection) -> Iterator[None]:
    """Take the indexes away and make them again at the end: sorting once is quicker than keeping sorted."""
    kept = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL").fetchall()
    kept = [(name, sql) for name, sql in kept if "search_" not in name]
    for name, _ in kept:
        db.execute(f"DROP INDEX {name}")
    yield
    for _, sql in kept:
        db.execute(sql)


def _insert(db: sqlite3.Connection, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    columns = COLUMNS[table].split()
    db.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", rows)


def uid(kind: int, number: int) -> str:
    """Return a uid that is always the same for a record, and in the order of the ids, which makes indexes quick."""
    return f"{number:08x}-0000-4000-8000-{kind:012x}"


def _write_companies(db: sqlite3.Connection, plan: Plan) -> None:
    made = plan.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    named = enumerate(companies(plan), 1)
    _insert(db, "company", ((ref, uid(1, ref), name, sort_key(name), made, made) for ref, name in named))


def _write_people(db: sqlite3.Connection, made: list[Person], tags: dict[str, int]) -> None:
    _insert(db, "contact", ((p.id, uid(0, p.id), p.name, sort_key(p.name), p.given, p.family, p.birthday, p.notes,
                             p.created, p.created) for p in made))  # fmt: skip
    _insert(db, "employment", ((p.id, p.company, p.title) for p in made if p.company))
    _insert(db, "contact_point", ((p.id, "email", mail, "work" if p.company else "home", fold(mail), "")
                                  for p in made for mail in p.emails))  # fmt: skip
    _insert(db, "contact_point", ((p.id, "phone", phone.written, phone.label, phone.e164, phone.e164[:0:-1])
                                  for p in made for phone in p.phones))  # fmt: skip
    _insert(db, "postal_address", ((p.id, p.street, *p.city, "work") for p in made))
    _insert(db, "contact_tag", ((p.id, tags.setdefault(tag, len(tags) + 1)) for p in made for tag in p.tags))


_reach = lru_cache(reach_of)


def _write_activities(db: sqlite3.Connection, made: Iterable[Activity]) -> None:
    last = db.execute("SELECT coalesce(max(id), 0) FROM activity").fetchone()[0]
    done: list[tuple[Any, ...]] = []
    joined: list[tuple[Any, ...]] = []
    reminded: list[tuple[Any, ...]] = []
    for ref, each in enumerate(made, last + 1):
        at = each.at.strftime("%Y-%m-%dT%H:%M:%SZ") if each.at else None
        reach = _reach(each.kind, each.direction, each.outcome) if at else 0
        due, moment = (None, None) if each.due is None else _due(each.due, each.time)
        status, zone, created = ("done", None, at) if at else ("open", ZONE, "2026-01-01T00:00:00Z")
        done.append((ref, uid(2, ref), each.kind, status, each.subject, each.body, each.direction, each.outcome, reach,
                     at, due, each.time, zone, moment, created, created))  # fmt: skip
        joined += [(ref, person, reach, at) for person in each.people]
        if each.time:
            reminded.append((ref, 0, moment))
    _insert(db, "activity", done)
    _insert(db, "activity_participant", joined)
    _insert(db, "reminder", reminded)


DEALERS = 100
"""One person in so many has a deal; a quarter of the deals are open."""


def _write_deals(db: sqlite3.Connection, made: list[Person], plan: Plan) -> None:
    first = db.execute("SELECT coalesce(max(id), 0) + 1 FROM deal").fetchone()[0]
    for ref, each in enumerate((p for p in made if p.id % DEALERS == 1), first):
        status, closed = ("open", None) if ref % 4 == 0 else ("won" if ref % 4 == 1 else "lost", each.created)
        title, stage = f"Order of {each.name}", ref % 4 + 1
        close = (plan.now + timedelta(days=ref * 37 % 300 - 60)).strftime("%Y-%m-%d")
        _insert(db, "deal", [(ref, uid(3, ref), title, sort_key(title), (ref * 7919 % 500 + 1) * 100_000, "INR", stage,
                              close, each.company or None, status, closed, each.created, each.created)])  # fmt: skip
        _insert(db, "deal_participant", [(ref, each.id)])
        _insert(db, "stage_change", [(ref, stage, status, each.created)])


def _due(day: datetime, clock: str | None) -> tuple[str, str]:
    text = day.strftime("%Y-%m-%d")
    return text, due_utc(text, clock, ZONE)


def write_csv(path: Path, plan: Plan) -> None:
    """Write the people of a book as a CSV of a generic kind."""
    named = list(companies(plan))
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(CSV_COLUMNS)
        for person in (person for ids in plan.chunks() for person in people(plan, ids)):
            phone = person.phones[0].written if person.phones else ""
            company = named[person.company - 1] if person.company else ""
            out.writerow((person.name, next(iter(person.emails), ""), phone, company, person.title, person.city[0],
                          person.birthday or "", ";".join(person.tags)))  # fmt: skip


def write_vcf(path: Path, plan: Plan) -> None:
    """Write the people of a book as vCards 3.0 with the lines that address books of phones and the web export."""
    named = list(companies(plan))
    with path.open("w", encoding="utf-8", newline="\r\n") as file:
        for person in (person for ids in plan.chunks() for person in people(plan, ids)):
            file.write("\n".join(_card(person, named[person.company - 1] if person.company else "")) + "\n")


def _card(person: Person, company: str) -> Iterator[str]:
    city, region, code, country = person.city
    yield "BEGIN:VCARD\nVERSION:3.0\nPRODID:-//Example//Address Book 7//EN"
    yield f"UID:{uid(0, person.id)}"
    yield f"N:{person.family};{person.given};;;\nFN:{person.name}"
    if company:
        yield f"ORG:{company}\nTITLE:{person.title}"
    yield from (f"EMAIL;TYPE=INTERNET:{mail}" for mail in person.emails)
    yield from (f"TEL;TYPE={'CELL' if phone.label == 'mobile' else 'WORK'}:{phone.written}" for phone in person.phones)
    yield f"ADR;TYPE=WORK:;;{person.street};{city};{region};{code};{country}"
    if person.birthday and not person.birthday.startswith("--"):
        yield f"BDAY:{person.birthday}"
    if company:
        yield f"item1.URL;type=pref:https://company{person.company}.example/team\nitem1.X-ABLabel:_$!<HomePage>!$_"
    if person.notes:
        yield "NOTE:" + person.notes.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;").replace("\n", "\\n")
    if person.tags:
        yield f"CATEGORIES:{','.join(person.tags)}"
    yield f"REV:{person.created}\nEND:VCARD"


def today() -> datetime:
    """Return the present moment, or what ``CRM_NOW`` says."""
    given = os.environ.get("CRM_NOW", "")
    moment = datetime.fromisoformat(given) if given else datetime.now(UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def main() -> None:
    """Read the command line and write what it asks for."""
    parser = argparse.ArgumentParser(description="Make a large, realistic book to measure with.")
    parser.add_argument("people", type=int)
    parser.add_argument("path", type=Path, nargs="?", help="the book to make")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--activities", type=int, default=10, help="for each person, over three years")
    parser.add_argument("--csv", type=Path, help="write the people as CSV")
    parser.add_argument("--vcf", type=Path, help="write the people as vCards")
    given = parser.parse_intermixed_args()
    plan = Plan(given.people, given.activities, given.seed, today())
    for path, write in ((given.path, write_book), (given.csv, write_csv), (given.vcf, write_vcf)):
        if path:
            started = time.perf_counter()
            write(path, plan)
            print(f"{path}: {given.people} people in {time.perf_counter() - started:.1f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
