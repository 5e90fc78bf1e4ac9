"""``crm export`` from the front door: what goes out comes back."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from support import HOSTILE, dump, fresh, made_once

from crm_cli.formats.csv.cells import HARMLESS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support import Run

    Crm = Callable[..., Run]

CARD = """BEGIN:VCARD
VERSION:3.0
UID:11111111-1111-4111-8111-111111111111
FN:Zoë Müller
N:Müller;Zoë;;Dr.;
NICKNAME:Zo
ORG:Acme;Research
TITLE:CTO
EMAIL;TYPE=WORK;X-FLAG=1:zoe@acme.de
TEL;TYPE=CELL:+49 30 901820
item1.X-CUSTOM;X-PARAM="a,b":kept\\, verbatim
item1.X-ABLabel:odd
X-SCRIPT:हिन्दी
PHOTO;ENCODING=b;TYPE=JPEG:AAAA
NOTE:two\\nlines
CATEGORIES:client,vip
BDAY:--0412
ADR;TYPE=HOME:;;Hauptstr. 1;Berlin;;10115;Germany
END:VCARD
BEGIN:VCARD
VERSION:3.0
KIND:org
FN:Acme
ORG:Acme
TEL:+49 30 900000
END:VCARD
"""


@pytest.fixture
@made_once
def full(crm: Crm, tmp_path: Path) -> Path:
    """A book with people, a company, activities and fields; its folder."""
    path = tmp_path / "a.vcf"
    path.write_text(CARD, encoding="utf-8")
    assert crm("import", str(path)).code == 0
    crm("field", "add", "size")
    crm("add", "राजेश कुमार", "email=r@x.in", "company=Globex", "size==1+1", "+client", 'notes=-@="x"')
    crm("add", "李小龍", "phone=+86 10 6552 9988", "social.linkedin=lee", "im.matrix=@lee:x.org", "birthday=1940-11-27")
    crm("job", "राजेश", "Initech", "title=CEO")
    crm("called", "zoë", "-m", "about the offer")
    crm("todo", "send the offer", "--with", "zoë", "--due", "2026-12-01 09:00")
    crm("todo", "thank them", "--with", "राजेश", "--due", "tomorrow")
    crm("cadence", "set", "राजेश", "6w")
    crm("cadence", "set", "tag:client", "2m")
    crm("cadence", "pause", "zoë", "2026-12-24")
    return tmp_path


@pytest.mark.parametrize("form", ["csv", "vcf", "json"])
def test_an_export_changes_nothing_when_it_comes_back(crm: Crm, full: Path, book_path: Path, form: str) -> None:
    """Into the same book: nothing new, nothing changed, the same rows."""
    before = dump(book_path)
    crm("export", "--format", form, "-o", str(full / "out"))

    done = crm("import", str(full / "out"))

    assert "0 new, 0 changed" in done.err, done.err
    assert dump(book_path) == before


def test_a_whole_book_comes_back_equal(crm: Crm, full: Path, book_path: Path) -> None:
    """JSON into an empty book gives the same rows, ids included; and it can be undone."""
    crm("export", "--format", "json", "-o", str(full / "book.json"))

    done = crm("--book", str(full / "copy.db"), "import", str(full / "book.json"))

    assert done.code == 0, done.err
    assert dump(full / "copy.db") == dump(book_path)
    assert crm("--book", str(full / "copy.db"), "check").code == 0
    assert crm("--book", str(full / "copy.db"), "undo", "ch1").code == 0
    assert dump(full / "copy.db") == fresh()


def test_ids_of_a_book_that_came_back_are_those_of_people_and_companies(crm: Crm, full: Path) -> None:
    """``12`` and ``c4``, as they are typed."""
    book = full / "book.json"
    crm("export", "--format", "json", "-o", str(book))
    held = json.loads(book.read_text())

    done = crm("--book", str(full / "copy.db"), "import", str(book), "--format", "ids")

    assert done.lines == [str(each["id"]) for kind in ("companies", "contacts") for each in held[kind]]


def test_the_whole_book_in_json_holds_the_documented_cards(crm: Crm, full: Path) -> None:
    """Every key of ``show --json`` is there with its value."""
    found = crm("export", "--format", "json").json

    assert [found["format"], found["version"]] == ["crm-book", 7]
    card = crm("show", "1", "--json").json
    for key in ("name", "name_parts", "company", "title", "birthday", "tags", "notes", "custom", "created"):
        assert found["contacts"][0][key] == card[key]
    assert {each["name"] for each in found["tags"]} == {"client", "vip"}
    assert found["companies"][0]["external_refs"]


def test_a_part_of_a_book_holds_those_people_and_theirs(crm: Crm, full: Path) -> None:
    """Nobody else's name is in it, and it goes into an empty book."""
    done = crm("export", "name:zoë", "--format", "json")

    assert [each["name"] for each in done.json["contacts"]] == ["Zoë Müller"]
    assert {each["subject"] or each["kind"] for each in done.json["activities"]} >= {"send the offer"}
    assert "राजेश" not in done.out
    assert crm("--book", str(full / "part.db"), "import", "-", given=done.out).code == 0


def test_json_into_a_book_that_holds_something(crm: Crm, full: Path) -> None:
    """People are matched, activities are added once."""
    crm("export", "--format", "json", "-o", str(full / "book.json"))
    other = str(full / "other.db")
    crm("--book", other, "add", "Zoë Müller", "email=zoe@acme.de")

    first = crm("--book", other, "import", str(full / "book.json"))
    again = crm("--book", other, "import", str(full / "book.json"))

    assert "1 changed" in first.err
    assert "0 new, 0 changed" in again.err
    assert "[ch" not in again.err
    assert len(crm("--book", other, "export", "--format", "json").json["activities"]) == 3


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_unknown_properties_leave_as_they_came(crm: Crm, full: Path, version: str) -> None:
    """Groups, parameters and every script included; vobject reads the file too."""
    out = crm("export", "name:zoë", "--format", "vcf", "--vcard", version).out.replace("\r\n ", "")

    assert 'X-CUSTOM;X-PARAM="a,b":kept\\, verbatim' in out
    assert "item1.X-CUSTOM" in out
    assert "X-SCRIPT:हिन्दी" in out
    assert "AAAA" in out
    assert "X-FLAG=1" in out


def test_csv_is_safe_in_a_spreadsheet_and_comes_back_whole(crm: Crm, full: Path) -> None:
    """Cells that a spreadsheet would run are neutralised; --csv-raw leaves them."""
    cells = [cell for row in csv.reader(io.StringIO(crm("export", "--format", "csv").out)) for cell in row]
    raw = [cell for row in csv.reader(io.StringIO(crm("export", "--format", "csv", "--csv-raw").out)) for cell in row]

    assert not [cell for cell in cells if cell[:1] in {"=", "+", "-", "@"} and not HARMLESS.fullmatch(cell)]
    assert "=1+1" in raw
    assert "'=1+1" in cells


def test_hostile_texts_survive(crm: Crm, tmp_path: Path, book_path: Path) -> None:
    """Through JSON to an equal book, through CSV and vCard to an unchanged one."""
    rows = [{"Name": f"P {n}", "Email": f"p{n}@x.in", "Notes": text} for n, text in enumerate(HOSTILE)]
    with (tmp_path / "a.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["Name", "Email", "Notes"])
        writer.writeheader()
        writer.writerows(rows)
    crm("import", str(tmp_path / "a.csv"))
    crm("export", "--format", "json", "-o", str(tmp_path / "b.json"))
    crm("--book", str(tmp_path / "copy.db"), "import", str(tmp_path / "b.json"))

    assert dump(tmp_path / "copy.db") == dump(book_path)


def test_a_file_is_written_whole_and_private(crm: Crm, full: Path) -> None:
    """Under its name only when it is complete; readable by its owner alone; a link leads where it leads."""
    victim, target = full / "victim", full / "out.json"
    victim.write_text("mine", encoding="utf-8")
    target.symlink_to(victim)

    done = crm("export", "--yes", "-o", str(target))

    assert done.code == 0
    assert target.is_symlink()
    assert victim.read_text(encoding="utf-8").startswith('{"format": "crm-book"')
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert json.loads(target.read_text(encoding="utf-8"))["format"] == "crm-book"
    assert not list(full.glob(".*part"))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--format", "yaml"), 2),
        ((), 2),
        (("--format", "vcf", "--vcard", "2.1"), 2),
        (("nofield:x", "--format", "csv"), 2),
        (("--format", "json", "-o", "/"), 1),
        (("--format", "csv", "-o", "/nowhere/x.csv"), 1),
        (("tag:nobody", "--format", "csv"), 0),
    ],
)
def test_exit_codes(crm: Crm, full: Path, words: tuple[str, ...], code: int) -> None:
    """What cannot be is one line."""
    done = crm("export", *words)

    assert done.code == code, done.err
    assert done.code == 0 or "Traceback" not in done.err


def test_an_empty_book_exports_to_an_empty_one(crm: Crm, tmp_path: Path) -> None:
    """No book is no error, and reading makes none."""
    assert crm("export", "--format", "json").json["contacts"] == []
    assert crm("export", "--format", "vcf").out == ""


def test_a_full_disk_is_one_line(crm_process: Crm, full: Path) -> None:
    """Not a traceback, and not success."""
    with open("/dev/full", "wb") as device:  # noqa: PTH123
        done = crm_process("export", "--format", "json", stdout=device)

    assert done.code != 0
    assert done.err.count("\n") == 1
    assert "the disk is full; the output was not written" in done.err


def test_a_reader_that_goes_away_is_no_traceback(full: Path) -> None:
    """``crm export | head -1``."""
    done = subprocess.run(
        f"{sys.executable} -m crm_cli export --format json | head -c 10",
        shell=True,
        capture_output=True,
        env=os.environ,
    )

    assert b"Traceback" not in done.stderr
    assert b"Exception" not in done.stderr


@pytest.mark.parametrize("words", [["--format", "csv"], ["-o", "FILE.vcf"], ["-o", "FILE.json"]], ids=" ".join)
def test_a_rehearsed_export_counts_and_writes_nothing(crm, tmp_path, words):
    crm("add", "Asha")
    target = tmp_path / "out"
    target.mkdir()

    found = crm("export", "-n", *(word.replace("FILE", str(target / "x")) for word in words))

    assert (found.code, found.out) == (0, "")
    assert found.err.endswith("1 person (dry run: nothing was written)\n")
    assert list(target.iterdir()) == []


@pytest.mark.parametrize("target", ["crm.db", "other.db", "nowhere/x"])
def test_a_rehearsed_export_refuses_what_the_export_would(crm, tmp_path, book_path, target):
    crm("add", "Asha")
    crm("--book", str(book_path.parent / "other.db"), "add", "Ravi")
    words = ("export", "--format", "csv", "-o", str(book_path.parent / target))

    assert crm(*words, "-n").code == crm(*words).code != 0
