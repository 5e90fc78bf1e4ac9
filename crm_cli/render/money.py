"""Amounts in the format of the user's locale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli import locales
from crm_cli.core import money as rules
from crm_cli.core.currencies import CODES
from crm_cli.core.daily import Money
from crm_cli.core.money import Spelling

if TYPE_CHECKING:
    from crm_cli.core.deals import Total

THOUSANDS, MILLIONS = 10_000, 1_000_000
"""From which amounts on `rounded` counts in thousands, and in millions."""


def shown(amount: Money | None, locale: str) -> str:
    """Format an amount in ``locale``: ``₹1,00,000``, ``1.234,56 €``; without decimals if they are all zero."""
    if amount is None:
        return ""
    whole, _, rest = rules.plain(amount).partition(".")
    return locales.amount_style(locale, amount.currency).write(whole, rest if rest.strip("0") else "")


def rounded(amount: Money, locale: str) -> str:
    """Format an amount for a narrow place, from ten thousand on in thousands or millions: ``€13.2k``, ``₹215k``."""
    whole = int(rules.plain(amount).partition(".")[0])
    style = locales.amount_style(locale, amount.currency)
    if whole < THOUSANDS:
        return style.write(str(whole), "")
    size, sign = (1_000_000, "M") if whole >= MILLIONS else (1000, "k")
    number = whole / size
    digits, _, rest = f"{number:.{0 if number >= 100 else 1}f}".partition(".")
    return style.write(digits, rest.strip("0")).removesuffix(style.after) + sign + style.after


def spelling(currency: str, locale: str, region: str) -> Spelling:
    """Return how the user writes money: in ``currency``, or the currency of ``region``, with the locale's decimal sign.

    Raises UsageError for an unknown currency.
    """
    from babel.numbers import get_decimal_symbol

    sign = get_decimal_symbol(locales.babel_locale(locale))
    own = rules.check_currency(currency) if currency else _currency_of(region)
    return Spelling(own, "," if sign in {",", "\u066b"} else ".")


def _currency_of(region: str) -> str:
    if not region:
        return ""
    from babel.numbers import get_territory_currencies

    known = [code for code in get_territory_currencies(region) if code in CODES]
    return known[-1] if known else ""


def unknown(total: Total) -> list[str]:
    """Return what a total does not include: ``2 without amount``, ``1 without probability``."""
    counts = ((total.without_amount, "amount"), (total.without_probability, "probability"))
    return [f"{number} without {what}" for number, what in counts if number]
