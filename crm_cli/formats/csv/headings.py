"""The field that a heading names, by its words in many languages, and its label: ``work e-mail``, ``Handy``."""

from __future__ import annotations

import re
from functools import cache

from crm_cli.formats import anniversaries, profiles
from crm_cli.formats.profiles import norm

POINTS = frozenset(("email", "phone", "url", "social", "im"))
PLACES = frozenset(
    ("street", "street2", "street3", "po_box", "extended", "locality", "region", "code", "country", "formatted")
)
_HAVE_LABELS = POINTS | PLACES
"""Fields that can have a label."""
_WORD = re.compile(r"[^\W_]+")
_MOST_WORDS = 6
_LEAST_LABEL = {True: 4, False: 2}
"""Letters of a label that can begin a word without boundaries, in ASCII and in other scripts: ``自宅電話``."""
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_OBJECT = re.compile(r"\s*(person|contact|organi[sz]ation|deal|activity|note|lead|product) - ", re.IGNORECASE)
_PROFILE = frozenset(
    ("profile", "url", "link", "account", "social", "public", "contact", "website", "page", "handle", "username", "id")
)
"""Words next to a social network that add nothing: ``Twitter account``, ``LinkedIn Contact Profile URL``."""
_OF_PERSON = frozenset(
    ("name", "given", "additional", "family", "prefix", "suffix", "nickname", "email", "phone", "company", "title")
)
"""Fields that a heading can name behind the word for the person: ``Student First Name``."""
_HARMLESS = frozenset(("address", "addresses", "number", "numbers", "nr", "no", "value", "adresse", "nummer", "handle"))
_WHERE = frozenset(("address", "adresse", "location", "mail"))
"""Words next to a part of an address that add nothing: ``addressCity``, ``Primary location > City``."""
_LINKS = frozenset(("de", "del", "della", "du", "da", "do", "des", "der", "la", "op", "van"))
"""Words that link a label to what it labels: ``Dirección del trabajo``."""
_WITHIN = {
    "name": frozenset(("name", "given", "family", "additional", "prefix", "suffix")),
    "email": frozenset(("email",)),
    "phone": frozenset(("phone",)),
    "formatted": PLACES,
}
"""Field of a heading's first part -> allowed fields of its last: ``Emails / Primary Email``, ``Address 1: City``."""
_STEPS = re.compile(r"\s[/>\-]\s|:\s|>")
_OF_ADDRESS = re.compile(r"\s+of (\w+ )?address\s*$", re.IGNORECASE)


@cache
def _words() -> tuple[dict[str, str], dict[str, str], frozenset[str]]:
    """Return the generic table: letters of a header -> field, word -> label, words that make a column custom."""
    data = profiles.table("generic")
    fields = {letters(word): field for field, words in data["fields"].items() for word in words.split(",")}
    fields |= {letters(word): "anniversary" for word in anniversaries.LABELS}
    labels = {word.strip(): label for label, words in data["labels"].items() for word in words.split(",")}
    return fields, labels, frozenset(word.strip() for word in data["traps"]["words"].split(","))


def split_words(heading: str) -> list[str]:
    """Return the words of a heading, folded, those of ``accountId`` too."""
    return _WORD.findall(norm(_CAMEL.sub(" ", heading)))


def without_ids(words: list[str]) -> list[str]:
    """Return the words of a heading without the ``id`` or ``ids`` at its end."""
    end = len(words)
    while end and words[end - 1] in ("id", "ids"):
        end -= 1
    return words[:end]


@cache
def marks(section: str, name: str) -> frozenset[str]:
    """Return the letters of each header in one list of the generic table."""
    return frozenset(letters(word) for word in profiles.table("generic")[section][name].split(","))


def letters(header: str) -> str:
    """Return only the letters and digits of a header, folded: ``E-Mail`` and ``e_mail`` are equal."""
    return "".join(_WORD.findall(norm(header)))


def generic(header: str) -> str:
    """Return the field of a header by words of many languages, with its label if it has one, or ``""``."""
    fields, labels, traps = _words()
    header, ours = _prefix(_OF_ADDRESS.sub("", header).removeprefix("hs_"))
    if not ours:
        return ""
    if whole := profiles.table("generic")["exact"].get(norm(header)) or fields.get(letters(header)):
        return str(whole)
    if nested := _nested(header):
        return nested
    words = _bare_words(header)
    if len(words) == 1:
        words = _split(words[0], fields, labels)
    if part := _of_person(words, fields):
        return part
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
    if base in _WITHIN.get(field_of(fields.get("".join(words), "")), ()):
        return field
    others = set(words) - labels.keys() - _WHERE
    if others or base not in _HAVE_LABELS:
        return ""
    label = own or next(iter(_labels_in(words, labels)), "")
    return base if label == "main" else _with_label(base, label)


def _with_label(base: str, label: str) -> str:
    return f"{base}:{label}" if label else base


def _labels_in(words: list[str], labels: dict[str, str]) -> list[str]:
    """Return the labels that words of a heading give."""
    return [labels[word] for word in words if word in labels]


def _split(word: str, fields: dict[str, str], labels: dict[str, str]) -> list[str]:
    """Split a heading without word boundaries (``BILLINGCITY``) into its label and its field."""
    for label in labels:
        rest = word.removeprefix(label)
        is_long = len(label) >= _LEAST_LABEL[label.isascii()]
        if is_long and rest != word and field_of(fields.get(rest, "")) in _HAVE_LABELS:
            return [label, rest]
    return [word]


def _labelled(words: list[str], fields: dict[str, str], labels: dict[str, str]) -> str:
    """Separate label words from words that name the field (``work`` and ``email``); return field and label."""
    found = _labels_in(words, labels)
    rest = [word for word in words if word not in labels]
    if not rest and "fax" in found:
        return _with_label("phone", _label("phone", "", found))
    if not set(rest) - _HARMLESS and "mobile" in found:
        return "phone:mobile"
    field = _named(rest, fields) or _named([word for word in rest if word not in _LINKS], fields)
    base, _, own = field.partition(":")
    if base not in _HAVE_LABELS:
        return field if field and not found else _whole(words, fields)
    return _with_label(base, _label(base, own, found))


def _whole(words: list[str], fields: dict[str, str]) -> str:
    """Return the field of all words of a heading: a label that is a field as well, or a social network."""
    return fields.get("".join(words)) or _network(words, fields)


def _network(words: list[str], fields: dict[str, str]) -> str:
    """Return the field of a social network among words that add nothing, ``""`` if there is none."""
    field = fields.get("".join(word for word in words if word not in _PROFILE), "")
    return field if field.startswith("social:") else ""


def _of_person(words: list[str], fields: dict[str, str]) -> str:
    """Return the field behind the word for the person: ``Student First Name``, ``contact_email``."""
    if len(words) < 2 or words[0] not in marks("persons", "words") or "".join(words) in marks("persons", "not"):
        return ""
    field = _named(words[1:], fields)
    return field if field_of(field) in _OF_PERSON | PLACES else ""


def _named(words: list[str], fields: dict[str, str]) -> str:
    """Return the field that words without labels name; ``number`` and ``location`` add nothing to some fields."""
    if field := fields.get("".join(words)):
        return field
    point = fields.get("".join(word for word in words if word not in _HARMLESS), "")
    if field_of(point) in POINTS:
        return point
    place = fields.get("".join(word for word in words if word not in _WHERE), "")
    return place if place in PLACES else ""


def _label(base: str, own: str, found: list[str]) -> str:
    """Return the label of a field: its own, or one of those found, ``mobile`` before others. A fax may have two."""
    if base == "phone" and "fax" in (*found, own):
        where = [label for label in found if label in ("work", "home")]
        return " ".join([*where[:1], "fax"])
    return own or ("mobile" if "mobile" in found else next(iter(found), ""))


def _prefix(header: str) -> tuple[str, bool]:
    """Strip a prefix like ``Person - `` (Pipedrive); also return whether the column is about the person at all."""
    match = _OBJECT.match(header)
    if match is None:
        return header, True
    name, rest = match[1].casefold(), header[match.end() :]
    if name in ("organization", "organisation"):
        return "company", letters(rest) == "name"
    return rest, name in ("person", "contact")


def is_of_person(header: str) -> bool:
    """Does a heading name the person first, in any kind of table: ``Customer Name``, ``contact_email``?"""
    if letters(header) in marks("ambiguous", "customers"):
        return True
    words = _bare_words(header)
    return len(words) > 1 and words[0] in marks("persons", "words") and letters(header) not in _words()[0]


def about(header: str) -> str:
    """Return the kind of record that the prefix of a heading names (``Person - ``), in lower case, or ``""``."""
    match = _OBJECT.match(header)
    return match[1].casefold() if match else ""


def without_records(header: str) -> str:
    """Return a heading without the kinds of records that it names: ``Organization - Industry`` is ``Industry``."""
    return _OBJECT.sub("", header)


def use_of(header: str) -> str:
    """Return what an address is for if its heading says so: ``BillingCity`` and ``ShippingCity`` are two addresses."""
    plain = letters(header)
    return next((use for use in sorted(marks("places", "uses")) if use in plain), "")


def field_of(target: str) -> str:
    """Return a field without its label."""
    return target.partition(":")[0]
