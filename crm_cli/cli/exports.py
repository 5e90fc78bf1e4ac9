"""``crm export``: write people, companies and whole books to files."""

from __future__ import annotations

import shutil
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Annotated, cast

import typer

from crm_cli import files
from crm_cli.cli.context import reading, session
from crm_cli.cli.export_folders import NOTHING, confirm_replacement, is_folder, summary, to_folder
from crm_cli.cli.export_products import for_product, say_left_out
from crm_cli.cli.help_layout import RAW
from crm_cli.cli.options import Query, Yes
from crm_cli.cli.output import notify
from crm_cli.cli.query_words import QueryCommand
from crm_cli.errors import Exit, UsageError
from crm_cli.render.clean import clean
from crm_cli.render.words import counted
from crm_cli.services import exporting

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from crm_cli.book.book import Book
    from crm_cli.cli.context import CommandLine
    from crm_cli.cli.export_products import Preset
    from crm_cli.services.exporting import Cards

app = typer.Typer(rich_markup_mode=None)

STANDARD = ("", "-")
"""The names of standard output."""
SPOOL = 16_000_000
"""How many bytes are held in memory before a temporary file is used."""

HELP = """Export people as CSV, vCard or JSON; without a query, the whole book.

--for writes what another product imports, and says what that has no column for: google, outlook, hubspot, salesforce,
pipedrive, zoho, thunderbird (CSV); apple, khard (vCard 3.0).

zip holds a CSV each of people, companies, deals and activities; csv with a folder as output writes these files there.
With a folder as output, vcf writes a vdir: one file per person, as vdirsyncer and khard use it. Only what changed is
written, and files that another program changed or deleted since are reported, not touched.

csv is for spreadsheets: cells that a spreadsheet would run as formulas are escaped (--csv-raw turns that off), and an
import reads them back unchanged. vcf is for other address books, and includes the properties that crm imported
but did not understand. json without a query is the whole book; import it into an empty book to get an identical copy.
A single csv and vcf do not include history or deals; a single csv also omits companies without people.

\b
  crm export --format vcf -o contacts.vcf
  crm export tag:client city:pune --format csv -o clients.csv
  crm export --for outlook -o outlook.csv
  crm export --format vcf -o ~/contacts/
  crm export -o tables.zip
  crm export --format json -o book.json
  crm export --salvage -o rescued.json
"""

Form = Annotated[
    str, typer.Option("--format", metavar="csv|vcf|json|zip", help="What to write. [from the extension of -o]")
]
Version = Annotated[
    str, typer.Option("--vcard", metavar="3.0|4.0", help="The version of vCard. [4.0, in a folder 3.0]")
]
Output = Annotated[
    str, typer.Option("--output", "-o", metavar="FILE|DIR/", help="Write to a file or a folder. [standard output]")
]
Salvage = Annotated[
    bool, typer.Option("--salvage", help="Export the intact rows of a damaged book, and list the lost ones.")
]
Raw = Annotated[bool, typer.Option("--csv-raw", help=RAW)]
For = Annotated[
    str, typer.Option("--for", metavar="PRODUCT", help="The columns that a product imports: google, outlook, hubspot …")
]
Columns = Annotated[
    str, typer.Option("--columns", metavar="NAMES", help="The columns of a CSV, as in: name,email,phone 1,tags.")
]
Bom = Annotated[bool, typer.Option("--bom", help="Begin a CSV with a byte order mark, for Excel.")]
Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="In a folder, also write files that were changed or deleted there since.")
]
Counted = Annotated[bool, typer.Option("--dry-run", "-n", help="Show how much would be exported; write nothing.")]


@app.command("export", help=HELP, cls=QueryCommand)
def export(
    ctx: typer.Context,
    *,
    query: Query = None,
    form: Form = "",
    version: Version = "",
    output: Output = "",
    raw: Raw = False,
    product: For = "",
    columns: Columns = "",
    bom: Bom = False,
    salvage: Salvage = False,
    overwrite: Overwrite = False,
    yes: Yes = False,
    dry_run: Counted = False,
) -> None:
    """Write people as CSV, vCard or JSON."""
    preset = for_product(product)
    chosen = _format(form or preset.form, output)
    _check(chosen, product, preset, bom=bom, columns=columns)
    wish = exporting.Wish(
        chosen,
        query or [],
        _known_version(version or preset.version, output),
        raw,
        bom,
        preset.name if preset.form == "csv" else "",
        [name.strip() for name in columns.split(",") if name.strip()],
    )
    here = session(ctx)
    on = exporting.Context(here.now, here.now_utc, here.zone, _cards())
    if not is_folder(output):
        _to_file(ctx, output, wish, on, salvage=salvage, yes=yes, dry_run=dry_run)
    elif salvage:
        raise UsageError("--salvage writes one file", hint="-o FILE")
    else:
        to_folder(ctx, Path(output), wish, on, overwrite=overwrite, yes=yes, dry_run=dry_run)


def _check(chosen: str, product: str, preset: Preset, *, bom: bool, columns: str) -> None:
    """Refuse a format that the product does not import, and options of our own CSV for anything else."""
    if preset.form and chosen != preset.form:
        raise UsageError(f"{product} does not import {chosen}", hint=f"--format {preset.form}")
    is_own_csv = chosen in {"csv", "zip"}
    if (columns and preset.form) or ((columns or bom) and not is_own_csv):
        raise UsageError("--columns and --bom are for CSV in crm's own columns")


def _to_file(
    ctx: typer.Context,
    output: str,
    wish: exporting.Wish,
    on: exporting.Context,
    *,
    salvage: bool,
    yes: bool,
    dry_run: bool,
) -> None:
    """Export to one file or to standard output; with ``salvage``, exit with 5 if anything was lost."""
    here = session(ctx)
    target = _standard_output() if output in STANDARD else Path(output)
    used = files.in_use(here.path)
    if isinstance(target, Path) and not (dry_run or yes):
        files.check_output(target, used)
        confirm_replacement(ctx, target, wish.form)
    opened = exporting.nowhere if dry_run else exporting.destination
    losses: list[str] = []
    with opened(target, used) as out, SpooledTemporaryFile(SPOOL) as held:
        stream = cast("IO[bytes]", held)
        with _salvaged(here, on, wish, losses) if salvage else reading(ctx) as book:
            counts = exporting.export(book.db, stream, wish, on)
        stream.seek(0)
        _copy(stream, out)
        out.flush()
    _say_written(ctx, output, counts, dry_run=dry_run)
    say_left_out(ctx, counts, wish.product)
    if salvage:
        _report_losses(ctx, losses)


def _standard_output() -> IO[bytes]:
    sys.stdout.flush()
    return sys.stdout.buffer


def _format(given: str, output: str) -> str:
    """Return the format that was given, or that the name of the file ends with; CSV in a .zip is zip."""
    named = Path(output).suffix.lstrip(".").lower()
    chosen = "zip" if (given, named) == ("csv", "zip") else given or named
    if chosen not in exporting.FORMATS:
        wrong = f"there is no format {chosen}" if chosen else "which format?"
        raise UsageError(wrong, hint="--format csv, vcf, json or zip")
    return chosen


def _known_version(version: str, output: str) -> str:
    """Return the version of vCard; in a vdir 3.0, which khard, vdirsyncer and all servers read whole."""
    if not version:
        return "3.0" if is_folder(output) else "4.0"
    if version not in exporting.VERSIONS:
        raise UsageError(f"vCard {version} is not written", hint="--vcard 3.0 or 4.0")
    return version


def _cards() -> Cards:
    """Return the functions that make the documented cards."""
    from crm_cli.render import cards, deals

    return {"contact": cards.contact, "company": cards.company, "activity": cards.activity, "deal": deals.card}


@contextmanager
def _salvaged(here: CommandLine, on: exporting.Context, wish: exporting.Wish, losses: list[str]) -> Iterator[Book]:
    """Yield a temporary book with what could be salvaged from a damaged one; add what is incomplete to ``losses``."""
    book, found = exporting.salvaged(here.path, on, searched=bool(wish.query))
    losses += found
    with book:
        yield book


def _say_written(ctx: typer.Context, output: str, counts: Mapping[str, int], *, dry_run: bool) -> None:
    """Say how much was written to a file; after an export to standard output only if that was a dry run."""
    name = "" if output in STANDARD else f"{clean(output)}: "
    if name or dry_run:
        notify(ctx, f"{name}{summary(counts)}" + (NOTHING if dry_run else ""))


def _report_losses(ctx: typer.Context, losses: Sequence[str]) -> None:
    """List what could not be salvaged, and exit with 5 if anything was not."""
    for line in losses:
        notify(ctx, line)
    if losses:
        notify(ctx, f"{counted(len(losses), 'thing', 'things')} not whole, listed above; all else was written")
        raise typer.Exit(Exit.PARTIAL)
    notify(ctx, "nothing was lost")


def _copy(stream: IO[bytes], out: IO[bytes]) -> None:
    """Write an export unchanged; to a terminal, without control characters."""
    if not out.isatty():
        shutil.copyfileobj(stream, out, 1 << 20)
        return
    for line in stream:
        out.write(clean(line.decode().rstrip("\r\n")).encode() + b"\n")
