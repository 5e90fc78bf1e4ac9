"""``crm demo``: a sample book, filled by the same services as any other."""

from __future__ import annotations

import shlex
import sys
import tempfile
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from crm_cli import config, demo
from crm_cli.book import opening
from crm_cli.book.book import Book
from crm_cli.cli.context import session
from crm_cli.cli.options import Json
from crm_cli.cli.output import notify, say_json
from crm_cli.core.edits import Edit
from crm_cli.core.reading import Reading
from crm_cli.core.when import When, due_utc
from crm_cli.errors import CrmError, UsageError
from crm_cli.queries import activities, companies, people

if TYPE_CHECKING:
    from crm_cli.cli.context import CommandLine
    from crm_cli.demo.activities import Done, Open
    from crm_cli.services.activities import Links

app = typer.Typer(rich_markup_mode=None)

HELP = """Make a sample book and show its day.

Some sixty people of a small packaging studio, imported from a vCard file and a CSV, with a year of calls, meetings and
mails, a dozen deals, and what is to be done now. It is written to a temporary folder, or to PATH; your own book is not
touched.

\b
  crm demo
  crm demo ~/play.db
  crm demo --json
"""

Counted = Annotated[bool, typer.Option("--dry-run", "-n", help="Say what would be made; make nothing.")]

TRY = ("show asha verma", "find bakry", "deal board", 'called asha -m "pouches: new sizes" --next "fri: send samples"')
"""The commands to try next."""


class Filled(NamedTuple):
    """How many records the book has."""

    people: int
    companies: int
    activities: int
    deals: int


@app.command("demo", help=HELP)
def make(
    ctx: typer.Context,
    path: Annotated[str, typer.Argument(metavar="[PATH]", help="Where to make it. [a temporary place]")] = "",
    dry_run: Counted = False,
    json: Json = False,
) -> None:
    """Make a sample book and show its day."""
    here = session(ctx)
    if dry_run:
        _rehearse(ctx, path, json=json)
        return
    here.book = str(place(path, here.book))
    filled = fill(here)
    here.done.append(f"the book {here.book} was made")
    commands = [f"crm {words} --book {shlex.quote(here.book)}" for words in TRY]
    if json:
        say_json({"book": here.book, **filled._asdict(), "try": commands, "dry_run": False})
        return
    from crm_cli.cli.agenda import today

    today(ctx)
    _suggest_commands(ctx, filled, commands)


def _rehearse(ctx: typer.Context, path: str, *, json: bool) -> None:
    """Fill a temporary book, delete it, and report what would be made and where."""
    here = session(ctx)
    named = str(place(path, here.book)) if path or here.book else ""
    with tempfile.TemporaryDirectory(prefix="crm-demo-") as folder:
        here.book = str(Path(folder) / "demo.db")
        filled = fill(here)
    if json:
        say_json({"book": named or None, **filled._asdict(), "try": [], "dry_run": True})
    where = named or "in a temporary place"
    notify(ctx, f"A book to play with, {where}: {_counted(filled)} (dry run: nothing was written)")


def _counted(filled: Filled) -> str:
    return f"{filled.people} people, {filled.companies} companies, {filled.activities} activities, {filled.deals} deals"


def _suggest_commands(ctx: typer.Context, filled: Filled, commands: list[str]) -> None:
    message = f"A book to play with: {_counted(filled)}. Your own book was not touched. Try:"
    if not sys.stderr.isatty():
        notify(ctx, f"{message} {commands[0]}")
        return
    notify(ctx, f"\n{message}\n")
    for command in commands:
        notify(ctx, f"  {command}")


def place(path: str, book: str) -> Path:
    """Return the path of the book. Raises CrmError if the file exists, and for the user's own book."""
    if path and book:
        raise UsageError("PATH and --book both name the file of the book", hint="give one of them")
    chosen = path or book
    if not chosen:
        return Path(tempfile.mkdtemp(prefix="crm-demo-")) / "demo.db"
    found = Path(chosen).expanduser().absolute()
    if found.resolve() in {config.book_path().resolve(), (config.folder("data") / "crm.db").resolve()}:
        raise UsageError(f"{found} is your own book; the demo needs another", hint="as in: crm demo ~/play.db")
    if not opening.is_new(found) and _holds_something(found):
        raise CrmError(f"{found} is there already, and not empty; it was not touched", hint="give another PATH")
    return found


def _holds_something(path: Path) -> bool:
    with Book.read(path) as book:
        return bool(people.ids(book.db, limit=1)) or activities.exist(book.db)


def fill(here: CommandLine) -> Filled:
    """Import the two files into the book, and log and plan the activities."""
    from crm_cli.services.importing.file import Wish, bring_in

    day = date.fromisoformat(here.today)
    wish = Wish(region=demo.REGION, today=here.today, now=here.now_utc, origin=here.origin)
    of_the_fair = replace(wish, tags=("lead", demo.FAIR_TAG), sets=("source=Fair",))
    for name, asked in ((demo.PEOPLE, wish), (demo.FAIR, of_the_fair)):
        place = here.path.with_name(f"{name}.rejects")
        bring_in(here.path, BytesIO(demo.read(name, day)), asked, name=name, rejects=(place,))
    return _add_activities(here, day)


def _add_activities(here: CommandLine, day: date) -> Filled:
    from crm_cli.demo.activities import DONE, OPEN
    from crm_cli.demo.deals import DEALS

    with Book.write(here.path) as book:
        ids = {person.name: int(person.ref) for person in people.rows(book.db)}
        firms = len(companies.ids(book.db))
        with book.change("demo", now=here.now_utc, origin=here.origin):
            for done in reversed(DONE):
                _log(book, done, ids, day, here)
            for planned in OPEN:
                _plan(book, planned, ids, day, here)
    steps = _add_deals(here, day, ids)
    return Filled(len(ids), firms, len(DONE) + len(OPEN) + steps, len(DEALS))


def _add_deals(here: CommandLine, day: date, ids: dict[str, int]) -> int:
    """Move each deal through its stages, one change each; return how many next steps were planned."""
    from crm_cli.demo.deals import DEALS
    from crm_cli.services import activities, deals

    reading, planned = Reading(here.now, here.zone), 0
    with Book.write(here.path) as book, book.change("demo", now=here.now_utc, origin=here.origin):
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


def _moment(day: date, days: int, here: CommandLine) -> str:
    return due_utc(demo.workday(day, -days).isoformat(), "11:00", here.zone)


def _log(book: Book, done: Done, ids: dict[str, int], day: date, here: CommandLine) -> None:
    from crm_cli.services import activities

    at = due_utc(demo.workday(day, -done.days).isoformat(), done.time, here.zone)
    activities.log(
        book, done.kind, _links(done.who, ids), text=done.text, at=at, now=here.now_utc, direction=done.direction,
        outcome=done.outcome, minutes=done.minutes,
    )  # fmt: skip


def _plan(book: Book, planned: Open, ids: dict[str, int], day: date, here: CommandLine) -> None:
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
