"""``tag``: add and remove tags, and list them."""

from __future__ import annotations

from typing import Annotated

import typer

from crm_cli.cli import output, refs, terminal
from crm_cli.cli.context import reading, session, writing
from crm_cli.cli.options import DryRun, Format, Json
from crm_cli.cli.query_words import QueryCommand
from crm_cli.core.phones import looks_like_phone
from crm_cli.errors import UsageError
from crm_cli.queries import tags as queries
from crm_cli.render import outcomes
from crm_cli.render.tables import Column

app = typer.Typer()

COLUMNS: tuple[Column[queries.TagCount], ...] = (
    Column("tag", lambda row: row.name, grow=1),
    Column("people", lambda row: str(row.people), right=True),
    Column("companies", lambda row: str(row.companies), right=True),
)


@app.command("tag", cls=QueryCommand)
def tag(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[REF]... [+TAG]... [-TAG]...", help="Who, then the tags to add or remove."),
    ] = None,
    dry_run: DryRun = False,
    format_: Format = "",
    as_json: Json = False,
) -> None:
    """Add tags to people and companies (+tag), or remove them (-tag). Without arguments, list the tags.

    Quote a name of several words. - reads ids from a pipe, and an empty pipe changes nothing.

    Examples:

      crm tag priya "ravi kumar" +vip -lead

      crm list city:pune --format ids | crm tag - +fair2026

      crm tag
    """
    chosen = output.chosen_format(format_, as_json=as_json)
    if not words:
        _list(ctx, chosen)
        return
    given, add, remove = _split(words)
    if not add and not remove:
        raise UsageError("which tag?", hint="as in: crm tag priya +vip -lead")
    if not given:
        raise UsageError("who is to be tagged?", hint="as in: crm tag priya +vip")
    _apply(ctx, terminal.piped_refs(given), add, remove, dry_run=dry_run, chosen=chosen)


def _list(ctx: typer.Context, chosen: str) -> None:
    with reading(ctx) as book:
        rows = queries.counts(book.db)
    output.emit(
        ctx, rows, COLUMNS, chosen=chosen, card=lambda row: row._asdict(), ref=lambda row: row.name,
        empty="no tags yet (crm tag REF +TAG)",
    )  # fmt: skip


def _split(words: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Split words into REFs, the tags to add (``+vip``) and the tags to take off (``-lead``)."""
    given: list[str] = []
    signed: dict[str, list[str]] = {"+": [], "-": []}
    for word in words:
        if word == "-" or word[:1] not in signed or _is_phone(word):
            given.append(word)
        else:
            signed[word[0]].append(word[1:])
    return given, signed["+"], signed["-"]


def _is_phone(word: str) -> bool:
    """Is this a phone number (``+91 98200 12345``) rather than a tag? ``+2026`` is a tag."""
    return word.startswith("+") and looks_like_phone(word)


def _apply(
    ctx: typer.Context, given: list[str], add: list[str], remove: list[str], *, dry_run: bool, chosen: str
) -> None:
    if not given:
        return
    with reading(ctx) as book:
        found = refs.pick_all(ctx, book.db, given)
    with writing(ctx, "tag", dry_run=dry_run) as (book, change):
        from crm_cli.services import tags as service

        changed = service.apply(
            book, [(each.kind, each.id) for each in found], add=add, remove=remove, now=session(ctx).now_utc
        )
    who = f"{found[0].ref} {found[0].line}" if len(found) == 1 else f"{len(changed)} of {len(found)}"
    output.emit_change(ctx, change, outcomes.tagged(who, add, remove), chosen=chosen, refs=[each.ref for each in found])
