"""``crm import`` and ``crm imports``: import files into the book."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crm_cli.cli.context import reading, session
from crm_cli.cli.importing import COUNTS, Run
from crm_cli.cli.options import DryRun, Format, Json, Limit, Tag
from crm_cli.cli.output import chosen_format, emit, positions, say, say_json, say_lines
from crm_cli.errors import Exit, UsageError
from crm_cli.files import in_use, target
from crm_cli.queries import imports as queries
from crm_cli.render.tables import Column, table

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from crm_cli.formats.source import Options
    from crm_cli.queries.imports import ImportRun
    from crm_cli.services.importing.file import Outcome, Wish

    Mapped = tuple[tuple[str, str], ...]
    """Columns, each with its field."""

app = typer.Typer(rich_markup_mode=None)

HELP = """Import vCard, CSV, workbooks, archives or folders; importing the same file again changes nothing.

crm detects the format of a file from its first bytes, and the columns of a CSV from their headings (--dry-run shows the
field of each, --map changes it; a column that matches no field becomes a custom field of the type that its values
show). It recognises a person who is already in the book by the record's own key (a UID, an id column), or else by
e-mail or phone, if only one person has it and the names agree. Your own changes are kept; if the file changed the same
value, a warning shows both.

--on-match fill only fills what is empty, skip leaves records of the book as they are, new makes new ones all the same,
and fail rejects what the book has already.

What an archive (zip, gz, bz2, xz), a workbook (xlsx, xls, ods) or a folder holds is read like files of their own,
companies before people. What is not address data is skipped and named.

Each file is one change, so undo reverts one file. For very large files, --batch N makes a change of each N records:
other programs can write between two batches, and Ctrl-C leaves the batches that are finished; a record is matched with
what came before it in the file, not with all of it. Rejected rows go to FILE.rejects, and the exit code is 5 (0 with
--ok-rejects). --set gives a value to records that have none in the file; --tag tags all of them.

\b
  crm import contacts.vcf
  crm import leads.csv --tag fair2026 --set source="Fair 2026"
  crm import --explain leads.csv
  crm import leads.csv --map "Firma=company" --map "Kd-Nr=-" --save-map leads
  crm import march.csv --from leads
  crm import list.csv --header none --map 1=name --map 2=email
  crm import takeout.zip
  crm import *.vcf --format ids --only new | crm tag - +new
  curl -s https://intranet/book.vcf | crm import -
"""

Files = Annotated[list[str], typer.Argument(metavar="FILE... | -", help="Files or folders; - reads standard input.")]
Sets = Annotated[
    list[str],
    typer.Option("--set", metavar="FIELD=VALUE", help="Set a field where the file has no value; can be repeated."),
]
Map = Annotated[list[str], typer.Option("--map", metavar="COLUMN=FIELD", help="The field of a column; - skips it.")]
Encoding = Annotated[str, typer.Option("--encoding", metavar="NAME", help="The encoding of the file. [detected]")]
Delimiter = Annotated[str, typer.Option("--delimiter", metavar="CHAR", help="The delimiter of a CSV. [detected]")]
DateOrder = Annotated[str, typer.Option("--date-order", metavar="dmy|mdy", help="Day or month first. [detected]")]
Header = Annotated[
    str, typer.Option("--header", metavar="none|LINE", help="Line number of the heading, or none. [detected]")
]
From = Annotated[
    str,
    typer.Option("--from", metavar="PROFILE", help="The program that wrote it, or a saved mapping. [detected]"),
]
Explain = Annotated[
    bool, typer.Option("--explain", help="Show how each file would be read, with three rows; import nothing.")
]
SaveMap = Annotated[str, typer.Option("--save-map", metavar="NAME", help="Save the --map options for --from NAME.")]
OnMatch = Annotated[
    str,
    typer.Option(
        "--on-match",
        metavar="update|fill|skip|new|fail",
        help="What to do with a record that is in the book already. [update]",
    ),
]
Batch = Annotated[
    int, typer.Option("--batch", metavar="N", min=0, help="Import N records at a time, each time as a change. [all]")
]
RejectsTo = Annotated[str, typer.Option("--rejects", metavar="PATH", help="Where rejected rows go. [FILE.rejects]")]
OkRejects = Annotated[bool, typer.Option("--ok-rejects", help="Exit with 0 even if rows are rejected.")]
Only = Annotated[str, typer.Option("--only", metavar="new|changed", help="Which ids --format ids prints. [both]")]


@app.command("import", help=HELP)
def import_files(
    ctx: typer.Context,
    *,
    files: Files,
    dry_run: DryRun = False,
    tag: Tag = [],  # noqa: B006
    sets: Sets = [],  # noqa: B006
    maps: Map = [],  # noqa: B006
    encoding: Encoding = "",
    delimiter: Delimiter = "",
    date_order: DateOrder = "",
    header: Header = "",
    profile: From = "",
    on_match: OnMatch = "update",
    explain: Explain = False,
    save_map: SaveMap = "",
    batch: Batch = 0,
    rejects: RejectsTo = "",
    ok_rejects: OkRejects = False,
    form: Format = "",
    only: Only = "",
    json: Json = False,
) -> None:
    """Import files, each as one change."""
    from crm_cli.formats.source import Options
    from crm_cli.services.importing.file import Wish

    here = session(ctx)
    chosen = chosen_format(form, as_json=json) if form or json else ""
    _check(files, only, rejects, on_match)
    mapping, profile = _mapped(maps, profile, save_map)
    options = Options(encoding, _delimiter(delimiter), mapping, date_order, profile, header, here.region, here.currency)
    if explain:
        here.code = _explained(ctx, files, options, chosen)
    else:
        wish = Wish(
            options, tuple(tag), tuple(sets), on_match, here.region, here.today, here.now_utc, here.zone, here.origin,
            dry_run, batch,
        )  # fmt: skip
        run = _imported(ctx, files, wish, rejects)
        here.code = _exit_code(run.outcomes, run.worst, refused=run.refused, ok_rejects=ok_rejects)
        _answer(ctx, run.outcomes, chosen, only)
    if here.code:
        raise typer.Exit(here.code)


def _check(files: Sequence[str], only: str, rejects: str, on_match: str) -> None:
    """Refuse values that an option does not take, and options that contradict the files."""
    from crm_cli.services.importing.importer import ON_MATCH

    if only not in {"", "new", "changed"}:
        raise UsageError(f"--only takes new or changed, not {only}")
    if rejects and len(files) > 1:
        raise UsageError("--rejects is for one file", hint="each of several gets its own FILE.rejects")
    if on_match not in ON_MATCH:
        raise UsageError(f"--on-match takes {', '.join(ON_MATCH[:-1])} or {ON_MATCH[-1]}, not {on_match}")


def _mapped(maps: Sequence[str], profile: str, save_map: str) -> tuple[Mapped, str]:
    """Return the mapping of the options, and the profile, which may be the name of a saved mapping."""
    from crm_cli.services.importing import maps as saved

    mapping = tuple(map(_mapping, maps))
    if save_map:
        if not mapping:
            raise UsageError("--save-map saves the --map options, and there are none")
        saved.save(save_map, mapping)
    known = saved.load(profile) if profile else None
    return (mapping, profile) if known is None else ((*known, *mapping), "")


def _explained(ctx: typer.Context, files: Sequence[str], options: Options, chosen: str) -> Exit:
    """Show how each file would be read; return the exit code."""
    from crm_cli.cli import explaining

    return Exit(explaining.explain(ctx, files, options, chosen, _fields_shown))


def _imported(ctx: typer.Context, files: Sequence[str], wish: Wish, rejects: str) -> Run:
    """Import the files; rejected rows go to the path ``rejects``, if it is given."""
    used = in_use(session(ctx).path, list(map(_path, files)))
    place = target(Path(rejects), used) if rejects else None
    run = Run(ctx, wish, place, used)
    run.files(files)
    return run


def _path(file: str) -> Path:
    """Return the path of a file that is named, or of standard input."""
    return Path("/dev/fd/0") if file == "-" else Path(file)


def _exit_code(outcomes: Sequence[Outcome], worst: int, *, refused: bool, ok_rejects: bool) -> Exit:
    """Return the exit code: the worst of the files that failed, else whether rows or members were rejected."""
    if worst:
        return Exit(worst)
    rejected = refused or any(outcome.report.rejected for outcome in outcomes)
    return Exit.PARTIAL if rejected and not ok_rejects else Exit.OK


def _answer(ctx: typer.Context, outcomes: Sequence[Outcome], chosen: str, only: str) -> None:
    """Write reports or ids to stdout, as requested; without a format, a dry run shows the field of each column."""
    if chosen == "ids":
        for ref in _refs(outcomes, (only,) if only else ("new", "changed")):
            say(ref)
    elif chosen == "json":
        say_json([_card(outcome) for outcome in outcomes])
    elif chosen == "jsonl":
        for outcome in outcomes:
            say_json(_card(outcome), chosen="jsonl")
    elif not chosen:
        _preview(ctx, outcomes)
    else:
        emit(ctx, outcomes, COLUMNS, chosen=chosen, card=_card, ref=lambda outcome: outcome.change.ref)


def _refs(outcomes: Sequence[Outcome], names: Sequence[str]) -> Iterator[str]:
    """Yield the ids of what each file added or changed."""
    for outcome in outcomes:
        for name in names:
            yield from getattr(outcome.report, f"{name}_ids")


def _preview(ctx: typer.Context, outcomes: Sequence[Outcome]) -> None:
    """Print the field of each column in a dry run, by its name in assignments."""
    rehearsed = [outcome.mapping for outcome in outcomes if outcome.change.dry_run and outcome.mapping]
    if not rehearsed:
        return
    columns = (
        Column[tuple[str, str]]("column", lambda pair: pair[0], grow=1),
        Column[tuple[str, str]]("field", lambda pair: pair[1]),
    )
    with reading(ctx, will_write=True) as book:
        previews = [_fields_shown(book.db, mapping) for mapping in rehearsed]
    for preview in previews:
        say_lines(table(preview, columns, width=200, placed=bool(positions())))


def _fields_shown(db: sqlite3.Connection, mapping: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return each column with its field as an assignment names it; a custom field with the name it has or will get."""
    from crm_cli.queries import fields
    from crm_cli.services.importing.words import name_for

    own = set(fields.names(db))
    named: dict[str, str] = {}
    shown = []
    for column, read_as in mapping:
        field, _, label = read_as.partition(":")
        if field == "custom":
            if label not in named:
                named[label] = name_for(db, label, set(named.values()))
            name = named[label] + (" (custom field)" if named[label] in own else " (new custom field)")
        else:
            name = SHOWN_AS.get(field, field) + (f".{label}" if label else "")
        shown.append((column, name))
    return shown


COLUMNS: tuple[Column[Outcome], ...] = (
    Column("file", lambda row: row.report.file, grow=1),
    Column("format", lambda row: row.report.format),
    *(Column(name, lambda row, name=name: str(getattr(row.report, name)), right=True) for name in COUNTS),  # type: ignore[misc]
    Column("rejects", lambda row: row.report.rejects, grow=1),
    Column("change", lambda row: row.change.ref),
)

SHOWN_AS = {
    "locality": "city", "tags": "tag", "-": "skipped", "uid": "id", "key": "id", "company_key": "company id",
    "company.key": "company id", "person.key": "person id", "deal.key": "deal id", "any": "record",
    "any.key": "record id",
}  # fmt: skip
"""The formats' name of a field -> its name on the command line."""


def _card(outcome: Outcome) -> dict[str, Any]:
    """Return the report on one file as JSON."""
    found = outcome.report
    return {
        "file": found.file,
        "format": found.format,
        "encoding": found.encoding or None,
        **{name: getattr(found, name) for name in COUNTS},
        "rejects": found.rejects or None,
        "warnings": found.warnings,
        "conflicts": found.conflicts,
        "stopped": found.stopped,
        "beside": found.beside,
        "activities": dict(zip(("new", "changed", "same"), found.activities, strict=True)),
        "pending": found.pending,
        "mapping": [{"column": column, "field": field} for column, field in outcome.mapping],
        "new_ids": list(found.new_ids),
        "changed_ids": list(found.changed_ids),
        "change": outcome.change.ref or None,
        "dry_run": outcome.change.dry_run,
    }


def _mapping(word: str) -> tuple[str, str]:
    column, sign, field = word.rpartition("=")
    if not sign or not column.strip() or not field.strip():
        raise UsageError(f"--map takes COLUMN=FIELD, not {word}")
    return column.strip(), field.strip()


def _delimiter(given: str) -> str:
    """Return the delimiter; it may be given by name."""
    found = {"\\t": "\t", "tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}.get(given.lower(), given)
    if len(found) > 1:
        raise UsageError(f"--delimiter takes one character, not {given}", hint="or: tab, comma, semicolon, pipe")
    return found


@app.command("imports")
def imports(ctx: typer.Context, *, limit: Limit = 20, form: Format = "", json: Json = False) -> None:
    """List what was imported before, the latest first."""
    chosen = chosen_format(form, as_json=json)
    with reading(ctx) as book:
        runs = queries.latest(book.db, limit=limit)
    zone = session(ctx).zone
    emit(
        ctx,
        runs,
        _run_columns(zone),
        chosen=chosen,
        card=lambda run: _run_card(run, zone),
        ref=_run_ref,
        empty="nothing was imported",
    )


def _run_columns(zone: str) -> tuple[Column[ImportRun], ...]:
    from crm_cli.core.instants import local

    return (
        Column("id", lambda run: str(run.id), right=True),
        Column("at", lambda run: f"{local(run.at, zone):%Y-%m-%d %H:%M}"),
        Column("file", lambda run: run.file, grow=1, least=12),
        Column("format", lambda run: run.format, grow=3),
        *(Column(name, lambda run, name=name: str(getattr(run, name)), right=True) for name in COUNTS),  # type: ignore[misc]
        Column("change", _run_ref),
    )


def _run_ref(run: ImportRun) -> str:
    return f"ch{run.change}" if run.change else ""


def _run_card(run: ImportRun, zone: str) -> dict[str, Any]:
    from crm_cli.core.instants import iso_local

    card = run._asdict()
    return {**card, "at": iso_local(run.at, zone), "rejects": run.rejects or None, "change": _run_ref(run) or None}
