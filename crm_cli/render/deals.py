"""Deals as briefings, lines, columns and JSON; and the wording of their days, amounts and totals."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from crm_cli.core.instants import iso_local, local
from crm_cli.render.activities import dated, day_words, marked, past, plans
from crm_cli.render.activities import due_words as step_words
from crm_cli.render.clean import clean
from crm_cli.render.fields import field, links, listed, own_fields, paragraph, waiting
from crm_cli.render.spans import Span
from crm_cli.render.tables import Column
from crm_cli.render.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crm_cli.core.daily import Activity, Deal, Money, Person
    from crm_cli.core.deals import Board, Lane, Stage, StageChange, Total
    from crm_cli.render.board import View
    from crm_cli.render.spans import Line, Role

Card = dict[str, Any]

SHOWN = ("id", "title", "who", "stage", "amount", "chance", "close", "next")
"""The columns of ``deal list`` on a terminal."""
EXACT = (
    "id", "title", "company", "people", "status", "stage", "amount", "currency", "probability", "close", "next",
    "source", "reason",
)  # fmt: skip
"""The columns of ``deal list`` for programs."""
STEPS = 5
"""How many next steps a note names."""


def _shown(amount: Money | None, locale: str) -> str:
    """Format an amount. Imported here, as the module is slow to load and ``today`` prints no amounts."""
    from crm_cli.render.money import shown

    return shown(amount, locale)


def _plain(amount: Money) -> str:
    """Format an amount for programs."""
    from crm_cli.core.money import plain

    return plain(amount)


def who(deal: Deal) -> str:
    """Return the people or the company: ``Asha Verma, Acme``, ``Asha Verma, Ravi Rao +2``, ``Acme``."""
    names = [person.name for person in deal.people]
    if len(names) > 1:
        return ", ".join(names[:2]) + (f" +{len(names) - 2}" if len(names) > 2 else "")
    company = deal.company or (deal.people[0].company if deal.people else "")
    return ", ".join(part for part in (*names, company) if part)


def chance(probability: int | None) -> str:
    """Format a probability: ``50%``, or ``""`` if it is unknown."""
    return "" if probability is None else f"{probability}%"


def close_words(deal: Deal, today: str, zone: str) -> str:
    """Return the expected close of an open deal (``3 days late``, ``15 Dec``), or when a deal was won or lost."""
    if deal.status != "open":
        ended = local(deal.closed, zone).date().isoformat() if deal.closed else today
        return f"{deal.status} {day_words(ended, today)}"
    if deal.close is None:
        return ""
    late = (date.fromisoformat(today) - date.fromisoformat(deal.close)).days
    return f"{late} days late" if late > 1 else day_words(deal.close, today)


def close_role(deal: Deal, today: str) -> Role:
    """Return the role of a deal's close: an open deal that was to be closed before today is overdue."""
    return "overdue" if deal.status == "open" and deal.close is not None and deal.close < today else "muted"


def next_words(deal: Deal, today: str, zone: str, now: str) -> str:
    """Return the next step: ``Fri send the quote``, ``no next step``, or ``""`` for a closed deal.

    A step that is snoozed at the instant ``now`` is marked.
    """
    if deal.status != "open":
        return ""
    if deal.next_step is None:
        return "no next step"
    return f"{step_words(deal.next_step, today, zone)} {marked(deal.next_step, now, today, zone)}".strip()


def columns(today: str, zone: str, locale: str, now: str, *, spoken: bool) -> tuple[Column[Deal], ...]:
    """Return every column of a list of deals; with ``spoken`` worded for people, else with exact amounts and days."""

    def next_step(deal: Deal) -> str:
        if spoken:
            return next_words(deal, today, zone, now)
        return f"a{deal.next_step.id}" if deal.next_step else ""

    return (
        Column("id", lambda deal: f"d{deal.id}", right=True),
        Column("title", lambda deal: deal.title, grow=1, least=16),
        Column("who", who, grow=2, least=12),
        Column("company", lambda deal: deal.company, grow=2, least=10),
        Column("people", lambda deal: "; ".join(person.name for person in deal.people), grow=2, least=10),
        Column("status", lambda deal: deal.status),
        Column("stage", lambda deal: deal.stage, grow=2, least=8),
        Column("amount", lambda deal: amount(deal.amount, locale, spoken=spoken), right=True),
        Column("currency", lambda deal: deal.amount.currency if deal.amount else ""),
        Column("chance", lambda deal: chance(deal.probability), right=True),
        Column("probability", lambda deal: "" if deal.probability is None else str(deal.probability), right=True),
        Column("close", lambda deal: close_words(deal, today, zone) if spoken else deal.close or ""),
        Column("next", next_step, grow=3, least=12),
        Column("source", lambda deal: deal.source or "", grow=3, least=8),
        Column("reason", lambda deal: deal.reason, grow=3, least=8),
        Column("created", lambda deal: local(deal.created, zone).date().isoformat()),
        Column("closed", lambda deal: local(deal.closed, zone).date().isoformat() if deal.closed else ""),
        Column("notes", lambda deal: deal.notes, grow=3, least=12),
    )


def amount(found: Money | None, locale: str, *, spoken: bool) -> str:
    """Format an amount: in the locale's style for people, else as a plain number."""
    if found is None:
        return ""
    return _shown(found, locale) if spoken else _plain(found)


def money_card(found: Money | None) -> Card | None:
    """Return the JSON of an amount: ``{"amount": "99.95", "currency": "EUR"}``."""
    return None if found is None else {"amount": _plain(found), "currency": found.currency}


def card(deal: Deal, zone: str, now: str) -> Card:
    """Return a deal's card."""
    from crm_cli.render import cards

    return {
        "id": f"d{deal.id}",
        "uid": deal.uid,
        "title": deal.title,
        "status": deal.status,
        "stage": deal.stage,
        "amount": money_card(deal.amount),
        "probability": deal.probability,
        "own_probability": deal.own_probability,
        "close": deal.close,
        "people": [cards.person(found) for found in deal.people],
        "company": {"id": f"c{deal.company_id}", "name": deal.company} if deal.company_id else None,
        "source": deal.source,
        "tags": list(deal.tags),
        "custom": dict(deal.custom),
        "pending": [cards.pending(link) for link in deal.pending],
        "notes": deal.notes,
        "reason": deal.reason,
        "closed": iso_local(deal.closed, zone) if deal.closed else None,
        "since": iso_local(deal.since, zone),
        "next_step": cards.activity(deal.next_step, zone, now) if deal.next_step else None,
        "created": iso_local(deal.created, zone),
        "updated": iso_local(deal.updated, zone),
    }


def change_card(found: StageChange, zone: str, now: str) -> Card:
    """Return the JSON of a stage in a deal's history."""
    return {
        "stage": found.stage,
        "status": found.status,
        "reason": found.reason,
        "at": iso_local(found.at, zone),
        "until": iso_local(found.until, zone) if found.until else None,
        "days": days(found, now),
    }


def days(found: StageChange, now: str) -> int | None:
    """Return how many whole days a deal was in a stage, until ``now`` if it is still there; None for a closed one."""
    if found.status != "open":
        return None
    from datetime import datetime

    ended = found.until or now
    return max(0, (datetime.fromisoformat(ended) - datetime.fromisoformat(found.at)).days)


def stage_card(stage: Stage) -> Card:
    """Return the JSON of a stage."""
    return {
        "name": stage.name, "place": stage.place, "probability": stage.probability, "archived": stage.archived,
        "deals": stage.deals,
    }  # fmt: skip


def total_card(total: Total) -> Card:
    """Return the JSON of a total: sums per currency, and the number of deals that the sums do not include."""
    return {
        "deals": total.deals,
        "sums": [
            {
                "amount": money_card(each.amount),
                "deals": each.deals,
                "weighted": money_card(each.weighted),
                "weighted_deals": each.weighted_deals,
            }
            for each in total.sums
        ],
        "without_amount": total.without_amount,
        "without_probability": total.without_probability,
    }


def lane_card(lane: Lane, zone: str, now: str) -> Card:
    """Return the JSON of a stage of the board with its deals."""
    listed = [card(deal, zone, now) for deal in lane.deals]
    return {"stage": stage_card(lane.stage), "total": total_card(lane.total), "deals": listed}


def board_card(board: Board, zone: str, now: str) -> Card:
    """Return the board's JSON."""
    return {
        "stages": [lane_card(lane, zone, now) for lane in board.lanes],
        "total": total_card(board.total),
        "won": total_card(board.won),
        "lost": total_card(board.lost),
        "since": iso_local(board.since, zone),
    }


def brief(deal: Deal, today: str, zone: str, locale: str) -> tuple[str, str]:
    """Return a deal's id, and what to know about it before a call: ``Tea tins: Proposal, ₹50,000, 15 Dec``."""
    facts = (deal.stage, _shown(deal.amount, locale), close_words(deal, today, zone))
    return f"d{deal.id}", f"{deal.title}: {', '.join(fact for fact in facts if fact)}"


def changed_words(deal: Deal, locale: str) -> str:
    """Return the deal that was changed: ``d7 Tea tins with Asha Verma, Acme: Proposal, ₹50,000``."""
    named = f"d{deal.id} {deal.title}" + (f" with {who(deal)}" if who(deal) else "")
    facts = [deal.stage if deal.status == "open" else deal.status, _shown(deal.amount, locale)]
    return f"{named}: {', '.join(fact for fact in facts if fact)}"


def open_steps_words(deals: Iterable[Deal]) -> str:
    """Name the next steps of deals that have ended: ``still to do: a31 Send the quote``; at most `STEPS`."""
    open_ones = [deal.next_step for deal in deals if deal.status != "open" and deal.next_step]
    named = ", ".join(f"a{step.id} {step.subject}" for step in open_ones[:STEPS])
    return f"still to do: {named}" if named else ""


class TotalWords(NamedTuple):
    """The wording of a total: its parts, each in the pieces between which a line may be broken."""

    sums: tuple[str, ...]
    weighted: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join(self.pieces())

    def pieces(self) -> tuple[str, ...]:
        """Return the pieces of all parts, with commas and semicolons between the parts."""
        sums = _ended(self.sums, "," if self.weighted else ";" if self.unknown else "")
        return (*sums, *self.rest())

    def rest(self) -> tuple[str, ...]:
        """Return the pieces that follow the sums."""
        return (*_ended(self.weighted, ";" if self.unknown else ""), *_ended(self.unknown, "", between=","))


def _ended(pieces: Sequence[str], end: str, *, between: str = "") -> tuple[str, ...]:
    """Return the pieces with ``between`` after all but the last, and ``end`` after the last."""
    return (*(piece + between for piece in pieces[:-1]), *(piece + end for piece in pieces[-1:]))


def total_words(total: Total, locale: str) -> TotalWords:
    """Return a total in words: ``3 deals: ₹1,50,000, weighted ₹50,000 of 2; 1 without probability``."""
    from crm_cli.render import money

    weighted = [_shown(each.weighted, locale) for each in total.sums if each.weighted_deals]
    known = sum(each.weighted_deals for each in total.sums)
    of = f" of {known}" if known < total.deals else ""
    words = _ended([f"weighted {weighted[0]}", *weighted[1:]], of, between=" ·") if weighted else ()
    return TotalWords(_sums(total, locale), words, tuple(money.unknown(total)))


def closed_words(total: Total, locale: str) -> TotalWords:
    """Return a total of closed deals in words: ``2 deals: ₹1,50,000; 1 without amount``."""
    unknown = f"{total.without_amount} without amount" if total.without_amount else ""
    return TotalWords(_sums(total, locale), unknown=(unknown,) if unknown else ())


def _sums(total: Total, locale: str) -> tuple[str, ...]:
    """Return the number of deals, and their sum per currency: ``3 deals:``, ``₹1,50,000 ·``, ``€4,000``."""
    amounts = [_shown(each.amount, locale) for each in total.sums]
    count = counted(total.deals, "deal")
    return (f"{count}:" if amounts else count, *_ended(amounts, "", between=" ·"))


def briefing(
    deal: Deal,
    stages: Sequence[StageChange],
    done: Sequence[Activity],
    to_do: Sequence[Activity],
    view: View,
    *,
    now: str,
) -> Iterator[Line]:
    """Yield the lines of a deal's briefing: the deal, its stage history, and its past and planned activities."""
    yield (Span(f"{clean(deal.title)}  d{deal.id}", "title"),)
    yield ()
    yield from plans(to_do, view.zone, now, today=view.today)
    if deal.status == "open" and not to_do:
        yield field("next", "no next step", role="alert")
    yield from _status(deal, view)
    yield from links("with", [(str(one.id), _person(one)) for one in deal.people])
    yield from links("company", [(f"c{deal.company_id}", deal.company)] if deal.company_id else [])
    yield from waiting(deal.pending)
    yield from listed("source", [deal.source] if deal.source else [])
    yield from listed("tags", [", ".join(deal.tags)] if deal.tags else [])
    yield from own_fields(deal.custom)
    yield from paragraph("notes", deal.notes)
    yield from listed("stages", [_stage_words(each, view, now) for each in stages])
    yield from past(done, view.zone, today=view.today)


def _person(found: Person) -> str:
    return ", ".join(part for part in (found.name, found.title, found.company) if part)


def _status(deal: Deal, view: View) -> Iterator[Line]:
    """Yield the lines about the stage, the amount, and the expected or actual close."""
    is_open = deal.status == "open"
    odds = chance(deal.probability) or "unknown"
    own = ", its own" if deal.own_probability is not None else ""
    yield field("stage", f"{deal.stage}  ({odds}{own})" if is_open else deal.stage)
    yield field("amount", _shown(deal.amount, view.locale) or "unknown")
    if not is_open:
        reason = f": {deal.reason}" if deal.reason else ""
        yield field(deal.status, _day(deal.closed, view) + reason)
    elif deal.close:
        words, day = close_words(deal, view.today, view.zone), dated(deal.close, view.today)
        late = close_role(deal, view.today) == "overdue"
        yield (*field("close", day), Span("" if words in day else f", {words}", "overdue" if late else "value"))


def _day(instant: str | None, view: View) -> str:
    """Return the day of an instant: ``2 Nov``, ``2 Nov 2025``."""
    return day_words(local(instant, view.zone).date().isoformat(), view.today) if instant else ""


def _stage_words(found: StageChange, view: View, now: str) -> str:
    """Return an entry of a deal's stage history: ``2026-11-02  Proposal  20 days so far``."""
    name = found.stage if found.status == "open" else found.status.capitalize()
    words, count = f"{_day(found.at, view)}  {name}", days(found, now)
    if count is None:
        return f"{words}: {found.reason}" if found.reason else words
    return f"{words}  {counted(count, 'day')}" + (" so far" if found.until is None else "")
