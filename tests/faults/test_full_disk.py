"""A disk that is full: one line, nothing half done, and the book is fit for use once there is room again."""

import os
import resource
import subprocess
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
    "command", [["list"], ["show", "1"], ["changes"], ["--help"], ["add", "Ravi"], ["list", "--json"]]
)
def test_output_that_finds_no_room_is_an_error(crm, crm_process, command):
    crm("add", "Asha")
    with Path("/dev/full").open("wb") as full:
        found = crm_process(*command, stdout=full)

    assert found.code == 1
    assert "No space left on device" in found.err.splitlines()[-1]
    assert "Traceback" not in found.err
