"""``crm import --explain``: how files would be read, with the first rows; nothing is imported."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from crm_cli.cli import importing, reporting
from crm_cli.cli.context import reading, session
from crm_cli.cli.output import positions, say, say_json, say_lines
from crm_cli.errors import CrmError, translated
from crm_cli.render.clean import clean
from crm_cli.render.tables import Column, table

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    import typer

    from crm_cli.formats.containers.contents import Contents, Member
    from crm_cli.formats.source import Options
    from crm_cli.services.importing.explaining import Explained

    Named = Callable[[sqlite3.Connection, Sequence[tuple[str, str]]], list[tuple[str, str]]]

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
_WIDEST = 24


def explain(ctx: typer.Context, files: Sequence[str], options: Options, chosen: str, named: Named) -> int:
    """Print how each file would be read; return the exit code. ``named`` gives fields the names of assignments."""
    from crm_cli.services.importing import explaining

    worst, cards = 0, []
    with ExitStack() as held:
        for file in files:
            contents: Contents = held.enter_context(importing.contents_of(file, held, several=len(files) > 1))
            members: list[Member] = sorted(contents.members, key=lambda each: each.kind)
            for member in members:
                try:
                    with member.open() as stream:
                        found = explaining.explain(stream, name=member.name, options=options)
                except CrmError as error:
                    if len(files) == len(members) == 1:
                        raise
                    worst = max(worst, reporting.report(translated(error), as_json=session(ctx).json))
                    continue
                cards.append(_card(found))
                if not chosen:
                    _print(ctx, found, named)
    if chosen:
        say_json(cards)
    return worst


def _print(ctx: typer.Context, found: Explained, named: Named) -> None:
    """Print what a file is, the warnings, and its columns; of one without columns, the names in it."""
    by = f"recognised as {found.profile}" if found.profile else "recognised by the words of its headings"
    if not found.columns:
        by = found.format
    facts = [found.lists, by, found.encoding, DELIMITERS.get(found.delimiter, found.delimiter)]
    say(f"{clean(found.file)}: {', '.join(filter(None, facts))}")
    for warning in found.warnings:
        say(f"  {clean(warning)}")
    if found.columns:
        _print_columns(ctx, found, named)
        return
    for name in found.names:
        say(f"  {clean(name)}")


def _print_columns(ctx: typer.Context, found: Explained, named: Named) -> None:
    """Print a table of the columns of a file: the field of each, and its cells in the first rows."""
    with reading(ctx, will_write=True) as book:
        fields = named(book.db, [(column.name, column.field) for column in found.columns])
    rows = [(*pair, *map(_short, column.samples)) for pair, column in zip(fields, found.columns, strict=True)]
    width = max(map(len, rows))
    titles = ("column", "field", *(f"row {number}" for number in range(1, width - 1)))
    columns = tuple(_column(title, at) for at, title in enumerate(titles))
    say_lines(table(rows, columns, width=200, placed=bool(positions())))


def _column(title: str, at: int) -> Column[tuple[str, ...]]:
    return Column(title, lambda row: row[at], grow=int(at > 1))


def _short(cell: str) -> str:
    text = " ".join(cell.split())
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


def _card(found: Explained) -> dict[str, Any]:
    return {
        "file": found.file,
        "format": found.format,
        "lists": found.lists,
        "profile": found.profile or None,
        "encoding": found.encoding or None,
        "delimiter": found.delimiter or None,
        "columns": [
            {"column": column.name, "field": column.field, "samples": list(column.samples)} for column in found.columns
        ],
        "names": list(found.names),
        "warnings": list(found.warnings),
    }
