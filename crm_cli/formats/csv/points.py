"""The contact points and addresses of a row, from the groups of columns that hold their parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from crm_cli.core.absent import says_none
from crm_cli.core.mailboxes import mailboxes
from crm_cli.core.phones import is_rounded
from crm_cli.core.records import Address, Point
from crm_cli.core.text.folding import visible
from crm_cli.formats.csv import phones as csv_phones
from crm_cli.formats.csv.fields import Group, Row
from crm_cli.formats.csv.headings import POINTS
from crm_cli.formats.csv.phones import Number
from crm_cli.formats.csv.values import repeats

LABELS = {
    "homefax": "home fax",
    "workfax": "work fax",
    "home fax": "home fax",
    "work fax": "work fax",
    "cell": "mobile",
    **{each: each for each in ("home", "work", "mobile", "other", "main", "pager", "google voice", "obsolete", "fax")},
}
"""Labels recognised in any case; any other label is the user's own and kept as it is."""
_STREETS = ("street", "street2", "street3")
_PARTS = ("extended", "po_box", "locality", "region", "code", "country")
_X500 = re.compile(r"/o=", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"[(<]([^()<>\s]+@[^()<>\s]+)[)>]")


def points_of(row: Row) -> tuple[Point, ...]:
    """Return the contact points of a row."""
    return tuple(
        point for (kind, _), group in row.groups.items() if kind in POINTS for point in _points(row, kind, group)
    )


def addresses_of(row: Row) -> tuple[Address, ...]:
    """Return the postal addresses of a row."""
    groups = (group for (kind, _), group in row.groups.items() if kind == "address")
    return tuple(filter(None, (_address(row, group) for group in groups)))


def _points(row: Row, kind: str, group: Group) -> Iterator[Point]:
    """Yield the points of one group of columns, several if a cell joins several."""
    label, preferred = _label(row, group)
    service = group.get("service", "")
    if kind in ("social", "im") and not (service or "label" in group or row.profile.own):
        label, service = "", group.get("default", "")
    for value, own in _values(row, kind, group):
        shown = row.seen(value) if kind in ("email", "phone") else value
        yield Point(kind, shown, own or label, preferred, service=service)


def _label(row: Row, group: Group) -> tuple[str, bool]:
    """Return the label, and whether the point or address is preferred: by its own column, or by Google's star."""
    text, preferred = group.get("label", ""), bool(group.get("preferred"))
    if row.profile.own:
        return text, preferred
    if row.profile.stars and text.startswith("*"):
        text, preferred = text[1:].strip(), True
    return LABELS.get(text.casefold(), text) or group.get("default", ""), preferred


def _values(row: Row, kind: str, group: Group) -> list[Number]:
    """Return the values in one cell of a point, each with the label written next to it."""
    text = group.get("value", "")
    if row.profile.own:
        return [Number(text)] if text else []
    return _READERS.get(kind, _texts)(row, text, group)


def _pieces(row: Row, text: str) -> list[str]:
    """Split a cell at the text with which the product joins several values."""
    separator = row.profile.separator
    return text.split(separator) if separator else [text]


def _texts(row: Row, text: str, _: Group) -> list[Number]:
    return [Number(piece.strip()) for piece in _pieces(row, text) if piece.strip()]


def _phones(row: Row, text: str, group: Group) -> list[Number]:
    """Return the phone numbers; a country code in a column of its own is put before them."""
    code = group.get("code", "")
    if code and text[:1] not in ("+", ""):
        text = f"+{code.removeprefix('+')} {text}"
    return [number for piece in _pieces(row, text) for number in _numbers(row, piece)]


def _numbers(row: Row, text: str) -> list[Number]:
    """Return the numbers of a cell; one rounded by a spreadsheet is kept as it is, with a warning."""
    found: list[Number] = []
    absent: list[Number] = []
    for each in csv_phones.split(csv_phones.without_marks(text)):
        (absent if says_none(visible(each.value).strip()) else found).append(each)
    row.doubts.extend(
        f"phone {each.value[:40]!r} says that there is no number; skipped" for each in absent if each.value
    )
    row.doubts.extend(
        f"{each.value!r} is a phone number that a spreadsheet has rounded: its last digits are lost; kept as text"
        for each in found
        if is_rounded(each.value)
    )
    return found


def _emails(row: Row, text: str, group: Group) -> list[Number]:
    """Split joined e-mails; an Exchange X.500 address is replaced by the one in its display name."""
    if group.get("type", "").upper() == "EX" or _X500.match(text):
        return _exchange(row, text, group)
    return [Number(each) for piece in _pieces(row, text) if piece.strip() for each in _mailboxes(row, piece)]


def _exchange(row: Row, text: str, group: Group) -> list[Number]:
    """Return the address in the display name of an X.500 address, which is kept as a custom field if there is none."""
    shown = _IN_BRACKETS.search(group.get("display", ""))
    if shown:
        return [Number(shown[1])]
    if text:
        row.custom.append(("Exchange address", text))
    return []


def _mailboxes(row: Row, text: str) -> Iterator[str]:
    """Yield the addresses of a text and store their display names; a text that means "none" is reported."""
    found = mailboxes(text)
    if not found:
        row.doubts.append(f"e-mail {text.strip()[:40]!r} says that there is no address; skipped")
    for address, name in found:
        if name:
            row.shown.append(name)
        yield address


_READERS: dict[str, Callable[[Row, str, Group], list[Number]]] = {"email": _emails, "phone": _phones}
"""Kinds of points whose cells hold more than plain texts -> what reads them."""


def _address(row: Row, group: Group) -> Address | None:
    """Return the address in a group of columns, or None if they are empty."""
    parts: dict[str, Any] = {each: group.get(each, "") for each in _PARTS}
    streets = _streets(group, parts)
    if not streets and not any(parts.values()):
        return None
    label, preferred = _label(row, group)
    parts = {each: row.seen(text) for each, text in parts.items()}
    return Address(street=row.seen("\n".join(streets)), **parts, label=label, preferred=preferred)


def _streets(group: Group, parts: dict[str, str]) -> list[str]:
    """Return the lines of the street; a whole address replaces a missing first line, minus what repeats other parts."""
    streets = [group[each] for each in _STREETS if group.get(each)]
    if group.get("street") or not group.get("formatted"):
        return streets
    known = [*parts.values(), *streets]
    return [line for line in group["formatted"].split("\n") if not repeats(line, known)] + streets
