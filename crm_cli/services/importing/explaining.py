"""How a file would be read: what it lists, by what it was recognised, and the field and first values of each column."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core.records import Draft, Problem
from crm_cli.formats.open import open_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import BinaryIO

    from crm_cli.core.items import Item
    from crm_cli.formats.source import Options, Source

SAMPLES = 3
"""How many records are shown."""
_LOOKED = 200
"""How many records are read to find them."""


class ReadColumn(NamedTuple):
    """A column of a file: its heading, the field it is read as (``custom:<name>``, ``-``), and its first cells."""

    name: str
    field: str
    samples: tuple[str, ...]


class Explained(NamedTuple):
    """How a file would be read: ``lists`` is people, companies, deals, …, ``profile`` the product that wrote it.

    ``columns`` are empty for a file that is not a table, and ``names`` are its first records.
    """

    file: str
    format: str
    lists: str
    profile: str
    encoding: str
    delimiter: str
    columns: tuple[ReadColumn, ...]
    names: tuple[str, ...]
    warnings: tuple[str, ...]


def explain(stream: BinaryIO, *, name: str, options: Options) -> Explained:
    """Read the beginning of a file. Raises FormatError if it cannot be imported."""
    source = open_source(stream, name=name, options=options)
    found = _first(source)
    shown = found[:SAMPLES]
    return Explained(
        name,
        source.format,
        source.listed or _lists(found),
        "" if source.profile == "generic" else source.profile,
        source.encoding.removesuffix("-sig"),
        source.delimiter,
        _columns(source, [each.raw for each in shown]),
        tuple(each.name for each in shown if isinstance(each, Draft)),
        source.warnings,
    )


def _first(source: Source) -> list[Draft | Item]:
    """Return the first records of a file, without those that cannot be read."""
    records = source.items if source.listed and source.items else source.records
    return [each for each in islice(records, _LOOKED) if not isinstance(each, Problem)]


def _columns(source: Source, rows: Sequence[Sequence[str]]) -> tuple[ReadColumn, ...]:
    """Return the columns with the cells of these rows; none unless the source has a field for each of the heading."""
    if len(source.mapping) != len(source.header):
        return ()
    return tuple(
        ReadColumn(column, read_as, tuple(row[at].strip() if at < len(row) else "" for row in rows))
        for at, (column, read_as) in enumerate(source.mapping)
    )


def _lists(found: Iterable[Draft | Item]) -> str:
    kinds = {each.kind for each in found}
    return "companies" if kinds == {"company"} else "people and companies" if "company" in kinds else "people"
