"""Plain columns for a terminal, and the exact formats for programs, from one list of columns.

Rich would draw nicer borders, but would make a look-up half as slow again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from crm_cli.core.text.cautious import cautious_width, fit_cautiously
from crm_cli.core.text.folding import similar
from crm_cli.core.text.width import display_width, fit
from crm_cli.errors import UsageError
from crm_cli.render.clean import clean
from crm_cli.render.positions import STOP
from crm_cli.render.spans import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from crm_cli.render.spans import Line

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


JOINT = 2
"""The number of cells between two columns."""
SQUEEZED = 6
"""The width in cells below which no column is reduced, however narrow the terminal is."""
SPARE = 3
"""The lowest ``grow`` of columns that may be dropped from a table, if the user did not choose its columns."""


def table(rows: Sequence[T], columns: Sequence[Column[T]], *, width: int, placed: bool = False) -> Iterator[Line]:
    """Yield the lines of a table no wider than ``width`` cells, header first."""
    return laid_out(rows, columns, width=width, whole=True, placed=placed)[0]


def laid_out(
    rows: Sequence[T], columns: Sequence[Column[T]], *, width: int, whole: bool = False, placed: bool = False
) -> tuple[Iterator[Line], list[str]]:
    """Return the lines of a table no wider than ``width`` cells, header first, and the names of the dropped columns.

    Unless ``whole``, columns with the highest ``grow`` are dropped if not all columns would be readable. If ``placed``,
    columns are positioned by the cursor. Then each column gets the width of its texts on the terminal that draws them
    widest, and texts are cut by that measure. Otherwise the next column would cover the end of a name without any sign.
    """
    lines = _cells(rows, columns, placed=placed)
    widths = [max(cell.width for cell in cells) for cells in zip(*lines, strict=True)]
    kept = list(range(len(columns))) if whole else _readable(columns, widths, width)
    shown = [columns[place] for place in kept]
    fitting = _fitted([widths[place] for place in kept], shown, width)
    kept_cells = ([line[place] for place in kept] for line in lines)
    dropped = [column.name for place, column in enumerate(columns) if place not in kept]
    return _lines(kept_cells, shown, fitting, placed=placed), dropped


class _Cell(NamedTuple):
    """A text and its width in cells of the terminal, which is measured once."""

    text: str
    width: int


def _cells(rows: Sequence[T], columns: Sequence[Column[T]], *, placed: bool) -> list[list[_Cell]]:
    """Return the cells of a table, header first; if ``placed``, as wide as on the terminal that draws them widest."""
    measure = cautious_width if placed else display_width
    return [[_Cell(text, measure(text)) for text in line] for line in _texts(rows, columns)]


def _texts(rows: Sequence[T], columns: Sequence[Column[T]]) -> list[list[str]]:
    """Return the texts of the cells, header first."""
    header = [column.name.upper() for column in columns]
    return [header, *([clean(column.get(row)) for column in columns] for row in rows)]


def _lines(
    lines: Iterable[Sequence[_Cell]], columns: Sequence[Column[T]], widths: list[int], *, placed: bool
) -> Iterator[Line]:
    joint = " " * JOINT + (STOP if placed else "")
    for number, line in enumerate(lines):
        parts = [
            _fit(cell, size, right=column.right, placed=placed)
            for cell, size, column in zip(line, widths, columns, strict=True)
        ]
        yield (Span(joint.join(parts).rstrip(), "value" if number else "heading"),)


def _fit(cell: _Cell, size: int, *, right: bool, placed: bool) -> str:
    """Return the text in exactly ``size`` cells."""
    padding = " " * (size - cell.width)
    text = padding + cell.text if right else cell.text
    if placed:
        return fit_cautiously(text, size)
    if cell.width > size:
        return fit(text, size)
    return text if right else text + padding


def _readable(columns: Sequence[Column[T]], widths: list[int], width: int) -> list[int]:
    """Return the places of the columns to show: all, or without spare ones if not all would be readable."""
    kept = list(range(len(columns)))
    while _least(columns, widths, kept) > width:
        spare = max(kept, key=lambda place: (columns[place].grow, place))
        if columns[spare].grow < SPARE:
            break
        kept.remove(spare)
    return kept


def _least(columns: Sequence[Column[T]], widths: list[int], kept: list[int]) -> int:
    """Return the width at which the kept columns are still readable."""
    cells = sum(min(widths[place], columns[place].least) if columns[place].grow else widths[place] for place in kept)
    return cells + JOINT * (len(kept) - 1)


def _fitted(widths: list[int], columns: Sequence[Column[T]], width: int) -> list[int]:
    """Return the widths reduced to fit: by rank down to the readable minimum, then by rank below it."""
    narrow = list(widths)
    over = sum(widths) + JOINT * (len(widths) - 1) - width
    ranks = sorted({column.grow for column in columns}, reverse=True)
    readable = [(rank, True) for rank in ranks if rank]
    squeezed = [(rank, False) for rank in ranks]
    for rank, is_readable in (*readable, *squeezed):
        least = {
            place: column.least if is_readable else SQUEEZED
            for place, column in enumerate(columns)
            if column.grow == rank
        }
        over -= _reduce(narrow, least, over)
    return narrow


def _reduce(widths: list[int], least: dict[int, int], over: int) -> int:
    """Take up to ``over`` cells from the columns at the places of ``least``, the widest first; return how many."""
    taken = 0
    while taken < over and any(widths[place] > cells for place, cells in least.items()):
        widest = max(least, key=lambda place: widths[place] - least[place])
        narrower = [widths[place] for place in least if place != widest and widths[place] < widths[widest]]
        room = widths[widest] - max(least[widest], *narrower, 0)
        cut = min(over - taken, max(1, room))
        widths[widest] -= cut
        taken += cut
    return taken


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
