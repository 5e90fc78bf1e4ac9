"""Phone numbers in any spelling: E.164 for comparing, reversed digits for finding by the last ones.

Google's metadata (phonenumbers) decides what a number is; it is imported when the first one is asked for.
"""

from __future__ import annotations

import re

from crm_cli.core.text.folding import visible

_PUNCTUATION = frozenset(
    " \t\u00a0\u2009\u202f+-\u2010\u2011\u2012\u2013\u2014\u2212().,/·\u2060\u200e\u200f\u202a\u202c"
)
_NO_DIGITS = bytes(code for code in range(128) if not 48 <= code < 58)
PART = 3
"""So many digits of a number are looked up; fewer are in half of all numbers."""
_SHORTEST = 5
_WHOLE = 7
_LONGEST_TEXT = 64
_ROUNDED = re.compile(r"\+?\d(?:[.,]\d+)?[Ee]\+\d{1,2}")


def digits(text: str) -> str:
    """Give the digits of a text as ASCII, whatever script they were written in."""
    if text.isascii():
        return text.encode().translate(None, _NO_DIGITS).decode()
    import unicodedata

    return "".join(str(unicodedata.decimal(char)) for char in text if char.isdecimal())


def looks_like_phone(text: str) -> bool:
    """Tell whether this is five or more digits and nothing else but what people put between them."""
    return len(digits(text)) >= _SHORTEST and all(char.isdecimal() or char in _PUNCTUATION for char in text)


def is_part(text: str) -> bool:
    """Can this be a part of a phone number: three or more digits and nothing else but what people put between them?"""
    return len(digits(text)) >= PART and all(char.isdecimal() or char in _PUNCTUATION for char in text)


def is_whole(text: str) -> bool:
    """Is this a whole phone number, of seven or more digits, and not the id of a record?"""
    return looks_like_phone(text) and len(digits(text)) >= _WHOLE


def is_rounded(text: str) -> bool:
    """Has a spreadsheet rounded this number (``4.47912E+11``)? Its last digits are lost."""
    return bool(_ROUNDED.fullmatch(text.strip()))


def e164(text: str, region: str) -> str:
    """Write the number as ``+919820012345``, or ``""`` when it is none.

    ``region`` (``IN``; ``""`` if unknown) reads numbers without a country code, which must then be valid there. One
    written with its country code need only be of a possible length: nothing about it is guessed. ``00`` counts as
    ``+`` where the region has no other meaning for it.
    """
    text = visible(text.strip())
    if len(text) > _LONGEST_TEXT or len(digits(text)) < _SHORTEST or is_rounded(text):
        return ""
    text = text.removeprefix("tel:")
    return _parsed(text, region.upper()) or (_parsed("+" + text[2:], "") if text.startswith("00") else "")


def _parsed(text: str, region: str) -> str:
    """Read the text with phonenumbers."""
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
    """Give the digits backwards, of the E.164 form or else of the text: what `suffix_key` is a prefix of."""
    return (e164[1:] if e164 else digits(text))[::-1]


def suffix_key(query: str) -> str:
    """Give typed digits backwards, without ``+``, ``00``, ``011`` or trunk zero: a prefix of the stored form.

    So ``098200 12345``, ``+91 98200-12345``, ``0091 98200 12345`` and the last six digits find the same number. A
    trunk digit other than zero (Russia's 8) is a matter for `e164`.
    """
    typed = digits(query.replace("(0)", ""))
    if typed.startswith("011") and len(typed) > 13:
        typed = typed[3:]
    return typed.lstrip("0")[::-1]
