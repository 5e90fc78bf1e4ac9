"""A disk that is full: one line, nothing half done, and the book is fit for use once there is room again."""

import os
import resource
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from support import dump
from test_migrating_at_once import make_old

PERSON = ["Asha", "notes=" + "long " * 20_000]


@pytest.fixture
def small_disk(tmp_path, request):
    """A file system of one megabyte, or of as many as are asked for."""
    place = tmp_path / "small"
    place.mkdir()
    if (
        os.geteuid()
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={getattr(request, 'param', 1)}m", "crm", place], capture_output=True
        ).returncode
    ):
        pytest.skip("only root mounts")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def fill(place, leave=0):
    with (place / "filler").open("wb", buffering=0) as file:
        with suppress(OSError):
            while True:
                file.write(b"x" * 4096)
        file.truncate(max(0, file.tell() - leave))


@pytest.mark.parametrize("leave", [0, 4096, 16384, 65536])
def test_a_change_that_finds_no_room_leaves_the_book_as_it_was(crm, small_disk, leave):
    book = small_disk / "crm.db"
    crm("--book", str(book), "add", "Ravi")
    before = dump(book)
    fill(small_disk, leave)

    found = crm("--book", str(book), "add", *PERSON)

    assert found.code == 6
    assert found.err == "crm: the disk is full; nothing was changed\n"
    assert dump(book) == before
    (small_disk / "filler").unlink()
    assert crm("--book", str(book), "add", "Asha").code == 0
    assert crm("--book", str(book), "check").code == 0


def test_a_backup_that_finds_no_room_leaves_no_part_and_the_old_one(crm, small_disk, surroundings):
    crm("add", *PERSON)
    target = small_disk / "old.db"
    assert crm("backup", str(target)).code == 0
    kept = target.read_bytes()
    fill(small_disk)

    found = crm("backup", str(target))

    assert found.code == 6
    assert len(found.err.splitlines()) == 1
    assert target.read_bytes() == kept
    assert sorted(path.name for path in small_disk.iterdir()) == ["filler", "old.db"]


def test_a_restore_that_finds_no_room_leaves_the_book(crm, small_disk, surroundings, book_path):
    book = small_disk / "crm.db"
    crm("--book", str(book), "add", "Ravi")
    crm("add", *PERSON)
    before = dump(book)
    fill(small_disk)

    found = crm("--book", str(book), "restore", str(book_path), "--yes")

    assert found.code == 6
    assert dump(book) == before
    assert sorted(path.name for path in small_disk.iterdir()) == ["crm.db", "filler"]


def held(crm, place, leave, *command):
    """Run a command with so many bytes left; if it finds no room it says so, and the folder is as before."""
    fill(place, leave)
    before = {path.name: path.read_bytes() for path in place.iterdir()}

    found = crm("--book", str(place / "crm.db"), *command)

    if found.code:
        assert (found.code, len(found.err.splitlines())) == (6, 1)
        assert "the disk is full; nothing was changed" in found.err
        assert {path.name: path.read_bytes() for path in place.iterdir()} == before
    (place / "filler").unlink()
    return found.code


@pytest.mark.parametrize("small_disk", [4], indirect=True)
@pytest.mark.parametrize("present", ["a book", "a text"])
def test_a_restore_finds_room_for_all_of_it_or_changes_nothing(crm, small_disk, surroundings, book_path, present):
    crm("add", "Asha")
    book = small_disk / "crm.db"
    codes = []
    for leave in range(0, 3_000_000, 122_880):
        for path in small_disk.iterdir():
            path.unlink()
        if present == "a book":
            crm("--book", str(book), "add", "Ravi")
        else:
            book.write_text("dear diary\n" * 10_000)
        codes.append(held(crm, small_disk, leave, "restore", str(book_path), "--yes"))

    assert set(codes) == {0, 6}
    assert codes == sorted(codes, reverse=True)
    assert dump(book) == dump(book_path)


@pytest.mark.parametrize("small_disk", [4], indirect=True)
def test_a_migration_finds_room_for_all_of_it_or_changes_nothing(crm, small_disk):
    codes = []
    for leave in range(0, 3_000_000, 122_880):
        for path in small_disk.iterdir():
            path.unlink()
        make_old(small_disk / "crm.db")
        codes.append(held(crm, small_disk, leave, "list"))

    assert set(codes) == {0, 6}
    assert codes == sorted(codes, reverse=True)


def test_a_file_that_may_not_grow_is_one_line_too(crm, crm_process, book_path):
    crm("add", "Ravi")
    before, size = dump(book_path), book_path.stat().st_size

    found = crm_process(
        "add", *PERSON, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size + 4096, size + 4096))
    )

    assert found.code == 6
    assert len(found.err.splitlines()) == 1
    assert dump(book_path) == before
    assert crm("add", "Asha").code == 0


@pytest.mark.parametrize(
    "command",
    [
        ["list"],
        ["show", "1"],
        ["changes"],
        ["--help"],
        ["list", "--json"],
        ["email", "asha"],
        ["export", "--format", "csv"],
    ],
    ids=" ".join,
)
def test_output_that_finds_no_room_is_an_error(crm, crm_process, command):
    crm("add", "Asha", "email=a@x.in")
    with Path("/dev/full").open("wb") as full:
        found = crm_process(*command, stdout=full)

    assert found.code == 6
    assert "the disk is full" in found.err
    assert len(found.err.splitlines()) == 1


@pytest.mark.parametrize(
    "command",
    [["add", "Ravi"], ["todo", "x"], ["tag", "1", "+vip"], ["undo", "ch1"], ["rm", "1", "--yes"]],
    ids=" ".join,
)
def test_a_change_is_made_though_it_cannot_be_printed(crm, crm_process, book_path, command):
    crm("add", "Asha")
    before = dump(book_path)
    with Path("/dev/full").open("wb") as full:
        found = crm_process(*command, stdout=full)

    assert found.code == 0
    assert "ch" in found.err
    assert found.err.endswith("but the disk is full; the output was not written\n")
    assert dump(book_path) != before


def test_a_change_is_made_though_nothing_can_be_said(crm, crm_process, book_path):
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "crm_cli", "add", "Asha"]
        done = subprocess.run(command, stdout=full, stderr=full, env=os.environ)

    assert done.returncode == 0
    assert len(dump(book_path)["contact"]) == 1


@pytest.mark.parametrize("streams", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("command", ["add Ravi", "list", "email asha", "export --format csv -o {}"])
def test_streams_that_are_closed(crm, book_path, tmp_path, command, streams):
    crm("add", "Asha", "email=a@x.in")
    words = command.format(tmp_path / "out.csv")
    done = subprocess.run(
        f"{sys.executable} -m crm_cli {words} {streams}", shell=True, capture_output=True, env=os.environ
    )

    wrote = command.startswith(("add", "export"))
    assert done.returncode == (0 if wrote or ">&-" not in streams.replace("2>&-", "") else 1)
    assert b"Traceback" not in done.stderr
    assert crm("check").code == 0
    assert len(dump(book_path)["contact"]) == (2 if command == "add Ravi" else 1)


def test_an_export_that_finds_no_room_leaves_no_part_and_the_old_file(crm, small_disk, book_path):
    crm("add", *PERSON)
    target = small_disk / "old.json"
    target.write_text("old")
    fill(small_disk, 8192)

    found = crm("export", "--yes", "-o", str(target))

    assert found.code == 6
    assert found.err == f"crm: the disk is full; {target} was not written\n"
    assert target.read_text() == "old"
    assert sorted(path.name for path in small_disk.iterdir()) == ["filler", "old.json"]


def test_rejected_rows_that_find_no_room_are_told_before_the_import_is_kept(crm, small_disk, book_path, tmp_path):
    crm("add", "Ravi")
    before = dump(book_path)
    rows = "".join(f",,{'7' * 1000}\n" for _ in range(50))
    (tmp_path / "leads.csv").write_text(f"Name,Email,Size\nAsha,a@x.in,\n{rows}")
    fill(small_disk, 8192)

    found = crm("import", str(tmp_path / "leads.csv"), "--rejects", str(small_disk / "rejects"))

    assert found.code == 6
    assert found.err == f"crm: the disk is full; {small_disk / 'rejects'} was not written\n"
    assert dump(book_path) == before
    assert [path.name for path in small_disk.iterdir()] == ["filler"]


def test_settings_that_find_no_room_stay_as_they_were(crm, small_disk, surroundings, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(small_disk))
    crm("config", "set", "region", "IN")
    fill(small_disk)

    found = crm("config", "set", "name", "Asha " * 2000)

    assert (found.code, "the disk is full" in found.err) == (6, True)
    assert crm("config", "get", "region").out == "IN\n"
    assert [path.name for path in (small_disk / "crm").iterdir()] == ["config.toml"]


def test_an_import_that_fails_at_the_end_leaves_the_earlier_rejects(crm, small_disk, tmp_path):
    """The book has no room to commit: what lay beside the file lies there still."""
    book, leads = small_disk / "crm.db", tmp_path / "leads.csv"
    leads.write_text("Name,Email,Size\n,,7\n")
    crm("--book", str(book), "import", str(leads))
    kept = (tmp_path / "leads.csv.rejects").read_bytes()
    leads.write_text("Name,Notes,Size\n,,8\nAsha," + "long " * 20_000 + ",\n")
    fill(small_disk, 4096)

    assert crm("--book", str(book), "import", str(leads)).code == 6
    assert (tmp_path / "leads.csv.rejects").read_bytes() == kept
    assert sorted(path.name for path in tmp_path.glob(".*part")) == []
