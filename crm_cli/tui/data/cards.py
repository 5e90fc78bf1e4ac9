"""Reads for the cards and the pipeline: each opens the book, reads, and closes it. They run in threads."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.book.book import Book
from crm_cli.core import when
from crm_cli.core.text.folding import display_width
from crm_cli.queries import activities
from crm_cli.tui.data.agenda_items import DealItem, Pipeline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_cli.core.deals import Deal, Lane
    from crm_cli.core.records import Activity, Contact
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


class Shown(NamedTuple):
    """A card: its lines, cleaned, and the person it shows."""

    lines: list[Line]
    contact: Contact | None = None


def card(session: Session, person: int | None, activity: int | None = None) -> Shown:
    """Return the card of a person, or of an activity without people; an empty one if it no longer exists."""
    from crm_cli.queries import contacts
    from crm_cli.render import show
    from crm_cli.render.activities import briefing

    with Book.read(session.path) as book:
        if person is not None:
            found = contacts.load(book.db, [person])
            if not found:
                return Shown([])
            done = activities.load(book.db, activities.ids_of(book.db, "contact", person, status="done", limit=HISTORY))
            to_do = activities.load(book.db, activities.ids_of(book.db, "contact", person, status="open"))
            lines = show.briefing(found[0], done, to_do, today=session.today, zone=session.zone, now=session.now_utc)
            return Shown(list(lines), found[0])
        acts = activities.load(book.db, [activity] if activity is not None else [])
        return Shown(list(briefing(acts[0], zone=session.zone, now=session.now_utc)) if acts else [])


def deal_card(session: Session, deal: int) -> list[Line]:
    """Return the lines of a deal's card; none if it no longer exists."""
    from crm_cli.queries import deals
    from crm_cli.render.board import View
    from crm_cli.render.deals import briefing

    with Book.read(session.path) as book:
        found = deals.load(book.db, [deal])
        if not found:
            return []
        done, to_do = (
            activities.load(book.db, activities.ids_of(book.db, "deal", deal, status=status, limit=HISTORY))
            for status in ("done", "open")
        )
        went = deals.stages_of(book.db, deal)
    view = View(session.today, session.zone, session.locale, 0)
    return list(briefing(found[0], went, done, to_do, view, now=session.now_utc))


def deal(session: Session, ref: int) -> Deal:
    """Return a deal. Raises NotFoundError."""
    from crm_cli.queries import deals

    with Book.read(session.path) as book:
        return deals.get(book.db, ref)


def pipeline(session: Session, *, closed: bool = False, wanted: int | None = None) -> Pipeline:
    """Return the board; with ``closed``, or if the deal ``wanted`` is closed, with the deals won and lost recently."""
    from crm_cli.queries import deals
    from crm_cli.render import board as drawn

    since = when.due_utc((date.fromisoformat(session.today) - timedelta(days=SINCE)).isoformat(), "00:00", session.zone)
    with Book.read(session.path) as book:
        found = deals.board(book.db, since=since)
        ended = deals.closed(book.db, since=since, also=wanted)
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
    whole = f"{name}  {words}"
    if display_width(whole) <= NARROW or not words.weighted:
        return [DealItem(title=whole, role=role)]
    lines = (f"{name}  {' '.join(words.sums)}", f"   {' '.join(words.rest())}")
    return [DealItem(title=line, role=role) for line in lines]


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

    with Book.read(session.path) as book:
        return contacts.get(book.db, person)


def activity(session: Session, ref: int) -> Activity:
    """Return an activity. Raises NotFoundError."""
    with Book.read(session.path) as book:
        return activities.get(book.db, ref)


def custom_fields(session: Session) -> list[str]:
    """Return the names of the book's custom fields."""
    from crm_cli.queries import fields

    with Book.read(session.path) as book:
        return fields.names(book.db)
