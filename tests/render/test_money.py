"""Amounts as each locale writes them, and how what a locale's users type is read."""

import pytest

from crm_cli.core.deals import Total
from crm_cli.core.money import Money, Spelling, parse
from crm_cli.render import money


@pytest.mark.parametrize(
    ("locale", "amount", "said"),
    [
        ("en_IN", Money(10_000_000, "INR"), "₹1,00,000"),
        ("en_US", Money(10_000_000, "INR"), "₹100,000"),
        ("de_DE", Money(123_456, "EUR"), "1.234,56 €"),
        ("fr_FR", Money(123_456, "EUR"), "1 234,56 €"),
        ("sv_SE", Money(123_456, "SEK"), "1 234,56 kr"),
        ("ja_JP", Money(5000, "JPY"), "￥5,000"),
        ("en_IN", Money(1234, "KWD"), "KWD 1.234"),
        ("en_IN", Money(1234, "IQD"), "IQD 1.234"),
        ("he_IL", Money(123_456, "EUR"), "1,234.56 €"),
        ("xx_YY", Money(9995, "EUR"), "€99.95"),
        ("nonsense!", Money(9995, "EUR"), "€99.95"),
        ("en_US", Money(9900, "USD"), "$99"),
        ("en_US", None, ""),
    ],
)
def test_an_amount_is_written_as_the_locale_does(locale, amount, said):
    """Decimals are those of ISO 4217, whatever a locale leaves out, and none where they are all zero."""
    assert money.shown(amount, locale) == said


@pytest.mark.parametrize("locale", ["en_IN", "de_DE", "fr_FR", "sv_SE", "ja_JP", "pl_PL", "hi_IN", "pt_BR", "de_CH"])
@pytest.mark.parametrize("amount", [Money(123_456, "EUR"), Money(10_000_000, "INR"), Money(5_000_000, "JPY")])
def test_what_is_shown_can_be_typed(locale, amount):
    """A user who copies an amount from the screen is understood."""
    said = money.shown(amount, locale).replace("JP¥", "¥")

    assert parse(said, money.spelling("", locale, locale[3:])) == amount


@pytest.mark.parametrize(
    ("currency", "locale", "region", "found"),
    [
        ("", "en_IN", "IN", Spelling("INR", ".")),
        ("", "de_DE", "DE", Spelling("EUR", ",")),
        ("USD", "de_DE", "DE", Spelling("USD", ",")),
        ("", "en", "", Spelling("", ".")),
        ("", "en", "ZZ", Spelling("", ".")),
    ],
)
def test_a_bare_number_is_in_ones_own_currency_or_that_of_ones_country(currency, locale, region, found):
    assert money.spelling(currency, locale, region) == found


def test_what_is_unknown_is_said():
    assert money.unknown(Total(3, (), 2, 1)) == "2 without amount, 1 without probability"
    assert money.unknown(Total(3, (), 0, 0)) == ""
