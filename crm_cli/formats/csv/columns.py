"""Map columns to fields: by the profile first, then by words of many languages, else to a custom field."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from crm_cli.errors import UsageError
from crm_cli.formats import anniversaries, profiles
from crm_cli.formats.profiles import Profile, norm

_SINGLES = """name given family additional prefix suffix nickname company title department birthday anniversary notes
status source language zone uid file_as private revision birth.year birth.month birth.day
is_company"""
SINGLES = frozenset(_SINGLES.split())
"""Fields with one value per row."""
POINTS = frozenset(("email", "phone", "url", "social", "im"))
PLACES = frozenset(
    ("street", "street2", "street3", "po_box", "extended", "locality", "region", "code", "country", "formatted")
)
ALIASES = {
    "display": "name",
    "first name": "given",
    "last name": "family",
    "mobile": "phone:mobile",
    "fax": "phone:fax",
    "city": "locality",
    "state": "region",
    "zip": "code",
    "postcode": "code",
    "postal code": "code",
    "address": "formatted",
    "website": "url",
    "note": "notes",
    "tag": "tags",
    "id": "uid",
    "ignore": "-",
    "job title": "title",
    "organization": "company",
}
"""Words that ``--map`` accepts for a field."""
IDENTIFYING = frozenset(
    ("name", "given", "family", "nickname", "company", "email", "phone", "url", "social", "file_as")
)
_PERSONAL = frozenset(("given", "family", "nickname", "title", "department", "birthday", "is_company"))
"""Fields that only people have, and the one that says for each row whether it is a company."""
_SAYS_LITTLE = frozenset(("custom", "-", "status", "source", "language", "zone"))
"""Fields that any kind of table has: they do not make it an address book."""
_OTHERS = {"activities": 3, "deals": 2, "tickets": 2, "notes": 2, "messages": 3}
"""Other kinds of tables -> how many columns that only they have identify one."""
_DEALS_BESIDE_PEOPLE = 4
_WORD = re.compile(r"[^\W_]+")
_MOST_WORDS = 6
_MOST_COLUMNS = 1000
"""Columns, counted from the first, that are checked for headings of a company list."""
_LEAST_LABEL = 4
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_OBJECT = re.compile(r"\s*(person|contact|organi[sz]ation|deal|activity|note|lead|product) - ", re.IGNORECASE)
_HARMLESS = frozenset(("address", "addresses", "number", "numbers", "nr", "no", "value", "adresse", "nummer", "handle"))
_WHERE = frozenset(("address", "adresse", "location", "mail"))
"""Words next to a part of an address that add nothing: ``addressCity``, ``Primary location > City``."""
_WITHIN = {
    "name": frozenset(("name", "given", "family", "additional", "prefix", "suffix")),
    "email": frozenset(("email",)),
    "phone": frozenset(("phone",)),
    "formatted": PLACES,
}
"""Field of a heading's first part -> allowed fields of its last: ``Emails / Primary Email``, ``Address 1: City``."""
_STEPS = re.compile(r"\s[/>\-]\s|:\s|>")
_OF_ADDRESS = re.compile(r"\s+of (\w+ )?address\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``field`` is one of ours, ``custom`` or ``-``; ``key`` links the columns of one point or address."""

    index: int
    name: str
    field: str
    label: str = ""
    key: str = ""

    @property
    def shown(self) -> str:
        """The field as an import preview shows it."""
        if self.field == "custom":
            return f"custom:{self.label or self.name}"
        return f"{self.field}:{self.label}" if self.label else self.field


def plan(header: Sequence[str], profile: Profile, mapping: Sequence[tuple[str, str]] = ()) -> tuple[Column, ...]:
    """Map every column to a field. The user's ``mapping`` wins; UsageError for a name that matches no column."""
    wanted = _wanted(header, mapping)
    seen: Counter[str] = Counter()
    columns = []
    lists_companies = _lists_companies(header)
    for index, name in enumerate(header):
        plain = norm(name)
        target = wanted.get(plain) or (
            _of_company(name) if lists_companies else _target(name, plain, profile, seen[plain])
        )
        seen[plain] += 1
        column = _column(index, name.strip(), target)
        again = seen[plain] > 1 and column.field in PLACES and "#" not in target
        columns.append(replace(column, key=f"{column.key} {seen[plain]}") if again else column)
    return _settled(columns) if profile.name == "generic" and not mapping else tuple(columns)


def _lists_companies(header: Sequence[str]) -> bool:
    """Is this Pipedrive's organisation list? All its headings have that prefix; a list of people has others too."""
    objects = {match[1].casefold() for name in header if " - " in name and (match := _OBJECT.match(name))}
    return bool(objects) and objects <= {"organization", "organisation"}


def _of_company(name: str) -> str:
    """Return the field of a heading in an organisation list, where ``Organization - Name`` is the company's name."""
    field = generic(_OBJECT.sub("", name))
    return "company" if field == "name" else field or "custom"


def _wanted(header: Sequence[str], mapping: Sequence[tuple[str, str]]) -> dict[str, str]:
    present = {norm(name) for name in header}
    wanted = {}
    for column, field in mapping:
        if norm(column) not in present:
            raise UsageError(f"no column {column!r} in the file; it has: {', '.join(map(str.strip, header))}")
        wanted[norm(column)] = checked(field)
    return wanted


def checked(field: str) -> str:
    """Return the field that the user named; UsageError, listing all fields, if it is unknown."""
    base, colon, label = field.strip().partition(":")
    target = ALIASES.get(base.casefold(), base.casefold()) + (colon + label if label else "")
    base = target.partition(":")[0]
    if base not in SINGLES | POINTS | PLACES | {"tags", "custom", "-"}:
        words = ", ".join(sorted((SINGLES | POINTS | PLACES | {"tags", "custom"}) - {"private", "file_as", "revision"}))
        raise UsageError(f"no field {field!r}; there are: {words}, or - to skip the column")
    return target


def _target(name: str, plain: str, profile: Profile, before: int) -> str:
    if not plain:
        return "-unnamed"
    if known := profile.known(plain):
        return known[min(before, len(known) - 1)]
    return "custom" if profile.own else generic(name) or "custom"


def _column(index: int, name: str, target: str) -> Column:
    """Parse ``phone:work`` (a label) or ``street#2`` (a numbered group) into a Column."""
    if target == "-unnamed":
        return Column(index, f"column {index + 1}", "custom")
    field, _, key = target.partition("#")
    field, _, label = field.partition(":")
    if field == "custom" and not label and name.casefold().startswith("custom: "):
        label = name[8:]
    if field in POINTS and not key:
        key = f"column{index}"
    elif field in PLACES and not key:
        key = f"place {label} {_use(name)}"
    return Column(index, name, field, label, key)


def _use(name: str) -> str:
    """Return what an address is for if its heading says so: ``BillingCity`` and ``ShippingCity`` are two addresses."""
    plain = letters(name)
    return next((use for use in sorted(_marks("places", "uses")) if use in plain), "")


@cache
def _words() -> tuple[dict[str, str], dict[str, str], frozenset[str]]:
    """Return the generic table: letters of a header -> field, word -> label, words that make a column custom."""
    data = profiles.table("generic")
    fields = {letters(word): field for field, words in data["fields"].items() for word in words.split(",")}
    fields |= {letters(word): "anniversary" for word in anniversaries.LABELS}
    labels = {word.strip(): label for label, words in data["labels"].items() for word in words.split(",")}
    return fields, labels, frozenset(word.strip() for word in data["traps"]["words"].split(","))


@cache
def _marks(section: str, name: str) -> frozenset[str]:
    """Return the letters of each header in one list of the generic table."""
    return frozenset(letters(word) for word in profiles.table("generic")[section][name].split(","))


def letters(header: str) -> str:
    """Return only the letters and digits of a header, folded: ``E-Mail`` and ``e_mail`` are equal."""
    return "".join(_WORD.findall(norm(header)))


def generic(header: str) -> str:
    """Return the field of a header by words of many languages, with its label if it has one, or ``""``."""
    fields, labels, traps = _words()
    header, ours = _prefix(_OF_ADDRESS.sub("", header))
    if not ours:
        return ""
    if whole := profiles.table("generic")["exact"].get(norm(header)) or fields.get(letters(header)):
        return str(whole)
    if nested := _nested(header):
        return nested
    words = _bare_words(header)
    if len(words) == 1:
        words = _split(words[0], fields, labels)
    if not traps.isdisjoint(words) or len(words) > _MOST_WORDS:
        return ""
    return _labelled(words, fields, labels)


def _bare_words(header: str) -> list[str]:
    """Return the words of a header without their numbers: ``PHONE2`` is ``phone``."""
    words = (word.rstrip("0123456789") for word in _WORD.findall(norm(_CAMEL.sub(" ", header))))
    return [word for word in words if word]


def _nested(header: str) -> str:
    """Return the field of the last part of ``Emails / Primary Email`` or ``Privat: Ort``, if the first agrees."""
    *before, last = _STEPS.split(header)
    field = generic(last) if before and last.strip() else ""
    if not field:
        return ""
    fields, labels, _ = _words()
    words = _bare_words(" ".join(before))
    base, _, own = field.partition(":")
    if base in _WITHIN.get(fields.get("".join(words), "").partition(":")[0], ()):
        return field
    rest = [word for word in words if word not in labels and word not in _WHERE]
    if rest or base not in POINTS | PLACES:
        return ""
    label = own or next((labels[word] for word in words if word in labels), "")
    return f"{base}:{label}" if label and label != "main" else base


def _split(word: str, fields: dict[str, str], labels: dict[str, str]) -> list[str]:
    """Split a heading without word boundaries (``BILLINGCITY``) into its label and its field."""
    for label in labels:
        rest = word.removeprefix(label)
        if len(label) >= _LEAST_LABEL and rest != word and fields.get(rest, "").partition(":")[0] in POINTS | PLACES:
            return [label, rest]
    return [word]


def _labelled(words: list[str], fields: dict[str, str], labels: dict[str, str]) -> str:
    """Separate label words from words that name the field (``work`` and ``email``); return field and label."""
    found = [labels[word] for word in words if word in labels]
    rest = [word for word in words if word not in labels]
    field = fields.get("".join(rest), "")
    bare = fields.get("".join(word for word in rest if word not in _HARMLESS), "")
    place = fields.get("".join(word for word in rest if word not in _WHERE), "")
    if not field and (bare.partition(":")[0] in POINTS or ("fax" in found and not rest)):
        field = bare or "phone"
    elif not field and place in PLACES:
        field = place
    base, _, own = field.partition(":")
    if base not in POINTS | PLACES:
        return field if not found else ""
    if base == "phone" and "fax" in (*found, own):
        return "phone:" + " ".join([*[each for each in found if each in ("work", "home")][:1], "fax"])
    label = own or next((each for each in found if each == "mobile"), "") or next(iter(found), "")
    return f"{base}:{label}" if label else base


def _prefix(header: str) -> tuple[str, bool]:
    """Strip a prefix like ``Person - `` (Pipedrive); also return whether the column is about the person at all."""
    match = _OBJECT.match(header)
    if match is None:
        return header, True
    name, rest = match[1].casefold(), header[match.end() :]
    if name in ("organization", "organisation"):
        return "company", letters(rest) == "name"
    return rest, name in ("person", "contact")


def _settled(columns: list[Column]) -> tuple[Column, ...]:
    """Decide what depends on the other columns: ``Name`` next to ``Vorname`` is the family name, and so on."""
    alone, beside = _marks("ambiguous", "alone"), _marks("ambiguous", "beside_given")
    has = {column.field for column in columns}
    changed = []
    for column in columns:
        word = letters(column.name) if column.field in ("given", "family", "name") else ""
        if column.field in ("given", "family") and word in alone and not {"given", "family"} <= has:
            column = replace(column, field="name")  # noqa: PLW2901
        elif column.field == "name" and word in beside and "given" in has and "family" not in has:
            column = replace(column, field="family")  # noqa: PLW2901
        elif column.field == "birthday" and {"birth.year", "birth.month"} <= has:
            column = replace(column, field="birth.day")  # noqa: PLW2901
        changed.append(column)
    if _is_companies(columns):
        return tuple(replace(each, field="company") if each.field == "name" else each for each in changed)
    return tuple(changed)


def _is_companies(columns: list[Column]) -> bool:
    """Is this a list of companies: a name, columns that companies have, and none that only people have?

    An e-mail column means people, unless two columns next to it are company columns (``industry``, ``sicCode``).
    """
    has = {column.field for column in columns}
    if has & {"given", "family", "company", "is_company"}:
        return False
    found = _company_marks(columns)
    if "email" in has:
        return len(found - {"website"}) >= 2 and not has & _PERSONAL
    return bool(found)


def lists_companies(columns: Sequence[Column]) -> bool:
    """Is each row a company, even with an e-mail? No column is a person's, and one is only for companies."""
    has = {column.field for column in columns}
    return "company" in has and not has & {"name", *_PERSONAL} and bool(_company_marks(columns) - {"website"})


def _company_marks(columns: Sequence[Column]) -> frozenset[str]:
    return _marks("companies", "beside") & {letters(_OBJECT.sub("", each.name)) for each in columns[:_MOST_COLUMNS]}


def other_records(header: Sequence[str]) -> str:
    """Return what a file lists if that is deals, activities, tickets, notes or messages, else ``""``.

    Two columns that only deals have are enough if no column is about people, four if people are named as well.
    """
    found = {letters(name) for name in set(header)}
    counts = {kind: len(found & _marks("others", kind)) for kind in _OTHERS}
    if not any(counts[kind] >= least for kind, least in _OTHERS.items()):
        return ""
    targets = {generic(name).partition(":")[0] for name in set(header)}
    if targets & {"given", "family"}:
        return ""
    least = _OTHERS | ({"deals": _DEALS_BESIDE_PEOPLE} if targets & {"email", "phone"} else {})
    return next((kind for kind in _OTHERS if counts[kind] >= least[kind]), "")


def is_day_first(header: Sequence[str]) -> bool:
    """Are there headings in a language that writes the day before the month (``Geburtstag``, ``Nombre``)?"""
    words = _marks("languages", "day_first")
    return any(letters(name) in words for name in header)


def score(columns: Sequence[Column]) -> int:
    """Return how many columns have a field of ours; 0 if no column identifies the person or company."""
    fields = [column.field for column in columns if column.field not in _SAYS_LITTLE]
    return len(fields) if not IDENTIFYING.isdisjoint(fields) else 0
