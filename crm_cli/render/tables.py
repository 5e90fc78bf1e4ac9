"""Plain columns for a terminal, and the exact formats for programs, from one list of columns.

Rich would draw nicer borders and cost a look-up half as much again as everything else it does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from crm_cli.core.text.cautious import cautious_width, fit_cautiously
from crm_cli.core.text.folding import display_width, fit, similar
from crm_cli.errors import UsageError
from crm_cli.render.clean import BOLD, PLAIN, clean
from crm_cli.render.positions import STOP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

FORMATS = ("table", "json", "jsonl", "csv", "tsv", "ids")

STEERING = "\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ud800-\udfff"
"""Characters that would act on a terminal, or on the order of what stands beside them; a range of a pattern."""

T = TypeVar("T")


class Column(NamedTuple, Generic[T]):
    """A column of a record kind: its name in options and headers, and how to read it off a record.

    When the terminal is narrow, columns give up width down to ``least`` cells, those of the highest ``grow`` first (0:
    only when all others have); ``right`` ones are aligned right.
    """

    name: str
    get: Callable[[T], str]
    grow: int = 0
    right: bool = False
    least: int = 6


def pick(columns: Sequence[Column[T]], names: str, default: Sequence[str]) -> list[Column[T]]:
    """Return the columns that the comma-separated ``names`` ask for, or the default ones. Raises UsageError."""
    known = {column.name: column for column in columns}
    asked = [name.strip() for name in names.split(",") if name.strip()] or list(default)
    for name in asked:
        if name not in known:
            near = similar(name, known, 1)
            meant = f"did you mean {near[0]}? " if near else ""
            raise UsageError(f"there is no column {name}", hint=f"{meant}columns: {', '.join(known)}")
    return [known[name] for name in asked]


SPARE = 3
"""The rank from which a column may be left out of a table that nobody chose columns for."""


def table(
    rows: Sequence[T], columns: Sequence[Column[T]], *, width: int, bold: bool = False, placed: bool = False
) -> Iterator[str]:
    """Yield the lines of a table no wider than ``width`` cells, header first."""
    return laid_out(rows, columns, width=width, bold=bold, whole=True, placed=placed)[0]


def laid_out(
    rows: Sequence[T],
    columns: Sequence[Column[T]],
    *,
    width: int,
    bold: bool = False,
    whole: bool = False,
    placed: bool = False,
) -> tuple[Iterator[str], list[str]]:
    """Return the lines of a table no wider than ``width`` cells, header first, and the columns left out of it.

    Unless it shall be ``whole``, columns of the highest ranks go where all of them could not be read. If its columns
    are ``placed`` by the cursor, each has room for the widest that a terminal may draw its texts, and what does not fit
    is cut by that measure: else the next column would cover the end of a name, and nothing would say so.
    """
    measure = cautious_width if placed else display_width
    lines = [[column.name.upper() for column in columns]]
    lines += [[clean(column.get(row)) for column in columns] for row in rows]
    widths = [max(measure(line[place]) for line in lines) for place in range(len(columns))]
    kept = list(range(len(columns)))
    while not whole and _least(columns, widths, kept) > width:
        spare = max(kept, key=lambda place: (columns[place].grow, place))
        if columns[spare].grow < SPARE:
            break
        kept.remove(spare)
    left_out = [column.name for place, column in enumerate(columns) if place not in kept]
    columns = [columns[place] for place in kept]
    widths = _fitted([widths[place] for place in kept], columns, width)
    lines = [[line[place] for place in kept] for line in lines]
    return _lines(lines, columns, widths, bold=bold, placed=placed), left_out


def _lines(
    lines: list[list[str]], columns: Sequence[Column[T]], widths: list[int], *, bold: bool, placed: bool
) -> Iterator[str]:
    measure, fitted, joint = (cautious_width, fit_cautiously, f"  {STOP}") if placed else (display_width, fit, "  ")
    for number, line in enumerate(lines):
        parts = [
            fitted(" " * max(0, size - measure(cell)) + cell if column.right else cell, size)
            for cell, size, column in zip(line, widths, columns, strict=True)
        ]
        text = joint.join(parts).rstrip()
        yield f"{BOLD}{text}{PLAIN}" if bold and number == 0 else text


def _least(columns: Sequence[Column[T]], widths: list[int], kept: list[int]) -> int:
    """Return the width at which the columns kept can still be read."""
    cells = sum(min(widths[place], columns[place].least) if columns[place].grow else widths[place] for place in kept)
    return cells + 2 * (len(kept) - 1)


def _fitted(widths: list[int], columns: Sequence[Column[T]], width: int) -> list[int]:
    """Return the widths cut to what there is: by rank down to what can be read, then by rank further down."""
    narrow = list(widths)
    spare = width - sum(widths) - 2 * (len(widths) - 1)
    ranks = sorted({column.grow for column in columns}, reverse=True)
    for rank, floor in [*((rank, True) for rank in ranks if rank), *((rank, False) for rank in ranks)]:
        places = {place: column.least if floor else 6 for place, column in enumerate(columns) if column.grow == rank}
        while spare < 0 and any(narrow[place] > least for place, least in places.items()):
            widest = max(places, key=lambda place: narrow[place] - places[place])
            others = [narrow[place] for place in places if place != widest and narrow[place] < narrow[widest]]
            room = narrow[widest] - max(places[widest], *others, 0)
            cut = min(-spare, max(1, room))
            narrow[widest] -= cut
            spare += cut
    return narrow


def tsv(rows: Iterable[T], columns: Sequence[Column[T]]) -> Iterator[str]:
    """Yield one record a line, untruncated, without a header; tabs and line ends inside are made visible."""
    for row in rows:
        yield "\t".join(clean(column.get(row)) for column in columns)


def csv_lines(rows: Iterable[T], columns: Sequence[Column[T]], *, raw: bool = False) -> Iterator[str]:
    """Yield CSV lines, header first; cells that a spreadsheet would run are neutralised, unless ``raw``."""
    import csv
    import io

    from crm_cli.formats.csv.cells import guard

    safe = str if raw else guard
    for values in (
        [safe(column.name) for column in columns],
        *([safe(clean(column.get(row), lines=True)) for column in columns] for row in rows),
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
