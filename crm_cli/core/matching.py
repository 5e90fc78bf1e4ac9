"""Rules that decide which record of the book a record of a file is; the import service does the look-ups.

A record is identified by its key in its source: an id or UID, else a fingerprint of its content. Its content at the
last import (its *base*) is kept as text, so that an unchanged record is recognised by comparing two strings.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core import names
from crm_cli.core.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crm_cli.core.records import Draft

LONG = 20
"""A key of at least this many characters is not a row number, so nothing else needs to match."""


def fingerprint(text: str) -> str:
    """Return the key of a record without one: a stable hash of its content."""
    from hashlib import blake2b  # here, because it loads OpenSSL, 3 ms, and only imports need it

    return "fp:" + blake2b(text.encode(), digest_size=12).hexdigest()


def is_print(key: str) -> bool:
    """Is this key a fingerprint, not an id?"""
    return key.startswith("fp:")


def foreign_key(key: str) -> str:
    """Return the UID that the source gave a record, without the mark we added, or ``""``."""
    return "" if is_print(key) else key.partition("~fp:")[0]


_UUID = re.compile(r"(urn:uuid:)?[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)


def own_uid(key: str) -> str:
    """Return a key in the format of our own uids, or ``""`` for a fingerprint."""
    return "" if is_print(key) else key.lower().removeprefix("urn:uuid:")


def spellings(key: str) -> tuple[str, ...]:
    """Return the other spellings of a UUID: case is ignored (RFC 9562), ``urn:uuid:`` may precede it (RFC 6350).

    A key that is not a UUID has no others.
    """
    if not _UUID.fullmatch(key):
        return ()
    bare = key[9:] if key[:9].lower() == "urn:uuid:" else key
    cases = dict.fromkeys((bare, bare.lower(), bare.upper()))
    written = [f"{scheme}{each}" for each in cases for scheme in ("", "urn:uuid:", "URN:UUID:")]
    return tuple(each for each in written if each != key)


def is_identifying(key: str) -> bool:
    """Does this key identify one record only (a UUID, a profile's URL), unlike a row number?"""
    return len(key) >= LONG or bool(_UUID.fullmatch(key))


def addresses_of(draft: Draft, kind: str) -> list[str]:
    """Return the e-mail addresses (folded) or phone numbers (E.164 if possible) of a draft."""
    if kind == "email":
        return [fold(point.value) for point in draft.points if point.kind == "email"]
    return [point.norm or point.value for point in draft.points if point.kind == "phone"]


def given_name(draft: Draft) -> str:
    """Return the name of a draft, or ``""`` if the name was made from its e-mail or phone."""
    return "" if any(point.value == draft.name for point in draft.points) else draft.name


def plausible(theirs: Draft, known: Draft, name: str) -> bool:
    """Can a record with the same row number be the same one: does its name, an e-mail or a phone match?

    ``known`` is the record at the last import, ``name`` its name in the book now.
    """
    if names.agree(theirs.name, known.name) or names.agree(theirs.name, name):
        return True
    return any(set(addresses_of(theirs, kind)) & set(addresses_of(known, kind)) for kind in ("email", "phone"))


class Candidate(NamedTuple):
    """A person in the book who has an e-mail or a phone of the record."""

    id: int
    name: str


class Match(NamedTuple):
    """The matching person (None: no match, the record is new), and why a near match was rejected."""

    id: int | None
    doubt: str = ""


def decide(draft: Draft, found: Iterable[tuple[str, str, Sequence[Candidate]]]) -> Match:
    """Match a record by e-mail, then by phone: only one person may have it, and the names must agree.

    ``found`` lists (``email`` or ``phone``, the value, the people who have it), e-mails first.
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


def only(people: Iterable[int]) -> Match:
    """Return a match if there is exactly one person, else no match."""
    found = set(people)
    return Match(found.pop() if len(found) == 1 else None)
