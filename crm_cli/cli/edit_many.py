"""``crm edit -``: the same assignments for all ids of a pipe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.cli import assignments, linked_words, output, refs, terminal
from crm_cli.cli.context import reading, session, writing
from crm_cli.core.kinds import BY_NAME
from crm_cli.errors import UsageError
from crm_cli.render.words import counted

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence
    from typing import Any

    import typer

    from crm_cli.book.book import Book
    from crm_cli.queries.refs import Candidate


def edit(ctx: typer.Context, words: Sequence[str], *, dry_run: bool, chosen: str) -> None:
    """Change several records in one change, and count those that it changed."""
    assigned = [word for word in words if _is_assignment(word)]
    if not assigned:
        raise UsageError(
            "what is to be changed?", hint="as in: crm list city:poona --format ids | crm edit - city=Pune"
        )
    given = terminal.piped_refs([word for word in words if word not in assigned])
    if not given:
        return
    with reading(ctx) as book:
        found = refs.pick_all(ctx, book.db, given, refs.ANY)
        edits = {kind: _parsed(ctx, book.db, kind, assigned) for kind in dict.fromkeys(each.kind for each in found)}
    with writing(ctx, "edit", dry_run=dry_run) as (book, change):
        changed = _apply_all(ctx, book, found, edits)
    output.emit_change(ctx, change, _outcome(changed, len(found)), chosen=chosen, refs=[each.ref for each in found])


def _is_assignment(word: str) -> bool:
    """Is a word ``field=value``, ``+tag`` or ``-tag``? A lone ``-`` is the pipe."""
    return word != "-" and ("=" in word or word[:1] in {"+", "-"})


def _parsed(ctx: typer.Context, db: sqlite3.Connection, kind: str, words: Sequence[str]) -> list[Any]:
    """Parse assignments to the fields of a kind of record."""
    if kind == "activity":
        return list(linked_words.parse(ctx, db, words, linked_words.ACTIVITY)[1])
    if kind == "deal":
        return list(linked_words.parse(ctx, db, words, linked_words.DEAL)[1])
    return list(assignments.parse(db, words, company=kind == "company")[1])


def _apply_all(
    ctx: typer.Context, book: Book, found: Sequence[Candidate], edits: Mapping[str, list[Any]]
) -> dict[str, int]:
    """Edit each record, and return how many of each kind that changed."""
    from crm_cli.services.touch import written

    changed = dict.fromkeys(edits, 0)
    for each in found:
        before = written(book.db)
        _apply(ctx, book, each.kind, each.id, edits[each.kind])
        changed[each.kind] += written(book.db) > before
    return changed


def _outcome(changed: Mapping[str, int], total: int) -> str:
    """Say how many of the records changed: ``Changed 2 people and 1 deal (3 had it already)``."""
    counts = [
        counted(number, BY_NAME[kind].singular, BY_NAME[kind].plural) for kind, number in changed.items() if number
    ]
    if not counts:
        return f"Changed 0 of {total}"
    same = total - sum(changed.values())
    return f"Changed {' and '.join(counts)}" + (f" ({same} had it already)" if same else "")


def _apply(ctx: typer.Context, book: Book, kind: str, ref: int, edits: list[Any]) -> None:
    from crm_cli.services import activity_edits, companies, contacts, deals

    here = session(ctx)
    if kind == "contact":
        contacts.edit(book, ref, edits, now=here.now_utc, region=here.region)
    elif kind == "company":
        companies.edit(book, ref, edits, now=here.now_utc, region=here.region)
    elif kind == "deal":
        deals.edit(book, ref, edits, now=here.now_utc, reading=here.reading)
    else:
        activity_edits.edit(book, ref, edits, now=here.now_utc, reading=here.reading)
