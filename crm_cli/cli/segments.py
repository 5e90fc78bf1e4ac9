"""``segment``: queries saved under a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from crm_cli.cli import output
from crm_cli.cli.context import reading, require_named_book, session, writing
from crm_cli.cli.options import DryRun, Format, Json, Made
from crm_cli.cli.query_words import QueryCommand
from crm_cli.core.query import parser as language
from crm_cli.core.segments import segment_name
from crm_cli.core.text.folding import fold
from crm_cli.errors import QueryError, UsageError
from crm_cli.queries import fields
from crm_cli.queries import segments as queries
from crm_cli.render.tables import Column

if TYPE_CHECKING:
    import sqlite3

app = typer.Typer(no_args_is_help=True, help="Saved queries: save, list, rm.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="The segment's name; queries write it with an @.")]

COLUMNS: tuple[Column[queries.Segment], ...] = (
    Column("segment", lambda row: f"@{row.name}"),
    Column("query", lambda row: row.query, grow=1, least=20),
)


@app.command("save", cls=QueryCommand)
def save(
    ctx: typer.Context,
    name: Name,
    words: Annotated[list[str], typer.Argument(metavar="QUERY...", help="Terms like city:pune.")],
    dry_run: DryRun = False,
    format_: Made = "",
    as_json: Json = False,
) -> None:
    """Save a query, for use as @NAME in other queries; it replaces a segment of the same name.

    Days like this-month and 30d are computed each time it is used.

    Examples:

      crm segment save neglected tag:client quiet:60d

      crm list @neglected city:pune
    """
    chosen = output.chosen_format(format_, as_json=as_json)
    text, kept = language.join_args(words), segment_name(name)
    with writing(ctx, "segment save", dry_run=dry_run) as (book, change):
        from crm_cli.services import segments as service

        known = queries.texts(book.db)
        _check(ctx, book.db, text, {**known, fold(kept): text})
        service.save(book, kept, text)
    verb = "Replaced" if fold(kept) in known else "Saved"
    output.emit_change(
        ctx, change, f"{verb} @{kept}: {text}", chosen=chosen, refs=[f"@{kept}"],
        card=lambda: queries.Segment(kept, text)._asdict(),
    )  # fmt: skip


def _check(ctx: typer.Context, db: sqlite3.Connection, text: str, known: dict[str, str]) -> None:
    """Refuse a query that is valid neither for people nor for deals."""
    if not text.strip():
        raise UsageError("which query?", hint="as in: crm segment save neglected tag:client quiet:60d")
    custom = fields.types(db)
    refused: QueryError | None = None
    for ours in (language.FIELDS, language.DEAL_FIELDS):
        try:
            language.parse(text, today=session(ctx).today, fields=language.with_custom(custom, ours), segments=known)
        except QueryError as error:
            refused = refused or error
        else:
            return
    if refused:
        raise refused


@app.command("list")
def list_(ctx: typer.Context, format_: Format = "", as_json: Json = False) -> None:
    """List the saved queries.

    Example:

      crm segment list
    """
    chosen = output.chosen_format(format_, as_json=as_json)
    with reading(ctx) as book:
        rows = queries.every(book.db)
    output.emit(ctx, rows, COLUMNS, chosen=chosen, card=lambda row: row._asdict(), ref=lambda row: f"@{row.name}")
    if not rows:
        output.notify(ctx, "no query was saved; crm segment save NAME QUERY saves one")


@app.command("rm")
def rm(ctx: typer.Context, name: Name, dry_run: DryRun = False, format_: Made = "", as_json: Json = False) -> None:
    """Remove a saved query.

    Example:

      crm segment rm neglected
    """
    chosen = output.chosen_format(format_, as_json=as_json)
    require_named_book(ctx)
    with writing(ctx, "segment rm", dry_run=dry_run) as (book, change):
        from crm_cli.services import segments as service

        service.remove(book, name)
    kept = segment_name(name)
    output.emit_change(ctx, change, f"Removed @{kept}", chosen=chosen, refs=[f"@{kept}"])
