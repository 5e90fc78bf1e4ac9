"""``tui``: the dashboard."""

from __future__ import annotations

from typing import Annotated

import typer

from crm_cli.errors import UsageError

app = typer.Typer()


@app.command("tui")
def tui(
    read_only: Annotated[bool, typer.Option("--read-only", help="Look, and change nothing.")] = False,  # noqa: ARG001
) -> None:
    """Open the dashboard: today, people and pipeline on a full screen.

    crm without a command opens it too. ? lists the keys, q quits.

    Examples:

      crm tui

      crm tui --read-only
    """
    # At a terminal, entry.py opens the dashboard before Typer is loaded; here there is none.
    raise UsageError("the dashboard needs a terminal", hint="off one, try: crm today")
