"""``add``, ``show``, ``edit``, ``rm``: people, and companies if a REF names one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from crm_cli.cli import foreign_queries, output, refs, terminal
from crm_cli.cli.context import reading, session, writing
from crm_cli.cli.options import DryRun, Edited, Facts, Json, Made, New, Ref, Refs, Yes
from crm_cli.cli.query_words import QueryCommand
from crm_cli.core.text.folding import sort_key
from crm_cli.queries import activities, contacts, deal_ids, erasures, records
from crm_cli.queries.refs import is_id, kind_of
from crm_cli.render import cards, outcomes

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from crm_cli.book.book import Change
    from crm_cli.cli.context import CommandLine
    from crm_cli.core.daily import Activity
    from crm_cli.core.records import Company, Contact
    from crm_cli.queries.refs import Candidate

app = typer.Typer()

SHOWN = 8
"""How many activities ``show`` prints."""


@app.command("add", cls=QueryCommand)
def add(
    ctx: typer.Context,
    words: New,
    dry_run: DryRun = False,
    format_: Made = "",
    as_json: Json = False,
) -> None:
    """Add a person.

    Set fields by name (crm field list shows them all) and tags with a +. You can give an e-mail address, or a
    phone number of seven or more digits, without a field name, each as a separate word.

    Examples:

      crm add Asha Verma email=asha@acme.in company=Acme title=CTO +client

      crm add "Jane Doe" jane@doe.example "+91 98111 22222"

      crm add "王小明" phone.mobile="0912 345 678" city=台北 birthday=--04-12
    """
    chosen = output.chosen_format(format_, as_json=as_json)
    here = session(ctx)
    with writing(ctx, "add", dry_run=dry_run) as (book, change):
        from crm_cli.cli.assignments import parse
        from crm_cli.core.edits import points_of
        from crm_cli.services import contacts as service

        name_words, given = parse(book.db, words, phones=True)
        foreign_queries.check_name(name_words)
        name_words, reachable = points_of(name_words)
        name, edits = " ".join(name_words), [*reachable, *given]
        twins = contacts.by_name(book.db, sort_key(name)) if name else []
        ref = service.add(book, name, edits, now=here.now_utc, region=here.region)
        erased = _erased(book.db, ref)
        card = cards.contact(contacts.get(book.db, ref), here.zone, here.now_utc)
        alike = contacts.sharing(book.db, ref) if card["emails"] or card["phones"] else []
    known = f"{ref} {card['name']}" + (f", {card['company']}" if card["company"] else "")
    known += "".join(f", {edit.field} {edit.value}" for edit in reachable)
    output.emit_change(ctx, change, outcomes.added(known), chosen=chosen, refs=[str(ref)], card=lambda: card)
    if erased:
        output.notify(ctx, f"note: this person was erased on {erased[:10]} (crm erase {ref} forgets them again)")
    _name_likely(ctx, ref, card["name"], twins, alike)
    if foreign_queries.begins_like_a_task(name):
        output.notify(ctx, f'note: that is a person now; something to do is: crm todo "{name}"')


def _erased(db: sqlite3.Connection, ref: int) -> str:
    """Return when a person who was just added had been erased, or ``""``."""
    if not erasures.exist(db):
        return ""
    from crm_cli.services.erasing import marks

    return next((at for _, at in marks.reappeared(db, ref - 1)), "")


def _name_likely(
    ctx: typer.Context, ref: int, name: str, twins: Sequence[int], alike: Sequence[tuple[int, str, str]]
) -> None:
    """Report in one line who may be the new person: someone with an address of theirs and a name that agrees.

    Otherwise, report the people with the same name.
    """
    if alike:
        from crm_cli.core.names import agree

        found = next((each for each in alike if agree(name, each[1])), None)
        if found:
            other, known, kind = found
            what = {"email": "e-mail", "phone": "phone"}[kind]
            output.notify(
                ctx, f"note: likely the same as {other} {known}: same {what} (if so: crm merge {other} {ref})"
            )
            return
    if twins:
        output.notify(ctx, f"note: {len(twins)} with that name before: {', '.join(str(twin) for twin in twins[:5])}")


@app.command("show")
def show(
    ctx: typer.Context,
    words: Ref,
    all_: Annotated[bool, typer.Option("--all", "-a", help="The whole history, not just the latest.")] = False,
    format_: Facts = "",
    as_json: Json = False,
) -> None:
    """Show everything you need before a call: who, what comes next, how to reach them, what was said.

    A REF is an id, an e-mail, a phone number in any format, words of a name ("priya @globex"
    narrows by company), uid: and a prefix, or . for the last one shown here.

    Examples:

      crm show priya sharma

      crm show 098200 12345

      crm show c4 --json
    """
    chosen = output.chosen_format(format_, as_json=as_json, known=("text", "json"))
    here = session(ctx)
    with reading(ctx) as book:
        found = refs.pick(ctx, book.db, " ".join(words), refs.ANY)
        if found.kind == "deal":
            from crm_cli.cli.deals import show_one

            show_one(ctx, book.db, found.id, chosen)
            return
        if found.kind == "activity":
            _show_activity(ctx, book.db, found.id, chosen)
            return
        record = records.get(book.db, found.kind, found.id)
        limit = -1 if all_ else SHOWN
        done = activities.load(book.db, activities.ids_of(book.db, found.kind, found.id, status="done", limit=limit))
        to_do = activities.load(book.db, activities.ids_of(book.db, found.kind, found.id, status="open"))
        deals = _deals(ctx, book.db, found, chosen)
    terminal.remember(found.ref)
    if chosen == "json":
        output.say_json(_card(here, record, to_do, done) | {"deals": deals, "merged": cards.merged(record, here.zone)})
        return
    from crm_cli.render.show import briefing

    lines = briefing(record, done, to_do, today=here.today, zone=here.zone, now=here.now_utc, deals=deals)
    output.say_lines(lines, colored=here.colored)


def _card(here: CommandLine, record: Contact | Company, to_do: list[Activity], done: list[Activity]) -> dict[str, Any]:
    """Return the JSON of a person or a company with its activities."""
    card = cards.of(record, here.zone, here.now_utc)
    card["agenda"] = [cards.activity(activity, here.zone, here.now_utc) for activity in to_do]
    card["history"] = [cards.activity(activity, here.zone, here.now_utc) for activity in done]
    return card


def _deals(ctx: typer.Context, db: sqlite3.Connection, found: Candidate, chosen: str) -> list[Any]:
    """Return the cards, or the lines, of the open deals of a person or a company; without any, nothing is imported."""
    ids = deal_ids.of(db, found.kind, found.id)
    if not ids:
        return []
    from crm_cli.queries import deals
    from crm_cli.render import deals as render

    here, held = session(ctx), deals.load(db, ids)
    if chosen == "json":
        return [render.card(deal, here.zone, here.now_utc) for deal in held]
    return [render.brief(deal, here.today, here.zone, here.locale) for deal in held]


def _show_activity(ctx: typer.Context, db: sqlite3.Connection, activity_id: int, chosen: str) -> None:
    from crm_cli.render.activities import briefing

    here = session(ctx)
    record = activities.get(db, activity_id)
    terminal.remember(f"a{activity_id}")
    if chosen == "json":
        output.say_json(cards.activity(record, here.zone, here.now_utc))
        return
    output.say_lines(briefing(record, today=here.today, zone=here.zone, now=here.now_utc), colored=here.colored)


@app.command("edit", cls=QueryCommand)
def edit(
    ctx: typer.Context,
    words: Edited,
    dry_run: DryRun = False,
    format_: Made = "",
    as_json: Json = False,
) -> None:
    """Edit a person, a company or an activity: with field=value, or in your editor if you give none.

    field=value sets a field, field+=value adds a value, field-=value removes one, field= clears the field.
    - reads ids from a pipe.

    Examples:

      crm edit priya city=Pune phone.work+="+91 20 2553 1234" +vip -lead

      crm edit 12 email-=old@example.org

      crm edit 12

      crm edit a31 text="Agreed on the price" "when=yesterday 3pm" outcome=reached with+=ravi

      crm list city:poona --format ids | crm edit - city=Pune --dry-run
    """
    chosen = output.chosen_format(format_, as_json=as_json)
    if _edit_other(ctx, words, dry_run=dry_run, chosen=chosen):
        return
    from crm_cli.cli.assignments import parse

    with reading(ctx) as book:
        free, _ = parse(book.db, words)
        found = refs.pick(ctx, book.db, " ".join(free))
        company = found.kind == "company"
        edits = parse(book.db, words, company=company)[1]
        revision = None
        if not edits:
            from crm_cli.cli.editor import edit_card

            record = records.get(book.db, found.kind, found.id)
            revision = record.revision
            edits = edit_card(ctx, book.db, record)
    here = session(ctx)
    with writing(ctx, "edit", dry_run=dry_run) as (book, change):
        if company:
            from crm_cli.services import companies as of_companies

            of_companies.edit(book, found.id, edits, now=here.now_utc, region=here.region, revision=revision)
        else:
            from crm_cli.services import contacts as of_contacts

            of_contacts.edit(book, found.id, edits, now=here.now_utc, region=here.region, revision=revision)
    output.emit_change(ctx, change, outcomes.changed(f"{found.ref} {found.line}"), chosen=chosen, refs=[found.ref])


def _edit_other(ctx: typer.Context, words: list[str], *, dry_run: bool, chosen: str) -> bool:
    """Edit a deal, an activity or the ids of a pipe, if the words name one of these."""
    first = terminal.last_shown() if words[0] == "." else words[0]
    kind = kind_of(first).name if is_id(first) else ""
    if "-" in words:
        from crm_cli.cli import edit_many

        edit_many.edit(ctx, words, dry_run=dry_run, chosen=chosen)
    elif kind == "activity":
        from crm_cli.cli import activity_edit

        activity_edit.edit(ctx, [first, *words[1:]], dry_run=dry_run, chosen=chosen)
    elif kind == "deal":
        from crm_cli.cli import deals

        deals.edit(ctx, [first, *words[1:]], dry_run=dry_run, format_=chosen)
    else:
        return False
    return True


@app.command("rm")
def rm(
    ctx: typer.Context,
    words: Refs,
    dry_run: DryRun = False,
    yes: Yes = False,
    format_: Made = "",
    as_json: Json = False,
) -> None:
    """Remove people, companies, activities or deals; undo restores them. One word for each REF, - reads a pipe.

    Examples:

      crm rm 12

      crm rm "old lead" c4 a31

      crm list tag:stale --format ids | crm rm - --yes
    """
    chosen = output.chosen_format(format_, as_json=as_json)
    foreign_queries.check_refs("rm", words)
    given = terminal.piped_refs(words)
    if not given:
        return
    with reading(ctx) as book:
        found = refs.pick_all(ctx, book.db, given, refs.ANY)
    if len(found) > 1 and not yes and not dry_run:
        along = _removed(ctx, found, dry_run=True)[1] if session(ctx).interactive else {}
        terminal.confirm(ctx, f"Remove {len(found)} records{outcomes.along_words(along)}{outcomes.ended_words(along)}?")
    change, along = _removed(ctx, found, dry_run=dry_run)
    named = f"{found[0].ref} {found[0].line}" if len(found) == 1 else f"{len(found)} records"
    message = outcomes.removed(named, along, alone=[each.kind for each in found] == ["activity"])
    output.emit_change(
        ctx, change, message, chosen=chosen, refs=[each.ref for each in found],
        advice=f" (crm undo {change.ref} restores {_pronoun(found, along)})",
    )  # fmt: skip


def _pronoun(found: list[Candidate], along: Mapping[str, int]) -> str:
    is_thing = len(found) == 1 and found[0].kind != "contact" and not outcomes.along_words(along)
    return "it" if is_thing else "them"


def _removed(ctx: typer.Context, found: list[Candidate], *, dry_run: bool) -> tuple[Change, Mapping[str, int]]:
    """Remove records in one change; return it, and how many records of each kind are removed with them."""
    from crm_cli.services import activities as of_activities
    from crm_cli.services import companies as of_companies
    from crm_cli.services import contacts as of_contacts

    here = session(ctx)
    with writing(ctx, "rm", dry_run=dry_run) as (book, change):
        # Activities and deals first: those of a person alone are removed with the person.
        for each in sorted(found, key=lambda each: each.kind not in {"activity", "deal"}):
            if each.kind == "contact":
                of_contacts.remove(book, each.id)
            elif each.kind == "company":
                of_companies.remove(book, each.id, now=here.now_utc)
            elif each.kind == "deal":
                from crm_cli.services import deals as of_deals

                of_deals.remove(book, each.id)
            else:
                of_activities.remove(book, each.id)
        from crm_cli.queries import changes

        along = changes.along(book.db, change.id, [each.kind for each in found])
    return change, along
