"""``crm email`` and ``crm phone``: their help, and the cases that `crm_cli.addresses` does not handle."""

from __future__ import annotations

from typing import Annotated

import typer

from crm_cli.cli.context import reading
from crm_cli.cli.options import Facts, Json
from crm_cli.cli.output import chosen_format, note, say
from crm_cli.core.json_text import json_text
from crm_cli.core.limits import check_search
from crm_cli.errors import Exit, UsageError
from crm_cli.queries import addresses as queries
from crm_cli.render.addresses import NOTHING, card, lines

app = typer.Typer(rich_markup_mode=None)

EMAIL_HELP = """Look up e-mail addresses, for neomutt and aerc.

Each word begins a name, a company or an address. The first line of the output is a message, the others are
address, name and company, separated by tabs. Exit code 3 if there is no match.

\b
  crm email asha
  crm email verma acme
  neomutt:  set query_command = "crm email %s"
  aerc:     address-book-cmd = crm email --no-header "%s"
"""
PHONE_HELP = """Look up phone numbers.

Each word begins a name or a company; three or more digits may also be the end of a number, in any format. The output
has the form of crm email. Exit code 3 if there is no match.

\b
  crm phone asha
  crm phone 12345              whose number ends in these digits?
  crm phone --no-header verma | cut -f1
"""

Words = Annotated[list[str], typer.Argument(metavar="WORDS...", help="Beginnings of a name, a company, an address.")]
NoHeader = Annotated[bool, typer.Option("--no-header", help="Leave the first line, the message, out.")]


@app.command("email", help=EMAIL_HELP)
def email(
    ctx: typer.Context, words: Words, no_header: NoHeader = False, format_: Facts = "", as_json: Json = False
) -> None:
    """Look up e-mail addresses."""
    _answer(ctx, "email", words, header=not no_header, chosen=_chosen(format_, as_json=as_json))


@app.command("phone", help=PHONE_HELP)
def phone(
    ctx: typer.Context, words: Words, no_header: NoHeader = False, format_: Facts = "", as_json: Json = False
) -> None:
    """Look up phone numbers."""
    _answer(ctx, "phone", words, header=not no_header, chosen=_chosen(format_, as_json=as_json))


def _chosen(format_: str, *, as_json: bool) -> str:
    return chosen_format(format_ or "text", as_json=as_json, known=("text", "json"))


def _answer(ctx: typer.Context, kind: str, words: list[str], *, header: bool, chosen: str) -> None:
    if not "".join(words).strip():
        raise UsageError("nothing to look for", hint=f"crm {kind} NAME")
    check_search(" ".join(words))
    with reading(ctx) as book:
        found = queries.find(book.db, kind, words)
    if chosen == "json":
        say(json_text([card(line) for line in found]))
    else:
        for line in lines(kind, found, header=header):
            say(line)
        if not found and not header:
            note(f"crm: {NOTHING}")
    if not found:
        raise typer.Exit(Exit.NOT_FOUND)
