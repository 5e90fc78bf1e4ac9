"""Reads for the cards and the pipeline: each opens the book, reads, and closes it. They run in threads."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from crm_cli.book import kept
from crm_cli.core import when
from crm_cli.core.kinds import ACTIVITY, BY_LETTER, DEAL, PERSON, split
from crm_cli.core.text.width import display_width
from crm_cli.queries import activities
from crm_cli.tui.data.agenda_items import DealItem, Pipeline

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator

    from crm_cli.core.daily import Activity, Deal
    from crm_cli.core.deals import Lane
    from crm_cli.core.records import Contact
    from crm_cli.render.deals import TotalWords
    from crm_cli.render.spans import Line, Role
    from crm_cli.session import Session

SINCE = 30
"""The number of days for which the board shows won and lost deals."""
NARROW = 74
"""The width of a heading that fits every terminal, in cells."""
WIDE = 1000
"""A width at which no total is wrapped, in cells."""
HISTORY = 50
"""How many past activities a card shows."""


def card(session: Session, ref: str) -> list[Line]:
    """Return the lines of the card of a record, by its printed id; none if it no longer exists."""
    letter, number = split(ref)
    kind = BY_LETTER[letter].name
    with kept.reading(session.path) as book:
        return list(_CARDS.get(kind, _record)(book.db, session, kind, int(number)))


def _record(db: sqlite3.Connection, session: Session, kind: str, ref: int) -> Iterator[Line]:
    """Yield the card of a person or a company."""
    from crm_cli.queries import companies, contacts
    from crm_cli.render import show

    found = (contacts if kind == PERSON.name else companies).load(db, [ref])
    if found:
        done, to_do = _activities(db, kind, ref)
        yield from show.briefing(
            found[0], done, to_do, today=session.today, zone=session.zone, now=session.now_utc,
            deals=_deals(db, session, kind, ref),
        )  # fmt: skip


def _deals(db: sqlite3.Connection, session: Session, kind: str, ref: int) -> list[tuple[str, str]]:
    """Return the open deals of a person or a company in words."""
    from crm_cli.queries import deal_ids

    ids = deal_ids.of(db, kind, ref)
    if not ids:
        return []
    from crm_cli.queries import deals
    from crm_cli.render.deals import brief

    return [brief(one, session.today, session.zone, session.locale) for one in deals.load(db, ids)]


def _activities(db: sqlite3.Connection, kind: str, ref: int) -> tuple[list[Activity], list[Activity]]:
    """Return the last activities of a record, and those planned."""
    return (
        activities.load(db, activities.ids_of(db, kind, ref, status="done", limit=HISTORY)),
        activities.load(db, activities.ids_of(db, kind, ref, status="open")),
    )


def _deal_card(db: sqlite3.Connection, session: Session, kind: str, ref: int) -> Iterator[Line]:
    from crm_cli.queries import deals
    from crm_cli.queries.pipeline import stages_of
    from crm_cli.render.board import View
    from crm_cli.render.deals import briefing

    found = deals.load(db, [ref])
    if found:
        view = View(session.today, session.zone, session.locale, 0)
        went = stages_of(db, ref)
        yield from briefing(found[0], went, *_activities(db, kind, ref), view, now=session.now_utc)


def _activity_card(db: sqlite3.Connection, session: Session, _: str, ref: int) -> Iterator[Line]:
    from crm_cli.render.activities import briefing

    found = activities.load(db, [ref])
    if found:
        yield from briefing(found[0], today=session.today, zone=session.zone, now=session.now_utc)


_CARDS: dict[str, Callable[[sqlite3.Connection, Session, str, int], Iterator[Line]]] = {
    DEAL.name: _deal_card,
    ACTIVITY.name: _activity_card,
}
"""Kind of record -> the function that yields its card, if it is not a person or a company."""


def deal(session: Session, ref: int) -> Deal:
    """Return a deal. Raises NotFoundError."""
    from crm_cli.queries import deals

    with kept.reading(session.path) as book:
        return deals.get(book.db, ref)


def pipeline(session: Session, *, closed: bool = False, wanted: int | None = None) -> Pipeline:
    """Return the board; with ``closed``, or if the deal ``wanted`` is closed, with the deals won and lost recently."""
    from crm_cli.queries import pipeline as queries
    from crm_cli.render import board as drawn

    since = when.due_utc((date.fromisoformat(session.today) - timedelta(days=SINCE)).isoformat(), "00:00", session.zone)
    with kept.reading(session.path) as book:
        found = queries.board(book.db, since=since)
        ended = queries.closed(book.db, since=since, also=wanted)
    stages = tuple(lane.stage.name for lane in found.lanes if not lane.stage.archived)
    closed = closed or any(deal.id == wanted for deal in ended)
    if closed:
        found = found._replace(lanes=(*found.lanes, *_closed_lanes(ended)))
    view = drawn.View(session.today, session.zone, session.locale, WIDE)
    items = []
    for lane in found.lanes:
        items += [*_heading(lane, session), *(_deal(one, session) for one in lane.deals), DealItem()]
    for name, words in drawn.totals(found, view):
        items += _total(name, words, "muted")
    return Pipeline(items, stages, found, view, closed)


def _closed_lanes(deals: list[Deal]) -> Iterator[Lane]:
    """Yield the lanes of the won and of the lost deals; their totals are not weighted."""
    from crm_cli.core.deals import CERTAIN, Lane, Stage, total

    for status, probability in CERTAIN.items():
        held = tuple(deal for deal in deals if deal.status == status)
        whole = total(held)
        plain = whole._replace(sums=tuple(each._replace(weighted_deals=0) for each in whole.sums))
        yield Lane(Stage(0, status.capitalize(), 0, probability), held, plain)


def _heading(lane: Lane, session: Session) -> list[DealItem]:
    from crm_cli.render.deals import chance, total_words

    odds = chance(lane.stage.probability) or "?"
    return _total(f"{lane.stage.name} {odds}", total_words(lane.total, session.locale), "heading")


def _total(name: str, words: TotalWords, role: Role) -> list[DealItem]:
    """Return a total in one line, or in two if a small terminal would cut it."""
    first, *sums = words.pieces()[: len(words.sums)]
    title, rest = " ".join([f"{name}  {first}", *sums]), " ".join(words.rest())
    if display_width(f"{title} {rest}") <= NARROW:
        return [DealItem(title=title, who=rest, role=role)]
    return [DealItem(title=title, role=role), DealItem(title=f"   {rest}", role="muted")]


def _deal(found: Deal, session: Session) -> DealItem:
    from crm_cli.render.board import amount_words, close, mark
    from crm_cli.render.deals import who

    return DealItem(
        found.id, found.title, who(found), amount_words(found, session.locale),
        close(found, session.today, session.zone), mark(found), found.stage,
    )  # fmt: skip


def contact(session: Session, person: int) -> Contact:
    """Return a whole person. Raises NotFoundError."""
    from crm_cli.queries import contacts

    with kept.reading(session.path) as book:
        return contacts.get(book.db, person)


def activity(session: Session, ref: int) -> Activity:
    """Return an activity. Raises NotFoundError."""
    with kept.reading(session.path) as book:
        return activities.get(book.db, ref)


def custom_fields(session: Session) -> list[str]:
    """Return the names of the book's custom fields."""
    from crm_cli.queries import fields

    with kept.reading(session.path) as book:
        return fields.names(book.db)
