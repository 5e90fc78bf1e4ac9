"""Plain columns for a terminal, and the exact formats for programs, from one list of columns.

Rich would draw nicer borders, but would make a look-up half as slow again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from crm_cli.core.text.cautious import cautious_width, fit_cautiously
from crm_cli.core.text.folding import display_width, fit, similar
from crm_cli.errors import UsageError
from crm_cli.render.clean import BOLD, PLAIN, clean
from crm_cli.render.positions import STOP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

FORMATS = ("table", "json", "jsonl", "csv", "tsv", "ids")

T = TypeVar("T")


class Column(NamedTuple, Generic[T]):
    """A column of a record kind: its name in options and headers, and how to read it from a record.

    On a narrow terminal, columns shrink to ``least`` cells, those with the highest ``grow`` first (0: only after all
    others). ``right`` columns are right-aligned.
    """

    name: str
    get: Callable[[T], str]
    grow: int = 0
    right: bool = False
    least: int = 6


def pick(columns: Sequence[Column[T]], names: str, default: Sequence[str]) -> list[Column[T]]:
    """Return the columns in the comma-separated ``names``, or the default ones. Raises UsageError."""
    known = {column.name: column for column in columns}
    asked = [name.strip() for name in names.split(",") if name.strip()] or list(default)
    for name in asked:
        if name not in known:
            near = similar(name, known, 1)
            meant = f"did you mean {near[0]}? " if near else ""
            raise UsageError(f"there is no column {name}", hint=f"{meant}columns: {', '.join(known)}")
    return [known[name] for name in asked]


SPARE = 3
"""The lowest ``grow`` of columns that may be dropped from a table, if the user did not choose its columns."""


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
    """Return the lines of a table no wider than ``width`` cells, header first, and the names of the dropped columns.

    Unless ``whole``, columns with the highest ``grow`` are dropped if not all columns would be readable. If ``placed``,
    columns are positioned by the cursor. Then each column gets the width of its texts on the terminal that draws them
    widest, and texts are cut by that measure. Otherwise the next column would cover the end of a name without any sign.
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
    omitted = [column.name for place, column in enumerate(columns) if place not in kept]
    columns = [columns[place] for place in kept]
    widths = _fitted([widths[place] for place in kept], columns, width)
    lines = [[line[place] for place in kept] for line in lines]
    return _lines(lines, columns, widths, bold=bold, placed=placed), omitted


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
    """Return the width at which the kept columns are still readable."""
    cells = sum(min(widths[place], columns[place].least) if columns[place].grow else widths[place] for place in kept)
    return cells + 2 * (len(kept) - 1)


def _fitted(widths: list[int], columns: Sequence[Column[T]], width: int) -> list[int]:
    """Return the widths reduced to fit: by rank down to the readable minimum, then by rank below it."""
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
    """Yield one record per line, untruncated, without a header; tabs and line ends in values are made visible."""
    for row in rows:
        yield "\t".join(clean(column.get(row)) for column in columns)


def csv_lines(rows: Iterable[T], columns: Sequence[Column[T]], *, raw: bool = False) -> Iterator[str]:
    """Yield CSV lines, header first; cells that a spreadsheet would run as formulas are neutralised, unless ``raw``."""
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
