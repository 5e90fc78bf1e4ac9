"""Amounts: read as people write them in many places, exact to the last minor unit, refused rather than guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_cli.core.currencies import CODES, DIGITS, SIGNS
from crm_cli.core.daily import Money
from crm_cli.core.money import LARGEST, Spelling, exact, parse, places, plain, scaled
from crm_cli.core.text.folding import fold
from crm_cli.errors import UsageError

INDIA, GERMANY, SWEDEN, CANADA = Spelling("INR"), Spelling("EUR", ","), Spelling("SEK", ","), Spelling("CAD")

READ = [
    ("1.234,56 €", INDIA, "1234.56", "EUR"),
    ("₹1,00,000", GERMANY, "100000.00", "INR"),
    ("$99.95", INDIA, "99.95", "USD"),
    ("$99.95", CANADA, "99.95", "CAD"),
    ("99.95 EUR", GERMANY, "99.95", "EUR"),
    ("eur 99.95", INDIA, "99.95", "EUR"),
    ("50k", INDIA, "50000.00", "INR"),
    ("1.5m", INDIA, "1500000.00", "INR"),
    ("1,5m", GERMANY, "1500000.00", "EUR"),
    ("12.5 lakh", INDIA, "1250000.00", "INR"),
    ("2cr", INDIA, "20000000.00", "INR"),
    ("$50k", INDIA, "50000.00", "USD"),
    ("5 m EUR", INDIA, "5000000.00", "EUR"),
    ("5 MXN", INDIA, "5.00", "MXN"),
    ("1 234,56 kr", SWEDEN, "1234.56", "SEK"),
    ("1\u202f234,56 kr", SWEDEN, "1234.56", "SEK"),
    ("1'234.50 CHF", INDIA, "1234.50", "CHF"),
    ("CHF 1\u2019234.-", INDIA, "1234.00", "CHF"),
    ("¥5000", INDIA, "5000", "JPY"),
    ("５０００円", INDIA, "5000", "JPY"),
    ("100.00 JPY", INDIA, "100", "JPY"),
    ("1.234 KWD", INDIA, "1.234", "KWD"),
    ("1.234 KWD", GERMANY, "1234.000", "KWD"),
    ("१,००,०००", INDIA, "100000.00", "INR"),
    ("٩٩٫٩٥ EUR", INDIA, "99.95", "EUR"),
    ("١٬٢٣٤٫٥ EUR", INDIA, "1234.50", "EUR"),
    ("Rs. 500", INDIA, "500.00", "INR"),
    ("₹ 5,00,000/-", INDIA, "500000.00", "INR"),
    ("R$ 1.234,56", INDIA, "1234.56", "BRL"),
    ("1.234.567", INDIA, "1234567.00", "INR"),
    ("1,234", INDIA, "1234.00", "INR"),
    ("1.234", GERMANY, "1234.00", "EUR"),
    ("1,23", INDIA, "1.23", "INR"),
    ("1.5", GERMANY, "1.50", "EUR"),
    ("0.500", GERMANY, "0.50", "EUR"),
    ("0", INDIA, "0.00", "INR"),
]


@pytest.mark.parametrize(("text", "spelling", "number", "currency"), READ)
def test_an_amount_is_read_as_it_is_written(text, spelling, number, currency):
    found = parse(text, spelling)

    assert (plain(found), found.currency) == (number, currency)


@pytest.mark.parametrize(
    ("text", "spelling", "message"),
    [
        ("1.234", INDIA, "INR has 2 decimals"),
        ("1,234", GERMANY, "EUR has 2 decimals"),
        ("1,500", GERMANY, "EUR has 2 decimals"),
        ("1.500 JPY", INDIA, "JPY has no decimals"),
        ("1.500k", INDIA, "INR has 2 decimals"),
        ("99.95 JPY", INDIA, "JPY has no decimals"),
        ("1.2345 KWD", INDIA, "KWD has 3 decimals"),
        ("0.001k JPY", INDIA, None),
        ("-5", INDIA, "must not be negative"),
        ("\u22125 EUR", INDIA, "must not be negative"),
        ("5 XYZ", INDIA, "XYZ is not a currency"),
        ("5 EURO2", INDIA, "not an amount"),
        ("50000", Spelling(), "which currency"),
        ("5 kr", INDIA, "SEK, NOK, DKK, ISK"),
        ("5 kr", Spelling(), "SEK, NOK, DKK, ISK"),
        ("1,2,3", INDIA, "not an amount"),
        ("1.2.34,5", GERMANY, "not an amount"),
        ("1,234,5.6", INDIA, "not an amount"),
        ("1e5", INDIA, "not an amount"),
        ("abc", INDIA, "not an amount"),
        ("", INDIA, "not an amount"),
        ("€", INDIA, "not an amount"),
        ("5 EUR 6", INDIA, "not an amount"),
        ("$5 EUR", INDIA, "not an amount"),
        ("9" * 20, INDIA, "too large"),
        ("9" * 100, INDIA, "not an amount"),
        ("nan", INDIA, "not an amount"),
    ],
)
def test_what_cannot_be_an_amount_is_refused_in_one_line(text, spelling, message):
    """``0.001k JPY`` is one yen, and fine."""
    if message is None:
        assert parse(text, spelling) == Money(1, "JPY")
        return
    with pytest.raises(UsageError, match=message) as caught:
        parse(text, spelling)
    assert "\n" not in str(caught.value)


amounts = st.builds(Money, st.integers(0, LARGEST - 1), st.sampled_from(sorted(CODES)))


@given(amounts)
def test_what_is_written_plainly_is_read_exactly(amount):
    assert exact(plain(amount), amount.currency) == amount
    assert parse(f"{plain(amount)} {amount.currency}", Spelling()) == amount


@given(amounts, st.sampled_from(",."), st.sampled_from(["", " ", "\u00a0", "\u202f", "'"]))
def test_groups_and_either_sign_say_the_same(amount, decimal, blank):
    """Thousands with the other sign, or with blanks, in whole groups of three."""
    whole, _, rest = plain(amount).partition(".")
    thousands = blank or ("," if decimal == "." else ".")
    text = f"{int(whole):,}".replace(",", thousands) + (f"{decimal}{rest}" if rest else "")

    assert parse(f"{amount.currency} {text}", Spelling("", decimal)) == amount


@given(st.text(max_size=30), st.sampled_from([INDIA, GERMANY, Spelling()]))
def test_any_text_is_an_amount_or_a_usage_error(text, spelling):
    try:
        found = parse(text, spelling)
    except UsageError:
        return
    assert 0 <= found.minor < LARGEST
    assert found.currency in CODES


@given(st.text(max_size=12), st.sampled_from(["EUR", "JPY", "KWD", "XYZ", ""]))
def test_exact_takes_nothing_but_what_plain_writes(text, currency):
    try:
        found = exact(text, currency)
    except UsageError:
        return
    assert plain(found) == text.lstrip("0").rjust(len(plain(found)), "0")


def test_decimals_are_those_of_iso_4217():
    assert [places(code) for code in ("JPY", "ISK", "EUR", "INR", "KWD", "IQD", "CLF")] == [0, 0, 2, 2, 3, 3, 4]
    assert set(DIGITS) <= CODES


def test_signs_are_folded_and_mean_currencies():
    for sign, several in SIGNS.items():
        assert fold(sign) == sign
        assert {code for code in several if code} <= CODES


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("50000", (500_000_000, "")),
        ("50k", (500_000_000, "")),
        ("99.95 EUR", (999_500, "EUR")),
        ("€5", (50_000, "EUR")),
        ("1,00,000", (1_000_000_000, "")),
    ],
)
def test_the_amount_of_a_query_counts_ten_thousandths(text, asked):
    assert scaled(text) == asked


@pytest.mark.parametrize("text", ["0.00001", "much", "-5", "9" * 15])
def test_what_a_query_cannot_compare_is_refused(text):
    with pytest.raises(UsageError):
        scaled(text)
