"""What the tests of the formats share: reading from text, and a contact made of a draft."""

from __future__ import annotations

import io
from pathlib import Path

from crm_cli.core.records import Company, Contact, Draft, Employment, Problem
from crm_cli.formats.open import open_source
from crm_cli.formats.source import Options, Source

CORPORA = Path(__file__).parents[2].parent / "shared" / "corpora"
UID = "0b6e1c4e-8a0f-4c1b-9d55-0f6a3c2b1a00"


def source(data: str | bytes, **options: object) -> Source:
    """Open a file given as text (UTF-8) or bytes."""
    raw = data.encode() if isinstance(data, str) else data
    return open_source(io.BytesIO(raw), name="file", options=Options(**options))


def everything(data: str | bytes, **options: object) -> list[Draft | Problem]:
    return list(source(data, **options).records)


def drafts(data: str | bytes, **options: object) -> list[Draft]:
    return [each for each in everything(data, **options) if isinstance(each, Draft)]


def problems(data: str | bytes, **options: object) -> list[Problem]:
    return [each for each in everything(data, **options) if isinstance(each, Problem)]


def vcard(*lines: str, version: str = "3.0") -> Draft:
    """Read one card of these lines."""
    (found,) = drafts("\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""]))
    return found


def contact(draft: Draft, **changes: object) -> Contact:
    """Make the contact that an import would make of a draft."""
    employments = ()
    if draft.company or draft.title or draft.department:
        employments = (Employment(draft.company, title=draft.title, department=draft.department),)
    facts = {
        "id": 1,
        "uid": UID,
        "name": draft.name,
        "parts": draft.parts,
        "nickname": draft.nickname,
        "birthday": draft.birthday,
        "anniversary": draft.anniversary,
        "notes": draft.notes,
        "status": None,
        "source": None,
        "created": "",
        "updated": "",
        "revision": 1,
        "points": draft.points,
        "addresses": draft.addresses,
        "employments": employments,
        "tags": draft.tags,
        "custom": draft.custom,
        "properties": draft.properties,
    }
    return Contact(**{**facts, **changes})


def company(draft: Draft) -> Company:
    """Make the company that an import would make of a draft."""
    return Company(
        1,
        UID,
        draft.name,
        draft.notes,
        None,
        "",
        "",
        1,
        points=draft.points,
        addresses=draft.addresses,
        tags=draft.tags,
        custom=draft.custom,
        properties=draft.properties,
    )
