"""``relate`` and ``unrelate``: who is whose spouse, manager or referrer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from crm_cli.cli import output, refs
from crm_cli.cli.context import reading, session, writing
from crm_cli.cli.options import DryRun, Json, Made
from crm_cli.core import relationships as rules
from crm_cli.core.text.folding import sort_key
from crm_cli.errors import UsageError
from crm_cli.queries import contacts
from crm_cli.render import cards, outcomes
from crm_cli.services import relationships as service
from crm_cli.services.relationships import Other

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from crm_cli.core.records import Relationship

app = typer.Typer()

Person = Annotated[str, typer.Argument(metavar="REF", help="The person: an id, a name, an e-mail address.")]
Name = Annotated[
    str, typer.Option("--name", metavar="NAME", help="The other person's name, if they are not in the book.")
]


@app.command("relate")
def relate(
    ctx: typer.Context,
    ref: Person,
    kind: Annotated[
        str, typer.Argument(metavar="KIND", help=f"What the other person is to them: {', '.join(rules.KINDS)}.")
    ],
    other: Annotated[str, typer.Argument(metavar="REF", help="The other person.", show_default=False)] = "",
    name: Name = "",
    dry_run: DryRun = False,
    format_: Made = "",
    as_json: Json = False,
) -> None:
    """Record that one person is another's spouse, manager, referrer and so on.

    crm relate A KIND B means "B is A's KIND". crm show lists it for both people, each from their own side.

    Examples:

      crm relate asha spouse "ravi verma"

      crm relate asha referred-by priya

      crm relate asha assistant --name "Meena Rao"
    """
    chosen = output.chosen_format(format_, as_json=as_json)
    wanted = rules.kind_of(kind)
    with reading(ctx) as book:
        person = refs.pick(ctx, book.db, ref, refs.PEOPLE)
        whose = _other(ctx, book.db, other, name)
    with writing(ctx, "relate", dry_run=dry_run) as (book, change):
        service.relate(book, person.id, wanted, whose, now=session(ctx).now_utc)
        card = cards.contact(contacts.get(book.db, person.id), session(ctx).zone, session(ctx).now_utc)
    text = outcomes.related(wanted, card["name"], whose.name)
    output.emit_change(ctx, change, text, chosen=chosen, refs=[person.ref], card=lambda: card)


@app.command("unrelate")
def unrelate(
    ctx: typer.Context,
    ref: Person,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[KIND] [REF]", help="The other person; KIND: only that relationship.")
    ] = None,
    name: Name = "",
    dry_run: DryRun = False,
    format_: Made = "",
    as_json: Json = False,
) -> None:
    """Remove the relationships of two people, or only those of one kind.

    Examples:

      crm unrelate asha ravi

      crm unrelate asha referred-by priya
    """
    chosen = output.chosen_format(format_, as_json=as_json)
    kind, other = _kind_and_other(words or [], name)
    with reading(ctx) as book:
        person = refs.pick(ctx, book.db, ref, refs.PEOPLE)
        record = contacts.get(book.db, person.id)
        whose = _related(ctx, book.db, record.relationships, other, name)
    with writing(ctx, "unrelate", dry_run=dry_run) as (book, change):
        gone = service.unrelate(book, person.id, whose, kind, now=session(ctx).now_utc)
        card = cards.contact(contacts.get(book.db, person.id), session(ctx).zone, session(ctx).now_utc)
    text = outcomes.unrelated(record.name, gone)
    output.emit_change(ctx, change, text, chosen=chosen, refs=[person.ref], card=lambda: card)


def _other(ctx: typer.Context, db: sqlite3.Connection, ref: str, name: str) -> Other:
    """Return the other person: of the book, or by name. Raises UsageError unless exactly one of both is given."""
    if bool(ref) == bool(name):
        raise UsageError("who is the other person?", hint="give a REF, or --name for one who is not in the book")
    if name:
        return Other(name)
    found = refs.pick(ctx, db, ref, refs.PEOPLE)
    return Other(contacts.get(db, found.id).name, found.id)


def _kind_and_other(words: Sequence[str], name: str) -> tuple[str, str]:
    """Return the kind, ``""`` for any, and the REF of the other person, ``""`` if a name was given."""
    *kinds, last = [*words, name] if name else words or [""]
    if not last or len(kinds) > 1:
        raise UsageError("whose relationship is removed?", hint="as in: crm unrelate asha spouse ravi")
    kind = kinds[0] if kinds else ""
    seen = kind if kind in rules.INVERSE.values() else kind and rules.kind_of(kind)
    return seen, "" if name else last


def _related(ctx: typer.Context, db: sqlite3.Connection, known: Sequence[Relationship], ref: str, name: str) -> Other:
    """Return the other person of a relationship, who may be known by name only."""
    asked = sort_key(name or ref).split()
    for each in known:
        words = sort_key(each.name).split()
        if each.person is None and all(any(word.startswith(part) for word in words) for part in asked):
            return Other(each.name)
    return _other(ctx, db, ref, name)
