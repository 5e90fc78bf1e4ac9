"""File systems without hard links (FAT, many network shares): a restore needs none."""

import ctypes
import os
import platform
import struct
import subprocess

import pytest
from support import dump

LINK_CALLS = {"x86_64": (86, 265), "aarch64": (37,)}
"""The numbers of link and linkat."""
SET_NO_NEW_PRIVILEGES, SET_SECCOMP, FILTER = 38, 22, 2
LOAD, IS_EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, FAIL = 0x7FFF0000, 0x00050000 | 1
"""1 is EPERM, which is what Linux says on FAT (man 2 link)."""


def refuse_links():
    """Let the kernel refuse each hard link of this process from now on (man 2 seccomp)."""
    calls = LINK_CALLS[platform.machine()]
    steps = [(LOAD, 0, 0, 0)]
    steps += [(IS_EQUAL, len(calls) - place, 0, call) for place, call in enumerate(calls)]
    steps += [(RETURN, 0, 0, ALLOW), (RETURN, 0, 0, FAIL)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = struct.pack("HxxxxxxP", len(steps), ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0) or libc.prctl(SET_SECCOMP, FILTER, program, 0, 0):
        os._exit(77)


@pytest.mark.skipif(platform.system() != "Linux" or platform.machine() not in LINK_CALLS, reason="needs seccomp")
@pytest.mark.parametrize("damaged", [False, True])
def test_a_restore_where_the_kernel_refuses_links(crm, crm_process, book_path, tmp_path, damaged):
    crm("add", "Asha")
    crm("backup", str(tmp_path / "backup.db"))
    crm("add", "Ravi")
    if damaged:
        book_path.write_text("dear diary\n" * 1000)

    found = crm_process("restore", str(tmp_path / "backup.db"), "--yes", preexec_fn=refuse_links)

    if found.code == 77:
        pytest.skip("this kernel has no seccomp")
    assert found.code == 0, found
    assert dump(book_path) == dump(tmp_path / "backup.db")
    assert book_path.with_name("crm.db.before-restore-1").exists()


def test_the_kernel_does_refuse_them(tmp_path):
    if platform.system() != "Linux" or platform.machine() not in LINK_CALLS:
        pytest.skip("needs seccomp")
    (tmp_path / "a").touch()
    link = ["ln", str(tmp_path / "a"), str(tmp_path / "b")]

    assert subprocess.run(link, capture_output=True, preexec_fn=refuse_links).returncode in {1, 77}
    assert not (tmp_path / "b").exists()


@pytest.fixture
def fat(tmp_path):
    """A FAT file system."""
    image, place = tmp_path / "fat.img", tmp_path / "fat"
    place.mkdir()
    try:
        with image.open("wb") as file:
            file.truncate(8_000_000)
        subprocess.run(["mkfs.vfat", image], check=True, capture_output=True)
        subprocess.run(["mount", "-o", "loop", image, place], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("FAT cannot be made or mounted here")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def test_a_restore_on_fat(crm, fat):
    book = str(fat / "crm.db")
    crm("--book", book, "add", "Asha")
    crm("--book", book, "backup", str(fat / "backup.db"))
    crm("--book", book, "add", "Ravi")

    assert crm("--book", book, "restore", str(fat / "backup.db"), "--yes").code == 0
    assert dump(fat / "crm.db") == dump(fat / "backup.db")
