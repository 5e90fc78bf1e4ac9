"""Which record of the book is the one of a file? Decisions only; the look-ups are the import service's.

A record is known by its key in its source: an id or UID, else a fingerprint of what it says. What it said at the last
import (its *base*) is kept as text, so that an unchanged record is recognised by comparing two strings.
"""

from __future__ import annotations

import json
import re
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

from crm_cli.core import names
from crm_cli.core.records import Address, Draft, NameParts, Point, Property
from crm_cli.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

TEXTS = ("kind", "name", "nickname", "company", "title", "department", "birthday", "anniversary", "notes", "uid")
"""The fields of a draft that hold one text."""

LISTS: dict[str, Any] = {"points": Point, "addresses": Address, "properties": Property}
"""The fields of a draft that hold records."""

_POINT = ("kind", "value", "label", "preferred", "norm", "service", "state", "params")
_ADDRESS = ("street", "extended", "po_box", "locality", "region", "code", "country", "label", "preferred", "params")
_PROPERTY = ("name", "value", "params", "group")
_COLUMNS = {"points": _POINT, "addresses": _ADDRESS, "properties": _PROPERTY}

LONG = 20
"""A key of so many characters is no row number: nothing else need agree."""

_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"), sort_keys=True).encode


def base_text(draft: Draft) -> str:
    """Write what a draft says as compact, sorted JSON; where it stood in the file is left out."""
    said: dict[str, Any] = {}
    for name in TEXTS:
        value = getattr(draft, name)
        if value:
            said[name] = value
    if draft.kind == "person":
        del said["kind"]
    parts = draft.parts
    if parts != _NO_PARTS:
        said["parts"] = [parts.prefix, parts.given, parts.additional, parts.family, parts.suffix]
    if draft.tags:
        said["tags"] = draft.tags
    if draft.custom:
        said["custom"] = draft.custom
    if draft.points:
        said["points"] = [
            _shortened([p.kind, p.value, p.label, p.preferred, p.norm, p.service, p.state, p.params], _POINT_BLANK)
            for p in draft.points
        ]
    for name in ("addresses", "properties"):
        found = getattr(draft, name)
        if found:
            columns = _COLUMNS[name]
            said[name] = [[getattr(each, column) for column in columns] for each in found]
    return _encode(said)


_NO_PARTS = NameParts()
_POINT_BLANK = ["", "", "", False, "", "", "current", ""]


def _shortened(values: list[Any], blank: list[Any]) -> list[Any]:
    """Leave out what is blank at the end, after kind and value."""
    while len(values) > 2 and values[-1] == blank[len(values) - 1]:
        values.pop()
    return values


def from_base(text: str) -> Draft:
    """Read a draft back from ``base_text``."""
    said = json.loads(text)
    if "parts" in said:
        said["parts"] = NameParts(*said["parts"])
    for name, record in LISTS.items():
        if name in said:
            columns = _COLUMNS[name]
            said[name] = tuple(record(**dict(zip(columns, values, strict=False))) for values in said[name])
    said["tags"] = tuple(said.get("tags", ()))
    said["custom"] = tuple((column, value) for column, value in said.get("custom", ()))
    return Draft(**said)


def fingerprint(text: str) -> str:
    """Return the key of a record that has none: a stable hash of what it says."""
    return "fp:" + blake2b(text.encode(), digest_size=12).hexdigest()


def is_print(key: str) -> bool:
    """Tell whether a key is a fingerprint and no id."""
    return key.startswith("fp:")


_UUID = re.compile(r"(urn:uuid:)?[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)


def own_uid(key: str) -> str:
    """Return a key as a uid of our own would be written."""
    return "" if is_print(key) else key.lower().removeprefix("urn:uuid:")


def is_telling(key: str) -> bool:
    """Tell whether this key can be of one record only (a UUID, a profile's URL), and is not just a row's number."""
    return len(key) >= LONG or bool(_UUID.fullmatch(key))


def addresses_of(draft: Draft, kind: str) -> list[str]:
    """Return the e-mail addresses (as they are compared) or the phones (as they are written) of a draft."""
    if kind == "email":
        return [fold(point.value) for point in draft.points if point.kind == "email"]
    return [point.norm or point.value for point in draft.points if point.kind == "phone"]


def given_name(draft: Draft) -> str:
    """Return the name a draft really gives: one made of its e-mail or phone is none."""
    return "" if any(point.value == draft.name for point in draft.points) else draft.name


def plausible(theirs: Draft, known: Draft, name: str) -> bool:
    """Tell whether a record with the same row number can be the same one: its name, an e-mail or a phone agrees.

    ``known`` is what it said before, ``name`` what the book calls it now.
    """
    if names.agree(theirs.name, known.name) or names.agree(theirs.name, name):
        return True
    return any(set(addresses_of(theirs, kind)) & set(addresses_of(known, kind)) for kind in ("email", "phone"))


class Candidate(NamedTuple):
    """Somebody in the book who has an e-mail or a phone of the record."""

    id: int
    name: str


class Match(NamedTuple):
    """The person it is (None: nobody, the record is new), and what spoke against the near ones."""

    id: int | None
    doubt: str = ""


def decide(draft: Draft, found: Iterable[tuple[str, str, Sequence[Candidate]]]) -> Match:
    """Decide who it is by e-mail, then by phone: only one person may have it, and the names must agree.

    ``found`` lists (``email`` or ``phone``, the value, who has it), e-mails first.
    """
    doubt = ""
    for kind, value, people in found:
        owners = {each.id: each for each in people}
        if len(owners) == 1:
            (one,) = owners.values()
            if names.agree(given_name(draft), one.name):
                return Match(one.id)
            doubt = doubt or f"{value} is {one.name}'s ({one.id}); the names do not agree, so a new record was made"
        elif owners and any(names.agree(given_name(draft), each.name) for each in owners.values()):
            doubt = doubt or f"several people have the {kind} {value}; a new record was made"
    return Match(None, doubt)
