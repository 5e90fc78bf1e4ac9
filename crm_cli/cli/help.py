"""``help``: the help of a command or a group, and what a word of another program is here."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from crm_cli.cli import foreign_words
from crm_cli.cli.commands import BY_NAME
from crm_cli.cli.context import world
from crm_cli.cli.output import say

app = typer.Typer()


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
    """
    asked = words or []
    if asked and asked[0] not in BY_NAME and (meant := foreign_words.command_for(asked[0])):
        say(f"{asked[0]}: {meant}")
        return
    root: Any = ctx.find_root().command
    root.main(args=[*asked, "--help"], prog_name="crm", standalone_mode=False, obj=world(ctx))
