"""What a word of a query means at the prompt: an id is that record, a phone a phone, and a slip gets its hint."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support import made_once

if TYPE_CHECKING:
    from collections.abc import Callable

    from support import Run

    Crm = Callable[..., Run]


@pytest.fixture
@made_once
def people(crm: Crm) -> None:
    crm("add", "Asha Verma", "phone=+91 98200 12345", "notes=room 2, floor 4", "+client")
    crm("add", "Ravi Kumar", "company=Acme", "email=ravi2@acme.example")
    crm("add", "Mia 2", "notes=2 2 2")
    crm("todo", "Send 2 quotes", "--with", "2")


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["2"], ["Ravi Kumar"]),
        (["c1"], ["Ravi Kumar"]),
        (["a1"], ["Ravi Kumar"]),
        (["1", "OR", "3"], ["Asha Verma", "Mia 2"]),
        (["not:2"], ["Asha Verma", "Mia 2"]),
        (["text:2"], ["Asha Verma", "Mia 2"]),
        (["+91 98200 12345"], ["Asha Verma"]),
        (["098200-12345"], ["Asha Verma"]),
        (["+919820012345"], ["Asha Verma"]),
    ],
)
def test_a_bare_id_is_that_record(crm: Crm, people: None, words: list[str], names: list[str]) -> None:
    found = crm("list", *words, "--columns", "name", "--sort", "id")

    assert found.lines == names


def test_an_export_of_an_id_is_one_card(crm: Crm, people: None) -> None:
    found = crm("export", "2", "--format", "vcf")

    assert [line for line in found.out.splitlines() if line.startswith("FN:")] == ["FN:Ravi Kumar"]


def test_an_agenda_of_an_id_is_with_that_person(crm: Crm, people: None) -> None:
    assert crm("agenda", "2", "--only", "undated", "--format", "ids").lines == ["a1"]
    assert crm("agenda", "1", "--only", "undated", "--format", "ids").lines == []


@pytest.mark.parametrize(
    ("word", "noun"), [("99", "person"), ("c99", "company"), ("a99", "activity"), ("d9999999", "deal")]
)
@pytest.mark.parametrize("command", [["list"], ["agenda"], ["history"], ["export", "--format", "csv"]])
def test_an_id_that_is_not_there_is_an_error(crm: Crm, people: None, command: list[str], word: str, noun: str) -> None:
    found = crm(*command, word)

    assert (found.code, found.out) == (3, "")
    assert found.err == f"crm: there is no {noun} {word} (to search for the text: text:{word})\n"


def test_a_number_that_may_be_a_part_of_a_phone_says_how_to_find_it(crm: Crm, people: None) -> None:
    crm("add", "Priya", "phone=098200 12345")
    found = crm("list", "98200")

    assert found.err == "crm: there is no person 98200 (to search for the text: text:98200, for a phone: phone:98200)\n"
    assert crm("list", "phone:98200", "--columns", "name", "--format", "tsv").lines == ["Asha Verma", "Priya"]


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (["tag=client"], "write tag:client"),
        (["a", "or", "b"], "write OR"),
        (["a", "and", "b"], "write AND"),
        (["--tag", "client"], "write tag:VALUE"),
        (["--city=pune"], "write city:VALUE"),
    ],
)
def test_a_slip_gets_a_hint(crm: Crm, people: None, words: list[str], advice: str) -> None:
    found = crm("list", *words)

    assert (found.code, found.out) == (2, "")
    assert advice in found.err
