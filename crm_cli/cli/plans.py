"""``todo done move skip snooze cancel``: plan and complete activities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from crm_cli.cli import foreign_queries, logs, output, terminal
from crm_cli.cli.context import reading, session, writing
from crm_cli.cli.logs import About, Next, Outcome, With
from crm_cli.cli.options import DryRun, Edit, Json, Made, Text, When
from crm_cli.cli.query_words import QueryCommand
from crm_cli.core import activities as rules
from crm_cli.errors import UsageError
from crm_cli.queries import activities as queries
from crm_cli.render import cards, outcomes

if TYPE_CHECKING:
    from crm_cli.book.book import Book, Change
    from crm_cli.core.daily import Activity
    from crm_cli.core.series import Followed

app = typer.Typer()

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
Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="Ids of activities, as in crm today; - reads a pipe.")]
IdsAndMoment = Annotated[
    list[str],
    typer.Argument(metavar="ID... WHEN", help="Ids of activities, or - for a pipe; then a time: fri 3pm, in 2 weeks."),
]


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
    words = words or []
    foreign_queries.check_plan(words)
    if not words and not edit:
        raise UsageError("what is to be done?", hint='as in: crm todo "send the quote" --due fri')
    at = here.moment(due) if due else None
    rule, at = here.rule(every, at, typed=due) if every else (None, at)
    reminding = logs.reminders(remind or (), here)
    with reading(ctx, will_write=True) as book:
        links = logs.links_from(ctx, book, with_ or [], deal=deal)
    text = terminal.given_text(ctx, " ".join(words), edit=edit)
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


def _promise(*, owe: bool, await_: bool) -> str:
    if owe and await_:
        raise UsageError("--owe and --await exclude each other")
    if owe:
        return "owe"
    return "await" if await_ else ""


def _say_planned(ctx: typer.Context, change: Change, record: Activity, chosen: str) -> None:
    here = session(ctx)
    output.emit_change(
        ctx, change, outcomes.planned(record, here.day), chosen=chosen, refs=[f"a{record.id}"],
        card=lambda: cards.activity(record, here.zone, here.now_utc),
    )  # fmt: skip
    logs.note(ctx, [outcomes.passed_words(record, here.day, fixed=True)], "reminders have passed")


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
        planned = service.plan_next(book, steps, logs.links_of(book, activity), activity, now=here.now_utc)
        return [*logs.series_next([after] if after else []), *planned]

    logs.for_each(
        ctx, "done", lambda records, following: outcomes.completed(records, following, here.day, followed), words,
        work, dry_run=dry_run, chosen=output.chosen_format(format_, as_json=as_json),
    )  # fmt: skip


@app.command("move", cls=QueryCommand)
def move(
    ctx: typer.Context,
    words: IdsAndMoment,
    all_: Annotated[bool, typer.Option("--all", help="Of one that repeats, move all later ones too.")] = False,
    dry_run: DryRun = False,
    format_: Made = "",
    as_json: Json = False,
) -> None:
    """Move activities to another time; relative reminders move with them, and a snooze ends.

    +1w and -2d are counted from the due time, everything else from now. Of an activity that repeats, only this one
    is moved; --all moves the later ones too, and keeps their time of day if WHEN has none.

    Examples:

      crm move a31 next mon 10:00

      crm move a31 +1w

      crm move a31 a32 tomorrow

      crm move --all a31 wed

      crm agenda kind:call --format ids | crm move - fri
    """
    here = session(ctx)
    ids, text = logs.ids_and_moment(words)
    here.moment(text)

    def work(book: Book, ref: int) -> None:
        from crm_cli.services import activities, series

        due = here.moment(text, base=queries.due(book.db, ref))
        (series.shift if all_ else activities.move)(book, ref, due, now=here.now_utc)

    logs.for_each(
        ctx, "move", lambda records, _: outcomes.moved(records, here.day, rest=all_), ids, work,
        dry_run=dry_run, chosen=output.chosen_format(format_, as_json=as_json),
        remark=logs.Remark(lambda record: outcomes.passed_words(record, here.day), "reminders have passed"),
    )  # fmt: skip


@app.command("snooze", cls=QueryCommand)
def snooze(
    ctx: typer.Context,
    words: IdsAndMoment,
    dry_run: DryRun = False,
    format_: Made = "",
    as_json: Json = False,
) -> None:
    """Hide activities from today's list until later; due time and reminders stay.

    Examples:

      crm snooze a31 2h

      crm snooze a31 a32 mon
    """
    here = session(ctx)
    ids, text = logs.ids_and_moment(words)
    until = here.moment(text, spans=True)

    def work(book: Book, ref: int) -> None:
        from crm_cli.services import activities as service

        service.snooze(book, ref, until, now=here.now_utc)

    logs.for_each(
        ctx, "snooze", lambda records, _: outcomes.snoozed(records, until, here.day), ids, work,
        dry_run=dry_run, chosen=output.chosen_format(format_, as_json=as_json),
        remark=logs.Remark(
            lambda record: outcomes.past_due_words(record, here.day), "are snoozed past their due dates"
        ),
    )  # fmt: skip


@app.command("skip")
def skip(ctx: typer.Context, words: Ids, dry_run: DryRun = False, format_: Made = "", as_json: Json = False) -> None:
    """Skip this one of an activity that repeats, and plan the next, from today on.

    The skipped one stays in the book as cancelled.

    Examples:

      crm skip a31

      crm agenda every:weekly due.before:today --format ids | crm skip -
    """
    here = session(ctx)
    followed: list[Followed] = []

    def work(book: Book, ref: int) -> list[int]:
        from crm_cli.services import series

        after = series.skip(book, ref, now=here.now_utc, zone=here.zone)
        followed.append(after)
        return logs.series_next([after])

    logs.for_each(
        ctx, "skip", lambda records, following: outcomes.passed_over(records, following, here.day, followed), words,
        work, dry_run=dry_run, chosen=output.chosen_format(format_, as_json=as_json),
    )  # fmt: skip


@app.command("cancel")
def cancel(
    ctx: typer.Context,
    words: Ids,
    all_: Annotated[bool, typer.Option("--all", help="Of one that repeats, end the series.")] = False,
    dry_run: DryRun = False,
    format_: Made = "",
    as_json: Json = False,
) -> None:
    """Cancel activities; they stay in the book as cancelled.

    One that repeats is cancelled with --all, which ends its series; crm skip cancels only this one.

    Examples:

      crm cancel a31

      crm cancel --all a32
    """
    here = session(ctx)

    def work(book: Book, ref: int) -> None:
        from crm_cli.services import activities, series

        (series.end if all_ else activities.cancel)(book, ref, now=here.now_utc)

    logs.for_each(
        ctx, "cancel", lambda records, _: outcomes.cancelled(records, ended=all_), words, work,
        dry_run=dry_run, chosen=output.chosen_format(format_, as_json=as_json),
    )  # fmt: skip
