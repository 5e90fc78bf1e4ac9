"""Labels that a CSV writes with its values: beside the numbers of a cell, and those of days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_cli.formats.csv import phones as csv_phones

if TYPE_CHECKING:
    from collections.abc import Callable

    from support import Run

    Crm = Callable[..., Run]


# Phones


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Mobile: 555 0101; Work: 555 0102", [("555 0101", "mobile"), ("555 0102", "work")]),
        ("Mobile: 555 0101 Work: 555 0102", [("555 0101", "mobile"), ("555 0102", "work")]),
        ("(m) 98200 12345 / (o) 022 2345678", [("98200 12345", "mobile"), ("022 2345678", "work")]),
        ("555 0101 (mobile), 555 0102", [("555 0101", "mobile"), ("555 0102", "")]),
        ("Handy: 0171 1234567\nFax privat: 030 1234567", [("0171 1234567", "mobile"), ("030 1234567", "home fax")]),
        ("Tel.: 030 1234567", [("030 1234567", "")]),
        ("Ravi: 98200 12345", [("98200 12345", "Ravi")]),
        (
            "office: 030 1234567, ext 12; mobile: 0171 1234567",
            [("030 1234567, ext 12", "work"), ("0171 1234567", "mobile")],
        ),
        ("ask for Bo: 030 1234567", [("ask for Bo: 030 1234567", "")]),
        ("555 0102 after six", [("555 0102 after six", "")]),
        ("ext. 4471", [("ext. 4471", "")]),
    ],
)
def test_a_label_written_with_a_number_is_its_label(
    bring: Callable[..., Run],
    people: Callable[[], list[dict[str, Any]]],
    cell: str,
    expected: list[tuple[str, str]],
) -> None:
    bring(f'Name,Phone\nPa,"{cell}"\n')

    assert [(each["value"], each["label"]) for each in people()[0]["phones"]] == expected


PAIRS = st.tuples(
    st.sampled_from(["Mobile: ", "work ", "(h) ", "Fax: ", ""]), st.from_regex(r"0[1-9]{2} [0-9]{6}", fullmatch=True)
)


@given(
    st.lists(PAIRS, min_size=1, max_size=4, unique_by=lambda pair: pair[1]),
    st.sampled_from(["; ", "\n", " | ", " ::: ", ", "]),
)
def test_no_number_is_lost_between_labels_and_separators(pairs: list[tuple[str, str]], separator: str) -> None:
    found = csv_phones.split(separator.join(label + number for label, number in pairs))

    assert [each.value for each in found] == [number for _, number in pairs]


@pytest.mark.parametrize("cell", ["n/a", "none", "-", "N/A ", "Mobile: n/a", "no phone"])
def test_a_phone_that_says_none_is_skipped_and_counted(
    bring: Callable[..., Run], numbers: Callable[[], list[list[str]]], cell: str
) -> None:
    done = bring(f"Name,Phone,Mobile\nPa,{cell},98200 12345\n")

    assert numbers() == [["98200 12345"]]
    assert "says that there is no number; skipped" in done.err


# Anniversaries


@pytest.mark.parametrize(
    "label", ["Anniversary", "Jahrestag", "Hochzeitstag", "Aniversario de boda", "結婚記念日", "годовщина"]
)
def test_a_day_whose_label_says_anniversary_is_the_anniversary(
    bring: Callable[..., Run], people: Callable[[], list[dict[str, Any]]], label: str
) -> None:
    bring(f"First Name,Event 1 - Label,Event 1 - Value,Phone 1 - Label,Phone 1 - Value\nPa,{label},2010-06-12,,\n")
    bring(f"First Name,Custom Field 1 - Label,Custom Field 1 - Value,Phone 1 - Label\nPb,{label},2011-06-12,\n")
    bring(f"Name,Email,{label}\nPc,c@x.example,2012-06-12\n")

    assert [each["anniversary"] for each in people()] == ["2010-06-12", "2011-06-12", "2012-06-12"]


def test_another_day_is_a_field_of_its_own(
    bring: Callable[..., Run], people: Callable[[], list[dict[str, Any]]]
) -> None:
    bring("First Name,Event 1 - Label,Event 1 - Value,Phone 1 - Label\nPa,Anniversaire,2010-06-12,\n")

    assert (people()[0]["anniversary"], people()[0]["custom"]) == (None, {"anniversaire": "2010-06-12"})


def test_a_number_that_went_through_a_spreadsheet_has_no_fraction_and_no_quote(bring, numbers):
    bring("Name,Phone\nA,491701234567.0\nB,'0170 1234567\nC,+49.170.1234567\n")

    assert numbers() == [["491701234567"], ["0170 1234567"], ["+49.170.1234567"]]


def test_tags_are_split_at_every_separator(bring, people):
    bring('Name,Tags\nA,"vip, lead; fair"\nB,#vip #lead\nC,c# dev\n')

    assert [one["tags"] for one in people()] == [["fair", "lead", "vip"], ["lead", "vip"], ["c# dev"]]
