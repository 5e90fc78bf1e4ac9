"""``crm edit a31``: change an activity by assignments, or its card in the editor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.cli import editor, linked_words, logs, output, refs
from crm_cli.cli.context import reading, session, writing
from crm_cli.errors import UsageError
from crm_cli.queries import activities as queries
from crm_cli.render import cards, outcomes

if TYPE_CHECKING:
    from collections.abc import Sequence

    import typer


def edit(ctx: typer.Context, words: Sequence[str], *, dry_run: bool, chosen: str) -> None:
    """Change one activity."""
    here = session(ctx)
    with reading(ctx) as book:
        free, edits = linked_words.parse(ctx, book.db, words, linked_words.ACTIVITY)
        if len(free) > 1:
            raise UsageError(
                f'"{free[1]}" is not an assignment', hint='a value with spaces needs quotes: "when=fri 3pm"'
            )
        record = queries.get(book.db, refs.pick(ctx, book.db, free[0], ("activity",)).id)
        revision = None
        if not edits:
            revision = record.revision
            edits = editor.edit_activity(ctx, book.db, record)
    with writing(ctx, "edit", dry_run=dry_run) as (book, change):
        from crm_cli.services import activity_edits as service

        service.edit(book, record.id, edits, now=here.now_utc, reading=here.reading, revision=revision)
        record = queries.get(book.db, record.id)
    message = outcomes.edited(record, {each.field for each in edits}, here.day)
    output.emit_change(
        ctx, change, message, chosen=chosen, refs=[f"a{record.id}"],
        card=lambda: cards.activity(record, here.zone, here.now_utc),
    )  # fmt: skip
    if {"due", "remind"} & {each.field for each in edits}:
        logs.note(ctx, [outcomes.passed_words(record, here.day)], "reminders have passed")
