"""``crm remind``: deliver the reminders whose moment has come, each once."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from crm_cli import config as settings
from crm_cli.book.book import Book
from crm_cli.cli.context import reading, require_book, session
from crm_cli.cli.options import DryRun, Format, Json, Limit
from crm_cli.cli.output import chosen_format, emit, notify, say
from crm_cli.core.instants import utc
from crm_cli.errors import CrmError, DeliveryError, TryLaterError, UsageError
from crm_cli.queries import reminders as queries
from crm_cli.services import deliverer, outbox

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from crm_cli.cli.context import CommandLine
    from crm_cli.config import Config
    from crm_cli.delivery.message import Message
    from crm_cli.queries.reminders import Deliverer, Hours, Moment

app = typer.Typer(rich_markup_mode=None)

REMIND_HELP = """Deliver the reminders that have come due; silent when there are none.

\b
  crm remind                  what cron or a timer runs
  crm remind --list           what comes, when, and by which route
  crm remind --test desktop   try a route out
  crm remind --dry-run        show what would be delivered

The setting remind_routes has the routes, in order: desktop, mail, command or print; if one cannot deliver, the next
does. Each reminder is delivered once, also if several runs start at the same time. A failed one is tried again, after
5 minutes at the earliest. Nothing is delivered in the quiet_hours, nor outside the working_days if they are set.
"""
ROUTE = "reminder"
"""What the outbox names instead of a route: whichever works is taken, and a reminder has one row."""

IDLE = timedelta(hours=1)
"""How far the book may lag behind with what has been delivered while there is nothing to deliver."""

Listed = Annotated[bool, typer.Option("--list", help="List the reminders to come, and those that failed.")]
Test = Annotated[str, typer.Option("--test", metavar="ROUTE", help="Send a test message by this route.")]


class Work(NamedTuple):
    """What is to be done: moments to deliver, those to postpone, and keys of what need not be delivered any more."""

    due: list[Moment]
    asleep: list[Moment]
    obsolete: list[str]


@app.command("remind", help=REMIND_HELP)
def remind(
    ctx: typer.Context,
    *,
    listed: Listed = False,
    test: Test = "",
    dry_run: DryRun = False,
    limit: Limit = 20,
    form: Format = "",
    json: Json = False,
) -> None:
    """Deliver the reminders that have come due."""
    here = session(ctx)
    if test:
        notify(ctx, _test(here, test))
        return
    if listed:
        _list(ctx, here, limit, chosen_format(form, as_json=json))
        return
    if form or json:
        raise UsageError("--format needs --list", hint="as in: crm remind --list --json")
    _run(ctx, here, dry_run=dry_run)


def _run(ctx: typer.Context, here: CommandLine, *, dry_run: bool) -> None:
    """Deliver what has come due, unless messages are held at this hour; the first run on a machine only begins."""
    with reading(ctx, will_write=True) as book:
        require_book(book)
        by = queries.deliverer(book.db)
        _refuse_elsewhere(by, here.path)
        if by is None or not by.done_until:
            _begin(ctx, book, dry_run=dry_run)
            return
        work = _work(book, by, here.now)
    if not any(work):
        if not dry_run:
            _keep_up(here, by)
    elif not _is_held(here):
        if dry_run:
            _rehearse(ctx, here, work)
        else:
            _deliver(ctx, here, work)


def _refuse_elsewhere(by: Deliverer | None, path: Path) -> None:
    """Raise CrmError if another machine or another copy of the book delivers its reminders."""
    if by is not None and not deliverer.is_here(by, path):
        name = by.machine.partition("#")[0]
        raise CrmError(
            f"the reminders of this book are delivered on {name} from {by.path}",
            hint="to deliver them here: crm schedule remind",
        )


def _begin(ctx: typer.Context, book: Book, *, dry_run: bool) -> None:
    """Make this machine the one that delivers, and report the moments before now."""
    here = session(ctx)
    if dry_run:
        passed = queries.passed(book.db, here.now_utc)
    else:
        with Book.write(here.path) as writing:
            passed = deliverer.take_over(writing, here.now_utc)
    if passed:
        taken = "would be taken" if dry_run else "taken"
        notify(
            ctx, f"This is the first run: {_counted(passed, 'earlier')} {taken} as passed; crm today lists what is open"
        )


def _work(book: Book, by: Deliverer, now: datetime) -> Work:
    """Return what has come due since the last run, and what is to be tried again."""
    from crm_cli.queries import outbox as tried

    found = queries.due(book.db, by.begin(now), utc(now))
    obsolete = []
    for one in tried.due(book.db, now, queries.PREFIX):
        moment = queries.of_key(book.db, one.key)
        if moment:
            found.append(moment)
        else:
            obsolete.append(one.key)
    asleep = [one for one in found if one.hidden_until > utc(now)]
    return Work([one for one in found if one not in asleep], asleep, obsolete)


def _keep_up(here: CommandLine, by: Deliverer) -> None:
    """Move the mark of what was delivered on, or back if the clock was ahead; seldom, as most runs only look."""
    if not timedelta() <= here.now - datetime.fromisoformat(by.done_until) <= IDLE:
        with Book.write(here.path) as book:
            deliverer.advance(book, here.now_utc)


def hours(config: Config, zone: str) -> Hours:
    """Return when messages are delivered. Raises UsageError for a setting that is not valid."""
    from crm_cli.core import delivery

    quiet = delivery.quiet_hours(config.quiet_hours) if config.quiet_hours else None
    working = delivery.working_days(config.working_days) if config.working_days else frozenset()
    return queries.Hours(zone, quiet, working)


def _is_held(here: CommandLine) -> bool:
    return hours(here.config, here.zone).released(here.now_utc) > here.now_utc


def _rehearse(ctx: typer.Context, here: CommandLine, work: Work) -> None:
    """Print what would be delivered."""
    from crm_cli.delivery import routes

    names = ", ".join(routes.chosen(here.config))
    with Book.read(here.path) as book:
        latest, _ = _latest(work.due)
        for moment in latest:
            say(_message(here, book, moment).text.rstrip("\n"))
    if latest:
        notify(ctx, f"{_counted(len(latest))} would be delivered by {names}")


def _counted(number: int, which: str = "") -> str:
    return " ".join(filter(None, (str(number), which, "reminder" if number == 1 else "reminders")))


def _latest(due: Iterable[Moment]) -> tuple[list[Moment], list[Moment]]:
    """Return the last moment of each activity, and the earlier ones, which it makes needless."""
    last = {one.activity_id: one for one in sorted(due, key=lambda one: (one.at, one.id))}
    chosen = sorted(last.values(), key=lambda one: (one.at, one.id))
    return chosen, [one for one in due if one not in chosen]


def _message(here: CommandLine, book: Book, moment: Moment) -> Message:
    from crm_cli.delivery.message import Message
    from crm_cli.queries import activities, consents
    from crm_cli.render import reminders as render
    from crm_cli.render.consents import of_activity

    found = activities.get(book.db, moment.activity_id)
    stopped = consents.stopped(book.db, [person.id for person in found.people])
    notice = render.notice(found, moment.at, here.day, of_activity(found, stopped))
    # Two books may deliver to one address; mail programs drop a repeated Message-ID.
    return Message(f"{moment.key} {here.path.absolute()}", notice.subject, notice.text, fields=notice.fields)


def _deliver(ctx: typer.Context, here: CommandLine, work: Work) -> None:
    """Deliver what is due, each in the outbox before and marked after. Raises DeliveryError for what failed."""
    chosen, needless = _latest(work.due)
    with Book.write(here.path) as book:
        _set_aside(book, [*work.obsolete, *(one.key for one in needless)], work.asleep)
        by, failures = _send_all(here, book, chosen)
    others = [route for route in by if route != "print"]
    if others and sys.stderr.isatty():
        notify(ctx, f"Delivered {_counted(len(others))} by {', '.join(sorted(set(others)))}")
    if failures:
        raise _summary(failures)


def _set_aside(book: Book, needless: list[str], asleep: list[Moment]) -> None:
    """Mark what need not be delivered as passed, and let what is snoozed wait."""
    for key in needless:
        claim = outbox.claim(book, key, ROUTE, now=settings.now())
        if claim:
            outbox.dropped(book, claim, settings.now())
    for one in asleep:
        outbox.postpone(book, one.key, ROUTE, now=settings.now(), until=one.hidden_until)


def _send_all(here: CommandLine, book: Book, moments: list[Moment]) -> tuple[list[str], list[DeliveryError]]:
    """Deliver reminders; return the routes that were used, and what failed.

    After a temporary failure the others stay due: waiting for a server for each of them could take hours.
    """
    by: list[str] = []
    failures: list[DeliveryError] = []
    for moment in moments:
        try:
            by += _send(here, book, moment)
        except TryLaterError as error:
            return by, [*failures, error]
        except DeliveryError as error:
            failures.append(error)
    deliverer.advance(book, here.now_utc)
    return by, failures


def _send(here: CommandLine, book: Book, moment: Moment) -> list[str]:
    """Deliver one reminder, unless another run does; return the route. Raises DeliveryError."""
    from crm_cli.delivery import process, routes

    names = routes.chosen(here.config)
    hold = outbox.HOLD + 2 * len(names) * timedelta(seconds=process.wait(here.config))
    claim = outbox.claim(book, moment.key, ROUTE, now=settings.now(), hold=hold)
    if claim is None:
        return []
    try:
        route = routes.deliver(_message(here, book, moment), names, here.config)
    except (DeliveryError, OSError) as error:
        outbox.failed(book, claim, str(error), settings.now())
        if isinstance(error, OSError):
            raise
        raise type(error)(
            f"the reminder of a{moment.activity_id} was not delivered: {error}", hint=error.hint
        ) from error
    outbox.sent(book, claim, settings.now())
    return [route]


def _summary(failures: list[DeliveryError]) -> DeliveryError:
    """Return one error for all failures: temporary if all of them are."""
    first = failures[0]
    if len(failures) == 1:
        return first
    kind = TryLaterError if all(isinstance(error, TryLaterError) for error in failures) else DeliveryError
    return kind(f"{first} (and {_counted(len(failures) - 1)} more; see crm remind --list)", hint=first.hint)


def _test(here: CommandLine, route: str) -> str:
    """Send a test message, and say how. Raises DeliveryError."""
    from crm_cli.core import delivery
    from crm_cli.delivery import routes
    from crm_cli.delivery.message import Message

    names = delivery.routes(route)
    if len(names) != 1:
        raise UsageError("--test takes one route", hint="routes: " + ", ".join(delivery.ROUTES))
    text = "This is a test message from crm. Reminders arrive like this one.\n"
    routes.send(Message(f"test:{here.now_utc}", "crm: test message", text), names[0], here.config)
    to = here.config.mail_to or here.config.own_address
    return f"Sent a test message by {names[0]}" + (f" to {to}" if names[0] == "mail" else "")


def _list(ctx: typer.Context, here: CommandLine, limit: int, chosen: str) -> None:
    """List the reminders to come."""
    from crm_cli.delivery import routes
    from crm_cli.render import reminders as render

    when = hours(here.config, here.zone)
    with reading(ctx, will_write=True) as book:
        require_book(book)
        by = queries.deliverer(book.db)
        found = queries.planned(book.db, here.now, when, routes.chosen(here.config), limit)
    day = here.day
    columns = render.columns(day, spoken=chosen == "table", failed=any(one.error for one in found))
    emit(ctx, found, columns, chosen=chosen, card=lambda one: render.card(one, day),
         ref=lambda one: f"a{one.activity.id}", empty="no reminder is to come")  # fmt: skip
    held = sum(one.state == "held" for one in found)
    if held:
        notify(ctx, f"{_counted(held)} held back by quiet hours, days off or a snooze")
    if found and by is None:
        notify(ctx, "no machine delivers them yet: crm schedule remind")
    elif found and by and not deliverer.is_here(by, here.path):
        notify(ctx, f"they are delivered on {by.machine.partition('#')[0]} from {by.path}")
