"""Amounts as the user's locale writes them. Babel is loaded here alone, when money is really shown or read."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from crm_cli.core import money as rules
from crm_cli.core.currencies import CODES
from crm_cli.core.money import Money, Spelling

if TYPE_CHECKING:
    from babel import Locale
    from babel.numbers import NumberPattern

    from crm_cli.core.deals import Total

_BLANKS = dict.fromkeys(map(ord, "\u00a0\u202f\u2009"), " ")
_MARKS = dict.fromkeys(map(ord, "\u061c\u200e\u200f"))
"""Characters that a locale puts into an amount and that a terminal shows badly, or takes for orders."""


def shown(amount: Money | None, locale: str) -> str:
    """Write an amount as ``locale`` does: ``₹1,00,000``, ``1.234,56 €``; without decimals where they are all zero."""
    if amount is None:
        return ""
    from decimal import Decimal

    whole = not amount.minor % 10 ** rules.places(amount.currency)
    places = 0 if whole else rules.places(amount.currency)
    number = Decimal(rules.plain(amount))
    text: str = _pattern(locale, places).apply(number, _locale(locale), currency=amount.currency, currency_digits=False)
    text = text.translate(_BLANKS | _MARKS)
    rest = text.removeprefix(amount.currency)
    return f"{amount.currency} {rest}" if rest != text and rest[:1].isdigit() else text


@lru_cache(64)
def _pattern(locale: str, places: int) -> NumberPattern:
    """Return the locale's pattern for amounts, with so many decimals whatever Babel knows of the currency."""
    from copy import copy

    pattern: NumberPattern = copy(_locale(locale).currency_formats["standard"])
    pattern.frac_prec = (places, places)
    return pattern


@lru_cache(8)
def _locale(name: str) -> Locale:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(name)
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def spelling(currency: str, locale: str, region: str) -> Spelling:
    """Return how the user writes money: in ``currency``, else that of their country; with their decimal sign.

    Raises UsageError for a currency that is none.
    """
    from babel.numbers import get_decimal_symbol

    sign = get_decimal_symbol(_locale(locale))
    own = rules.check_currency(currency) if currency else _currency_of(region)
    return Spelling(own, "," if sign in {",", "\u066b"} else ".")


def _currency_of(region: str) -> str:
    if not region:
        return ""
    from babel.numbers import get_territory_currencies

    known = [code for code in get_territory_currencies(region) if code in CODES]
    return known[-1] if known else ""


def sums(total: Total, locale: str) -> str:
    """Say what some deals come to, per currency: ``₹1,50,000 · €4,000``; ``""`` where nothing is known."""
    return " · ".join(shown(each.amount, locale) for each in total.sums)


def weighted(total: Total, locale: str) -> str:
    """Say the same weighted: ``₹75,000 · €1,000``; ``""`` where no probability is known."""
    return " · ".join(shown(each.weighted, locale) for each in total.sums if each.weighted_deals)


def unknown(total: Total) -> str:
    """Say what a total leaves out: ``2 without amount, 1 without probability``; ``""`` where it leaves out nothing."""
    counts = ((total.without_amount, "amount"), (total.without_probability, "probability"))
    return ", ".join(f"{number} without {what}" for number, what in counts if number)
