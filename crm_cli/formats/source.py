"""An opened contact file: the user's options, what was detected, and its records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from crm_cli.core.records import Draft, Problem


@dataclass(frozen=True, slots=True)
class Options:
    """The user's options for a file. ``mapping`` is (column, field) pairs, ``date_order`` is ``dmy`` or ``mdy``.

    ``header`` is ``none`` for a CSV without a heading, or the line number of the heading. ``region`` (``DE``) is the
    user's region: its order of day and month is used if the file does not show its own.
    """

    encoding: str = ""
    delimiter: str = ""
    mapping: tuple[tuple[str, str], ...] = ()
    date_order: str = ""
    profile: str = ""
    header: str = ""
    region: str = ""


NONE = Options()
"""The defaults when the user gives no options."""


@dataclass(frozen=True, slots=True)
class Source:
    """An opened file. ``format`` is vcard, csv, ldif, monica or book; ``records`` can be iterated once.

    ``mapping`` pairs each CSV column with a field of crm, ``custom:<name>`` or ``-``; ``warnings`` concern the whole
    file.
    """

    format: str
    profile: str
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    mapping: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    records: Iterator[Draft | Problem]
