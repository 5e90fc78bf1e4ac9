"""``crm export -o DIR/``: one vCard per person or one CSV per table, and what is said of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO, TYPE_CHECKING

import typer

from crm_cli import files
from crm_cli.cli.context import reading, session
from crm_cli.cli.output import notify
from crm_cli.cli.terminal import confirm
from crm_cli.core.kinds import ACTIVITY, COMPANY, DEAL, PERSON
from crm_cli.errors import CrmError, Exit
from crm_cli.queries import exports
from crm_cli.queries.snapshots import snapshot
from crm_cli.render.clean import clean
from crm_cli.render.words import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager

    from crm_cli.core.records import Company, Contact
    from crm_cli.services import exporting
    from crm_cli.services.vdirs import Outcome

COUNTED = (PERSON, COMPANY, DEAL, ACTIVITY)
"""The kinds that an export counts, in the order in which they are named."""
NOTHING = " (dry run: nothing was written)"
NAMED = 5
"""How many files or people a warning names."""


def is_folder(output: str) -> bool:
    """Is this a folder: one that exists, or a name with a slash at its end?"""
    return bool(output) and (output.endswith(os.sep) or Path(output).is_dir())


def to_folder(
    ctx: typer.Context,
    folder: Path,
    wish: exporting.Wish,
    on: exporting.Context,
    *,
    overwrite: bool,
    yes: bool,
    dry_run: bool,
) -> None:
    """Export to a folder: vCards as a vdir, CSV as a file for each table."""
    if wish.form not in {"vcf", "csv"} or wish.product:
        example = folder / f"{wish.product or 'book'}.{wish.form}"
        raise CrmError(f"{folder} is a folder; it was not touched", hint=f"name a file in it, as in {example}")
    files.check_parent(folder)
    if wish.form == "csv":
        _tables(ctx, folder, wish, on, yes=yes, dry_run=dry_run)
    else:
        _vdir(ctx, folder, wish, on, overwrite=overwrite, dry_run=dry_run)


def confirm_replacement(ctx: typer.Context, path: Path, form: str) -> None:
    """Ask before a file is replaced that no earlier export wrote."""
    from crm_cli.services.exporting import is_replaceable

    if not is_replaceable(path, form):
        confirm(ctx, f"{path} exists and is not an export of crm. Replace it?")


def _tables(
    ctx: typer.Context, folder: Path, wish: exporting.Wish, on: exporting.Context, *, yes: bool, dry_run: bool
) -> None:
    """Write a CSV file for each table of the book; one that no export wrote is replaced after a question."""
    from crm_cli.services import exporting_csv

    used = files.in_use(session(ctx).path)
    if not dry_run:
        for name in exporting_csv.TABLES:
            if folder.is_dir():
                files.check_output(folder / name, used)
            if not yes:
                confirm_replacement(ctx, folder / name, wish.form)
        with files.naming(folder):
            folder.mkdir(mode=0o700, exist_ok=True)

    def into(name: str) -> AbstractContextManager[IO[bytes]]:
        return Path(os.devnull).open("wb") if dry_run else files.output(folder / name, used)

    with reading(ctx) as book, snapshot(book.db):
        people = exports.contacts(book.db, wish.query, now=on.now, zone=on.zone)
        counts = exporting_csv.write_tables(book.db, into, people, wish)
    notify(ctx, f"{clean(str(folder))}: {summary(counts)}" + (NOTHING if dry_run else ""))


def _vdir(
    ctx: typer.Context, folder: Path, wish: exporting.Wish, on: exporting.Context, *, overwrite: bool, dry_run: bool
) -> None:
    """Write a vdir, and report what was written and what was not; exit with 5 if anything was not."""
    from crm_cli.services import vdirs

    with reading(ctx) as book, snapshot(book.db):
        people = exports.contacts(book.db, wish.query, now=on.now, zone=on.zone)
        done = vdirs.export(
            book.db, folder, people, whole=not wish.query, version=wish.version, overwrite=overwrite, dry_run=dry_run
        )
    written = f"{done.written} written, {done.same} unchanged" + (f", {done.removed} deleted" if done.removed else "")
    notify(ctx, f"{clean(str(folder))}: {summary(done.counts)}: {written}" + (NOTHING if dry_run else ""))
    _warn(ctx, folder, done)
    if done.edited or done.gone:
        raise typer.Exit(Exit.PARTIAL)


def _warn(ctx: typer.Context, folder: Path, done: Outcome) -> None:
    """Say which files were not touched because another program changed or deleted them."""
    if done.edited:
        what = f"{counted(len(done.edited), 'file was', 'files were')} changed by another program and not touched"
        notify(ctx, f"{what}: {_listed(done.edited)} (import {_them(done.edited)}: crm import FILE; or --overwrite)")
    if done.gone:
        who = _listed([f"{_ref(each)} {each.name}" for each in done.gone])
        refs = " ".join(map(_ref, done.gone[:NAMED]))
        what = (
            f"{counted(len(done.gone), 'file was', 'files were')} deleted in {clean(str(folder))} and not written again"
        )
        notify(ctx, f"{what}: {who} (remove {_them(done.gone)} here too: crm rm {refs}; or --overwrite)")


def _them(found: Sequence[object]) -> str:
    return "it" if len(found) == 1 else "them"


def _ref(record: Contact | Company) -> str:
    return str(record.id) if hasattr(record, "parts") else f"c{record.id}"


def _listed(names: Sequence[str]) -> str:
    """Return the first names, and how many more there are."""
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return clean(", ".join(names[:NAMED]) + more)


def summary(counts: Mapping[str, int]) -> str:
    """Return how much was written: ``7 people, 4 companies, 12 activities``; the people always, the rest if any."""
    kinds = [kind for kind in COUNTED if counts.get(kind.table) or kind is PERSON]
    return ", ".join(counted(counts[kind.table], kind.singular, kind.plural) for kind in kinds)
