from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_cli.core import phones

INDIA = "+919820012345"


@pytest.mark.parametrize(
    ("typed", "region", "number"),
    [
        ("098200 12345", "IN", INDIA),
        ("+91 98200-12345", "", INDIA),
        ("9820012345", "in", INDIA),
        ("0091 98200 12345", "", INDIA),
        ("0091 98200 12345", "IN", INDIA),
        ("0091 98200 12345", "US", INDIA),
        ("+९१ ९८२०० १२३४५", "", INDIA),
        ("tel:+91-98200-12345", "", INDIA),
        ("9820012345", "", ""),
        ("12345", "IN", ""),
        ("+44 (0)20 7946 0958", "", "+442079460958"),
        ("06 1234 5678", "IT", "+390612345678"),
        ("8 912 345-67-89", "RU", "+79123456789"),
        ("+1 202 555 0143 ext. 5", "", "+12025550143"),
        ("hello", "IN", ""),
        ("", "IN", ""),
        ("+" + "9" * 300, "", ""),
        ("9820012345", "XX", ""),
    ],
)
def test_e164(typed: str, region: str, number: str) -> None:
    assert phones.e164(typed, region) == number


@pytest.mark.parametrize(
    "typed",
    [
        "098200 12345",
        "+91 98200-12345",
        "9820012345",
        "0091 98200 12345",
        "012345",
        "00 12345",
        "+९१ ९८२०० १२३४५",
        "12345",
    ],
)
def test_any_spelling_is_a_prefix_of_the_stored_form(typed: str) -> None:
    stored = phones.reversed_digits("098200 12345", INDIA)

    assert stored.startswith(phones.suffix_key(typed))


def test_a_number_without_e164_is_found_by_its_own_digits() -> None:
    stored = phones.reversed_digits("(020) 5551-22", "")

    assert stored.startswith(phones.suffix_key("020 555122"))


def test_delhi_is_no_american_exit_code() -> None:
    assert phones.suffix_key("011 2345 6789") == "98765432" + "11"
    assert phones.suffix_key("011 91 98200 12345") == phones.suffix_key("+919820012345")


@pytest.mark.parametrize(
    ("typed", "is_phone"),
    [
        ("098200 12345", True),
        ("+91-98200-12345", True),
        ("1234", False),
        ("12345", True),
        ("12345a", False),
        ("(020) 555.123", True),
        ("", False),
    ],
)
def test_looks_like_phone(typed: str, is_phone: bool) -> None:
    assert phones.looks_like_phone(typed) is is_phone


@given(st.text(), st.sampled_from(["", "IN", "US", "??"]))
def test_nothing_raises(s: str, region: str) -> None:
    phones.e164(s, region)
    phones.suffix_key(s)
    assert phones.digits(s).isascii()
