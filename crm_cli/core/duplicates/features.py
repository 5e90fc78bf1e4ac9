"""What is compared of a person or a company: names, addresses and numbers, folded once and kept in a compact form."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core import names
from crm_cli.core.duplicates.words import latin
from crm_cli.core.text.folding import fold, words

if TYPE_CHECKING:
    from collections.abc import Iterable


def _table(text: str) -> frozenset[str]:
    return frozenset(text.split())


ROLES = _table(
    "info office sales contact hello hi admin administrator support mail email enquiry enquiries inquiry post hr jobs"
    " accounts accounting billing finance service team welcome reception desk help marketing press noreply no-reply"
    " webmaster postmaster purchase orders kontakt buero vertrieb ventas contacto info1 care"
)
"""Mailboxes of a company rather than of a person."""
FREE_MAIL = _table(
    "gmail.com googlemail.com yahoo.com yahoo.co.in yahoo.co.uk hotmail.com outlook.com live.com icloud.com me.com"
    " aol.com gmx.de gmx.net web.de mail.com mail.ru yandex.ru rediffmail.com protonmail.com proton.me qq.com 163.com"
    " naver.com libero.it orange.fr wanadoo.fr free.fr t-online.de"
)
"""Domains whose addresses say nothing about an employer."""
_GENERATIONS = {"jr": "jr", "junior": "jr", "ii": "jr", "iii": "iii", "iv": "iv", "sr": "sr", "senior": "sr"}
_STREETS = _table(
    "street st road rd avenue ave lane ln drive dr court ct place pl crescent cres circuit cct close way boulevard"
    " blvd square sq terrace tce highway hwy parade pde marg nagar strasse straße str"
)
"""Words of streets that are ignored, because they are abbreviated or forgotten."""

_FEWEST_DIGITS = 6
"""A phone of fewer digits, without its country and area, is a different one in each town."""

INNER, OUTER, _FIELD = "\x1e", "\x1d", "\x1f"


class Address(NamedTuple):
    """A postal address, folded.

    ``number`` is the first word of the street with a digit, ``street`` the other words without what streets are called,
    and ``line`` all other words in one piece.
    """

    number: str = ""
    street: str = ""
    line: str = ""
    extended: str = ""
    city: str = ""
    code: str = ""


class Side(NamedTuple):
    """A person or a company, as compared. ``given`` and ``family`` are empty for what is named by its e-mail alone.

    Words are folded and in Latin letters. Of a company, ``family`` has the words of its name without its legal form,
    and ``generation`` the form. ``companies`` has the keys of a person's employers, or the domains of a company's
    addresses and web pages. Everything is text, and lists are split when they are compared, as most are not.
    """

    held_id: str
    given: str = ""
    middle: str = ""
    family: str = ""
    generation: str = ""
    nickname: str = ""
    birthday: str = ""
    held_emails: str = ""
    held_phones: str = ""
    held_companies: str = ""
    held_addresses: str = ""

    @property
    def id(self) -> int:
        """The id of the record."""
        return int(self.held_id)

    @property
    def emails(self) -> list[str]:
        """The e-mail addresses."""
        return self.held_emails.split(INNER) if self.held_emails else []

    @property
    def phones(self) -> list[str]:
        """The phones."""
        return self.held_phones.split(INNER) if self.held_phones else []

    @property
    def companies(self) -> list[str]:
        """The employers' keys, or the domains."""
        return self.held_companies.split(INNER) if self.held_companies else []

    @property
    def addresses(self) -> list[Address]:
        """The postal addresses."""
        if not self.held_addresses:
            return []
        return [Address(*each.split(INNER)) for each in self.held_addresses.split(OUTER)]


def held(values: Iterable[str]) -> str:
    """Return values each once, without empty ones, as one text."""
    return INNER.join(dict.fromkeys(filter(None, values)))


def held_addresses(values: Iterable[Address]) -> str:
    """Return addresses as one text."""
    return OUTER.join(map(INNER.join, values))


def pack(side: Side) -> str:
    """Return a side as one text, a fifth of its size in memory."""
    return _FIELD.join(side)


def unpack(text: str) -> Side:
    """Return the side that was packed."""
    return Side._make(text.split(_FIELD))


class Parts(NamedTuple):
    """The words of a person's name, folded and in Latin letters."""

    given: str = ""
    middle: str = ""
    family: str = ""
    generation: str = ""


def parts(name: str, given: str, additional: str, family: str, suffix: str) -> Parts:
    """Return the compared words of a name; a name without stored parts is split."""
    if not (given or family):
        _, given, additional, family, suffix = names.split(name)
    else:
        given = _untitled(given)
    first, _, further = _latin_text(f"{given} {additional}" if additional else given).partition(" ")
    generation = next((_GENERATIONS[word] for word in words(suffix) if word in _GENERATIONS), "") if suffix else ""
    return Parts(first, further, _latin_text(family), generation)


def _untitled(given: str) -> str:
    """Return a given name without the titles that some programs store in it."""
    split = names.split(given + " X") if " " in given or "." in given else None
    return f"{split.given} {split.additional}".strip() if split else given


@lru_cache(maxsize=1 << 15)
def _latin_text(text: str) -> str:
    """Return the folded words of a text in Latin letters, separated by spaces."""
    return " ".join(map(latin, words(text)))


def nickname(text: str) -> str:
    """Return a nickname as it is compared: its first word."""
    return _latin_text(text).partition(" ")[0]


def email(value: str) -> str:
    """Return an e-mail address without what does not change where it goes: ``+tag``, and the dots of Gmail."""
    local, at, domain = "".join((value.lower() if value.isascii() else fold(value)).split()).partition("@")
    local = local.partition("+")[0] or local
    if domain in {"gmail.com", "googlemail.com"}:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}{at}{domain}"


def phone(value: str) -> str:
    """Return a phone as it is compared: its E.164 form, or its digits if it has none; ``""`` if they are few."""
    is_e164 = value[:1] == "+" and value[1:].isdecimal()
    digits = value[1:] if is_e164 else "".join(filter(str.isdecimal, value))
    if len(digits) < _FEWEST_DIGITS:
        return ""
    return f"+{digits}" if value.startswith("+") else digits


def is_role(address: str) -> bool:
    """Is this the mailbox of a company (info@, sales@) and not of a person?"""
    return address.partition("@")[0] in ROLES


def domain(address: str) -> str:
    """Return the domain of an e-mail address if it is that of a company, else ``""``."""
    found = address.rpartition("@")[2]
    return "" if found in FREE_MAIL else found


def address(street: str, extended: str, city: str, code: str) -> Address:
    """Return a postal address as it is compared; the further lines of a street count as ``extended``."""
    street, _, further = street.partition("\n")
    extended = f"{further} {extended}" if further else extended
    found = words(street)
    number = next((word for word in found if any(char.isdigit() for char in word)), "")
    rest = [latin(word) for word in found if word != number]
    named = [word for word in rest if word not in _STREETS] or rest
    return Address(
        number, " ".join(named), "".join(rest),
        _latin_text(extended), _latin_text(city), _latin_text(code).replace(" ", ""),
    )  # fmt: skip
