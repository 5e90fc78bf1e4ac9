"""``init``: settle who you are and where, once."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from crm_cli import config as settings
from crm_cli.book.book import Book
from crm_cli.book.opening import is_new
from crm_cli.cli import output
from crm_cli.cli.context import world
from crm_cli.cli.settings import in_force
from crm_cli.errors import UsageError

app = typer.Typer()

QUESTIONS = {
    "region": "Country for phone numbers (IN, DE, US ...)",
    "zone": "Time zone (Asia/Kolkata ...)",
    "currency": "Currency (INR, EUR, USD ...)",
    "name": "Your name",
    "email": "Your e-mail address",
}


@app.command("init")
def init(
    ctx: typer.Context,
    region: Annotated[
        str, typer.Option("--region", metavar="CC", help="Country of phone numbers without a prefix, as in IN.")
    ] = "",
    zone: Annotated[str, typer.Option("--zone", metavar="ZONE", help="IANA time zone, as in Asia/Kolkata.")] = "",
    currency: Annotated[str, typer.Option("--currency", metavar="CODE", help="Currency, as in INR.")] = "",
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="Who you are.")] = "",
    email: Annotated[str, typer.Option("--email", metavar="ADDRESS", help="Your e-mail address.")] = "",
) -> None:
    """Settle region, time zone, currency and who you are, and make your book.

    On a terminal it asks for what is not given; enter takes what the system suggests. Nothing here is needed
    to begin: without it, the system's own settings hold.

    Examples:

      crm init

      crm init --region IN --zone Asia/Kolkata --currency INR --name "Asha Verma"
    """
    from crm_cli.services import settings as service

    here = world(ctx)
    given = {"region": region, "zone": zone, "currency": currency, "name": name, "email": email}
    for key, value in given.items():
        service.check(key, value)
        given[key] = value.upper() if key in {"region", "currency"} else value
    values = {key: value or _ask(ctx, key, in_force(ctx, key)) for key, value in given.items()}
    service.change({key: value for key, value in values.items() if value})
    if is_new(here.path):
        Book.write(here.path).close()
    output.tell(ctx, f"Settings are in {settings.config_path()}, the book is {here.path}")
    output.tell(ctx, "Next: crm import contacts.vcf, or crm add Asha Verma email=asha@acme.in")


def _ask(ctx: typer.Context, key: str, suggested: str) -> str:
    from crm_cli.services import settings as service

    while world(ctx).interactive:
        sys.stderr.write(f"{QUESTIONS[key]}" + (f" [{suggested}]" if suggested else "") + ": ")
        sys.stderr.flush()
        answer = sys.stdin.readline().strip() or suggested
        try:
            service.check(key, answer)
        except UsageError as error:
            output.tell(ctx, f"{error}" + (f" ({error.hint})" if error.hint else ""))
            continue
        return answer.upper() if key in {"region", "currency"} else answer
    return suggested
