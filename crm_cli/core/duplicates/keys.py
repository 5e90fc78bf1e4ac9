"""The keys by which records are compared: two records with a key in common are a pair.

Each key begins with a letter that says what it is. A person has about ten, so that two of them still have one in common
if some values are missing, mistyped or in each other's place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core.duplicates.features import is_role
from crm_cli.core.duplicates.nicknames import forms
from crm_cli.core.duplicates.words import sound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_cli.core.duplicates.features import Address, Side

EMAIL, PHONE, NAME, CORE, DOMAIN = "e", "p", "n", "o", "d"
"""The letters of keys that name something for the user; all others are parts of several values."""
NAMED = frozenset((EMAIL, PHONE, NAME, CORE, DOMAIN))
_LONG = 8
_BEGINNING = 3
"""How many sounds of a name a key has that must survive a typo."""


def of_person(side: Side) -> Iterator[str]:
    """Yield the keys of a person."""
    yield from _of_points(side)
    sounds = tuple(sound(part.replace(" ", "")) for part in (side.given, side.family) if part)
    yield from _of_name(side, sounds)
    if side.birthday:
        yield from _of_birthday(side, sounds)
    for address in side.addresses[:2]:
        yield from _of_address(address, side, sounds)
    for company in side.companies:
        yield from (f"w{company} {each}" for each in sounds)


def _of_address(address: Address, side: Side, sounds: tuple[str, ...]) -> Iterator[str]:
    area = address.code or address.city
    if area:
        yield from (f"c{area} {each}" for each in sounds)
        if address.extended:
            yield f"x{area} {address.extended}"
    if address.street and address.number:
        street = sound(address.street.split()[0])
        yield from (f"t{address.number} {street} {each[:_BEGINNING]}" for each in sounds)
        yield from (f"a{address.number} {street} {each}" for each in _birth_parts(side))


def of_company(side: Side) -> Iterator[str]:
    """Yield the keys of a company."""
    yield from _of_points(side)
    found = side.family.split()
    if found:
        yield CORE + side.family.replace(" ", "")
        yield "f" + sound(found[0])
        yield "f" + sound(found[0]) + " " + (sound(found[1]) if len(found) > 1 else "")
        yield "g" + " ".join(sorted(map(sound, found)))
        for address in side.addresses[:2]:
            if address.city:
                yield f"c{address.city} {sound(found[0])}"
    yield from (DOMAIN + each for each in side.companies)


def _of_points(side: Side) -> Iterator[str]:
    for email in side.emails:
        yield EMAIL + email
        local = email.partition("@")[0]
        if len(local) >= _LONG and not is_role(email):
            yield f"l{local}"
    for phone in side.phones:
        yield PHONE + phone


def _of_name(side: Side, sounds: tuple[str, ...]) -> Iterator[str]:
    """Yield the keys of a whole name in any order, with the first name and its short forms as numbers."""
    if len(sounds) < 2:
        if side.given and not side.given.isascii() and len(side.given) > 1:
            yield NAME + side.given
        return
    yield NAME + " ".join(sorted(sounds))
    for number in forms(side.given):
        yield f"{NAME}{sounds[1]} {number}"
    if side.family.count(" "):
        yield from (f"{NAME}{' '.join(sorted((sounds[0], sound(word))))}" for word in side.family.split())
    if side.middle:
        yield NAME + " ".join(sorted((sound(side.middle.split()[0]), sounds[1])))


def _of_birthday(side: Side, sounds: tuple[str, ...]) -> Iterator[str]:
    if not side.birthday.startswith("--"):
        yield f"b{side.birthday}"
        yield from (f"y{side.birthday[:7]} {each}" for each in sounds)
    yield from (f"m{side.birthday[-5:]} {each[:_BEGINNING]}" for each in sounds)


def _birth_parts(side: Side) -> tuple[str, ...]:
    """Return the year, and the month and day; only with one of them does an address without a name mean anything."""
    if not side.birthday or side.birthday.startswith("--"):
        return ()
    return (side.birthday[:4], side.birthday[5:])
