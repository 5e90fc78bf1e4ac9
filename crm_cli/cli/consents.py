"""``stop`` and ``allow``: whether a person may be called or mailed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from crm_cli.cli import output, refs
from crm_cli.cli.context import reading, require_named_book, session, writing
from crm_cli.cli.options import DryRun, Json, Made
from crm_cli.cli.terminal import piped_refs
from crm_cli.core import consent as rules
from crm_cli.core.records import Consent
from crm_cli.errors import UsageError
from crm_cli.queries import contacts
from crm_cli.render import cards, outcomes

if TYPE_CHECKING:
    from collections.abc import Sequence

app = typer.Typer()

Words = Annotated[
    list[str],
    typer.Argument(
        metavar="REF [email|phone|all]",
        help="The person, then the channel. [all]; - reads ids from a pipe.",
        show_default=False,
    ),
]
SourceText = Annotated[
    str, typer.Option("--source", metavar="TEXT", help='Who or what said so: "by phone", "web form".')
]
On = Annotated[str, typer.Option("--when", metavar="WHEN", help="The day they said so. [today]")]


@app.command("stop")
def stop(
    ctx: typer.Context,
    words: Words,
    source: SourceText = "",
    when: On = "",
    dry_run: DryRun = False,
    format_: Made = "",
    as_json: Json = False,
) -> None:
    """Record that a person must not be mailed, called, or either.

    The agenda, the digest, crm show, crm email and crm phone say so beside the person, and queries find them:
    consent:email is everyone who may be mailed, not:consent:phone everyone who must not be called.

    Examples:

      crm stop asha

      crm stop "ravi kumar" phone --source "asked on the phone" --when yesterday

      crm list tag:fair2024 --format ids | crm stop - email
    """
    chosen = output.chosen_format(format_, as_json=as_json)
    _record(ctx, "stop", words, (rules.STOPPED, source, when), dry_run=dry_run, chosen=chosen)


@app.command("allow")
def allow(
    ctx: typer.Context,
    words: Words,
    source: SourceText = "",
    when: On = "",
    dry_run: DryRun = False,
    format_: Made = "",
    as_json: Json = False,
) -> None:
    """Record that a person agreed to be mailed, called, or both; it ends a stop.

    Examples:

      crm allow asha email --source "web form"

      crm allow 12
    """
    chosen = output.chosen_format(format_, as_json=as_json)
    _record(ctx, "allow", words, (rules.ALLOWED, source, when), dry_run=dry_run, chosen=chosen)


def _record(
    ctx: typer.Context, verb: str, words: Sequence[str], stated: tuple[str, str, str], *, dry_run: bool, chosen: str
) -> None:
    """Record a state, with its source and day, for one person or for those from a pipe, as one change."""
    state, source, when = stated
    texts, channels = _split(words, verb)
    here = session(ctx)
    day = here.moment(when).date if when else here.today
    if day > here.today:
        raise UsageError(f"--when {when}: {day} is in the future")
    consents = [Consent(channel, state, day, source) for channel in channels]
    require_named_book(ctx)
    with reading(ctx) as book:
        people = refs.pick_all(ctx, book.db, texts, refs.PEOPLE)
    if not people:
        return
    with writing(ctx, verb, dry_run=dry_run) as (book, change):
        from crm_cli.services import consents as service

        changed = service.record(book, [one.id for one in people], consents, now=here.now_utc)
        records = contacts.load(book.db, [one.id for one in people])
    who = f"{people[0].ref} {people[0].line}" if len(people) == 1 else f"{len(changed)} of {len(people)} people"
    output.emit_change(
        ctx, change, outcomes.consented(who, state, channels), chosen=chosen, refs=[one.ref for one in people],
        card=lambda: [cards.contact(one, here.zone, here.now_utc) for one in records],
    )  # fmt: skip


def _split(words: Sequence[str], verb: str) -> tuple[list[str], tuple[str, ...]]:
    """Return the REFs and the channels; the words of one person's name are joined."""
    channels = rules.channels_of(words[-1].lower()) if len(words) > 1 else ()
    who = list(words[:-1] if channels else words)
    if not any(map(str.strip, who)):
        raise UsageError("who?", hint=f"as in: crm {verb} asha email")
    return piped_refs(who) if "-" in who else [" ".join(who)], channels or rules.CHANNELS
