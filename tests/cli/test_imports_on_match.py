"""``crm import --on-match``: what becomes of a record that is in the book already."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from support import dump

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support import Run

    Crm = Callable[..., Run]
    Bring = Callable[..., Run]

OLD = "Name,Email,Phone,Company\nAsha Verma,asha@acme.in,+91 98200 12345,Acme\nRavi Rao,ravi@x.in,,\n"
NEW = "Name,Email,Phone,City,Company\nAsha Verma,asha@acme.in,+91 98200 99999,Pune,Globex\nMeera Iyer,meera@x.in,,,\n"


def counts(done: Run) -> str:
    found = re.search(r"\d+ read, \d+ new, \d+ changed, \d+ same, \d+ rejected", done.err)
    return found[0] if found else done.err


def test_update_is_the_default(bring: Bring, crm: Crm) -> None:
    bring(OLD)

    assert counts(bring(NEW)) == "2 read, 1 new, 1 changed, 0 same, 0 rejected"
    assert crm("show", "asha", "--json").json["company"] == "Globex"


def test_fill_only_fills_what_is_empty(bring: Bring, crm: Crm) -> None:
    """A city is filled in, the employer stays; another number is one more number."""
    bring(OLD)

    done = bring(NEW, "--on-match", "fill")

    assert counts(done) == "2 read, 1 new, 1 changed, 0 same, 0 rejected"
    shown = crm("show", "asha", "--json").json
    assert (shown["company"], shown["addresses"][0]["locality"], len(shown["phones"])) == ("Acme", "Pune", 2)


def test_skip_leaves_the_record_as_it_is(bring: Bring, crm: Crm) -> None:
    bring(OLD)

    assert counts(bring(NEW, "--on-match", "skip")) == "2 read, 1 new, 0 changed, 1 same, 0 rejected"
    assert crm("show", "asha", "--json").json["company"] == "Acme"


def test_new_makes_another_record(bring: Bring, crm: Crm, people: Callable[[], list[dict[str, Any]]]) -> None:
    bring(OLD)

    assert counts(bring(OLD, "--on-match", "new")) == "2 read, 2 new, 0 changed, 0 same, 0 rejected"
    assert [each["name"] for each in people()] == ["Asha Verma", "Ravi Rao"] * 2
    assert crm("check").code == 0


def test_fail_rejects_what_the_book_has(bring: Bring, tmp_path: Path) -> None:
    """The row is in the file of rejects, with the id of the person."""
    bring(OLD)

    done = bring(NEW, "--on-match", "fail")

    assert done.code == 5
    assert counts(done) == "2 read, 1 new, 0 changed, 0 same, 1 rejected"
    assert "Asha Verma is already in the book (1)" in (tmp_path / "list.csv.rejects").read_text(encoding="utf-8")


@pytest.mark.parametrize("policy", ["update", "fill", "skip", "fail"])
def test_the_same_file_again_changes_nothing(policy: str, bring: Bring, book_path: Path) -> None:
    bring(OLD)
    before = dump(book_path)

    done = bring(OLD, "--on-match", policy)

    assert (done.code, counts(done)) == (0, "2 read, 0 new, 0 changed, 2 same, 0 rejected")
    assert dump(book_path) == before


DEALS = "Record Id,Deal Name,Stage,Amount\nz1,Tins,Proposal,5 EUR\n"


@pytest.mark.parametrize(
    ("policy", "counted", "shown"),
    [
        ("update", "1 read, 0 new, 1 changed, 0 same, 0 rejected", ("6.00", "Fair")),
        ("fill", "1 read, 0 new, 1 changed, 0 same, 0 rejected", ("5.00", "Fair")),
        ("skip", "1 read, 0 new, 0 changed, 1 same, 0 rejected", ("5.00", None)),
        ("new", "1 read, 1 new, 0 changed, 0 same, 0 rejected", ("5.00", None)),
        ("fail", "1 read, 0 new, 0 changed, 0 same, 1 rejected", ("5.00", None)),
    ],
)
def test_deals_too(policy: str, counted: str, shown: tuple[str, str | None], bring: Bring, crm: Crm) -> None:
    bring(DEALS)

    done = bring(DEALS.replace("Amount", "Amount,Lead Source").replace("5 EUR", "6 EUR,Fair"), "--on-match", policy)

    found = crm("deal", "show", "d1", "--json").json
    assert counts(done) == counted
    assert (found["amount"]["amount"], found["source"]) == shown


def test_an_unknown_policy_is_a_usage_error(bring: Bring) -> None:
    done = bring(OLD, "--on-match", "maybe")

    assert done.code == 2
    assert "--on-match takes update, fill, skip, new or fail, not maybe" in done.err
