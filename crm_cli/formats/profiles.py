"""CSV profiles of known products: data in ``profiles/*.toml``, one file per product.

A profile has signatures (headers that identify the product), columns (header -> field) and groups (pattern -> field;
the number links the columns of one e-mail or address). A field may carry a label, ``phone:work``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from crm_cli.core.text.folding import nfc

ORDER = (
    "crm", "crm-companies", "google", "google-old", "gmail", "outlook-com", "outlook", "linkedin", "yahoo",
    "attio-people", "attio-companies", "close", "close-leads", "goldmine", "act", "freshsales",
    "brevo", "xero",
)  # fmt: skip
"""Profiles in the order they are tried; the first whose signature fits is used (formats reference, section 1.5)."""
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200d\u2060"))
_LANGUAGE_HEADERS, _OF_WORDS = 3, 2


@dataclass(frozen=True, slots=True)
class Signature:
    """Headers that identify a product: all of ``all``, one of ``any``, one that a pattern of ``match`` matches."""

    all: frozenset[str] = frozenset()
    any: frozenset[str] = frozenset()
    match: tuple[re.Pattern[str], ...] = ()

    def fits(self, headers: frozenset[str]) -> bool:
        """Do these headers match the signature?"""
        return (
            self.all <= headers
            and (not self.any or not self.any.isdisjoint(headers))
            and (not self.match or any(pattern.fullmatch(each) for pattern in self.match for each in headers))
        )


@dataclass(frozen=True, slots=True)
class Profile:
    """One product's CSV. ``languages`` has its localised headers; a list gives a repeated header's fields in turn.

    ``own`` is our own export, ``companies`` that of companies. ``chosen``: users of the product choose the columns, so
    a missing column does not mean that the value is empty.
    """

    name: str
    signatures: tuple[Signature, ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    groups: tuple[tuple[re.Pattern[str], str], ...] = ()
    languages: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    separator: str = ""
    tags: str = ";,"
    defaults: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    dates: str = ""
    stars: bool = False
    own: bool = False
    companies: bool = False
    chosen: bool = False

    def known(self, header: str) -> tuple[str, ...]:
        """Return the fields of a normalised header, with ``#n`` for a numbered group, or ``()`` if it is unknown."""
        for pattern, name in self.groups:
            if match := pattern.fullmatch(header):
                number = match[1] if match.re.groups and match[1] else ""
                return (f"{name}#{number}" if number else name,)
        if header in self.ignore:
            return ("-",)
        return self.columns.get(header, ())


def norm(header: str) -> str:
    """Normalise a header for comparison: NFC, no invisible characters, single spaces, case-folded."""
    return " ".join(nfc(header).translate(_INVISIBLE).replace("\xa0", " ").split()).casefold()


def recognise(headers: Iterable[str]) -> Profile | None:
    """Return the product whose signature these normalised headers match; a localised one is ``outlook-de``."""
    present = frozenset(headers)
    for name in ORDER:
        profile = load(name)
        if any(each.fits(present) for each in profile.signatures):
            return profile
    return _localised(load("outlook"), present)


def _localised(profile: Profile, present: frozenset[str]) -> Profile | None:
    """Return the localised profile, or None.

    Three headers of one language, two of them of several words (``Straße geschäftlich``), are enough.
    """
    best = max(profile.languages, key=lambda each: len(present & profile.languages[each].keys()))
    shared = present & profile.languages[best].keys()
    if len(shared) < _LANGUAGE_HEADERS or sum(bool(re.search(r"\W", each.rstrip(")"))) for each in shared) < _OF_WORDS:
        return None
    return localised(profile, best)


@cache
def _language(name: str, language: str) -> Profile:
    profile = load(name)
    columns: dict[str, tuple[str, ...]] = {}
    for each in profile.languages.values():
        columns.update(each)
    columns.update(profile.columns)
    columns.update(profile.languages[language])
    fields = {each: getattr(profile, each) for each in Profile.__dataclass_fields__}
    fields.update(name=f"{name}-{language.lower()}", columns=columns, dates="" if language == "en" else "dmy")
    return Profile(**fields)


def localised(profile: Profile, language: str) -> Profile:
    """Return the profile with one language's headers first, then English, then all the others."""
    return _language(profile.name, language)


def names() -> tuple[str, ...]:
    """Return the names of all profiles that a user can choose."""
    return (*ORDER, "generic", *(f"outlook-{each.lower()}" for each in load("outlook").languages))


def named(name: str) -> Profile:
    """Return the profile with this name; raise KeyError if it does not exist."""
    base, _, language = name.partition("-")
    if name not in names():
        raise KeyError(name)
    if name in ORDER or name == "generic":
        return load(name)
    languages = {each.lower(): each for each in load(base).languages}
    return localised(load(base), languages[language])


@cache
def table(name: str) -> dict[str, Any]:
    """Read one TOML file of this package."""
    return tomllib.loads((files("crm_cli.formats") / "profiles" / f"{name}.toml").read_text("utf-8"))


@cache
def load(name: str) -> Profile:
    """Load a profile and normalise its headers."""
    data = table(name)
    if name == "generic":
        return Profile(name, tags=data["tags"], chosen=True)
    return Profile(
        name,
        signatures=tuple(_signature(each) for each in data.get("signature", ())),
        columns=_columns(data["columns"]),
        groups=tuple((re.compile(pattern), field_) for pattern, field_ in data.get("groups", ())),
        languages={key: _columns(each) for key, each in data.get("languages", {}).items()},
        separator=data.get("separator", ""),
        tags=data.get("tags", ";,"),
        defaults=frozenset(data.get("defaults", ())),
        ignore=frozenset(data.get("ignore", ())),
        dates=data.get("dates", ""),
        stars=data.get("stars", False),
        own=data.get("own", False),
        companies=data.get("companies", False),
        chosen=data.get("chosen", False),
    )


def _signature(data: dict[str, list[str]]) -> Signature:
    patterns = tuple(re.compile(each) for each in data.get("match", ()))
    return Signature(frozenset(map(norm, data.get("all", ()))), frozenset(map(norm, data.get("any", ()))), patterns)


def _columns(data: dict[str, str | list[str]]) -> dict[str, tuple[str, ...]]:
    return {norm(key): (value,) if isinstance(value, str) else tuple(value) for key, value in data.items()}
