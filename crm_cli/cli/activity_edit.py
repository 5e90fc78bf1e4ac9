"""``crm edit a31``: the words that change an activity, or its card in the editor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.cli import output, refs
from crm_cli.cli.context import reading, world, writing
from crm_cli.core import edits as grammar
from crm_cli.core.edits import Edit
from crm_cli.core.fields import ACTIVITY_FIELDS
from crm_cli.errors import UsageError
from crm_cli.queries import activities as queries
from crm_cli.queries.refs import is_id
from crm_cli.render import cards, told
from crm_cli.render.activities import what

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    import typer

LINKS = {"with": refs.PEOPLE, "company": ("company",), "deal": ("deal",)}
"""field -> the kind of record that it links to."""


def parse(ctx: typer.Context, db: sqlite3.Connection, words: Sequence[str]) -> tuple[list[str], list[Edit]]:
    """Part words into free ones and edits; the records that edits name are looked up."""
    free, found = grammar.split_words(words, ACTIVITY_FIELDS)
    edits = [_resolved(ctx, db, each) for each in found if isinstance(each, Edit)]
    if len(edits) < len(found):
        raise UsageError("an activity has no tags", hint="its people have: crm tag REF +vip")
    return free, edits


def _resolved(ctx: typer.Context, db: sqlite3.Connection, edit: Edit) -> Edit:
    """Put the printed id in the place of a REF; a card names a record by its id and its name (``c4 Acme``)."""
    if not edit.value or edit.field not in LINKS:
        return edit
    first = edit.value.partition(" ")[0]
    text = first if is_id(first) else edit.value
    found = refs.deal(ctx, db, text) if edit.field == "deal" else refs.pick(ctx, db, text, LINKS[edit.field])
    return edit._replace(value=found.ref)


def edit(ctx: typer.Context, words: Sequence[str], *, dry_run: bool, chosen: str) -> None:
    """Change one activity."""
    here = world(ctx)
    with reading(ctx) as book:
        free, edits = parse(ctx, book.db, words)
        if len(free) > 1:
            raise UsageError(
                f'"{free[1]}" is not an assignment', hint='a value with spaces needs quotes: "when=fri 3pm"'
            )
        record = queries.get(book.db, refs.pick(ctx, book.db, free[0], ("activity",)).id)
        revision = None
        if not edits:
            from crm_cli.cli.editor import edit_activity

            revision = record.revision
            edits = edit_activity(ctx, book.db, record)
    with writing(ctx, "edit", dry_run=dry_run) as (book, change):
        from crm_cli.services import activity_edits as service

        service.edit(book, record.id, edits, now=here.now_utc, reading=here.reading, revision=revision)
        record = queries.get(book.db, record.id)
    due = told.due_words(record, here.today) if any(each.field == "due" for each in edits) else ""
    output.emit_change(
        ctx, change, f"Changed a{record.id} {what(record) or record.kind}{due}", chosen=chosen, refs=[f"a{record.id}"],
        card=lambda: cards.activity(record, here.zone, here.now_utc),
    )  # fmt: skip
