"""``job``: a person changes employer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from crm_cli.cli import output, refs, terminal
from crm_cli.cli.assignments import parse
from crm_cli.cli.context import reading, session, writing
from crm_cli.cli.options import DryRun, Json, Made
from crm_cli.cli.query_words import QueryCommand
from crm_cli.core.text.folding import sort_key
from crm_cli.errors import UsageError
from crm_cli.queries import companies, contacts
from crm_cli.render import cards

if TYPE_CHECKING:
    import sqlite3

app = typer.Typer()


@app.command("job", cls=QueryCommand)
def job(
    ctx: typer.Context,
    ref: Annotated[str, typer.Argument(metavar="REF", help="Who: one word, in quotes if it has spaces.")],
    words: Annotated[
        list[str],
        typer.Argument(metavar="COMPANY [FIELD=VALUE]...", help="Where to, with title=, since=, email= and others."),
    ],
    dry_run: DryRun = False,
    format_: Made = "",
    as_json: Json = False,
) -> None:
    """Move a person to another employer: the old job becomes a former one, and so do its work e-mail and phone.

    The history stays where it is. A company that does not exist yet is created.

    Example:

      crm job priya Globex title=CTO since=2026-11-01 email=p@globex.example
    """
    chosen = output.chosen_format(format_, as_json=as_json)
    here = session(ctx)
    since = [word.partition("=")[2] for word in words if word.startswith("since=")]
    start = here.moment(since[-1], past=True).date if since else here.today
    with reading(ctx) as book:
        free, edits = parse(book.db, [word for word in words if not word.startswith("since=")])
        if not free:
            raise UsageError("which company?", hint='as in: crm job priya "Globex Ltd" title=CTO')
        found = refs.pick(ctx, book.db, ref, refs.PEOPLE)
        company_name, alike = _company(ctx, book.db, " ".join(free))
    with writing(ctx, "job", dry_run=dry_run) as (book, change):
        from crm_cli.services import jobs as service

        company = service.change_employer(
            book, found.id, company_name, edits, since=start, now=here.now_utc, region=here.region
        )
        card = cards.contact(contacts.get(book.db, found.id), here.zone, here.now_utc)
    message = f"{found.ref} {card['name']} is at c{company} {card['company']} since {start}"
    output.emit_change(ctx, change, message, chosen=chosen, refs=[found.ref], card=lambda: card)
    if alike:
        output.notify(ctx, f"note: companies of a similar name: {', '.join(alike)}")


def _company(ctx: typer.Context, db: sqlite3.Connection, name: str) -> tuple[str, list[str]]:
    """Return the name of the company, and similar ones that were not chosen.

    At a terminal, companies of a similar name are offered for one that is not in the book.
    """
    key = sort_key(name)
    near = [] if companies.by_name(db, key) else companies.alike(db, key)
    for ref, known in near:
        if terminal.wants(ctx, f"Is it c{ref} {known}?", f"c{ref}"):
            return known, []
    return name, [f"c{ref} {known}" for ref, known in near]
