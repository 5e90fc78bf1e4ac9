"""``help``: the help of a command, a group or a topic, and answers to words of other programs."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from crm_cli.cli import foreign_words
from crm_cli.cli.context import session
from crm_cli.cli.output import say
from crm_cli.commands import BY_NAME

app = typer.Typer()


@app.command("help")
def help_(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[COMMAND]...", help="A command, a group or a topic.")
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="List all commands, one line each.")] = False,
) -> None:
    """Show help for a command, a group of commands or a topic.

    Groups: people, deals, activities, day, files, book. Topics: queries, dates, exit-codes.

    Examples:

      crm help log

      crm help company add

      crm help activities

      crm help queries

      crm help postpone    a word of another program: what does the same here
    """
    from crm_cli.cli import help_topics

    asked = words or []
    if all_:
        shown = help_topics.everything()
    else:
        shown = help_topics.page(asked[0]) if len(asked) == 1 and asked[0] not in BY_NAME else iter(())
    if lines := list(shown):
        for line in lines:
            say(line)
        return
    if asked and asked[0] not in BY_NAME and (meant := foreign_words.command_for(asked[0])):
        say(f"{asked[0]}: {meant}")
        return
    root: Any = ctx.find_root().command
    root.main(args=[*asked, "--help"], prog_name="crm", standalone_mode=False, obj=session(ctx))
