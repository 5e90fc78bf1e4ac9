"""Standard output is data and nothing else; notes go to stderr."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, TypeVar

from crm_cli.cli.context import world
from crm_cli.errors import UsageError
from crm_cli.render import tables
from crm_cli.render.clean import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import typer

    from crm_cli.book.book import Change
    from crm_cli.render.tables import Column

T = TypeVar("T")


def say(text: str) -> None:
    """Write a line of data."""
    sys.stdout.write(text + "\n")


def tell(ctx: typer.Context, text: str) -> None:
    """Write a note to stderr, unless quiet."""
    if not world(ctx).quiet:
        sys.stdout.flush()
        sys.stderr.write(clean(text, lines=True) + "\n")


def chosen_format(given: str, *, as_json: bool = False, known: Sequence[str] = tables.FORMATS) -> str:
    """Return the format asked for, or the one that fits where the output goes. Raises UsageError."""
    chosen = "json" if as_json else given
    if not chosen:
        return "table" if sys.stdout.isatty() else "tsv"
    if chosen not in known:
        raise UsageError(f"there is no format {chosen}", hint="formats: " + ", ".join(known))
    return chosen


def terminal_width() -> int:
    """Return the width to draw for: COLUMNS, the terminal's, or 100; between 40 and 300 cells."""
    given = os.environ.get("COLUMNS", "")
    if given.isdigit() and int(given):
        return min(300, max(40, int(given)))
    try:
        return min(300, max(40, os.get_terminal_size(sys.stdout.fileno()).columns))
    except (OSError, ValueError):
        return 100


def emit(
    ctx: typer.Context,
    rows: Sequence[T],
    columns: Sequence[Column[T]],
    *,
    chosen: str,
    card: Callable[[T], Any],
    ref: Callable[[T], str],
    named: str = "",
) -> None:
    """Write a list of records in the chosen format; ``card`` makes a record's JSON, ``ref`` its printed id.

    A table has all columns that the user ``named``; of ours it says which the terminal is too narrow for.
    """
    lines: Iterable[str]
    left_out: list[str] = []
    if chosen == "json":
        lines = [tables.json_text([card(row) for row in rows])]
    elif chosen == "jsonl":
        lines = (tables.json_line(card(row)) for row in rows)
    elif chosen == "ids":
        lines = (ref(row) for row in rows)
    elif chosen == "csv":
        lines = tables.csv_lines(rows, columns)
    elif chosen == "tsv":
        lines = tables.tsv(rows, columns)
    else:
        lines, left_out = (), []
        if rows:
            width, bold = terminal_width(), world(ctx).colored
            lines, left_out = tables.laid_out(rows, columns, width=width, bold=bold, whole=bool(named))
    for line in lines:
        say(line)
    if left_out:
        tell(ctx, f"no room on {terminal_width()} cells for: {', '.join(left_out)}")


def emit_change(
    ctx: typer.Context,
    change: Change,
    said: str,
    *,
    chosen: str,
    refs: Sequence[str],
    card: Callable[[], Any] | None = None,
) -> None:
    """Say what a write did and by which change; for programs, the ids (or cards) of what it made or changed."""
    if chosen in {"json", "jsonl"}:
        value = card() if card else {"change": change.ref or None, "refs": list(refs)}
        lines = value if chosen == "jsonl" and isinstance(value, list) else [value]
        for line in lines:
            say(tables.json_text(line) if chosen == "json" else tables.json_line(line))
    elif chosen in {"ids", "csv"} or (chosen == "tsv" and refs):
        for ref in refs:
            say(ref)
    if change.dry_run:
        tell(ctx, f"{said} (dry run: nothing was changed)")
    elif change.ref:
        tell(ctx, f"{said} [{change.ref}]")
    else:
        tell(ctx, f"{said}: nothing changed" if not said.endswith("changed") else said)
