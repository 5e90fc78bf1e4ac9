"""``tui``: the dashboard, where there is a terminal to draw it on."""

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

    crm alone opens it, too. ? says which keys do what, q leaves.

    Examples:

      crm tui

      crm tui --read-only
    """
    # On a terminal entry.py opens the dashboard before Typer is loaded; what comes here has none.
    raise UsageError("the dashboard needs a terminal", hint="off one, try: crm today")
