"""``backup``, ``restore``, ``check`` through the front door."""

import sqlite3
from contextlib import closing

import pytest
from support import dump, made_once


@pytest.fixture
@made_once
def asha(crm):
    crm("add", "Asha")
    return crm


def test_a_backup_lies_dated_beside_the_book_and_its_path_is_printed(asha, book_path):
    found = asha("backup")

    target = book_path.parent / "backups" / "crm-20261122T033000Z.db"
    assert (found.code, found.out) == (0, f"{target}\n")
    assert dump(target) == dump(book_path)


def test_a_backup_to_a_place_of_ones_own(asha, tmp_path, book_path):
    found = asha("backup", str(tmp_path / "x.db"), "--json")
    assert found.json == {"backup": str(tmp_path / "x.db"), "dry_run": False}
    assert asha("backup", str(tmp_path / "x.db")).code == 0
    (tmp_path / "usb").mkdir()
    assert asha("backup", str(tmp_path / "usb")).out == f"{tmp_path / 'usb' / 'crm-20261122T033000Z.db'}\n"


def test_a_backup_overwrites_nothing_but_a_book(asha, tmp_path):
    (tmp_path / "diary.txt").write_text("dear diary")
    found = asha("backup", str(tmp_path / "diary.txt"))

    assert (found.code, found.out) == (6, "")
    assert (tmp_path / "diary.txt").read_text() == "dear diary"


def test_a_backup_onto_the_book_itself_is_refused(asha, book_path):
    assert asha("backup", str(book_path)).code == 2


@pytest.mark.parametrize("command", [["backup"], ["check"]])
def test_where_there_is_no_book(crm, book_path, command):
    assert crm(*command).code == 3
    assert not book_path.exists()


@pytest.mark.conv("C33")
def test_restore_asks_and_keeps_the_present_book(asha, book_path):
    backup = asha("backup").out.strip()
    asha("add", "Ravi")
    before = dump(book_path)

    assert asha("restore", backup).code == 2
    assert dump(book_path) == before
    found = asha("restore", backup, "--yes")
    assert found.err == f"Restored {book_path}; the book as it was is {book_path}.before-restore-1\n"
    assert asha("list").lines[0].startswith("1\tAsha")
    assert len(asha("list").lines) == 1
    assert dump(book_path.with_name("crm.db.before-restore-1")) == before


def test_undo_goes_on_after_a_restore(asha, book_path):
    backup = asha("backup").out.strip()
    asha("restore", backup, "--yes")
    assert asha("undo", "ch1").code == 0
    assert dump(book_path)["contact"] == []


def test_a_rehearsed_restore_changes_nothing(asha, book_path):
    backup = asha("backup").out.strip()
    asha("add", "Ravi")
    before = book_path.read_bytes()

    assert asha("restore", backup, "--dry-run").code == 0
    assert book_path.read_bytes() == before


@pytest.mark.parametrize("name", ["nowhere.db", "text.db", "empty.db"])
def test_what_is_no_backup(asha, tmp_path, book_path, name):
    (tmp_path / "text.db").write_text("x" * 5000)
    (tmp_path / "empty.db").touch()
    before = book_path.read_bytes()
    for more in (["--yes"], ["--dry-run"]):
        found = asha("restore", str(tmp_path / name), *more)
        assert (found.code, len(found.err.splitlines())) == (6, 1)
    assert book_path.read_bytes() == before


def test_check_of_a_sound_book(asha, book_path):
    assert asha("check").err == f"{book_path} is sound\n"
    assert asha("check", "--json").json == {"book": str(book_path), "problems": []}


def test_check_finds_an_index_out_of_step_and_mends_it(asha, book_path):
    with closing(sqlite3.connect(book_path, isolation_level=None)) as db:
        db.execute("UPDATE search_doc SET names = 'nobody'")

    found = asha("check", "--json")
    assert found.code == 6
    assert len(found.json["problems"]) == 1
    assert asha("check", "--repair").code == 0


def test_check_names_a_row_that_another_program_changed_until_it_is_accepted(asha, book_path):
    with closing(sqlite3.connect(book_path, isolation_level=None)) as db:
        db.execute("UPDATE contact SET birthday = '1990-01-01', name = 'Somebody Else'")

    found = asha("check")
    assert found.code == 6
    assert found.lines == ["contact 1 was changed by another program or damaged (1 Somebody Else)"]
    assert found.err.endswith("or, if you changed this yourself: crm check --accept)\n")
    assert asha("edit", "1", "city=Pune").code == 0
    assert asha("check").lines == found.lines
    assert asha("check", "--accept").code == 0
    assert asha("check").code == 0
    assert asha("find", "somebody").code == 0


def test_restore_alone_lists_the_backups(crm, book_path):
    crm("add", "Asha")
    first = crm("backup").out.strip()
    crm("add", "Ravi")
    crm("restore", first, "--yes")

    found = crm("restore", "--json")

    names = [each["file"] for each in found.json]
    assert (found.code, sorted(names)) == (0, sorted([first, f"{book_path}.before-restore-1"]))
    assert all(each["bytes"] > 0 and each["made"].endswith("+05:30") for each in found.json)
    assert crm("restore", "--format", "ids").lines == names


def test_restore_alone_where_there_is_no_backup(crm, book_path):
    crm("add", "Asha")

    found = crm("restore")

    assert (found.code, found.out) == (0, "")
    assert found.err == f"there is no backup of {book_path} in its folder\n"


@pytest.mark.parametrize("words", [[], ["FILE"]], ids=str)
def test_a_rehearsed_backup_is_verified_and_not_kept(asha, tmp_path, book_path, words):
    found = asha("backup", "-n", *(str(tmp_path / "x.db") for _ in words))

    assert (found.code, found.err) == (0, "the copy is sound (dry run: nothing was written)\n")
    assert [path.name for path in book_path.parent.iterdir()] == ["crm.db"]
    assert not (tmp_path / "x.db").exists()


def test_a_rehearsed_backup_says_what_it_would_replace(crm, tmp_path):
    other = str(tmp_path / "other.db")
    crm("--book", other, "add", "Ravi")
    crm("add", "Asha")

    found = crm("backup", "-n", other)

    assert "other.db is another crm book (people: 1), and would be replaced (dry run" in found.err
    assert crm("--book", other, "list").lines[0].startswith("1\tRavi")


def test_restore_answers_in_json(asha, book_path):
    backup = asha("backup").out.strip()
    expected = {"book": str(book_path), "backup": backup, "kept": None, "dry_run": True}

    assert asha("restore", backup, "-n", "--json").json == expected
    kept = f"{book_path}.before-restore-1"
    assert asha("restore", backup, "-y", "--json").json == {**expected, "kept": kept, "dry_run": False}


def test_a_rehearsed_repair_says_what_it_would_drop(asha, book_path):
    with closing(sqlite3.connect(book_path, isolation_level=None)) as db:
        db.execute("CREATE TRIGGER strange AFTER INSERT ON contact BEGIN SELECT 1; END")
    before = dump(book_path)

    found = asha("check", "--repair", "-n")

    assert found.code == 6
    assert "Would drop " in found.err
    assert asha("check").code == 6
    assert dump(book_path) == before
