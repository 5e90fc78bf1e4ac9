"""Amounts of money: whole minor units and an ISO 4217 currency, parsed as people write them. Never a float.

The caller decides what an ambiguous symbol or separator means: ``Spelling`` holds the user's currency and decimal sign.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core.currencies import CODES, DIGITS, PLACES, SIGNS
from crm_cli.core.daily import Money
from crm_cli.core.text.folding import fold, similar
from crm_cli.errors import Hint, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

UNDERSTOOD = "50000, 99.95 EUR, ₹1,00,000 or 50k"
LARGEST = 10**14
"""All amounts have fewer minor units than this, so that sums of them fit into a column."""
_LONGEST = 60

_TIMES = {
    "": 0, "k": 3, "thousand": 3, "l": 5, "lac": 5, "lakh": 5, "lakhs": 5, "m": 6, "mn": 6, "million": 6,
    "cr": 7, "crore": 7, "crores": 7, "bn": 9, "billion": 9,
}  # fmt: skip
"""A suffix of a number -> the power of ten that it means."""
_WITHIN = " '\u2019\u02bc\u066c"
"""Characters that can only be thousands separators: spaces, apostrophes, the Arabic thousands separator."""
_POINT = "\u066b"
"""The Arabic decimal separator, which has no other use."""


class Spelling(NamedTuple):
    """How the user writes money: the currency of a bare number (``""``: none), and the decimal sign."""

    currency: str = ""
    decimal: str = "."


class Number(NamedTuple):
    """A decimal number: ``digits`` / 10 ** ``scale``; ``doubtful`` if its sign could also separate thousands."""

    digits: int
    scale: int
    doubtful: bool = False


def places(currency: str) -> int:
    """Return the number of decimals of a currency (ISO 4217): yen 0, dinars 3, most 2."""
    return DIGITS.get(currency, 2)


def plain(money: Money) -> str:
    """Return an amount as a plain decimal number, as in JSON and CSV: ``99.95``, ``5000`` (yen), ``1.234``."""
    count = places(money.currency)
    whole, rest = divmod(money.minor, 10**count)
    return f"{whole}.{rest:0{count}}" if count else str(whole)


def parse(text: str, spelling: Spelling) -> Money:
    """Parse an amount as people type it. Raises UsageError with a one-line message.

    A single separator followed by three digits is read as the user writes numbers: where the point is the decimal sign,
    ``1,234`` is over a thousand, and ``1.234`` has three decimals, which only some currencies allow.
    """
    number, unit = _number_and_unit(text)
    currency = _currency(unit, spelling.currency, text)
    read = _number(number, spelling.decimal, text)
    digits = read.digits * 10 ** places(currency)
    minor, rest = divmod(digits, 10**read.scale)
    if rest or (read.doubtful and places(currency) < 3):
        count = places(currency) or "no"
        thousands = "," if spelling.decimal == "." else "."
        hint = f"the decimal sign here is {spelling.decimal}; thousands have a {thousands}" if read.doubtful else ""
        raise UsageError(f"{text.strip()[:_LONGEST]!r} is too precise: {currency} has {count} decimals", hint=hint)
    if minor >= LARGEST:
        raise UsageError(f"{text.strip()[:_LONGEST]!r} is too large for an amount")
    return Money(minor, currency)


def exact(text: str, currency: str) -> Money:
    """Parse the output of `plain`. Raises UsageError for anything else."""
    if currency not in CODES:
        raise UsageError(f"{currency!r} is not a currency")
    count = places(currency)
    decimals = rf"\.\d{{{count}}}" if count else ""
    if not re.fullmatch(rf"\d{{1,15}}{decimals}", text, re.ASCII) or (minor := int(text.replace(".", ""))) >= LARGEST:
        raise UsageError(f"{text!r} is not an amount of {currency}")
    return Money(minor, currency)


def check_currency(code: str) -> str:
    """Return a currency code in upper case. Raises UsageError that suggests the nearest code."""
    found = code.strip().upper()
    if found in CODES:
        return found
    near = similar(found, sorted(CODES), 1)
    advice = f"did you mean {near[0]}?" if near else "three letters of ISO 4217, as in INR or EUR"
    raise UsageError(f"{code.strip()} is not a currency code", hint=advice)


def scaled(text: str) -> tuple[int, str]:
    """Parse the amount of a query, ``50000``, ``1.5m`` or ``"99.95 EUR"``, into ten-thousandths and its currency.

    The decimal sign of a query is always a point, so that a saved query means the same on every machine.
    """
    number, unit = _number_and_unit(text)
    currency = _currency(unit, "USD", text) if unit else ""
    read = _number(number, ".", text)
    found, rest = divmod(read.digits * 10**PLACES, 10**read.scale)
    if rest or found >= LARGEST * 10**PLACES:
        raise UsageError(f"{text.strip()[:_LONGEST]!r} is not an amount; write {UNDERSTOOD}")
    return found, currency


def _refused(text: str) -> UsageError:
    return UsageError(f"{text.strip()[:_LONGEST]!r} is not an amount; write {UNDERSTOOD}")


def _number_and_unit(text: str) -> tuple[str, str]:
    """Split a folded text into its number (with its suffix: ``50k``) and the currency before or after it."""
    clean = _cleaned(text)
    found = re.fullmatch(r"(\D*?)\s*(-?\s*[\d][\d.,\s'\u2019\u02bc\u066b\u066c]*)(.*)", clean)
    if not found or any(char.isdigit() for char in found[3]):
        raise _refused(text)
    before, number, behind = found[1].strip(), found[2], found[3].strip()
    if "-" in before + number or "(" in before:
        raise UsageError(f"{text.strip()!r}: an amount must not be negative")
    times, rest = _times(behind)
    if before and rest.rstrip("-./"):  # a currency on both sides
        raise _refused(text)
    return f"{number.strip()} {times}", before or rest.rstrip("-/")


def _cleaned(text: str) -> str:
    """Return a text folded, with an ASCII minus and single spaces. Raises UsageError if it is empty or too long."""
    clean = " ".join(fold(text).replace("\u2212", "-").split())
    if len(text) > _LONGEST or not clean:
        raise _refused(text)
    return clean


def _times(behind: str) -> tuple[str, str]:
    """Split the text after a number into its multiplier (``k``, ``lakh``; may be empty) and the rest."""
    for word in sorted(filter(None, _TIMES), key=len, reverse=True):
        rest = behind[len(word) :]
        if behind.startswith(word) and not rest[:1].isalpha():
            return word, rest.strip()
    return "", behind


def _currency(unit: str, own: str, text: str) -> str:
    """Return the currency that a symbol or a code means; the user's own if it is ambiguous. Raises UsageError."""
    if not unit:
        if not own:
            raise UsageError(
                f"{text.strip()[:_LONGEST]!r} of which currency?",
                hint=Hint("set-currency"),
            )
        return own
    if unit.upper() in CODES:
        return unit.upper()
    several = SIGNS.get(unit) or SIGNS.get(unit.rstrip("."))
    if several is None:
        check_currency(unit.upper())
        raise _refused(text)
    if own and own in several:
        return own
    if several[0]:
        return several[0]
    raise UsageError(f"{unit} can be {', '.join(several[1:])}; write the code")


def _number(text: str, decimal: str, whole: str) -> Number:
    """Parse digits with their separators and suffix."""
    digits, _, times = text.rpartition(" ") if text.rpartition(" ")[2] in _TIMES else (text, "", "")
    digits = "".join(char for char in digits if char not in _WITHIN).replace(_POINT, "." if "." not in digits else "")
    integer, fraction = _split(digits.rstrip(".,"), "." if _POINT in text else decimal, whole)
    read = Number(int(integer + fraction or "0"), len(fraction))
    power = _TIMES[times]
    if len(integer) > 15 or len(fraction) > 12:
        raise UsageError(f"{whole.strip()[:_LONGEST]!r} is too large for an amount")
    has_one_kind = digits.count(decimal) == sum(map(digits.count, ".,"))
    return Number(read.digits * 10**power, read.scale, has_one_kind and _looks_grouped(integer, fraction))


def _split(digits: str, decimal: str, whole: str) -> tuple[str, str]:
    """Split digits at the decimal sign, by the rule of `parse`."""
    signs = [char for char in digits if char in ".,"]
    if not signs:
        return digits, ""
    last = signs[-1]
    integer, _, fraction = digits.rpartition(last)
    grouped = len(set(signs)) == 1 and (len(signs) > 1 or _is_group(integer, fraction, last, decimal))
    if grouped:
        return _ungrouped(digits, last, whole), ""
    if signs.count(last) > 1:
        raise _refused(whole)
    other = next((char for char in signs if char != last), last)
    return _ungrouped(integer, other, whole), fraction


def _is_group(integer: str, fraction: str, sign: str, decimal: str) -> bool:
    """Is a separator that occurs once a thousands separator?"""
    return sign != decimal and _looks_grouped(integer, fraction)


def _looks_grouped(integer: str, fraction: str) -> bool:
    """Could the sign between the two be a thousands separator?"""
    return len(fraction) == 3 and integer.strip("0") != ""


def _ungrouped(digits: str, sign: str, whole: str) -> str:
    """Remove the thousands separators from groups of three, or of two with a last group of three (lakh, crore)."""
    groups = digits.split(sign)
    inner = [len(group) for group in groups[1:-1]]
    fits = len(groups) == 1 or (
        1 <= len(groups[0]) <= 3 and len(groups[-1]) == 3 and (set(inner) <= {3} or set(inner) <= {2})
    )
    if not fits:
        raise _refused(whole)
    return "".join(groups)


def signs() -> Iterator[tuple[str, str]]:
    """Yield each symbol with the currencies it can mean; the first is used if the user's currency is not among them."""
    for sign, several in SIGNS.items():
        yield sign, ", ".join(code for code in several if code)
