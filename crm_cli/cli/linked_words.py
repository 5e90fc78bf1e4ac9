"""Assignments whose values may be REFs (``with=priya``, ``deal=d7``), in words about deals and activities."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm_cli.cli import refs
from crm_cli.core import edits as grammar
from crm_cli.core.edits import Edit
from crm_cli.core.fields import ACTIVITY_FIELDS, DEAL_FIELDS
from crm_cli.errors import UsageError
from crm_cli.queries.refs import is_id, kind_of, resolve

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    import typer

    from crm_cli.core.fields import Field


class Linked(NamedTuple):
    """How words about a kind of record are parsed.

    ``links`` are the fields that name other records, with the kind of each; of ``makes`` a name without a match is
    kept, as the record is made by it.
    """

    noun: str
    fields: tuple[Field, ...]
    links: Mapping[str, str]
    makes: frozenset[str] = frozenset()


ACTIVITY = Linked("an activity", ACTIVITY_FIELDS, {"with": "contact", "company": "company", "deal": "deal"})
DEAL = Linked("a deal", DEAL_FIELDS, {"with": "contact", "company": "company"}, frozenset({"company"}))


def parse(
    ctx: typer.Context, db: sqlite3.Connection, words: Sequence[str], kind: Linked
) -> tuple[list[str], list[Edit]]:
    """Split words into free words and edits, and look up the records that the edits name."""
    free, found = grammar.split_words(words, kind.fields)
    edits = [_resolved(ctx, db, each, kind) for each in found if isinstance(each, Edit)]
    if len(edits) < len(found):
        raise UsageError(f"{kind.noun} has no tags", hint="its people have: crm tag REF +vip")
    return free, edits


def _resolved(ctx: typer.Context, db: sqlite3.Connection, edit: Edit, kind: Linked) -> Edit:
    """Replace a REF by the printed id; a card names a record by its id and its name (``c4 Acme``)."""
    wanted = kind.links.get(edit.field)
    if not edit.value or wanted is None:
        return edit
    first = edit.value.partition(" ")[0]
    text = first if is_id(first) and kind_of(first).name == wanted else edit.value
    if edit.field in kind.makes and not resolve(db, text, kinds=(wanted,)):
        return edit
    found = refs.deal(ctx, db, text) if wanted == "deal" else refs.pick(ctx, db, text, (wanted,))
    return edit._replace(value=found.ref)


def amount_in(words: Sequence[str]) -> str:
    """Return the last word of a title if it is a number, as in ``crm deal add "Tea tins" 5000``, else ``""``."""
    last = words[-1] if len(words) > 1 else ""
    return last if last[:1].isdigit() and last.replace(",", "").replace(".", "").isdigit() else ""
