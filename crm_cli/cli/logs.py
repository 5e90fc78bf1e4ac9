"""What the commands that log, plan and complete have in common."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import takewhile
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from crm_cli.cli import output, refs, terminal
from crm_cli.cli.context import reading, require_named_book, session, writing
from crm_cli.core import activities as rules
from crm_cli.core import when
from crm_cli.errors import NotFoundError, UsageError
from crm_cli.queries import activities as queries
from crm_cli.queries import deal_ids
from crm_cli.queries.refs import is_id
from crm_cli.render import cards, outcomes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from crm_cli.book.book import Book
    from crm_cli.cli.context import CommandLine
    from crm_cli.core.activities import Step
    from crm_cli.core.daily import Activity
    from crm_cli.core.series import Followed
    from crm_cli.services.activities import Links
    from crm_cli.services.reminders import Remind

Outcome = Annotated[
    str,
    typer.Option(
        "--outcome", metavar="WORD", help="How it went; some fit only some kinds: " + ", ".join(rules.OUTCOMES) + "."
    ),
]
Next = Annotated[
    list[str] | None, typer.Option("--next", metavar="WHEN: TEXT", help="Plan the next step; can be repeated.")
]
About = Annotated[
    str, typer.Option("--deal", metavar="DEAL", help="The deal it is about; if you name no one, its people take part.")
]
With = Annotated[
    list[str] | None, typer.Option("--with", "-w", metavar="REF", help="A person or company involved; can be repeated.")
]

LONGEST_DATE = 5
"""How many words at the end of a plan's text may be a date."""
NAMED = 5
"""The maximum number of activities that a note names."""
LEADING_DATES = ("today", "tomorrow")
"""Words that are a date at the start of a text; a day or month there may be part of a name."""


class Asked(NamedTuple):
    """The options of a logging command."""

    message: str
    edit: bool
    when: str
    outcome: str = ""
    incoming: bool = False
    outgoing: bool = False
    minutes: int | None = None
    next: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()
    deal: str = ""


class Happened(NamedTuple):
    """The data of an activity that happened, planned or not."""

    text: str
    at: str
    now: str
    direction: str
    outcome: str
    minutes: int | None


def run(ctx: typer.Context, kind: str, words: Sequence[str], asked: Asked, *, dry_run: bool, chosen: str) -> None:
    """Log one activity, complete what it closes and plan what follows, in one change."""
    here = session(ctx)
    kind = rules.check_kind(kind)
    at, steps = happened(asked.when, here), next_steps(asked.next, here)
    direction = _direction(kind, asked)
    rules.check_outcome(asked.outcome, kind)
    if not asked.edit and asked.message != "-":
        rules.check_text(kind, asked.message, hint="give it as -m TEXT, or -e for your editor")
    terminal.check_one_stdin(words, asked.message)
    given = terminal.piped_refs(words)
    if terminal.piped_nothing(words, given):
        return
    with reading(ctx) as book, _text_for_ref(given, asked.message):
        links = links_from(ctx, book, given, deal=asked.deal)
        if not any(links):
            raise UsageError("who is it with?", hint=f"as in: crm log {kind} priya -m TEXT")
        closing = [refs.activity_id(word) for word in asked.closes] or _offer(ctx, book, kind, links)
    text = terminal.given_text(ctx, asked.message, edit=asked.edit)
    with writing(ctx, "log", dry_run=dry_run) as (book, change):
        from crm_cli.services import activities as service

        what = Happened(text, at, here.now_utc, direction, asked.outcome, asked.minutes)
        activity, followed = _write(book, kind, links, closing, what, here.zone)
        planned = [*series_next(followed), *service.plan_next(book, steps, links, activity, now=here.now_utc)]
        record = queries.get(book.db, activity)
        following = queries.load(book.db, planned)
    message = outcomes.logged(record, following, here.day, closing, followed)
    output.emit_change(
        ctx, change, message, chosen=chosen, refs=[f"a{ref}" for ref in (activity, *planned)],
        card=lambda: cards.activity(record, here.zone, here.now_utc),
    )  # fmt: skip


@contextmanager
def _text_for_ref(words: Sequence[str], message: str) -> Iterator[None]:
    """Raise with advice on how to give the text, if the last word matches no record and looks like one."""
    try:
        yield
    except NotFoundError as error:
        if len(words) > 1 and " " in words[-1] and not message and words[-1] in str(error):
            raise NotFoundError(str(error), hint=f'a text is given as -m "{words[-1]}"') from error
        raise


def _write(
    book: Book, kind: str, links: Links, closing: Sequence[int], what: Happened, zone: str
) -> tuple[int, list[Followed]]:
    """Log an activity and close plans; a plan for the activity itself is completed instead of logging a second one.

    Return its id, and what follows the closed ones in their series.
    """
    from crm_cli.services import activities as service

    planned, closed = _answered(book, kind, closing)
    followed = [service.complete(book, ref, at=what.at, now=what.now, zone=zone) for ref in closed]
    if planned:
        followed.append(service.complete(book, planned, kind=kind, links=links, zone=zone, **what._asdict()))
        activity = planned
    else:
        activity = service.log(book, kind, links, follows=closed[0] if closed else None, **what._asdict())
    return activity, [one for one in followed if one]


def series_next(followed: Iterable[Followed]) -> list[int]:
    """Return the ids of the activities that come next in their series."""
    return [one.next for one in followed if one.next is not None]


def _answered(book: Book, kind: str, closing: Sequence[int]) -> tuple[int | None, list[int]]:
    """Split the plans to close into the one for the logged activity itself, if any, and the others."""
    planned = {record.id: record.kind for record in (queries.get(book.db, ref) for ref in closing)}
    fitting = sorted(
        (ref for ref in planned if rules.fulfils(kind, planned[ref])), key=lambda ref: planned[ref] != kind
    )
    first = fitting[0] if fitting else None
    return first, [ref for ref in planned if ref != first]


def _direction(kind: str, asked: Asked) -> str:
    if asked.incoming and asked.outgoing:
        raise UsageError("--in and --out exclude each other")
    if asked.incoming or asked.outgoing:
        return "in" if asked.incoming else "out"
    return "out" if kind in rules.WRITTEN else ""


def _offer(ctx: typer.Context, book: Book, kind: str, links: Links) -> list[int]:
    """At a terminal, offer to close an open activity of that kind, or a task that is due, with the same person."""
    here = session(ctx)
    if not here.interactive or kind == "note" or not links.people:
        return []
    found = queries.load(book.db, queries.ids_of(book.db, "contact", links.people[0], status="open", limit=5))
    for open_one in found:
        fits = open_one.kind == kind or (open_one.due_date is not None and open_one.due_date <= here.today)
        if fits and terminal.wants(
            ctx,
            f"Close a{open_one.id} {open_one.subject}{outcomes.due_words(open_one, here.day)}?",
            f"a{open_one.id}",
        ):
            return [open_one.id]
    return []


def links_from(ctx: typer.Context, book: Book, words: Sequence[str], *, deal: str = "") -> Links:
    """Return the people and the company that REFs name; for a ``deal`` alone, those of the deal.

    Raises UsageError for two companies.
    """
    from crm_cli.services.activities import Links

    found = refs.pick_all(ctx, book.db, words)
    companies = [each.id for each in found if each.kind == "company"]
    if len(companies) > 1:
        raise UsageError("an activity has one company at most", hint="log it once for each")
    about = refs.deal(ctx, book.db, deal).id if deal else None
    if about and not words:
        return links_of_deal(book, about)
    people = tuple(each.id for each in found if each.kind == "contact")
    return Links(people, companies[0] if companies else None, about)


def links_of(book: Book, activity_id: int) -> Links:
    """Return the people, the company and the deal of an activity."""
    from crm_cli.services.activities import Links

    record = queries.get(book.db, activity_id)
    return Links(tuple(person.id for person in record.people), record.company_id, record.deal_id)


def links_of_deal(book: Book, deal_id: int) -> Links:
    """Return the people and the company of a deal, and the deal."""
    from crm_cli.services.activities import Links

    people, company = deal_ids.linked(book.db, deal_id) or ([], None)
    return Links(tuple(people), company, deal_id)


def happened(text: str, here: CommandLine) -> str:
    """Return the UTC instant of ``--when``; now if it is empty."""
    if not text:
        return here.now_utc
    return when.instant(here.moment(text, past=True), here.now)


def next_steps(texts: Iterable[str], here: CommandLine) -> list[Step]:
    """Read ``--next "WHEN: TEXT"`` options."""
    return [here.step(text) for text in texts]


def reminders(texts: Iterable[str], here: CommandLine) -> list[Remind]:
    """Read ``--remind`` options: a time, or a lead time (``-1d``)."""
    from crm_cli.services import reminders

    return reminders.read_all(texts, here.moment)


def ids_and_moment(words: list[str]) -> tuple[list[str], str]:
    """Split ``ID... WHEN``: ids with their letter (or ``-``) may repeat; a bare number is an id only as the first word.

    Elsewhere it belongs to the time, as in ``31 1 dec``.
    """
    count = 1 + sum(1 for _ in takewhile(_is_activity, words[1:]))
    ids, moment = words[:count], words[count:]
    if words[0][:1].lower() == "d" and is_id(words[0]):
        raise UsageError(f"{words[0]} is a deal", hint=f"use: crm deal move {words[0]} STAGE")
    if not moment:
        raise UsageError("when?", hint=f"as in: {' '.join(ids)} fri 3pm")
    return ids, " ".join(moment)


def _is_activity(word: str) -> bool:
    return word == "-" or (word[:1].lower() == "a" and is_id(word))


def date_in(text: str, here: CommandLine) -> str:
    """Return the words that look like the date of a plan (``fri: send``, ``call Bob next tue``), ``""`` for none."""
    words = text.split()
    before, colon, _ = text.partition(": ")
    ends = [" ".join(words[-size:]) for size in range(min(LONGEST_DATE, len(words) - 1), 0, -1)]
    for found in [before] * bool(colon) + ends + words[:1] * (len(words) > 1 and words[0].lower() in LEADING_DATES):
        if not found.isdigit() and _comes(found, here):
            return found
    return ""


def _comes(text: str, here: CommandLine) -> bool:
    try:
        return here.moment(text).date >= here.today
    except UsageError:
        return False


def days_before(today: str, number: int) -> str:
    """Return the date that many days before today."""
    from datetime import date, timedelta

    return (date.fromisoformat(today) - timedelta(days=number)).isoformat()


class Remark(NamedTuple):
    """What to note about an activity, ``""`` for nothing; ``of_more`` is what is said of those that are not named."""

    words: Callable[[Activity], str]
    of_more: str


def for_each(
    ctx: typer.Context,
    verb: str,
    describe: Callable[[list[Activity], list[Activity]], str],
    words: Sequence[str],
    work: Callable[[Book, int], list[int] | None],
    *,
    dry_run: bool,
    chosen: str,
    remark: Remark | None = None,
) -> None:
    """Do one thing to several activities in one change; ``describe`` words it, from them and the next steps.

    ``remark`` is what to note about each of them, if anything.
    """
    ids = refs.activity_ids(words)
    if not ids:
        return
    require_named_book(ctx)
    made: list[int] = []
    with writing(ctx, verb, dry_run=dry_run) as (book, change):
        for activity in ids:
            made += work(book, activity) or ()
        records = queries.load(book.db, ids)
        following = queries.load(book.db, made)
    here = session(ctx)
    output.emit_change(
        ctx, change, describe(records, following), chosen=chosen, refs=[f"a{ref}" for ref in (*ids, *made)],
        card=lambda: [cards.activity(record, here.zone, here.now_utc) for record in (*records, *following)],
    )  # fmt: skip
    if remark:
        note(ctx, map(remark.words, records), remark.of_more)


def note(ctx: typer.Context, texts: Iterable[str], what: str) -> None:
    """Print notes, of many only the first; ``what`` says what the others are about."""
    found = [text for text in texts if text]
    for text in found[:NAMED]:
        output.notify(ctx, f"note: {text}")
    if len(found) > NAMED:
        output.notify(ctx, f"note: {len(found) - NAMED} more {what}")
