"""What the screens ask the book: each opens it, reads, and leaves it. They run in threads."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.book.book import Book
from crm_cli.core import query, when
from crm_cli.core.phones import looks_like_phone
from crm_cli.core.text import display_width
from crm_cli.queries import activities, agenda, contacts, people
from crm_cli.render import agenda as words
from crm_cli.render import show
from crm_cli.render.activities import day_words
from crm_cli.tui.items import DealItem, Item, Pipeline

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator

    from crm_cli.core.deals import Deal
    from crm_cli.core.lines import Row
    from crm_cli.core.records import Activity, Contact
    from crm_cli.queries.find import People
    from crm_cli.queries.quiet import Quiet
    from crm_cli.tui.desk import Desk

SECTIONS = ("overdue", "due", "coming", "undated", "deals", "birthdays")
LISTED = 200
"""How many of a section are listed."""
SINCE = 30
"""For so many days the board says what was won and lost."""
NARROW = 74
"""Cells of a heading that every terminal has."""
HISTORY = 50
"""How many activities of a history a card shows."""
STEPS = 20_000
"""After how many steps of SQLite a search looks whether it is still wanted."""
FEW = 50
"""How many rows come along with a search: those that are seen at once."""


def today(desk: Desk) -> list[Item]:
    """Return the day's list."""
    from crm_cli.queries import quiet

    with Book.read(desk.path) as book:
        found = agenda.read(book.db, desk.day, SECTIONS, limit=LISTED)
        return list(_items(found, quiet.people(book.db, desk.day), desk))


def top_of_today(desk: Desk, limit: int) -> list[Item]:
    """Return what is seen first of the day's list: at most ``limit`` of a section, and nobody gone quiet."""
    with Book.read(desk.path) as book:
        return list(_items(agenda.read(book.db, desk.day, SECTIONS, limit=limit), [], desk))


def _items(found: agenda.Agenda, gone: list[Quiet], desk: Desk) -> Iterator[Item]:
    people_of = {f"a{one.id}": one.people for acts in found.sections.values() for one in acts}
    previous = ""
    for entry in words.entries(found, desk.day):
        if entry.section != previous:
            if previous:
                yield from _rest(found, previous)
                yield Item()
            yield Item(title=f"{words.TITLES[entry.section]}  {found.totals[entry.section]}")
            previous = entry.section
        there = people_of.get(entry.ref, ())
        person = int(entry.ref) if entry.ref.isdigit() else there[0].id if there else None
        yield Item(entry.section, entry.ref, entry.when, entry.kind, entry.what, entry.who, bool(entry.mark), person)
    if previous:
        yield from _rest(found, previous)
    yield from _quiet(gone, desk, parted=bool(previous))


def _rest(found: agenda.Agenda, section: str) -> Iterator[Item]:
    if more := words.unlisted(found, section):
        yield Item(title=f"  … and {more} more")


def _quiet(gone: list[Quiet], desk: Desk, *, parted: bool) -> Iterator[Item]:
    if gone and parted:
        yield Item()
    if gone:
        yield Item(title=f"Gone quiet  {len(gone)}")
    from crm_cli.core.when import local

    for one in gone:
        day = local(one.last_reach, desk.zone).date().isoformat()
        who = f"{one.person.name}, {one.person.company}" if one.person.company else one.person.name
        yield Item(
            "quiet", str(one.person.id), day_words(day, desk.today), "quiet", f"reached {one.times} times before", who,
            person=one.person.id,
        )  # fmt: skip


class Shown(NamedTuple):
    """A card: its lines, clean, and the record they are of."""

    lines: list[str]
    contact: Contact | None = None


def card(desk: Desk, person: int | None, activity: int | None = None) -> Shown:
    """Return the card of a person; of an activity with nobody, its own. Nothing where it is gone."""
    with Book.read(desk.path) as book:
        if person is not None:
            found = contacts.load(book.db, [person])
            if not found:
                return Shown([])
            done = activities.load(book.db, activities.ids_of(book.db, "contact", person, status="done", limit=HISTORY))
            to_do = activities.load(book.db, activities.ids_of(book.db, "contact", person, status="open"))
            lines = show.briefing(found[0], done, to_do, today=desk.today, zone=desk.zone)
            return Shown(list(lines), found[0])
        acts = activities.load(book.db, [activity] if activity is not None else [])
        return Shown(list(show.activity(acts[0], zone=desk.zone)) if acts else [])


def deal_card(desk: Desk, deal: int) -> list[str]:
    """Return the card of a deal, nothing where it is gone."""
    from crm_cli.queries import deals
    from crm_cli.render.board import View
    from crm_cli.render.deal_show import briefing

    with Book.read(desk.path) as book:
        found = deals.load(book.db, [deal])
        if not found:
            return []
        done, to_do = (
            activities.load(book.db, activities.ids_of(book.db, "deal", deal, status=status, limit=HISTORY))
            for status in ("done", "open")
        )
        went = deals.stages_of(book.db, deal)
    view = View(desk.today, desk.zone, desk.locale, 0)
    return list(briefing(found[0], went, done, to_do, view, now=desk.now_utc))


def deal(desk: Desk, ref: int) -> Deal:
    """Return a deal. Raises NotFoundError."""
    from crm_cli.queries import deals

    with Book.read(desk.path) as book:
        return deals.get(book.db, ref)


def pipeline(desk: Desk) -> Pipeline:
    """Return the board."""
    from crm_cli.queries import deals
    from crm_cli.render import board as drawn
    from crm_cli.render.deals import chance, total_words

    since = when.due_utc((date.fromisoformat(desk.today) - timedelta(days=SINCE)).isoformat(), "00:00", desk.zone)
    with Book.read(desk.path) as book:
        found = deals.board(book.db, since=since)
    items = []
    for lane in found.lanes:
        odds = chance(lane.stage.probability) or "?"
        said = total_words(lane.total, desk.locale)
        items += _headings(f"{lane.stage.name} {odds}  {said}")
        items += [_deal(one, desk) for one in lane.deals]
        items.append(DealItem())
    view = drawn.View(desk.today, desk.zone, desk.locale, 1000)
    for line in drawn.footer(found, view):
        items += _headings(line)
    stages = tuple(lane.stage.name for lane in found.lanes if not lane.stage.archived)
    return Pipeline(items, stages, found, view)


def _headings(said: str) -> list[DealItem]:
    """Return a total in one line, or in two where a small terminal would cut it."""
    plain, weighted, rest = said.partition(", weighted ")
    if display_width(said) <= NARROW or not weighted:
        return [DealItem(title=said)]
    return [DealItem(title=plain), DealItem(title=f"   weighted {rest}")]


def _deal(found: Deal, desk: Desk) -> DealItem:
    from crm_cli.render.deals import close_words, who
    from crm_cli.render.money import shown

    return DealItem(
        found.id, found.title, who(found), shown(found.amount, desk.locale) or "no amount",
        close_words(found, desk.today, desk.zone), "" if found.next_step else "!", found.stage,
    )  # fmt: skip


def contact(desk: Desk, person: int) -> Contact:
    """Return a whole person. Raises NotFoundError."""
    with Book.read(desk.path) as book:
        return contacts.get(book.db, person)


def activity(desk: Desk, ref: int) -> Activity:
    """Return an activity. Raises NotFoundError."""
    with Book.read(desk.path) as book:
        return activities.get(book.db, ref)


def custom_fields(desk: Desk) -> list[str]:
    """Return the names of the book's own fields."""
    with Book.read(desk.path) as book:
        return [row[0] for row in book.db.execute("SELECT name FROM custom_field")]


class Batch(NamedTuple):
    """A part of what a search found: ids, and the rows of the first few; ``first`` begins a new answer."""

    ids: list[int]
    rows: list[tuple[int, Row]]
    first: bool
    last: bool
    capped: bool = False
    corrected: str = ""


def search(desk: Desk, text: str, go_on: Callable[[], bool]) -> Iterator[Batch]:
    """Yield the people found, in parts, as long as ``go_on``. Raises QueryError for a query with a mistake.

    Words alone, a phone or an address are ranked; anything else is the query language, exact and in order of name.
    """
    with Book.read(desk.path) as book:
        book.db.set_progress_handler(lambda: not go_on(), STEPS)
        if text.strip() and _is_plain(book.db, text, desk):
            from crm_cli.queries.find import find_people

            region = desk.region if any(map(str.isdigit, text)) else ""
            found = find_people(book.db, text, region, scan=False)
            yield _ranked(book.db, found)
            if not found.ids and (found := find_people(book.db, text, region)).ids:
                yield _ranked(book.db, found)
            return
        where, values = _where(book.db, text, desk)
        first = True
        held: list[int] = []
        for page in people.walk(book.db, where, values):
            if not go_on():
                return
            if first:
                yield Batch(page, _rows(book.db, page[:FEW]), True, len(page) < people.FIRST)
                if len(page) < people.FIRST:
                    return
            else:
                held += page
            first = False
        yield Batch(held, [], first, True)


def _is_plain(db: sqlite3.Connection, text: str, desk: Desk) -> bool:
    """Is the text a phone, an address, or words without a field, a phrase or an operator?"""
    if looks_like_phone(text) or ("@" in text[1:] and " " not in text.strip() and ":" not in text):
        return True
    custom = dict(db.execute("SELECT name, type FROM custom_field").fetchall())
    node = query.parse(text, today=desk.today, fields=query.with_custom(custom))
    nodes = node.nodes if isinstance(node, query.And) else (node,)
    return all(isinstance(one, query.Word) for one in nodes)


def _ranked(db: sqlite3.Connection, found: People) -> Batch:
    rows = _rows(db, found.ids[:FEW])
    return Batch(found.ids, rows, True, True, found.capped, found.corrected)


def _where(db: sqlite3.Connection, text: str, desk: Desk) -> tuple[str, list[object]]:
    if not text.strip():
        return "1", []
    from crm_cli.queries import filters

    return filters.where(db, text, "contact", now=desk.now, zone=desk.zone)


def rows(desk: Desk, ids: Iterable[int]) -> list[tuple[int, Row]]:
    """Return the lines of these people."""
    with Book.read(desk.path) as book:
        return _rows(book.db, list(ids))


def _rows(db: sqlite3.Connection, ids: list[int]) -> list[tuple[int, Row]]:
    return [(int(row.ref), row) for row in people.lines(db, ids)]
