"""Imports after a merge: either source updates the survivor, and a file with both records changes nothing by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support import Run

    Crm = Callable[..., Run]


def card(uid: str, name: str, *lines: str) -> str:
    return "\n".join(("BEGIN:VCARD", "VERSION:4.0", f"UID:{uid}", f"FN:{name}", *lines, "END:VCARD", ""))


ASHA = ("k1", "Asha Verma", "EMAIL:asha@acme.example", "NOTE:Likes tea", "ORG:Acme", "TITLE:CTO")
VEE = ("k2", "Asha V", "EMAIL:asha@acme.example", "EMAIL:asha@home.example", "NOTE:Met in Pune", "BDAY:1984-03-09")


@pytest.fixture
def both(crm: Crm, tmp_path: Path) -> Callable[..., Run]:
    """Both cards were imported as 1 and 2, and merged; the function imports newer cards from the same file."""

    def again(*cards: tuple[str, ...]) -> Run:
        (tmp_path / "book.vcf").write_text("".join(card(*each) for each in cards))
        return crm("import", str(tmp_path / "book.vcf"))

    again(ASHA, VEE)
    assert crm("merge", "1", "2", "--yes").code == 0
    return again


def shown(crm: Crm, ref: str = "1") -> dict[str, Any]:
    found: dict[str, Any] = crm("show", ref, "--json").json
    return found


def counts(found: Run) -> str:
    return found.err.partition(": ")[2].partition(" [")[0].splitlines()[0]


def test_the_same_file_changes_nothing(crm: Crm, both: Callable[..., Run]) -> None:
    assert counts(both(ASHA, VEE)) == "2 read, 0 new, 0 changed, 2 same, 0 rejected"
    assert counts(both(VEE, ASHA)) == "2 read, 0 new, 0 changed, 2 same, 0 rejected"


def test_either_card_updates_the_survivor(crm: Crm, both: Callable[..., Run]) -> None:
    newer = [(*ASHA, "TEL:+91 98200 12345"), (*VEE, "TEL:+91 98200 54321")]

    assert counts(both(*newer)) == "2 read, 0 new, 2 changed, 0 same, 0 rejected"
    assert sorted(each["e164"] for each in shown(crm)["phones"]) == ["+919820012345", "+919820054321"]
    assert "0 new, 0 changed" in both(*newer).err
    assert len(crm("list", "--format", "ids").lines) == 1


def test_what_one_card_drops_stays_if_the_other_has_it(crm: Crm, both: Callable[..., Run]) -> None:
    both(ASHA, tuple(line for line in VEE if "acme" not in line))

    assert [each["value"] for each in shown(crm)["emails"]] == ["asha@acme.example", "asha@home.example"]
    both(ASHA, tuple(line for line in VEE if "EMAIL" not in line))
    assert [each["value"] for each in shown(crm)["emails"]] == ["asha@acme.example"]


def test_notes_change_where_they_are(crm: Crm, both: Callable[..., Run]) -> None:
    found = both(
        tuple(line.replace("tea", "coffee") for line in ASHA), tuple(line.replace("Pune", "Goa") for line in VEE)
    )

    assert "2 changed" in found.err
    notes = shown(crm)["notes"]
    assert ("Likes coffee" in notes, "Met in Goa" in notes) == (True, True)
    assert ("tea" in notes, "Pune" in notes) == (False, False)


def test_a_value_that_came_from_the_other_is_updated(crm: Crm, both: Callable[..., Run]) -> None:
    both(ASHA, tuple(line.replace("1984", "1985") for line in VEE))

    assert shown(crm)["birthday"] == "1985-03-09"


def test_after_unmerge_each_card_updates_its_own_person(crm: Crm, both: Callable[..., Run]) -> None:
    newer = [(*ASHA, "TEL:+91 98200 12345"), (*VEE, "TEL:+91 98200 54321")]
    both(*newer)
    crm("unmerge", "2")
    assert [each["e164"] for each in shown(crm, "2")["phones"]] == []

    both(*newer)

    assert [each["e164"] for each in shown(crm, "2")["phones"]] == ["+919820054321"]
    assert len(crm("list", "--format", "ids").lines) == 2


def test_a_card_exported_before_finds_the_survivor(crm: Crm, tmp_path: Path) -> None:
    crm("add", "Asha Verma", "email=asha@acme.example")
    crm("add", "Asha V", "email=asha@home.example")
    crm("export", "--format", "vcf", "-o", str(tmp_path / "old.vcf"))
    crm("merge", "1", "2", "--yes")

    found = crm("import", str(tmp_path / "old.vcf"))

    assert "0 new" in found.err
    assert crm("list", "--format", "ids").lines == ["1"]
    assert [each["value"] for each in shown(crm)["emails"]] == ["asha@acme.example", "asha@home.example"]


def test_a_book_exported_before_finds_the_survivor(crm: Crm, tmp_path: Path) -> None:
    crm("add", "Asha Verma", "email=asha@acme.example")
    crm("add", "Asha V", "email=asha@home.example")
    crm("met", "1", "2", "-m", "both")
    crm("export", "--format", "json", "-o", str(tmp_path / "old.json"))
    crm("merge", "1", "2", "--yes")

    found = crm("import", str(tmp_path / "old.json"))

    assert "0 new" in found.err
    assert crm("list", "--format", "ids").lines == ["1"]


def test_merges_of_another_book_are_said(crm: Crm, tmp_path: Path) -> None:
    crm("add", "Asha Verma", "email=asha@acme.example")
    crm("add", "Asha V", "email=asha@home.example")
    crm("merge", "1", "2", "--yes")
    crm("export", "--format", "json", "-o", str(tmp_path / "book.json"))
    other = ("--book", str(tmp_path / "other.db"))
    crm(*other, "add", "Mia Roth")

    found = crm(*other, "import", str(tmp_path / "book.json"))

    assert "1 merge was not imported" in found.err
    assert crm(*other, "check").code == 0
    assert "merge was not imported" not in crm("import", str(tmp_path / "book.json")).err


CSV = "Name,Email,Phone\nAsha Verma,asha@acme.example,{}\nAsha V,asha@home.example,{}\n"


def test_rows_without_keys_do_not_make_new_people(crm: Crm, tmp_path: Path) -> None:
    file = tmp_path / "leads.csv"
    file.write_text(CSV.format("", ""))
    crm("import", str(file))
    crm("merge", "1", "2", "--yes")

    file.write_text(CSV.format("+91 98200 12345", "+91 98200 54321"))
    found = crm("import", str(file))

    assert "0 new, 2 changed" in found.err
    assert sorted(each["e164"] for each in shown(crm)["phones"]) == ["+919820012345", "+919820054321"]
    assert "0 new, 0 changed" in crm("import", str(file)).err


def test_a_merged_company_is_found_by_its_old_name(crm: Crm, tmp_path: Path) -> None:
    crm("company", "add", "Acme")
    crm("company", "add", "Acme Pvt. Ltd.")
    crm("merge", "c1", "c2", "--yes")
    file = tmp_path / "leads.csv"
    file.write_text("Name,Email,Company\nAsha Verma,asha@acme.example,Acme Pvt. Ltd.\n")

    crm("import", str(file))

    assert shown(crm)["company"] == "Acme"
    assert crm("company", "list", "--format", "ids").lines == ["c1"]


def test_imported_activities_are_handed_to_the_one_that_they_name(crm: Crm, tmp_path: Path) -> None:
    people, calls = tmp_path / "people.csv", tmp_path / "calls.csv"
    people.write_text("Contact ID,First Name,Last Name,Email\n003A1,Asha,Verma,a@x.example\n003A2,Asha,V,b@x.example\n")
    crm("import", str(people))
    crm("merge", "1", "2", "--yes")
    calls.write_text(
        "Activity ID,Subject,Type,Date,Contact ID\n"
        "00T1,first,Call,2026-11-01,003A1\n00T2,second,Call,2026-11-02,003A2\n"
    )
    crm("import", str(calls))
    assert sorted(each["subject"] for each in shown(crm)["history"]) == ["first", "second"]

    crm("unmerge", "2")

    assert [each["subject"] for each in shown(crm)["history"]] == ["first"]
    assert [each["subject"] for each in shown(crm, "2")["history"]] == ["second"]
