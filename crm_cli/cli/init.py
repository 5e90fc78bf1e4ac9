"""``init``: the first settings."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from crm_cli import config as settings
from crm_cli.book.book import Book
from crm_cli.book.opening import is_new
from crm_cli.cli import output
from crm_cli.cli.context import session
from crm_cli.cli.options import Facts, Json
from crm_cli.cli.settings import in_force
from crm_cli.core.json_text import json_text
from crm_cli.errors import UsageError
from crm_cli.render import hints

app = typer.Typer()

QUESTIONS = {
    "region": "Country for phone numbers (India, DE, US ...)",
    "zone": "Time zone (kolkata, IST, Europe/Berlin ...)",
    "currency": "Currency (INR, EUR, USD ...)",
    "name": "Your name",
    "email": "Your e-mail address",
}


@app.command("init")
def init(
    ctx: typer.Context,
    region: Annotated[
        str, typer.Option("--region", metavar="COUNTRY", help="Country of phone numbers without a prefix: IN, India.")
    ] = "",
    zone: Annotated[
        str, typer.Option("--zone", metavar="ZONE", help="Time zone: Asia/Kolkata, kolkata, India, IST.")
    ] = "",
    currency: Annotated[str, typer.Option("--currency", metavar="CODE", help="Currency, as in INR.")] = "",
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="Who you are.")] = "",
    email: Annotated[str, typer.Option("--email", metavar="ADDRESS", help="Your e-mail address.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", "-n", help="Show what would be set; write nothing.")] = False,
    format_: Facts = "",
    as_json: Json = False,
) -> None:
    """Set region, time zone, currency and your name, and create your book.

    At a terminal it asks for what is not given; enter accepts the suggestion. This is optional: without it, crm uses
    the settings of the system.

    Examples:

      crm init

      crm init --region India --zone kolkata --currency INR --name "Asha Verma"
    """
    from crm_cli.services import settings as service

    here = session(ctx)
    chosen = output.chosen_format(format_ or "text", as_json=as_json, known=("text", "json"))
    given = {"region": region, "zone": zone, "currency": currency, "name": name, "email": email}
    values = _values(ctx, given)
    made = is_new(here.path)
    if not dry_run:
        service.change(values)
        if made:
            Book.write(here.path).close()
    if chosen == "json":
        paths = {"config": str(settings.config_path()), "book": str(here.path)}
        output.say(json_text({"settings": values, **paths, "made": made, "dry_run": dry_run}))
    if dry_run:
        message = ", ".join(f"{key} = {value}" for key, value in values.items())
        output.notify(ctx, f"{message} (dry run: nothing was written)")
        return
    message = f"Settings are in {settings.config_path()}, the book is {here.path}"
    output.notify(ctx, f"{message}; next: crm import contacts.vcf, or crm add Asha Verma email=asha@acme.in")


def _values(ctx: typer.Context, given: dict[str, str]) -> dict[str, str]:
    """Return the settings to keep: those given, and the answers to questions for the others."""
    from crm_cli.services import settings as service

    for key, value in given.items():
        given[key] = service.understood(key, value, given["region"] or session(ctx).region)
    values: dict[str, str] = {}
    for key, value in given.items():
        values[key] = value or _asked(ctx, key, in_force(ctx, key).value, values.get("region", ""))
    return {key: value for key, value in values.items() if value}


def _asked(ctx: typer.Context, key: str, suggested: str, region: str) -> str:
    """Return the answer to a question in its stored form; without a terminal, the suggestion."""
    from crm_cli.services import settings as service

    while session(ctx).interactive:
        sys.stderr.write(f"{QUESTIONS[key]}" + (f" [{suggested}]" if suggested else "") + ": ")
        sys.stderr.flush()
        typed = sys.stdin.readline().strip()
        try:
            answer = service.understood(key, typed or suggested, region)
        except UsageError as error:
            output.notify(ctx, hints.text(error))
            continue
        if typed and answer.lower() != typed.lower():
            output.notify(ctx, f"  {answer}")
        return answer
    return suggested
