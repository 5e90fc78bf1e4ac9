"""Phone numbers in any format: E.164 for comparing, reversed digits for searching by the last ones.

Google's metadata (phonenumbers) decides whether a number is valid; it is imported on first use.
"""

from __future__ import annotations

import re

from crm_cli.core.text.folding import visible

_PUNCTUATION = frozenset(
    " \t\u00a0\u2009\u202f+-\u2010\u2011\u2012\u2013\u2014\u2212().,/·\u2060\u200e\u200f\u202a\u202c"
)
_DECIMALS = re.compile(r"\d+")
_NO_DIGITS = bytes(code for code in range(128) if not 48 <= code < 58)
PART = 3
"""The fewest digits of a number that are looked up; shorter parts are in half of all numbers."""
_SHORTEST = 5
_WHOLE = 7
_LONGEST_TEXT = 64
_ROUNDED = re.compile(r"\+?\d(?:[.,]\d+)?[Ee]\+\d{1,2}")


def digits(text: str) -> str:
    """Return the digits of a text as ASCII digits, whatever script they are in."""
    if text.isascii():
        return text.encode().translate(None, _NO_DIGITS).decode()
    found = "".join(_DECIMALS.findall(text))
    if found.isascii():
        return found
    import unicodedata

    return "".join(str(unicodedata.decimal(char)) for char in found)


def looks_like_phone(text: str) -> bool:
    """Does this text have five or more digits, and otherwise only the punctuation of phone numbers?"""
    return len(digits(text)) >= _SHORTEST and all(char.isdecimal() or char in _PUNCTUATION for char in text)


def is_part(text: str) -> bool:
    """Can this be part of a phone number: three or more digits, and otherwise only the punctuation of phone numbers?"""
    return len(digits(text)) >= PART and all(char.isdecimal() or char in _PUNCTUATION for char in text)


def is_whole(text: str) -> bool:
    """Is this a whole phone number, of seven or more digits, and not the id of a record?"""
    return looks_like_phone(text) and len(digits(text)) >= _WHOLE


def is_rounded(text: str) -> bool:
    """Did a spreadsheet round this number (``4.47912E+11``)? Its last digits are lost."""
    return bool(_ROUNDED.fullmatch(text.strip()))


def e164(text: str, region: str) -> str:
    """Return the number as ``+919820012345``, or ``""`` if it is not a valid number.

    ``region`` (``IN``; ``""`` if unknown) is used for numbers without a country code, which must be valid there. A
    number with a country code only needs a possible length, and nothing about it is guessed. ``00`` counts as ``+``
    where it has no other meaning in the region.
    """
    text = visible(text.strip())
    if len(text) > _LONGEST_TEXT or len(digits(text)) < _SHORTEST or is_rounded(text):
        return ""
    text = text.removeprefix("tel:")
    return _parsed(text, region.upper()) or (_parsed("+" + text[2:], "") if text.startswith("00") else "")


def _parsed(text: str, region: str) -> str:
    """Parse the text with phonenumbers."""
    import phonenumbers
    from phonenumbers import NumberParseException, ValidationResult

    international = text.startswith(("+", "\uff0b"))
    if not international and not region:
        return ""
    try:
        number = phonenumbers.parse(text, region or None)
    except NumberParseException:
        return ""
    if international:
        good = phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
    else:
        good = phonenumbers.is_valid_number(number)
    if not good:
        return ""
    zeros = "0" * (number.number_of_leading_zeros or 1) if number.italian_leading_zero else ""
    return f"+{number.country_code}{zeros}{number.national_number}"


def reversed_digits(text: str, e164: str) -> str:
    """Return the digits of the E.164 form, or else of the text, in reverse: `suffix_key` returns a prefix of this."""
    return (e164[1:] if e164 else digits(text))[::-1]


def suffix_key(query: str) -> str:
    """Return typed digits in reverse, without ``+``, ``00``, ``011`` or trunk zero: a prefix of the stored form.

    So ``098200 12345``, ``+91 98200-12345``, ``0091 98200 12345`` and the last six digits find the same number. A
    trunk digit other than zero (Russia's 8) is left to `e164`.
    """
    typed = digits(query.replace("(0)", ""))
    if typed.startswith("011") and len(typed) > 13:
        typed = typed[3:]
    return typed.lstrip("0")[::-1]
