"""``quality``: what in the book needs care."""

from __future__ import annotations

from typing import Any

import typer

from crm_cli.cli import output
from crm_cli.cli.context import reading, session
from crm_cli.cli.options import Format, Json
from crm_cli.core.query.field_table import IS_FLAGS
from crm_cli.queries import quality as queries
from crm_cli.render.tables import Column

app = typer.Typer()

MEND = {
    "nameless": 'crm edit ID name="Asha Verma"',
    "incomplete": "crm edit ID email=ADDRESS phone=NUMBER",
    "bad-email": "crm edit ID email=ADDRESS",
    "bad-phone": "crm edit ID phone=NUMBER",
    "bounced": "crm edit ID email+=ADDRESS",
    "stale": "crm called ID, or crm edit ID",
}
"""Flag -> the command that mends a record."""


def _listing(row: queries.Finding) -> str:
    """Return the command that lists what a flag finds: people, or companies if only those."""
    return f"crm list is:{row.flag}" if row.people else f"crm company list is:{row.flag}"


COLUMNS: tuple[Column[queries.Finding], ...] = (
    Column("check", lambda row: row.flag),
    Column("people", lambda row: str(row.people), right=True),
    Column("companies", lambda row: str(row.companies), right=True),
    Column("list", _listing),
    Column("mend", lambda row: MEND[row.flag], grow=1),
)


@app.command("quality")
def quality(ctx: typer.Context, format_: Format = "", as_json: Json = False) -> None:
    """Count the people and companies that need care, with the commands that list and mend them.

    Examples:

      crm quality

      crm list is:bad-phone
    """
    chosen = output.chosen_format(format_, as_json=as_json)
    here = session(ctx)
    with reading(ctx) as book:
        found = [row for row in queries.read(book.db, now=here.now, zone=here.zone) if row.people or row.companies]
    output.emit(ctx, found, COLUMNS, chosen=chosen, card=_card, ref=lambda row: row.flag, empty="nothing needs care")


def _card(row: queries.Finding) -> dict[str, Any]:
    return {
        "check": row.flag,
        "means": IS_FLAGS[row.flag],
        "people": row.people,
        "companies": row.companies,
        "list": _listing(row),
        "mend": MEND[row.flag],
    }
