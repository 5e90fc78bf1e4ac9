"""``erase``: forget people for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from crm_cli.cli import output, refs, terminal
from crm_cli.cli.context import reading, require_book, session
from crm_cli.cli.options import DryRun, Json, Refs, Yes
from crm_cli.core.kinds import PERSON
from crm_cli.core.text.folding import fold
from crm_cli.errors import CrmError, Exit, NotFoundError, UsageError
from crm_cli.queries import personal
from crm_cli.queries.refs import Candidate
from crm_cli.render.clean import clean
from crm_cli.render.words import counted

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from crm_cli.services.erasing.run import Erased, Plan

app = typer.Typer()

Redact = Annotated[
    bool, typer.Option("--redact", help="Replace their name in the texts of other records, too. [those stay]")
]
Backups = Annotated[
    bool, typer.Option("--backups", help="Rewrite and verify the backups in the book's folder. [those are listed]")
]
SHOWN = 10
"""How many texts of other records the preview shows."""


@app.command("erase")
def erase(
    ctx: typer.Context,
    words: Refs,
    redact: Redact = False,
    backups: Backups = False,
    yes: Yes = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Forget people for ever: their records, history, changes, photos, and what other files of crm keep of them.

    After crm rm, undo restores a person; after erase, nothing does. First it shows what will be forgotten, and the
    texts of other records that name the person: they stay, unless --redact replaces the name. Then it asks for the
    person's name. What remains is a salted hash, by which a later import of the same person is noticed. Backups keep
    the person until you delete them, or give --backups.

    Examples:

      crm erase asha --dry-run

      crm erase 12 --redact --backups
    """
    planned = _planned(ctx, words)
    if not planned:
        return
    for who, plan in planned:
        _preview(ctx, who, plan, redact=redact)
    done = None if dry_run else _erase(ctx, planned, redact=redact, backups=backups, yes=yes)
    if as_json:
        output.say_json(_as_json(planned, done))
    if done is None:
        output.notify(ctx, "(dry run: nothing was erased)")
    else:
        _report(ctx, planned, done, redact=redact)


def _erase(
    ctx: typer.Context, planned: list[tuple[Candidate, Plan]], *, redact: bool, backups: bool, yes: bool
) -> Erased:
    """Erase the people after their names were typed, or with ``yes`` at once."""
    from crm_cli.services.erasing import run

    here = session(ctx)
    if not yes:
        for who, plan in planned:
            _require_name(ctx, plan.name or who.ref)
    run.begin(here.path, [who.id for who, _ in planned], now=here.now_utc, redact=redact, backups=backups)
    done = run.finish(here.path, origin=here.origin)
    here.done += [f"ch{number} erased a person for ever" for number in done.changes]
    return done


def _planned(ctx: typer.Context, words: list[str]) -> list[tuple[Candidate, Plan]]:
    """Return the people of the REFs, each once, and what erasing each would do."""
    with reading(ctx) as book:
        require_book(book)
        from crm_cli.services.erasing import run

        found = [_pick(ctx, book.db, text) for text in terminal.piped_refs(words)]
        return [(who, run.plan(book.db, who.id)) for who in dict.fromkeys(found)]


def _pick(ctx: typer.Context, db: sqlite3.Connection, text: str) -> Candidate:
    """Return the person of a REF, or one who was removed before, by number: the journal still has them."""
    try:
        return refs.pick(ctx, db, text, refs.PEOPLE)
    except NotFoundError:
        known = personal.identity(db, int(text)) if text.isascii() and text.isdigit() else None
        if known is None:
            raise
        return Candidate(PERSON.name, int(text), f"{known.name} (removed)")


def _preview(ctx: typer.Context, who: Candidate, plan: Plan, *, redact: bool) -> None:
    output.notify(ctx, f"{who.ref} {clean(who.line)}: {counted(plan.rows, 'row')} to forget for ever")
    if plan.mentions:
        fate = "their name will be replaced" if redact else "they stay; --redact replaces the name"
        named = counted(len(plan.mentions), "text of another record names", "texts of other records name")
        output.notify(ctx, f"{named} them ({fate}):")
    for each in plan.mentions[:SHOWN]:
        output.notify(ctx, f"  {each.of or each.table.replace('_', ' ')}  {each.column}: {clean(each.found)}")
    if len(plan.mentions) > SHOWN:
        output.notify(ctx, f"  and {len(plan.mentions) - SHOWN} more: crm disclose {who.ref}")
    if plan.labels:
        where = sorted({each.of or each.table.replace("_", " ") for each in plan.labels})
        output.notify(ctx, f"their name is replaced in tags, titles, saved queries or imports: {', '.join(where)}")


def _require_name(ctx: typer.Context, name: str) -> None:
    """Continue only after the name of the person was typed. Raises UsageError off a terminal, CrmError otherwise."""
    if not session(ctx).interactive:
        raise UsageError("erase: there is no terminal to type the name on", hint="give --yes")
    typed = terminal.answer(f"Type {clean(name)} to erase them for ever: ")
    if fold(typed) != fold(name):
        raise CrmError("that is not the name; nothing was erased")


def _as_json(planned: list[tuple[Candidate, Plan]], done: Erased | None) -> dict[str, Any]:
    """Return what was erased, or would be if ``done`` is None, and what still names the people."""
    from crm_cli.render.disclosures import mention

    return {
        "erased": [who.id for who, _ in planned],
        "rows": sum(plan.rows for _, plan in planned),
        "changes": [f"ch{number}" for number in done.changes] if done else [],
        "mentions": [mention(each) for _, plan in planned for each in plan.mentions],
        "rewritten": [str(path) for path in done.rewritten] if done else [],
        "keeping": [{"path": str(copy.path), "at": str(copy.at)} for copy in done.keeping] if done else [],
        "untouched": done.untouched if done else [],
        "dry_run": done is None,
    }


def _report(ctx: typer.Context, planned: list[tuple[Candidate, Plan]], done: Erased, *, redact: bool) -> None:
    """Say what was forgotten, and what still keeps the person; exit with 5 if the user has to delete files."""
    changes = ", ".join(f"ch{number}" for number in done.changes)
    output.notify(ctx, f"Erased {', '.join(who.ref for who, _ in planned)} for ever [{changes}]")
    if not redact and (kept := sorted({each.of or each.table for _, plan in planned for each in plan.mentions})):
        output.notify(ctx, f"texts that still name them: {', '.join(kept)}")
    for line in _other_files(done):
        output.notify(ctx, line)
    if done.untouched:
        raise typer.Exit(Exit.PARTIAL)


def _other_files(done: Erased) -> Iterator[str]:
    """Yield what became of the files beside the book that name the person."""
    if done.rewritten:
        yield f"rewritten without them: {', '.join(clean(str(path)) for path in done.rewritten)}"
    for copy in done.keeping:
        yield f"{clean(str(copy.path))} of {copy.at} keeps them until you delete it (--backups rewrites it)"
    for name in done.untouched:
        yield f"{clean(name)} names them and was not touched: delete it yourself"
