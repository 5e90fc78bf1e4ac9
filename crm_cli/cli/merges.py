"""``merge`` and ``unmerge``: make one record of several, and separate them later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from crm_cli.cli import output, refs, terminal
from crm_cli.cli.context import reading, session, writing
from crm_cli.cli.options import DryRun, Json, Made, Ref, Refs, Yes
from crm_cli.core.kinds import BY_NAME, split
from crm_cli.errors import AmbiguousError, NotFoundError, StaleError, UsageError
from crm_cli.queries import fields, merges, records
from crm_cli.queries.refs import is_id, kind_of
from crm_cli.render import cards
from crm_cli.render import merges as render

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from crm_cli.book.book import Change
    from crm_cli.core.combining import Merged
    from crm_cli.core.records import Merge
    from crm_cli.queries.refs import Candidate

app = typer.Typer()


@app.command("merge")
def merge(
    ctx: typer.Context,
    words: Refs,
    keep: Annotated[
        list[str],
        typer.Option("--keep", metavar="FIELD=REF", help="Whose value of a field is kept; can be repeated."),
    ] = [],  # noqa: B006 - Typer copies it
    dry_run: DryRun = False,
    yes: Yes = False,
    format_: Made = "",
    as_json: Json = False,
) -> None:
    """Merge people, or companies, that are the same: the first one remains, with all that the others have.

    Nothing is lost. Addresses, tags, history, deals, relationships and jobs are moved to the first one. Where both have
    a value, that of the first is kept, and the other goes to the notes; another name becomes a nickname, another
    present job a former one. The ids of the others go on leading to it. crm unmerge takes them apart again.

    Examples:

      crm merge 12 45

      crm merge asha@acme.in "asha v" --keep birthday=45 --dry-run

      crm merge c4 c9 --yes
    """
    chosen = output.chosen_format(format_, as_json=as_json)
    given = terminal.piped_refs(words)
    if terminal.piped_nothing(words, given):
        return
    with reading(ctx) as book:
        found = refs.pick_all(ctx, book.db, given, refs.WITH_POINTS)
        choices = dict(_choice(ctx, book.db, found, text) for text in keep)
    _check(found)
    expected = None if dry_run or yes else _confirmed(ctx, found, choices)
    change, done, card, name = _merged(ctx, found, choices, dry_run=dry_run, expected=expected)
    if dry_run and chosen in {"table", "tsv"}:
        output.say_lines(render.preview(done, name), colored=session(ctx).colored)
    last = BY_NAME[done.kind].printed(done.losers[-1].id)
    output.emit_change(
        ctx, change, render.merged(done, name),
        chosen="table" if dry_run and chosen == "tsv" else chosen, refs=[found[0].ref],
        card=lambda: render.card(done, card, change.ref), advice=f" (crm unmerge {last} takes it apart)",
    )  # fmt: skip


def _confirmed(ctx: typer.Context, found: Sequence[Candidate], choices: Mapping[str, int]) -> Merged:
    """Show what would be merged, and ask; return it. Raises CrmError after a no, UsageError without a terminal."""
    _, done, _, name = _merged(ctx, found, choices, dry_run=True)
    if session(ctx).interactive:
        for line in render.preview(done, name):
            output.notify(ctx, "".join(span.text for span in line))
    terminal.confirm(ctx, f"Merge them into {found[0].ref} {name}?")
    return done


def _merged(
    ctx: typer.Context,
    found: Sequence[Candidate],
    choices: Mapping[str, int],
    *,
    dry_run: bool = False,
    expected: Merged | None = None,
) -> tuple[Change, Merged, dict[str, Any], str]:
    """Merge; return the change, what was done, and the card and the name of the survivor.

    Raises StaleError if it is not what was ``expected``: a record was edited while the user was asked.
    """
    from crm_cli.services import merging

    first, *others = found
    here = session(ctx)
    with writing(ctx, "merge", dry_run=dry_run) as (book, change):
        done = merging.merge(book, first.kind, first.id, [each.id for each in others], choices, now=here.now_utc)
        if expected is not None and done != expected:
            raise StaleError("a record was changed meanwhile; nothing was merged", hint="merge them again")
        card = _card(ctx, book.db, first.kind, first.id)
    return change, done, card, str(card["name"])


def _card(ctx: typer.Context, db: sqlite3.Connection, kind: str, ref: int) -> dict[str, Any]:
    here = session(ctx)
    return cards.of(records.get(db, kind, ref), here.zone, here.now_utc)


def _check(found: Sequence[Candidate]) -> None:
    """Raise UsageError unless there are two records or more, of one kind."""
    if len({each.kind for each in found}) > 1:
        raise UsageError("a person and a company cannot be merged")
    if len(found) < 2:
        one = f": {found[0].ref} {found[0].line}" if found else ""
        raise UsageError(f"that is one record{one}", hint="as in: crm merge 12 45")


def _choice(ctx: typer.Context, db: sqlite3.Connection, found: Sequence[Candidate], text: str) -> tuple[str, int]:
    """Return the field and the id of ``FIELD=REF``. Raises UsageError."""
    field, sign, ref = text.partition("=")
    if not sign or not ref.strip():
        raise UsageError(f'--keep "{text}": a field and a record are missing', hint="as in: --keep birthday=45")
    field = field.strip().lower()
    known = [*_fields(db, found[0].kind)]
    if field not in known:
        raise UsageError(f"--keep {text}: {field} is not a field with a single value", hint=", ".join(known))
    one = refs.pick(ctx, db, ref, refs.WITH_POINTS)
    if one not in found:
        raise UsageError(f"--keep {text}: {one.ref} is not one of the records to merge")
    return field, one.id


def _fields(db: sqlite3.Connection, kind: str) -> list[str]:
    """Return the fields of which one value is kept."""
    from crm_cli.core.combining import SINGLE

    more = ("company", "cadence") if kind == "contact" else ()
    return [*SINGLE[kind], *more, *fields.names(db)]


@app.command("unmerge")
def unmerge(
    ctx: typer.Context,
    words: Ref,
    dry_run: DryRun = False,
    format_: Made = "",
    as_json: Json = False,
) -> None:
    """Take a merge apart: the merged record comes back as it was, also after later edits, merges and imports.

    Name the record that was merged (its old id), or the one that it was merged into, if there was only one. What was
    edited since stays with the survivor. Later activities stay as well, unless they came by an address of the other.

    Examples:

      crm unmerge 45

      crm unmerge asha --dry-run
    """
    chosen = output.chosen_format(format_, as_json=as_json)
    with reading(ctx) as book:
        found = _merge(ctx, book.db, " ".join(words))
    from crm_cli.services import unmerging

    with writing(ctx, "unmerge", dry_run=dry_run) as (book, change):
        done = unmerging.unmerge(book, found.id, now=session(ctx).now_utc)
        survivor, record = (_card(ctx, book.db, done.kind, ref) for ref in (done.survivor, done.record))
    output.emit_change(
        ctx, change, render.unmerged(done, str(survivor["name"])), chosen=chosen,
        refs=[BY_NAME[done.kind].printed(done.record)],
        card=lambda: render.unmerged_card(done, survivor, record, change.ref),
    )  # fmt: skip
    for line in render.unmerged_notes(done):
        output.notify(ctx, f"note: {line}")


def _merge(ctx: typer.Context, db: sqlite3.Connection, text: str) -> Merge:
    """Return the merge that a REF names: that of the merged record, or the only one of the survivor."""
    text = text.strip()
    if gone := _of_merged(db, text):
        return gone
    one = refs.pick(ctx, db, text, refs.WITH_POINTS)
    mine = merges.of(db, one.kind, one.id)
    if not mine:
        raise NotFoundError(f"nothing was merged into {one.ref} {one.line}")
    return mine[0] if len(mine) == 1 else _chosen(ctx, one, mine)


def _of_merged(db: sqlite3.Connection, text: str) -> Merge | None:
    """Return the merge of a record that is named by its old id or UID; None for any other REF."""
    if is_id(text) and kind_of(text).name in refs.WITH_POINTS:
        return merges.of_loser(db, kind_of(text).name, int(split(text)[1]))
    if text.lower().startswith("uid:"):
        found = merges.by_uid(db, text[4:].strip().lower())
        return found[0] if found else None
    return None


def _chosen(ctx: typer.Context, one: Candidate, mine: Sequence[Merge]) -> Merge:
    """Ask which of several records that were merged into one is meant. Raises AmbiguousError without a terminal."""
    printed = BY_NAME[one.kind].printed
    lines = {printed(each.loser): f"{each.name}, {each.at[:10]}" for each in mine}
    chosen = terminal.choose(ctx, f"merged into {one.ref} {one.line}:", lines)
    if chosen is None:
        raise AmbiguousError(
            f"{len(mine)} records were merged into {one.ref}; give the id of one",
            candidates=tuple(f"{ref}  {line}" for ref, line in lines.items()),
        )
    return next(each for each in mine if printed(each.loser) == chosen)
