"""A file of contacts that was opened: what the user says about it, what was detected, and its records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from crm_cli.core.records import Draft, Problem


@dataclass(frozen=True, slots=True)
class Options:
    """What the user says about a file. ``mapping`` is (column, field) pairs, ``date_order`` ``dmy`` or ``mdy``.

    ``header`` is ``none`` where a CSV has no heading, or the number of its line. ``region`` (``DE``) is where the user
    is: its order of day and month is taken where a file does not show its own.
    """

    encoding: str = ""
    delimiter: str = ""
    mapping: tuple[tuple[str, str], ...] = ()
    date_order: str = ""
    profile: str = ""
    header: str = ""
    region: str = ""


NONE = Options()
"""What is assumed where the user says nothing."""


@dataclass(frozen=True, slots=True)
class Source:
    """An opened file. ``format`` is vcard, csv or book; ``records`` can be walked once.

    ``mapping`` pairs each CSV column with our field, ``custom:<name>`` or ``-``; ``warnings`` concern the file as a
    whole.
    """

    format: str
    profile: str
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    mapping: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    records: Iterator[Draft | Problem]
