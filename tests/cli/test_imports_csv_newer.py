"""A newer CSV without ids, its columns renamed, moved, added or dropped: the same people where that is known."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support import Run

    Crm = Callable[..., Run]

OLD = "Name,Title,Email\nBert,Chef,b@x.example\n"
NEWER = {
    "renamed and moved": "E-Mail,Full name,Job Title\nb@x.example,Bert,Boss\n",
    "added": "Name,Title,Email,City\nBert,Boss,b@x.example,Kiel\n",
}
UNREACHABLE = "Name,Title,City\nBert Lang,Chef,Kiel\n"
OTHER_COLUMNS = {
    "renamed": "Full name,Job Title,Town\nBert Lang,Chef,Kiel\n",
    "added": "Name,Title,City,Notes\nBert Lang,Chef,Kiel,x\n",
    "dropped": "Name,Title\nBert Lang,Chef\n",
    "changed": "Name,Title,City\nBert Lang,Chef,Ulm\n",
}


@pytest.fixture
def bring(crm: Crm, tmp_path: Path) -> Callable[..., Run]:
    """Import a file of this text, under this name."""

    def run(text: str, name: str = "list.csv") -> Run:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8", newline="")
        return crm("import", str(path))

    return run


@pytest.fixture
def people(crm: Crm) -> Callable[[], list[dict[str, Any]]]:
    return lambda: json.loads(crm("list", "--sort", "id", "--json").out)


@pytest.mark.parametrize("newer", NEWER.values(), ids=NEWER)
def test_what_the_file_changed_is_taken(
    bring: Callable[..., Run], people: Callable[[], list[dict[str, Any]]], newer: str
) -> None:
    bring(OLD)

    done = bring(newer)

    (bert,) = people()
    assert (bert["title"], "1 changed" in done.err, "stays" in done.err) == ("Boss", True, False)
    assert "0 new, 0 changed" in bring(newer).err


def test_what_was_edited_in_the_book_stays_and_is_said(
    crm: Crm, bring: Callable[..., Run], people: Callable[[], list[dict[str, Any]]]
) -> None:
    bring(OLD)
    crm("edit", "1", "title=Owner")

    done = bring(NEWER["renamed and moved"])

    assert (people()[0]["title"], "title stays" in done.err) == ("Owner", True)


def test_a_file_of_another_name_may_be_another_list(
    bring: Callable[..., Run], people: Callable[[], list[dict[str, Any]]]
) -> None:
    bring(OLD)

    done = bring(NEWER["renamed and moved"], "other.csv")

    assert ([each["title"] for each in people()], "title stays" in done.err) == (["Chef"], True)


@pytest.mark.parametrize("newer", OTHER_COLUMNS.values(), ids=OTHER_COLUMNS)
def test_without_e_mail_and_phone_the_name_decides_in_a_file_of_the_same_name(
    bring: Callable[..., Run], people: Callable[[], list[dict[str, Any]]], newer: str
) -> None:
    bring(UNREACHABLE)

    assert "0 new" in bring(newer).err
    assert "0 new, 0 changed" in bring(newer).err
    (bert,) = people()
    assert (bert["title"], bert["addresses"][-1]["locality"]) == ("Chef", "Ulm" if "Ulm" in newer else "Kiel")


def test_in_a_file_of_another_name_a_namesake_is_added_and_said(
    bring: Callable[..., Run], people: Callable[[], list[dict[str, Any]]]
) -> None:
    bring(UNREACHABLE)

    done = bring(OTHER_COLUMNS["renamed"], "other.csv")

    assert len(people()) == 2
    assert "line 2: Bert Lang is in the book (1), with nothing to compare; a new record was made" in done.err


def test_namesakes_of_one_file_stay_two(bring: Callable[..., Run], people: Callable[[], list[dict[str, Any]]]) -> None:
    bring("Name,City\nBert Lang,Kiel\nBert Lang,Ulm\n")

    bring("Town,Name\nUlm,Bert Lang\nKiel,Bert Lang\n")
    bring("Name,City,Notes\nBert Lang,Kiel,x\nBert Lang,Ulm,y\n", "third.csv")

    assert [each["addresses"][0]["locality"] for each in people()][:2] == ["Kiel", "Ulm"]


def test_a_number_in_another_spelling_is_not_a_second_one(
    crm: Crm, bring: Callable[..., Run], people: Callable[[], list[dict[str, Any]]]
) -> None:
    bring("Name,Phone\nBert,098200 12345\n")

    bring("Full name,Mobile\nBert,+91 98200-12345\n")

    assert [[point["e164"] for point in each["phones"]] for each in people()] == [["+919820012345"]]
