"""``crm schedule``: let cron or a systemd user timer run the digest and the reminders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from crm_cli.book import opening
from crm_cli.book.book import Book
from crm_cli.cli import terminal
from crm_cli.cli.context import session
from crm_cli.cli.options import DryRun, Facts, Format, Json, Yes
from crm_cli.cli.output import chosen_format, emit, notify, say, say_json
from crm_cli.core.delivery import mailbox
from crm_cli.errors import CrmError, UsageError
from crm_cli.render.tables import Column
from crm_cli.scheduling import crontab, systemd
from crm_cli.scheduling.entries import HOURS, TASKS, Entry, Job, daily, repeated

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

app = typer.Typer(
    no_args_is_help=True, help="Let cron or systemd run the digest and the reminders: digest, remind, list, remove."
)

FORMATS = ("text", "json")
Systemd = Annotated[bool, typer.Option("--systemd", help="Use a timer of systemd instead of the crontab.")]


class Plan(NamedTuple):
    """What is written for a job: the lines to show, whether they are there already, and how to write them."""

    entry: Entry
    lines: list[str]
    is_done: bool
    where: str
    write: Callable[[], None]


COLUMNS: tuple[Column[Entry], ...] = (
    Column("command", lambda one: one.task),
    Column("when", lambda one: one.when),
    Column("by", lambda one: one.by),
    Column("book", lambda one: one.book, grow=1, least=20),
)


@app.command("digest")
def digest(
    ctx: typer.Context,
    *,
    at: Annotated[str, typer.Option("--at", metavar="TIME", help="When: a time of day, such as 07:30.")],
    to: Annotated[
        str, typer.Option("--to", metavar="ADDRESS", help="Send it by mail. [cron mails what is printed]")
    ] = "",
    systemd_: Systemd = False,
    yes: Yes = False,
    dry_run: DryRun = False,
    form: Facts = "text",
    json: Json = False,
) -> None:
    """Run the digest every day.

    With --to, it is tried again in the three hours after, in case the mail server is busy or the machine is off; it is
    sent only once a day. Scheduling it again changes the time.

    Examples:

      crm schedule digest --at 07:30 --to you@example.org

      crm schedule digest --at 8am --systemd
    """
    chosen = chosen_format(form, as_json=json, known=FORMATS)
    options = ("--to", mailbox(to, "--to").address) if to else ()
    if systemd_ and not to:
        raise UsageError("a timer of systemd mails nothing that is printed", hint="give --to ADDRESS")
    job = Job("digest", _book(ctx), daily(at, HOURS if to else 1), options)
    _install(ctx, job, chosen, by_systemd=systemd_, yes=yes, dry_run=dry_run)


@app.command("remind")
def remind(
    ctx: typer.Context,
    *,
    every: Annotated[str, typer.Option("--every", metavar="SPAN", help="How often: 1m, 5m, 1h.")] = "5m",
    systemd_: Systemd = False,
    yes: Yes = False,
    dry_run: DryRun = False,
    form: Facts = "text",
    json: Json = False,
) -> None:
    """Deliver reminders all day, on this machine and from this book.

    If another machine or a copy of the book delivered them so far, this one takes over, and the other one refuses.

    Examples:

      crm schedule remind

      crm schedule remind --every 1h --systemd
    """
    chosen = chosen_format(form, as_json=json, known=FORMATS)
    path = _book(ctx)
    job = Job("remind", path, repeated(every), ())
    _install(ctx, job, chosen, by_systemd=systemd_, yes=yes, dry_run=dry_run)
    if not dry_run:
        _take_over(ctx, path)


def _book(ctx: typer.Context) -> Path:
    """Return the absolute path of the book. Raises CrmError if there is none."""
    path = session(ctx).path
    opening.require(path)
    return path.resolve()


def _take_over(ctx: typer.Context, path: Path) -> None:
    """Let this machine deliver the reminders of the book, unless it does already."""
    from crm_cli.queries import reminders
    from crm_cli.services import deliverer

    with Book.read(path) as book:
        found = reminders.deliverer(book.db)
    if found and deliverer.is_here(found, path):
        return
    with Book.write(path) as book:
        passed = deliverer.take_over(book, session(ctx).now_utc)
    before = f" instead of {found.machine.partition('#')[0]}, {found.path}" if found else ""
    earlier = f"; earlier reminders taken as passed: {passed}" if passed else ""
    notify(ctx, f"The reminders of {path} are delivered here{before}{earlier}")


def _install(ctx: typer.Context, job: Job, chosen: str, *, by_systemd: bool, yes: bool, dry_run: bool) -> None:
    """Show what is written, ask, and write it."""
    zone = session(ctx).zone
    _refuse_both(job, by_systemd=by_systemd)
    plan = _with_timer(job, zone) if by_systemd else _with_cron(job)
    if plan.is_done:
        notify(ctx, f"crm {job.task} is already scheduled like that")
        return
    _show([plan.entry], plan.lines, chosen)
    if dry_run:
        return
    if not yes:
        terminal.confirm(ctx, f"Write this to {plan.where}?")
    plan.write()
    notify(ctx, f"Scheduled crm {job.task} in {plan.where}")
    elsewhere = "" if by_systemd or job.timing.every else crontab.zone()
    if elsewhere and elsewhere != zone:
        notify(ctx, f"cron runs by the time zone of the machine, {elsewhere}; yours is {zone}")


def _with_cron(job: Job) -> Plan:
    before, line = crontab.read(), crontab.line(job)
    after, found = crontab.with_line(before, job), crontab.entry(line)
    if found is None:
        raise CrmError(f"a crontab cannot hold the path {job.book}")
    shown = [line.decode("utf-8", "replace")]
    return Plan(found, shown, before == after, "your crontab", lambda: crontab.write(after))


def _with_timer(job: Job, zone: str) -> Plan:
    units = systemd.units(job, zone)
    shown = [line for path, text in units.items() for line in (f"# {path}", *text.splitlines())]
    is_done = all(path.exists() and path.read_text("utf-8", "replace") == text for path, text in units.items())
    found = Entry(job.task, str(job.book), systemd.when(job.timing, zone), systemd.command(job), "systemd")
    return Plan(found, shown, is_done, f"your timers in {systemd.folder()}", lambda: systemd.install(units))


def _show(entries: list[Entry], lines: list[str], chosen: str) -> None:
    """Print what is scheduled: as JSON, or the lines as they are written."""
    if chosen == "json":
        say_json([one._asdict() for one in entries])
        return
    for line in lines:
        say(line)


def _refuse_both(job: Job, *, by_systemd: bool) -> None:
    """Raise CrmError if the job is scheduled the other way."""
    other = "cron" if by_systemd else "systemd"
    if any(one.by == other and (one.task, one.book) == (job.task, str(job.book)) for one in _entries()):
        raise CrmError(f"crm {job.task} is scheduled by {other}", hint=f"first: crm schedule remove {job.task}")


@app.command("list")
def list_(ctx: typer.Context, form: Format = "", json: Json = False) -> None:
    """List what is scheduled, for every book.

    Example:

      crm schedule list
    """
    found = _entries()
    chosen = chosen_format(form, as_json=json)
    emit(ctx, found, COLUMNS, chosen=chosen, card=lambda one: one._asdict(), ref=lambda one: one.task,
         empty="nothing is scheduled")  # fmt: skip


def _entries() -> list[Entry]:
    """Return what is scheduled by cron and by systemd."""
    lines = crontab.read().splitlines() if crontab.is_here() else []
    return [found for line in lines if (found := crontab.entry(line))] + systemd.entries()


@app.command("remove")
def remove(
    ctx: typer.Context,
    task: Annotated[str, typer.Argument(metavar="[COMMAND]", help="digest or remind. [both]")] = "",
    yes: Yes = False,
    dry_run: DryRun = False,
    form: Facts = "text",
    json: Json = False,
) -> None:
    """Stop running a command for this book.

    Examples:

      crm schedule remove digest

      crm schedule remove
    """
    chosen = chosen_format(form, as_json=json, known=FORMATS)
    if task not in {"", *TASKS}:
        raise UsageError(f"crm {task} is not a command that is scheduled", hint="digest or remind")
    found = _scheduled(str(session(ctx).path.resolve()), task)
    _show(found, [f"{one.when} {one.command}" for one in found], chosen)
    if dry_run:
        return
    if not yes:
        terminal.confirm(ctx, "Remove this?")
    _remove(found)
    notify(ctx, f"No longer scheduled: {', '.join(dict.fromkeys(f'crm {one.task}' for one in found))}")


def _scheduled(book: str, task: str) -> list[Entry]:
    """Return what is scheduled for a book: one command, or without ``task`` all. Raises CrmError if nothing is."""
    found = [one for one in _entries() if one.book == book and task in {"", one.task}]
    if not found:
        raise CrmError(f"crm {task} is not scheduled for {book}" if task else f"nothing is scheduled for {book}")
    return found


def _remove(found: list[Entry]) -> None:
    for one in found:
        if one.by == "systemd":
            systemd.remove(one.task, one.book)
        else:
            crontab.write(crontab.without(crontab.read(), one.task, one.book))
