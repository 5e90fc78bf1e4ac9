"""``crm demo``: a sample book, filled by the same services as any other."""

from __future__ import annotations

import shlex
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crm_cli import config
from crm_cli.book import opening
from crm_cli.book.book import Book
from crm_cli.cli.context import session
from crm_cli.cli.options import Json
from crm_cli.cli.output import notify, say_json
from crm_cli.demo.fill import fill, is_empty
from crm_cli.errors import CrmError, UsageError

if TYPE_CHECKING:
    from crm_cli.demo.fill import Filled

app = typer.Typer(rich_markup_mode=None)

HELP = """Make a sample book and show its day.

Some sixty people of a small packaging studio, imported from a vCard file and a CSV, with a year of calls, meetings and
mails, a dozen deals, and what is to be done now. It is written to a temporary folder, or to PATH; your own book is not
touched.

\b
  crm demo
  crm demo ~/play.db
  crm demo --json
"""

Counted = Annotated[bool, typer.Option("--dry-run", "-n", help="Say what would be made; make nothing.")]

TRY = ("show asha verma", "find bakry", "deal board", 'called asha -m "pouches: new sizes" --next "fri: send samples"')
"""The commands to try next."""


@app.command("demo", help=HELP)
def make(
    ctx: typer.Context,
    path: Annotated[str, typer.Argument(metavar="[PATH]", help="Where to make it. [a temporary place]")] = "",
    dry_run: Counted = False,
    json: Json = False,
) -> None:
    """Make a sample book and show its day."""
    here = session(ctx)
    if dry_run:
        _rehearse(ctx, path, json=json)
        return
    here.book = str(place(path, here.book))
    filled = fill(here, here.origin)
    here.done.append(f"the book {here.book} was made")
    commands = [f"crm {words} --book {shlex.quote(here.book)}" for words in TRY]
    if json:
        say_json({"book": here.book, **filled._asdict(), "try": commands, "dry_run": False})
        return
    from crm_cli.cli.agenda import today

    today(ctx)
    _suggest_commands(ctx, filled, commands)


def _rehearse(ctx: typer.Context, path: str, *, json: bool) -> None:
    """Fill a temporary book, delete it, and report what would be made and where."""
    here = session(ctx)
    named = str(place(path, here.book)) if path or here.book else ""
    with tempfile.TemporaryDirectory(prefix="crm-demo-") as folder:
        here.book = str(Path(folder) / "demo.db")
        filled = fill(here, here.origin)
    if json:
        say_json({"book": named or None, **filled._asdict(), "try": [], "dry_run": True})
    where = named or "in a temporary place"
    notify(ctx, f"A book to play with, {where}: {_counted(filled)} (dry run: nothing was written)")


def _counted(filled: Filled) -> str:
    return f"{filled.people} people, {filled.companies} companies, {filled.activities} activities, {filled.deals} deals"


def _suggest_commands(ctx: typer.Context, filled: Filled, commands: list[str]) -> None:
    message = f"A book to play with: {_counted(filled)}. Your own book was not touched. Try:"
    if not sys.stderr.isatty():
        notify(ctx, f"{message} {commands[0]}")
        return
    notify(ctx, f"\n{message}\n")
    for command in commands:
        notify(ctx, f"  {command}")


def place(path: str, book: str) -> Path:
    """Return the path of the book. Raises CrmError if the file exists, and for the user's own book."""
    if path and book:
        raise UsageError("PATH and --book both name the file of the book", hint="give one of them")
    chosen = path or book
    if not chosen:
        return Path(tempfile.mkdtemp(prefix="crm-demo-")) / "demo.db"
    found = Path(chosen).expanduser().absolute()
    if found.resolve() in {config.book_path().resolve(), (config.folder("data") / "crm.db").resolve()}:
        raise UsageError(f"{found} is your own book; the demo needs another", hint="as in: crm demo ~/play.db")
    if not opening.is_new(found) and _holds_something(found):
        raise CrmError(f"{found} is there already, and not empty; it was not touched", hint="give another PATH")
    return found


def _holds_something(path: Path) -> bool:
    with Book.read(path) as book:
        return not is_empty(book.db)
