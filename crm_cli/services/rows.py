"""What somebody gave us -> the columns of the tables: normalised once, for single edits and bulk imports alike."""

from __future__ import annotations

import uuid
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from crm_cli.core import names, phones
from crm_cli.core.text import fold, nfc, sort_key
from crm_cli.services import imports_phones

if TYPE_CHECKING:
    from crm_cli.core.records import Address, Draft, Point, Property

Columns = dict[str, Any]
"""Column -> value of a row to be written."""


def new_uid() -> str:
    """Return a fresh identifier of our own (RFC 9562 section 5.4)."""
    return str(uuid.uuid4())


def contact(draft: Draft, *, now: str, source: str | None = None) -> Columns:
    """Return a person's row. The name's parts are worked out when only the whole name is known."""
    parts = draft.parts
    name = nfc(draft.name).strip() or names.display(parts)
    if not any((parts.given, parts.family, parts.additional)):
        parts = names.split(name)
    return {
        "uid": new_uid(),
        "name": name,
        "name_key": sort_key(name),
        "prefix": parts.prefix,
        "given": parts.given,
        "additional": parts.additional,
        "family": parts.family,
        "suffix": parts.suffix,
        "nickname": draft.nickname,
        "birthday": draft.birthday,
        "anniversary": draft.anniversary,
        "notes": draft.notes,
        "source": source,
        "created_utc": now,
        "updated_utc": now,
        "revision": 1,
    }


def company(name: str, *, now: str, notes: str = "", source: str | None = None) -> Columns:
    """Return a company's row."""
    name = nfc(name).strip()
    return {
        "uid": new_uid(),
        "name": name,
        "name_key": sort_key(name),
        "notes": notes,
        "source": source,
        "created_utc": now,
        "updated_utc": now,
        "revision": 1,
    }


e164 = lru_cache(20_000)(imports_phones.e164)
"""`core.phones.e164`, sooner and remembering: an import asks for a number when it matches and when it stores."""


def point(given: Point, *, region: str) -> Columns:
    """Return a contact point's row, its owner left out: what it is compared by, and its digits backwards."""
    norm, backward = given.norm, ""
    if given.kind == "email":
        norm = fold(given.value)
    elif given.kind == "phone":
        norm = norm or e164(given.value, region)
        backward = phones.reversed_digits(given.value, norm)
    return {
        "kind": given.kind,
        "value": given.value,
        "label": given.label,
        "service": given.service,
        "norm": norm,
        "reversed": backward,
        "state": given.state,
        "preferred": int(given.preferred),
        "params": given.params,
    }


def address(given: Address) -> Columns:
    """Return a postal address's row, its owner left out."""
    return {
        "street": given.street,
        "extended": given.extended,
        "po_box": given.po_box,
        "locality": given.locality,
        "region": given.region,
        "code": given.code,
        "country": given.country,
        "label": given.label,
        "preferred": int(given.preferred),
        "params": given.params,
    }


def source_property(given: Property) -> Columns:
    """Return the row of a property that we do not model, its owner left out."""
    return {"grp": given.group, "name": given.name, "params": given.params, "value": given.value}
