"""``relate`` and ``unrelate``, and what of it show, queries, vCards and a book in JSON say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from support import made_once

from crm_cli.core.relationships import INVERSE, KINDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support import Run

    Crm = Callable[..., Run]

CARDS = """\
BEGIN:VCARD
VERSION:3.0
FN:Asha Verma
N:Verma;Asha;;;
UID:asha-1
item1.X-ABRELATEDNAMES;type=pref:Ravi Verma
item1.X-ABLabel:_$!<Spouse>!$_
item2.X-ABRELATEDNAMES:Bob
item2.X-ABLabel:Uncle
X-MANAGER:Meena Rao
END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:Ravi Verma
UID:urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6
RELATED;TYPE=friend,colleague:urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf7
RELATED;TYPE=emergency;VALUE=text:The neighbour
END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:राजेश कुमार
UID:urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf7
END:VCARD
"""


@pytest.fixture
@made_once
def three(crm: Crm) -> Crm:
    for name in ("Asha Verma", "Ravi Verma", "राजेश कुमार"):
        crm("add", name)
    crm("edit", "2", "company=Acme")
    return crm


@pytest.fixture
def imported(crm: Crm, tmp_path: Path) -> Crm:
    path = tmp_path / "cards.vcf"
    path.write_text(CARDS, encoding="utf-8")
    crm("import", str(path))
    return crm


def related(crm: Crm, ref: str) -> list[tuple[str, str, int | None]]:
    found: list[dict[str, Any]] = crm("show", ref, "--json").json["relationships"]
    return [(each["kind"], each["name"], each["person"] and each["person"]["id"]) for each in found]


@pytest.mark.parametrize("kind", KINDS)
def test_a_relationship_is_seen_from_both_sides(three: Crm, kind: str) -> None:
    three("relate", "asha", kind, "राजेश")

    assert related(three, "1") == [(kind, "राजेश कुमार", 3)]
    assert related(three, "3") == [(INVERSE[kind], "Asha Verma", 1)]


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("spouse", "Ravi Verma is Asha Verma's spouse"),
        ("reports-to", "Ravi Verma is Asha Verma's manager"),
        ("referred-by", "Ravi Verma referred Asha Verma"),
        ("Introduced_By", "Ravi Verma introduced Asha Verma"),
    ],
)
def test_the_result_is_a_sentence(three: Crm, kind: str, sentence: str) -> None:
    assert three("relate", "1", kind, "2").err == f"Related: {sentence} [ch5]\n"
    assert three("unrelate", "2", "1").err.startswith("Removed: ")
    assert related(three, "1") == related(three, "2") == []


def test_show_has_a_line_for_each(three: Crm) -> None:
    three("relate", "asha", "spouse", "ravi")
    three("relate", "asha", "assistant", "--name", "Meena Rao")

    assert "  spouse        2  Ravi Verma, Acme" in three("show", "1").lines
    assert "  assistant     Meena Rao" in three("show", "1").lines
    assert "  spouse        1  Asha Verma" in three("show", "2").lines


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (["relate", "1", "spose", "2"], 2, 'crm: "spose" is not a kind of relationship (did you mean spouse?)'),
        (["relate", "1", "spouse", "1"], 2, "crm: Asha Verma cannot be related to themselves"),
        (["relate", "1", "spouse", "nobody"], 3, 'crm: no match for "nobody" (look with: crm find)'),
        (["relate", "1", "spouse"], 2, "crm: who is the other person? (give a REF, or --name for one who is not"),
        (["relate", "1", "spouse", "2", "--name", "X"], 2, "crm: who is the other person?"),
        (["relate", "1", "spouse", "--name", " "], 2, "crm: a relationship needs a person or a name"),
        (["unrelate", "1"], 2, "crm: whose relationship is removed? (as in: crm unrelate asha spouse ravi)"),
        (["unrelate", "1", "3"], 3, "crm: राजेश कुमार is not recorded as related"),
        (["unrelate", "1", "friend", "2"], 3, "crm: Ravi Verma is not recorded as friend"),
    ],
)
def test_mistakes_are_refused_and_change_nothing(three: Crm, words: list[str], code: int, error: str) -> None:
    three("relate", "1", "spouse", "2")
    found = three(*words)

    assert found.code == code
    assert found.err.startswith(error)
    assert related(three, "1") == [("spouse", "Ravi Verma", 2)]


@pytest.mark.parametrize("again", [("1", "parent", "2"), ("2", "child", "1")])
def test_what_is_recorded_is_not_recorded_twice_from_either_side(three: Crm, again: tuple[str, ...]) -> None:
    three("relate", "1", "parent", "2")

    assert "that is already recorded" in three("relate", *again).err
    assert related(three, "1") == [("parent", "Ravi Verma", 2)]


def test_unrelate_removes_one_kind_or_all(three: Crm) -> None:
    three("relate", "1", "spouse", "2")
    three("relate", "1", "colleague", "2")
    three("relate", "2", "assistant", "1")

    three("unrelate", "1", "colleague", "2")
    assert [kind for kind, *_ in related(three, "1")] == ["spouse", "assists"]
    three("unrelate", "1", "assists", "2")
    three("unrelate", "1", "2")
    assert related(three, "1") == []


def test_a_name_is_removed_by_its_beginning(three: Crm) -> None:
    three("relate", "1", "assistant", "--name", "Meena Rao")

    assert three("unrelate", "1", "meena").err == "Removed: Meena Rao is Asha Verma's assistant [ch6]\n"


def test_undo_and_redo(three: Crm) -> None:
    three("relate", "1", "spouse", "2")
    three("undo", "ch5")
    assert related(three, "2") == []
    three("redo", "ch5")
    assert related(three, "2") == [("spouse", "Asha Verma", 1)]


def test_a_removed_person_stays_as_a_name_until_undo(three: Crm) -> None:
    three("relate", "1", "spouse", "2")

    three("rm", "2", "-y")
    assert related(three, "1") == [("spouse", "Ravi Verma", None)]
    three("undo", "ch6")
    assert related(three, "1") == [("spouse", "Ravi Verma", 2)]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("related:asha", ["2", "3"]),
        ("related:ravi", ["1"]),
        ("referred-by:राजेश", ["1"]),
        ("spouse:verma", ["1", "2"]),
        ("child:asha", ["4"]),
        ("parent:meera", ["1"]),
        ("has:relationship", ["1", "2", "3", "4"]),
        ("no:relationship", ["5"]),
        ("manager:asha", []),
        ("assistant:rao", ["1"]),
        ("reports-to:rao", []),
    ],
)
def test_queries(three: Crm, query: str, ids: list[str]) -> None:
    three("add", "Meera Verma")
    three("add", "Zoe")
    three("relate", "1", "spouse", "2")
    three("relate", "1", "referred-by", "3")
    three("relate", "4", "child", "1")
    three("relate", "1", "assistant", "--name", "Meena Rao")

    found = three("list", query, "--sort", "id", "--format", "ids").lines

    assert found == (ids if query != "related:asha" else ["2", "3", "4"])


def test_cards_of_other_programs_are_read(imported: Crm) -> None:
    """A name or a UID that fits a person is that person; another name stays, and so do kinds that are not ours."""
    assert related(imported, "1") == [("spouse", "Ravi Verma", 2), ("manager", "Meena Rao", None)]
    assert related(imported, "2") == [
        ("friend", "राजेश कुमार", 3), ("colleague", "राजेश कुमार", 3), ("spouse", "Asha Verma", 1),
    ]  # fmt: skip
    out = imported("export", "--format", "vcf").out
    for line in CARDS.splitlines():
        if line.startswith(("item", "RELATED", "X-MANAGER")):
            assert line in out


def test_the_same_file_again_changes_nothing(imported: Crm, tmp_path: Path) -> None:
    assert "0 changed, 3 same" in imported("import", str(tmp_path / "cards.vcf")).err


def test_what_a_newer_card_no_longer_has_is_removed(imported: Crm, tmp_path: Path) -> None:
    newer = tmp_path / "newer.vcf"
    newer.write_text(CARDS.replace("X-MANAGER:Meena Rao\n", "").replace("<Spouse>", "<Friend>"), encoding="utf-8")
    imported("import", str(newer))

    assert related(imported, "1") == [("friend", "Ravi Verma", 2)]
    imported("undo", "ch2")
    assert related(imported, "1") == [("spouse", "Ravi Verma", 2), ("manager", "Meena Rao", None)]


def test_a_name_is_linked_when_its_person_arrives(imported: Crm, tmp_path: Path) -> None:
    later = tmp_path / "later.csv"
    later.write_text("name,city\nMeena Rao,Pune\n", encoding="utf-8")
    imported("import", str(later))

    assert related(imported, "1") == [("spouse", "Ravi Verma", 2), ("manager", "Meena Rao", 4)]


def test_a_name_that_several_people_have_stays_text(crm: Crm, tmp_path: Path) -> None:
    crm("add", "Ravi Verma")
    crm("add", "Ravi Verma", "city=Pune")
    path = tmp_path / "cards.vcf"
    path.write_text(CARDS.partition("BEGIN:VCARD\nVERSION:4.0")[0], encoding="utf-8")
    crm("import", str(path))

    assert related(crm, "3")[0] == ("spouse", "Ravi Verma", None)


def test_unrelate_removes_the_line_of_the_card_too(imported: Crm) -> None:
    imported("unrelate", "1", "2")

    out = imported("export", "--format", "vcf").out
    assert "Ravi Verma\r\nitem1" not in out
    assert "_$!<Spouse>!$_" not in out
    assert "X-ABRELATEDNAMES:Bob" in out


def test_unrelate_of_one_kind_keeps_the_other_of_the_same_line(imported: Crm, tmp_path: Path) -> None:
    imported("unrelate", "2", "friend", "3")
    (tmp_path / "later.csv").write_text("name,city\nMeena Rao,Pune\n", encoding="utf-8")
    imported("import", str(tmp_path / "later.csv"))

    assert related(imported, "2") == [("colleague", "राजेश कुमार", 3), ("spouse", "Asha Verma", 1)]
    assert "RELATED;TYPE=colleague:urn:uuid:f81d4fae" in imported("export", "--format", "vcf").out


@pytest.mark.parametrize("version", ["3.0", "4.0"])
@pytest.mark.parametrize("kind", ["spouse", "sibling", "manager", "referred-by"])
def test_a_vcard_brings_relationships_into_another_book(three: Crm, tmp_path: Path, version: str, kind: str) -> None:
    three("relate", "1", kind, "3")
    three("relate", "2", kind, "--name", "Meera; of Pune")
    path = tmp_path / "book.vcf"
    three("export", "--vcard", version, "-o", str(path))
    other = ["--book", str(tmp_path / "other.db")]
    three("import", str(path), *other)

    found = three("show", "1", "--json", *other).json["relationships"]

    assert [(each["kind"], each["person"]["id"]) for each in found] == [(kind, 3)]
    assert [each["name"] for each in three("show", "2", "--json", *other).json["relationships"]] == ["Meera; of Pune"]


def test_our_own_card_imported_again_changes_nothing(three: Crm, tmp_path: Path) -> None:
    three("relate", "1", "referred-by", "3")
    path = tmp_path / "book.vcf"
    three("export", "-o", str(path))

    assert "0 changed, 4 same" in three("import", str(path)).err


def test_a_book_in_json_has_them(three: Crm, tmp_path: Path) -> None:
    three("relate", "1", "spouse", "2")
    three("relate", "3", "assistant", "--name", "Meena Rao")
    path = tmp_path / "book.json"
    three("export", "-o", str(path))
    empty, other = (["--book", str(tmp_path / name)] for name in ("empty.db", "other.db"))
    three("import", str(path), *empty)
    three("add", "Zoe", *other)
    three("import", str(path), *other)

    assert [each["person"]["id"] for each in three("show", "2", "--json", *empty).json["relationships"]] == [1]
    assert (
        three("export", "--format", "json", *empty).json["contacts"]
        == three("export", "--format", "json").json["contacts"]
    )
    assert [each["person"]["id"] for each in three("show", "2", "--json", *other).json["relationships"]] == [3]
    assert [each["name"] for each in three("show", "4", "--json", *other).json["relationships"]] == ["Meena Rao"]


def test_tab_offers_the_kinds_and_people(three: Crm) -> None:
    from crm_cli.completion import candidates

    assert ("referred-by", "") in (candidates(["relate", "asha"], "ref") or [])
    assert any(text.startswith("Ravi") for text, _ in candidates(["relate", "asha", "spouse"], "Rav") or [])
