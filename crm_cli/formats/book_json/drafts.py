"""The people and companies of a file as drafts, to be imported like any other file into a book that is not empty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_cli.core.consent import CHANNELS, STATES
from crm_cli.core.records import Address, Consent, Draft, NameParts, Point, Property, Relationship
from crm_cli.errors import FormatError
from crm_cli.formats.base import about
from crm_cli.formats.book_json import read, sections, values
from crm_cli.formats.book_json.sections import Key
from crm_cli.formats.source import Source
from crm_cli.formats.vcard.related import as_property

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from crm_cli.formats.book_json.read import Element
    from crm_cli.formats.book_json.sections import Part
    from crm_cli.formats.book_json.values import Row


def _texts(names: str) -> tuple[Key, ...]:
    return tuple(Key(name, name) for name in names.split())


ANY = _texts("uid name notes source")
"""The texts of a draft, whatever its kind; the keys are those of the documented card."""
PERSON = (
    *ANY, *_texts("nickname company title department status language zone"),
    Key("birthday", "birthday", values.OPTIONAL_TEXT), Key("anniversary", "anniversary", values.OPTIONAL_TEXT),
)  # fmt: skip
"""The texts and days of a person, with the current job as the employer."""


RELATIONSHIP = (*_texts("kind name uri property"), Key("person.uid", "uid", values.OPTIONAL_TEXT))
"""A relationship; one that was not read from a card becomes a property of the draft."""


def as_source(stream: BinaryIO) -> Source:
    """Return the people and companies of a file as drafts."""
    return Source("book", "crm-book", "utf-8", "", (), (), (), _drafts(stream))


def _drafts(stream: BinaryIO) -> Iterator[Draft]:
    for element in read.elements(stream, sections.COMPANY, sections.CONTACT):
        yield _draft(element)


def _draft(element: Element) -> Draft:
    is_person = element.section is sections.CONTACT
    found, where = element.value, element.where
    fields = read.columns(PERSON if is_person else ANY, found, where)
    if is_person:
        fields["consents"] = tuple(_consents(found, where))
        fields["parts"] = NameParts(**read.columns(sections.NAME_PARTS, found, where))
    return Draft(
        kind="person" if is_person else "company",
        points=tuple(_points(found, where)),
        addresses=tuple(Address(**row) for row in _unnumbered(sections.ADDRESSES, found, where)),
        properties=tuple(_properties(found, where)),
        tags=tuple(name for name in read.items(found, "tags", where) if isinstance(name, str)),
        custom=_custom(found),
        line=element.number + 1,
        **fields,
    )


def _custom(found: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    custom = found.get("custom")
    pairs = custom.items() if isinstance(custom, dict) else ()
    return tuple((name, value) for name, value in pairs if isinstance(value, str))


def _points(found: dict[str, Any], where: str) -> Iterator[Point]:
    for part in sections.POINTS:
        for row in _unnumbered(part, found, where):
            kind = row.pop("kind", part.kinds[0])
            if kind not in part.kinds:
                raise FormatError(f"{where}.{part.key}: there is no kind {kind!r}")
            yield Point(kind=kind, **{**row, "state": row["state"] or "current"})


def _consents(found: dict[str, Any], where: str) -> Iterator[Consent]:
    for row in _unnumbered(sections.CONSENTS, found, where):
        if row["channel"] not in CHANNELS or row["state"] not in STATES:
            raise FormatError(f"{where}.consents: there is no {row['channel']!r} {row['state']!r}")
        yield Consent(row["channel"], row["state"], row["on_date"], row["source"])


def _properties(found: dict[str, Any], where: str) -> Iterator[Property]:
    for row in _unnumbered(sections.PROPERTIES, found, where):
        yield Property(row["name"], row["value"], row["params"], row["grp"])
    bases = [row["base"] for row in _unnumbered(sections.REFS, found, where)]
    yield from next(filter(None, map(about, reversed(bases))), ())
    for number, item in enumerate(read.items(found, "relationships", where)):
        row = read.columns(RELATIONSHIP, item, f"{where}.relationships[{number}]")
        if not row["property"]:
            uri = f"urn:uuid:{row['uid']}" if row["uid"] else row["uri"]
            yield as_property(Relationship(row["kind"], row["name"], uri=uri))


def _unnumbered(part: Part, found: dict[str, Any], where: str) -> Iterator[Row]:
    """Yield the rows of a list without their ids, which are those of another book."""
    keys = [key for key in part.keys if key is not sections.ID]
    for number, item in enumerate(read.items(found, part.key, where)):
        row = read.columns(keys, item, f"{where}.{part.key}[{number}]")
        if "preferred" in row:
            row["preferred"] = bool(row["preferred"])
        yield row
