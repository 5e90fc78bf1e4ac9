"""``crm import`` of vCards that something is wrong with: nothing is dropped without a word."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support import Run

    Crm = Callable[..., Run]


def card(name: str, *lines: str) -> str:
    return "\n".join(["BEGIN:VCARD", "VERSION:3.0", f"FN:{name}", *lines, "END:VCARD"])


def names(crm: Crm) -> list[str]:
    return crm("list", "--columns", "name", "--sort", "id").lines


def rejects(path: Path) -> list[list[str]]:
    with path.with_name(path.name + ".rejects").open(encoding="utf-8", newline="") as rows:
        return list(csv.reader(rows))[1:]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cards.vcf"


@pytest.mark.parametrize("glue", ["", "\n", "\xa0", "\n\x0c", "\n,", "\nNULL", "\ufeff", "\n> "])
def test_glued_cards_all_come_in(crm: Crm, file: Path, glue: str) -> None:
    file.write_text(glue.join(map(card, ("Anna", "Bert", "Cora"))), encoding="utf-8")

    done = crm("import", str(file))

    assert done.code == 0
    assert names(crm) == ["Anna", "Bert", "Cora"]


def test_a_card_cut_off_at_the_end_is_rejected(crm: Crm, file: Path) -> None:
    file.write_text(card("Anna") + "\nBEGIN:VCARD\nFN:Bert\nTEL:+49 3", encoding="utf-8")

    done = crm("import", str(file))

    assert done.code == 5
    assert names(crm) == ["Anna"]
    assert rejects(file) == [["5", "no END:VCARD; the card is cut off", "FN:Bert\nTEL:+49 3"]]


def test_a_card_closed_by_the_next_comes_in_with_a_warning(crm: Crm, file: Path) -> None:
    file.write_text("BEGIN:VCARD\nFN:Anna\n" + card("Bert") + "\n", encoding="utf-8")

    done = crm("import", str(file))

    assert done.code == 0
    assert sorted(names(crm)) == ["Anna", "Bert"]
    assert "no END:VCARD; the card was closed where the next began" in done.err


def test_2000_nested_begins_are_one_rejected_card(crm: Crm, file: Path) -> None:
    file.write_text("BEGIN:VCARD\n" * 2000 + "FN:x\n" + "END:VCARD\n" * 2000 + card("Anna") + "\n", encoding="utf-8")

    done = crm("import", str(file))

    assert done.code == 5
    assert "2 read, 1 new, 0 changed, 0 same, 1 rejected" in done.err
    assert "FN:x" in rejects(file)[0][2]


def test_cards_of_nothing_known_are_rejected(crm: Crm, file: Path) -> None:
    cards = [f"BEGIN:VCARD\n{line}\nEND:VCARD\n" for line in ("PRODID:x\nREV:1", "NOTE:x", "X-A:1", "First name:Eddie")]
    file.write_text("".join(cards), encoding="utf-8")

    done = crm("import", str(file))

    assert done.code == 5
    assert "4 read, 0 new, 0 changed, 0 same, 4 rejected" in done.err
    assert [row[2] for row in rejects(file)] == ["PRODID:x\nREV:1", "NOTE:x", "X-A:1", "First name:Eddie"]


def test_text_outside_any_card_is_said_and_lines_of_cards_are_kept(crm: Crm, file: Path) -> None:
    text = "Yesterday's export\nby hand\n" + card("Anna") + "\nTEL:1\nEMAIL:a@b.example\n" + card("Bert") + "\n"
    file.write_text(text, encoding="utf-8")

    done = crm("import", str(file))

    assert done.code == 5
    assert "line 1: 2 lines of text outside any card skipped" in done.err
    assert rejects(file) == [["7", "2 lines outside any card", "TEL:1\nEMAIL:a@b.example"]]
    assert names(crm) == ["Anna", "Bert"]


def test_a_card_on_the_line_of_its_beginning_swallows_no_other(crm: Crm, file: Path) -> None:
    file.write_text("BEGIN:VCARD VERSION:3.0\nFN:Anna\nEND:VCARD\n" + card("Bert") + "\n", encoding="utf-8")

    assert crm("import", str(file)).code == 0
    assert names(crm) == ["Anna", "Bert"]


@pytest.mark.parametrize(
    ("byte", "read"),
    [(b"\xe9", "\u00e9"), (b"\x80", "\ufffd"), (b"\xe2\x82", "\ufffd")],
    ids=["letter", "sign", "piece"],
)
@pytest.mark.parametrize("kind", ["vcf", "csv"])
def test_a_bad_byte_costs_itself_and_is_counted(crm: Crm, file: Path, kind: str, byte: bytes, read: str) -> None:
    """One rule for every format: Windows-1252 where that is a letter, otherwise U+FFFD."""
    rows = {
        "vcf": f"{card('Jörg Łoś')}\n{card('Zoë Čapek Andr!')}\n",
        "csv": "Name,Email\nJörg Łoś,\nZoë Čapek Andr!,\n",
    }
    file.write_bytes(rows[kind].encode().replace(b"!", byte))

    done = crm("import", str(file))

    assert names(crm) == ["Jörg Łoś", f"Zoë Čapek Andr{read}"]
    assert "not UTF-8" in done.err
    assert "read as Windows-1252 where that is a letter" in done.err


def test_what_is_read_as_windows_1252_is_said(crm: Crm, file: Path) -> None:
    file.write_bytes(card("Jörg").encode("cp1252"))

    done = crm("import", str(file))

    assert names(crm) == ["Jörg"]
    assert "1 line is neither UTF-8 nor in a CHARSET of the card; read as Windows-1252" in done.err


def test_the_same_spoilt_file_again_changes_nothing(crm: Crm, file: Path) -> None:
    text = (
        card("Jörg")
        + card("Bert", "TEL:1")
        + "\nNOTE:stray\nBEGIN:VCARD\nBEGIN:VCARD\nFN:Cora\nEND:VCARD\n"
        + card("!")
    )
    file.write_bytes(text.encode().replace(b"!", b"\xff"))
    crm("import", str(file))

    assert "0 new, 0 changed" in crm("import", str(file)).err


UUID = "9130b79c-1f59-456e-a96b-bf633fac5000"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (UUID, f"urn:uuid:{UUID}"),
        (f"urn:uuid:{UUID}", UUID),
        (UUID, UUID.upper()),
        (UUID.upper(), f"URN:UUID:{UUID}"),
    ],
)
def test_a_uuid_is_one_key_however_it_is_written(crm: Crm, file: Path, first: str, second: str) -> None:
    file.write_text(card("Anna", f"UID:{first}", "TEL:+43 664 1"), encoding="utf-8")
    crm("import", str(file))
    file.write_text(card("Anna", f"UID:{second}", "TEL:+43 664 2"), encoding="utf-8")

    done = crm("import", str(file))

    assert "1 read, 0 new, 1 changed" in done.err
    assert crm("phone", "anna", "--no-header").out.startswith("+43 664 2\t")


def test_a_uuid_leaves_as_it_came(crm: Crm, file: Path) -> None:
    file.write_text(card("Anna", f"UID:urn:uuid:{UUID.upper()}"), encoding="utf-8")
    crm("import", str(file))

    done = crm("export", "--format", "vcf")

    assert f"UID:urn:uuid:{UUID.upper()}" in done.lines


def test_our_cards_of_both_versions_are_one_person_elsewhere(crm: Crm, tmp_path: Path) -> None:
    crm("add", "Anna", "phone=+43 664 1")
    for version in ("3.0", "4.0"):
        crm("export", "--format", "vcf", "--vcard", version, "-o", str(tmp_path / f"{version}.vcf"))
    elsewhere = ("--book", str(tmp_path / "elsewhere.db"))
    crm(*elsewhere, "import", str(tmp_path / "3.0.vcf"))

    done = crm(*elsewhere, "import", str(tmp_path / "4.0.vcf"))

    assert "0 new" in done.err
    assert len(crm(*elsewhere, "list", "--columns", "name").lines) == 1


def test_an_email_with_its_name_is_the_address(crm: Crm, file: Path) -> None:
    file.write_text(
        card("Eva Eins", "EMAIL:Eva Eins <e1@x.example>", "EMAIL:<e2@x.example>", "EMAIL:Sales desk <e3@x.example>"),
        encoding="utf-8",
    )

    crm("import", str(file))

    addresses = [line.partition("\t")[0] for line in crm("email", "eva", "--no-header").lines]
    assert addresses == ["e1@x.example", "e2@x.example", "e3@x.example"]
    assert "Sales desk" in crm("show", "eva").out


def test_a_phone_that_says_none_is_skipped_and_counted(crm: Crm, file: Path) -> None:
    file.write_text(card("Asha", "TEL:n/a", "TEL;TYPE=WORK:none", "TEL:-", "TEL:022 1234567", "TEL:"), encoding="utf-8")

    done = crm("import", str(file))

    assert [each["value"] for each in json.loads(crm("list", "--json").out)[0]["phones"]] == ["022 1234567"]
    assert "line 1: 3 phones say that there is no number; skipped" in done.err


@pytest.mark.parametrize(
    "label", ["_$!<Anniversary>!$_", "Jahrestag", "Anniversaire de mariage", "結婚記念日", "rocznica ślubu"]
)
def test_a_day_labelled_anniversary_in_any_language_is_the_anniversary(crm: Crm, file: Path, label: str) -> None:
    file.write_text(card("Asha", "item1.X-ABDATE:2010-06-12", f"item1.X-ABLabel:{label}"), encoding="utf-8")

    crm("import", str(file))

    assert json.loads(crm("list", "--json").out)[0]["anniversary"] == "2010-06-12"
    assert label in crm("export", "--format", "vcf").out


def test_an_email_that_says_none_is_skipped_and_counted(crm: Crm, file: Path) -> None:
    file.write_text(card("Anna", "EMAIL:n/a", "EMAIL:-") + "\n" + card("Bert", "EMAIL:none"), encoding="utf-8")

    done = crm("import", str(file))

    assert "line 1: 3 e-mails say that there is no address; skipped" in done.err
    assert "n/a" not in crm("show", "anna").out


def test_an_email_in_a_table_with_its_name_or_none(crm: Crm, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("Name,Email\nEva Eins,Eva Eins <e1@x.example>\nAnna,n/a\n,Bert <b@x.example>\n", encoding="utf-8")

    done = crm("import", str(path))

    assert "line 3: e-mail 'n/a' says that there is no address; skipped" in done.err
    assert names(crm) == ["Eva Eins", "Anna", "Bert"]
    assert crm("email", "b@x", "--no-header").out.startswith("b@x.example\t")


def test_a_number_with_invisible_signs_is_that_number(crm: Crm, file: Path) -> None:
    file.write_text(card("Anna", "TEL:+49 151 2345671"), encoding="utf-8")
    crm("import", str(file))
    signs = card("Anna", "TEL:\u202a+49\u202f151\xa02345671\u202c", "NOTE:a\u200eb", "ADR:;;\u2066Weg 1\u2069;Ulm;;;")
    file.write_text(signs, encoding="utf-8")

    done = crm("import", str(file))

    assert "0 new" in done.err
    assert crm("phone", "anna", "--no-header").out.startswith("+49 151 2345671\t")
    shown = crm("show", "anna", "--json").out
    assert '"Weg 1"' in shown
    assert "a\u200eb" in shown or "a\\u200eb" in shown


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        ("山田;太郎;;;", "山田太郎"),
        ("김;철수;;;", "김철수"),
        ("王;小明;;;", "王小明"),
        ("やまだ;たろう;;;", "やまだたろう"),
        ("Nagy;Anna;;;", "Anna Nagy"),
        ("Nguyễn;Thị;;;", "Thị Nguyễn"),
    ],
)
def test_a_card_without_fn_is_named_as_its_script_orders_names(crm: Crm, file: Path, parts: str, name: str) -> None:
    file.write_text(f"BEGIN:VCARD\nVERSION:3.0\nN:{parts}\nEND:VCARD\n", encoding="utf-8")

    crm("import", str(file))

    assert names(crm) == [name]


@pytest.mark.parametrize(
    "lines",
    [
        ["item1.X-ABDATE:2008-12-10", "item1.X-ABLabel:_$!<Anniversary>!$_"],
        ["X-KADDRESSBOOK-X-Anniversary:2008-12-10"],
    ],
)
def test_an_anniversary_of_apple_or_kde_is_one_and_leaves_as_it_came(crm: Crm, file: Path, lines: list[str]) -> None:
    file.write_text(card("Anna", *lines), encoding="utf-8")
    crm("import", str(file))

    done = crm("export", "--format", "vcf")

    assert "10 Dec 2008" in crm("show", "anna").out
    assert set(lines) <= set(done.lines)


def test_an_anniversary_that_you_change_replaces_that_of_apple(crm: Crm, file: Path) -> None:
    file.write_text(card("Anna", "item1.X-ABDATE:2008-12-10", "item1.X-ABLabel:_$!<Anniversary>!$_"), encoding="utf-8")
    crm("import", str(file))
    crm("edit", "anna", "anniversary=2009-01-02")

    done = crm("export", "--format", "vcf")

    assert "ANNIVERSARY:20090102" in done.lines
    assert not any("X-ABDATE" in line or "X-ABLabel" in line for line in done.lines)


@pytest.mark.parametrize("kind", ["location", "device", "application", "thing"])
def test_a_card_of_a_thing_is_rejected_with_the_reason(crm: Crm, file: Path, kind: str) -> None:
    file.write_text(card("Room 1", f"KIND:{kind}") + "\n" + card("Anna"), encoding="utf-8")

    done = crm("import", str(file))

    assert done.code == 5
    assert f"KIND:{kind} is neither a person nor an organisation" in done.err
    assert names(crm) == ["Anna"]


def test_groups_are_tags_on_their_members(crm: Crm, file: Path) -> None:
    apple = card("Chess club", "X-ADDRESSBOOKSERVER-KIND:group", f"X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:{UUID}")
    other = card(
        "Choir", "KIND:group", "MEMBER:mailto:bert@x.example", f"MEMBER:{UUID.upper()}", "MEMBER:urn:uuid:gone"
    )
    people = [card("Anna", f"UID:{UUID}"), card("Bert", "EMAIL:bert@x.example")]
    file.write_text("\n".join([apple, other, *people]), encoding="utf-8")

    done = crm("import", str(file))

    assert names(crm) == ["Anna", "Bert"]
    assert crm("list", "tag:choir", "--columns", "name").lines == ["Anna", "Bert"]
    assert crm("list", 'tag:"chess club"', "--columns", "name").lines == ["Anna"]
    assert "2 read, 2 new" in done.err
    assert "group 'Choir' is a tag on its members: 2 of them; 1 not in the book" in done.err
    assert crm("check").code == 0
    assert "0 new, 0 changed" in crm("import", str(file)).err
    crm("undo", "ch1")
    assert names(crm) == []


def test_a_group_without_a_name_is_rejected(crm: Crm, file: Path) -> None:
    lines = ["BEGIN:VCARD", "VERSION:4.0", "KIND:group", "MEMBER:mailto:a@x.example", "END:VCARD"]
    file.write_text("\n".join(lines), encoding="utf-8")

    done = crm("import", str(file))

    assert done.code == 5
    assert "a group without a name" in done.err


def test_a_company_met_as_an_employer_and_then_by_its_card_is_one(crm: Crm, file: Path) -> None:
    firm = card("Acme", "ORG:Acme", "X-ABShowAs:COMPANY", "NOTE:pays late", "TEL:+43 1 5")
    file.write_text(card("Anna", "ORG:Acme") + "\n" + firm, encoding="utf-8")

    crm("import", str(file))

    assert crm("company", "list", "--columns", "name,people").lines == ["Acme\t1"]
    assert "pays late" in crm("company", "show", "acme").out
    assert "Acme" in crm("find", "pays late").out
    assert "0 new, 0 changed" in crm("import", str(file)).err
    assert crm("check").code == 0
    crm("undo", "ch1")
    assert crm("company", "list", "--columns", "name").lines == []
