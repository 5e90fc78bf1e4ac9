"""``deal``: opportunities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from crm_cli.cli import linked_words, logs, output, refs, terminal
from crm_cli.cli.context import reading, session, writing
from crm_cli.cli.logs import Next, With
from crm_cli.cli.options import HELP, Columns, DryRun, Facts, Format, Json, Limit, Made, Query, Text, When
from crm_cli.cli.query_words import QueryCommand
from crm_cli.core.query.parser import DEAL_FIELDS
from crm_cli.queries import activities, pipeline
from crm_cli.queries import deals as queries
from crm_cli.render import deals as render
from crm_cli.render import outcomes, tables

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from crm_cli.book.book import Book
    from crm_cli.core.daily import Deal

app = typer.Typer(no_args_is_help=True, help="Deals: add, list, show, edit, move, win, lose, reopen, board.")

RECENT = 30
"""How many days back the board shows what was won and lost."""

Title = Annotated[
    list[str],
    typer.Argument(metavar="TITLE [FIELD=VALUE]...", help="The title, then field values."),
]
Edited = Annotated[list[str], typer.Argument(metavar="DEAL [FIELD=VALUE]...", help="The deal, then the changes.")]
Which = Annotated[list[str], typer.Argument(metavar="DEAL", help="An id like d7, or words of the title.")]
Several = Annotated[
    list[str], typer.Argument(metavar="DEAL...", help="Ids like d7, or titles, each in quotes; - reads a pipe.")
]
Sort = Annotated[
    str, typer.Option("--sort", metavar="ORDER", help=f"{', '.join(pipeline.SORTS)}; -amount reverses it. [close]")
]
All = Annotated[bool, typer.Option("--all", "-a", help="Won and lost ones too.")]
Reason = Text


@app.command("add", cls=QueryCommand)
def add(
    ctx: typer.Context,
    words: Title,
    with_: With = None,
    next_: Next = None,
    dry_run: DryRun = False,
    format_: Made = "",
    as_json: Json = False,
) -> None:
    """Add a deal. It starts in the first stage unless stage= names another.

    Fields: amount, stage, close, probability, company, source, notes. Its company is that of its first
    person unless company= names another.

    Examples:

      crm deal add "Tea tins" --with priya amount="50k INR" close="15 dec" --next "fri: send the quote"

      crm deal add Carton boxes company=Globex amount=99.95EUR stage=proposal probability=60
    """
    chosen, here = output.chosen_format(format_, as_json=as_json), session(ctx)
    steps = logs.next_steps(next_ or (), here)
    with reading(ctx, will_write=True) as book:
        free, edits = linked_words.parse(ctx, book.db, words, linked_words.DEAL)
        links = logs.links_from(ctx, book, with_ or [])
    with writing(ctx, "deal add", dry_run=dry_run) as (book, change):
        from crm_cli.services import activities as plans
        from crm_cli.services import deals as service

        ref = service.add(book, " ".join(free), edits, links, now=here.now_utc, reading=here.reading)
        planned = plans.plan_next(book, steps, logs.links_of_deal(book, ref), None, now=here.now_utc)
        record = queries.get(book.db, ref)
        following = activities.load(book.db, planned)
    message = outcomes.added(render.changed_words(record, here.locale), following, here.day)
    output.emit_change(
        ctx, change, message, chosen=chosen, refs=[f"d{ref}", *(f"a{step}" for step in planned)],
        card=lambda: render.card(record, here.zone, here.now_utc),
    )  # fmt: skip
    if record.amount is None and (amount := linked_words.amount_in(free)):
        output.notify(ctx, f"note: {amount} in the title is not an amount; crm deal edit d{ref} amount={amount}")


@app.command("list", cls=QueryCommand)
def list_(
    ctx: typer.Context,
    words: Query = None,
    all_: All = False,
    sort: Sort = "close",
    columns: Columns = "",
    limit: Limit = 0,
    format_: Format = "",
    as_json: Json = False,
) -> None:
    """List the open deals, by a query; with --all, or if the query names a status, won and lost ones too.

    Here stage:, amount:, close: and status: are those of the deal.

    Examples:

      crm deal list stage:proposal amount.min:50k

      crm deal list close.within:30d no:next

      crm deal list status:won closed:this-month --sort -amount --format csv
    """
    here, chosen = session(ctx), output.chosen_format(format_, as_json=as_json)
    spoken = chosen == "table"
    known = render.columns(here.today, here.zone, here.locale, here.now_utc, spoken=spoken)
    if columns == HELP:
        output.say_columns(known)
        return
    picked = tables.pick(known, columns, render.SHOWN if spoken else render.EXACT)
    with reading(ctx) as book:
        where, params = _where(ctx, book.db, words or [], all_=all_)
        rows = queries.load(book.db, pipeline.ids(book.db, where, params, sort=sort, limit=limit))
    output.emit(
        ctx, rows, picked, chosen=chosen, card=lambda row: render.card(row, here.zone, here.now_utc),
        ref=lambda row: f"d{row.id}",
        named=columns, empty="no deals match" if words else "no open deals (crm deal add TITLE)",
    )  # fmt: skip
    if spoken and rows:
        from crm_cli.core.deals import total

        summary = render.total_words if any(row.status == "open" for row in rows) else render.closed_words
        output.notify(ctx, str(summary(total(rows), here.locale)))


def _where(
    ctx: typer.Context, db: sqlite3.Connection, words: Sequence[str], *, all_: bool
) -> tuple[str, Sequence[object]]:
    """Return the condition of a query; without a term for the status it is limited to open deals."""
    only_open = "1" if all_ else "d.status = 'open'"
    if not words:
        return only_open, ()
    from crm_cli.queries.filters import compiler as filters

    here = session(ctx)
    where, params, asked = filters.asked(db, words, "deal", now=here.now, zone=here.zone, fields=DEAL_FIELDS)
    if {"deal.status", "deal.closed", "deal.reason", "id", "uid"} & asked:
        only_open = "1"
    return f"({where}) AND {only_open}", params


@app.command("show")
def show(ctx: typer.Context, words: Which, format_: Facts = "", as_json: Json = False) -> None:
    """Show a deal: its stage, its people, what comes next, and the stages it has been in.

    Example:

      crm deal show d7
    """
    chosen = output.chosen_format(format_, as_json=as_json, known=("text", "json"))
    with reading(ctx) as book:
        show_one(ctx, book.db, refs.deal(ctx, book.db, " ".join(words)).id, chosen)


def show_one(ctx: typer.Context, db: sqlite3.Connection, deal_id: int, chosen: str) -> None:
    """Print one deal as text or JSON."""
    here = session(ctx)
    record, went = queries.get(db, deal_id), pipeline.stages_of(db, deal_id)
    done, to_do = (
        activities.load(db, activities.ids_of(db, "deal", deal_id, status=status)) for status in ("done", "open")
    )
    terminal.remember(f"d{deal_id}")
    if chosen == "json":
        from crm_cli.render import cards

        card = render.card(record, here.zone, here.now_utc)
        card["stages"] = [render.change_card(each, here.zone, here.now_utc) for each in went]
        card["agenda"] = [cards.activity(each, here.zone, here.now_utc) for each in to_do]
        card["history"] = [cards.activity(each, here.zone, here.now_utc) for each in done]
        output.say_json(card)
        return
    lines = render.briefing(record, went, done, to_do, output.board_view(ctx), now=here.now_utc)
    output.say_lines(lines, colored=here.colored)


@app.command("edit", cls=QueryCommand)
def edit(ctx: typer.Context, words: Edited, dry_run: DryRun = False, format_: Made = "", as_json: Json = False) -> None:
    """Change a deal: by assignments, or (with none) in your editor.

    Examples:

      crm deal edit d7 amount="1.2m INR" close="end of month" with+=ravi

      crm deal edit "tea tins" probability= notes+="wants samples first"
    """
    chosen, here = output.chosen_format(format_, as_json=as_json), session(ctx)
    with reading(ctx) as book:
        free, edits = linked_words.parse(ctx, book.db, words, linked_words.DEAL)
        found = refs.deal(ctx, book.db, " ".join(free))
        revision = None
        if not edits:
            from crm_cli.cli.editor import edit_deal

            record = queries.get(book.db, found.id)
            revision = record.revision
            edits = edit_deal(ctx, book.db, record)
    with writing(ctx, "deal edit", dry_run=dry_run) as (book, change):
        from crm_cli.services import deals as service

        service.edit(book, found.id, edits, now=here.now_utc, reading=here.reading, revision=revision)
        record = queries.get(book.db, found.id)
    output.emit_change(
        ctx, change, outcomes.changed(render.changed_words(record, here.locale)), chosen=chosen, refs=[found.ref],
        card=lambda: render.card(record, here.zone, here.now_utc),
    )  # fmt: skip


@app.command("move")
def move(
    ctx: typer.Context,
    deal: Annotated[str, typer.Argument(metavar="DEAL", help="An id like d7, or the title; - reads ids from a pipe.")],
    words: Annotated[list[str], typer.Argument(metavar="STAGE", help="The stage, or the start of its name.")],
    dry_run: DryRun = False,
    format_: Made = "",
    as_json: Json = False,
) -> None:
    """Move a deal to another stage.

    Examples:

      crm deal move d7 negotiation

      crm deal list stage:lead close.within:14d --format ids | crm deal move - qual
    """
    from crm_cli.queries import stages

    stage = " ".join(words)

    def work(book: Book, ref: int) -> None:
        from crm_cli.services import deals as service

        service.move(book, ref, stage, now=session(ctx).now_utc)

    with reading(ctx) as book:
        stages.find(book.db, stage)  # an unknown stage is refused before the book is locked
    _each(
        ctx, "deal move", [deal], work, outcomes.deals_moved, dry_run=dry_run,
        chosen=output.chosen_format(format_, as_json=as_json),
    )  # fmt: skip


@app.command("win")
def win(
    ctx: typer.Context,
    words: Several,
    message: Reason = "",
    when_: When = "",
    dry_run: DryRun = False,
    format_: Made = "",
    as_json: Json = False,
) -> None:
    """Win deals; -m says why.

    Example:

      crm deal win d7 -m "The samples convinced them"
    """
    _end(ctx, "win", words, message, when_, dry_run=dry_run, chosen=output.chosen_format(format_, as_json=as_json))


@app.command("lose")
def lose(
    ctx: typer.Context,
    words: Several,
    message: Reason = "",
    when_: When = "",
    dry_run: DryRun = False,
    format_: Made = "",
    as_json: Json = False,
) -> None:
    """Lose deals; -m says why. They stay in the book.

    Example:

      crm deal lose d7 -m "Too dear" --when yesterday
    """
    _end(ctx, "lose", words, message, when_, dry_run=dry_run, chosen=output.chosen_format(format_, as_json=as_json))


def _end(
    ctx: typer.Context, verb: str, words: Sequence[str], message: str, when_: str, *, dry_run: bool, chosen: str
) -> None:
    here = session(ctx)
    terminal.check_one_stdin(words, message)
    at, reason = logs.happened(when_, here), terminal.given_text(ctx, message, edit=False)

    def work(book: Book, ref: int) -> None:
        from crm_cli.services import deals as service

        (service.win if verb == "win" else service.lose)(book, ref, now=here.now_utc, at=at, reason=reason)

    _each(ctx, f"deal {verb}", words, work, outcomes.deals_closed, dry_run=dry_run, chosen=chosen)


@app.command("reopen")
def reopen(
    ctx: typer.Context, words: Several, dry_run: DryRun = False, format_: Made = "", as_json: Json = False
) -> None:
    """Reopen deals that were won or lost, in the stage they were in.

    Example:

      crm deal reopen d7
    """

    def work(book: Book, ref: int) -> None:
        from crm_cli.services import deals as service

        service.reopen(book, ref, now=session(ctx).now_utc)

    _each(
        ctx, "deal reopen", words, work, outcomes.deals_reopened, dry_run=dry_run,
        chosen=output.chosen_format(format_, as_json=as_json),
    )  # fmt: skip


def _each(
    ctx: typer.Context,
    verb: str,
    words: Sequence[str],
    work: Callable[[Book, int], None],
    describe: Callable[[Sequence[Deal]], str],
    *,
    dry_run: bool,
    chosen: str,
) -> None:
    """Apply ``work`` to several deals in one change, and report it."""
    with reading(ctx) as book:
        found = refs.deals(ctx, book.db, words)
    if not found:
        return
    with writing(ctx, verb, dry_run=dry_run) as (book, change):
        for each in found:
            work(book, each.id)
        records = queries.load(book.db, [each.id for each in found])
    output.emit_change(
        ctx, change, describe(records), chosen=chosen, refs=[each.ref for each in found],
        card=lambda: [render.card(record, session(ctx).zone, session(ctx).now_utc) for record in records],
    )  # fmt: skip
    if still := render.open_steps_words(records):
        output.notify(ctx, f"note: {still}")


@app.command("board", cls=QueryCommand)
def board(
    ctx: typer.Context, words: Query = None, limit: Limit = 0, format_: Format = "", as_json: Json = False
) -> None:
    """Show the pipeline: its stages side by side, with counts, totals and weighted totals per currency.

    On a narrow terminal the stages are listed one below the other.

    Examples:

      crm deal board

      crm deal board city:pune --limit 5
    """
    from crm_cli.core.instants import due_utc
    from crm_cli.render import board as drawn

    here, chosen = session(ctx), output.chosen_format(format_, as_json=as_json)
    since = due_utc(logs.days_before(here.today, RECENT), "00:00", here.zone)
    with reading(ctx) as book:
        where, params = _where(ctx, book.db, words or [], all_=True)
        found = pipeline.board(book.db, since=since, where=where, params=params)
    if chosen == "json":
        output.say_json(render.board_card(found, here.zone, here.now_utc))
    elif chosen == "jsonl":
        for lane in found.lanes:
            output.say_json(render.lane_card(lane, here.zone, here.now_utc), chosen="jsonl")
    elif chosen == "table":
        output.say_lines(drawn.text(found, output.board_view(ctx, limit=limit)), colored=here.colored)
    else:
        columns = render.columns(here.today, here.zone, here.locale, here.now_utc, spoken=False)
        output.emit(
            ctx, [deal for lane in found.lanes for deal in lane.deals], tables.pick(columns, "", render.EXACT),
            chosen=chosen, card=lambda row: row, ref=lambda row: f"d{row.id}",
        )  # fmt: skip
