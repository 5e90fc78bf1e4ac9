"""The quick way to E.164 answers as the careful one does."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crm_cli.core import phones
from crm_cli.services.importing import phones as imports_phones

REGIONS = [
    "",
    "IN",
    "US",
    "GB",
    "DE",
    "IT",
    "FR",
    "RU",
    "BR",
    "MX",
    "AR",
    "JP",
    "CN",
    "HU",
    "AU",
    "SG",
    "KZ",
    "CI",
    "in",
]
numbers = st.from_regex(r"\+?[0-9]{1,3}[ \-.()]?[0-9]{2,5}[ \-.()]?[0-9]{2,7}", fullmatch=True)
codes = st.sampled_from(
    ["1", "7", "20", "27", "39", "44", "49", "52", "54", "55", "61", "65", "81", "86", "91", "225", "378", "800"]
)


@settings(max_examples=500, deadline=None)
@given(
    numbers | st.builds("+{}{}".format, codes, st.from_regex(r"[0-9]{6,12}", fullmatch=True)), st.sampled_from(REGIONS)
)
@example("098200 12345", "IN")
@example("+91 098200 12345", "IN")
@example("919820012345", "IN")
@example("+1 415 555 2671", "")
@example("+39 06 1234 5678", "IT")
@example("0039 06 1234 5678", "IT")
@example("+5491123456789", "AR")
@example("(0) 30 901820", "DE")
@example("0.0431000", "")
def test_both_ways_agree(text: str, region: str) -> None:
    """Whatever is typed, wherever."""
    assert imports_phones.e164(text, region) == phones.e164(text, region)


@pytest.mark.parametrize("region", REGIONS)
@settings(max_examples=60, deadline=None)
@given(number=st.from_regex(r"0?[1-9][0-9]{6,10}", fullmatch=True))
def test_national_numbers_agree(region: str, number: str) -> None:
    """With and without the trunk zero."""
    assert imports_phones.e164(number, region) == phones.e164(number, region)


@pytest.mark.parametrize("region", REGIONS)
@settings(max_examples=60, deadline=None)
@given(number=st.from_regex(r"00[1-9][0-9]{6,13}", fullmatch=True))
def test_numbers_dialled_abroad_agree(region: str, number: str) -> None:
    """00 begins a number of another country, or of one's own, where it does."""
    assert imports_phones.e164(number, region) == phones.e164(number, region)


@settings(max_examples=500, deadline=None)
@given(number=st.from_regex(r"0[1-9][0-9]{8,10}", fullmatch=True), region=st.sampled_from(["IN", "DE", "FR", "BR"]))
def test_numbers_of_one_country_agree(number: str, region: str) -> None:
    """The kinds of number that phonenumbers knows are those that we ask."""
    assert imports_phones.e164(number, region) == phones.e164(number, region)
