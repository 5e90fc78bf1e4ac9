"""``field``: built-in fields and the user's own."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import typer

from crm_cli.cli import output, terminal
from crm_cli.cli.context import reading, writing
from crm_cli.cli.options import DryRun, Format, Json, Made, Name, Yes
from crm_cli.core.fields import CONTACT_FIELDS
from crm_cli.errors import UsageError
from crm_cli.queries import fields as queries
from crm_cli.render.tables import Column
from crm_cli.render.words import counted

app = typer.Typer(no_args_is_help=True, help="Your own fields: add, edit, list, rm.")


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


Type = Annotated[str, typer.Option("--type", metavar="TYPE", help="text, number, date, yesno or choice.")]
Choices = Annotated[str, typer.Option("--choices", metavar="VALUES", help="For a choice: separated by commas.")]


@app.command("add")
def add(
    ctx: typer.Context,
    name: Name,
    type_: Type = "text",
    choices: Choices = "",
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

        service.add(book, name, type_=type_, choices=_listed(choices))
    key = queries.key_of(name)
    output.emit_change(ctx, change, f"Added the field {key} ({type_})", chosen=chosen, refs=[key])


def _listed(choices: str) -> tuple[str, ...]:
    return tuple(choice.strip() for choice in choices.split(",") if choice.strip())


@app.command("edit")
def edit(
    ctx: typer.Context,
    name: Name,
    type_: Type = "",
    choices: Choices = "",
    dry_run: DryRun = False,
    format_: Made = "",
    as_json: Json = False,
) -> None:
    """Change the type of a custom field, or its choices. All its values must fit; they are written in the new form.

    An import chooses the type of a new field by the values in the file.

    Examples:

      crm field edit rating --type text

      crm field edit size --choices small,medium,large,huge
    """
    chosen = output.chosen_format(format_, as_json=as_json)
    wanted = type_ or ("choice" if choices else "")
    if not wanted:
        raise UsageError("nothing to change", hint="as in: crm field edit rating --type text")
    key = queries.key_of(name)
    with writing(ctx, "field edit", dry_run=dry_run) as (book, change):
        from crm_cli.services import fields as service

        changed = service.change(book, name, type_=wanted, choices=_listed(choices))
    rewritten = f", {counted(changed, 'value')} rewritten" if changed else ""
    output.emit_change(ctx, change, f"Changed the field {key} to {wanted}{rewritten}", chosen=chosen, refs=[key])


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
