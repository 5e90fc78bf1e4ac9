"""``crm import`` of archives, workbooks, dBase tables and folders: what comes in, what is skipped, and what is said."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import struct
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from container_files import card, dbf, ods, row, xlsx, zipped

FIXTURES = Path(__file__).parent.parent / "fixtures/workbooks"


@pytest.fixture
def bring(crm, tmp_path):
    """Import a file of these bytes."""

    def run(name, data, *options):
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return crm("import", str(path), *options)

    return run


@pytest.fixture
def names(crm):
    """The names of the people in the book, in the order in which they came."""
    return lambda: [each["name"] for each in crm("list", "--sort", "id", "--json").json]


def refused(done, *words):
    """Assert one line that says these words, and exit code 1."""
    assert done.code == 1
    assert len(done.err.splitlines()) == 1, done.err
    for word in words:
        assert word in done.err


# Archives


def test_each_member_of_a_zip_is_read_like_a_file_of_its_own(bring, names, crm):
    done = bring("my export.zip", zipped({"a/people.csv": row("Asha"), "b.vcf": card("Ravi") + card("Mia")}))

    assert done.code == 0
    assert names() == ["Asha", "Ravi", "Mia"]
    assert "my export.zip/a/people.csv: 1 read, 1 new" in done.err
    assert "my export.zip/b.vcf: 2 read, 2 new" in done.err
    assert [run["file"] for run in crm("imports", "--json").json] == [
        "my export.zip/b.vcf",
        "my export.zip/a/people.csv",
    ]


def test_the_same_archive_again_changes_nothing(bring):
    data = zipped({"people.csv": row("Asha"), "cards/1.vcf": card("Ravi"), "cards/2.vcf": card("Mia")})
    bring("x.zip", data)

    again = bring("x.zip", data)

    assert again.code == 0
    assert again.err.count("0 new, 0 changed") == 2


def test_a_member_is_a_change_that_undo_reverts(bring, crm, names):
    bring("x.zip", zipped({"a.csv": row("Asha"), "b.csv": row("Ravi")}))
    assert crm("undo", "ch2").code == 0

    assert names() == ["Asha"]


def test_what_is_no_address_data_is_skipped_in_one_line(bring, names):
    members = {
        "README.md": "# Read me\n\nIt is here.\n", "index.html": "<!doctype html><p>x", "a.jpg": b"\xff\xd8\xff\xe0",
        "a.ics": "BEGIN:VCALENDAR\nEND:VCALENDAR\n", "skills.csv": "Skill\nPython\n", "notes.txt": "hello there\n",
        "people.csv": row("Asha"), "empty.csv": "",
    }  # fmt: skip

    done = bring("x.zip", zipped(members))

    assert done.code == 0
    assert names() == ["Asha"]
    said = [line for line in done.err.splitlines() if "skipped" in line]
    assert len(said) == 1
    assert "x.zip: 7 skipped, no address data: " in said[0]
    assert "README.md" in said[0]
    assert said[0].endswith(", …")


def test_a_zip_without_address_data_is_an_error(bring):
    refused(
        bring("x.zip", zipped({"README.md": "# x", "a.jpg": b"\xff\xd8\xff"})), "x.zip", "no address data", "README.md"
    )
    refused(bring("x.zip", zipped({})), "x.zip", "no address data")


def test_a_member_that_fails_does_not_stop_the_others(bring, names):
    good = zipped({"b.csv": row("Ravi"), "a.csv": row("Asha") * 50, "c.csv": row("Mia")})
    at = good.index(b"a.csv") + 5
    done = bring("x.zip", good[:at] + b"\xff" * 20 + good[at + 20 :])

    assert done.code == 1
    assert names() == ["Ravi", "Mia"]
    assert "crm: x.zip/a.csv is damaged or incomplete" in done.err


def test_a_kind_that_is_not_imported_is_named_and_stops_nothing(bring, names):
    products = "SKU,Product Name,Unit Price\n1,Tin,5\n"
    members = {"products.csv": products, "people.csv": row("Asha")}

    done = bring("x.zip", zipped(members))

    assert done.code == 5
    assert names() == ["Asha"]
    assert "x.zip/products.csv: it holds products" in done.err
    assert bring("x.zip", zipped(members), "--ok-rejects").code == 0


def test_companies_come_before_people(bring, crm):
    companies = "Company name,Website,Industry,Number of employees\nAcme,https://acme.example,Tools,7\n"
    people = "First Name,Last Name,Email,Company\nAsha,Verma,a@acme.example,Acme\n"

    done = bring("x.zip", zipped({"a people.csv": people, "b companies.csv": companies}))

    assert done.err.index("b companies.csv") < done.err.index("a people.csv")
    assert [each["name"] for each in crm("company", "list", "--json").json] == ["Acme"]


def test_companies_come_before_people_of_another_file(crm, tmp_path):
    (tmp_path / "a.csv").write_text("First Name,Last Name,Email,Company\nAsha,Verma,a@acme.example,Acme\n")
    (tmp_path / "b.csv").write_text("Company name,Website,Industry,Number of employees\nAcme,acme.example,Tools,7\n")

    done = crm("import", str(tmp_path / "a.csv"), str(tmp_path / "b.csv"))

    assert done.err.index("b.csv") < done.err.index("a.csv")


def test_a_zip_in_a_zip(bring, names):
    inner = zipped({"people.csv": row("Asha")})
    done = bring("x.zip", zipped({"part-1.zip": inner, "b.csv": row("Ravi")}))

    assert "x.zip/part-1.zip/people.csv: 1 read" in done.err
    assert names() == ["Asha", "Ravi"]


def test_archives_too_deep_inside_each_other_are_refused(bring, names):
    data = zipped({"people.csv": row("Asha")})
    for _ in range(10):
        data = zipped({"in.zip": data, "b.csv": row("Ravi")})

    done = bring("x.zip", data)

    assert done.code == 1
    assert "deep inside others; unpack it first" in done.err
    assert names() == ["Ravi"]


@pytest.mark.parametrize(("ending", "pack"), [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress)])
def test_a_packed_file_is_the_file(bring, names, tmp_path, ending, pack):
    done = bring(f"people.csv.{ending}", pack((row("Asha") + ",\n").encode()))

    assert done.code == 0
    assert f"people.csv.{ending}: 1 read, 1 new" in done.err
    assert names() == ["Asha"]
    refused(bring(f"cut.csv.{ending}", pack(row("Asha").encode() * 999)[:-9]), "cut.csv", "damaged or incomplete")
    refused(bring(f"x.{ending}", pack(b"hello")), "no address book in x")


def test_a_zip_from_a_pipe(crm, names, book_path):
    people = "Name,Email,Notes\n,,only notes\nAsha,a@x.in,\n"
    done = crm("import", "-", given=zipped({"people.csv": people, "b.csv": row("Ravi")}))

    assert done.code == 5
    assert "standard input/people.csv: 2 read, 1 new" in done.err
    kept = book_path.parent / "standard-input.people.csv.rejects"
    assert kept.read_text().startswith("Name,Email,Notes,line,reason")
    assert names() == ["Asha", "Ravi"]


def test_rejected_rows_of_a_member_have_a_file_beside_the_archive(bring, tmp_path, names):
    data = "Name,Email,Notes\n,,only notes\nAsha,a@x.in,\n"
    done = bring("x.zip", zipped({"a/people.csv": data, "a-people.csv": data.replace("Asha", "Ravi")}))

    assert done.code == 5
    kept = sorted(path.name for path in tmp_path.glob("*.rejects"))
    assert kept == ["x.zip.a-people.csv-2.rejects", "x.zip.a-people.csv.rejects"]
    assert ",,only notes,2," in (tmp_path / kept[0]).read_text()


def test_one_place_for_rejects_is_refused_for_several_members(bring, tmp_path):
    done = bring("x.zip", zipped({"a.csv": row("Asha"), "b.csv": row("Ravi")}), "--rejects", str(tmp_path / "r"))

    assert done.code == 2
    assert "--rejects is for one file" in done.err


# Archives of products


def test_linkedin(bring, crm, names):
    notes = 'Notes:\n"When exporting your connection data, you may notice that some are missing."\n\n'
    connections = (
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
        "Ada,Lovelace,https://www.linkedin.com/in/ada,,Analytical Engines,Programmer,02 Jan 2024\n"
    )
    imported = "FirstName,LastName,Emails,PhoneNumbers\nBob,Stone,bob@x.example,\n"
    members = {
        "Connections.csv": notes + connections,
        "ImportedContacts.csv": imported,
        "Profile.csv": "First Name,Last Name,Maiden Name,Address,Headline,Zip Code\nMe,Myself,,Home,Boss,1\n",
        "Email Addresses.csv": "Email Address,Confirmed,Primary,Updated On\nme@x.example,Yes,Yes,\n",
        "Skills.csv": "Name\nPython\n",
        "Company Follows.csv": "Organization,Followed On\nAcme,Mon Jan 01 00:00:00 UTC 2024\n",
    }

    done = bring("Basic_LinkedInDataExport_11-29-2026.zip", zipped(members))

    assert names() == ["Ada Lovelace", "Bob Stone"]
    assert "Profile.csv (about yourself)" in done.err
    assert "Email Addresses.csv (about yourself)" in done.err


def test_notion_takes_all_rows_once(bring, names):
    mark = "0123456789abcdef0123456789abcdef"
    inner = zipped({f"People {mark}.csv": row("Asha"), f"People {mark}_all.csv": row("Asha") + "Ravi,r@x.example\n"})

    done = bring("Export.zip", zipped({"Export-Part-1.zip": inner}))

    assert names() == ["Asha", "Ravi"]
    assert done.err.count(" read, ") == 1
    assert "its rows are in the file _all.csv" in done.err


def test_takeout_has_the_same_people_more_than_once(bring, names):
    csv = "First Name,Last Name,Labels,E-mail 1 - Label,E-mail 1 - Value\nAsha,Verma,* myContacts,,a@x.example\n"
    cards = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Asha Verma\r\nN:Verma;Asha;;;\r\nEMAIL:a@x.example\r\nEND:VCARD\r\n"
    folder = "Takeout/Contacts"
    members = {
        f"{folder}/All Contacts/All Contacts.csv": csv, f"{folder}/My Contacts/My Contacts.csv": csv,
        f"{folder}/All Contacts/All Contacts.vcf": cards, f"{folder}/All Contacts/Asha.jpg": b"\xff\xd8\xff",
        "Takeout/archive_browser.html": "<html>",
    }  # fmt: skip

    done = bring("takeout.zip", zipped(members))

    assert done.code == 0
    assert names() == ["Asha Verma"]


def test_a_table_of_salesforce_is_split_over_archives(crm, tmp_path, names):
    head = "Id,IsDeleted,AccountId,LastName,FirstName,Email\n"
    for number, name in ((1, "Asha"), (2, "Ravi")):
        data = f"{head}003000000000{number}AAA,0,,Kumar,{name},{name}@x.example\n"
        (tmp_path / f"WE_00D_{number}.ZIP").write_bytes(zipped({"Contact.csv": data}))

    done = crm("import", str(tmp_path / "WE_00D_1.ZIP"), str(tmp_path / "WE_00D_2.ZIP"))

    assert done.code == 0
    assert names() == ["Asha Kumar", "Ravi Kumar"]


# Folders


def test_a_folder(crm, tmp_path, names):
    folder = tmp_path / "move"
    (folder / "deep/.git").mkdir(parents=True)
    (folder / "deep/.git/config.csv").write_text(row("Git"))
    (folder / "deep/x.zip").write_bytes(zipped({"a.csv": row("Asha")}))
    (folder / "b.csv").write_text(row("Ravi"))
    (folder / "old.csv.rejects").write_text(row("Rejected"))
    (folder / "link.csv").symlink_to(folder / "b.csv")
    (folder / ".hidden.csv").write_text(row("Hidden"))
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/c.csv").write_text(row("Else"))
    (folder / "linked").symlink_to(tmp_path / "elsewhere")

    done = crm("import", f"{folder}/")

    assert done.code == 0
    assert sorted(names()) == ["Asha", "Ravi"]
    assert f"{folder}/deep/x.zip/a.csv: 1 read" in done.err
    assert "link.csv (a link)" in done.err
    assert "old.csv.rejects" in done.err


def test_rejected_rows_of_a_folder_are_beside_their_file(crm, tmp_path):
    (tmp_path / "move").mkdir()
    (tmp_path / "move/a.csv").write_text("Name,Email,Notes\n,,only notes\nAsha,a@x.in,\n")

    assert crm("import", str(tmp_path / "move")).code == 5
    assert (tmp_path / "move/a.csv.rejects").exists()
    assert crm("import", str(tmp_path / "move")).code == 5, "its own rejects are not read"


def test_cards_of_one_folder_are_one_address_book(crm, tmp_path, names):
    folder = tmp_path / "vdir"
    folder.mkdir()
    for number in range(50):
        (folder / f"{number:02}.vcf").write_text(card(f"Person {number:02}"))
    (folder / "two.vcf").write_text(card("Asha") + card("Ravi"))

    done = crm("import", str(folder))

    assert f"{folder}/*.vcf: 50 read, 50 new, 0 changed, 0 same, 0 rejected [ch" in done.err
    assert len(names()) == 52
    (folder / "07.vcf").write_text(card("Person 07").replace("END", "TITLE:CTO\r\nEND"))
    assert "50 read, 0 new, 1 changed, 49 same" in crm("import", str(folder)).err


def test_a_warning_names_the_card_of_a_folder(crm, tmp_path):
    folder = tmp_path / "vdir"
    folder.mkdir()
    for name in ("a", "b", "c"):
        (folder / f"{name}.vcf").write_text(card(name.upper()))
    (folder / "b.vcf").write_text("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:B\r\nnonsense\r\nEND:VCARD\r\n")
    (folder / "bad.vcf").write_text("BEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD\r\n")

    done = crm("import", str(folder))

    assert done.code == 5
    assert "bad.vcf: line 1: rejected: " in done.err
    assert "/*.vcf: b.vcf: line " in done.err


def test_an_empty_folder_is_an_error(crm, tmp_path):
    (tmp_path / "empty").mkdir()

    refused(crm("import", str(tmp_path / "empty")), "no address data")


# Workbooks


def test_a_workbook_comes_in_as_its_csv_would(bring, crm):
    rows = [
        ["Name", "Email", "Phone", "Birthday", "Met", "Size", "VIP", "Score"],
        ["Asha", "a@x.example", 9820012345, '<c s="1"><v>32975</v></c>', '<c s="2"><v>46023.5</v></c>', 12.5, True, 3],
    ]

    done = bring("people.xlsx", xlsx({"Sheet1": rows, "Sheet2": []}))

    assert done.code == 0
    assert "people.xlsx: 1 read, 1 new" in done.err
    assert "people.xlsx: 1 skipped, no address data: Sheet2 (empty)" in done.err
    asha = crm("show", "asha", "--json").json
    assert asha["phones"][0]["value"] == "9820012345"
    assert asha["birthday"] == "1990-04-12"
    assert asha["custom"] == {"met": "2026-01-01 12:00:00", "size": "12.5", "vip": "yes", "score": "3"}


def test_each_visible_sheet_is_a_table(bring, names):
    head = ["Name", "Email"]
    sheets = {
        "Friends": [head, ["Asha", "a@x.in"]],
        "Old": [head, ["Ravi", "r@x.in"]],
        "Work": [[], head, ["Mia", "m@x.in"]],
    }

    done = bring("book.xlsx", xlsx(sheets, hidden=["Old"]))

    assert names() == ["Asha", "Mia"]
    assert "book.xlsx/Friends: 1 read" in done.err
    assert "Old (hidden)" in done.err


def test_a_formula_is_its_value(bring, crm):
    formula = '<c t="str"><f>"A"&amp;"sha"</f><v>Asha</v></c>'
    bring("x.xlsx", xlsx({"S": [["Name", "Email", "Size"], [formula, "a@x.in", "<c><f>1+1</f><v>2</v></c>"]]}))

    asha = crm("show", "asha", "--json").json
    assert (asha["name"], asha["custom"]) == ("Asha", {"size": "2"})


def test_formulas_that_were_never_computed_are_said(bring, names):
    name, size = '<c t="str"><f>"A"</f></c>', "<c><f>1+1</f><v></v></c>"
    done = bring("x.xlsx", xlsx({"S": [["Name", "Email", "Size"], ["Mia", "m@x.in", size], [name, "a@x.in", "3"]]}))

    assert names() == ["Mia", "a@x.in"]
    assert "2 formulas have no value; open it in a spreadsheet program" in done.err


def test_a_workbook_of_libreoffice(bring, crm):
    kind = 'office:value-type="date" office:date-value="1990-04-12"'
    day = f"<table:table-cell {kind}><text:p>12/04/90</text:p></table:table-cell>"
    assert bring("x.ods", ods({"People": [["Name", "Email", "Birthday"], ["Asha", "a@x.in", day]]})).code == 0

    assert crm("show", "asha", "--json").json["birthday"] == "1990-04-12"


def test_an_old_workbook(crm):
    assert crm("import", str(FIXTURES / "people.xls")).code == 0

    olga = crm("show", "olga", "--json").json
    assert (olga["phones"][0]["value"], olga["birthday"]) == ("302555018", "1984-05-06")


def test_rejected_rows_of_a_sheet(bring, tmp_path):
    done = bring("x.xlsx", xlsx({"S": [["Name", "Email", "Notes"], ["", "", "only notes"], ["Asha", "a@x.in", ""]]}))

    assert done.code == 5
    assert (tmp_path / "x.xlsx.rejects").read_text().splitlines()[1].startswith(",,only notes,2,")


def test_a_workbook_with_a_password(crm):
    refused(crm("import", str(FIXTURES / "password.xlsx")), "password.xlsx is password-protected; save it without")


def test_a_cell_at_the_far_corner_costs_no_memory(bring):
    corner = '<c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c>'
    data = xlsx({"S": [["Name", "Email"], [corner]]})

    refused(bring("x.xlsx", data), "x.xlsx is a spreadsheet that is damaged or too large to read")


def test_a_damaged_workbook(bring):
    good = xlsx({"S": [["Name", "Email"], ["Asha", "a@x.in"]]})
    refused(bring("x.xlsx", good[: len(good) // 2]), "x.xlsx", "damaged")
    broken = zipped({"xl/workbook.xml": "<not", "[Content_Types].xml": "x"})
    refused(bring("y.xlsx", broken), "y.xlsx is a spreadsheet that is damaged")


def test_other_office_files(bring):
    refused(
        bring("x.docx", zipped({"word/document.xml": "<w/>", "[Content_Types].xml": ""})), "x.docx is a Word document"
    )
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    refused(bring("x.xls", ole + "WordDocument".encode("utf-16-le")), "x.xls is a Word document")
    refused(bring("y.xls", ole), "y.xls is an old Office file")


# dBase


FIELDS = [
    ("ACCOUNTNO", "C", 20), ("COMPANY", "C", 40), ("CONTACT", "C", 40), ("LASTNAME", "C", 15), ("PHONE1", "C", 25),
    ("KEY1", "C", 20), ("CREATEON", "D", 8), ("ACTIVE", "L", 1), ("SIZE", "N", 8), ("NOTES", "M", 10),
]  # fmt: skip
PEOPLE = [
    [b"A1", b"M\xfcller & Co", b"Jos\xe9 M\xfcller", b"M\xfcller", b"555 123", b"Key", b"19980314", b"T", b"9", b"1"],
    [b"A2", b"", b"Gone Away", b"Away", b"", b"", b"", b"", b"", b""],
    [b"A3", b"", b"Ada Byron", b"Byron", b"555 99", b"", b"", b"F", b"", b""],
]  # fmt: skip


def test_goldmine(crm, tmp_path, names):
    (tmp_path / "CONTACT1.DBF").write_bytes(dbf(FIELDS, PEOPLE, version=0x83, deleted=[1]))
    (tmp_path / "CONTACT1.DBT").write_bytes(b"\0" * 512 + b"Met in K\xf6ln.\r\nLikes tea.\x1a\x1a")

    done = crm("import", str(tmp_path / "CONTACT1.DBF"))

    assert done.code == 0
    assert "CONTACT1.DBF: 2 read, 2 new" in done.err
    assert names() == ["José Müller", "Ada Byron"]
    jose = crm("show", "1", "--json").json
    assert jose["company"] == "Müller & Co"
    assert jose["notes"] == "Met in Köln.\nLikes tea."
    assert jose["custom"]["createon"] == "1998-03-14"


def test_a_memo_of_foxpro_in_an_archive(bring, crm):
    block = struct.pack(">LL", 1, 9) + b"Likes tea"
    memo = struct.pack(">LHH", 9, 0, 64).ljust(64, b"\0") + block.ljust(64, b"\0")
    done = bring("gm.zip", zipped({"gm/contact1.dbf": dbf(FIELDS, PEOPLE, version=0xF5), "gm/CONTACT1.FPT": memo}))

    assert done.code == 0
    assert crm("show", "1", "--json").json["notes"] == "Likes tea"


def test_a_missing_memo_and_a_table_cut_off_are_said(bring, names):
    data = dbf(FIELDS, PEOPLE, version=0x83, records=5)

    done = bring("x.dbf", data)

    assert "x.dbt (missing)" in done.err
    assert "cut off: 3 of 5 records" in done.err
    assert len(names()) == 3


# Hostile archives


def test_a_bomb_is_refused_before_it_fills_the_disk(bring, monkeypatch):
    from crm_cli.formats.containers import entries

    monkeypatch.setattr(entries, "FLOOR", 1 << 20)
    bomb = zipped({"people.csv": b"Name,Email\n" + b"a,a@x.in\n" * 3_000_000})

    done = bring("x.zip", bomb)

    refused(done, "x.zip/people.csv unpacks to far more than its size")


def test_names_never_lead_out_of_the_archive(bring, tmp_path, names):
    absolute = f"{tmp_path}/planted.csv"
    bad = "Name,Email,Notes\n,,only notes\n{0},{0}@x.in,\n"
    members = {"../../up.csv": bad.format("Asha"), absolute: bad.format("Ravi"), "C:\\win\\x.csv": bad.format("Mia")}

    done = bring("x.zip", zipped(members))

    assert done.code == 5
    assert sorted(names()) == ["Asha", "Mia", "Ravi"]
    assert not (tmp_path.parent.parent / "up.csv").exists()
    assert not Path(absolute).exists()
    assert ".." not in done.err
    assert {path.parent for path in tmp_path.rglob("*.rejects")} == {tmp_path}


def test_a_link_in_an_archive_is_not_followed(bring, tmp_path, names):
    (tmp_path / "secret.csv").write_text(row("Secret"))
    link = zipfile.ZipInfo("link.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16

    done = bring("x.zip", zipped([(link, str(tmp_path / "secret.csv")), ("a.csv", row("Asha"))]))

    assert names() == ["Asha"]
    assert "link.csv (a link)" in done.err


def test_a_password_is_said_in_one_line(bring, names):
    data = bytearray(zipped({"a.csv": row("Asha"), "b.csv": row("Ravi")}))
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = -1
        while (start := data.find(sign, start + 1)) >= 0:
            data[start + at] |= 1

    refused(bring("x.zip", bytes(data)), "x.zip is password-protected; unpack it first")


def test_a_cut_archive(bring):
    data = zipped({"a.csv": row("Asha"), "b.csv": row("Ravi") * 100})

    refused(bring("x.zip", data[:-30]), "x.zip is a zip archive", "damaged or incomplete")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name(bring, names):
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("a.csv", row("Asha"))
        archive.writestr("a.csv", row("Ravi"))

    done = bring("x.zip", kept.getvalue())

    assert names() == ["Asha", "Ravi"]
    assert "x.zip/a.csv (2): 1 read" in done.err


def test_names_in_utf8_without_saying_so_and_in_cp437(bring):
    # zipfile writes bytes beyond ASCII as UTF-8, and says so: clear the flag afterwards.
    data = bytearray(zipped({"Größe.csv": row("Asha")}))
    for sign, at in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        data[data.find(sign) + at] &= ~0x08
    assert "x.zip/Größe.csv: 1 read" in bring("x.zip", bytes(data)).err

    old = bytes(data).replace("Größe".encode(), b"Gr\x94\xe1e  ")
    assert "Größe  .csv: 1 read" in bring("y.zip", old).err


def test_a_name_cannot_control_the_terminal(bring):
    done = bring("x.zip", zipped({"a\x1b[31m\n.csv": row("Asha"), "b\x1b]0;x\x07.jpg": b"\xff\xd8\xff"}))

    assert done.code == 0
    assert "\x1b" not in done.err
    assert len(done.err.splitlines()) == 2


def test_very_many_members(bring, names):
    members = {f"{number}.txt": "x" for number in range(20_000)}

    done = bring("x.zip", zipped({**members, "a.csv": row("Asha")}))

    assert done.code == 0
    assert "20000 skipped, no address data" in done.err
    assert names() == ["Asha"]


def test_a_list_of_members_that_is_too_long(bring):
    end = struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 200 << 20, 0, 0)

    refused(bring("x.zip", b"PK\x03\x04" + b"\0" * 100 + end), "too many members")


@pytest.mark.parametrize("name", ["x.zip", "x.dbf", "x.csv.gz", "x.ldif"])
def test_any_damage_is_a_clear_line(name):
    """One byte is changed in each of some 150 places."""
    whole = {
        "x.zip": zipped({"people.csv": row("Asha"), "in.zip": zipped({"b.vcf": card("Ravi")})}),
        "x.dbf": dbf(FIELDS, PEOPLE, version=0x83),
        "x.csv.gz": gzip.compress(row("Asha").encode()),
        "x.ldif": b"dn: cn=A\nobjectclass: person\ncn:: QXNoYQ==\nbirthmonth: 5\nbirthday: 6\n folded\n",
    }[name]
    from crm_cli.errors import CrmError
    from crm_cli.formats.containers import contents
    from crm_cli.formats.open import open_source

    for at in range(0, len(whole), max(1, len(whole) // 150)):
        data = whole[:at] + bytes([whole[at] ^ 0xA5]) + whole[at + 1 :]
        with suppress(CrmError), contents.of_stream(io.BytesIO(data), name) as found:
            for member in found.members:
                with suppress(CrmError), member.open() as stream:
                    list(open_source(stream, name=member.name).records)
