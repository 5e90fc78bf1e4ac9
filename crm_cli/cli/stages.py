"""``stage``: the steps of the pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from crm_cli.cli import output
from crm_cli.cli.context import reading, writing
from crm_cli.cli.options import DryRun, Format, Json, Made
from crm_cli.core.deals import Stage, check_probability
from crm_cli.errors import UsageError
from crm_cli.queries import stages as queries
from crm_cli.render import deals as render
from crm_cli.render.tables import Column

if TYPE_CHECKING:
    import sqlite3

app = typer.Typer(no_args_is_help=True, help="Stages of the pipeline: list, add, rename, move, archive.")

Name = Annotated[str, typer.Argument(metavar="STAGE", help="The stage, or the start of its name.")]
Probability = Annotated[
    str, typer.Option("--probability", "-p", metavar="N", help="How likely a deal in it is to be won, in per cent.")
]
UNKNOWN = "unknown"

BESIDE = {"before": 1, "after": 2}
"""Word -> the place that it means beside the first of the other stages."""

COLUMNS: tuple[Column[Stage], ...] = (
    Column("place", lambda row: "" if row.archived else str(row.place), right=True),
    Column("stage", lambda row: row.name, grow=1),
    Column("probability", lambda row: "" if row.probability is None else f"{row.probability}%", right=True),
    Column("deals", lambda row: str(row.deals), right=True),
    Column("state", lambda row: "archived" if row.archived else ""),
)


@app.command("list")
def list_(ctx: typer.Context, format_: Format = "", as_json: Json = False) -> None:
    """List the stages in order, with how many open deals are in each.

    Example:

      crm stage list
    """
    chosen = output.chosen_format(format_, as_json=as_json)
    with reading(ctx) as book:
        rows = queries.every(book.db)
    output.emit(ctx, rows, COLUMNS, chosen=chosen, card=render.stage_card, ref=lambda row: row.name)


@app.command("add")
def add(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The stage's name.")],
    probability: Probability = "",
    before: Annotated[str, typer.Option("--before", metavar="STAGE", help="Put it before this one. [the last]")] = "",
    dry_run: DryRun = False,
    format_: Made = "",
    as_json: Json = False,
) -> None:
    """Add a stage, at the end or before another.

    Examples:

      crm stage add Samples --probability 40 --before proposal

      crm stage add "Waiting for the bank"
    """
    chosen = output.chosen_format(format_, as_json=as_json)
    with writing(ctx, "stage add", dry_run=dry_run) as (book, change):
        from crm_cli.services import stages as service

        place = queries.find(book.db, before).place if before else None
        ref = service.add(book, name, probability=check_probability(probability), place=place)
        stage = next(each for each in queries.every(book.db) if each.id == ref)
    output.emit_change(
        ctx, change, f"Added the stage {stage.name}", chosen=chosen, refs=[stage.name],
        card=lambda: render.stage_card(stage),
    )  # fmt: skip


@app.command("rename")
def rename(
    ctx: typer.Context,
    name: Name,
    new: Annotated[str, typer.Argument(metavar="[NAME]", help="The new name. [unchanged]")] = "",
    probability: Probability = "",
    dry_run: DryRun = False,
    format_: Made = "",
    as_json: Json = False,
) -> None:
    """Give a stage another name, or another probability (-p unknown removes it), or both.

    Examples:

      crm stage rename proposal Quote

      crm stage rename quote --probability 60
    """
    chosen = output.chosen_format(format_, as_json=as_json)
    if not new and not probability:
        raise UsageError("nothing to change", hint="as in: crm stage rename proposal Quote -p 60")
    with writing(ctx, "stage rename", dry_run=dry_run) as (book, change):
        from crm_cli.services import stages as service

        stage = queries.find(book.db, name, archived=True)
        if new:
            service.rename(book, stage, new)
        if probability:
            service.set_probability(book, stage, None if probability == UNKNOWN else check_probability(probability))
        after = next(each for each in queries.every(book.db) if each.id == stage.id)
    odds = f" ({after.probability}%)" if after.probability is not None else ""
    text = f"Renamed the stage {stage.name} to {after.name}{odds}" if new else f"Changed the stage {after.name}{odds}"
    output.emit_change(ctx, change, text, chosen=chosen, refs=[after.name], card=lambda: render.stage_card(after))


@app.command("move")
def move(
    ctx: typer.Context,
    name: Name,
    words: Annotated[list[str], typer.Argument(metavar="PLACE", help="A number, first, last, before or after STAGE.")],
    dry_run: DryRun = False,
    format_: Made = "",
    as_json: Json = False,
) -> None:
    """Move a stage to another position in the pipeline.

    Examples:

      crm stage move samples 2

      crm stage move samples after lead
    """
    chosen = output.chosen_format(format_, as_json=as_json)
    with writing(ctx, "stage move", dry_run=dry_run) as (book, change):
        from crm_cli.services import stages as service

        stage = queries.find(book.db, name)
        service.move(book, stage, _place(book.db, stage, words))
        order = [each.name for each in queries.every(book.db) if not each.archived]
    output.emit_change(
        ctx, change, f"Moved the stage {stage.name}: {' · '.join(order)}", chosen=chosen, refs=[stage.name]
    )


def _place(db: sqlite3.Connection, stage: Stage, words: list[str]) -> int:
    """Parse the new position of a stage: ``2``, ``first``, ``last``, ``before proposal``, ``after lead``."""
    others = [each.id for each in queries.every(db) if each.id != stage.id]
    where, rest = words[0].lower(), " ".join(words[1:])
    if rest:
        place = _place_beside(others, where, queries.find(db, rest).id) if where in BESIDE else 0
    else:
        place = {"first": 1, "last": len(others) + 1}.get(where) or _number(where)
    if not place:
        raise UsageError(f"{' '.join(words)} is not a position", hint="as in: crm stage move samples after lead, or 2")
    return place


def _place_beside(others: list[int], where: str, beside: int) -> int:
    """Return the place before or after another stage, 0 if it is the stage itself."""
    return others.index(beside) + BESIDE[where] if beside in others else 0


def _number(text: str) -> int:
    """Return the place that a number of up to three digits means, 0 for any other text."""
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 4 else 0


@app.command("archive")
def archive(
    ctx: typer.Context,
    name: Name,
    back: Annotated[bool, typer.Option("--back", help="Restore it.")] = False,
    dry_run: DryRun = False,
    format_: Made = "",
    as_json: Json = False,
) -> None:
    """Archive a stage: it leaves the pipeline, but stays in the history of deals. It must not have open deals.

    Examples:

      crm stage archive samples

      crm stage archive samples --back
    """
    chosen = output.chosen_format(format_, as_json=as_json)
    with writing(ctx, "stage archive", dry_run=dry_run) as (book, change):
        from crm_cli.services import stages as service

        stage = queries.find(book.db, name, archived=True)
        (service.bring_back if back else service.archive)(book, stage)
    text = f"Restored the stage {stage.name}" if back else f"Archived the stage {stage.name}"
    output.emit_change(ctx, change, text, chosen=chosen, refs=[stage.name])
