"""``field``: built-in fields and the user's own."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import typer

from crm_cli.cli import output, terminal
from crm_cli.cli.context import reading, writing
from crm_cli.cli.options import DryRun, Format, Json, Made, Name, Yes
from crm_cli.core.fields import CONTACT_FIELDS
from crm_cli.queries import fields as queries
from crm_cli.render.tables import Column
from crm_cli.render.words import counted

app = typer.Typer(no_args_is_help=True, help="Your own fields: add, list, rm.")


class FieldRow(NamedTuple):
    """A line of ``field list``."""

    name: str
    type: str
    meaning: str
    example: str


COLUMNS: tuple[Column[FieldRow], ...] = (
    Column("name", lambda row: row.name),
    Column("type", lambda row: row.type),
    Column("meaning", lambda row: row.meaning, grow=1, least=20),
    Column("example", lambda row: row.example, grow=2, least=20),
)


@app.command("list")
def list_(ctx: typer.Context, format_: Format = "", as_json: Json = False) -> None:
    """List all fields that assignments and queries know, your own among them.

    Example:

      crm field list
    """
    chosen = output.chosen_format(format_, as_json=as_json)
    with reading(ctx) as book:
        own = queries.own(book.db)
    rows = [FieldRow(field.name, field.kind, field.meaning, field.example) for field in CONTACT_FIELDS]
    for field in own:
        meaning = f"your own: {field.label}" + (f" ({', '.join(field.choices)})" if field.choices else "")
        rows.append(FieldRow(field.name, field.type, f"{meaning}, {field.filled} filled", f"{field.name}=…"))
    output.emit(ctx, rows, COLUMNS, chosen=chosen, card=lambda row: row._asdict(), ref=lambda row: row.name)


@app.command("add")
def add(
    ctx: typer.Context,
    name: Name,
    type_: Annotated[str, typer.Option("--type", metavar="TYPE", help="text, number, date, yesno or choice.")] = "text",
    choices: Annotated[
        str, typer.Option("--choices", metavar="VALUES", help="For a choice: separated by commas.")
    ] = "",
    dry_run: DryRun = False,
    format_: Made = "",
    as_json: Json = False,
) -> None:
    """Add a custom field; its values are checked against its type.

    Examples:

      crm field add renewal --type date

      crm field add size --type choice --choices small,medium,large
    """
    chosen = output.chosen_format(format_, as_json=as_json)
    with writing(ctx, "field add", dry_run=dry_run) as (book, change):
        from crm_cli.services import fields as service

        listed = tuple(choice.strip() for choice in choices.split(",") if choice.strip())
        service.add(book, name, type_=type_, choices=listed)
    key = queries.key_of(name)
    output.emit_change(ctx, change, f"Added the field {key} ({type_})", chosen=chosen, refs=[key])


@app.command("rm")
def rm(
    ctx: typer.Context,
    name: Name,
    dry_run: DryRun = False,
    yes: Yes = False,
    format_: Made = "",
    as_json: Json = False,
) -> None:
    """Remove a custom field, with its values (undo restores them).

    Example:

      crm field rm renewal
    """
    chosen = output.chosen_format(format_, as_json=as_json)
    name = queries.key_of(name)
    with reading(ctx) as book:
        filled = sum(field.filled for field in queries.own(book.db) if field.name == name)
    if filled and not yes and not dry_run:
        terminal.confirm(ctx, f"Remove the field {name} and {counted(filled, 'value')}?")
    with writing(ctx, "field rm", dry_run=dry_run) as (book, change):
        from crm_cli.services import fields as service

        service.remove(book, name)
    output.emit_change(
        ctx, change, f"Removed the field {name} and {counted(filled, 'value')}", chosen=chosen, refs=[name]
    )
