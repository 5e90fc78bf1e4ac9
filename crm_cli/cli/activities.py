"""``log called met wrote note``: log what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from crm_cli.cli import logs, output
from crm_cli.cli.logs import About, Next, Outcome
from crm_cli.cli.options import DryRun, Edit, Json, Made, Text, When
from crm_cli.core import activities as rules

if TYPE_CHECKING:
    from collections.abc import Callable

app = typer.Typer()

Incoming = Annotated[bool, typer.Option("--in", help="It came from them.")]
Outgoing = Annotated[bool, typer.Option("--out", help="It went to them.")]
Minutes = Annotated[int | None, typer.Option("--minutes", metavar="N", min=0, max=rules.YEAR, help="How long it took.")]
Closes = Annotated[
    list[str] | None, typer.Option("--closes", metavar="A31", help="Complete this open activity; can be repeated.")
]
Refs = Annotated[
    list[str] | None, typer.Argument(metavar="REF...", help="Who; quote a full name. - reads ids from a pipe.")
]


@app.command("log")
def log(
    ctx: typer.Context,
    kind: Annotated[str, typer.Argument(metavar="KIND", help="call, meeting, email, message, letter, note or task.")],
    words: Refs = None,
    message: Text = "",
    edit: Edit = False,
    when_: When = "",
    outcome: Outcome = "",
    in_: Incoming = False,
    out: Outgoing = False,
    minutes: Minutes = None,
    next_: Next = None,
    closes: Closes = None,
    deal: About = "",
    dry_run: DryRun = False,
    format_: Made = "",
    as_json: Json = False,
) -> None:
    """Log a call, meeting, email, message, letter or note. One word for each REF.

    A call that was answered, a meeting held or a mail received counts as reaching a person, and the time since
    then starts again; a call without an answer is an attempt.

    Examples:

      crm log call priya -m "Agreed on the price" --next "fri: contract"

      crm log email "ravi kumar" globex --in -m "Asks a discount"
    """
    asked = logs.Asked(message, edit, when_, outcome, in_, out, minutes, tuple(next_ or ()), tuple(closes or ()), deal)
    logs.run(ctx, kind, words or [], asked, dry_run=dry_run, chosen=output.chosen_format(format_, as_json=as_json))


def _shortcut(kind: str, doc: str) -> Callable[..., None]:
    """Return a command that logs one kind of activity; its help lists the outcomes of that kind."""

    def command(
        ctx: typer.Context,
        words: Refs = None,
        message: Text = "",
        edit: Edit = False,
        when_: When = "",
        outcome: Outcome = "",
        in_: Incoming = False,
        out: Outgoing = False,
        minutes: Minutes = None,
        next_: Next = None,
        closes: Closes = None,
        deal: About = "",
        dry_run: DryRun = False,
        format_: Made = "",
        as_json: Json = False,
    ) -> None:
        asked = logs.Asked(
            message, edit, when_, outcome, in_, out, minutes, tuple(next_ or ()), tuple(closes or ()), deal
        )
        logs.run(ctx, kind, words or [], asked, dry_run=dry_run, chosen=output.chosen_format(format_, as_json=as_json))

    fitting = ", ".join(rules.outcomes_of(kind)) + "."
    command.__annotations__["outcome"] = Annotated[str, typer.Option("--outcome", metavar="WORD", help=fitting)]
    command.__doc__ = doc
    return command


SHORTCUTS = {
    "called": (
        "call",
        """Log a call. Without an outcome they answered; --outcome no-answer makes it an attempt.

    Examples:

      crm called priya -m "Will decide on Monday" --next "mon 10:00: call again"

      crm called "098200 12345" --outcome voicemail
    """,
    ),
    "met": (
        "meeting",
        """Log a meeting.

    Example:

      crm met priya ravi -m "Lunch, liked the new plan" --when "yesterday 1pm" --minutes 60
    """,
    ),
    "wrote": (
        "email",
        """Log an e-mail you sent (or, with --in, one that came).

    Examples:

      crm wrote priya -m "Sent the quote" --next "in 3 days: ask whether it came"

      crm wrote priya --in -m "Accepts the quote"
    """,
    ),
}
"""command -> the kind of activity it logs, and its help."""

for _name, (_kind, _doc) in SHORTCUTS.items():
    app.command(_name)(_shortcut(_kind, _doc))


@app.command("note")
def note(
    ctx: typer.Context,
    words: Refs = None,
    message: Text = "",
    edit: Edit = False,
    when_: When = "",
    next_: Next = None,
    closes: Closes = None,
    deal: About = "",
    dry_run: DryRun = False,
    format_: Made = "",
    as_json: Json = False,
) -> None:
    """Write a note about a person or a company; -e opens your editor and keeps the text out of the shell's history.

    Examples:

      crm note priya -m "Prefers to be called in the morning"

      crm note globex -e
    """
    asked = logs.Asked(message, edit, when_, next=tuple(next_ or ()), closes=tuple(closes or ()), deal=deal)
    logs.run(ctx, "note", words or [], asked, dry_run=dry_run, chosen=output.chosen_format(format_, as_json=as_json))
