"""A folder of cards, as vdirsyncer and khard use it: out, changed on either side, and in again."""

from __future__ import annotations

import base64
import json
import os
from typing import TYPE_CHECKING

import pytest
from support import dump

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support import Run

    Crm = Callable[..., Run]

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 3
FOREIGN = "BEGIN:VCARD\nVERSION:3.0\nUID:khard-1\nFN:Meera Iyer\nN:Iyer;Meera;;;\nEMAIL:m@x.in\nEND:VCARD\n"


@pytest.fixture
def folder(crm: Crm, tmp_path: Path) -> Path:
    """Two people and their files."""
    crm("add", "Asha Verma", "email=asha@acme.in", "phone.mobile=+91 98200 12345", "company=Acme", "+client")
    crm("add", "Ravi Kumar", "email=ravi@globex.example", "phone.work=+91 98200 54321", "notes=Met at the fair.")
    found = tmp_path / "cards"
    assert "2 people: 2 written, 0 unchanged" in crm("export", "--format", "vcf", "-o", f"{found}/").err
    return found


def cards(folder: Path) -> dict[str, Path]:
    """Return the files of a folder by the name in the card."""
    return {
        next(line[3:] for line in path.read_text().splitlines() if line.startswith("FN:")): path
        for path in folder.glob("*.vcf")
    }


def out(crm: Crm, folder: Path, *words: str) -> Run:
    return crm("export", *words, "--format", "vcf", "-o", str(folder))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_bytes().decode()
    assert old in text
    path.write_bytes(text.replace(old, new).encode())


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """Return what vdirsyncer compares: the time and the inode of each file."""
    return {each.name: (each.stat().st_mtime_ns, each.stat().st_ino) for each in folder.iterdir()}


def test_there_is_one_private_file_per_person_named_by_the_uid(crm: Crm, folder: Path) -> None:
    uid = json.loads(crm("show", "1", "--json").out)["uid"]

    assert set(cards(folder)) == {"Asha Verma", "Ravi Kumar"}
    assert cards(folder)["Asha Verma"].name == f"{uid}.vcf"
    assert cards(folder)["Asha Verma"].stat().st_mode & 0o777 == 0o600
    assert cards(folder)["Asha Verma"].read_text().startswith("BEGIN:VCARD\nVERSION:3.0\n")


def test_an_export_that_changes_nothing_touches_nothing(crm: Crm, folder: Path) -> None:
    before = stamps(folder)

    assert "0 written, 2 unchanged" in out(crm, folder).err
    assert stamps(folder) == before


def test_only_the_changed_file_is_written(crm: Crm, folder: Path) -> None:
    before = stamps(folder)
    crm("edit", "1", "city=Pune")

    assert "1 written, 1 unchanged" in out(crm, folder).err
    after = stamps(folder)
    assert {name for name in after if after[name] != before[name]} == {
        cards(folder)["Asha Verma"].name,
        ".crm-export.json",
    }
    assert "Pune" in cards(folder)["Asha Verma"].read_text()


def test_a_dry_run_makes_no_folder(crm: Crm, tmp_path: Path) -> None:
    crm("add", "Asha")

    assert "1 written" in crm("export", "--format", "vcf", "-o", f"{tmp_path}/new/", "--dry-run").err
    assert not (tmp_path / "new").exists()


def test_a_dry_run_touches_no_file(crm: Crm, folder: Path) -> None:
    crm("edit", "1", "city=Pune")
    crm("rm", "2", "--yes")
    before = stamps(folder)

    assert "1 written, 0 unchanged, 1 deleted (dry run" in out(crm, folder, "--dry-run").err
    assert stamps(folder) == before


def test_who_left_the_export_leaves_the_folder(crm: Crm, folder: Path) -> None:
    assert "1 person: 0 written, 1 unchanged, 1 deleted" in out(crm, folder, "tag:client").err
    assert set(cards(folder)) == {"Asha Verma"}


def test_companies_that_can_be_reached_come_along_with_the_whole_book(crm: Crm, folder: Path) -> None:
    crm("company", "edit", "c1", "phone=020 2553 1234")

    assert "2 people, 1 company: 1 written, 2 unchanged" in out(crm, folder).err
    assert "X-ABShowAs:COMPANY" in cards(folder)["Acme"].read_text()


def test_foreign_files_are_never_touched(crm: Crm, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.vcf").write_text(FOREIGN.replace("khard-1", "khard-2"))
    (folder / "khard-1.vcf").write_text(FOREIGN)
    (folder / "broken.vcf").write_bytes(b"BEGIN:VCARD\0\xff")
    (folder / "link.vcf").symlink_to(tmp_path / "elsewhere.vcf")
    (folder / "color").write_text("#ff0000")
    (folder / "sub.vcf").mkdir()
    before = stamps(folder)
    crm("rm", "1", "2", "--yes")

    assert "0 people: 0 written, 0 unchanged, 2 deleted" in out(crm, folder).err
    left = stamps(folder)
    assert all(left[name] == before[name] for name in ("khard-1.vcf", "broken.vcf", "color", "sub.vcf"))
    assert (tmp_path / "elsewhere.vcf").read_text() == FOREIGN.replace("khard-1", "khard-2")


@pytest.mark.parametrize("uid", ["../../evil", "/etc/passwd", "a/b", ".hidden", "x" * 300, "näme", "a\\nb", "con:1"])
def test_a_uid_that_is_no_safe_file_name_is_not_used_as_one(crm: Crm, tmp_path: Path, uid: str) -> None:
    (tmp_path / "in.vcf").write_text(FOREIGN.replace("khard-1", uid))
    assert crm("import", str(tmp_path / "in.vcf")).code == 0
    ours = json.loads(crm("show", "1", "--json").out)["uid"]

    crm("export", "--format", "vcf", "-o", f"{tmp_path}/cards/")
    assert {each.name for each in (tmp_path / "cards").iterdir()} == {f"{ours}.vcf", ".crm-export.json"}


def test_names_that_differ_in_case_only_get_two_files(crm: Crm, tmp_path: Path) -> None:
    (tmp_path / "in.vcf").write_text(FOREIGN + FOREIGN.replace("khard-1", "KHARD-1x").replace("Meera", "Mira"))
    (tmp_path / "in2.vcf").write_text(FOREIGN.replace("khard-1", "khard-1X").replace("Meera", "Mara"))
    crm("import", str(tmp_path / "in.vcf"), str(tmp_path / "in2.vcf"))
    crm("export", "--format", "vcf", "-o", f"{tmp_path}/cards/")

    names = [each.name.lower() for each in (tmp_path / "cards").glob("*.vcf")]
    assert len(names) == len(set(names)) == 3


def test_a_file_of_another_program_in_the_way_is_not_overwritten(crm: Crm, tmp_path: Path) -> None:
    crm("add", "Asha")
    uid = json.loads(crm("show", "1", "--json").out)["uid"]
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards" / f"{uid}.vcf").symlink_to(tmp_path / "target")

    found = out(crm, tmp_path / "cards")
    assert found.code == 1
    assert "in the way" in found.err
    assert not (tmp_path / "target").exists()


def test_a_change_there_is_merged_with_a_change_here(crm: Crm, folder: Path) -> None:
    """Three-way: what changed in the file since the export, onto what the user has made of the record."""
    edit(cards(folder)["Asha Verma"], "FN:Asha Verma", "FN:Asha Verma-Rao")
    edit(cards(folder)["Asha Verma-Rao"], "asha@acme.in", "asha@rao.example")
    crm("edit", "1", "city=Pune", "notes=Prefers mornings.")

    blocked = out(crm, folder)
    assert blocked.code == 5
    assert "1 file was changed by another program and not touched" in blocked.err
    assert "asha@rao.example" in cards(folder)["Asha Verma-Rao"].read_text()

    brought = crm("import", str(cards(folder)["Asha Verma-Rao"]))
    assert "1 changed" in brought.err
    assert "stays" not in brought.err
    card = json.loads(crm("show", "1", "--json").out)
    assert card["name"] == "Asha Verma-Rao"
    assert [each["value"] for each in card["emails"]] == ["asha@rao.example"]
    assert card["addresses"][0]["locality"] == "Pune"

    assert "1 written, 1 unchanged" in out(crm, folder).err
    assert "Prefers mornings." in cards(folder)["Asha Verma-Rao"].read_text()
    assert "0 written, 2 unchanged" in out(crm, folder).err


def test_what_was_removed_there_is_removed_here_and_once_only(crm: Crm, folder: Path) -> None:
    path = cards(folder)["Ravi Kumar"]
    edit(path, "NOTE:Met at the fair.\r\n", "")
    crm("import", str(path))
    assert json.loads(crm("show", "2", "--json").out)["notes"] == ""

    crm("edit", "2", "notes=New.")
    assert "0 changed, 1 same" in crm("import", str(path)).err
    out(crm, folder)
    assert "NOTE:New." in path.read_text()


def test_the_same_value_changed_on_both_sides_stays_and_is_said(crm: Crm, folder: Path) -> None:
    path = cards(folder)["Ravi Kumar"]
    edit(path, "Met at the fair.", "Theirs.")
    crm("edit", "2", "notes=Ours.")

    assert "notes stays “Ours.”; the file says “Theirs.”" in crm("import", str(path)).err
    assert "1 written" in out(crm, folder).err
    assert "Ours." in path.read_text()


def test_a_photo_removed_there_is_removed_here(crm: Crm, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "x.png").write_bytes(PNG)
    crm("photo", "1", "--set", str(tmp_path / "x.png"))
    out(crm, folder)
    path = cards(folder)["Asha Verma"]
    assert base64.b64encode(PNG).decode()[:40] in path.read_text().replace("\n ", "")
    assert len((folder / ".crm-export.json").read_text()) < 3000

    edit(path, "EMAIL:asha@acme.in", "EMAIL:asha@new.example")
    crm("import", str(path))
    assert "PNG" in crm("show", "1", "--format", "text").out
    text = path.read_text()
    start = text.index("PHOTO")
    end = text.index("\n", text.index("=\n", start)) if "=\n" in text[start:] else text.index("\nEND", start)
    path.write_text(text[:start] + text[end + 1 :])
    crm("import", str(path))
    assert crm("photo", "1").code == 3


def test_a_deleted_file_is_reported_and_not_written_again(crm: Crm, folder: Path) -> None:
    cards(folder)["Ravi Kumar"].unlink()

    found = out(crm, folder)
    assert found.code == 5
    assert "not written again: 2 Ravi Kumar" in found.err
    assert "crm rm 2" in found.err
    assert out(crm, folder).code == 5
    crm("rm", "2", "--yes")
    assert out(crm, folder).code == 0


def test_overwrite_writes_changed_and_deleted_files(crm: Crm, folder: Path) -> None:
    cards(folder)["Ravi Kumar"].unlink()
    edit(cards(folder)["Asha Verma"], "acme.in", "other.example")

    found = out(crm, folder, "--overwrite")
    assert found.code == 0
    assert "2 written" in found.err
    assert "asha@acme.in" in cards(folder)["Asha Verma"].read_text()


def test_a_changed_file_of_who_left_is_kept(crm: Crm, folder: Path) -> None:
    edit(cards(folder)["Ravi Kumar"], "Met", "Saw")
    crm("rm", "2", "--yes")

    assert "changed by another program" in out(crm, folder).err
    assert "Ravi Kumar" in cards(folder)


def test_a_file_of_another_program_is_updated_in_place_once_it_was_imported(crm: Crm, folder: Path) -> None:
    path = folder / "meera.vcf"
    path.write_text(FOREIGN)
    before = path.stat().st_mtime_ns
    crm("import", str(path))
    assert "3 people: 0 written, 3 unchanged" in out(crm, folder).err
    assert path.stat().st_mtime_ns == before

    crm("edit", "3", "city=Chennai")
    assert "1 written" in out(crm, folder).err
    assert "Chennai" in path.read_text()
    assert "UID:khard-1" in path.read_text()
    edit(path, "m@x.in", "meera@x.in")
    assert "1 changed" in crm("import", str(path)).err
    assert "3 unchanged" in out(crm, folder).err


def test_a_file_that_was_not_imported_yet_is_not_overwritten(crm: Crm, folder: Path) -> None:
    (folder / "meera.vcf").write_text(FOREIGN)
    crm("import", str(folder / "meera.vcf"))
    edit(folder / "meera.vcf", "m@x.in", "meera@x.in")

    assert out(crm, folder).code == 5
    assert "meera@x.in" in (folder / "meera.vcf").read_text()


def test_a_rejected_card_is_not_overwritten(crm: Crm, folder: Path) -> None:
    path = cards(folder)["Ravi Kumar"]
    edit(path, "END:VCARD", "NOTE:cut")
    assert crm("import", str(path)).code == 5

    assert out(crm, folder).code == 5
    assert "NOTE:cut" in path.read_text()


def test_the_folder_of_another_book_is_refused(crm: Crm, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    crm("add", "Mia", "--book", str(other))

    found = crm("export", "--format", "vcf", "-o", str(folder), "--book", str(other))
    assert found.code == 2
    assert "another book" in found.err
    assert set(cards(folder)) == {"Asha Verma", "Ravi Kumar"}


def test_a_damaged_manifest_is_said_and_can_be_removed(crm: Crm, folder: Path) -> None:
    (folder / ".crm-export.json").write_text("{")
    assert "is damaged" in out(crm, folder).err

    (folder / ".crm-export.json").unlink()
    assert "0 written, 2 unchanged" in out(crm, folder).err
    crm("rm", "2", "--yes")
    assert "1 deleted" in out(crm, folder).err


def test_a_hostile_manifest_deletes_nothing_outside(crm: Crm, folder: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim.vcf"
    victim.write_text(FOREIGN)
    manifest = json.loads((folder / ".crm-export.json").read_text())
    manifest["files"]["../victim.vcf"] = dict(next(iter(manifest["files"].values())))
    (folder / ".crm-export.json").write_text(json.dumps(manifest))

    out(crm, folder, "tag:client")
    assert victim.read_text() == FOREIGN


def test_an_export_that_was_killed_is_finished_by_the_next(crm: Crm, folder: Path) -> None:
    """The manifest is written before the files: what is there after a kill is not taken for another program's."""
    manifest = (folder / ".crm-export.json").read_bytes()
    crm("edit", "1", "city=Pune")
    out(crm, folder)
    both = json.loads((folder / ".crm-export.json").read_text())
    name = cards(folder)["Asha Verma"].name
    both["files"][name]["sha256"] += json.loads(manifest)["files"][name]["sha256"]
    (folder / ".crm-export.json").write_text(json.dumps(both))
    (folder / ".x.vcf.crm-999999999.part").write_text("half")
    crm("edit", "1", "city=Goa")

    assert "1 written, 1 unchanged" in out(crm, folder).err
    assert not list(folder.glob("*.part"))
    assert "Goa" in cards(folder)["Asha Verma"].read_text()


@pytest.mark.parametrize("form", ["json"])
def test_other_formats_name_a_file_in_the_folder(crm: Crm, folder: Path, form: str) -> None:
    found = crm("export", "--format", form, "-o", str(folder))
    assert found.code == 1
    assert f"book.{form}" in found.err


def test_a_missing_parent_is_probably_a_typo(crm: Crm, folder: Path, tmp_path: Path) -> None:
    assert crm("export", "--format", "vcf", "-o", f"{tmp_path}/no/where/").code == 2


def test_a_folder_that_cannot_be_written_to_is_said(crm: Crm, folder: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    crm("edit", "1", "city=Pune")
    folder.chmod(0o500)
    found = out(crm, folder)
    folder.chmod(0o700)
    assert found.code == 1
    assert "Traceback" not in found.err


def test_all_of_it_comes_back_into_an_empty_book(crm: Crm, folder: Path, tmp_path: Path, book_path: Path) -> None:
    files = [str(each) for each in folder.glob("*.vcf")]
    before = dump(book_path)
    assert "0 changed, 1 same" in crm("import", *files).err
    assert dump(book_path) == before

    other = str(tmp_path / "other.db")
    assert crm("import", *files, "--book", other).code == 0
    assert crm("list", "--count", "--book", other).out.strip() == "2"


def test_the_whole_folder_is_imported_in_one_change_and_its_missing_files_are_said(crm: Crm, folder: Path) -> None:
    edit(cards(folder)["Asha Verma"], "acme.in", "new.example")
    cards(folder)["Ravi Kumar"].unlink()
    (folder / "meera.vcf").write_text(FOREIGN)
    crm("edit", "1", "city=Pune")

    brought = crm("import", f"{folder}/")
    assert "2 read, 1 new, 1 changed" in brought.err
    assert "1 file of the last export is missing; the people stay in the book" in brought.err
    card = json.loads(crm("show", "1", "--json").out)
    assert [each["value"] for each in card["emails"]] == ["asha@new.example"]
    assert "3 people: 1 written, 1 unchanged" in out(crm, folder).err
