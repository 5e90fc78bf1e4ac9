"""An opened contact file: the user's options, what was detected, and its records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from crm_cli.core.items import Item
from crm_cli.core.records import Draft, Problem


@dataclass(frozen=True, slots=True)
class Options:
    """The user's options for a file. ``mapping`` is (column, field) pairs, ``date_order`` is ``dmy`` or ``mdy``.

    ``header`` is ``none`` for a CSV without a heading, or the line number of the heading. ``region`` (``DE``) is the
    user's region: its order of day and month is used if the file does not show its own. ``currency`` is that of amounts
    without one.
    """

    encoding: str = ""
    delimiter: str = ""
    mapping: tuple[tuple[str, str], ...] = ()
    date_order: str = ""
    profile: str = ""
    header: str = ""
    region: str = ""
    currency: str = ""


NONE = Options()
"""The defaults when the user gives no options."""


@dataclass(frozen=True, slots=True)
class Source:
    """An opened file. ``format`` is vcard, csv, ldif, monica or book; ``records`` can be iterated once.

    ``mapping`` pairs each CSV column with a field of crm, ``custom:<name>`` or ``-``; ``warnings`` concern the whole
    file. A file of deals or activities says so in ``listed`` (deals, notes, …); it has ``items``, and its ``records``
    are the people that its rows describe beside them.
    """

    format: str
    profile: str
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    mapping: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    records: Iterator[Draft | Problem]
    items: Iterator[Item | Problem] | None = None
    listed: str = ""


def in_chunks(records: Iterable[Draft | Problem], most: int, heavy: int) -> Iterator[list[Draft | Problem]]:
    """Yield ``most`` records at a time; fewer once they keep ``heavy`` characters of their file, as with pictures."""
    chunk: list[Draft | Problem] = []
    held = 0
    for each in records:
        chunk.append(each)
        held += _weight(each)
        if len(chunk) == most or held >= heavy:
            yield chunk
            chunk, held = [], 0
    if chunk:
        yield chunk


def _weight(record: Draft | Problem) -> int:
    return len(record.card) if isinstance(record, Draft) and record.card else sum(map(len, record.raw))
