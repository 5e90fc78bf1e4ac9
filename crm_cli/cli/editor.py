"""``edit`` without assignments: a card in the user's editor, opened again if it cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from crm_cli.cli import linked_words, terminal
from crm_cli.cli.assignments import parse
from crm_cli.cli.context import session
from crm_cli.core.records import Company
from crm_cli.errors import CrmError, UsageError
from crm_cli.queries import fields
from crm_cli.render import toml_card
from crm_cli.render.clean import clean

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    import typer

    from crm_cli.core.daily import Activity, Deal
    from crm_cli.core.edits import Edit, TagEdit
    from crm_cli.core.records import Contact

T = TypeVar("T")


def edit_card(ctx: typer.Context, db: sqlite3.Connection, record: Contact | Company) -> list[Edit | TagEdit]:
    """Return the edits that the user made to the record's card. Raises CrmError when there are none."""
    company = isinstance(record, Company)
    old = toml_card.card(record)
    custom = fields.names(db)

    def read(text: str) -> list[Edit | TagEdit]:
        words = toml_card.assignments(old, toml_card.read(text), company=company, custom=custom)
        return parse(db, words, company=company)[1]

    return _edited(ctx, toml_card.written(record, f"c{record.id}" if company else str(record.id)), read)


def edit_deal(ctx: typer.Context, db: sqlite3.Connection, deal: Deal) -> list[Edit]:
    """Return the edits that the user made to a deal's card. Raises CrmError when there are none."""
    from crm_cli.render import toml_deal

    decimal = session(ctx).reading.spelling.decimal
    old = toml_deal.card(deal, decimal)

    def read(text: str) -> list[Edit]:
        words = toml_deal.assignments(old, toml_card.read(text))
        return linked_words.parse(ctx, db, words, linked_words.DEAL)[1]

    return _edited(ctx, toml_deal.written(deal, decimal), read)


def edit_activity(ctx: typer.Context, db: sqlite3.Connection, activity: Activity) -> list[Edit]:
    """Return the edits that the user made to an activity's card. Raises CrmError when there are none."""
    from crm_cli.render import toml_activity

    zone = session(ctx).zone
    old = toml_activity.card(activity, zone)

    def read(text: str) -> list[Edit]:
        words = toml_activity.assignments(old, toml_card.read(text))
        return linked_words.parse(ctx, db, words, linked_words.ACTIVITY)[1]

    return _edited(ctx, toml_activity.written(activity, zone), read)


def _edited(ctx: typer.Context, original: str, read: Callable[[str], list[T]]) -> list[T]:
    """Return the result of ``read`` for the card as the user saved it.

    A card that cannot be read is opened again with the error on top; nothing typed is lost.
    """
    draft = terminal.draft(ctx, original, suffix=".toml")
    while True:
        text = terminal.edited(ctx, draft)
        if not text.strip() or text == original:
            raise CrmError("nothing was changed")
        try:
            edits = read(text)
        except UsageError as error:
            if not terminal.wants(ctx, f"{error}. Edit again?"):
                raise CrmError(f"nothing was changed: {error}") from error
            body = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("# mistake: "))
            draft.write(f"# mistake: {clean(str(error))}\n{body}")
            continue
        if not edits:
            session(ctx).discard_drafts()
            raise CrmError("nothing was changed")
        return edits
