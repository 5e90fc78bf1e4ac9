"""What a table lists, if that is neither people nor companies: deals, tasks, notes, invoices, and so on.

Points decide, by the words of ``profiles/kinds.toml``. A heading that names the record and something of it counts two
(``Deal Stage``, ``Nombre del negocio``, ``Rechnungsnummer``), in the first column three; one that hardly any other
kind has counts two, any other that the kind often has counts one. If a table says nothing of persons, cells that say it
(``Closed Won``) and the name of the file (``deals.csv``) count one each. The more a table says about persons, the more
points it takes to show that it lists something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from pathlib import PurePath

from crm_cli.core.text.folding import fold
from crm_cli.formats import profiles
from crm_cli.formats.csv import headings
from crm_cli.formats.csv.headings import field_of, generic, letters

_OURS, _TABLES = "ours", ("attributes", "links", "cells", "ours")
_ABOUT = re.compile(
    r"\((?:do not modify|nicht ändern|ne pas modifier|no modificar|non modificare)\) (.+)", re.IGNORECASE
)
"""What Dynamics writes before the kind of record that a file lists, in its first heading."""
_PRODUCTS = re.compile(r"\s*(deal|activity|note|lead|product) - ", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_NUMBERED = re.compile(r" \d+ - ")
"""In the headings of Google's groups: ``Event 1 - Type`` is about a person."""
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_OWNED, _MARKED, _SURE = 2, 1, 10
_BESIDE_PERSONS = 4
"""The fewest points needed in a table with an e-mail, a phone or a first name."""
_MOST_COLUMNS, _MOST_WORDS, _MOST_SHOWN, _LONGEST = 1000, 8, 3, 100
_PLURALS = ("", "s", "es", "n", "en")
_NAMES, _FEW = ("given", "family"), ("phone", "email")


@dataclass(frozen=True, slots=True)
class Listed:
    """The kind of records in a table, and the headings that show it."""

    kind: str
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind: words for a record, headings that only it has, its usual ones, the points needed, cells of a status."""

    nouns: frozenset[str]
    sure: frozenset[str]
    marks: frozenset[str]
    least: int
    cells: frozenset[str]
    where: str
    """``anywhere`` if its headings count behind names too, ``alone`` if only tables without persons list it."""


@dataclass(frozen=True, slots=True)
class _Person:
    """Where a table begins to name records and persons, and how much it says: 0 nothing, 1 e-mail or phone, 2 names."""

    named: int
    at: int
    says: int


def listed(header: Sequence[str], rows: Sequence[Sequence[str]] = (), name: str = "") -> Listed | None:
    """Return what a file lists, or None if that may be people or companies."""
    header = [cell[:_LONGEST] for cell in header[:_MOST_COLUMNS]]
    sure = _first(header)
    if sure == _OURS:
        return None
    person = _person(header)
    if person.says and not _list(_OURS, "beside").isdisjoint(map(_plain, header)):
        return None
    best, most = "", 0
    for kind in _kinds():
        points = _points(kind, header, person) + (_SURE if kind == sure else 0)
        if points and not person.says:
            points += _is_named(kind, name) + _is_in_cells(kind, header, rows)
        if points >= _needed(kind, person) and points > most:
            best, most = kind, points
    return Listed(best, tuple(_evidence(best, header))) if best else None


@cache
def _kinds() -> dict[str, _Kind]:
    table = profiles.table("kinds")
    return {
        kind: _Kind(
            _set(each["nouns"]),
            _set(each.get("sure", "")),
            _set(each["marks"]),
            each["least"],
            _set(table["cells"].get(kind, "")),
            each.get("where", ""),
        )
        for kind, each in table.items()
        if kind not in _TABLES
    }


def nouns(kind: str) -> frozenset[str]:
    """Return the words for a record of this kind, by their letters."""
    return _kinds()[kind].nouns


def beside(kind: str, heading: str) -> list[str]:
    """Return the words of a heading beside the record of this kind that it names; none if it names none."""
    return _beside(nouns(kind), _words(heading))


def _set(words: str) -> frozenset[str]:
    return frozenset(map(letters, words.split(","))) - {""}


@cache
def _list(table: str, key: str = "words") -> frozenset[str]:
    return _set(profiles.table("kinds")[table][key])


def _first(header: Sequence[str]) -> str:
    """Return the kind that the first heading names for the whole file, as Dynamics and Pipedrive do, or ``""``."""
    first = next((cell.strip() for cell in header if cell.strip()), "")
    match = _ABOUT.match(first)
    word = match[1] if match else headings.about(first)
    plain = letters(word)
    if plain == "lead" and not match:
        # Pipedrive's leads are deals to be; those of all other products are people.
        return "deals"
    if plain in _list(_OURS, "nouns"):
        return _OURS
    return next((kind for kind, each in _kinds().items() if plain and plain in each.nouns), "")


def _person(header: Sequence[str]) -> _Person:
    # "Family" alone is what products have; a last name is called so.
    fields = [
        "" if _plain(cell) == "family" or headings.is_of_person(cell) else field_of(generic(cell)) for cell in header
    ]
    at = next((index for index, field in enumerate(fields) if field in (*_NAMES, *_FEW)), len(fields))
    named = next((index for index, field in enumerate(fields[:at]) if field in ("name", "company")), at)
    has = set(fields)
    return _Person(named, at, int(not has.isdisjoint(_FEW)) if has.isdisjoint(_NAMES) else 2)


def _needed(kind: str, person: _Person) -> int:
    """Return the points that identify the kind in a table that says this much about persons."""
    return _kinds()[kind].least if not person.says else max(_kinds()[kind].least + 1, _BESIDE_PERSONS)


def _points(kind: str, header: Sequence[str], person: _Person) -> int:
    """Count the points of a kind. Beside names of persons only headings that come before them count."""
    where = _kinds()[kind].where
    if person.says and where == "alone":
        return 0
    until = person.at if person.says > 1 and where != "anywhere" else len(header)
    return sum(_worth(kind, cell, index, person) for index, cell in enumerate(header[:until]))


def _worth(kind: str, heading: str, index: int, person: _Person) -> int:
    """Return the points of one heading. What a record named before it has is less certain: a company's deal value."""
    plain = _plain(heading)
    if plain in _kinds()[kind].sure:
        return _OWNED
    if _is_owned(kind, heading, is_first=not index):
        return (_OWNED if index < person.named else _MARKED) + (not index)
    return _MARKED if plain in _kinds()[kind].marks else 0


def _is_owned(kind: str, heading: str, *, is_first: bool) -> bool:
    """Does a heading name a record of this kind and something of it? The id of a record may also be a link to it."""
    words = _words(heading)
    if len(words) > _MOST_WORDS or _NUMBERED.search(heading):
        return False
    rest = _beside(_kinds()[kind].nouns, words)
    if not is_first and set(rest) <= {"id", "ids"}:
        return False
    return any(word in _list("attributes") for word in rest)


@lru_cache(maxsize=_MOST_COLUMNS)
def _words(heading: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(profiles.norm(_CAMEL.sub(" ", _PRODUCTS.sub(r"\1 ", heading)))))


@lru_cache(maxsize=_MOST_COLUMNS)
def _plain(heading: str) -> str:
    return letters(heading)


def _beside(nouns: frozenset[str], words: Sequence[str]) -> list[str]:
    """Return the words of a heading beside the record that it names, or none if it names none."""
    for count in (2, 1):
        if len(words) > count and "".join(words[:count]) in nouns:
            return list(words[count:])
    if len(words) > 2 and words[-1] in nouns and words[0] in _list("attributes") and set(words[1:-1]) <= _list("links"):
        return [words[0]]
    return _compound(nouns, words[0]) if len(words) == 1 else []


def _compound(nouns: frozenset[str], word: str) -> list[str]:
    """Split a word like ``Dealnaam`` or ``Rechnungsnummer`` at the noun that it begins with."""
    for noun in nouns:
        rest = word.removeprefix(noun)
        if rest not in (word, ""):
            found = [
                each for each in (rest, rest.removeprefix("s"), rest.removeprefix("n")) if each in _list("attributes")
            ]
            if found:
                return found[:1]
    return []


def _is_named(kind: str, name: str) -> bool:
    """Does the name of the file name the kind, and nothing that crm imports?"""
    words = [fold(word) for word in _WORD.findall(_CAMEL.sub(" ", PurePath(name).stem))]
    return _is_any(words, _kinds()[kind].nouns) and not _is_any(words, _list(_OURS, "nouns"))


def _is_any(words: Sequence[str], nouns: frozenset[str]) -> bool:
    plain = {fold(noun) for noun in nouns}
    plain |= {f"{noun[:-1]}ies" for noun in plain if noun.endswith("y")}
    return any(word == noun + end for word in words for noun in plain for end in _PLURALS)


def _is_in_cells(kind: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Do the cells of a status or a stage say that these are records of this kind?"""
    cells = _kinds()[kind].cells
    for index, heading in enumerate(header):
        if cells and letters(heading) in _list("cells", "headings"):
            found = {letters(row[index]) for row in rows if index < len(row)} - {""}
            if found and len(found & cells) * 2 >= len(found):
                return True
    return False


def _evidence(kind: str, header: Sequence[str]) -> Iterator[str]:
    """Yield some headings that show the kind, those that name it first; without any, the first one shows it."""
    found = _kinds()[kind]
    owned = [cell for at, cell in enumerate(header) if _is_naming(kind, cell, is_first=not at)]
    marked = [cell for cell in header if cell not in owned and letters(cell) in found.marks]
    shown = [*owned, *marked] or filter(str.strip, header)
    for cell in islice(shown, _MOST_SHOWN):
        yield " ".join(cell.split())


def _is_naming(kind: str, heading: str, *, is_first: bool) -> bool:
    """Does a heading name the kind: a record of it, or what hardly any other kind has?"""
    return letters(heading) in _kinds()[kind].sure or _is_owned(kind, heading, is_first=is_first)
