"""Standard output is data and nothing else; notes go to stderr."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

from crm_cli.cli.context import session
from crm_cli.core.json_text import json_line, json_text
from crm_cli.core.limits import shortened
from crm_cli.errors import UsageError
from crm_cli.render import spans, tables
from crm_cli.render.clean import clean, harmless
from crm_cli.render.positions import STOP, positioned, unpositioned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import typer

    from crm_cli.book.book import Change
    from crm_cli.render.board import View
    from crm_cli.render.spans import Line
    from crm_cli.render.tables import Column

T = TypeVar("T")


def say(text: str) -> None:
    """Write a line of data, without control characters."""
    sys.stdout.write(harmless(text) + "\n")


def say_lines(lines: Iterable[Line], *, colored: bool = False) -> None:
    """Write lines for people with their columns aligned; on a ``colored`` terminal, roles decide how they look."""
    for line in lines:
        shown = _laid(spans.text(line))
        sys.stdout.write((spans.emphasised(line, shown) if colored else shown) + "\n")


def _laid(line: str) -> str:
    """Return a line without control characters, with its columns placed if the output supports that."""
    if STOP not in line:
        return harmless(line)
    line = STOP.join(map(harmless, line.split(STOP)))
    room = positions()
    return positioned(line, room) if room else unpositioned(line)


def positions() -> int:
    """Return the number of columns that the cursor can move to: 0 for a file, a pipe and ``TERM=dumb``."""
    if os.environ.get("TERM") == "dumb" or not sys.stdout.isatty():
        return 0
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns
    except (OSError, ValueError):
        return 0


def say_json(value: Any, *, chosen: str = "json") -> None:
    """Write a value as JSON, on one line for ``jsonl``."""
    sys.stdout.write((json_text(value) if chosen == "json" else json_line(value)) + "\n")


def notify(ctx: typer.Context, text: str) -> None:
    """Write a note to stderr, unless quiet."""
    if not session(ctx).quiet:
        sys.stdout.flush()
        note(clean(shortened(text, 2000), lines=True))


def notify_empty(ctx: typer.Context, text: str) -> None:
    """Write a note about an empty result, but only if stdout is a terminal."""
    if sys.stdout.isatty():
        notify(ctx, text)


def note(text: str) -> None:
    """Write to stderr; if that fails, the error is ignored."""
    with suppress(OSError):
        sys.stderr.write(text + "\n")
    settle(sys.stderr)


def settle(stream: TextIO) -> OSError | None:
    """Flush a stream. Return the error if that fails, and keep Python from reporting it again at exit."""
    try:
        stream.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        return error
    return None


def chosen_format(given: str, *, as_json: bool = False, known: Sequence[str] = tables.FORMATS) -> str:
    """Return the requested format, or the default for the kind of output. Raises UsageError."""
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


def say_columns(known: Sequence[Column[T]], meaning: Callable[[str], str] | None = None) -> None:
    """Print the columns that ``--columns`` takes, one per line, with their ``meaning`` if given."""
    listed: list[Column[Column[T]]] = [tables.Column("name", lambda column: column.name)]
    if meaning:
        listed.append(tables.Column("meaning", lambda column: meaning(column.name), grow=1))
    _, *lines = tables.table(known, listed, width=200, placed=bool(positions()))
    say_lines(lines)


def emit(
    ctx: typer.Context,
    rows: Sequence[T],
    columns: Sequence[Column[T]],
    *,
    chosen: str,
    card: Callable[[T], Any],
    ref: Callable[[T], str],
    named: str = "",
    empty: str = "",
) -> None:
    """Write a list of records in the chosen format; ``card`` makes a record's JSON, ``ref`` its printed id.

    A table has all columns that the user ``named``; of the default ones, a note lists those that do not fit.
    ``empty`` is the note at a terminal for a list without records.
    """
    if chosen == "json":
        say_json([card(row) for row in rows])
        return
    if chosen == "jsonl":
        for row in rows:
            say_json(card(row), chosen=chosen)
        return
    if not rows and empty:
        notify_empty(ctx, empty)
    if chosen == "table":
        _say_table(ctx, rows, columns, whole=bool(named))
        return
    lines: dict[str, Callable[[], Iterable[str]]] = {
        "ids": lambda: map(ref, rows),
        "csv": lambda: tables.csv_lines(rows, columns, raw=session(ctx).csv_raw),
        "tsv": lambda: tables.tsv(rows, columns),
    }
    for line in lines[chosen]():
        say(line)


def _say_table(ctx: typer.Context, rows: Sequence[T], columns: Sequence[Column[T]], *, whole: bool) -> None:
    """Write a table for a person, and name the columns that the terminal is too narrow for."""
    if not rows:
        return
    width, placed = terminal_width(), bool(positions())
    lines, omitted = tables.laid_out(rows, columns, width=width, whole=whole, placed=placed)
    say_lines(lines, colored=session(ctx).colored)
    if omitted:
        notify(ctx, f"{width} cells are too narrow for: {', '.join(omitted)}")


def emit_change(
    ctx: typer.Context,
    change: Change,
    message: str,
    *,
    chosen: str,
    refs: Sequence[str],
    card: Callable[[], Any] | None = None,
    advice: str = "",
) -> None:
    """Report what a write did, and its change; for programs, print the ids (or cards) of the records.

    ``advice`` follows the change's id.
    """
    if chosen in {"json", "jsonl"}:
        _say_cards(card() if card else {"change": change.ref or None, "refs": list(refs)}, chosen)
    elif chosen != "table":
        for ref in refs:
            say(ref)
    if change.dry_run:
        notify(ctx, f"{message} (dry run: nothing was changed)")
    elif change.ref:
        notify(ctx, f"{message} [{change.ref}]{advice}")
    else:
        notify(ctx, f"{message}: nothing changed")


def _say_cards(value: Any, chosen: str) -> None:
    """Write the JSON of what was made or changed: a list in one piece, or for ``jsonl`` a line for each."""
    for line in value if chosen == "jsonl" and isinstance(value, list) else [value]:
        say_json(line, chosen=chosen)


def board_view(ctx: typer.Context, *, limit: int = 0) -> View:
    """Return how deals are drawn: day, zone, locale and width."""
    from crm_cli.render.board import View

    here = session(ctx)
    return View(here.today, here.zone, here.locale, terminal_width(), limit, bool(positions()))
