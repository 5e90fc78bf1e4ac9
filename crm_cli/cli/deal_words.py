"""The words of a command about deals: assignments, whose values may be REFs, in this very book."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.cli import refs
from crm_cli.cli.context import world
from crm_cli.core import edits as grammar
from crm_cli.core.edits import Edit
from crm_cli.core.fields import DEAL_FIELDS
from crm_cli.errors import UsageError
from crm_cli.queries.refs import resolve

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    import typer

    from crm_cli.render.board import View


def parse(ctx: typer.Context, db: sqlite3.Connection, words: Sequence[str]) -> tuple[list[str], list[Edit]]:
    """Part words into free ones and edits; people and companies that edits name are looked up."""
    free, found = grammar.split_words(words, DEAL_FIELDS)
    edits = [_resolved(ctx, db, each) for each in found if isinstance(each, Edit)]
    if len(edits) < len(found):
        raise UsageError("a deal has no tags", hint="its people have: crm tag REF +vip")
    return free, edits


def _resolved(ctx: typer.Context, db: sqlite3.Connection, edit: Edit) -> Edit:
    """Put the printed id in the place of a REF; a company that nobody knows is made by its name."""
    if not edit.value:
        return edit
    if edit.field == "with":
        return edit._replace(value=str(refs.pick(ctx, db, edit.value, refs.PEOPLE).id))
    if edit.field == "company" and resolve(db, edit.value, kinds=("company",)):
        return edit._replace(value=refs.pick(ctx, db, edit.value, ("company",)).ref)
    return edit


def view(ctx: typer.Context, *, limit: int = 0) -> View:
    """Return for whom deals are drawn."""
    from crm_cli.cli.output import terminal_width
    from crm_cli.render.board import View

    here = world(ctx)
    return View(here.today, here.zone, here.locale, terminal_width(), here.colored, limit)


def amount_in(words: Sequence[str]) -> str:
    """Return the last word of a title where it is a number, as in ``crm deal add "Tea tins" 5000``, else ``""``."""
    last = words[-1] if len(words) > 1 else ""
    return last if last[:1].isdigit() and last.replace(",", "").replace(".", "").isdigit() else ""
