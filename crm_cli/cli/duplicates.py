"""``dupes``: records that may be the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from crm_cli.cli import output, refs
from crm_cli.cli.context import reading, session, writing
from crm_cli.cli.options import DryRun, Format, Json, Limit, Yes
from crm_cli.cli.query_words import QueryCommand, condition
from crm_cli.core.duplicates.evidence import LIKELY
from crm_cli.core.kinds import BY_NAME, PERSON
from crm_cli.errors import UsageError
from crm_cli.render import duplicates as render

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from crm_cli.queries.duplicates import Duplicate, Found

app = typer.Typer(rich_markup_mode=None)

KINDS = {"person": "contact", "company": "company"}
NOT = "not"
"""The first word of `crm dupes not A B`; in a query, NOT needs a term and is never followed by REFs."""
HELP = """Find people who may be in the book twice, with a score from 0 to 1 and the reasons.

Names are compared in any order, with typos, initials, short forms and in other scripts; then e-mails, phones,
birthdays, addresses and employers. Members of a household, colleagues at one switchboard, and a father and his son
count as different people where the book says enough.

\b
  crm dupes                          the likeliest first
  crm dupes --min 0.6                the doubtful ones, too
  crm dupes --kind company           Acme, and Acme Pvt. Ltd.
  crm dupes tag:fair2026             pairs with one of these people
  crm dupes not 12 15                do not list these two again
  crm dupes --json --limit 0         all of them, for a script
  crm dupes --review                 look at each pair, and merge or not
  crm dupes --auto 0.97 -n           what would be merged without asking

With a QUERY, one person of each pair must match it. A score is a probability, so 0.9 means that one pair in ten of
them is of two people.
"""


@app.command("dupes", help=HELP, cls=QueryCommand)
def dupes(
    ctx: typer.Context,
    *,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[QUERY|not REF REF]...", help="Terms like city:pune.")
    ] = None,
    minimum: Annotated[
        float, typer.Option("--min", metavar="SCORE", min=0.0, max=1.0, help="The lowest score, from 0 to 1. [0.8]")
    ] = LIKELY,
    kind: Annotated[str, typer.Option("--kind", metavar="KIND", help="person or company. [person]")] = "person",
    review: Annotated[bool, typer.Option("--review", help="Ask for each pair, shown side by side: y n s q.")] = False,
    auto: Annotated[
        float | None,
        typer.Option("--auto", metavar="SCORE", min=0.0, max=1.0, help="Merge all pairs with at least this score."),
    ] = None,
    yes: Yes = False,
    limit: Limit = 50,
    dry_run: DryRun = False,
    form: Format = "",
    json: Json = False,
) -> None:
    """Find likely duplicates."""
    if kind not in KINDS:
        raise UsageError(f"there is no kind {kind}", hint="--kind person or company")
    if words and words[0] == NOT:
        _distinguish(ctx, words[1:], dry_run=dry_run)
        return
    if review and auto is not None:
        raise UsageError("--review asks and --auto does not; give one of them")
    chosen = output.chosen_format(form, as_json=json)
    with reading(ctx) as book:
        found = _found(ctx, book.db, KINDS[kind], words, minimum if auto is None else min(minimum, auto))
        shown = found.duplicates[:limit] if limit else found.duplicates
        pairs = _with_lines(book.db, KINDS[kind], shown)
    if review:
        from crm_cli.cli import deduplicating

        deduplicating.review(ctx, KINDS[kind], found.duplicates)
        return
    if auto is not None:
        from crm_cli.cli import deduplicating

        deduplicating.auto(ctx, KINDS[kind], found.duplicates, auto, chosen=chosen, dry_run=dry_run, yes=yes)
        return
    _say(ctx, pairs, chosen)
    _say_rest(ctx, found, KINDS[kind], len(shown))


def _found(ctx: typer.Context, db: sqlite3.Connection, kind: str, words: Sequence[str] | None, minimum: float) -> Found:
    from crm_cli.queries import duplicates as queries

    among = None
    if words:
        found = condition(ctx, db, words, kind)
        among = queries.matching(db, kind, *found) if found else None
    return queries.find(db, kind, minimum=minimum, among=among, distinct=queries.distinct(db, kind))


def _with_lines(db: sqlite3.Connection, kind: str, found: Sequence[Duplicate]) -> list[render.Pair]:
    """Return the pairs with the lines of their records."""
    from crm_cli.queries import people

    ids = sorted({ref for each in found for ref in (each.one, each.other)})
    lines = {row.ref: row for row in people.lines(db, ids, kind)}
    printed = BY_NAME[kind].printed
    return [
        render.Pair(kind, lines[printed(one)], lines[printed(other)], score, reasons)
        for one, other, score, reasons in found
    ]


def _say(ctx: typer.Context, pairs: list[render.Pair], chosen: str) -> None:
    """Write the pairs; ids are those of both records, each once, for a pipe."""
    if chosen == "ids":
        for ref in dict.fromkeys(row.ref for pair in pairs for row in (pair.one, pair.other)):
            output.say(ref)
        return
    output.emit(
        ctx, pairs, render.COLUMNS, chosen=chosen, card=render.card, ref=lambda pair: pair.one.ref,
        named="all", empty=render.NONE,
    )  # fmt: skip


def _say_rest(ctx: typer.Context, found: Found, kind: str, shown: int) -> None:
    """Say how many pairs are not listed, and which records were not all compared."""
    if shown < len(found.duplicates):
        output.notify(ctx, f"{shown} of {len(found.duplicates)}; --limit 0 shows all")
    if found.capped:
        output.notify(ctx, f"note: {render.capped(found.capped, kind)}")


def _distinguish(ctx: typer.Context, words: Sequence[str], *, dry_run: bool) -> None:
    """Remember that records are not the same."""
    if len(words) < 2:
        raise UsageError("which two are not the same?", hint="as in: crm dupes not 12 15")
    here = session(ctx)
    with reading(ctx) as book:
        found = refs.pick_all(ctx, book.db, words, (PERSON.name, "company"))
    if len({each.kind for each in found}) > 1:
        raise UsageError("a person and a company are never the same")
    with writing(ctx, "dupes not", dry_run=dry_run) as (book, change):
        from crm_cli.services import duplicates as service

        service.distinguish(book, found[0].kind, [each.id for each in found], now=here.now_utc)
    text = render.distinguished([f"{each.ref} {each.line}" for each in found]) if len(found) > 1 else ""
    output.emit_change(ctx, change, text, chosen="table", refs=[each.ref for each in found])
