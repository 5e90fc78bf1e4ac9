"""``backup``, ``restore``, ``check``: copies of the book, and its integrity."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from crm_cli import files
from crm_cli.book import backup as copies
from crm_cli.book import checking, damage, foreign, lineage, opening
from crm_cli.book import restore as restoring
from crm_cli.book.book import Book
from crm_cli.cli import output, terminal
from crm_cli.cli.context import CommandLine, session
from crm_cli.cli.options import Format, Json, Yes
from crm_cli.core.instants import zone_of
from crm_cli.errors import BookError
from crm_cli.queries import outbox
from crm_cli.render.clean import clean
from crm_cli.render.digest import failed_lines
from crm_cli.render.tables import Column

app = typer.Typer()

NAMED = 5
"""How many tables and views of other programs a message names."""

Report = Annotated[str, typer.Option("--format", metavar="FORMAT", help="text or json. [text]")]
Rehearsed = Annotated[bool, typer.Option("--dry-run", "-n", help="Make the copy, verify it, and keep nothing.")]
Look = Annotated[bool, typer.Option("--dry-run", "-n", help="Check the backup and change nothing.")]
Seen = Annotated[bool, typer.Option("--dry-run", "-n", help="Say what --repair would drop; change nothing.")]


@app.command("backup")
def backup(
    ctx: typer.Context,
    target: Annotated[str, typer.Argument(metavar="[FILE]", help="Where to. [beside the book, dated]")] = "",
    dry_run: Rehearsed = False,
    yes: Yes = False,
    format_: Report = "",
    as_json: Json = False,
) -> None:
    """Back up the book: a consistent, verified copy that only you can read. Prints its path.

    An earlier backup of the same book is replaced. crm asks before it replaces another book, and never replaces any
    other file.

    Examples:

      crm backup

      crm backup /media/usb/crm.db
    """
    chosen = output.chosen_format(format_, as_json=as_json, known=("text", "json"))
    here = session(ctx)
    opening.require(here.path)
    path = _backup_path(here, target)
    with Book.read(here.path) as book:
        if not target and not dry_run:
            path.parent.mkdir(mode=0o700, exist_ok=True)
        real = files.target(path, files.in_use(here.path)) if target or not dry_run else path
        lost = lineage.replaced_by_backup(book.db, real)
        if dry_run:
            copies.rehearse(book.db)
        else:
            files.sweep(here.path.parent)
            if lost and not yes:
                terminal.confirm(ctx, f"{path} is {lost}. Replace it with a backup of {here.path}?")
            copies.copy(book.db, real)
            here.done.append(f"the backup {path} was written")
    _report_backup(ctx, path, lost, dry_run=dry_run, chosen=chosen)


def _backup_path(here: CommandLine, target: str) -> Path:
    """Return the path of a new backup: the file named, or a dated one in the folder named or beside the book."""
    path = Path(target).expanduser() if target else here.path.parent / "backups"
    if target and not path.is_dir():
        return path
    stamp = here.now_utc.replace(":", "").replace("-", "")
    return path / f"{here.path.stem}-{stamp}.db"


def _report_backup(ctx: typer.Context, path: Path, lost: str, *, dry_run: bool, chosen: str) -> None:
    """Print the path of a backup; ``lost`` is what it replaces."""
    if chosen == "json":
        output.say_json({"backup": str(path), "dry_run": dry_run}, chosen="jsonl")
    else:
        output.say(str(path))
    if dry_run:
        note = f"{path} is {lost}, and would be replaced" if lost else "the copy is sound"
        output.notify(ctx, f"{note} (dry run: nothing was written)")


@app.command("restore")
def restore(
    ctx: typer.Context,
    source: Annotated[str, typer.Argument(metavar="[FILE]", help="The backup. [lists the backups]")] = "",
    dry_run: Look = False,
    yes: Yes = False,
    format_: Format = "",
    as_json: Json = False,
) -> None:
    """Restore the book from a backup; the current book is kept in its folder under another name.

    Without FILE, list the backups in the book's folder, newest first.

    Examples:

      crm restore

      crm restore ~/.local/share/crm/backups/crm-20261122T090000Z.db
    """
    here = session(ctx)
    chosen = output.chosen_format(format_, as_json=as_json)
    if not source:
        _list(ctx, here, chosen)
        return
    path, kept = Path(source).expanduser(), None
    if dry_run:
        restoring.rehearse(path, here.path)
        message = f"{path} is sound and would replace {here.path} (dry run: nothing was changed)"
    else:
        restoring.examine(path, here.path)
        if not yes and not opening.is_new(here.path):
            terminal.confirm(ctx, f"Replace {here.path} with {path}?")
        kept = restoring.restore(path, here.path)
        here.done.append(f"{here.path} was restored")
        message = f"Restored {here.path}" + (f"; the book as it was is {kept}" if kept else "")
    if chosen in {"json", "jsonl"}:
        card = {"book": str(here.path), "backup": str(path), "kept": str(kept) if kept else None, "dry_run": dry_run}
        output.say_json(card, chosen=chosen)
    if not dry_run:
        with Book.read(here.path) as book:
            _name_others(ctx, here.path, foreign.harmless(book.db))
    output.notify(ctx, message)


def _list(ctx: typer.Context, here: CommandLine, chosen: str) -> None:
    """List the backups of the book."""
    found = copies.known(here.path)
    if not found:
        output.notify(ctx, f"there is no backup of {here.path} in its folder")
    columns: tuple[Column[Path], ...] = (
        Column("made", lambda path: f"{_made(path, here):%Y-%m-%d %H:%M}"),
        Column("kb", lambda path: f"{path.stat().st_size // 1024}", right=True),
        Column("file", str, grow=1, least=40),
    )

    def card(path: Path) -> dict[str, str | int]:
        return {"file": str(path), "made": _made(path, here).isoformat(), "bytes": path.stat().st_size}

    output.emit(ctx, found, columns, chosen=chosen, card=card, ref=str, named="file")


def _made(path: Path, here: CommandLine) -> datetime:
    return datetime.fromtimestamp(int(path.stat().st_mtime), zone_of(here.zone))


@app.command("check")
def check(
    ctx: typer.Context,
    *,
    repair: Annotated[
        bool, typer.Option("--repair", help="Rebuild the search index, and drop what other programs added.")
    ] = False,
    accept: Annotated[bool, typer.Option("--accept", help="Take changed rows as they are now.")] = False,
    dry_run: Seen = False,
    format_: Report = "",
    as_json: Json = False,
) -> None:
    """Check the book for damage. Exit 6 if anything is wrong.

    Checks the pages, the checksum of every row, dangling references, the search index, and the schema for anything
    that crm did not create. Prints one problem per line. Notes name the messages that could not be delivered.

    Example:

      crm check
    """
    chosen = output.chosen_format(format_, as_json=as_json, known=("text", "json"))
    here = session(ctx)
    opening.require(here.path)
    if repair:
        _repair(ctx, here, dry_run=dry_run)
    if accept and not dry_run:
        checking.accept(here.path)
    with Book.read(here.path) as book:
        found = copies.problems(book.db, deep=True)
        others = [] if found else foreign.harmless(book.db)
        failed = [] if found else outbox.failures(book.db, here.now)
    _say_problems(here.path, found, chosen)
    if found:
        many = f" ({len(found) - 1} more above)" if len(found) > 1 else ""
        raise BookError(f"{here.path}: {found[0]}{many}", hint=_advice(found))
    _name_others(ctx, here.path, others)
    for line in failed_lines(failed, here.day):
        output.notify(ctx, f"not delivered: {line}")
    output.notify(ctx, f"{here.path} is sound")


def _say_problems(path: Path, found: list[str], chosen: str) -> None:
    """Print the problems of a book: one per line, or as JSON."""
    if chosen == "json":
        output.say_json({"book": str(path), "problems": found}, chosen="jsonl")
        return
    for problem in found:
        output.say(clean(problem))


def _name_others(ctx: typer.Context, path: Path, others: list[str]) -> None:
    """Name the tables and views of other programs in a book, if there are any."""
    if others:
        more = f" and {len(others) - NAMED} more" if len(others) > NAMED else ""
        shown = ", ".join(others[:NAMED]) + more
        output.notify(ctx, clean(f"{path} also holds {shown}, which crm did not create and does not use"))


def _repair(ctx: typer.Context, here: CommandLine, *, dry_run: bool) -> None:
    """Repair what can be repaired without a backup, and name what that drops."""
    for entry in checking.repair(here.path, dry_run=dry_run):
        output.notify(ctx, f"Would drop {entry}" if dry_run else f"Dropped {entry}")


def _advice(found: list[str]) -> str:
    """Return advice: accept another program's rows, repair an index or a trigger, or restore a backup."""
    if all(damage.CHANGED in problem for problem in found):
        return "restore a backup: crm restore FILE; or, if you changed this yourself: crm check --accept"
    return "try: crm check --repair; or restore a backup: crm restore FILE; or: crm export --salvage -o FILE.json"
