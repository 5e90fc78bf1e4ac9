"""Filling a book with the demo's data, by the same services as any other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from crm_cli import demo
from crm_cli.book.book import Book
from crm_cli.core.edits import Edit
from crm_cli.core.instants import When, due_utc
from crm_cli.core.reading import Reading
from crm_cli.queries import activities, companies, people

if TYPE_CHECKING:
    import sqlite3

    from crm_cli.demo.activities import Done, Open
    from crm_cli.services.activities import Links
    from crm_cli.session import Session


class Filled(NamedTuple):
    """How many records the book has."""

    people: int
    companies: int
    activities: int
    deals: int


def is_empty(db: sqlite3.Connection) -> bool:
    """Does a book hold neither people nor companies nor activities?"""
    return not (people.ids(db, limit=1) or companies.ids(db, limit=1) or activities.exist(db))


def fill(here: Session, origin: str) -> Filled:
    """Import the two files into the book, and log and plan the activities."""
    from crm_cli.services.importing.file import Wish, bring_in

    day = date.fromisoformat(here.today)
    wish = Wish(region=demo.REGION, today=here.today, now=here.now_utc, origin=origin)
    of_the_fair = replace(wish, tags=("lead", demo.FAIR_TAG), sets=("source=Fair",))
    for name, asked in ((demo.PEOPLE, wish), (demo.FAIR, of_the_fair)):
        place = here.path.with_name(f"{name}.rejects")
        bring_in(here.path, BytesIO(demo.read(name, day)), asked, name=name, rejects=(place,))
    return _add_activities(here, day, origin)


def _add_activities(here: Session, day: date, origin: str) -> Filled:
    from crm_cli.demo.activities import DONE, OPEN
    from crm_cli.demo.deals import DEALS

    with Book.write(here.path) as book:
        ids = {person.name: int(person.ref) for person in people.rows(book.db)}
        firms = len(companies.ids(book.db))
        with book.change("demo", now=here.now_utc, origin=origin):
            for done in reversed(DONE):
                _log(book, done, ids, day, here)
            for planned in OPEN:
                _plan(book, planned, ids, day, here)
    steps = _add_deals(here, day, ids, origin)
    return Filled(len(ids), firms, len(DONE) + len(OPEN) + steps, len(DEALS))


def _add_deals(here: Session, day: date, ids: dict[str, int], origin: str) -> int:
    """Move each deal through its stages, one change each; return how many next steps were planned."""
    from crm_cli.demo.deals import DEALS
    from crm_cli.services import activities, deals

    reading, planned = Reading(here.now, here.zone), 0
    with Book.write(here.path) as book, book.change("demo", now=here.now_utc, origin=origin):
        for offer in DEALS:
            begun = _moment(day, offer.days, here)
            facts = {"amount": offer.amount, "probability": offer.probability, "source": offer.source}
            if offer.close is not None:
                facts["close"] = demo.workday(day, offer.close).isoformat()
            edits = [Edit(field, "set", value) for field, value in facts.items() if value]
            links = _links(offer.who, ids)
            ref = deals.add(book, offer.title, edits, links, now=begun, reading=reading)
            for stage, days in offer.went:
                deals.move(book, ref, stage, now=_moment(day, days, here))
            if offer.end:
                end = deals.win if offer.end == "won" else deals.lose
                end(book, ref, now=_moment(day, offer.ended, here), reason=offer.reason)
            if offer.step:
                days, text = offer.step
                due = When(demo.workday(day, days).isoformat(), None, here.zone)
                activities.plan(book, text, links._replace(deal=ref), now=here.now_utc, due=due)
                planned += 1
    return planned


def _moment(day: date, days: int, here: Session) -> str:
    return due_utc(demo.workday(day, -days).isoformat(), "11:00", here.zone)


def _log(book: Book, done: Done, ids: dict[str, int], day: date, here: Session) -> None:
    from crm_cli.services import activities

    at = due_utc(demo.workday(day, -done.days).isoformat(), done.time, here.zone)
    activities.log(
        book, done.kind, _links(done.who, ids), text=done.text, at=at, now=here.now_utc, direction=done.direction,
        outcome=done.outcome, minutes=done.minutes,
    )  # fmt: skip


def _plan(book: Book, planned: Open, ids: dict[str, int], day: date, here: Session) -> None:
    from crm_cli.services import activities, reminders

    due = None
    if planned.days is not None:
        due = When(demo.workday(day, planned.days).isoformat(), planned.time or None, here.zone)
    remind = [reminders.Remind(lead=lead) for lead in planned.leads]
    made = activities.plan(
        book, planned.text, _links(planned.who, ids), now=here.now_utc, kind=planned.kind, due=due, remind=remind,
        priority=planned.priority, promise=planned.promise,
    )  # fmt: skip
    if planned.snooze:
        until = demo.workday(day, planned.snooze).isoformat()
        activities.snooze(book, made, When(until, reminders.MORNING, here.zone), now=here.now_utc)


def _links(names: str, ids: dict[str, int]) -> Links:
    from crm_cli.services import activities

    return activities.Links(tuple(ids[name] for name in names.split(";") if name))
