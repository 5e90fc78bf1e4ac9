"""``crm list --columns``: every field of a person, the user's own too, and what is worked out of the book."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support import made_once

from crm_cli.core.fields import CONTACT_FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from support import Run

    Crm = Callable[..., Run]


@pytest.fixture
@made_once
def people(crm: Crm) -> None:
    crm("field", "add", "renewal", "--type", "date")
    crm(
        "add", "Asha Verma", "email=asha@acme.example", "email+=a2@acme.example", "birthday=1990-01-02",
        "zone=Asia/Tokyo", "language=hi", "renewal=2027-01-01", "department=Sales", "country=India",
    )  # fmt: skip
    crm("add", "Ravi Kumar")
    crm("todo", "Send the quote", "--with", "asha", "--due", "2026-12-01 15:00")
    crm("called", "asha", "--when", "2026-11-20 10:00")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("emails", "asha@acme.example, a2@acme.example"),
        ("birthday", "1990-01-02"),
        ("zone", "Asia/Tokyo"),
        ("language", "hi"),
        ("renewal", "2027-01-01"),
        ("department", "Sales"),
        ("country", "India"),
        ("family", "Verma"),
        ("next", "Send the quote"),
        ("next-due", "2026-12-01 15:00"),
        ("last-reach", "2026-11-20"),
        ("created", "2026-11-22"),
    ],
)
def test_a_column(crm: Crm, people: None, column: str, value: str) -> None:
    found = crm("list", "--columns", f"name,{column}", "--format", "csv")

    assert found.lines[1] == f"Asha Verma,{value}" if "," not in value else f'Asha Verma,"{value}"'
    assert found.lines[2] == "Ravi Kumar," + ("2026-11-22" if column == "created" else "Kumar" * (column == "family"))


def test_help_lists_them_all(crm: Crm, people: None) -> None:
    listed = {line.split()[0] for line in crm("list", "--columns", "help").lines}

    points = {"url": "urls", "im": "social", "tag": "tags"}
    fields = {points.get(field.name, field.name) for field in CONTACT_FIELDS}
    assert fields | {"renewal", "next", "last-reach"} <= listed
    for column in listed:
        assert crm("list", "--columns", column).code == 0


def test_a_column_that_is_not_there(crm: Crm) -> None:
    found = crm("list", "--columns", "nmae")

    assert (found.code, found.out) == (2, "")
    assert "there is no column nmae" in found.err


def test_many_people_are_read_a_page_at_a_time(crm: Crm) -> None:
    given = "Name,Email\n" + "".join(f"Person {n:04},p{n}@x.example\n" for n in range(1201))
    crm("import", "-", given=given)

    found = crm("list", "--columns", "family,emails", "--sort", "id")

    assert found.lines == [f"{n:04}\tp{n}@x.example" for n in range(1201)]


@pytest.mark.parametrize(
    ("query", "names"), [("zone:tokyo", 1), ("language:hi", 1), ("no:zone", 1), ("has:language", 1)]
)
def test_zone_and_language_in_queries(crm: Crm, people: None, query: str, names: int) -> None:
    assert crm("list", query, "--count").out == f"{names}\n"


def test_the_time_it_is_where_they_are(crm: Crm, people: None) -> None:
    assert "  zone          Asia/Tokyo  (now Sun 12:30 there)" in crm("show", "asha").lines


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Asia/Colombo", "office hours"])
def test_no_time_where_it_is_ours_or_unknown(crm: Crm, zone: str) -> None:
    crm("add", "Mia", f"zone={zone}")

    assert f"  zone          {zone}" in crm("show", "mia").lines


def test_a_snoozed_step_is_marked_in_a_list(crm):
    crm("add", "Asha")
    crm("deal", "add", "Tins", "--with", "1")
    crm("todo", "Send", "--with", "1", "--deal", "d1", "--due", "fri")
    crm("snooze", "a1", "1 dec")

    assert crm("list", "--columns", "next").out == "Send (snoozed until 1 Dec 09:00)\n"
    table = crm("deal", "list", "--format", "table", "--columns", "next").lines
    assert table[1].strip() == "Fri Send (snoozed until 1 Dec 09:00)"
