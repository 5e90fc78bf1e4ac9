"""Any CSV into the book by the command line: its bytes, its heading, its last lines, its size, and our own again."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from crm_cli.formats import decoding

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support import Run

    Crm = Callable[..., Run]

PEOPLE = "Name,Email,City\nJörg Łoś,j@x.example,Köln\nZoë Čapek,z@x.example,Ústí\n"


@pytest.fixture
def names(crm: Crm) -> Callable[[], list[str]]:
    """Everybody's name, in the order of the file."""
    return lambda: [row["name"] for row in json.loads(crm("list", "--sort", "id", "--json").out)]


# Bytes


@pytest.mark.parametrize(("rows", "city"), [(1, b""), (2_000, b"Llan" * 40)], ids=["at once", "after 340 KB"])
def test_one_bad_byte_spoils_one_letter(
    bring: Callable[..., Run], names: Callable[[], list[str]], rows: int, city: bytes
) -> None:
    """However far down in the file; all else is UTF-8, as it was."""
    data = PEOPLE.encode() + b"Ann,a@x.example,%b\n" % city * rows + b"J\xf6rg \xff Alt,k@x.example,Ulm\n"

    done = bring(data)

    assert done.code == 0
    assert f"2 bytes are not UTF-8 (the first in line {rows + 4})" in done.err
    assert [*names()[:2], names()[-1]] == ["Jörg Łoś", "Zoë Čapek", "Jörg ÿ Alt"]


def test_a_cut_letter_is_no_other_letter(bring: Callable[..., Run], names: Callable[[], list[str]]) -> None:
    """Two of the three bytes of a letter are none."""
    bring(PEOPLE.encode() + b"Zo\xe2\x82 Alt,k@x.example,Ulm\n")

    assert names()[-1] == "Zo\ufffd Alt"


def test_bad_bytes_behind_a_mark_and_under_a_named_encoding(bring: Callable[..., Run]) -> None:
    """What the file or the user says of the encoding hides no bad byte."""
    for mark, options in ((b"\xef\xbb\xbf", ()), (b"", ("--encoding", "utf-8"))):
        done = bring(mark + b"Name,Email\nJ\xf6rg,j@x.example\n", *options)

        assert "1 byte is not UTF-8 (the first in line 2)" in done.err


@pytest.mark.parametrize(
    ("encoding", "row"),
    [
        ("cp1250", "Łukasz Żółć;Kraków"),
        ("cp1251", "Иван Щукин;Москва"),
        ("cp932", "山田太郎;東京"),
        ("cp1252", "Jörg Weiß;Köln"),
    ],
)
def test_a_code_page_under_an_ascii_heading(
    bring: Callable[..., Run], names: Callable[[], list[str]], encoding: str, row: str
) -> None:
    """The report names it, as text and as JSON."""
    data = f"Name;City;Email\n{row};a@x.example\n".encode(encoding)

    done = bring(data, "--dry-run")
    (report,) = json.loads(bring(data, "--json").out)

    assert f"read as {encoding}" in done.err
    assert report["encoding"] == encoding
    assert names() == [row.partition(";")[0]]


def test_the_user_names_the_encoding(bring: Callable[..., Run], names: Callable[[], list[str]]) -> None:
    done = bring("Name,Email\nJiří,j@x.example\n".encode("cp1250"), "--encoding", "cp1252")

    assert "read as cp1252" in done.err
    assert names() == ["Jiøí"]


# The heading


def test_the_first_line_of_an_address_stays(crm: Crm, bring: Callable[..., Run]) -> None:
    """``Address`` beside ``Address 2`` is its first line."""
    bring("Name,Email,Address,Address 2,City\nAda,a@x.example,1 High St,Flat 2,London\n")

    (address,) = json.loads(crm("show", "1", "--json").out)["addresses"]
    assert (address["street"], address["locality"]) == ("1 High St\nFlat 2", "London")


HEADLESS = "Ada Byron,ada@x.example,London\nBob Roe,bob@x.example,Paris\n"


@pytest.mark.parametrize("maps", [[], ["--map", "1=name"], ["--map", "Ada Byron=name", "--map", "ada@x.example=email"]])
def test_a_file_without_a_heading_loses_no_row(bring: Callable[..., Run], maps: list[str]) -> None:
    done = bring(HEADLESS, *maps)

    assert done.code == 1
    assert "no heading" in done.err
    assert "--header none --map 1=name" in done.err


def test_columns_without_a_heading_have_numbers(crm: Crm, bring: Callable[..., Run]) -> None:
    done = bring(HEADLESS, "--header", "none", "--map", "1=name", "--map", "column 2=email")

    assert done.code == 0
    ada, bob = json.loads(crm("list", "--sort", "id", "--json").out)
    assert (ada["name"], bob["name"], bob["emails"][0]["value"]) == ("Ada Byron", "Bob Roe", "bob@x.example")
    assert "London" in crm("show", "1").out


def test_the_line_of_the_heading_can_be_named(bring: Callable[..., Run], names: Callable[[], list[str]]) -> None:
    done = bring("Company,Contact\nName,Email\nAda,a@x.example\n", "--header", "2")

    assert names() == ["Ada"]
    assert "skipped 1 line outside the table: “Company Contact”" in done.err


@pytest.mark.parametrize("asked", ["0", "x", "-1", "99"])
def test_a_wrong_heading_is_a_usage_error(bring: Callable[..., Run], asked: str) -> None:
    assert bring(PEOPLE, "--header", asked).code == 2


def test_columns_without_a_heading_need_names(bring: Callable[..., Run]) -> None:
    done = bring(HEADLESS, "--header", "none")

    assert done.code == 2
    assert "“Ada Byron”" in done.err


@pytest.mark.parametrize(
    "text",
    [
        "Name,Type,Description\nfirst_name,text,given\nlast_name,text,family\nemail,text,address\nphone,text,number\n",
        "variable,description\nname,name of contact\nemail,e-mail address\ncompany,organization name\n",
    ],
)
def test_a_data_dictionary_is_no_address_book(bring: Callable[..., Run], text: str) -> None:
    assert bring(text).code == 1


@pytest.mark.parametrize(
    "above", ["Customers 2026\n\n", "Customers 2026,,\n", "Acme,Phone: 030 123 456,info@acme.example\n"]
)
def test_lines_above_the_heading_are_told(
    bring: Callable[..., Run], names: Callable[[], list[str]], above: str
) -> None:
    done = bring(above + PEOPLE)

    assert names() == ["Jörg Łoś", "Zoë Čapek"]
    assert "skipped 1 line outside the table" in done.err


def test_a_heading_in_two_languages_is_one(bring: Callable[..., Run], names: Callable[[], list[str]]) -> None:
    bring("Vorname,Nachname,E-Mail\nfirst_name,last_name,email\nAda,Byron,a@x.example\n")

    assert names() == ["Ada Byron"]


@pytest.mark.parametrize(
    "text",
    [
        "E-Mail\na@one.example\nb@two.example\n",
        "E-Mail,Nr\na@one.example,1\nb@two.example,2\n",
        "Telefon;Nr\n030 123456;1\n040 123456;2\n",
    ],
)
def test_one_known_column_is_enough_if_it_holds_what_it_says(crm: Crm, bring: Callable[..., Run], text: str) -> None:
    assert bring(text).code == 0
    assert crm("list", "--count").out.strip() == "2"


@pytest.mark.parametrize(
    "text", ["Email\nDear all,\nwe met\n", "Phone\ncall me\nsoon\n", "Name\nJo\n", "Notes,Nr\na@x.example,1\n"]
)
def test_prose_is_no_address_book(bring: Callable[..., Run], text: str) -> None:
    assert bring(text).code == 1


PAGE = (
    "# Find a person\n\nfind searches names, companies, phones, e-mails, tags and notes. Best first.\n\n"
    "A typo is forgiven: asha, then aasha.\nThen come, in this order, names, words, and the rest.\nNothing else.\n"
    "Write to asha@x.example, or call.\n"
)


def test_words_with_commas_in_the_middle_of_a_text_are_no_heading(bring: Callable[..., Run]) -> None:
    assert "no address book in" in bring(PAGE).err


@pytest.mark.parametrize("rows", ["Asha,+91 98200 12345,a@x.in\n", "Asha,+91 98200 12345,a@x.in,\nRavi,,r@x.in,\n", ""])
def test_a_heading_below_a_title_is_one_if_a_table_follows(bring: Callable[..., Run], rows: str) -> None:
    """Also a table whose rows have another number of cells than the heading, or that has no row yet."""
    done = bring(f"Our friends\n\nName,Phone,Email\n{rows}")

    assert (done.code, f"{rows.count(chr(10))} read" in done.err) == (0, True), done.err


# Footers

FOOTERS = [
    "Total: 2",
    "Total,2",
    "Grand Totals (2 records)",
    "Page 1 of 1",
    "Seite 1 von 1",
    "2 records",
    "Anzahl: 2",
    "Copyright (c) 2000-2026 Foo Inc.",
    "Confidential Information - Do Not Distribute",
    "Generated by: Joe 2026-01-01",
    "\nCustomer report 2026",
    "Total: 2\nPage 1 of 1\nWeekly leads",
    "\nOur own people\nCopyright (c) Foo\nFoo Inc.",
]


@pytest.mark.parametrize("footer", FOOTERS)
def test_what_a_report_prints_below_its_table_is_nobody(
    bring: Callable[..., Run], names: Callable[[], list[str]], footer: str
) -> None:
    done = bring(PEOPLE + footer + "\n")

    assert names() == ["Jörg Łoś", "Zoë Čapek"]
    assert done.code == 0
    assert "outside the table: “" in done.err


def test_a_report_of_several_pages(bring: Callable[..., Run], names: Callable[[], list[str]]) -> None:
    """Each page has its number and the heading again; all are counted."""
    done = bring(f"{PEOPLE}Page 1 of 2\n\nName,Email,City\nAda,a@x.example,Rom\nPage 2 of 2\n")

    assert names() == ["Jörg Łoś", "Zoë Čapek", "Ada"]
    assert "line 4: skipped 3 lines outside the table: “Page 1 of 2”, “Name Email City”, “Page 2 of 2”" in done.err


@pytest.mark.parametrize(
    "last", ["Bob Roe", "\nBob Roe", "Total Energies", "Bob Roe\nTotal: 3", "2 Pages Ltd", "Summa", "Ann List"]
)
def test_somebody_of_whom_only_the_name_is_known_stays(
    bring: Callable[..., Run], names: Callable[[], list[str]], last: str
) -> None:
    bring(PEOPLE + last + "\n")

    assert names()[2:] == [last.strip().split("\n")[0]]


# Size


def test_what_is_longer_than_is_kept_is_rejected(
    bring: Callable[..., Run], names: Callable[[], list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its line; nothing cut is stored, and what was kept of it is in the rejects."""
    quoted = '"' + "y" * 10_000_100 + '\nfoo\nbar",q@x.example,\n'
    text = f"{PEOPLE}{'x' * 10_000_001},big@x.example,\nBob,b@x.example,\n{quoted}Carl,c@x.example,\n"

    done = bring(text)

    assert done.code == 5
    assert "line 4: rejected: a line of more than 10,000,000 characters" in done.err
    assert "line 6: rejected" in done.err
    assert names() == ["Jörg Łoś", "Zoë Čapek", "Bob", "Carl"]
    csv.field_size_limit(20_000_000)
    with (tmp_path / "list.csv.rejects").open(newline="") as file:
        rows = list(csv.reader(file))
    assert [(len(row[0]), row[3]) for row in rows[1:]] == [(10_000_000, "4"), (9_999_999, "6")]


def test_dropped_characters_are_told(bring: Callable[..., Run], names: Callable[[], list[str]]) -> None:
    done = bring(f"{PEOPLE}A\0d\0a,a@x.example,\n")

    assert names()[-1] == "Ada"
    assert "line 4: 2 NUL characters, dropped" in done.err


# Out again

CARDS = """BEGIN:VCARD
VERSION:4.0
BDAY:19800102
END:VCARD
BEGIN:VCARD
VERSION:4.0
ADR:;;1 High St;London;;;
ADR;PREF=1:;Flat 2;2 High St;Paris;;;
END:VCARD
BEGIN:VCARD
VERSION:4.0
ORG:Acme
EMAIL:info@acme.example
END:VCARD
BEGIN:VCARD
VERSION:4.0
EMAIL:z@a.example
TEL:030 123
TEL;PREF=1:030 124
TEL:030 125
END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:Total: 2
NOTE:  blank\\n\\nline
CATEGORIES:a\\,b,c\\;d
END:VCARD
BEGIN:VCARD
VERSION:4.0
NOTE:only a note
TITLE:Boss
END:VCARD
"""


def test_our_own_csv_brings_everybody_back(crm: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has no name, hostile texts, second values: all as in the first book."""
    (tmp_path / "a.vcf").write_text(CARDS)
    crm("import", str(tmp_path / "a.vcf"))
    crm("edit", "1", "email+=late@x.example")
    crm("field", "add", "boat")
    crm("add", "Page 1 of 1", "notes=a\rb\r\nc\nd")
    done = crm("add", "Eve", "nickname='quoted", "title=@x", "email=a@x.example", "email+=b@x.example", "boat==1+1")
    assert done.code == 0, done.err
    out = tmp_path / "all.csv"
    crm("export", "--format", "csv", "-o", str(out))
    before = [everything(crm, ref) for ref in range(1, 9)]

    monkeypatch.setenv("CRM_BOOK", str(tmp_path / "second.db"))
    (report,) = json.loads(crm("import", str(out), "--json").out)

    assert (report["new"], report["rejected"], report["warnings"]) == (8, 0, [])
    assert [everything(crm, ref) for ref in range(1, 9)] == before
    assert before[6]["notes"] == "a\rb\r\nc\nd"


def everything(crm: Crm, ref: int) -> dict[str, object]:
    """What is known of a person, but for what every book has its own of."""
    card = json.loads(crm("show", str(ref), "--json").out)
    return {key: value for key, value in card.items() if key not in {"uid", "revision", "created", "updated"}}


# What it must not cost


def test_chardet_is_not_loaded_for_a_unicode_file(surroundings: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(PEOPLE)
    code = "import sys; from crm_cli import entry; entry.run(sys.argv[1:]); print('chardet' in sys.modules)"

    done = subprocess.run(
        [sys.executable, "-c", code, "import", str(tmp_path / "a.csv")], capture_output=True, text=True
    )

    assert done.stdout.strip() == "False"


def test_a_file_is_surveyed_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """The count, and the line of the first, wherever the pieces are cut."""
    data = PEOPLE.replace("\n", "\r\n").encode() + b"J\xf6rg\r\n"
    found = set()
    for size in range(1, 20):
        monkeypatch.setattr(decoding, "CHUNK", size)
        survey = decoding.survey(io.BytesIO(data))
        found.add((survey.letters, survey.bad, survey.line, survey.is_utf8))

    assert found == {(8, 1, 4, True)}
