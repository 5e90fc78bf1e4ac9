"""Set and remove the photo of a person or the logo of a company."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core.patches import Items, Patch
from crm_cli.errors import CrmError, UsageError
from crm_cli.formats.vcard import photos
from crm_cli.formats.vcard.media import in_version
from crm_cli.services import records

if TYPE_CHECKING:
    from crm_cli.book.book import Book
    from crm_cli.core.records import Company, Contact, Property

LARGEST = 10_000_000
"""The largest picture in bytes; a vCard with it is still read by crm (24 MB of text)."""


def put(book: Book, record: Contact | Company, picture: bytes, *, now: str) -> None:
    """Give a record a picture, in place of the one that `photos.photo` returns.

    Raises UsageError if the bytes are not a picture that address books show, or more than ``LARGEST``.
    """
    new = photos.made(picture)
    if new is None:
        raise UsageError("this is not a JPEG, PNG, GIF or WebP picture")
    if len(picture) > LARGEST:
        raise UsageError(f"a picture of more than {LARGEST // 1_000_000} MB", hint="make it smaller first")
    _apply(book, record, new, now=now)


def remove(book: Book, record: Contact | Company, *, now: str) -> None:
    """Remove the picture that `photos.photo` returns. Raises CrmError if there is none."""
    if photos.photo(record.properties) is None:
        raise CrmError(f"{record.name} has no photo")
    _apply(book, record, None, now=now)


def _apply(book: Book, record: Contact | Company, new: Property | None, *, now: str) -> None:
    old = photos.photo(record.properties)
    if old and new and in_version(old.source, new=True).value == new.value:
        return
    change = Items(add=(new,) if new else (), remove=(old.source,) if old else ())
    records.apply(records.context(book.db, now=now), record, Patch({}, properties=change))
