"""Turn the fields of a row into a Draft: its name, whether it is a person or a company, its dates and custom fields."""

from __future__ import annotations

import re
from typing import Any

from crm_cli.core import names
from crm_cli.core.mailboxes import names_with_mail
from crm_cli.core.records import Draft, NameParts, Point
from crm_cli.formats.anniversaries import is_anniversary
from crm_cli.formats.csv import consents
from crm_cli.formats.csv import dates as csv_dates
from crm_cli.formats.csv.fields import NAMED, Row
from crm_cli.formats.csv.headings import letters, marks
from crm_cli.formats.csv.points import addresses_of, points_of
from crm_cli.formats.csv.values import once, with_titles

PARTS = ("prefix", "given", "additional", "family", "suffix")
_ROLES = "info office contact sales mail hello support admin kontakt service team post buero contacto"
ROLES = frozenset(_ROLES.split())
"""Mailbox names of a company, not of a person."""
_YES = frozenset(("true", "1", "yes", "x", "company"))
_NO = frozenset(("false", "0", "no", "individual", "person"))
_OF_A_PERSON = ("name", "nickname", "title", *PARTS)
"""Fields that show that a row is about a person."""
_PERSONAL = ("status", "language", "zone")
_PLAIN = ("nickname", "company", "title", "department", "notes", "source", *_PERSONAL)
"""Fields that a draft takes as they are."""
_HOST = re.compile(r"\A(?:https?://)?(?:www\.)?", re.IGNORECASE)
_NAMING = {"email": 0, "phone": 1}
_BIRTH = ("birth.year", "birth.month", "birth.day")


def draft(row: Row, line: int, raw: tuple[str, ...]) -> Draft | None:
    """Build the draft, or return None if the row identifies neither a person nor a company."""
    points, addresses = points_of(row), addresses_of(row)
    _store_named_values(row)
    _store_birth_columns(row)
    fields = _own(row) if row.profile.own else _identified(row, points)
    if fields is None:
        return None
    fields.update(row.dates)
    key = row.single.get("company_key", "").partition(";")[0].strip()
    if fields.get("kind") == "company":
        row.custom.extend([("Company ID", key)] if key else [])
        row.custom.extend((each.column, each.cell) for each in row.consents)
    else:
        fields["consents"] = consents.joined(row.consents)
        fields["company_key"] = key
    return Draft(
        **fields,
        points=points,
        addresses=addresses,
        tags=tuple(dict.fromkeys(row.tags)),
        custom=tuple(row.custom),
        uid=row.single.get("uid") or _link(row, points),
        line=line,
        raw=raw,
        own_revision=_number(row.single.get("revision", "")),
    )


def _own(row: Row) -> dict[str, Any]:
    """Return the fields of a row in crm's own CSV, as they are."""
    kind = "company" if row.profile.companies else "person"
    return {**_plain(row), "kind": kind, "name": row.single.get("name", ""), "parts": _parts(row)}


def _identified(row: Row, points: tuple[Point, ...]) -> dict[str, Any] | None:
    """Return the fields of a person or a company; None if neither a name, a point nor an employer identifies one."""
    parts = once(_parts(row))
    name = _name(row, parts, points)
    if not (name or points or row.single.get("company")):
        return None
    if _is_company(row, points):
        fields = _company(row, points)
    else:
        fields = _plain(row)
        fields["name"] = name or fields.get("company", "")
        fields["parts"] = with_titles(row.single.get("name", ""), parts)
    row.custom.extend(names_with_mail(row.shown, fields["name"]))
    return fields


def _plain(row: Row) -> dict[str, Any]:
    single = row.single
    return {field: single[field] for field in _PLAIN if field in single}


def _parts(row: Row) -> NameParts:
    single = row.single
    return NameParts(*(single.get(part, "") for part in PARTS))


def _company(row: Row, points: tuple[Point, ...]) -> dict[str, Any]:
    """Return the fields of a company; those that only people have become custom fields.

    One without a name is named by its domain.
    """
    fields = _plain(row)
    company = fields.pop("company", "")
    domain = next((_HOST.sub("", point.value).partition("/")[0] for point in points if point.kind == "url"), "")
    name = row.single.get("name") or company or domain
    if company not in ("", name):
        row.custom.append(("Parent company", company))
    row.custom.extend((each, fields.pop(each)) for each in ("department", *_PERSONAL) if each in fields)
    return {**fields, "kind": "company", "name": name}


def _name(row: Row, parts: NameParts, points: tuple[Point, ...]) -> str:
    """Return the name in the file, else one built from its parts, else the nickname, else the first point."""
    single = row.single
    filed = single.pop("file_as", "")
    found = (single.get("name"), names.display(parts), filed, single.get("nickname"), *row.shown[:1])
    name = next(filter(None, found), "")
    if filed and filed != name:
        row.custom.append(("File As", filed))
    if name or single.get("company") or not points:
        return name
    return min(points, key=lambda point: _NAMING.get(point.kind, 9)).value


def _is_company(row: Row, points: tuple[Point, ...]) -> bool:
    """Is this a company?

    It is if a company is named but no person, and no mailbox is a person's. A column may say so explicitly.
    """
    single = row.single
    has_company = bool(single.get("company"))
    answer = single.get("is_company", "").casefold()
    if (answer in _YES or letters(answer) in marks("companies", "company")) and (has_company or single.get("name")):
        return True
    is_person = answer in _NO or bool(answer and letters(answer) in marks("companies", "person"))
    if not is_person and row.rules.lists_companies:
        return True
    if is_person or not has_company:
        return False
    return not any(single.get(each) for each in _OF_A_PERSON) and _are_roles(points)


def _are_roles(points: tuple[Point, ...]) -> bool:
    """Do all e-mail addresses belong to a company, like ``info@``?"""
    return all(point.value.partition("@")[0].casefold() in ROLES for point in points if point.kind == "email")


def _link(row: Row, points: tuple[Point, ...]) -> str:
    """Return the link that identifies the person: for LinkedIn, the URL of the profile."""
    if row.profile.name != "linkedin":
        return ""
    return next((point.value for point in points if point.kind == "social"), "")


def _store_named_values(row: Row) -> None:
    """Store events, relations and custom fields under their labels; an anniversary has a field of its own."""
    for (kind, _), group in row.groups.items():
        value = group.get("value")
        if kind not in NAMED or not value:
            continue
        label = group.get("label", "").removeprefix("*").strip() or kind
        if is_anniversary(label) and group.get("day") and "anniversary" not in row.dates:
            row.dates["anniversary"] = group["day"]
        else:
            row.custom.append((label, value))


def _store_birth_columns(row: Row) -> None:
    """Store a birthday that Thunderbird wrote in three columns (year, month, day); the year may be missing."""
    year, month, day = (row.single.pop(field, "") for field in _BIRTH)
    if not (year or month or day) or "birthday" in row.dates:
        return
    # A date without a year begins with two hyphens: --11-22.
    start = year.zfill(4) if year else "-"
    if found := csv_dates.parse(f"{start}-{month.zfill(2)}-{day.zfill(2)}", day_first=True):
        row.dates["birthday"] = found
    else:
        row.custom.append(("birth", "-".join(filter(None, (year, month, day)))))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
