"""Plain columns for a terminal, and the exact formats for programs, from one list of columns.

Rich would draw nicer borders and cost a look-up half as much again as everything else it does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from crm_cli.core.text import display_width, fit
from crm_cli.errors import UsageError
from crm_cli.render.clean import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

FORMATS = ("table", "json", "jsonl", "csv", "tsv", "ids")

STEERING = "\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff"
"""Characters that would act on a terminal, or on the order of what stands beside them; a range of a pattern."""

T = TypeVar("T")


class Column(NamedTuple, Generic[T]):
    """A column of a record kind: its name in options and headers, and how to read it off a record.

    ``grow`` columns give up width first when the terminal is narrow; ``right`` ones are aligned right.
    """

    name: str
    get: Callable[[T], str]
    grow: bool = False
    right: bool = False


def pick(columns: Sequence[Column[T]], names: str, default: Sequence[str]) -> list[Column[T]]:
    """Return the columns that the comma-separated ``names`` ask for, or the default ones. Raises UsageError."""
    known = {column.name: column for column in columns}
    asked = [name.strip() for name in names.split(",") if name.strip()] or list(default)
    for name in asked:
        if name not in known:
            raise UsageError(f"there is no column {name}", hint="columns: " + ", ".join(known))
    return [known[name] for name in asked]


def table(rows: Sequence[T], columns: Sequence[Column[T]], *, width: int, bold: bool = False) -> Iterator[str]:
    """Yield the lines of a table no wider than ``width`` cells, header first."""
    cells = [[clean(column.get(row)) for column in columns] for row in rows]
    header = [column.name.upper() for column in columns]
    widths = _widths([header, *cells], columns, width)
    for number, line in enumerate([header, *cells]):
        parts = [
            cell.rjust(size) if column.right and cell.isascii() else fit(cell, size)
            for cell, size, column in zip(line, widths, columns, strict=True)
        ]
        text = "  ".join(parts).rstrip()
        yield f"\x1b[1m{text}\x1b[0m" if bold and number == 0 else text


def _widths(lines: list[list[str]], columns: Sequence[Column[T]], width: int) -> list[int]:
    widths = [max(display_width(line[place]) for line in lines) for place in range(len(columns))]
    spare = width - sum(widths) - 2 * (len(widths) - 1)
    order = sorted(range(len(columns)), key=lambda place: not columns[place].grow)
    for grow in (True, False):
        places = [place for place in order if columns[place].grow is grow]
        while spare < 0 and any(widths[place] > 6 for place in places):
            widest = max(places, key=lambda place: widths[place])
            cut = min(-spare, max(1, widths[widest] - max(6, _second(widths, places))))
            widths[widest] -= cut
            spare += cut
    return widths


def _second(widths: list[int], places: list[int]) -> int:
    ordered = sorted((widths[place] for place in places), reverse=True)
    return ordered[1] if len(ordered) > 1 else 0


def tsv(rows: Iterable[T], columns: Sequence[Column[T]]) -> Iterator[str]:
    """Yield one record a line, untruncated, without a header; tabs and line ends inside are made visible."""
    for row in rows:
        yield "\t".join(clean(column.get(row)) for column in columns)


def csv_lines(rows: Iterable[T], columns: Sequence[Column[T]]) -> Iterator[str]:
    """Yield CSV lines, header first; cells that a spreadsheet would run are neutralised."""
    import csv
    import io

    from crm_cli.formats.cells import guard

    for values in (
        [column.name for column in columns],
        *([guard(clean(column.get(row), lines=True)) for column in columns] for row in rows),
    ):
        held = io.StringIO()
        csv.writer(held, lineterminator="").writerow(values)
        yield held.getvalue()


def json_text(value: Any) -> str:
    """Return a value as the JSON this program prints: readable, in every script, keys in their order."""
    import json

    return unsteerable(json.dumps(value, ensure_ascii=False, indent=2))


def json_line(value: Any) -> str:
    """Return a value as JSON on one line."""
    import json

    return unsteerable(json.dumps(value, ensure_ascii=False, separators=(", ", ": ")))


def unsteerable(text: str) -> str:
    """Write what could steer a terminal as JSON's own escapes; json.dumps does so below the blank only."""
    if text.isascii() and "\x7f" not in text:
        return text
    import re

    return re.sub(f"[{STEERING}]", lambda found: f"\\u{ord(found[0]):04x}", text)
