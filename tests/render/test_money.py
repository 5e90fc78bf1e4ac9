"""Amounts as each locale writes them, and how what a locale's users type is read."""

import re
from copy import copy
from decimal import Decimal

import pytest
from babel import Locale
from babel.localedata import locale_identifiers
from babel.numbers import get_group_symbol
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crm_cli import config, locales
from crm_cli.core import money as rules
from crm_cli.core.daily import Money
from crm_cli.core.deals import Total
from crm_cli.core.money import Spelling, parse
from crm_cli.render import money


@pytest.mark.parametrize(
    ("locale", "amount", "text"),
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
        ("gsw_CH", Money(100_000_050, "CHF"), "1'000'000.50 CHF"),
        ("en_US", None, ""),
    ],
)
def test_an_amount_is_written_as_the_locale_does(locale, amount, text):
    """Decimals are those of ISO 4217, whatever a locale leaves out, and none where they are all zero."""
    assert money.shown(amount, locale) == text


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(locale_identifiers()),
    st.sampled_from(["EUR", "INR", "JPY", "KWD", "USD", "CHF"]),
    st.integers(0, 10**14 - 1),
)
def test_it_is_what_babel_writes(locale, currency, minor):
    """Every locale that Babel knows; decimals are ours to choose. (Its apostrophes between thousands go in pairs.)"""
    assume(get_group_symbol(locale) != "'")
    amount, places = Money(minor, currency), rules.places(currency)
    known = Locale.parse(locale)
    pattern = copy(known.currency_formats["standard"])
    pattern.frac_prec = (places, places) if minor % 10**places else (0, 0)
    text = pattern.apply(Decimal(rules.plain(amount)), known, currency=currency, currency_digits=False)

    assert money.shown(amount, locale).replace(" ", "") == re.sub(r"[\s\u061c\u200e\u200f]", "", text)


def test_what_babel_said_is_remembered(surroundings, monkeypatch):
    """Babel is asked once for a locale and a currency, and again when it is another Babel; rubbish does no harm."""
    kept = config.folder("cache") / "amounts.json"
    locales.amount_style.cache_clear()
    money.shown(Money(9995, "EUR"), "de_DE")
    monkeypatch.setattr(locales, "_learn", lambda *_: pytest.fail("asked again"))
    locales.amount_style.cache_clear()

    assert money.shown(Money(9995, "EUR"), "de_DE") == "99,95 €"

    monkeypatch.undo()
    for rubbish in ("", "[]", '{"babel": "another", "de_DE EUR": ["x"]}', '{"de_DE EUR": 1}', '{"babel": 1}'):
        kept.write_text(rubbish)
        locales.amount_style.cache_clear()
        assert money.shown(Money(9995, "EUR"), "de_DE") == "99,95 €"


@pytest.mark.parametrize("locale", ["en_IN", "de_DE", "fr_FR", "sv_SE", "ja_JP", "pl_PL", "hi_IN", "pt_BR", "de_CH"])
@pytest.mark.parametrize("amount", [Money(123_456, "EUR"), Money(10_000_000, "INR"), Money(5_000_000, "JPY")])
def test_what_is_shown_can_be_typed(locale, amount):
    """A user who copies an amount from the screen is understood."""
    text = money.shown(amount, locale).replace("JP¥", "¥")

    assert parse(text, money.spelling("", locale, locale[3:])) == amount


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
    assert money.unknown(Total(3, (), 2, 1)) == ["2 without amount", "1 without probability"]
    assert money.unknown(Total(3, (), 0, 0)) == []


@pytest.mark.parametrize(
    ("locale", "amount", "text"),
    [
        ("en_IN", Money(999_950, "INR"), "₹9,999"),
        ("en_IN", Money(1_000_000, "INR"), "₹10k"),
        ("en_US", Money(1_315_050, "EUR"), "€13.2k"),
        ("de_DE", Money(1_315_050, "EUR"), "13,2k €"),
        ("en_IN", Money(21_500_000, "INR"), "₹215k"),
        ("ja_JP", Money(4_500_000, "JPY"), "￥4.5M"),
        ("en_US", Money(123_456_789_000, "USD"), "$1,235M"),
        ("en_US", Money(0, "USD"), "$0"),
    ],
)
def test_an_amount_is_rounded_where_there_is_little_room(locale, amount, text):
    assert money.rounded(amount, locale) == text
