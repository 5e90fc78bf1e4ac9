"""What has been read of one card so far, and how properties that have no field of ours are kept for an export."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from crm_cli.core.records import Address, Consent, Draft, NameParts, Point, Property
from crm_cli.formats.vcard.heads import Head
from crm_cli.formats.vcard.points import Labelled
from crm_cli.formats.vcard.values import escape, split, unescape

ANDROID = "X-ANDROID-CUSTOM"
KDE_DAY = "X-KADDRESSBOOK-X-ANNIVERSARY"
DAYS = ("ANNIVERSARY", "X-ANNIVERSARY", "X-EVOLUTION-ANNIVERSARY", "X-MS-ANNIVERSARY", KDE_DAY)
"""All names of the anniversary."""
ALIKE = {"ANNIVERSARY": DAYS}
"""Property -> all its equivalent names."""
ABOUT = ("PRODID", "REV")
"""What a card says of itself: which program wrote it, and when (RFC 6350 sections 6.7.3 and 6.7.4)."""
_COMMA_IS_TEXT = frozenset(("N", "ORG", "FN", "TITLE", "NOTE"))
BLANK: dict[str, Any] = Draft()._asdict()
"""The fields of a card before its first line."""


class State:
    """What has been read of one card so far. ``fields`` are those of a Draft, in the same order.

    ``page`` is the code page of text that is neither UTF-8 nor in a CHARSET, ``""`` for Windows-1252.

    ``old`` is vCard 2.1, ``new`` 4.0. ``labels``: group -> its X-ABLabel, and its index among the properties.
    ``versions`` counts the VERSION lines separated by a name, ``losses`` what could not be read (``losses.REPORTS``).
    ``shown`` are display names written with an e-mail, ``thing`` is a KIND other than people and organisations.
    ``about`` is what the card says of itself (`ABOUT`).
    """

    __slots__ = (
        "about", "addresses", "fields", "labels", "lines", "losses", "new", "old", "page", "points", "properties",
        "shown", "thing", "versions",
    )  # fmt: skip

    def __init__(self, *, old: bool, page: str = "") -> None:
        self.old = old
        self.page = page
        self.new = False
        self.versions = 0
        self.losses: dict[str, int] = {}
        self.fields = BLANK.copy()
        self.points: list[Point] = []
        self.addresses: list[Address] = []
        self.properties: list[Property] = []
        self.labels: dict[str, tuple[str, int]] = {}
        self.lines: dict[str, list[Labelled]] = {}
        self.about: list[Property] = []
        self.shown: list[str] = []
        self.thing = ""


def keep(state: State, head: Head, value: str) -> None:
    """Keep a property unchanged."""
    state.properties.append(Property(head.name, value, head.text, head.group))


def keep_about(state: State, head: Head, value: str) -> None:
    """Keep what the card says of itself."""
    state.about.append(Property(head.name, value, head.text, head.group))


def keep_nonempty(state: State, head: Head, value: str) -> None:
    """Keep a property unless its value is empty; a 2.1 value gets the escapes of later versions."""
    if value.strip(" ;,"):
        keep(state, head, _modern(value) if state.old and head.upper in _COMMA_IS_TEXT else value)


def keep_again(state: State, head: Head, value: str, name: str, first: str) -> None:
    """Keep another value of a single-value property; the first is stored before it, to show which one is the field."""
    if value.strip(" ;,"):
        if not is_kept(state, ALIKE.get(name, (name,))):
            state.properties.append(Property(name, first))
        keep_nonempty(state, head, value)


def is_kept(state: State, names: Container[str]) -> bool:
    """Is a property with one of these names kept?"""
    return any(each.name.upper() in names for each in state.properties)


def _modern(value: str) -> str:
    """Escape a vCard 2.1 value for later versions: in 2.1, commas and backslashes are plain text."""
    return ";".join(escape(unescape(piece, old=True)) for piece in split(value, ";"))


def name_value(parts: NameParts) -> str:
    """Return the escaped value of N, its components in the order of RFC 6350 section 6.2.2."""
    return ";".join(map(escape, (parts.family, parts.given, parts.additional, parts.prefix, parts.suffix)))


def consent_value(consent: Consent) -> str:
    """Return the escaped value of X-CRM-CONSENT: channel, state, day, source."""
    return ";".join(map(escape, (consent.channel, consent.state, consent.on, consent.source)))
