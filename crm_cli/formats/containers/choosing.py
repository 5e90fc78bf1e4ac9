"""Which files of a container have address data, which repeat or only concern the user, and the order of import.

Companies come before people, and people before what refers to them (formats reference, 1.7).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import IntEnum
from io import BytesIO
from itertools import islice
from pathlib import PurePosixPath

from crm_cli.core.records import Draft
from crm_cli.errors import CrmError, NoAddressesError, OtherKindError
from crm_cli.formats.containers.entries import HEAD, Entry, Unread
from crm_cli.formats.open import open_source
from crm_cli.formats.source import Source

REJECTS = ".rejects"
"""How the files end in which an import keeps the rows that it rejected."""
_TABLES = frozenset(
    (".csv", ".tsv", ".tab", ".vcf", ".vcard", ".ldif", ".json", ".dbf", ".xls", ".xlsx", ".ods", ".txt")
)
"""Endings of files that may have address data: a long one is looked at as a whole before it is skipped."""
_SEPARATORS = b",;\t|:{["
"""Address data has at least one of these, in any encoding; looking for a table is dear where there are many files."""
_PEEKED = 50
_LARGEST_CARD = 8 << 20
_BEGIN = re.compile(rb"^\s*BEGIN[ \t]*:[ \t]*VCARD", re.IGNORECASE | re.MULTILINE)
_NOTION_ALL = re.compile(r"(.* [0-9a-f]{32})_all\.csv", re.IGNORECASE)
"""Notion writes the rows of the current view, and beside it a file of all rows (formats reference, 20.2)."""
_OWN = {
    "connections.csv": frozenset(
        (
            "profile.csv", "profile summary.csv", "registration.csv", "email addresses.csv", "phonenumbers.csv",
            "whatsapp phone numbers.csv", "recommendations_given.csv", "recommendations_received.csv",
            "endorsement_given_info.csv", "endorsement_received_info.csv",
        )
    ),
}  # fmt: skip
"""A file that shows which product wrote an archive -> files beside it about the user, not a contact (LinkedIn)."""


class Kind(IntEnum):
    """What a file lists, in the order of import."""

    BOOK = 0
    COMPANIES = 1
    PEOPLE = 2
    DEALS = 3
    ACTIVITIES = 4
    OTHER = 5


def kind_of(entry: Entry, head: bytes, name: str) -> Kind | None:
    """Return what a file lists, by its first bytes and its ``name``; None if it certainly has no address data."""
    if entry.path.endswith(REJECTS) or not any(sign in head for sign in _SEPARATORS):
        return None
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return Kind.BOOK
    try:
        return _listed(open_source(BytesIO(_whole_lines(head)), name=name))
    except OtherKindError:
        return Kind.OTHER
    except NoAddressesError:
        # What follows the first bytes may still make a table of it.
        is_table = len(head) == HEAD and PurePosixPath(entry.path).suffix.lower() in _TABLES
        return Kind.PEOPLE if is_table else None
    except CrmError:
        return Kind.PEOPLE


def _whole_lines(head: bytes) -> bytes:
    """Return the first bytes of a file without a line that they cut off."""
    return head if len(head) < HEAD else head[: head.rfind(b"\n") + 1] or head


def _listed(source: Source) -> Kind:
    """Return what an opened file lists; the first of its records decide whether they are companies."""
    if source.listed:
        return Kind.DEALS if source.listed == "deals" else Kind.ACTIVITIES
    first = next((each for each in islice(source.records, _PEEKED) if isinstance(each, Draft)), None)
    return Kind.COMPANIES if first is not None and first.kind == "company" else Kind.PEOPLE


def is_one_card(entry: Entry, head: bytes) -> bool:
    """Is this a file of a single vCard, as vdirsyncer and khard keep one for each person?"""
    if not _BEGIN.match(head.removeprefix(b"\xef\xbb\xbf")) or len(_BEGIN.findall(head)) > 1:
        return False
    if len(head) < HEAD:
        return True
    with entry.open() as stream:
        whole = stream.read(_LARGEST_CARD)
    return len(whole) < _LARGEST_CARD and len(_BEGIN.findall(whole)) == 1


def repeated(paths: Sequence[str]) -> Iterator[Unread]:
    """Yield the files that only repeat others of the same folder, or that are about the user."""
    known = {path.lower() for path in paths}
    again = {f"{found[1]}.csv".lower() for path in paths if (found := _NOTION_ALL.fullmatch(path))}
    for path in paths:
        folder, slash, name = path.lower().rpartition("/")
        if path.lower() in again:
            yield Unread(path, "its rows are in the file _all.csv")
        elif any(f"{folder}{slash}{mark}" in known and name in own for mark, own in _OWN.items()):
            yield Unread(path, "about yourself")
