"""Reads and writes for the history of one record: its activities, planned and done. They run in threads."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm_cli.book import kept
from crm_cli.core.activities import recurs
from crm_cli.core.kinds import BY_LETTER, split
from crm_cli.core.text.folding import fold
from crm_cli.queries import activities, refs
from crm_cli.render import outcomes
from crm_cli.render.activities import done_words, due_role, due_words, marked, signs, what
from crm_cli.tui.data import writes
from crm_cli.tui.data.agenda_items import Item

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crm_cli.book.book import Book
    from crm_cli.core.daily import Activity
    from crm_cli.core.edits import Edit
    from crm_cli.session import Session
    from crm_cli.tui.data.writes import Result

MOST = 2000
"""How many past activities of a record are read."""


class Past(NamedTuple):
    """A history: whose it is, its lines, how many activities match, and whether there are older ones."""

    name: str
    items: list[Item]
    total: int
    is_cut: bool


def of(session: Session, ref: str, text: str) -> Past:
    """Return the activities of a record, by its printed id, that contain all words of a text: the newest first."""
    letter, number = split(ref)
    kind, record = BY_LETTER[letter].name, int(number)
    words = fold(text).split()
    with kept.reading(session.path) as book:
        name = refs.name(book.db, kind, record)
        to_do = activities.load(book.db, activities.ids_of(book.db, kind, record, status="open"))
        done = activities.load(book.db, activities.ids_of(book.db, kind, record, status="done", limit=MOST + 1))
    is_cut = len(done) > MOST
    to_do, done = ([one for one in found if _has(one, words)] for found in (to_do, done[:MOST]))
    me = record if not letter else None
    planned = [_planned(one, session, me) for one in reversed(to_do)]
    past = [_done(one, session, me) for one in done]
    return Past(name, [*_section("Planned", planned), *_section("Done", past)], len(planned) + len(past), is_cut)


def _has(found: Activity, words: Sequence[str]) -> bool:
    """Does an activity contain these folded words?"""
    if not words:
        return True
    who = " ".join(person.name for person in found.people)
    text = fold(f"{found.kind} {found.outcome} {found.subject}\n{found.body}\n{who} {found.company} {found.deal}")
    return all(word in text for word in words)


def _section(title: str, items: Sequence[Item]) -> Iterator[Item]:
    if items:
        yield Item(title=f"{title}  {len(items)}", role="heading")
        yield from items
        yield Item()


def _planned(found: Activity, session: Session, me: int | None) -> Item:
    today, zone, now, others = session.today, session.zone, session.now_utc, _others(found, me)
    return Item(
        "planned", f"a{found.id}", due_words(found, today, zone), found.kind, marked(found, now, today, zone),
        ", ".join(others), signs(found), role=due_role(found, now, today, zone), first=_first(others),
    )  # fmt: skip


def _done(found: Activity, session: Session, me: int | None) -> Item:
    marks = ", ".join(mark for mark in ("in" if found.direction == "in" else "", found.outcome) if mark)
    words = f"{what(found)} [{marks}]" if marks else what(found)
    when, others = done_words(found, session.today, session.zone), _others(found, me)
    return Item("done", f"a{found.id}", when, found.kind, words, ", ".join(others), first=_first(others))


def _others(found: Activity, me: int | None) -> list[str]:
    """Return the names of the people of an activity, but for the one whose history it is."""
    return [person.name for person in found.people if person.id != me]


def _first(names: Sequence[str]) -> str:
    return names[0] if names else ""


def edit(session: Session, found: Activity, edits: Sequence[Edit]) -> Result:
    """Change an activity, unless it has been changed since it was read."""

    def work(book: Book) -> str:
        from crm_cli.services import activity_edits as service

        service.edit(book, found.id, edits, now=session.now_utc, reading=session.reading, revision=found.revision)
        changed = activities.get(book.db, found.id)
        if {"due", "remind"} & {each.field for each in edits}:
            notes.append(outcomes.passed_words(changed, session.day))
        return outcomes.edited(changed, {each.field for each in edits}, session.day)

    notes: list[str] = []
    return writes.noted(writes.change(session, "edit", work), notes)


def remove(session: Session, ref: int) -> Result:
    """Remove an activity."""

    def work(book: Book) -> str:
        from crm_cli.services import activities as service

        named, ends = _named(book, ref), recurs(activities.get(book.db, ref))
        service.remove(book, ref)
        return outcomes.removed(named, {"series": int(ends)}, alone=True)

    return writes.change(session, "rm", work)._replace(advice=" (u restores it)")


def _named(book: Book, ref: int) -> str:
    found = activities.get(book.db, ref)
    return f"a{ref} {what(found) or found.kind}"
