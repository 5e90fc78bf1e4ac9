"""Amounts in the format of the user's locale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli import locales
from crm_cli.core import money as rules
from crm_cli.core.currencies import CODES
from crm_cli.core.money import Spelling
from crm_cli.core.records import Money

if TYPE_CHECKING:
    from crm_cli.core.deals import Total


def shown(amount: Money | None, locale: str) -> str:
    """Format an amount in ``locale``: ``₹1,00,000``, ``1.234,56 €``; without decimals if they are all zero."""
    if amount is None:
        return ""
    whole, _, rest = rules.plain(amount).partition(".")
    return locales.amount_style(locale, amount.currency).write(whole, rest if rest.strip("0") else "")


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
