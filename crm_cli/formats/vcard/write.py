"""Write a contact or a company as a vCard 4.0 (RFC 6350) or 3.0 (RFC 2426).

What an import kept is exported unchanged. A kept property with the value of one of our fields (and parameters that we
have no field for) is written instead of ours as long as the two agree; after that ours is written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from crm_cli.core import matching
from crm_cli.core.records import Address, Company, Contact, Employment, NameParts, Point, Property
from crm_cli.core.tags import spelled
from crm_cli.errors import UsageError
from crm_cli.formats.vcard import related
from crm_cli.formats.vcard.dates import apple_anniversaries
from crm_cli.formats.vcard.heads import parse
from crm_cli.formats.vcard.kept import ONCE, address_of, field_of, fields_of, firsts_of, is_ordinary, is_rare
from crm_cli.formats.vcard.labels import of_apple, types_for
from crm_cli.formats.vcard.media import in_version
from crm_cli.formats.vcard.points import SCHEMES, adr_components
from crm_cli.formats.vcard.properties import is_zone
from crm_cli.formats.vcard.state import ABOUT, ANDROID, consent_value, name_value
from crm_cli.formats.vcard.text import content_line, head
from crm_cli.formats.vcard.values import escape, to_caret

VERSIONS = ("4.0", "3.0")
_POINT_NAMES = {"phone": "TEL", "email": "EMAIL", "url": "URL", "im": "IMPP"}


def card(record: Contact | Company, version: str = "4.0", key: str = "", about: Sequence[Property] = ()) -> str:
    """Write one card, folded and with CRLF line endings.

    ``key`` is the UID under which another address book knows the record: it is kept, and ours is added as X-CRM-UID.
    ``about`` is what its card said of itself when it was imported.
    """
    if version not in VERSIONS:
        raise UsageError(f"vCard {version} is not written; choose 4.0 or 3.0")
    return "".join(_Writer(record, version, key, about).lines())


class _Writer:
    """The lines of one card."""

    def __init__(self, record: Contact | Company, version: str, key: str, about: Sequence[Property]) -> None:
        self.record = record
        self.key = "" if matching.own_uid(key) == record.uid else key
        self.new = version == "4.0"
        self.version = version
        self.current = {**_current(record), "uid": self.key or record.uid}
        self.related = related.made(() if isinstance(record, Company) else record.relationships)
        self.labels: set[tuple[str, str]] = set()
        self.firsts = firsts_of(record.properties)
        self.apple_days = {} if isinstance(record, Company) else apple_anniversaries(record.properties)
        properties = [each for each in record.properties if not about or each.name.upper() not in ABOUT]
        self.kept = [*filter(self.is_wanted, properties), *about]
        self.written = self.replaced()
        self.first = ("FN",) if "name" in self.written else ()
        self.groups = _groups(record)

    def replaced(self) -> set[str]:
        """Return the fields that kept properties hold, so that ours are not written."""
        fields = {field for each in self.kept if self.replaces_ours(each) for field in fields_of(each)}
        if self.current.get("anniversary") in self.apple_days.values():
            fields.add("anniversary")
        return fields

    def lines(self) -> Iterator[str]:
        yield content_line("BEGIN", "VCARD")
        yield content_line("VERSION", self.version)
        yield from self.names()
        yield from self.work()
        for point in self.record.points:
            if point.state == "current":
                yield from self.point(point)
        for address in self.record.addresses:
            yield from self.address(address)
        yield from self.facts()
        for each in self.kept:
            if (made := self.related.get(each)) and not self.new:
                value, params, label = related.as_apple(made)
                yield from self.grouped(related.APPLE, value, params, "", label)
            elif each.name.upper() not in ("NOTE", *self.first):
                yield self.again(each)
        yield content_line("END", "VCARD")

    def again(self, each: Property) -> str:
        """Write a kept property as it was read, in the form that the version requires."""
        each = in_version(each, new=self.new)
        return content_line(each.name, each.value, each.params, each.group)

    def names(self) -> Iterator[str]:
        """Write FN and N in every card: RFC 2426 requires both, RFC 6350 only FN."""
        parts = self.current.get("parts", NameParts())
        if not self.first:
            yield content_line("FN", escape(self.record.name))
        yield from (self.again(each) for each in self.kept if each.name.upper() in self.first)
        if "parts" not in self.written:
            yield content_line("N", name_value(parts))
        if (nickname := self.current.get("nickname")) and "nickname" not in self.written:
            names = nickname.split(", ")
            whole = not all(each and each == each.strip() for each in names)
            yield content_line("NICKNAME", escape(nickname) if whole else ",".join(map(escape, names)))

    def work(self) -> Iterator[str]:
        """Write ORG and TITLE of the current employer; further current ones follow, each pair in its own group."""
        if isinstance(self.record, Company):
            yield content_line("ORG", escape(self.record.name))
            yield content_line("KIND", "org") if self.new else content_line("X-ABShowAs", "COMPANY")
            return
        present = [each for each in self.record.employments if each.current]
        for each in present[:1]:
            yield from self.job(each, self.written)
        for each in present[1:]:
            yield from self.job(each, set(), self.free_group("work"))

    def job(self, job: Employment, written: set[str], group: str = "") -> Iterator[str]:
        """Write ORG and TITLE, unless ``written``; ORG without a company only outside a group."""
        has_org = "company" not in written if job.company else bool(job.department) and not group
        if has_org:
            units = job.department.split(" / ") if job.department else []
            yield content_line("ORG", ";".join(map(escape, (job.company, *units))), group=group)
        if job.title and "title" not in written:
            yield content_line("TITLE", escape(job.title), group=group)

    def facts(self) -> Iterator[str]:
        """Write days, notes, tags, custom fields, UID."""
        yield from self.days()
        yield from self.notes()
        if tags := [tag for tag in self.record.tags if spelled(tag) not in self.kept_tags()]:
            yield content_line("CATEGORIES", ",".join(map(escape, tags)))
        yield from self.optional_fields()
        for name, value in self.record.custom:
            yield content_line("X-CRM-FIELD", escape(value), f"NAME={to_caret(name)}")
        for each in () if isinstance(self.record, Company) else self.record.consents:
            yield content_line("X-CRM-CONSENT", consent_value(each))
        yield from self.uids()

    def optional_fields(self) -> Iterator[str]:
        """Write language, zone, status and source; a zone outside the IANA database goes to a property of ours."""
        zone = self.current.get("zone") or ""
        named = {"LANG": "language", "TZ" if is_zone(zone) else "X-CRM-ZONE": "zone"}
        for name, field in {**named, "X-CRM-STATUS": "status", "X-CRM-SOURCE": "source"}.items():
            if (text := self.current.get(field)) and field not in self.written:
                yield content_line(name, escape(text), "" if self.new or name != "TZ" else "VALUE=text")

    def uids(self) -> Iterator[str]:
        """Write one UID: ``key`` with ours added, else ours; ours is always added if the record has no name."""
        ours = self.record.uid
        if "uid" not in self.written and (uid := self.uid_value()):
            yield content_line("UID", uid)
        if ours and (self.key or not self.record.name.strip()):
            yield content_line("X-CRM-UID", escape(ours))

    def uid_value(self) -> str:
        """Return ``key``, else our uid, escaped; a URI in 4.0 if it is one."""
        if self.key:
            return _uri(self.key) if self.new and ":" in self.key else escape(self.key)
        ours = self.record.uid
        return f"urn:uuid:{ours}" if self.new and _is_uuid(ours) else escape(ours)

    def days(self) -> Iterator[str]:
        """Write the birthday and the anniversary, which RFC 2426 does not have."""
        for name, field in (("BDAY", "birthday"), ("ANNIVERSARY" if self.new else "X-ANNIVERSARY", "anniversary")):
            if (day := self.current.get(field)) and field not in self.written:
                yield self.day(name, day)

    def day(self, name: str, day: str) -> str:
        """Write a day; one without a year is ``--0412`` in 4.0, and 1604 with Apple's X-APPLE-OMIT-YEAR in 3.0."""
        if self.new:
            return content_line(name, day.replace("-", "") if day[:2] != "--" else "--" + day[2:].replace("-", ""))
        if day.startswith("--"):
            return content_line(name, f"1604-{day[2:]}", "X-APPLE-OMIT-YEAR=1604")
        return content_line(name, day)

    def point(self, point: Point) -> Iterator[str]:
        """Write a contact point with its label, its preference and the parameters that an import kept."""
        extra = _extra(point)
        name, params, value = self.named(point, extra)
        yield from self.labelled(name, value, point, params, extra)

    def named(self, point: Point, extra: dict[str, str]) -> tuple[str, list[str], str]:
        """Return the property, its own parameters, and the escaped value of a point."""
        if name := extra.get("name", ""):
            return name, [], escape(point.value)
        if point.kind == "social":
            prefix = "" if self.new else "X-"
            return f"{prefix}SOCIALPROFILE", _service(f"{prefix}SERVICE-TYPE", point), _uri(point.value)
        if point.kind == "im" and point.service in SCHEMES:
            return "IMPP", [], _uri(f"{point.service}:{point.value}")
        if point.kind == "im":
            return "IMPP", _service("X-SERVICE-TYPE", point), _uri(point.value)
        name = _POINT_NAMES.get(point.kind, "X-CRM-POINT")
        return name, [], _uri(point.value) if name == "URL" else escape(point.value)

    def labelled(
        self, name: str, value: str, of: Point | Address, params: list[str], extra: dict[str, str]
    ) -> Iterator[str]:
        """Write a line so that its label can be read back: by TYPE if one expresses it, else by an X-ABLabel."""
        preferred = [("PREF=1" if self.new else "TYPE=pref")] if of.preferred else []
        rest = [*preferred, extra["params"]] if extra.get("params") else preferred
        group, own = extra.get("group", ""), extra.get("label", "")
        if own and of_apple(own) == of.label:
            yield from self.grouped(name, value, [*params, *rest], group, own)
            return
        # As it came first: TYPE=mobile says what TYPE=cell would.
        for types in ([], _types(of)) if extra.get("params") else (_types(of),):
            typed = ";".join([*params, *types, *rest])
            parsed = parse(head(name, typed))
            if parsed is not None and parsed.label == of.label:
                yield content_line(name, value, typed, group)
                return
        yield from self.grouped(name, value, [*params, *rest], group, of.label)

    def grouped(self, name: str, value: str, params: list[str], group: str, label: str) -> Iterator[str]:
        """Write a line with an X-ABLabel in its group; lines with the same group and label share one."""
        group = group or self.free_group("item")
        yield content_line(name, value, ";".join(params), group)
        if (group.lower(), label) not in self.labels:
            self.labels.add((group.lower(), label))
            yield content_line("X-ABLabel", escape(label), group=group)

    def address(self, address: Address) -> Iterator[str]:
        """Write ADR, unless a kept one has the same value and components that we have no field for."""
        row = adr_components(address)
        value = ";".join(map(escape, row))
        if not any(each.name.upper() == "ADR" and self.agrees(each) and address_of(each) == row for each in self.kept):
            yield from self.labelled("ADR", value, address, [], _extra(address))

    def free_group(self, stem: str) -> str:
        number = 1
        while f"{stem}{number}" in self.groups:
            number += 1
        self.groups.add(f"{stem}{number}")
        return f"{stem}{number}"

    def is_wanted(self, each: Property) -> bool:
        """Is a kept property written? Not if it contradicts a field, or restores what the user removed."""
        name = each.name.upper()
        if name in ("BEGIN", "END", "VERSION", "X-CRM-UID"):
            return False
        if name in ("X-ABDATE", "X-ABLABEL") and (found := self.apple_days.get(each.group.lower())):
            return found == self.current.get("anniversary")
        if name in ONCE:
            return self.is_one_of(each, self.firsts.get(field_of(name)))
        if name == ANDROID:
            return isinstance(self.record, Company) or all(self.current.get(field) for field in fields_of(each))
        if name == "X-SAMSUNGADR":
            return address_of(each) in map(adr_components, self.record.addresses)
        return self.agrees(each) if name in ("NOTE", "CATEGORIES", "X-ABSHOWAS") else True

    def is_one_of(self, each: Property, first: Property | None) -> bool:
        """Is a kept single-value property written?

        The first, which set our field, must agree with it. Any other is dropped if it repeats the outdated first.
        """
        if isinstance(self.record, Company) and field_of(each.name.upper()) not in self.current:
            return True
        if first is None:
            return not fields_of(each) and not self.has(each.name.upper())
        if each is first:
            return self.agrees(each) and not is_ordinary(each)
        return self.agrees(each) or fields_of(each) != fields_of(first)

    def replaces_ours(self, each: Property) -> bool:
        """Is a kept property written instead of ours? A rarely supported one is written as well as ours."""
        if each.name.upper() in ONCE:
            return each is self.firsts.get(field_of(each.name.upper())) and not is_rare(each)
        return self.agrees(each) and not is_rare(each)

    def has(self, name: str) -> bool:
        if name == "KIND":
            return isinstance(self.record, Company)
        return bool(self.current.get(field_of(name)))

    def agrees(self, each: Property) -> bool:
        """Do our fields still have all the values that a kept property sets?"""
        values = fields_of(each)
        for field, value in values.items():
            now = self.current.get(field)
            if field == "notes":
                agreed = value in str(now or "").split("\n\n") or value == now
            else:
                agreed = _tags(value) <= _tags(now or ()) if field == "tags" else value == now
            if not agreed:
                return False
        return bool(values)

    def notes(self) -> Iterator[str]:
        """Write the notes; paragraphs of a kept NOTE are written as that NOTE."""
        notes = self.record.notes
        for each in self.kept:
            text = fields_of(each).get("notes") if each.name.upper() == "NOTE" else None
            if text is None:
                continue
            before, _, notes = notes.partition(text)
            if before.strip("\n"):
                yield content_line("NOTE", escape(before.strip("\n")))
            yield self.again(each)
        if notes.strip("\n"):
            yield content_line("NOTE", escape(notes.strip("\n")))

    def kept_tags(self) -> set[str]:
        return _tags(tag for each in self.kept for tag in fields_of(each).get("tags", ()))


def _tags(words: Iterable[str]) -> set[str]:
    return set(map(spelled, words))


def _current(record: Contact | Company) -> dict[str, Any]:
    """Return the current values of the fields, under the reader's names for them."""
    fields: dict[str, Any] = {"name": record.name, "notes": record.notes, "tags": record.tags, "source": record.source}
    if isinstance(record, Company):
        return {**fields, "kind": "company", "company": record.name}
    fields.update(nickname=record.nickname, birthday=record.birthday, anniversary=record.anniversary)
    fields.update(status=record.status, language=record.language, zone=record.zone)
    if record.parts != NameParts():
        fields["parts"] = record.parts
    first = next((each for each in record.employments if each.current), None)
    if first:
        fields.update(company=first.company, title=first.title)
        if first.department:
            fields["department"] = first.department
    return fields


def _extra(of: Point | Address) -> dict[str, str]:
    """Return what an import kept with the value; ``{}`` if the text is not a JSON object."""
    if not of.params:
        return {}
    try:
        extra = json.loads(of.params)
    except ValueError:
        return {}
    return {key: value for key, value in extra.items() if isinstance(value, str)} if isinstance(extra, dict) else {}


def _groups(record: Contact | Company) -> set[str]:
    """Return the groups that kept properties, points and addresses use, in lower case."""
    of: tuple[Point | Address, ...] = (*record.points, *record.addresses)
    return {each.group.lower() for each in record.properties} | {_extra(each).get("group", "").lower() for each in of}


def _service(name: str, point: Point) -> list[str]:
    """Return the parameter with the network of a point, if it has one."""
    return [f"{name}={to_caret(point.service)}"] if point.service else []


def _types(of: Point | Address) -> list[str]:
    """Return the TYPE parameters that express the label, if any do."""
    types = types_for(of.kind if isinstance(of, Point) else "address", of.label)
    return [f"TYPE={each}" for each in types.split(",")] if types else []


def _uri(value: str) -> str:
    """Escape what would end a URI's line; commas and semicolons are part of the URI (RFC 6350 section 4)."""
    return value.replace("\\", "\\\\")


def _is_uuid(text: str) -> bool:
    return len(text) == 36 and text.count("-") == 4


def cards(records: Iterable[Contact | Company], version: str = "4.0") -> Iterator[str]:
    """Write the cards one after another."""
    return (card(record, version) for record in records)
