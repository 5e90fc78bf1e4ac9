"""Convert input to table columns, normalised once, for single edits and bulk imports alike."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from crm_cli.core import names, phones
from crm_cli.core.text.folding import fold, nfc, sort_key
from crm_cli.services.importing.phones import e164

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_cli.core.records import Address, Consent, Draft, Employment, Point, Property

Columns = dict[str, Any]
"""Column -> value of a row to be written."""
Row = tuple[Any, ...]
"""The values of a row, in the order of one of the lists below."""

CONTACT = (
    "uid", "name", "name_key", "prefix", "given", "additional", "family", "suffix", "nickname", "birthday",
    "anniversary", "notes", "status", "status_on", "source", "language", "zone",
)  # fmt: skip
NULLABLE = frozenset({"birthday", "anniversary", "status", "status_on", "source", "language", "zone"})
"""Nullable columns of people and companies; an unknown value is null in the table and ``""`` in a row."""
COMPANY = ("uid", "name", "name_key", "notes", "source")
POINT = ("kind", "value", "label", "service", "norm", "reversed", "state", "preferred", "params")
ADDRESS = (
    "street", "extended", "po_box", "locality", "region", "code", "country", "label", "preferred", "params",
)  # fmt: skip
PROPERTY = ("name", "value", "params", "grp")
CONSENT = ("channel", "state", "on_date", "source")


def new_uid() -> str:
    """Return a random UUID, version 4 (RFC 9562 section 5.4). Importing ``uuid`` would slow down every write."""
    return next(uids())


def uids(together: int = 1) -> Iterator[str]:
    """Yield random UUIDs; the bytes of so many ``together`` are asked of the system at a time."""
    while True:
        drawn = os.urandom(16 * together).hex()
        for at in range(0, len(drawn), 32):
            one = drawn[at : at + 32]
            yield f"{one[:8]}-{one[8:12]}-4{one[13:16]}-{_VARIANT[one[16]]}{one[17:20]}-{one[20:]}"


_VARIANT = dict(zip("0123456789abcdef", "89ab" * 4, strict=True))


def made(now: str) -> Columns:
    """Return the columns common to every record created at ``now``."""
    return {"created_utc": now, "updated_utc": now, "revision": 1}


def contact_row(uid: str, draft: Draft, today: str = "") -> Row:
    """Return a person's row without the columns of `made`. The parts are derived if only the full name is known.

    ``today`` is the day since when they have their status.
    """
    prefix, given, additional, family, suffix = draft.parts
    name = nfc(draft.name).strip() or names.display(draft.parts)
    if not (given or family or additional):
        prefix, given, additional, family, suffix = names.split(name)
    key, born, wed = sort_key(name), draft.birthday or "", draft.anniversary or ""
    return (
        uid, name, key, prefix, given, additional, family, suffix, draft.nickname, born, wed, draft.notes,
        draft.status, today if draft.status else "", draft.source, draft.language, draft.zone,
    )  # fmt: skip


def contact(draft: Draft, *, now: str, today: str = "") -> Columns:
    """Return a person's row by column."""
    return _columns(CONTACT, contact_row(new_uid(), draft, today)) | made(now)


def _columns(names: tuple[str, ...], row: Row) -> Columns:
    """Return a row by column, with null for an empty value of a nullable one."""
    pairs = zip(names, row, strict=True)
    return {column: value or blank(column) for column, value in pairs}


def blank(column: str) -> str | None:
    """Return the value of an unknown column of people and companies: ``""`` or None."""
    return None if column in NULLABLE else ""


def company_row(uid: str, name: str, notes: str = "", source: str = "") -> Row:
    """Return a company's row without the columns of `made`."""
    name = nfc(name).strip()
    return (uid, name, sort_key(name), notes, source)


def company(name: str, *, now: str, notes: str = "", source: str = "") -> Columns:
    """Return a company's row by column."""
    return _columns(COMPANY, company_row(new_uid(), name, notes, source)) | made(now)


def employment(given: Employment, company_id: int | None) -> Columns:
    """Return the row of a job by column, without its owner."""
    _, _, title, department, since, until, current, _ = given
    return {
        "company_id": company_id, "title": title, "department": department,
        "since": since, "until": until, "current": int(current),
    }  # fmt: skip


def point_row(given: Point, region: str) -> Row:
    """Return a contact point's row without its owner: with its normalised value and its reversed digits."""
    kind, value, label, preferred, norm, service, state, params, _ = given
    backward = ""
    if kind == "email":
        norm = fold(value)
    elif kind == "phone":
        norm = norm or e164(value, region)
        backward = phones.reversed_digits(value, norm)
    return (kind, value, label, service, norm, backward, state, 1 if preferred else 0, params)


def with_norm(given: Point, region: str) -> Point:
    """Return a contact point with its normalised value."""
    return given._replace(norm=point_row(given, region)[POINT.index("norm")])


def point(given: Point, *, region: str) -> Columns:
    """Return a contact point's row by column, without its owner."""
    return dict(zip(POINT, point_row(given, region), strict=True))


def address_row(given: Address) -> Row:
    """Return a postal address's row without its owner."""
    street, extended, po_box, locality, region, code, country, label, preferred, params, _ = given
    return (street, extended, po_box, locality, region, code, country, label, 1 if preferred else 0, params)


def address(given: Address) -> Columns:
    """Return a postal address's row by column, without its owner."""
    return dict(zip(ADDRESS, address_row(given), strict=True))


def consent_row(given: Consent, today: str) -> Row:
    """Return the row of a person's consent without its owner; ``today`` is its day if that is not known."""
    channel, state, on, source, _ = given
    return (channel, state, on or today, source)


def consent(given: Consent, *, today: str) -> Columns:
    """Return the row of a person's consent by column, without its owner."""
    return dict(zip(CONSENT, consent_row(given, today), strict=True))


def source_property(given: Property) -> Columns:
    """Return the row of a vCard property that has no field, without its owner."""
    return dict(zip(PROPERTY, given, strict=True))
