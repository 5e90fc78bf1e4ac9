"""``help``: the help of a command or a group, and what a word of another program is here."""

from __future__ import annotations

from typing import Annotated

import typer

from crm_cli.cli import foreign_words
from crm_cli.cli.commands import BY_NAME
from crm_cli.cli.context import world
from crm_cli.cli.output import say
from crm_cli.errors import MEANINGS

app = typer.Typer()

EXIT_CODES = "exit-codes"
"""The topic that is not a command."""


@app.command("help")
def help_(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[COMMAND]...", help="A command, or a noun and its part.")
    ] = None,
) -> None:
    """Show help for a command; for a word of another program, the command that does the same.

    Examples:

      crm help log

      crm help company add

      crm help postpone

      crm help exit-codes
    """
    from crm_cli.cli.main import root

    asked = words or []
    if asked == [EXIT_CODES]:
        for code, meaning in MEANINGS.items():
            say(f"{code:>3}  {meaning}")
        say("A code that is not listed means failure.")
        return
    if asked and asked[0] not in BY_NAME and (meant := foreign_words.command_for(asked[0])):
        say(f"{asked[0]}: {meant}")
        return
    root().main(args=[*asked, "--help"], prog_name="crm", standalone_mode=False, obj=world(ctx))
