"""Find the heading of a CSV file, as opposed to a title above it, a data row, or a line of a data dictionary."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from crm_cli.errors import FormatError, Hint, UsageError
from crm_cli.formats import profiles
from crm_cli.formats.csv import columns as csv_columns
from crm_cli.formats.csv import footers as csv_footers
from crm_cli.formats.csv.columns import Column
from crm_cli.formats.csv.headings import field_of, generic
from crm_cli.formats.csv.records import Record
from crm_cli.formats.profiles import Profile, norm
from crm_cli.formats.source import Options

WITHIN = 15
"""How many of the first records can be the heading."""
NONE = "none"
"""The option value for a file without a heading."""
_MAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.\w")
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
_PHONE = re.compile(r"(?<!\w)\+?\(?\d[\d ()/.\-]{4,}\d(?!\w)")
_DATE = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{4}")
_PROOF = {"email": _MAIL, "phone": re.compile(r"(?:\d\D*){5}")}
"""Patterns for the cells of a column, used when nothing else about a file is known."""
_NAMES = frozenset(("name", "given", "family", "company", "email"))
_LONGEST = 200
"""Maximum number of characters of a cell that are checked."""
_WIDEST = 1000
"""Maximum number of cells of a row that are checked."""
_MOST = 0.8
_HALF = 0.5
_FEW = 3
_NEXT = 20
"""How many records below a heading show whether they are its table."""


@dataclass(frozen=True, slots=True)
class Header:
    """A heading: its cells, the line where it ends, its columns, and the lines around it that are not records.

    For a file without a heading, ``line`` is just above its first row.
    """

    cells: tuple[str, ...]
    line: int
    profile: Profile
    columns: tuple[Column, ...]
    around: tuple[str, ...] = ()
    rank: tuple[int, int, int, int] = (0, 0, 0, 0)

    @property
    def is_enough(self) -> bool:
        """Is this heading enough for an address book?"""
        return self.rank[1] > 1


def find(sample: Sequence[Record], options: Options) -> Header | None:
    """Rank each of the first records as the heading; a signature beats all, then the number of known columns."""
    if options.header == NONE:
        return _nameless(sample, options)
    best: Header | None = None
    for index, record in enumerate(sample[:WITHIN]):
        found = _as_header(sample, index, options)
        if found and _is_asked(record, options) and (best is None or found.rank > best.rank):
            best = found
    return best


def checked(asked: str) -> str:
    """Return the ``--header`` value (``none`` or a line number), or raise UsageError."""
    plain = asked.strip().casefold()
    if plain not in {"", NONE} and not (plain.isascii() and plain.isdigit() and int(plain)):
        raise UsageError(f"--header takes none or the line of the heading, not {asked!r}")
    return plain


def is_data(cells: Sequence[str]) -> bool:
    """Does a row hold an e-mail address, a link or a phone number? If so, it is not a heading."""
    return any(map(_is_value, cells))


def _is_value(cell: str) -> bool:
    cell = cell[:_LONGEST]
    return bool(_MAIL.search(cell) or _LINK.search(cell) or (_PHONE.search(cell) and not _DATE.search(cell)))


def _is_row(cells: Sequence[str]) -> bool:
    """Is this a data row, with values and fewer than two known heading words?"""
    values = [_is_value(cell) for cell in cells[:_WIDEST]]
    if not any(values):
        return False
    words = (cell for cell, is_value in zip(cells, values, strict=False) if not is_value)
    return sum(bool(generic(word)) for word in words) < 2


def _is_asked(record: Record, options: Options) -> bool:
    return not options.header or record.line == int(options.header)


def _as_header(sample: Sequence[Record], index: int, options: Options) -> Header | None:
    """Read a record as the heading; None if it cannot be one."""
    cells = tuple(cell.strip("\ufeff") for cell in sample[index].cells)
    if _is_empty(cells):
        return None
    named = _profile(cells, options)
    profile = named or profiles.load("generic")
    following = sample[index + 1 :]
    columns = _planned(cells, profile, options.mapping, () if named else _kinds(cells, following))
    if not columns:
        return None
    is_proved = _is_proved(columns, following)
    is_sure = bool(named or options.header)
    if not is_sure and not _could_be(sample, index, cells, is_proved=is_proved):
        return None
    known = _known(columns, is_confirmed=is_proved or bool(options.mapping))
    rank = (int(named is not None), known, _agreement(following, len(cells)), -index)
    again = _again(following, columns)
    around = filter(None, map(_text, (*sample[:index], *again)))
    last = (sample[index], *again)[-1]
    return Header(cells, last.line, profile, columns, tuple(around), rank)


def _is_empty(cells: Sequence[str]) -> bool:
    """Is a line blank, or Excel's ``sep=;``?"""
    return not any(map(str.strip, cells)) or norm(cells[0]).startswith("sep=")


def _kinds(cells: Sequence[str], following: Sequence[Record]) -> Collection[int]:
    """Return the column whose cells say whether a row is a person or a company."""
    for index, cell in enumerate(cells[:_WIDEST]):
        below = [each.cells[index] for each in following if index < len(each.cells)]
        if csv_columns.says_kind(cell, below):
            return (index,)
    return ()


def _planned(
    cells: Sequence[str], profile: Profile, mapping: Sequence[tuple[str, str]], kinds: Collection[int] = ()
) -> tuple[Column, ...]:
    """Return the columns under these headings, ``()`` if the user's mapping names one that is not among them."""
    try:
        return csv_columns.plan(cells, profile, mapping, kinds)
    except UsageError:
        return ()


def _could_be(sample: Sequence[Record], index: int, cells: Sequence[str], *, is_proved: bool) -> bool:
    """Can a record of an unknown product be the heading? A data row and a row inside a table cannot.

    Below other lines, it must be followed by a table: words with commas also occur in prose and in programs.
    """
    if _is_row(cells) or not (is_proved or not _is_inside(sample, index)):
        return False
    return all(_is_empty(record.cells) for record in sample[:index]) or _begins_table(sample[index + 1 :], len(cells))


def _begins_table(following: Sequence[Record], width: int) -> bool:
    """Have at least half of the next records one number of cells, more than one and at least half of the heading's?"""
    widths = Counter(len(record.cells) for record in following[:_NEXT] if not _is_empty(record.cells))
    if not widths:
        return True
    common, rows = widths.most_common(1)[0]
    return common > 1 and common >= _HALF * width and rows >= _HALF * widths.total()


def _known(columns: Sequence[Column], *, is_confirmed: bool) -> int:
    """Return how many columns are known; a single one counts as enough if something else confirms it."""
    known = csv_columns.score(columns)
    return 2 if known == 1 and is_confirmed else known


def _text(record: Record) -> str:
    """Return the text of a line outside the table, ``""`` for Excel's ``sep=;``."""
    text = " ".join(" ".join(record.cells).split())
    return "" if norm(text).startswith("sep=") else text


def _again(following: Sequence[Record], columns: Sequence[Column]) -> Sequence[Record]:
    """Return the next record if it repeats the heading in other words: ``first_name`` below ``First name``."""
    cells = following[0].cells if following else ()
    pairs = [(cell, column.field) for cell, column in zip(cells, columns, strict=False) if cell.strip()]
    is_again = len(pairs) > 1 and all(field_of(generic(cell)) == field for cell, field in pairs)
    return following[:1] if is_again else ()


def _profile(cells: Sequence[str], options: Options) -> Profile | None:
    if not options.profile:
        return profiles.recognise(map(norm, cells))
    try:
        return profiles.named(options.profile)
    except KeyError:
        known = ", ".join(profiles.names())
        raise UsageError(f"no profile {options.profile!r}; there are: {known}") from None


def _nameless(sample: Sequence[Record], options: Options) -> Header | None:
    """Name the columns of a file without a heading by their numbers."""
    rows = [each for each in sample if not _is_empty(each.cells)]
    if not rows:
        return None
    if not options.mapping:
        raise UsageError(
            f"columns without a heading need names; line {rows[0].line} is {csv_footers.quoted(rows[0].cells)}",
            hint=Hint("map-columns"),
        )
    width = max(len(each.cells) for each in rows)
    cells = tuple(f"column {number}" for number in range(1, width + 1))
    profile = profiles.load("generic")
    columns = _planned(cells, profile, [(_numbered(name), field) for name, field in options.mapping])
    if not columns:
        return None
    known = 2 if csv_columns.score(columns) else 0
    return Header(cells, rows[0].line - 1, profile, columns, rank=(0, known, _agreement(rows, width), 0))


def _numbered(name: str) -> str:
    """Return the name of a column that the user calls by its number alone."""
    return f"column {name}" if name.isdecimal() else name


def _agreement(following: Sequence[Record], width: int) -> int:
    """Count how many of the next records have the same number of cells as the heading."""
    return sum(len(record.cells) == width for record in following[:_NEXT]) if width > 1 else 0


def _filled(record: Record) -> int:
    return sum(bool(cell.strip()) for cell in record.cells)


def _is_inside(sample: Sequence[Record], index: int) -> bool:
    """Is this a row inside a table that began above it? An equally full row precedes it, with no blank line between."""
    here = _filled(sample[index])
    for record in reversed(sample[:index]):
        filled = _filled(record)
        if not filled:
            return False
        if filled >= here > 1 and len(record.cells) == len(sample[index].cells):
            return True
    return False


def _is_proved(columns: Sequence[Column], following: Sequence[Record]) -> bool:
    """Do the cells below confirm that a column holds what its heading says: addresses or numbers?"""
    rows = [each.cells for each in following if not csv_footers.is_footer(each.cells)]
    return any(_is_column_proved(column, rows) for column in columns)


def _is_column_proved(column: Column, rows: Sequence[Sequence[str]]) -> bool:
    pattern = _PROOF.get(column.field)
    if pattern is None:
        return False
    cells = list(filter(str.strip, _cells(column, rows)))
    return bool(cells) and sum(bool(pattern.search(cell)) for cell in cells) >= len(cells) * _MOST


def _cells(column: Column, rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the cells of a column."""
    return [row[column.index] for row in rows if column.index < len(row)]


def refuse_dictionary(header: Header, sample: Sequence[Record], name: str) -> None:
    """Refuse a data dictionary: a table that describes columns, with names like ``first_name`` and ``E-Mail``."""
    following = [each for each in sample if each.line > header.line]
    if _is_proved(header.columns, following):
        return
    rows = [each.cells for each in following]
    for column in header.columns:
        cells = set(map(norm, _cells(column, rows))) - {""}
        known = sum(bool(generic(cell)) for cell in cells)
        if column.field in _NAMES and known >= max(_FEW, len(cells) * _HALF):
            raise FormatError(f"{name} describes the columns of another table; it is not an address book")
