"""``edit`` without assignments: a card in the user's editor, asked again when it cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.cli import terminal
from crm_cli.cli.assignments import parse
from crm_cli.core.records import Company
from crm_cli.errors import CrmError, UsageError
from crm_cli.render import toml_card
from crm_cli.render.clean import clean

if TYPE_CHECKING:
    import sqlite3

    import typer

    from crm_cli.core.edits import Edit, TagEdit
    from crm_cli.core.records import Contact


def edit_card(ctx: typer.Context, db: sqlite3.Connection, record: Contact | Company) -> list[Edit | TagEdit]:
    """Return the edits that the user made to the record's card. Raises CrmError when there are none.

    A card that cannot be read is offered again with what is wrong at its head; nothing typed is lost.
    """
    company = isinstance(record, Company)
    ref = f"c{record.id}" if company else str(record.id)
    original = text = toml_card.written(record, ref)
    old = toml_card.card(record)
    while True:
        text = terminal.edited(ctx, text, suffix=".toml")
        if not text.strip() or text == original:
            raise CrmError("nothing was changed")
        try:
            return _edits(db, old, text, company=company)
        except UsageError as error:
            if not terminal.wants(ctx, f"{error}. Edit again?"):
                raise CrmError(f"nothing was changed: {error}") from error
            body = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("# mistake: "))
            text = f"# mistake: {clean(str(error))}\n{body}"


def _edits(db: sqlite3.Connection, old: toml_card.Card, text: str, *, company: bool) -> list[Edit | TagEdit]:
    custom = [row[0] for row in db.execute("SELECT name FROM custom_field")]
    words = toml_card.assignments(old, toml_card.read(text), company=company, custom=custom)
    edits = parse(db, words, company=company)[1]
    if not edits:
        raise CrmError("nothing was changed")
    return edits
