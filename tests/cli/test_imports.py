"""``crm import`` from the front door: exit codes, reports, rejects, dry runs, undo."""

from __future__ import annotations

import csv
import hashlib
import stat
from typing import TYPE_CHECKING

import pytest
from support import HOSTILE, dump, steering

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support import Run

    Crm = Callable[..., Run]

CARDS = """BEGIN:VCARD
VERSION:3.0
UID:11111111-1111-4111-8111-111111111111
FN:Asha Verma
N:Verma;Asha;;;
ORG:Acme
TITLE:CTO
EMAIL;TYPE=WORK:asha@acme.in
TEL;TYPE=CELL:098200 12345
item1.X-CUSTOM;X-PARAM="a,b":kept\\, verbatim
item1.X-ABLabel:odd
X-SCRIPT:हिन्दी
END:VCARD
BEGIN:VCARD
VERSION:3.0
UID:22222222-2222-4222-8222-222222222222
FN:राजेश कुमार
N:कुमार;राजेश;;;
EMAIL:rajesh@example.in
END:VCARD
"""

ROWS = (
    "Name,Email,Phone,Company,Shoe size\nAsha Verma,asha@acme.in,098200 12345,Acme,38\nRavi Kumar,ravi@x.in,,Globex,\n"
)


@pytest.fixture
def cards(tmp_path: Path) -> Path:
    """Two cards."""
    path = tmp_path / "my [bold]contacts\x1b[31m.vcf"
    path.write_text(CARDS, encoding="utf-8")
    return path


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """Two rows."""
    path = tmp_path / "leads.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def test_cards_come_in(crm: Crm, cards: Path) -> None:
    """People, their points and their company are in the book, and the change has a number."""
    done = crm("import", str(cards))

    assert done.code == 0
    assert done.out == ""
    assert "2 read, 2 new, 0 changed, 0 same, 0 rejected [ch1]" in done.err
    assert not steering(done.err)
    assert crm("show", "asha", "--json").json["company"] == "Acme"


def test_the_same_file_again_changes_nothing(crm: Crm, cards: Path, rows: Path, book_path: Path) -> None:
    """No record, no change in the journal."""
    crm("import", str(cards), str(rows))
    before, changes = dump(book_path), crm("changes", "--json").json

    done = crm("import", str(cards), str(rows))

    assert done.code == 0
    assert done.err.count("2 read, 0 new, 0 changed, 2 same, 0 rejected\n") == 2
    assert dump(book_path) == before
    assert crm("changes", "--json").json == changes


def test_each_file_is_a_change_of_its_own(crm: Crm, cards: Path, rows: Path) -> None:
    """Undo takes back one file."""
    done = crm("import", str(cards), str(rows))

    assert "[ch1]" in done.err
    assert "[ch2]" in done.err


def test_undo_and_redo_of_an_import(crm: Crm, cards: Path, rows: Path, book_path: Path) -> None:
    """Undone, the book is as it was before; brought again, as it was after."""
    crm("import", str(rows))
    before = dump(book_path)
    crm("import", str(cards), "--tag", "fair")
    after = dump(book_path)

    assert crm("undo", "ch2").code == 0
    assert dump(book_path) == before
    assert crm("redo", "ch2").code == 0
    assert dump(book_path) == after


def test_a_newer_file_updates_only_what_it_changed(crm: Crm, cards: Path) -> None:
    """The file's change comes in; the user's own stays; where both differ the user is told."""
    crm("import", str(cards))
    crm("edit", "asha", "nickname=Ash", "title=Boss", "phone+=+44 20 7946 0000")
    text = CARDS.replace("TITLE:CTO", "TITLE:CEO").replace("asha@acme.in", "asha@new.in")
    cards.write_text(
        text + CARDS.replace("1111", "3333").replace("Asha", "Nina").replace("2222", "4444"), encoding="utf-8"
    )

    done = crm("import", str(cards))

    found = crm("show", "1", "--json").json
    assert "4 read, 2 new, 1 changed, 1 same" in done.err
    assert "title stays “Boss”; the file says “CEO”" in done.err
    assert found["title"] == "Boss"
    assert found["nickname"] == "Ash"
    assert [each["value"] for each in found["emails"]] == ["asha@new.in"]
    assert len(found["phones"]) == 2


def test_an_employer_changed_in_the_file(crm: Crm, cards: Path) -> None:
    """The old place becomes a former one."""
    crm("import", str(cards))
    cards.write_text(CARDS.replace("ORG:Acme", "ORG:Globex"), encoding="utf-8")

    crm("import", str(cards))

    jobs = crm("show", "1", "--json").json["employments"]
    assert [(job["company"], job["current"]) for job in jobs] == [("Globex", True), ("Acme", False)]


def test_people_are_known_by_email_across_files(crm: Crm, cards: Path, rows: Path) -> None:
    """A row with the e-mail and name of a card is the same person; its unknown column becomes a field."""
    crm("import", str(cards))

    done = crm("import", str(rows))

    assert "1 new, 1 changed" in done.err
    assert crm("show", "1", "--json").json["custom"] == {"shoe-size": "38"}


def test_a_shared_address_merges_nobody(crm: Crm, tmp_path: Path) -> None:
    """Names that do not agree make a new record, with a warning."""
    crm("add", "Asha Verma", "email=info@acme.in")
    path = tmp_path / "a.csv"
    path.write_text("Name,Email\nRavi Kumar,info@acme.in\n", encoding="utf-8")

    done = crm("import", str(path))

    assert "1 new" in done.err
    assert "names do not agree" in done.err


def test_records_of_one_file_never_match_each_other(crm: Crm, tmp_path: Path) -> None:
    """Two equal rows are two people, and stay two."""
    path = tmp_path / "a.csv"
    path.write_text("Name,Email\nAsha,a@x.in\nAsha,a@x.in\n", encoding="utf-8")

    first, second = crm("import", str(path)), crm("import", str(path))

    assert "2 new" in first.err
    assert "0 new, 0 changed, 2 same" in second.err


def test_two_files_that_number_from_one(crm: Crm, tmp_path: Path) -> None:
    """The same row number is not the same person."""
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_text("Id,Name,Email\n1,Asha,a@x.in\n2,Ravi,r@x.in\n", encoding="utf-8")
    two.write_text("Id,Name,Email\n1,Nina,n@x.in\n2,Omar,o@x.in\n", encoding="utf-8")

    crm("import", str(one), str(two))
    again = crm("import", str(one), str(two))

    assert again.err.count("0 new, 0 changed, 2 same") == 2
    assert crm("list", "--count").out == "4\n"


def test_a_dry_run_changes_no_byte(crm: Crm, cards: Path, rows: Path, book_path: Path, tmp_path: Path) -> None:
    """It shows the columns and the counts, and writes neither the book nor any file."""
    crm("import", str(cards))
    rows.write_text(ROWS + ",,,,\n" + "\n", encoding="utf-8")
    sha, files = hashlib.sha256(book_path.read_bytes()).digest(), sorted(tmp_path.rglob("*"))

    done = crm("import", str(rows), "--dry-run")

    assert done.code == 0
    assert "Shoe size" in done.out
    assert "Shoe size  shoe-size (new custom field)" in done.lines
    assert "1 new, 1 changed, 0 same, 0 rejected (dry run" in done.err
    assert hashlib.sha256(book_path.read_bytes()).digest() == sha
    assert sorted(tmp_path.rglob("*")) == files


def test_a_dry_run_makes_no_book(crm: Crm, rows: Path, book_path: Path) -> None:
    """Where there is no book yet, there is none afterwards."""
    assert crm("import", str(rows), "--dry-run").code == 0
    assert not book_path.exists()


REJECTED = "Name,Email,Size\nAsha,a@x.in,1\n,,7\nRavi,r@x.in,2\n"


def test_rejected_rows_are_kept(crm: Crm, tmp_path: Path) -> None:
    """They go to a private CSV with their own cells, line and reason; the others go in; exit 5."""
    path = tmp_path / "a.csv"
    path.write_text(REJECTED, encoding="utf-8")

    done = crm("import", str(path))

    kept = tmp_path / "a.csv.rejects"
    assert done.code == 5
    assert "3 read, 2 new, 0 changed, 0 same, 1 rejected" in done.err
    assert str(kept) in done.err
    header, row = csv.reader(kept.read_text(encoding="utf-8").splitlines())
    assert header == ["Name", "Email", "Size", "line", "reason"]
    assert row[:4] == ["", "", "7", "3"]
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert crm("import", str(path), "--ok-rejects").code == 0


def test_rejects_that_are_no_longer_are_removed(crm: Crm, tmp_path: Path) -> None:
    """A mended file leaves no stale list behind; a file of that name that crm did not write is left alone."""
    path, kept, ours = tmp_path / "a.csv", tmp_path / "a.csv.rejects", tmp_path / "a.csv.1.rejects"
    kept.write_text("mine", encoding="utf-8")
    path.write_text("Name,Email\nAsha,a@x.in\n", encoding="utf-8")
    crm("import", str(path))
    assert kept.read_text(encoding="utf-8") == "mine"
    path.write_text(REJECTED, encoding="utf-8")
    assert str(ours) in crm("import", str(path)).err
    assert ours.exists()
    path.write_text(REJECTED.replace(",,7\n", ""), encoding="utf-8")

    assert crm("import", str(path)).code == 0
    assert not ours.exists()
    assert kept.read_text(encoding="utf-8") == "mine"


def test_rejects_that_were_edited_since_are_kept(crm: Crm, tmp_path: Path) -> None:
    """Rows that somebody is mending are theirs; what was not touched is replaced."""
    path, kept = tmp_path / "a.csv", tmp_path / "a.csv.rejects"
    path.write_text(REJECTED, encoding="utf-8")
    crm("import", str(path))
    assert str(kept) in crm("import", str(path)).err
    kept.write_text("mended", encoding="utf-8")

    assert "a.csv.1.rejects" in crm("import", str(path)).err
    assert kept.read_text(encoding="utf-8") == "mended"


def test_rejects_of_a_second_book_that_say_the_same_are_not_kept_twice(crm: Crm, tmp_path: Path) -> None:
    """Only what differs needs another name."""
    path = tmp_path / "a.csv"
    path.write_text(REJECTED, encoding="utf-8")
    crm("import", str(path))

    assert str(tmp_path / "a.csv.rejects") in crm("--book", str(tmp_path / "two.db"), "import", str(path)).err
    assert not (tmp_path / "a.csv.1.rejects").exists()


def test_rejects_go_where_they_are_wanted(crm: Crm, tmp_path: Path) -> None:
    """--rejects names the file; a dry run writes none."""
    path, kept = tmp_path / "a.csv", tmp_path / "b.txt"
    path.write_text(REJECTED, encoding="utf-8")

    assert crm("import", str(path), "--rejects", str(kept), "--dry-run").code == 5
    assert not kept.exists()
    assert crm("import", str(path), "--rejects", str(kept)).code == 5
    assert kept.exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"%PDF-1.4 x", "PDF"),
        (b"PK\x03\x04xl/", "a zip archive, but is damaged"),
        (b"<!doctype html><html>", "web page"),
        (b'{"a": 1}', "JSON"),
        (b"SQLite format 3\0", "SQLite"),
    ],
)
def test_what_is_no_address_book_is_refused_in_one_line(crm: Crm, tmp_path: Path, content: bytes, message: str) -> None:
    """Exit 1, one line, and no book is made."""
    path = tmp_path / "x.vcf"
    path.write_bytes(content)

    done = crm("import", str(path))

    assert done.code == 1
    assert message in done.err
    assert done.err.count("\n") == 1


def test_one_bad_file_does_not_keep_the_others_out(crm: Crm, tmp_path: Path, rows: Path) -> None:
    """The good ones go in; the exit code is the worst."""
    done = crm("import", str(tmp_path / "none.vcf"), str(rows))

    assert done.code == 1
    assert "none.vcf" in done.err
    assert "2 new" in done.err


def test_usage(crm: Crm, rows: Path) -> None:
    """What the words cannot mean is exit 2 with what would mend it."""
    for words in (
        ("--set", "citty=Pune"),
        ("--set", "city"),
        ("--map", "Name"),
        ("--map", "Nome=name"),
        ("--only", "old"),
        ("--format", "yaml"),
        ("--delimiter", "ab"),
        ("--from", "nobody"),
    ):
        done = crm("import", str(rows), *words)
        assert done.code == 2, words
        assert done.err.count("\n") == 1, words


def test_ids_of_the_new_can_be_piped(crm: Crm, cards: Path, rows: Path) -> None:
    """stdout holds ids and nothing else."""
    crm("import", str(cards))

    done = crm("import", str(rows), "--format", "ids", "--only", "new")

    assert done.out == "3\n"
    assert crm("import", str(rows), "--format", "ids").out == ""


def test_the_report_as_json(crm: Crm, rows: Path) -> None:
    """A list with one object for each file."""
    (found,) = crm("import", str(rows), "--json").json

    assert (found["read"], found["new"], found["change"], found["format"]) == (2, 2, "ch1", "generic")
    assert {"column": "Shoe size", "field": "custom:Shoe size"} in found["mapping"]


def test_standard_input(crm: Crm) -> None:
    """What is piped in is read, whatever its kind."""
    assert crm("import", "-", given=CARDS).code == 0
    assert "2 same" in crm("import", "-", given=CARDS).err


def test_sets_and_tags(crm: Crm, rows: Path) -> None:
    """--set fills what a record does not say, --tag is for all, the unchanged included."""
    crm(
        "import",
        str(rows),
        "--set",
        "company=Initech",
        "--set",
        "city=Pune",
        "--set",
        "source=fair",
        "--tag",
        "fair 26",
    )
    ravi = crm("show", "ravi", "--json").json

    assert (ravi["company"], ravi["source"], ravi["tags"]) == ("Globex", "fair", ["fair 26"])
    assert ravi["addresses"][0]["locality"] == "Pune"
    done = crm("import", str(rows), "--set", "company=Initech", "--set", "city=Pune", "--tag", "two")
    assert "0 new, 2 changed" in done.err
    assert crm("show", "ravi", "--json").json["tags"] == ["fair 26", "two"]


def test_hostile_text_never_steers_the_terminal(crm: Crm, tmp_path: Path) -> None:
    """Names, reasons, columns and warnings of a hostile file come out clean."""
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Name", "Email", *HOSTILE])
        for text in HOSTILE:
            writer.writerow([text, "a@x.in", *HOSTILE])

    done = crm("import", str(path), "--dry-run")
    assert not steering(done.err + done.out)
    done = crm("import", str(path))
    assert done.code in {0, 5}
    assert not steering(done.err)
    assert crm("check").code == 0


def test_imports_lists_them(crm: Crm, cards: Path, rows: Path) -> None:
    """The latest first, in every format."""
    crm("import", str(cards), str(rows))

    (second, first) = crm("imports", "--json").json

    assert (first["new"], second["file"], second["change"]) == (2, "leads.csv", "ch2")
    assert len(crm("imports").lines) == 2
    assert crm("imports", "--format", "ids").lines == ["ch2", "ch1"]
