"""``changes``, ``undo``, ``redo``: the journal of changes."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from crm_cli.book import undo as journal
from crm_cli.book.book import Book
from crm_cli.cli import output, refs
from crm_cli.cli.context import reading, require_named_book, session
from crm_cli.cli.options import DryRun, Format, Json, Limit, Made
from crm_cli.cli.terminal import confirm
from crm_cli.core.instants import local
from crm_cli.core.limits import LARGEST_ID
from crm_cli.core.records import ChangeInfo
from crm_cli.errors import NotFoundError, UsageError
from crm_cli.queries import changes as queries
from crm_cli.render import cards, outcomes
from crm_cli.render import changes as wording
from crm_cli.render.clean import clean
from crm_cli.render.tables import Column
from crm_cli.render.words import counted

app = typer.Typer()

ChangeId = Annotated[str, typer.Argument(metavar="[CHANGE]", help="The id of the change, such as ch88.")]


def _columns(zone: str) -> tuple[Column[ChangeInfo], ...]:
    return (
        Column("id", lambda row: f"ch{row.id}"),
        Column("at", lambda row: f"{local(row.at, zone):%Y-%m-%d %H:%M}"),
        Column("by", wording.origin),
        Column("verb", lambda row: row.verb),
        Column("rows", lambda row: str(row.rows), right=True),
        Column("state", lambda row: "" if row.state == "done" else row.state),
        Column("subjects", lambda row: " ".join(row.subjects), grow=1),
    )


@app.command("changes")
def changes(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[REF | CHANGE]", help="A record, or a change like ch88.")
    ] = None,
    limit: Limit = 20,
    format_: Format = "",
    as_json: Json = False,
) -> None:
    """List the latest changes; with a REF, what was changed of one record; with a change (ch88), what it did.

    BY is who made a change: hand (you, at a terminal), script, cron or dashboard. Values are shown as long as the book
    keeps them: those of a large import are not kept, and crm erase forgets those of a person.

    Examples:

      crm changes

      crm changes priya

      crm changes ch88
    """
    chosen = output.chosen_format(format_, as_json=as_json)
    here = session(ctx)
    text = " ".join(words or [])
    with reading(ctx) as book:
        if text[:2].lower() == "ch" and text[2:].isdigit():
            _differences(ctx, book, _number(text), chosen)
            return
        found = refs.pick(ctx, book.db, text, refs.ANY) if text else None
        kind, record = (found.kind, found.id) if found else ("", 0)
        rows = queries.recent(book.db, limit=limit or -1, kind=kind, record_id=record)
        done = {row.id: queries.differences(book.db, row.id, kind=kind, record_id=record) for row in rows if kind}
    columns = _columns(here.zone)
    if kind:
        columns += (Column("what", lambda row: wording.differing(done[row.id]), grow=2),)
    output.emit(
        ctx, rows, columns, chosen=chosen, card=lambda row: cards.change(row, here.zone) | _as_json(done.get(row.id)),
        ref=lambda row: f"ch{row.id}", empty="no changes",
    )  # fmt: skip


def _as_json(rows: list[queries.Difference] | None) -> dict[str, Any]:
    return {} if rows is None else {"differences": [row._asdict() for row in rows]}


def _differences(ctx: typer.Context, book: Book, change_id: int, chosen: str) -> None:
    info = queries.get(book.db, change_id)
    rows = queries.differences(book.db, change_id)
    columns: tuple[Column[queries.Difference], ...] = (
        Column("of", lambda row: row.of),
        Column("what", lambda row: row.table),
        Column("how", lambda row: row.op),
        Column("column", lambda row: row.column),
        Column("before", lambda row: "" if row.before is None else str(row.before), grow=1),
        Column("after", lambda row: "" if row.after is None else str(row.after), grow=1),
    )
    if chosen == "json":
        card = cards.change(info, session(ctx).zone) | _as_json(rows)
        output.say_json(card)
        return
    output.emit(
        ctx,
        rows,
        columns,
        chosen=chosen,
        card=lambda row: row._asdict(),
        ref=lambda row: row.table,
        empty="no differences",
    )


@app.command("undo")
def undo(
    ctx: typer.Context, change: ChangeId = "", dry_run: DryRun = False, format_: Made = "", as_json: Json = False
) -> None:
    """Undo a change: the last one you made by hand, or the one you name. A script must name it.

    Examples:

      crm undo

      crm undo ch88
    """
    _turn(ctx, "undo", change, dry_run=dry_run, chosen=output.chosen_format(format_, as_json=as_json))


@app.command("redo")
def redo(
    ctx: typer.Context, change: ChangeId = "", dry_run: DryRun = False, format_: Made = "", as_json: Json = False
) -> None:
    """Redo the change that was undone last. A new change clears the list of undone changes.

    Example:

      crm redo
    """
    _turn(ctx, "redo", change, dry_run=dry_run, chosen=output.chosen_format(format_, as_json=as_json))


def _turn(ctx: typer.Context, verb: str, text: str, *, dry_run: bool, chosen: str) -> None:
    here = session(ctx)
    require_named_book(ctx)
    with Book.rehearse(here.path) if dry_run else Book.write(here.path) as book:
        change_id = _named(ctx, book, verb, text)
        info = queries.get(book.db, change_id)
        what = outcomes.change_words(info, here.zone) + _size(info)
        if not text and info.rows > 1000 and not dry_run:
            confirm(ctx, f"{verb.capitalize()} {what}?", flag=f"which: crm {verb} ch{change_id}")
        gone = journal.erased(book.db, change_id)
        skipped = queries.after(book.db, change_id) if verb == "undo" and not text else []
        _TURNS[verb](book.db, change_id, dry_run=dry_run)
    if not dry_run:
        here.done.append(f"{verb} of ch{change_id} was made")
    _say_turned(ctx, info, verb, chosen, dry_run=dry_run)
    if gone:
        output.notify(ctx, f"what it did to {', '.join(map(str, gone))} was erased for ever and is not restored")
    if skipped:
        output.notify(ctx, _skipped_words(skipped))


def _say_turned(ctx: typer.Context, info: ChangeInfo, verb: str, chosen: str, *, dry_run: bool) -> None:
    """Say which change was undone or redone; for programs, print it as well."""
    if chosen in {"json", "jsonl"}:
        output.say_json({"change": f"ch{info.id}", "done": verb, "rows": info.rows}, chosen="jsonl")
    elif chosen != "table":
        output.say(f"ch{info.id}")
    outcome = clean(outcomes.turned(verb, info, session(ctx).zone) + _size(info))
    output.notify(ctx, outcome + (" (dry run: nothing was changed)" if dry_run else ""))


_TURNS = {"undo": journal.undo, "redo": journal.redo}


def _size(info: ChangeInfo) -> str:
    """Return what a change did, to follow its name: ``, 3 rows (12, c4)``."""
    subjects = f" ({', '.join(info.subjects)})" if info.subjects else ""
    return f", {counted(info.rows, 'row')}{subjects}"


def _skipped_words(skipped: list[ChangeInfo]) -> str:
    """Say how many later changes an undo passed over, and how the last one can be undone."""
    last = skipped[0]
    return (
        f"skipped {counted(len(skipped), 'later change')} not made by hand, the last one"
        f" ch{last.id} {last.verb} by {last.origin} (to undo it: crm undo ch{last.id})"
    )


def _named(ctx: typer.Context, book: Book, verb: str, text: str) -> int:
    if text:
        return _number(text)
    found = journal.latest(book.db, undone=verb == "redo")
    if not session(ctx).interactive:
        hint = f"the last one is: crm {verb} ch{found}" if found else "crm changes lists them"
        raise UsageError(f"not at a terminal: name the change to {verb}", hint=hint)
    if found is None:
        raise NotFoundError(f"there is nothing to {verb}", hint="crm changes lists all changes")
    return found


def _number(text: str) -> int:
    """Return the number of a change given as ``ch88`` or ``88``. Raises UsageError or NotFoundError."""
    number = text[2:] if text[:2].lower() == "ch" else text
    if not number.isascii() or not number.isdigit():
        raise UsageError(f"{text} is not a change", hint="an id like ch88, as crm changes shows it")
    if len(number) >= len(str(LARGEST_ID)):
        raise NotFoundError(f"there is no change {text}", hint="crm changes lists them")
    return int(number)
