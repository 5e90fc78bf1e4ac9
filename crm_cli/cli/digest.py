"""``crm digest``: the day's list for cron, printed or sent by mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from crm_cli.book.book import Book
from crm_cli.cli.agenda import SHOWN, Days, Only, day_ahead, sections
from crm_cli.cli.context import reading, session
from crm_cli.cli.options import DryRun, Json
from crm_cli.cli.output import chosen_format, notify, say, say_json
from crm_cli.errors import DeliveryError, NotFoundError, TryLaterError
from crm_cli.queries import agenda as queries
from crm_cli.render import agenda as render
from crm_cli.render import digest as page

if TYPE_CHECKING:
    from datetime import datetime

    from crm_cli.config import Config
    from crm_cli.delivery.message import Message
    from crm_cli.queries.agenda import Agenda, Day
    from crm_cli.queries.outbox import Delivery
    from crm_cli.session import Session

app = typer.Typer(rich_markup_mode=None)

DIGEST_HELP = """Print the day's list for cron, or send it by mail; silent when nothing is due.

Does nothing and exits with 0 if no activity is overdue or due today, no deal is past its expected closing date, and
no one has a birthday.

\b
  0 7 * * *  crm digest                              cron mails what it prints
  crm digest --to me@example.org                     by mail, once a day
  crm digest --format markdown --days 3 > today.md

With --to, the digest of a day is sent to an address once, however often the command runs. If the mail server cannot
take it now, the exit code is 75, and a later run tries again.
"""
Form = Annotated[str, typer.Option("--format", metavar="FORMAT", help="text, markdown, html or json. [text]")]
Most = Annotated[int, typer.Option("--max", metavar="N", min=1, max=10_000, help="At most N entries in all.")]
To = Annotated[str, typer.Option("--to", metavar="ADDRESS", help="Send it to this address instead of printing it.")]
_TEXTS = {"text": page.text, "markdown": page.markdown, "html": page.html}


@app.command("digest", help=DIGEST_HELP)
def digest(
    ctx: typer.Context,
    *,
    to: To = "",
    days: Days = 7,
    only: Only = "",
    most: Most = 10_000,
    form: Form = "text",
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Print or send the day's list; nothing if nothing is due."""
    here, chosen = session(ctx), chosen_format(form, as_json=json, known=page.FORMATS)
    day, asked = day_ahead(ctx, days), sections(only, queries.TODAY)
    with reading(ctx, will_write=True) as book:
        if book.is_missing:
            raise NotFoundError(f"there is no book at {book.path}", hint="a quiet day would look the same")
        found = queries.read(book.db, day, asked, limit=0 if chosen == "json" else SHOWN)
        failed = [] if only or chosen == "json" else _failed(book, here.now, day)
    if page.is_silent(found) and not failed:
        return
    listed = queries.first(found, most)
    if to and not dry_run:
        notify(ctx, _send(here, (listed, day, failed), to))
    elif chosen == "json":
        say_json(render.card(listed, day))
    else:
        for line in _TEXTS[chosen](listed, day, failed):
            say(line)


def _failed(book: Book, now: datetime, day: Day) -> list[Delivery]:
    """Return what could not be delivered, without today's digest, which is about to be tried again."""
    from crm_cli.queries import outbox

    return [one for one in outbox.failures(book.db, now) if not one.key.startswith(f"digest:{day.today}")]


def _send(here: Session, shown: tuple[Agenda, Day, list[Delivery]], to: str) -> str:
    """Send the digest to an address and say so. Raises DeliveryError."""
    from crm_cli.core.delivery import mailbox
    from crm_cli.delivery.message import Message

    address = mailbox(to, "--to").address
    found, day, _ = shown
    key = f"digest:{day.today}:{address.lower()}"
    text, html = ("\n".join(lines(*shown)) + "\n" for lines in (page.text, page.html))
    message = Message(key, page.headline(found, day), text, html)
    config = here.config._replace(mail_to=to, mail_from=here.config.mail_from or here.config.email)
    return send_once(here, message, address, config)


def send_once(here: Session, message: Message, address: str, config: Config) -> str:
    """Send a message to an address by mail, unless that was done; return what was done, in words.

    It is recorded before and marked after, outside of any transaction. Raises DeliveryError if it was not sent.
    """
    from crm_cli.delivery import mail
    from crm_cli.services import outbox

    with Book.write(here.path) as book:
        claim = outbox.claim(book, message.key, "mail", address, now=here.now)
        if claim is None:
            return _not_claimed(book, message.key, address)
        # Two books may send a digest to one address on one day; mail programs drop a repeated Message-ID.
        own = message._replace(key=f"{message.key} {here.path.absolute()}")
        try:
            mail.send(own, config)
        except DeliveryError as error:
            outbox.failed(book, claim, str(error), here.now)
            raise
        outbox.sent(book, claim, here.now)
    return f"Sent the digest to {address}"


def _not_claimed(book: Book, key: str, address: str) -> str:
    """Return why nothing was sent. Raises TryLaterError if the last try failed and the next is not due."""
    from crm_cli.queries import outbox

    found = outbox.find(book.db, key, "mail", address)
    if found is None or found.state == "sending":
        return f"Another run is sending the digest to {address}"
    if found.state == "failed":
        kind = TryLaterError if found.next_utc else DeliveryError
        again = f"the next try is due at {found.next_utc}" if found.next_utc else "it was given up"
        raise kind(f"the digest was not sent to {address}: {found.error}", hint=again)
    return f"The digest was already sent to {address} today"
