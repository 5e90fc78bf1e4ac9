"""Reads for today's list; the top of it is read before anything is drawn. They run in threads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.book.book import Book
from crm_cli.core.sections import SECTIONS, TITLES
from crm_cli.queries import agenda
from crm_cli.render import agenda as words
from crm_cli.tui.data.agenda_items import Item

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_cli.core.daily import Person
    from crm_cli.session import Session

LISTED = 200
"""The maximum number of entries listed per section."""
_OF_ONE = ("birthdays", "anniversaries", "reach")
"""The sections whose lines are about one person."""


def today(session: Session) -> list[Item]:
    """Return the day's list."""
    with Book.read(session.path) as book:
        return list(_items(agenda.read(book.db, session.day, SECTIONS, limit=LISTED), session))


def top_of_today(session: Session, rows: int) -> list[Item]:
    """Return what fits on a screen of ``rows`` lines, section by section."""
    day, top = session.day, list[Item]()
    with Book.read(session.path) as book:
        for section in SECTIONS:
            more = list(_items(agenda.read(book.db, day, (section,), limit=rows), session))
            top += [Item(), *more] if top and more else more
            if len(top) >= rows:
                break
    return top


def _items(found: agenda.Agenda, session: Session) -> Iterator[Item]:
    people_of = _people(found)
    previous = ""
    for entry in words.entries(found, session.day):
        if entry.section != previous:
            if previous:
                yield from _rest(found, previous)
                yield Item()
            yield Item(title=f"{TITLES[entry.section]}  {found.totals[entry.section]}", role="heading")
            previous = entry.section
        yield _item(entry, people_of.get(entry.ref, ()))
    if previous:
        yield from _rest(found, previous)


def _item(entry: words.Entry, people: tuple[Person, ...]) -> Item:
    kind, person = entry.kind, people[0].id if people else None
    # Elsewhere the text needs the room, and the card says who promised it.
    what = entry.about if entry.section == "promises" else entry.what
    if not entry.ref:
        return Item(title=f"  {entry.when} · {what} · {entry.who}", role=entry.role)
    if entry.section == "deals":
        kind, what, person = "deal", f"{what} · {kind}", None
    first = ": ".join(filter(None, (entry.warning, people[0].name))) if people else entry.marked_who
    return Item(
        entry.section,
        entry.ref,
        entry.when,
        kind,
        what,
        entry.marked_who,
        entry.mark,
        person,
        role=entry.role,
        first=first,
    )


def _people(found: agenda.Agenda) -> dict[str, tuple[Person, ...]]:
    """Return the people of each line, by its printed id."""
    people: dict[str, tuple[Person, ...]] = {}
    for name, records in found.sections.items():
        if name in _OF_ONE:
            people.update((str(one.person.id), (one.person,)) for one in records)
        elif name != "failed":
            people.update((f"{'d' if name == 'deals' else 'a'}{one.id}", one.people) for one in records)
    return people


def _rest(found: agenda.Agenda, section: str) -> Iterator[Item]:
    if more := words.unlisted(found, section):
        yield Item(title=f"  … and {more} more", role="muted")
