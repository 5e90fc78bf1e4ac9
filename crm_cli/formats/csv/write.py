"""Write crm's own CSV: as many numbered columns as needed, every cell guarded; ``profiles/crm.toml`` reads it back."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from crm_cli.core.records import Address, Company, Contact, Employment, Point
from crm_cli.formats.csv import consents
from crm_cli.formats.csv.cells import guard

_FIXED = "crm id,crm uid,crm revision,name,prefix,given,additional,family,suffix,nickname,company,title,department"
FIXED = _FIXED.split(",")
DAYS = ["birthday", "anniversary"]
OPTIONAL = ("status", "source", "language", "zone")
"""Columns that are present only if at least one person has a value."""
CONSENT = "consent "
LAST = ["tags", "notes"]
NUMBERED = {
    "email": ("", " label", " preferred"),
    "phone": ("", " label", " preferred"),
    "url": ("", " label", " preferred"),
    "social": ("", " service", " label", " preferred"),
    "im": ("", " service", " label", " preferred"),
    "address": (" street", " extended", " po box", " locality", " region", " code", " country", " label", " preferred"),
}
"""What is counted -> the columns of one of them, after its number."""
PREFERRED = " preferred"
"""Suffix of a column that is written only if needed."""
CUSTOM = "custom: "
_ESCAPED = re.compile(r"([\\;])")


def columns(rows: Iterable[Contact]) -> list[str]:
    """Return the header that these people need, custom fields last."""
    most: Counter[str] = Counter()
    liked: set[str] = set()
    optional: set[str] = set()
    custom: dict[str, None] = {}
    stated: set[str] = set()
    for each in rows:
        most |= counts(each)
        liked |= preferred(each)
        optional.update(name for name in OPTIONAL if getattr(each, name))
        stated.update(CONSENT + consent.channel for consent in each.consents)
        custom.update(dict.fromkeys(CUSTOM + name for name, _ in each.custom))
    filled = (name for name in OPTIONAL if name in optional)
    return [*FIXED, *numbered(most, liked), *DAYS, *filled, *sorted(stated), *LAST, *custom]


def counts(record: Contact | Company) -> Counter[str]:
    """Count the current points of each kind, and the addresses."""
    found = Counter(point.kind for point in record.points if point.state == "current")
    found["address"] = len(record.addresses)
    return found


def preferred(record: Contact | Company) -> set[str]:
    """Return the kinds that have a preferred point, and ``address`` if an address is preferred."""
    found = {point.kind for point in record.points if point.preferred}
    return found | {"address" for address in record.addresses if address.preferred}


def numbered(most: Counter[str], preferred: set[str]) -> list[str]:
    """Return the numbered columns for points and addresses, given the most that anyone has of each."""
    return [
        f"{kind} {number}{part}"
        for kind, parts in NUMBERED.items()
        for number in range(1, most[kind] + 1)
        for part in parts
        if part != PREFERRED or kind in preferred
    ]


def row(contact: Contact, columns: Sequence[str]) -> list[str]:
    """Return the guarded cells of one person under these columns."""
    cells = _cells(contact)
    return [guard(cells.get(column, "")) for column in columns]


def header(columns: Sequence[str]) -> list[str]:
    """Return the header row; the names of custom fields are guarded, because users choose them."""
    return [guard(column) for column in columns]


def _cells(contact: Contact) -> dict[str, str]:
    """Return the cells of one person by column."""
    cells = _fixed(contact)
    cells.update((CONSENT + each.channel, consents.written(each)) for each in contact.consents)
    return {**cells, **list_cells(contact)}


def list_cells(record: Contact | Company) -> dict[str, str]:
    """Return the cells of what a person or a company has several of, by column."""
    cells: dict[str, str] = {}
    numbers: Counter[str] = Counter()
    for point in record.points:
        if point.state == "current":
            numbers[point.kind] += 1
            cells.update(_point(point, numbers[point.kind]))
    for number, address in enumerate(record.addresses, 1):
        cells.update(_address(address, number))
    for name, value in record.custom:
        earlier = cells.get(CUSTOM + name)
        cells[CUSTOM + name] = f"{earlier}\n{value}" if earlier else value
    return cells


def _fixed(contact: Contact) -> dict[str, str]:
    """Return the cells in the columns that every person has once."""
    employer = next((each for each in contact.employments if each.current), Employment())
    parts = contact.parts
    return {
        "crm id": str(contact.id),
        "crm uid": contact.uid,
        "crm revision": str(contact.revision),
        "name": contact.name,
        "prefix": parts.prefix,
        "given": parts.given,
        "additional": parts.additional,
        "family": parts.family,
        "suffix": parts.suffix,
        "nickname": contact.nickname,
        "company": employer.company,
        "title": employer.title,
        "department": employer.department,
        "birthday": contact.birthday or "",
        "anniversary": contact.anniversary or "",
        **{name: getattr(contact, name) or "" for name in OPTIONAL},
        "tags": tags_cell(contact.tags),
        "notes": contact.notes,
    }


def tags_cell(tags: Iterable[str]) -> str:
    """Return tags in one cell."""
    return ";".join(_ESCAPED.sub(r"\\\1", tag) for tag in tags)


def _point(point: Point, number: int) -> dict[str, str]:
    stem = f"{point.kind} {number}"
    cells = {stem: point.value, f"{stem} label": point.label, f"{stem} service": point.service}
    return {**cells, stem + PREFERRED: "yes"} if point.preferred else cells


def _address(address: Address, number: int) -> dict[str, str]:
    stem = f"address {number}"
    cells = {stem + part: getattr(address, part.strip().replace(" ", "_")) for part in NUMBERED["address"]}
    return {**cells, stem + PREFERRED: "yes" if address.preferred else ""}
