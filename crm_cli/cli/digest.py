"""``crm digest``: the day's list for cron, printed or sent by mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from crm_cli.book.book import Book
from crm_cli.cli.agenda import SHOWN, Days, Only, day_ahead, sections
from crm_cli.cli.context import reading, require_book, session
from crm_cli.cli.options import DryRun, Json
from crm_cli.cli.output import chosen_format, notify, say, say_json
from crm_cli.core.sections import DAILY
from crm_cli.errors import DeliveryError, TryLaterError, UsageError
from crm_cli.queries import agenda as queries
from crm_cli.queries.outbox import digest_key
from crm_cli.render import agenda as render
from crm_cli.render import digest as page

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from crm_cli.config import Config
    from crm_cli.delivery.message import Message
    from crm_cli.queries.agenda import Agenda, Day
    from crm_cli.session import Session

app = typer.Typer(rich_markup_mode=None)

DIGEST_HELP = """Print the day's list for cron, or send it by mail; silent when nothing is due.

Does nothing and exits with 0 if no activity is overdue or due today, no reminder has come, there are no people to
reach, no deal is past its expected closing date, no one has a birthday or an anniversary, and everything was delivered.

\b
  0 7 * * *  crm digest                              cron mails what it prints
  crm digest --to me@example.org                     by mail, once a day
  crm digest --to me@example.org --since last        only what is new
  crm digest --format markdown --days 3 > today.md

With --to, the digest of a day is sent to an address once, however often the command runs. If the mail server cannot
take it now, the exit code is 75, and a later run tries again. A deal without a next step or past its expected closing
date is in what is sent once a week; what is printed always lists it.
"""
Form = Annotated[str, typer.Option("--format", metavar="FORMAT", help="text, markdown, html or json. [text]")]
Most = Annotated[
    int,
    typer.Option("--max", metavar="N", min=0, max=10_000, help="At most N entries of each section. [15; json: all]"),
]
To = Annotated[str, typer.Option("--to", metavar="ADDRESS", help="Send it to this address instead of printing it.")]
Since = Annotated[
    str, typer.Option("--since", metavar="WHEN", help="Only what is new since then: last (digest sent), or a time.")
]
_TEXTS = {"text": page.text, "markdown": page.markdown, "html": page.html}
_LAST = "last"


@app.command("digest", help=DIGEST_HELP)
def digest(
    ctx: typer.Context,
    *,
    to: To = "",
    since: Since = "",
    days: Days = 7,
    only: Only = "",
    most: Most = 0,
    form: Form = "text",
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Print or send the day's list; nothing if nothing is due."""
    from crm_cli.core.delivery import mailbox

    here, chosen = session(ctx), chosen_format(form, as_json=json, known=page.FORMATS)
    day, asked = day_ahead(ctx, days), sections(only, DAILY)
    address = mailbox(to, "--to").address if to else ""
    is_sent = bool(address) and not dry_run
    limit = most or (0 if chosen == "json" and not is_sent else SHOWN)
    with reading(ctx, will_write=True) as book:
        require_book(book)
        found = _read(book.db, day, asked, address, _since(here, book.db, since, address), limit)
    if page.is_silent(found):
        return
    if is_sent:
        notify(ctx, _send(here, found, day, to, address))
    else:
        _print(found, day, chosen)


def _print(found: Agenda, day: Day, chosen: str) -> None:
    if chosen == "json":
        say_json(render.card(found, day))
    else:
        for line in _TEXTS[chosen](found, day):
            say(line)


def _since(here: Session, db: sqlite3.Connection, text: str, address: str) -> str | None:
    """Return the instant that ``--since`` names: the last digest sent to the address, or a time in the past.

    None: everything is new. Raises UsageError.
    """
    from crm_cli.core.instants import instant, utc
    from crm_cli.queries import outbox

    if text != _LAST:
        found = instant(here.moment(text, past=True), here.now) if text else None
        if found and found > utc(here.now):
            raise UsageError(f'--since "{text}" is in the future', hint="last, or a time such as yesterday 7am")
        return found
    if not address:
        raise UsageError("--since last needs the address of the digest", hint="as in --since last --to me@example.org")
    return outbox.last_digest(db, address)


def _read(
    db: sqlite3.Connection, day: Day, asked: tuple[str, ...], address: str, since: str | None, limit: int
) -> Agenda:
    """Read the sections of the digest; for an address without the deals that it listed less than a week ago."""
    from crm_cli.core.instants import local
    from crm_cli.queries.digests import unreported

    then = day._replace(now=since, today=local(since, day.zone).date().isoformat()) if since else None
    sending = digest_key(day.today, address) if address else ""
    deals = unreported(address, day, only_new=bool(since)) if address else None
    return queries.read(db, day, asked, deals=deals, limit=limit, since=then, sending=sending)


def _send(here: Session, found: Agenda, day: Day, to: str, address: str) -> str:
    """Send the digest to the mailbox ``to``, whose address is given too, and say so. Raises DeliveryError."""
    from crm_cli.delivery.message import Message
    from crm_cli.services import digests

    text, html = ("\n".join(lines(found, day)) + "\n" for lines in (page.text, page.html))
    message = Message(digest_key(day.today, address), page.headline(found, day), text, html)
    config = here.config._replace(mail_to=to, mail_from=here.config.mail_from or here.config.own_address)
    listed = [deal.id for deal in found.sections.get("deals", ())]
    return send_once(here, message, address, config, lambda book: digests.record(book, listed, address, day))


def send_once(
    here: Session, message: Message, address: str, config: Config, then: Callable[[Book], None] | None = None
) -> str:
    """Send a message to an address by mail, unless that was done; return what was done, in words.

    It is recorded before and marked after, outside of any transaction; ``then`` is called when it was sent. Raises
    DeliveryError if it was not.
    """
    from crm_cli.delivery import mail
    from crm_cli.services import outbox

    with Book.write(here.path) as book:
        claim = outbox.claim(book, message.key, "mail", address, now=here.now)
        if claim is None:
            return _not_claimed(book, message.key, address, here)
        # Two books may send a digest to one address on one day; mail programs drop a repeated Message-ID.
        own = message._replace(key=f"{message.key} {here.path.absolute()}")
        try:
            mail.send(own, config)
        except DeliveryError as error:
            outbox.failed(book, claim, str(error), here.now)
            raise
        outbox.sent(book, claim, here.now)
        if then:
            then(book)
    return f"Sent the digest to {address}"


def _not_claimed(book: Book, key: str, address: str, here: Session) -> str:
    """Return why nothing was sent. Raises TryLaterError if the last try failed and the next is not due."""
    from crm_cli.queries import outbox

    found = outbox.find(book.db, key, "mail", address)
    if found is None or found.state == "sending":
        return f"Another run is sending the digest to {address}"
    if found.state == "failed":
        kind = TryLaterError if found.next_utc else DeliveryError
        again = f"the next try is due {_moment(found.next_utc, here)}" if found.next_utc else "it was given up"
        raise kind(f"the digest was not sent to {address}: {found.error}", hint=again)
    return f"The digest was already sent to {address} today"


def _moment(at: str, here: Session) -> str:
    from crm_cli.render.reminders import moment_words

    return moment_words(at, here.day)
