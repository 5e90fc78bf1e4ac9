"""``cadence``: how often to keep in touch with people, and who is due."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from crm_cli.cli import output, refs, terminal
from crm_cli.cli.context import reading, require_named_book, session, writing
from crm_cli.cli.options import HELP, Columns, DryRun, Format, Json, Limit, Made, Query
from crm_cli.cli.query_words import QueryCommand, condition
from crm_cli.core import cadence
from crm_cli.core.text.folding import fold
from crm_cli.errors import UsageError
from crm_cli.queries import cadences as queries
from crm_cli.queries import tags
from crm_cli.render import cadences as render
from crm_cli.render import tables
from crm_cli.render.activities import dated
from crm_cli.render.words import counted

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from crm_cli.book.book import Book
    from crm_cli.core.daily import ToReach
    from crm_cli.services.cadences import Owner

app = typer.Typer(
    no_args_is_help=True, help="How often to keep in touch: set, list, pause, resume, rm, spread, suggest."
)

Whose = Annotated[
    list[str], typer.Argument(metavar="REF|tag:TAG", help="A person, or everyone with a tag. - reads ids from a pipe.")
]
EXAMPLE = "as in: crm cadence set asha 6w, or tag:client 3m"
TAG = "tag:"


class Target(NamedTuple):
    """The owner of a cadence, and its name in messages."""

    owner: Owner
    name: str


@app.command("set")
def set_(
    ctx: typer.Context,
    words: Annotated[
        list[str], typer.Argument(metavar="REF|tag:TAG SPAN", help="Who, then how often: 10d, 6w, 3m, 1y.")
    ],
    dry_run: DryRun = False,
    form: Made = "",
    json: Json = False,
) -> None:
    """Set how often to keep in touch with a person, or with everyone who has a tag.

    The shortest applies: a person's own, or that of one of their tags. It starts again each time you reach them: they
    answered, or you met. A person who was never reached is due at once.

    Examples:

      crm cadence set asha 6w

      crm cadence set tag:client "3 months"

      crm list city:pune --format ids | crm cadence set - 8w
    """
    chosen = output.chosen_format(form, as_json=json)
    who, every = _split_span(words)
    here = session(ctx)

    def work(book: Book, owner: Owner) -> None:
        from crm_cli.services import cadences as service

        service.set_every(book, owner, every, today=here.today, now=here.now_utc)

    _for_each(
        ctx, "set", who, work, lambda names: f"{names}: {render.every_words(every)}", chosen=chosen, dry_run=dry_run
    )


def _split_span(words: Sequence[str]) -> tuple[list[str], str]:
    """Split words into who and the span at their end, which may be several words: ``every 6 weeks``."""
    for size in (3, 2, 1):
        if len(words) > size:
            try:
                return list(words[:-size]), cadence.parse(" ".join(words[-size:]))
            except UsageError:
                if size == 1:
                    raise
    raise UsageError("who, and how often?", hint=EXAMPLE)


@app.command("pause")
def pause(
    ctx: typer.Context,
    words: Annotated[
        list[str], typer.Argument(metavar="REF|tag:TAG [UNTIL]", help="Who, then the day it ends. [until resumed]")
    ],
    dry_run: DryRun = False,
    form: Made = "",
    json: Json = False,
) -> None:
    """Pause a cadence until a day, or until it is resumed; a paused person is not named as silent either.

    Examples:

      crm cadence pause asha 15 jan

      crm cadence pause tag:supplier
    """
    chosen = output.chosen_format(form, as_json=json)
    here = session(ctx)
    who, until = _split_day(ctx, words)
    require_named_book(ctx)
    ends = f" until {until}" if until else ""

    def work(book: Book, owner: Owner) -> None:
        from crm_cli.services import cadences as service

        service.pause(book, owner, until, today=here.today, now=here.now_utc)

    _for_each(ctx, "pause", who, work, lambda names: f"Paused {names}{ends}", chosen=chosen, dry_run=dry_run)


def _split_day(ctx: typer.Context, words: Sequence[str]) -> tuple[list[str], str | None]:
    """Split words into who and the day at their end, if there is one."""
    here = session(ctx)
    if "until" in words[1:]:
        place = list(words).index("until", 1)
        return list(words[:place]), here.moment(" ".join(words[place + 1 :])).date
    for size in range(min(4, len(words) - 1), 0, -1):
        try:
            return list(words[:-size]), here.moment(" ".join(words[-size:])).date
        except UsageError:
            continue
    return list(words), None


@app.command("resume")
def resume(ctx: typer.Context, words: Whose, dry_run: DryRun = False, form: Made = "", json: Json = False) -> None:
    """End the pause of a cadence.

    Example:

      crm cadence resume asha
    """
    chosen = output.chosen_format(form, as_json=json)
    require_named_book(ctx)

    def work(book: Book, owner: Owner) -> None:
        from crm_cli.services import cadences as service

        service.resume(book, owner, now=session(ctx).now_utc)

    _for_each(ctx, "resume", words, work, lambda names: f"Resumed {names}", chosen=chosen, dry_run=dry_run)


@app.command("rm")
def rm(ctx: typer.Context, words: Whose, dry_run: DryRun = False, form: Made = "", json: Json = False) -> None:
    """Remove the cadence of a person or a tag.

    Examples:

      crm cadence rm asha

      crm cadence rm tag:client
    """
    chosen = output.chosen_format(form, as_json=json)
    require_named_book(ctx)

    def work(book: Book, owner: Owner) -> None:
        from crm_cli.services import cadences as service

        service.remove(book, owner, now=session(ctx).now_utc)

    _for_each(ctx, "rm", words, work, lambda names: f"Removed the cadence of {names}", chosen=chosen, dry_run=dry_run)


def _for_each(
    ctx: typer.Context,
    verb: str,
    words: Sequence[str],
    work: Callable[[Book, Owner], object],
    describe: Callable[[str], str],
    *,
    chosen: str,
    dry_run: bool,
) -> None:
    """Do the same for a tag, or for each of some people, as one change; ``describe`` says what, given their names."""
    with reading(ctx) as book:
        targets = _targets(ctx, book.db, words)
    if not targets:
        return
    with writing(ctx, f"cadence {verb}", dry_run=dry_run) as (book, change):
        for target in targets:
            work(book, target.owner)
    output.emit_change(ctx, change, describe(_names(targets)), chosen=chosen, refs=_refs(targets))


def _targets(ctx: typer.Context, db: sqlite3.Connection, words: Sequence[str]) -> list[Target]:
    """Return whose cadence it is: a tag, or a person whose name may be several words, or people from a pipe."""
    from crm_cli.services.cadences import Owner

    text = " ".join(words)
    if fold(text).startswith(TAG):
        name = text[len(TAG) :].strip()
        ref, name = tags.find(db, name)
        return [Target(Owner("tag", ref), f"{TAG}{name}")]
    people = refs.pick_all(ctx, db, terminal.piped_refs(words) if "-" in words else [text], refs.PEOPLE)
    return [Target(Owner(one.kind, one.id), f"{one.ref} {one.line}") for one in people]


def _names(targets: Sequence[Target]) -> str:
    return targets[0].name if len(targets) == 1 else f"{len(targets)} people"


def _refs(targets: Sequence[Target]) -> list[str]:
    return [target.name if target.owner.kind == "tag" else str(target.owner.id) for target in targets]


@app.command("list", cls=QueryCommand)
def list_(
    ctx: typer.Context,
    *,
    query: Query = None,
    columns: Columns = "",
    limit: Limit = 0,
    form: Format = "",
    json: Json = False,
) -> None:
    """List the people with a cadence, all or those who match a query; the most overdue first.

    Examples:

      crm cadence list

      crm cadence list tag:client --columns name,next,late,phone
    """
    here, chosen = session(ctx), output.chosen_format(form, as_json=json)
    known = render.columns(here.today, here.zone, spoken=chosen == "table")
    if columns == HELP:
        output.say_columns(known)
        return
    picked = tables.pick(known, columns, render.LIST)
    with reading(ctx) as book:
        people = condition(ctx, book.db, query, "contact")
        rows = queries.reaching(book.db, queries.listed(book.db, people, limit))
        of_tags = queries.of_tags(book.db)
    output.emit(
        ctx, rows, picked, chosen=chosen, card=lambda row: _card(ctx, row), ref=lambda row: str(row.person.id),
        named=columns, empty="no one has a cadence (crm cadence set asha 6w)",
    )  # fmt: skip
    if chosen == "table" and of_tags and not query:
        output.notify(ctx, "; ".join(f"{TAG}{name} {render.every_words(every)}" for name, every in of_tags))


def _card(ctx: typer.Context, row: ToReach) -> dict[str, Any]:
    from crm_cli.render.agenda import reach_card

    return reach_card(row, session(ctx).day)


@app.command("spread", cls=QueryCommand)
def spread(
    ctx: typer.Context,
    *,
    query: Query = None,
    over: Annotated[
        str, typer.Option("--over", metavar="SPAN", help="How long to spread them over. [their own cadence]")
    ] = "",
    dry_run: DryRun = False,
    form: Made = "",
    json: Json = False,
) -> None:
    """Spread people who are due by today over the next weeks, so that a fresh import is not overdue at once.

    Everyone gets a day before which they are not due: the most overdue first, as many each day.

    Examples:

      crm cadence spread tag:fair2026

      crm cadence spread --over 6w --dry-run
    """
    chosen, here = output.chosen_format(form, as_json=json), session(ctx)
    days = cadence.days(cadence.parse(over)) if over else 0
    require_named_book(ctx)
    with writing(ctx, "cadence spread", dry_run=dry_run) as (book, change):
        from crm_cli.services import cadences as service

        people = queries.due(book.db, session(ctx).day, condition(ctx, book.db, query, "contact"))
        placed = service.spread(book, people, days, today=here.today, now=here.now_utc)
    weeks = cadence.per_week(placed.values())
    message = f"Spread {counted(len(placed), 'person', 'people')}" + (f": {_weeks(weeks, here.today)}" if weeks else "")
    output.emit_change(
        ctx, change, message, chosen=chosen, refs=[str(ref) for ref in placed],
        card=lambda: [{"week": week, "people": number} for week, number in weeks.items()],
    )  # fmt: skip


def _weeks(weeks: dict[str, int], today: str) -> str:
    """Return how many people are due in each week: ``50 in the week of Mon 23 Nov, 50 in the week of Mon 30 Nov``."""
    return ", ".join(f"{number} in the week of {dated(week, today)}" for week, number in weeks.items())


@app.command("suggest", cls=QueryCommand)
def suggest(
    ctx: typer.Context,
    *,
    query: Query = None,
    apply: Annotated[bool, typer.Option("--apply", help="Set what is suggested.")] = False,
    dry_run: DryRun = False,
    form: Format = "",
    json: Json = False,
) -> None:
    """Suggest a cadence for people you reached on at least five days, from the median of the days between.

    Without a query: for those who are now silent for longer than is usual for them. With one: for all who match it and
    have no cadence.

    Examples:

      crm cadence suggest

      crm cadence suggest tag:client --apply
    """
    here, chosen = session(ctx), output.chosen_format(form, as_json=json)
    with reading(ctx) as book:
        ids = queries.regular(book.db, session(ctx).day, condition(ctx, book.db, query, "contact"))
        spans = {ref: queries.suggested(book.db, ref) for ref in ids}
        rows = queries.reaching(book.db, ids)
    if not apply:
        _say_suggested(ctx, rows, spans, chosen)
        return
    with writing(ctx, "cadence suggest", dry_run=dry_run) as (book, change):
        from crm_cli.services import cadences as service

        for ref, every in spans.items():
            service.set_every(book, service.Owner("contact", ref), every, today=here.today, now=here.now_utc)
    message = f"Set the cadence of {counted(len(spans), 'person', 'people')}"
    output.emit_change(ctx, change, message, chosen=chosen, refs=[str(ref) for ref in spans])


def _say_suggested(ctx: typer.Context, rows: Sequence[ToReach], spans: dict[int, str], chosen: str) -> None:
    here = session(ctx)
    columns: list[tables.Column[ToReach]] = [
        tables.Column("id", lambda row: str(row.person.id), right=True),
        tables.Column("name", lambda row: row.person.name, grow=1, least=14),
        tables.Column("suggested", lambda row: spans[row.person.id]),
        tables.Column("why", lambda row: render.rhythm_words(row.rhythm, here.today, here.zone), grow=2, least=20),
    ]
    output.emit(
        ctx, rows, columns, chosen=chosen, ref=lambda row: str(row.person.id),
        card=lambda row: {"suggested": spans[row.person.id], **_card(ctx, row)}, empty="no one to suggest one for",
    )  # fmt: skip
    if rows and chosen == "table":
        output.notify(ctx, "crm cadence suggest --apply sets them")
