"""Read LDIF (RFC 2849): address books of Thunderbird, and people of other directories (inetOrgPerson, RFC 2798)."""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, BinaryIO

from crm_cli.core import names
from crm_cli.core.records import Address, Draft, NameParts, Point, Problem, Property
from crm_cli.core.text.folding import nfc
from crm_cli.formats.decoding import MAX_LINE, STRAY, Encoding, batches
from crm_cli.formats.source import Source
from crm_cli.formats.vcard import dates

_POINTS = {
    "mail": ("email", ""), "mozillasecondemail": ("email", ""), "xmozillasecondemail": ("email", ""),
    "telephonenumber": ("phone", "work"), "homephone": ("phone", "home"), "hometelephonenumber": ("phone", "home"),
    "mobile": ("phone", "mobile"), "cellphone": ("phone", "mobile"), "fax": ("phone", "fax"),
    "facsimiletelephonenumber": ("phone", "fax"), "pager": ("phone", "pager"), "pagerphone": ("phone", "pager"),
    "mozillaworkurl": ("url", "work"), "workurl": ("url", "work"), "mozillahomeurl": ("url", "home"),
    "homeurl": ("url", "home"), "labeleduri": ("url", ""), "nsaimid": ("im", ""), "mozillachatmid": ("im", ""),
}  # fmt: skip
"""Attribute in lower case -> kind and label of a contact point."""
_ADDRESSES = {
    "street": ("work", "street"), "streetaddress": ("work", "street"), "mozillaworkstreet2": ("work", "extended"),
    "l": ("work", "locality"), "locality": ("work", "locality"), "st": ("work", "region"),
    "region": ("work", "region"), "postalcode": ("work", "code"), "zip": ("work", "code"), "c": ("work", "country"),
    "countryname": ("work", "country"), "co": ("work", "country"), "postofficebox": ("work", "po_box"),
    "mozillahomestreet": ("home", "street"), "mozillahomestreet2": ("home", "extended"),
    "mozillahomelocalityname": ("home", "locality"), "mozillahomestate": ("home", "region"),
    "mozillahomepostalcode": ("home", "code"), "mozillahomecountryname": ("home", "country"),
}  # fmt: skip
"""Attribute in lower case -> label and part of a postal address."""
_SINGLE = {
    "name": ("displayname", "cn", "commonname"),
    "company": ("o", "company", "organizationname"), "department": ("ou", "department", "departmentnumber"),
    "title": ("title",), "nickname": ("mozillanickname", "xmozillanickname"), "notes": ("description", "notes"),
    "language": ("preferredlanguage",),
}  # fmt: skip
"""Field -> the attributes it is taken from, the first that has a value."""
_PARTS = {"given": ("givenname", "gn"), "family": ("sn", "surname"), "prefix": ("personaltitle",)}
_BIRTH = ("birthyear", "birthmonth", "birthday")
_KNOWN = frozenset(name for wanted in (*_SINGLE.values(), *_PARTS.values()) for name in wanted)
_PHOTOS = ("jpegphoto", "thumbnailphoto")
_PEOPLE = frozenset(("person", "organizationalperson", "inetorgperson", "mozillaabpersonalpha", "user", "contact"))
_GROUPS = frozenset(("groupofnames", "groupofuniquenames", "group", "mailgroup"))
_MEMBERS = ("member", "uniquemember")
_IDS = ("entryuuid", "objectguid", "nsuniqueid")
_TECHNICAL = (
    "dn objectclass userpassword modifytimestamp createtimestamp creatorsname modifiersname entrycsn "
    "entrydn structuralobjectclass hassubordinates subschemasubentry mozillausehtmlmail "
    "xmozillausehtmlmail changetype version samaccountname objectsid usnchanged usncreated whencreated "
    "whenchanged pwdlastset ntsecuritydescriptor"
)
_INTERNAL = frozenset(_TECHNICAL.split())
"""Attributes that say nothing about a person to a user of an address book; passwords never enter the book."""
_LARGEST = MAX_LINE
"""The most characters of one entry, as of one line: a longer line arrives truncated."""
_SERVICES = {"nsaimid": "aim", "mozillachatmid": ""}

Values = Mapping[str, list[str | bytes]]


def open_ldif(stream: BinaryIO, encoding: Encoding) -> Source:
    """Open an LDIF file."""
    name = encoding.name
    errors = STRAY if name in ("utf-8", "utf-8-sig") else "replace"
    return Source("ldif", "", name, "", (), (), (), _records(batches(stream, name, errors)))


def _records(chunks: Iterable[list[str]]) -> Iterator[Draft | Problem]:
    """Yield a draft for each person, and for each group after the people."""
    other: Counter[str] = Counter()
    first = 0
    groups: list[Draft] = []
    for line, raw in _entries(chunks):
        if isinstance(raw, Problem):
            yield raw
            continue
        values, problem = _attributes(raw)
        if problem:
            yield Problem(line, problem, rejected=True, raw=tuple(raw))
            continue
        if not values.keys() - {"version"}:
            continue
        classes = {_text(each).casefold() for each in values.get("objectclass", ())}
        if classes & _GROUPS:
            groups.append(_group(values, line, raw))
        elif _is_person(classes, values):
            yield _person(values, line, raw)
        else:
            other[min(classes - {"top"}, default="top")] += 1
            first = first or line
    if other:
        yield _skipped(other, first)
    yield from groups


def _is_person(classes: Collection[str], values: Values) -> bool:
    """Is an entry about a person: by its class, by its e-mail, or because it has no class?"""
    return not classes or not _PEOPLE.isdisjoint(classes) or "mail" in values


def _skipped(counts: Mapping[str, int], line: int) -> Problem:
    """Report the entries that are not people, by class; ``line`` is that of the first."""
    listed = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
    return Problem(line, f"entries that are not people were skipped: {listed}")


def _entries(chunks: Iterable[list[str]]) -> Iterator[tuple[int, list[str] | Problem]]:
    """Yield the number of its first line, and the unfolded lines of each entry."""
    entry: list[str] = []
    start = size = number = 0
    for line in chain(chain.from_iterable(chunks), ("",)):
        number += 1
        if not line.strip():
            if entry:
                too_large = Problem(start, "an entry of more than 10 MB", rejected=True, raw=(entry[0][:200],))
                yield start, entry if size <= _LARGEST else too_large
            entry, size = [], 0
            continue
        size += len(line)
        start = start if entry else number
        if size > _LARGEST and entry:
            continue
        if line[0] == " " and entry:
            entry[-1] += line[1:]
        else:
            entry.append(line)


def _attributes(raw: Iterable[str]) -> tuple[dict[str, list[str | bytes]], str]:
    """Return attribute -> values, and why the entry is rejected, or ``""``. Options (``;lang-de``) are ignored."""
    values: dict[str, list[str | bytes]] = {}
    for line in raw:
        if line.startswith("#"):
            continue
        name, colon, rest = line.partition(":")
        if not colon:
            return {}, f"a line that is not an attribute: {line[:40]}"
        try:
            value = base64.b64decode(rest[1:].strip(), validate=True) if rest.startswith(":") else rest.strip(" ")
        except (binascii.Error, ValueError):
            return {}, f"{name}: damaged base64"
        if rest.startswith("<"):
            value = rest[1:].strip()
        attribute = name.partition(";")[0].strip().casefold()
        if attribute == "changetype" and _text(value).casefold() != "add":
            return {}, f"a change to an entry (changetype: {_text(value)}), not an entry"
        values.setdefault(attribute, []).append(value)
    return values, ""


def _text(value: str | bytes) -> str:
    return nfc(value if isinstance(value, str) else value.decode("utf-8", "replace")).replace("\r\n", "\n").strip()


def _first(values: Values, wanted: Iterable[str]) -> str:
    return next((found for name in wanted for each in values.get(name, ()) if (found := _text(each))), "")


def _key(values: Values) -> str:
    """Return the key of an entry: its id in the directory, else its name there (dn), as groups refer to it."""
    return _first(values, _IDS) or _dn(_first(values, ("dn",)))


def _dn(text: str) -> str:
    return ",".join(part.strip() for part in text.casefold().split(","))


def _group(values: Values, line: int, raw: list[str]) -> Draft:
    members = [Property("MEMBER", _dn(_text(each))) for name in _MEMBERS for each in values.get(name, ())]
    return Draft("group", _first(values, _SINGLE["name"]), properties=tuple(members), line=line, raw=tuple(raw))


def _person(values: Values, line: int, raw: list[str]) -> Draft:
    single: dict[str, Any] = {field: _first(values, wanted) for field, wanted in _SINGLE.items()}
    parts = NameParts(**{part: _first(values, wanted) for part, wanted in _PARTS.items()})
    birthday = _birthday(values)
    return Draft(
        **{**single, "name": single["name"] or names.display(parts)}, parts=parts, birthday=birthday,
        points=tuple(_points(values)), addresses=tuple(_addresses(values)), properties=tuple(_photos(values)),
        custom=tuple(_custom(values, {*single.values(), *parts}, birthday)), uid=_key(values), line=line,
        raw=tuple(raw),
    )  # fmt: skip


def _birthday(values: Values) -> str | None:
    """Return the birthday that Thunderbird writes in three attributes; the year may be missing."""
    year, month, day = (_first(values, (name,)) for name in _BIRTH)
    if not (month.isdigit() and day.isdigit()):
        return None
    start = year.zfill(4) if year.isdigit() else "-"
    return dates.day(f"{start}-{month.zfill(2)}-{day.zfill(2)}")


def _points(values: Values) -> Iterator[Point]:
    for name, found in values.items():
        if name in _POINTS:
            kind, label = _POINTS[name]
            for each in found:
                value = _text(each)
                if name == "labeleduri":
                    value, _, label = value.partition(" ")
                if value:
                    yield Point(kind, value, label.strip(), service=_SERVICES.get(name, ""))


def _addresses(values: Values) -> Iterator[Address]:
    for label in ("work", "home"):
        parts: dict[str, Any] = {}
        for name, found in values.items():
            of, part = _ADDRESSES.get(name, ("", ""))
            if of == label and (text := _text(found[0])):
                parts.setdefault(part, text)
        if parts:
            yield Address(**parts, label=label)


def _photos(values: Values) -> Iterator[Property]:
    for name in _PHOTOS:
        for each in values.get(name, ()):
            if isinstance(each, bytes) and each:
                yield Property("PHOTO", base64.b64encode(each).decode(), "ENCODING=b;TYPE=JPEG")


def _custom(values: Values, used: Collection[str], birthday: str | None) -> Iterator[tuple[str, str]]:
    """Yield what has no field of its own, or did not fit into it."""
    elsewhere = {*_POINTS, *_INTERNAL, *_PHOTOS, *_IDS, *(_BIRTH if birthday else ())}
    for name, found in values.items():
        if name not in elsewhere and (texts := _left(name, found, used)):
            yield name.removeprefix("mozilla"), "; ".join(texts)


def _left(name: str, found: Iterable[str | bytes], used: Collection[str]) -> list[str]:
    """Return the values of an attribute that are not in its field: of an address all but the first."""
    texts = [text for each in found if (text := _text(each))]
    if name in _ADDRESSES:
        return texts[1:]
    return [text for text in texts if text not in used] if name in _KNOWN else texts
