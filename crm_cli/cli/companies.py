"""``company``: organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from crm_cli.cli import output, refs
from crm_cli.cli.assignments import parse
from crm_cli.cli.contacts import edit as edit_any
from crm_cli.cli.contacts import rm as remove_any
from crm_cli.cli.contacts import show as show_any
from crm_cli.cli.context import reading, session, writing
from crm_cli.cli.options import (
    HELP,
    Columns,
    DryRun,
    Edited,
    Facts,
    Format,
    Json,
    Limit,
    Made,
    New,
    Query,
    Ref,
    Refs,
    Yes,
)
from crm_cli.cli.query_words import QueryCommand, condition
from crm_cli.core.text.folding import sort_key
from crm_cli.queries import companies as queries
from crm_cli.render import cards, outcomes
from crm_cli.render.tables import Column, pick

if TYPE_CHECKING:
    from crm_cli.core.records import Company

COLUMNS: tuple[Column[Company], ...] = (
    Column("id", lambda row: f"c{row.id}", right=True),
    Column("name", lambda row: row.name, grow=1, least=16),
    Column("people", lambda row: str(len(row.people)), right=True),
    Column("email", lambda row: _first(row, "email"), grow=1, least=16),
    Column("phone", lambda row: _first(row, "phone")),
    Column("url", lambda row: _first(row, "url"), grow=2, least=10),
    Column(
        "city", lambda row: next((place.locality for place in row.addresses if place.locality), ""), grow=2, least=8
    ),
    Column("tags", lambda row: ",".join(row.tags), grow=3, least=8),
)
"""The columns of a list of companies."""

DEFAULT = ("id", "name", "people", "email", "phone", "city", "tags")


def _first(company: Company, kind: str) -> str:
    return next((point.value for point in company.points if point.kind == kind and point.state == "current"), "")


Sort = Annotated[
    str, typer.Option("--sort", metavar="ORDER", help=f"{', '.join(queries.SORTS)}; -name reverses it. [name]")
]

app = typer.Typer(no_args_is_help=True, help="Companies: add, list, show, edit, rm.")


@app.command("add", cls=QueryCommand)
def add(
    ctx: typer.Context,
    words: New,
    dry_run: DryRun = False,
    format_: Made = "",
    as_json: Json = False,
) -> None:
    """Add a company. (A person's company is created when it is first named.)

    Example:

      crm company add Globex Ltd url=https://globex.example city=Pune +supplier
    """
    chosen = output.chosen_format(format_, as_json=as_json)
    here = session(ctx)
    with writing(ctx, "company add", dry_run=dry_run) as (book, change):
        from crm_cli.services import companies as service

        free, edits = parse(book.db, words, company=True)
        name = " ".join(free)
        twins = queries.by_name(book.db, sort_key(name))
        ref = service.add(book, name, edits, now=here.now_utc, region=here.region)
        card = cards.company(queries.get(book.db, ref), here.zone, here.now_utc)
    message = outcomes.added(f"c{ref} {card['name']}")
    output.emit_change(ctx, change, message, chosen=chosen, refs=[f"c{ref}"], card=lambda: card)
    if twins:
        output.notify(ctx, f"note: {len(twins)} of that name before: {', '.join(f'c{twin}' for twin in twins[:5])}")


@app.command("list", cls=QueryCommand)
def list_(
    ctx: typer.Context,
    words: Query = None,
    sort: Sort = "name",
    columns: Columns = "",
    limit: Limit = 0,
    format_: Format = "",
    as_json: Json = False,
) -> None:
    """List companies by a query.

    Examples:

      crm company list city:pune

      crm company list tag:supplier --sort -people --json
    """
    here, chosen = session(ctx), output.chosen_format(format_, as_json=as_json)
    if columns == HELP:
        output.say_columns(COLUMNS)
        return
    picked = pick(COLUMNS, columns, DEFAULT)
    with reading(ctx) as book:
        where = condition(ctx, book.db, words, "company") or ("1", ())
        rows = queries.load(book.db, queries.ids(book.db, *where, sort=sort, limit=limit))
    output.emit(
        ctx,
        rows,
        picked,
        chosen=chosen,
        card=lambda row: cards.company(row, here.zone, here.now_utc),
        ref=lambda row: f"c{row.id}",
        named=columns,
        empty="no companies match" if words else "no companies yet (crm company add NAME)",
    )


@app.command("show")
def show(
    ctx: typer.Context,
    words: Ref,
    format_: Facts = "",
    as_json: Json = False,
) -> None:
    """Show a company: its people, what comes next, what was said.

    Example:

      crm company show globex
    """
    show_any(ctx, [_one(ctx, words)], all_=False, format_=format_, as_json=as_json)


@app.command("edit", cls=QueryCommand)
def edit(
    ctx: typer.Context,
    words: Edited,
    dry_run: DryRun = False,
    format_: Made = "",
    as_json: Json = False,
) -> None:
    """Change a company: by assignments, or (with none) in your editor.

    Example:

      crm company edit globex city=Mumbai +supplier
    """
    with reading(ctx) as book:
        free, _ = parse(book.db, words, company=True)
    ref = _one(ctx, free)
    rest = [word for word in words if word not in free]
    edit_any(ctx, [ref, *rest], dry_run=dry_run, format_=format_, as_json=as_json)


@app.command("rm")
def rm(
    ctx: typer.Context,
    words: Refs,
    dry_run: DryRun = False,
    yes: Yes = False,
    format_: Made = "",
    as_json: Json = False,
) -> None:
    """Remove companies; their people stay (undo restores them).

    Example:

      crm company rm c4
    """
    with reading(ctx) as book:
        found = [refs.pick(ctx, book.db, word, ("company",)).ref for word in words]
    remove_any(ctx, found, dry_run=dry_run, yes=yes, format_=format_, as_json=as_json)


def _one(ctx: typer.Context, words: list[str]) -> str:
    with reading(ctx) as book:
        return refs.pick(ctx, book.db, " ".join(words), ("company",)).ref
