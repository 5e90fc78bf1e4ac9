"""Deals and activities as a file of another program lists them, before they are in the book: items."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from crm_cli.core.records import Draft


ACCOUNT = "goldmine:"
"""What the key of a company begins with that is only known by the account of a person who works there."""


class Link(NamedTuple):
    """A link of an item to a record of its source, by the record's key there, by its name, or by both.

    ``target`` is ``contact``, ``company``, ``deal`` or ``any``, where the file does not say which of them.
    """

    target: str
    key: str = ""
    name: str = ""


class Item(NamedTuple):
    """A deal or an activity of a file.

    ``values`` are (field, text) pairs. Days are ISO 8601 dates; moments are ``2026-01-02T10:11:12``, local or with an
    offset or ``Z``; amounts are minor units. ``key`` is the item's id in its source, or ``""``. ``person`` is a person
    that the row describes beside the item, with an e-mail or a phone. ``line`` and ``raw`` are as in `Draft`. If the
    person of the first link is in the book, ``detail`` is added to them instead of the item.
    """

    kind: str
    values: tuple[tuple[str, str], ...] = ()
    links: tuple[Link, ...] = ()
    tags: tuple[str, ...] = ()
    custom: tuple[tuple[str, str], ...] = ()
    key: str = ""
    person: Draft | None = None
    line: int = 0
    raw: tuple[str, ...] = ()
    detail: Draft | None = None
