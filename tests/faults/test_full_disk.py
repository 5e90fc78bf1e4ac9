"""A disk that is full: one line, nothing half done, and the book is fit for use once there is room again."""

import os
import resource
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from support import dump

PERSON = ["Asha", "notes=" + "long " * 20_000]


@pytest.fixture
def small_disk(tmp_path):
    """A file system of one megabyte."""
    place = tmp_path / "small"
    place.mkdir()
    if (
        os.geteuid()
        or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "crm", place], capture_output=True).returncode
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
