"""``log called met wrote note``, ``todo done move snooze cancel``: log, plan and complete activities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from crm_cli.cli import foreign_queries, logs, output, terminal
from crm_cli.cli.context import reading, session, writing
from crm_cli.cli.options import DryRun, Edit, Json, Made, Text, When
from crm_cli.core import activities as rules
from crm_cli.core import when
from crm_cli.errors import UsageError
from crm_cli.queries import activities as queries
from crm_cli.render import cards, outcomes

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm_cli.book.book import Book, Change
    from crm_cli.cli.context import CommandLine
    from crm_cli.core.records import Activity
    from crm_cli.core.recurrence import Every as Rule
    from crm_cli.core.series import Followed
    from crm_cli.core.when import When as Moment

app = typer.Typer()

Outcome = Annotated[
    str,
    typer.Option(
        "--outcome", metavar="WORD", help="How it went; some fit only some kinds: " + ", ".join(rules.OUTCOMES) + "."
    ),
]
Incoming = Annotated[bool, typer.Option("--in", help="It came from them.")]
Outgoing = Annotated[bool, typer.Option("--out", help="It went to them.")]
Minutes = Annotated[int | None, typer.Option("--minutes", metavar="N", min=0, max=rules.YEAR, help="How long it took.")]
Next = Annotated[
    list[str] | None, typer.Option("--next", metavar="WHEN: TEXT", help="Plan the next step; can be repeated.")
]
Closes = Annotated[
    list[str] | None, typer.Option("--closes", metavar="A31", help="Complete this open activity; can be repeated.")
]
With = Annotated[
    list[str] | None, typer.Option("--with", "-w", metavar="REF", help="A person or company involved; can be repeated.")
]
Due = Annotated[str, typer.Option("--due", "-d", metavar="WHEN", help='"fri 3pm", "in 2 weeks", 2026-12-01.')]
RemindAt = Annotated[
    list[str] | None,
    typer.Option(
        "--remind", metavar="WHEN|-1d", help="When to remind you, or how long before it is due; can be repeated."
    ),
]
Every = Annotated[
    str,
    typer.Option(
        "--every", metavar="RULE", help='It repeats: "every 2 weeks", "every last friday", "every! 3 months".'
    ),
]
Priority = Annotated[str, typer.Option("--priority", metavar="LEVEL", help="high or low.")]
Kind = Annotated[str, typer.Option("--kind", metavar="KIND", help="call, meeting, email, message, letter or task.")]
About = Annotated[
    str, typer.Option("--deal", metavar="DEAL", help="The deal it is about; if you name no one, its people take part.")
]
Refs = Annotated[
    list[str] | None, typer.Argument(metavar="REF...", help="Who; quote a full name. - reads ids from a pipe.")
]
Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="Ids of activities, as in crm today; - reads a pipe.")]
IdsAndMoment = Annotated[
    list[str],
    typer.Argument(metavar="ID... WHEN", help="Ids of activities, or - for a pipe; then a time: fri 3pm, in 2 weeks."),
]


@app.command("log")
def log(
    ctx: typer.Context,
    kind: Annotated[str, typer.Argument(metavar="KIND", help="call, meeting, email, message, letter, note or task.")],
    words: Refs = None,
    message: Text = "",
    edit: Edit = False,
    when_: When = "",
    outcome: Outcome = "",
    in_: Incoming = False,
    out: Outgoing = False,
    minutes: Minutes = None,
    next_: Next = None,
    closes: Closes = None,
    deal: About = "",
    dry_run: DryRun = False,
    format_: Made = "",
    as_json: Json = False,
) -> None:
    """Log a call, meeting, email, message, letter or note. One word for each REF.

    A call that was answered, a meeting held or a mail received counts as reaching a person, and the time since
    then starts again; a call without an answer is an attempt.

    Examples:

      crm log call priya -m "Agreed on the price" --next "fri: contract"

      crm log email "ravi kumar" globex --in -m "Asks a discount"
    """
    asked = logs.Asked(message, edit, when_, outcome, in_, out, minutes, tuple(next_ or ()), tuple(closes or ()), deal)
    logs.run(ctx, kind, words or [], asked, dry_run=dry_run, chosen=output.chosen_format(format_, as_json=as_json))


def _shortcut(kind: str, doc: str) -> Callable[..., None]:
    """Return a command that logs one kind of activity; its help lists the outcomes of that kind."""

    def command(
        ctx: typer.Context,
        words: Refs = None,
        message: Text = "",
        edit: Edit = False,
        when_: When = "",
        outcome: Outcome = "",
        in_: Incoming = False,
        out: Outgoing = False,
        minutes: Minutes = None,
        next_: Next = None,
        closes: Closes = None,
        deal: About = "",
        dry_run: DryRun = False,
        format_: Made = "",
        as_json: Json = False,
    ) -> None:
        asked = logs.Asked(
            message, edit, when_, outcome, in_, out, minutes, tuple(next_ or ()), tuple(closes or ()), deal
        )
        logs.run(ctx, kind, words or [], asked, dry_run=dry_run, chosen=output.chosen_format(format_, as_json=as_json))

    fitting = ", ".join(rules.outcomes_of(kind)) + "."
    command.__annotations__["outcome"] = Annotated[str, typer.Option("--outcome", metavar="WORD", help=fitting)]
    command.__doc__ = doc
    return command


SHORTCUTS = {
    "called": (
        "call",
        """Log a call. Without an outcome they answered; --outcome no-answer makes it an attempt.

    Examples:

      crm called priya -m "Will decide on Monday" --next "mon 10:00: call again"

      crm called "098200 12345" --outcome voicemail
    """,
    ),
    "met": (
        "meeting",
        """Log a meeting.

    Example:

      crm met priya ravi -m "Lunch, liked the new plan" --when "yesterday 1pm" --minutes 60
    """,
    ),
    "wrote": (
        "email",
        """Log an e-mail you sent (or, with --in, one that came).

    Examples:

      crm wrote priya -m "Sent the quote" --next "in 3 days: ask whether it came"

      crm wrote priya --in -m "Accepts the quote"
    """,
    ),
}
"""command -> the kind of activity it logs, and its help."""

for _name, (_kind, _doc) in SHORTCUTS.items():
    app.command(_name)(_shortcut(_kind, _doc))


@app.command("note")
def note(
    ctx: typer.Context,
    words: Refs = None,
    message: Text = "",
    edit: Edit = False,
    when_: When = "",
    next_: Next = None,
    closes: Closes = None,
    deal: About = "",
    dry_run: DryRun = False,
    format_: Made = "",
    as_json: Json = False,
) -> None:
    """Write a note about a person or a company; -e opens your editor and keeps the text out of the shell's history.

    Examples:

      crm note priya -m "Prefers to be called in the morning"

      crm note globex -e
    """
    asked = logs.Asked(message, edit, when_, next=tuple(next_ or ()), closes=tuple(closes or ()), deal=deal)
    logs.run(ctx, "note", words or [], asked, dry_run=dry_run, chosen=output.chosen_format(format_, as_json=as_json))


@app.command("todo")
def todo(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="TEXT...", help="What is to be done; - reads standard input.")
    ] = None,
    edit: Edit = False,
    with_: With = None,
    due: Due = "",
    every: Every = "",
    remind: RemindAt = None,
    priority: Priority = "",
    owe: Annotated[bool, typer.Option("--owe", help="You owe it to them.")] = False,
    await_: Annotated[bool, typer.Option("--await", help="You wait for them.")] = False,
    kind: Kind = "task",
    deal: About = "",
    dry_run: DryRun = False,
    format_: Made = "",
    as_json: Json = False,
) -> None:
    """Plan what comes next. With -e, the first line of the text is the subject.

    Examples:

      crm todo "Send the quote" --with priya --due "fri 3pm" --remind -1d

      crm todo "Fly to Pune" --due "fri 8:00" --remind -1d --remind "thu 20:00"

      crm todo "Ravi sends the logo" --with ravi --await --due "in 2 weeks"
    """
    chosen = output.chosen_format(format_, as_json=as_json)
    here = session(ctx)
    promise = _promise(owe=owe, await_=await_)
    foreign_queries.check_plan(words or ())
    if not words and not edit:
        raise UsageError("what is to be done?", hint='as in: crm todo "send the quote" --due fri')
    at = when.parse(due, now=here.now, zone=here.zone) if due else None
    rule, at = _series(every, at, here) if every else (None, at)
    reminding = logs.reminders(remind or (), here)
    with reading(ctx, will_write=True) as book:
        links = logs.links_from(ctx, book, with_ or [], deal=deal)
    text = terminal.given_text(ctx, " ".join(words or ()), edit=edit)
    with writing(ctx, "todo", dry_run=dry_run) as (book, change):
        from crm_cli.services import activities as service

        activity = service.plan(
            book, text, links, now=here.now_utc, kind=kind, due=at, every=rule, remind=reminding,
            priority=rules.check_priority(priority), promise=promise,
        )  # fmt: skip
        record = queries.get(book.db, activity)
    _say_planned(ctx, change, record, chosen)
    if not due and (date := logs.date_in(record.subject, here)):
        output.notify(ctx, f"note: a date in the text is not a due date; crm move a{activity} {date}")


def _series(text: str, due: Moment | None, here: CommandLine) -> tuple[Rule, Moment]:
    """Return the rule of a new series, and when its first activity is due."""
    from crm_cli.core import series

    return series.read(text, due, here.reading)


def _promise(*, owe: bool, await_: bool) -> str:
    if owe and await_:
        raise UsageError("--owe and --await exclude each other")
    if owe:
        return "owe"
    return "await" if await_ else ""


def _say_planned(ctx: typer.Context, change: Change, record: Activity, chosen: str) -> None:
    here = session(ctx)
    output.emit_change(
        ctx, change, outcomes.planned(record, here.today), chosen=chosen, refs=[f"a{record.id}"],
        card=lambda: cards.activity(record, here.zone, here.now_utc),
    )  # fmt: skip


@app.command("done")
def done(
    ctx: typer.Context,
    words: Ids,
    message: Text = "",
    edit: Edit = False,
    outcome: Outcome = "",
    when_: When = "",
    next_: Next = None,
    dry_run: DryRun = False,
    format_: Made = "",
    as_json: Json = False,
) -> None:
    """Complete activities; --next plans the next step with the same people.

    Examples:

      crm done a31 -m "Sent it by courier" --next "mon: ask whether it arrived"

      crm done a31 a32
    """
    here = session(ctx)
    terminal.check_one_stdin(words, message)
    at = logs.happened(when_, here)
    steps = logs.next_steps(next_ or (), here)
    text = terminal.given_text(ctx, message, edit=edit)
    followed: list[Followed] = []

    def work(book: Book, activity: int) -> list[int]:
        from crm_cli.services import activities as service

        after = service.complete(book, activity, at=at, now=here.now_utc, zone=here.zone, text=text, outcome=outcome)
        followed.extend([after] if after else [])
        planned = logs.plan_next(book, steps, logs.links_of(book, activity), activity, now=here.now_utc)
        return [*logs.series_next([after] if after else []), *planned]

    logs.for_each(
        ctx, "done", lambda records, following: outcomes.completed(records, following, here.today, followed), words,
        work, dry_run=dry_run, chosen=output.chosen_format(format_, as_json=as_json),
    )  # fmt: skip


@app.command("move")
def move(
    ctx: typer.Context,
    words: IdsAndMoment,
    dry_run: DryRun = False,
    format_: Made = "",
    as_json: Json = False,
) -> None:
    """Move activities to another time; relative reminders move with them, and a snooze ends.

    Examples:

      crm move a31 next mon 10:00

      crm move a31 a32 tomorrow

      crm agenda kind:call --format ids | crm move - fri
    """
    here = session(ctx)
    ids, due = logs.ids_and_moment(words, here)

    def work(book: Book, ref: int) -> None:
        from crm_cli.services import activities as service

        service.move(book, ref, due, now=here.now_utc)

    logs.for_each(
        ctx, "move", lambda records, _: outcomes.moved(records, here.today), ids, work,
        dry_run=dry_run, chosen=output.chosen_format(format_, as_json=as_json),
    )  # fmt: skip


@app.command("snooze")
def snooze(
    ctx: typer.Context,
    words: IdsAndMoment,
    dry_run: DryRun = False,
    format_: Made = "",
    as_json: Json = False,
) -> None:
    """Hide activities from today's list until later; due time and reminders stay.

    Examples:

      crm snooze a31 in 2 hours

      crm snooze a31 a32 mon
    """
    here = session(ctx)
    ids, until = logs.ids_and_moment(words, here)

    def work(book: Book, ref: int) -> None:
        from crm_cli.services import activities as service

        service.snooze(book, ref, until, now=here.now_utc)

    logs.for_each(
        ctx, "snooze", lambda records, _: outcomes.snoozed(records, until), ids, work,
        dry_run=dry_run, chosen=output.chosen_format(format_, as_json=as_json),
    )  # fmt: skip


@app.command("cancel")
def cancel(ctx: typer.Context, words: Ids, dry_run: DryRun = False, format_: Made = "", as_json: Json = False) -> None:
    """Cancel activities; they stay in the book as cancelled.

    Example:

      crm cancel a31
    """
    here = session(ctx)

    def work(book: Book, ref: int) -> None:
        from crm_cli.services import activities as service

        service.cancel(book, ref, now=here.now_utc)

    chosen = output.chosen_format(format_, as_json=as_json)
    logs.for_each(
        ctx, "cancel", lambda records, _: outcomes.cancelled(records), words, work, dry_run=dry_run, chosen=chosen
    )
