"""``crm today``, ``agenda`` and ``history``: lists of activities, planned and done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from crm_cli.cli.context import reading, session
from crm_cli.cli.options import HELP, Columns, Format, Json, Limit, Query
from crm_cli.cli.output import (
    chosen_format,
    emit,
    notify,
    positions,
    say_columns,
    say_json,
    say_lines,
    terminal_width,
)
from crm_cli.cli.query_words import QueryCommand, condition
from crm_cli.core.kinds import DEAL
from crm_cli.core.sections import SECTIONS
from crm_cli.errors import AmbiguousError, UsageError
from crm_cli.queries import agenda as queries
from crm_cli.render import agenda as render
from crm_cli.render import tables

if TYPE_CHECKING:
    import sqlite3

    from crm_cli.core.daily import Activity
    from crm_cli.queries.agenda import Agenda
    from crm_cli.queries.refs import Candidate

app = typer.Typer(rich_markup_mode=None)

SHOWN = 15
"""How many lines of a section ``today`` and ``digest`` show; ``agenda`` shows them all."""

Days = Annotated[int, typer.Option("--days", metavar="N", min=0, max=3660, help="How many days to look ahead.")]

TODAY_HELP = """What is overdue, due today and coming, which deals want attention, and whose birthday it is.

\b
  crm today                 the day, and the week to come
  crm today --days 1        today and tomorrow
  crm done a31              when something is done
  crm move a31 fri          when it has to wait
  crm today --json          for a status bar

Snoozed activities are hidden until their time. A ! marks high priority. A deal is listed when it is expected to close
soon, should have closed, or has no next step. An activity whose reminder has come is listed, whenever it is due.
"""
AGENDA_HELP = """List open activities, by a query; the same language as crm list.

\b
  crm agenda                             all that is open for the next 30 days
  crm agenda city:pune --days 90         with people in Pune
  crm agenda promise:owe tag:client      what you owe to clients
  crm agenda --only overdue,undated      what was forgotten
  crm agenda kind:call --format ids | crm move - tomorrow

Sections: {sections}. An activity whose reminder has come is in reminders until it is due.
""".format(sections=", ".join(SECTIONS))
HISTORY_HELP = """List what was done, newest first: with a person or a company, or by a query.

\b
  crm history                            the last 20
  crm history asha                       with Asha (or id, e-mail, phone)
  crm history c4                         with a company; d7: about a deal
  crm history kind:call when:this-week   this week's calls
  crm history discount --limit 0         that mentions a discount
"""
Only = Annotated[str, typer.Option("--only", metavar="SECTIONS", help="Only these sections, separated by commas.")]


def day_ahead(ctx: typer.Context, days: int) -> queries.Day:
    """Return the day of the agenda, with the days ahead."""
    return session(ctx).day._replace(days=days)


@app.command("today", help=TODAY_HELP)
def today(ctx: typer.Context, days: Days = 7, form: Format = "", json: Json = False) -> None:
    """Show what is overdue, due today and coming, and whose birthday it is."""
    chosen, day = chosen_format(form, as_json=json), day_ahead(ctx, days)
    with reading(ctx) as book:
        found = queries.read(book.db, day, limit=SHOWN if chosen == "table" else 0)
    _show(ctx, found, day, chosen)


@app.command("agenda", help=AGENDA_HELP, cls=QueryCommand)
def agenda(
    ctx: typer.Context,
    *,
    query: Query = None,
    days: Days = 30,
    only: Only = "",
    form: Format = "",
    json: Json = False,
) -> None:
    """Show what is to be done, by a query."""
    chosen, day = chosen_format(form, as_json=json), day_ahead(ctx, days)
    asked = sections(only)
    with reading(ctx) as book:
        where = condition(ctx, book.db, query, "activity")
        people = condition(ctx, book.db, query, "contact")
        deals = condition(ctx, book.db, query, "deal")
        found = queries.read(book.db, day, asked, where=where, people=people, deals=deals)
    _show(ctx, found, day, chosen)


def sections(only: str, known: tuple[str, ...] = SECTIONS) -> tuple[str, ...]:
    """Return the sections of ``overdue,due`` in the order of the agenda; all of ``known`` if none is named."""
    asked = [name.strip() for name in only.split(",") if name.strip()] or known
    for name in asked:
        if name not in known:
            raise UsageError(f"there is no section {name}", hint="sections: " + ", ".join(known))
    return tuple(name for name in known if name in asked)


def _show(ctx: typer.Context, found: Agenda, day: queries.Day, chosen: str) -> None:
    if chosen == "json":
        say_json(render.card(found, day))
    elif chosen == "jsonl":
        _say_json_lines(render.card(found, day))
    elif chosen == "table":
        lines = render.text(found, day, width=terminal_width(), placed=bool(positions()))
        say_lines(lines, colored=session(ctx).colored)
    else:
        listed = [entry for entry in render.entries(found, day) if chosen != "ids" or _is_planned(entry)]
        emit(ctx, listed, render.ROW, chosen=chosen, card=lambda _: None, ref=lambda entry: entry.ref)
    if not any(found.sections.values()):
        notify(ctx, "nothing to do")
    if found.snoozed and chosen == "table":
        notify(ctx, f"{found.snoozed} snoozed")


def _is_planned(entry: render.Entry) -> bool:
    """Is this the line of an activity? What was not delivered only names one, which is in another section."""
    return entry.ref.startswith("a") and entry.section != "failed"


def _say_json_lines(sections: dict[str, Any]) -> None:
    """Write each entry as a line of JSON that names its section."""
    for name, entries in sections.items():
        if name != "snoozed":  # a number, not a list
            for entry in entries:
                say_json({"section": name, **entry}, chosen="jsonl")


@app.command("history", help=HISTORY_HELP, cls=QueryCommand)
def history(
    ctx: typer.Context,
    *,
    words: Annotated[list[str] | None, typer.Argument(metavar="[REF | QUERY]...", help="Whose, or which.")] = None,
    limit: Limit = 20,
    columns: Columns = "",
    form: Format = "",
    json: Json = False,
) -> None:
    """Show what was done, the newest first."""
    from crm_cli.render import activities, cards

    here, chosen = session(ctx), chosen_format(form, as_json=json)
    known = activities.columns(here.today, here.zone, spoken=chosen == "table")
    if columns == HELP:
        say_columns(known)
        return
    picked = tables.pick(known, columns, activities.HISTORY)
    with reading(ctx) as book:
        found = _done(ctx, book.db, words or [], limit)
    emit(
        ctx,
        found,
        picked,
        chosen=chosen,
        card=lambda one: cards.activity(one, here.zone, here.now_utc),
        ref=lambda one: f"a{one.id}",
        named=columns,
        empty="nothing was logged",
    )


def _done(ctx: typer.Context, db: sqlite3.Connection, words: list[str], limit: int) -> list[Activity]:
    from crm_cli.cli.terminal import last_shown
    from crm_cli.queries import history as done

    text = last_shown() if words == ["."] else " ".join(words)
    found = _record(ctx, db, text)
    if found:
        return done.of(db, found.kind, found.id, limit=limit)
    where, params = condition(ctx, db, words, "activity") or ("1", ())
    return done.read(db, where, params, limit=limit)


def _record(ctx: typer.Context, db: sqlite3.Connection, text: str) -> Candidate | None:
    """Return the record that the text means as a REF, or None if it is a query. Raises AmbiguousError."""
    from crm_cli.queries import refs

    if not text or any(sign in text for sign in ':"('):
        return None
    kinds = ("deal",) if refs.is_id(text) and refs.kind_of(text) is DEAL else ("contact", "company")
    found = refs.resolve(db, text, kinds=kinds, region=session(ctx).region)
    if len(found) > 1:
        lines = tuple(f"{one.ref}  {one.line}" for one in found[:SHOWN])
        raise AmbiguousError(f"{text} matches {len(found)} records; give the id of one", candidates=lines)
    return found[0] if found else None
