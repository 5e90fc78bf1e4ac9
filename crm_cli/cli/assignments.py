"""Assignments on the command line (``email=…``, ``+tag``), including the book's custom fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core import edits as grammar
from crm_cli.core.fields import COMPANY_FIELDS, CONTACT_FIELDS

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from crm_cli.core.edits import Edit, TagEdit


def parse(
    db: sqlite3.Connection, words: Sequence[str], *, company: bool = False, phones: bool = False
) -> tuple[list[str], list[Edit | TagEdit]]:
    """Split ``words`` into free words and edits, including custom fields; see ``core.edits.split_words``."""
    from crm_cli.queries import fields

    known = COMPANY_FIELDS if company else CONTACT_FIELDS
    return grammar.split_words(words, known, fields.names(db), phones=phones)
