"""``crm find`` and ``crm list``: search and list people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from crm_cli.cli.context import reading, session
from crm_cli.cli.options import HELP, Columns, Format, Json, Limit, Query
from crm_cli.cli.output import chosen_format, emit, notify, notify_empty, say, say_columns
from crm_cli.cli.query_words import QueryCommand, condition
from crm_cli.core.kinds import BY_LETTER, split
from crm_cli.core.limits import shortened
from crm_cli.errors import Exit, UsageError
from crm_cli.queries import people
from crm_cli.render import people as columns_of
from crm_cli.render.clean import clean
from crm_cli.render.tables import Column, pick

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from crm_cli.cli.context import CommandLine
    from crm_cli.core.records import Contact
    from crm_cli.core.rows import Row
    from crm_cli.queries.find import Results

T = TypeVar("T")

app = typer.Typer(rich_markup_mode=None)

ECHOED = 200
"""How many characters of the search text a message repeats."""

PAGE = 500
"""How many whole records are read at once for JSON."""

FIND_HELP = """Search everything, best match first; one typo is fine.

Words match the beginnings of names, and companies, tags, notes and the text of activities; names come first. Three or
more digits find a phone number, in whatever format it is written; the beginning of an e-mail address finds the
address. Names in other scripts that sound the same come last. The column "found" shows what matched if it was not the
name.

\b
  crm find asha                 crm find "asha verma"
  crm find 98200-12345          crm find asha@
  crm find 98200                crm find rajesh      राजेश, too
  crm find blue door            what was it about the blue door?
  crm find kumar --format ids | crm tag - +fair2026

Exit code 3 when nothing is found. To filter exactly instead of ranking, see: crm list --help
"""

LIST_HELP = """List people who match a query; without one, list everyone, sorted by name.

\b
  crm list                           crm list tag:client city:pune
  crm list quiet:60d -tag:dnc        not reached for 60 days, or never
  crm list birthday:this-month       crm list company:"Acme Ltd"
  crm list has:phone no:email        crm list created.after:2026-01-01
  crm list '(city:pune OR city:mumbai) AND tag:vip' --sort -last-reach
  crm list tag:client --format ids | crm tag - +fair2026

--columns name,next,birthday chooses the columns; --columns help lists them all, custom fields included.

A word without a field matches any text of a record. Several terms must all match; you can also use OR, NOT and
brackets (in quotes). See: crm help queries
"""

Sort = Annotated[
    str, typer.Option("--sort", metavar="ORDER", help=f"{', '.join(people.SORTS)}; -name reverses it. [name]")
]
Count = Annotated[bool, typer.Option("--count", help="Print only the number of matches.")]


@app.command("find", help=FIND_HELP, cls=QueryCommand)
def find(
    ctx: typer.Context,
    *,
    words: Annotated[list[str], typer.Argument(metavar="WORDS...", help="Names, a phone, an e-mail, anything.")],
    limit: Limit = 20,
    columns: Columns = "",
    form: Format = "",
    json: Json = False,
) -> None:
    """Search everything, best first."""
    from crm_cli.queries.find import find as search

    here, chosen = session(ctx), chosen_format(form, as_json=json)
    known = columns_of.columns(here.zone)
    if columns == HELP:
        say_columns(known, columns_of.meaning)
        return
    pick(known, columns, columns_of.FIND)
    text = " ".join(words).strip()
    if not text:
        raise UsageError("nothing to look for", hint="crm find NAME")
    with reading(ctx) as book:
        found = search(book.db, text, _region(ctx, text), limit)
        _remark(ctx, text, found)
        picked = pick(known, columns, columns_of.found_columns(found.rows, table=chosen == "table"))
        emit(ctx, found.rows, picked, chosen=chosen, card=_cards(ctx, book.db, found.rows), ref=_ref, named=columns)
    if not found.rows:
        raise typer.Exit(Exit.NOT_FOUND)


def _region(ctx: typer.Context, text: str) -> str:
    return session(ctx).region if any(char.isdigit() for char in text) else ""


def _remark(ctx: typer.Context, text: str, found: Results) -> None:
    """Write notes about a result to stderr: nothing found, a corrected typo, more results than shown."""
    if not found.rows:
        notify(ctx, f"crm: nothing found for {clean(shortened(text, ECHOED))}{_as_query(text)}")
    if found.corrected:
        notify(ctx, f"closest to what you typed: {clean(found.corrected)}")
    if found.capped or found.total > len(found.rows):
        total = f"{found.total}{'+' if found.capped else ''}"
        notify(ctx, f"{len(found.rows)} of {total}; more words narrow it, --limit 0 shows all")


def _as_query(text: str) -> str:
    """Return where a term like ``tag:client`` is understood; ``find`` searches for it as plain text."""
    from crm_cli.core.query import parser as query

    terms = [word for word in text.split() if ":" in word and query.field_named(word.partition(":")[0])]
    return f" (terms of a query are for: crm list {clean(shortened(terms[0], ECHOED))})" if terms else ""


@app.command("list", help=LIST_HELP, cls=QueryCommand)
def list_people(
    ctx: typer.Context,
    *,
    query: Query = None,
    sort: Sort = "name",
    columns: Columns = "",
    limit: Limit = 0,
    count: Count = False,
    form: Format = "",
    json: Json = False,
) -> None:
    """List people by a query."""
    chosen = chosen_format(form, as_json=json)
    with reading(ctx) as book:
        lines: list[Row] = []
        known = _every_column(ctx, book.db, lines)
        if columns == HELP:
            say_columns(known, columns_of.meaning)
            return
        picked = pick(known, columns, columns_of.LIST)
        where, params = condition(ctx, book.db, query, "contact") or ("1", ())
        if count:
            say(str(people.count(book.db, where, params)))
        elif chosen == "ids":
            found = people.ids(book.db, where, params, sort=sort, limit=limit)
            for ref in found:
                say(str(ref))
            if not found:
                notify_empty(ctx, _none(query))
        else:
            lines += people.rows(book.db, where, params, sort=sort, limit=limit)
            emit(
                ctx, lines, picked, chosen=chosen, card=_cards(ctx, book.db, lines), ref=_ref, named=columns,
                empty=_none(query),
            )  # fmt: skip


def _none(query: Sequence[str] | None) -> str:
    return "no people match" if query else "no people yet (crm add NAME, or crm import FILE)"


def _every_column(ctx: typer.Context, db: sqlite3.Connection, lines: Sequence[Row]) -> tuple[Column[Row], ...]:
    """Return every column of a list of these ``lines``; whole records are read only for the columns that need them."""

    def people_of(refs: Sequence[str]) -> dict[str, Contact]:
        from crm_cli.queries import contacts

        return {str(found.id): found for found in contacts.load(db, list(map(int, refs)))}

    whole = _by_page(lines, people_of)
    from crm_cli.queries import fields

    here = session(ctx)
    return columns_of.every_column(columns_of.Seen(here.now_utc, here.today, here.zone), whole, fields.names(db))


def _ref(row: Row) -> str:
    return row.ref


def _cards(ctx: typer.Context, db: sqlite3.Connection, rows: Sequence[Row]) -> Callable[[Row], Any]:
    """Return a function from a row to its JSON card."""
    return _by_page(rows, lambda refs: _loaded(db, refs, session(ctx)))


def _by_page(rows: Sequence[Row], load: Callable[[Sequence[str]], dict[str, T]]) -> Callable[[Row], T]:
    """Return a function from a row to its record, which calls ``load`` (ids -> records) for a page at a time."""
    held: dict[str, T] = {}
    places: dict[str, int] = {}

    def record(row: Row) -> T:
        if row.ref not in held:
            places.update({} if places else {one.ref: place for place, one in enumerate(rows)})
            held.clear()
            held.update(load([one.ref for one in rows[places[row.ref] : places[row.ref] + PAGE]]))
        return held[row.ref]

    return record


def _loaded(db: sqlite3.Connection, refs: Sequence[str], here: CommandLine) -> dict[str, Any]:
    """Return the cards of people, companies, activities and deals by their printed ids."""
    from crm_cli.queries import activities, companies, contacts
    from crm_cli.render import cards

    seen = here.zone, here.now_utc
    ids: dict[str, list[int]] = {letter: [] for letter in BY_LETTER}
    for ref in refs:
        letter, number = split(ref)
        ids[letter].append(int(number))
    made = _deal_cards(db, ids["d"], here) if ids["d"] else {}
    return {
        **{str(found.id): cards.contact(found, *seen) for found in contacts.load(db, ids[""])},
        **{f"c{found.id}": cards.company(found, *seen) for found in companies.load(db, ids["c"])},
        **{f"a{found.id}": cards.activity(found, *seen) for found in activities.load(db, ids["a"])},
        **made,
    }


def _deal_cards(db: sqlite3.Connection, ids: list[int], here: CommandLine) -> dict[str, Any]:
    from crm_cli.queries import deals
    from crm_cli.render import deals as render

    return {f"d{found.id}": render.card(found, here.zone, here.now_utc) for found in deals.load(db, ids)}
