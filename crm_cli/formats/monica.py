"""Read the JSON export of Monica 4 (its `JsonExportAccount`): people, and what was done and is to be done with them."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from crm_cli.core import names, relationships
from crm_cli.core.items import Item
from crm_cli.core.records import Address, Draft, NameParts, Point, Problem, Property
from crm_cli.errors import FormatError
from crm_cli.formats import monica_items
from crm_cli.formats.monica_items import DAMAGE, KINDS, Json, Person
from crm_cli.formats.monica_items import text as _text
from crm_cli.formats.source import Source
from crm_cli.formats.vcard import dates, related
from crm_cli.formats.vcard.values import escape

_LARGEST = 256 << 20
"""The largest file in bytes, as it is read as a whole."""
_PLURALS = {"journal_entry": "journal entries"}
_ADDRESS_BOOK = frozenset(("contact_field", "address", "note", "pet"))
"""Blocks of a contact that are read as parts of a person; those that are not read here or as items are counted."""
_AUTOMATIC = "birthday reminder"
"""What Monica adds by itself, and what the agenda shows anyway."""
_OTHER_KINDS = {"boss": "manager", "bestfriend": "friend", "subordinate": ""}
"""Monica's name of a relationship -> ours; ``""`` if the other person's entry says the same."""
_INVERTED = frozenset(("child",))
"""Relationships that are also recorded the other way round, where they are read."""


def open_monica(stream: BinaryIO, name: str) -> Source:
    """Open an export. Raises FormatError if it is damaged or too large."""
    if stream.seek(0, io.SEEK_END) > _LARGEST:
        raise FormatError(f"{name} is an export of Monica of more than {_LARGEST >> 20} MB; export it without photos")
    stream.seek(0)
    try:
        book = _Account(json.load(stream)["account"])
        warnings, items = tuple(book.warnings()), book.items()
    except (*DAMAGE, RecursionError) as error:
        raise FormatError(f"{name} is an export of Monica, but damaged or of an unknown version") from error
    return Source("monica", "", "utf-8", "", (), (), warnings, book.drafts(), items)


class _Account:
    """What an export holds, by kind."""

    def __init__(self, account: Json) -> None:
        self.blocks: dict[str, list[Json]] = {}
        for block in account["data"]:
            self.blocks.setdefault(block["type"], []).extend(block["values"])
        instance = account.get("instance") or {}
        self.types = {each["uuid"]: _of(each) for each in instance.get("contact_field_types", ())}
        self.genders = {each["uuid"]: str(_of(each).get("name", "")) for each in instance.get("genders", ())}
        kinds = (*instance.get("activity_types", ()), *instance.get("life_event_types", ()))
        self.kinds = {each["uuid"]: _type_name(_of(each)) for each in kinds}
        self.properties = account.get("properties") or {}
        self.people = {each["uuid"]: _of(each) for each in self.blocks.get("contact", ())}
        self.related: dict[str, list[tuple[str, str]]] = {}
        for each in map(_of, self.blocks.get("relationship", ())):
            self.related.setdefault(str(each.get("of_contact")), []).append(
                (str(each.get("type")), str(each.get("contact_is")))
            )

    def warnings(self) -> Iterator[str]:
        """Yield what is in the export and not read."""
        listed = [f"{count} {_plural(kind, count)}" for kind, count in sorted(self._missed().items()) if count]
        if listed:
            yield f"not imported: {', '.join(listed)}"

    def _missed(self) -> Counter[str]:
        """Count what is not read, by kind."""
        missed = Counter[str]()
        for contact in self.blocks.get("contact", ()):
            for block in contact.get("data", ()):
                if block["type"] == "reminder":
                    missed[_AUTOMATIC] += sum(map(_is_automatic, block["values"]))
                elif block["type"] not in _ADDRESS_BOOK | KINDS and block["type"] not in self.blocks:
                    missed[block["type"]] += len(block["values"])
        for kind in self.blocks.keys() - _ACCOUNT:
            missed[kind] += len(self.blocks[kind])
        missed["journal_entry"] = len(self.properties.get("journal_entries") or ())
        return missed

    def drafts(self) -> Iterator[Draft | Problem]:
        """Yield each person; one without a page of their own is only a name in a relationship."""
        for number, contact in enumerate(self.blocks.get("contact", ()), 1):
            try:
                found = _of(contact)
                if not found.get("is_partial"):
                    yield self._person(str(contact["uuid"]), found, contact.get("data") or (), number)
            except DAMAGE:
                yield Problem(number, "a contact that cannot be read", rejected=True, raw=(json.dumps(contact),))

    def items(self) -> Iterator[Item | Problem]:
        """Yield what was done and what is to be done with the people."""
        blocks: list[tuple[str, list[Json], list[Person]]] = []
        joint: dict[str, list[Person]] = {}
        for person, kind, values in self._parts_of_people():
            if kind == "activity":
                for uuid in values:
                    joint.setdefault(str(uuid), []).append(person)
            elif kind in KINDS:
                blocks.append((kind, [each for each in values if not _is_automatic(each)], [person]))
        met = self.blocks.get("activity", ())
        blocks.extend(("activity", [each], joint.get(str(each.get("uuid")), [])) for each in met)
        return monica_items.items(blocks, self.kinds)

    def _parts_of_people(self) -> Iterator[tuple[Person, str, list[Json]]]:
        """Yield each block of each contact: the person, its type and its values."""
        for contact in self.blocks.get("contact", ()):
            person = (str(contact["uuid"]), _name(self.people[contact["uuid"]]))
            for block in contact.get("data") or ():
                yield person, block["type"], block["values"]

    def _person(self, uuid: str, found: Json, data: Any, number: int) -> Draft:
        blocks = {block["type"]: [_of(each) for each in block["values"] if isinstance(each, dict)] for block in data}
        parts = _parts(found)
        notes = [_text(found, "description"), *(_text(each, "body") for each in blocks.get("note", ()))]
        linked, custom = self._relationships(uuid, str(found.get("first_met_through") or ""))
        birthday, about = _birthday(found.get("birthdate") or {})
        custom += [*about, *self._custom(found, blocks.get("pet", ()))]
        name = _name(found)
        return Draft(
            name=name, parts=parts, nickname=_text(found, "nickname"), company=_text(found, "company"),
            title=_text(found, "job"), points=tuple(self._points(blocks.get("contact_field", ()))),
            addresses=tuple(map(_address, blocks.get("address", ()))), birthday=birthday,
            notes="\n\n".join(filter(None, notes)), tags=tuple(_tags(found)), custom=tuple(custom),
            properties=tuple(linked), uid=uuid, line=number, raw=(name,),
        )  # fmt: skip

    def _custom(self, found: Json, pets: Iterable[Json]) -> Iterator[tuple[str, str]]:
        """Yield what becomes a custom field."""
        yield from ((label, text) for key, label in _CUSTOM.items() if (text := _text(found, key)))
        if listed := "\n".join(filter(None, map(_pet, pets))):
            yield "pets", listed
        if gender := self.genders.get(str(found.get("gender"))):
            yield "gender", gender
        yield from ((label, day) for key, label in _DAYS.items() if (day := _day(found.get(key))))

    def _points(self, fields: Any) -> Iterator[Point]:
        for each in fields:
            kind = self.types.get(str(each.get("type")), {})
            value, protocol, label = _text(each, "data"), _text(kind, "protocol"), _text(kind, "name")
            if not value:
                continue
            if protocol == "mailto:" or kind.get("type") == "email":
                yield Point("email", value)
            elif protocol == "tel:" or kind.get("type") == "phone":
                yield Point("phone", value)
            else:
                yield Point("social", value, service=label.lower())

    def _relationships(self, uuid: str, introducer: str) -> tuple[list[Property], list[tuple[str, str]]]:
        """Return the relationships that we have as properties of a card, the others as custom fields."""
        known: list[Property] = []
        custom: list[tuple[str, str]] = []
        for word, other in (*self.related.get(uuid, ()), ("introduced-by", introducer)):
            kind = _OTHER_KINDS.get(word, relationships.find(word))
            person = self.people.get(other, {})
            if _is_read_elsewhere(word, kind, person):
                continue
            if kind and person:
                known.append(_related(kind, other, person))
            elif name := _name(person):
                custom.append((word.replace("_", " "), name))
        return known, custom


_CUSTOM = {
    "food_preferences": "food preferences",
    "last_talked_to": "last talked to",
    "stay_in_touch_frequency": "stay in touch (days)",
}
"""Property of a contact -> name of a custom field."""
_DAYS = {"first_met_date": "first met", "deceased_date": "deceased"}
"""Property with a day -> name of a custom field."""
_FLAGS = (("is_starred", True, "starred"), ("is_dead", True, "deceased"), ("is_active", False, "archived"))
"""Property, value, and the tag that it becomes."""


_ACCOUNT = frozenset(("contact", "relationship", "activity", "user", "addressbook"))
"""Blocks of the account that are read, or that are about the user; the others are counted."""


def _of(value: Json) -> Json:
    return value.get("properties") or {}


def _name(found: Json) -> str:
    return names.display(_parts(found)) or _text(found, "nickname")


def _is_read_elsewhere(word: str, kind: str, other: Json) -> bool:
    """Does the entry of the other person have the same relationship? One without a page of their own has no entry."""
    return (word in _OTHER_KINDS and not kind) or (word in _INVERTED and not other.get("is_partial"))


def _related(kind: str, uuid: str, person: Json) -> Property:
    """Return a relationship as a property of a card; a person without a page of their own is only a name."""
    if person.get("is_partial"):
        return Property("RELATED", escape(_name(person)), f"VALUE=text;TYPE={_type(kind)}")
    return Property("RELATED", f"urn:uuid:{uuid}", f"TYPE={_type(kind)}")


def _type_name(found: Json) -> str:
    return (_text(found, "name") or _text(found, "translation_key")).replace("_", " ")


def _is_automatic(reminder: Json) -> bool:
    """Did Monica add this reminder for a birthday?"""
    return isinstance(reminder, dict) and _of(reminder).get("delible") is False


def _pet(found: Json) -> str:
    kind = found.get("category") or found.get("pet_category")
    shown = _type_name(_of(kind) or kind) if isinstance(kind, dict) else str(kind or "")
    return " ".join(filter(None, (_text(found, "name"), f"({shown})" if shown else "")))


def _plural(kind: str, count: int) -> str:
    return _PLURALS.get(kind, f"{kind}s").replace("_", " ") if count > 1 else kind.replace("_", " ")


def _type(kind: str) -> str:
    return kind if kind in related.STANDARD else f"x-{kind}"


def _parts(found: Json) -> NameParts:
    return NameParts("", _text(found, "first_name"), _text(found, "middle_name"), _text(found, "last_name"))


def _tags(found: Json) -> Iterator[str]:
    yield from (str(each) for each in found.get("tags") or ())
    yield from (tag for key, value, tag in _FLAGS if found.get(key) is value)


def _day(found: object) -> str:
    """Return the day of a date of Monica, which may be text or an object."""
    text = found.get("date") if isinstance(found, dict) else found
    return dates.day(str(text or "")) or ""


def _birthday(found: Json) -> tuple[str | None, list[tuple[str, str]]]:
    """Return the birthday; one that was computed from an age is only a custom field."""
    day = _day(found)
    if found.get("is_age_based"):
        return None, [("born about", day[:4])] if day else []
    if day and found.get("is_year_unknown"):
        return f"--{day[-5:]}", []
    return day or None, []


def _address(found: Json) -> Address:
    keys = {"street": "street", "locality": "city", "region": "province", "code": "postal_code", "country": "country"}
    parts: dict[str, Any] = {field: _text(found, key) for field, key in keys.items()}
    return Address(**parts, label=_text(found, "name").lower())
