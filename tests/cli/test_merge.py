"""`crm merge` and `crm unmerge`: several records of one person or company become one, and two again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from support import made_once

from crm_cli.book.book import Book
from crm_cli.queries import book_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support import Run

    Crm = Callable[..., Run]


@pytest.fixture
@made_once
def twice(crm: Crm) -> Crm:
    """Asha is in the book as 1 and 2; Ravi is 3."""
    crm("field", "add", "size")
    crm(
        "add", "Asha Verma", "email=asha@acme.example", "company=Acme", "title=CTO", "+client", "birthday=--04-12",
        "status=client", "notes=Likes tea", "size=10",
    )  # fmt: skip
    crm(
        "add", "Asha V", "email=ASHA@acme.example", "email+=asha@home.example", "phone=098200 12345", "company=Globex",
        "title=CEO", "+lead", "+client", "birthday=1980-04-12", "status=lead", "notes=Met at the fair", "size=20",
        "city=Pune",
    )  # fmt: skip
    crm("add", "Ravi Kumar")
    crm("relate", "2", "spouse", "3")
    crm("relate", "3", "manager", "2")
    crm("relate", "1", "spouse", "3")
    crm("called", "2", "-m", "hello")
    crm("met", "1", "2", "-m", "both")
    crm("deal", "add", "Tins", "--with", "2")
    crm("cadence", "set", "2", "6w")
    crm("allow", "1", "email")
    crm("stop", "2", "email")
    return crm


def shown(crm: Crm, ref: str) -> dict[str, Any]:
    found: dict[str, Any] = crm("show", ref, "--json").json
    return found


def known_of(crm: Crm, ref: str) -> dict[str, Any]:
    """Return what is known of a record, without what every change of it moves."""
    found = shown(crm, ref)
    for each in (found, *found["agenda"], *found["history"], *found["deals"]):
        for key in ("updated", "revision", "people"):
            each.pop(key, None)
    return found


def dumped(path: Path) -> list[str]:
    with Book.read(path) as book:
        return book_json.dump(book.db)


def test_nothing_is_lost(twice: Crm) -> None:
    found = twice("merge", "1", "2", "--yes")

    assert "Merged 2 Asha V into 1 Asha Verma" in found.err
    card = shown(twice, "1")
    assert [each["value"] for each in card["emails"]] == ["asha@acme.example", "asha@home.example"]
    assert [each["e164"] for each in card["phones"]] == ["+919820012345"]
    assert (card["name"], card["nickname"], card["birthday"]) == ("Asha Verma", "Asha V", "1980-04-12")
    assert (card["company"], card["title"], card["status"]) == ("Acme", "CTO", "client")
    assert [(job["company"], job["current"]) for job in card["employments"]] == [("Acme", True), ("Globex", False)]
    assert card["tags"] == ["client", "lead"]
    assert card["custom"] == {"size": "10"}
    assert [(one["kind"], one["person"]["id"]) for one in card["relationships"]] == [("spouse", 3), ("report", 3)]
    assert sorted(each["subject"] for each in card["history"]) == ["both", "hello"]
    assert [each["title"] for each in card["deals"]] == ["Tins"]
    assert card["cadence"]["own"] == "6w"
    for kept in ("Likes tea", "Met at the fair", "size 20", "status lead"):
        assert kept in card["notes"]
    assert twice("check").code == 0


def test_a_stop_wins(twice: Crm) -> None:
    twice("merge", "1", "2", "--yes")

    assert shown(twice, "1")["consent"]["email"]["state"] == "stopped"


def test_what_is_kept_can_be_chosen(twice: Crm) -> None:
    twice(
        "merge", "1", "2", "--yes", "--keep", "name=2", "--keep", "company=2", "--keep", "size=2", "--keep", "status=1"
    )

    card = shown(twice, "1")
    assert (card["name"], card["nickname"]) == ("Asha V", "Asha Verma")
    assert (card["company"], card["custom"], card["status"]) == ("Globex", {"size": "20"}, "client")
    assert "size 10" in card["notes"]


def test_the_old_id_and_uid_lead_to_the_survivor(twice: Crm) -> None:
    uid = shown(twice, "2")["uid"]
    twice("merge", "1", "2", "--yes")

    assert shown(twice, "2")["id"] == 1
    assert shown(twice, f"uid:{uid[:12]}")["id"] == 1
    assert twice("list", "2", "--format", "ids").lines == ["1"]
    twice("tag", "2", "+vip")
    assert "vip" in shown(twice, "1")["tags"]
    twice("add", "Asha Vee")
    twice("merge", "4", "1", "--yes")
    assert shown(twice, "2")["id"] == 4
    assert shown(twice, "1")["id"] == 4


def test_show_and_changes_know_what_was_merged(twice: Crm) -> None:
    edited = twice("edit", "2", "city=Goa", "--json").json and twice("changes", "2", "--format", "ids").lines[0]
    twice("merge", "1", "2", "--yes")

    assert any("merged from" in line and "2 Asha V" in line for line in twice("show", "1").lines)
    assert [(each["id"], each["name"]) for each in shown(twice, "1")["merged"]] == [(2, "Asha V")]
    assert edited in twice("changes", "1", "--format", "ids").lines
    twice("unmerge", "2")
    assert shown(twice, "1")["merged"] == []


def test_a_preview_changes_nothing(twice: Crm, book_path: Path) -> None:
    before = dumped(book_path)

    found = twice("merge", "1", "2", "--dry-run")

    assert dumped(book_path) == before
    assert "birthday: 1980-04-12 (from 2)" in found.out
    assert "status: client; lead goes to the notes" in found.out
    assert "nothing was changed" in found.err


def test_off_a_terminal_a_yes_is_needed(twice: Crm, book_path: Path) -> None:
    before = dumped(book_path)

    found = twice("merge", "1", "2")

    assert (found.code, dumped(book_path)) == (2, before)
    assert "--yes" in found.err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("1",), 2), (("1", "1"), 2), (("1", "c1"), 2), (("1", "99"), 3), (("1", "2", "--keep", "x=1"), 2),
        (("1", "2", "--keep", "name=3"), 2), (("1", "2", "--keep", "name"), 2),
    ],
)  # fmt: skip
def test_what_cannot_be_merged_is_refused(twice: Crm, book_path: Path, words: tuple[str, ...], code: int) -> None:
    before = dumped(book_path)

    assert twice("merge", *words, "--yes").code == code
    assert dumped(book_path) == before


def test_json_says_what_was_kept(twice: Crm) -> None:
    found = twice("merge", "1", "2", "--yes", "--json").json

    assert found["survivor"]["id"] == 1
    assert [(each["id"], each["name"]) for each in found["merged"]] == [(2, "Asha V")]
    fields = {each["field"]: each for each in found["merged"][0]["fields"]}
    assert fields["status"] == {
        "field": "status", "kept": "client", "kept_from": 1, "other": "lead", "other_to": "notes"
    }  # fmt: skip
    assert fields["birthday"]["kept_from"] == 2
    assert (found["moved"]["activities"], found["same"]["activities"]) == (1, 1)


def test_unmerge_brings_both_back(twice: Crm) -> None:
    before = [known_of(twice, ref) for ref in ("1", "2", "3")]
    twice("merge", "1", "2", "--yes")

    found = twice("unmerge", "2")

    assert "Took 2 Asha V out of 1 Asha Verma" in found.err
    assert [known_of(twice, ref) for ref in ("1", "2", "3")] == before
    assert twice("check").code == 0


def test_later_edits_stay_with_the_survivor(twice: Crm) -> None:
    mine, theirs = known_of(twice, "1"), known_of(twice, "2")
    twice("merge", "1", "2", "--yes")
    twice("edit", "1", "birthday=1981-01-01", "phone=+91 98111 22222", "email-=asha@home.example", "+vip")
    twice("edit", "1", "notes+=Allergic to nuts")
    twice("called", "1", "-m", "later")

    found = twice("unmerge", "1")

    assert "edited or removed since the merge, left as it is at 1" in found.err
    assert known_of(twice, "2") == theirs
    now = known_of(twice, "1")
    assert (now["birthday"], now["nickname"], now["status"]) == ("1981-01-01", "", "client")
    assert [each["value"] for each in now["phones"]] == ["+91 98111 22222"]
    assert [each["value"] for each in now["emails"]] == ["asha@acme.example"]
    assert now["notes"] == "Likes tea\n\nAllergic to nuts"
    assert now["tags"] == ["client", "vip"]
    assert [each["subject"] for each in now["history"]] == ["later", "both"]
    assert now["employments"] == mine["employments"]


def test_what_cannot_come_back_is_counted(twice: Crm) -> None:
    twice("merge", "1", "2", "--yes")
    twice("field", "rm", "size", "--yes")
    twice("rm", "3", "--yes")

    found = twice("unmerge", "2")

    assert (
        "could not come back, as what it belongs to is no longer in the book: 1 relationship, 1 custom field"
        in found.err
    )
    assert shown(twice, "2")["custom"] == {}
    assert [(one["name"], one["person"]) for one in shown(twice, "2")["relationships"]] == [("Ravi Kumar", None)]
    assert twice("check").code == 0


def test_a_removed_activity_is_gone_for_both(twice: Crm) -> None:
    twice("merge", "1", "2", "--yes")
    twice("rm", "a1", "d1", "--yes")

    found = twice("unmerge", "2", "--json").json

    assert (found["edited"], found["lost"]) == ({"activities": 1, "deals": 1}, {})
    assert [each["subject"] for each in shown(twice, "2")["history"]] == ["both"]


def test_a_company_that_was_merged_since_is_followed(twice: Crm) -> None:
    """A job of the merged person comes back at the company that theirs was merged into."""
    twice("company", "add", "Globex International")
    twice("merge", "1", "2", "--yes")
    twice("merge", "c3", "c2", "--yes")

    twice("unmerge", "2")

    assert shown(twice, "2")["company"] == "Globex International"
    assert [job["company"] for job in shown(twice, "1")["employments"]] == ["Acme"]
    twice("unmerge", "c2")
    assert shown(twice, "2")["company"] == "Globex"


def test_pairs_that_are_not_the_same_move_along(twice: Crm) -> None:
    twice("dupes", "not", "2", "3")
    twice("dupes", "not", "1", "2")
    twice("merge", "1", "2", "--yes")
    with_both = twice("unmerge", "2", "--json").json

    assert (with_both["edited"], with_both["lost"]) == ({}, {})
    assert twice("check").code == 0


def test_undo_and_redo_work_as_for_everything(twice: Crm, book_path: Path) -> None:
    before = dumped(book_path)
    merged = twice("merge", "1", "2", "--yes", "--json").json["change"]
    after = dumped(book_path)
    apart = twice("unmerge", "2", "--json").json["change"]
    two = dumped(book_path)

    assert "cannot be undone" in twice("undo", merged).err
    twice("undo", apart)
    assert dumped(book_path) == after
    twice("redo", apart)
    assert dumped(book_path) == two
    twice("undo", apart)
    twice("undo", merged)
    assert dumped(book_path) == before


def test_an_earlier_merge_is_taken_out_alone(twice: Crm) -> None:
    """The later one stays merged, even where it had the same."""
    first, third = known_of(twice, "2"), known_of(twice, "1")
    twice("add", "A. Verma", "email=asha@home.example", "nickname=Ash")
    fourth = known_of(twice, "4")
    twice("merge", "1", "2", "--yes")
    twice("merge", "1", "4", "--yes")

    twice("unmerge", "2")

    assert known_of(twice, "2") == first
    assert [each["value"] for each in shown(twice, "1")["emails"]] == ["asha@acme.example", "asha@home.example"]
    assert shown(twice, "4")["id"] == 1
    twice("unmerge", "4")
    assert known_of(twice, "4") == fourth
    assert known_of(twice, "1") == third


def test_several_merges_are_told_apart(twice: Crm) -> None:
    twice("merge", "1", "2", "3", "--yes")

    found = twice("unmerge", "1")

    assert found.code == 4
    assert "2  Asha V" in found.err
    assert twice("unmerge", "3").code == 0
    assert twice("unmerge", "1").code == 0
    assert twice("unmerge", "1").code == 3


def test_companies_merge_too(twice: Crm) -> None:
    twice("company", "add", "Globex Ltd", "phone=020 2553 1234", "+key", "notes=Since 1990")
    before = [known_of(twice, ref) for ref in ("c2", "c3")]

    twice("merge", "c2", "c3", "--yes")

    assert shown(twice, "c3")["id"] == "c2"
    assert "name Globex Ltd" in shown(twice, "c2")["notes"]
    assert shown(twice, "globex ltd")["id"] == "c2"
    twice("add", "Mia Roth", "company=Globex Ltd")
    assert shown(twice, "4")["company"] == "Globex"
    twice("edit", "4", "company=")
    twice("unmerge", "c3")
    assert [known_of(twice, ref) for ref in ("c2", "c3")] == before


def test_mail_to_an_address_of_the_merged_one_goes_with_it(twice: Crm, tmp_path: Path) -> None:
    twice("merge", "1", "2", "--yes")
    for number, sender in enumerate(("asha@home.example", "asha@acme.example")):
        mail = tmp_path / f"{number}.eml"
        mail.write_text(
            f"From: Asha <{sender}>\nTo: me@me.example\nMessage-ID: <{number}@x>\nSubject: mail {sender}\n"
            "Date: Sun, 22 Nov 2026 08:00:00 +0000\n\nHello\n"
        )
        assert twice("capture", str(mail)).code == 0
    assert len(shown(twice, "1")["history"]) == 4

    twice("unmerge", "2")

    assert "mail asha@home.example" in [each["subject"] for each in shown(twice, "2")["history"]]
    assert "mail asha@home.example" not in json.dumps(shown(twice, "1")["history"])
    assert "mail asha@acme.example" in [each["subject"] for each in shown(twice, "1")["history"]]


def test_a_book_with_merges_comes_back_from_json(twice: Crm, book_path: Path, tmp_path: Path) -> None:
    twice("merge", "1", "2", "--yes")
    file, other = tmp_path / "book.json", tmp_path / "other.db"
    twice("export", "--format", "json", "-o", str(file))

    assert twice("--book", str(other), "import", str(file)).code == 0

    assert dumped(other) == dumped(book_path)
    assert twice("--book", str(other), "unmerge", "2").code == 0
