"""A book that may be read and not written."""

import os
import subprocess

import pytest

WRITES = [
    ["add", "Ravi"],
    ["edit", "1", "city=Pune"],
    ["tag", "1", "+vip"],
    ["log", "call", "1"],
    ["undo", "ch1"],
    ["rm", "1"],
]
LOOKS = [["show", "1"], ["list"], ["find", "asha"], ["changes"], ["tag"], ["today"], ["check"]]


@pytest.fixture
def readonly(crm, tmp_path):
    """A book on a file system that cannot be written."""
    place = tmp_path / "medium"
    place.mkdir()
    if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "crm", place], capture_output=True).returncode:
        pytest.skip("only root mounts")
    book = place / "crm.db"
    crm("--book", str(book), "add", "Asha")
    subprocess.run(["mount", "-o", "remount,ro", place], check=True)
    yield book
    subprocess.run(["umount", "-l", place], check=True)


@pytest.mark.parametrize("command", LOOKS, ids=" ".join)
def test_a_look_works(crm, readonly, command):
    assert crm("--book", str(readonly), *command).code == 0


@pytest.mark.parametrize("command", WRITES, ids=" ".join)
def test_a_write_says_so_in_one_line(crm, readonly, command):
    before = readonly.read_bytes()

    found = crm("--book", str(readonly), *command)

    assert (found.code, found.out) == (6, "")
    assert found.err == "crm: the book is read-only; nothing was changed\n"
    assert readonly.read_bytes() == before


def test_a_new_book_there_cannot_be_made(crm, readonly):
    found = crm("--book", str(readonly.with_name("new.db")), "add", "Asha")

    assert found.code == 6
    assert "Read-only file system" in found.err


def test_a_backup_there_cannot_be_written(crm, readonly):
    crm("add", "Asha")

    found = crm("backup", str(readonly.with_name("backup.db")))

    assert found.code == 6
    assert len(found.err.splitlines()) == 1
