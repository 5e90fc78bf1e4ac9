"""Files that are written: whole, private, and nothing is left of a run that was killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crm_cli import files
from crm_cli.errors import CrmError, UsageError

DEAD = 4_194_305
"""More than any process's number on Linux."""

WRITES = """
import os, sys, time
from pathlib import Path
from crm_cli import files
with files.Part(Path(sys.argv[1])) as part:
    os.write(part.handle, b"half")
    part.path.with_name(part.path.name + "-journal").touch()
    print("half", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def writer(tmp_path):
    """A process in the middle of writing out.csv."""
    process = subprocess.Popen([sys.executable, "-c", WRITES, tmp_path / "out.csv"], stdout=subprocess.PIPE)
    process.stdout.readline()
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_what_a_killed_run_left_is_taken_away_by_the_next(crm, tmp_path, writer):
    crm("add", "Asha")
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    assert len(list(tmp_path.glob(".out.csv.*"))) == 2

    assert crm("export", "-o", str(tmp_path / "other.csv")).code == 0
    assert list(tmp_path.glob(".*")) == []


def test_a_part_that_is_being_written_stays(crm, tmp_path, writer):
    crm("add", "Asha")

    assert crm("export", "-o", str(tmp_path / "out.csv")).code == 0
    assert [path.read_bytes() for path in tmp_path.glob(".out.csv.*.part")] == [b"half"]


@pytest.mark.parametrize(
    "name",
    [
        f".a.{DEAD}.part", f"a.crm-{DEAD}.part", f".crm-{DEAD}.part", ".a.crm-.part", ".a.crm-x.part",
        f".a.crm-{DEAD}.parts", ".a.crm-99999999999999999999.part", f".a.crm-{DEAD}.part.txt",
    ],
)  # fmt: skip
def test_files_of_other_names_are_not_ours(tmp_path, name):
    (tmp_path / name).write_text("mine")

    files.sweep(tmp_path)

    assert (tmp_path / name).read_text() == "mine"


def test_only_ordinary_files_are_swept(tmp_path):
    name = f".a.crm-{DEAD}.part"
    (tmp_path / "mine").write_text("mine")
    (tmp_path / name).symlink_to(tmp_path / "mine")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "folder" / name)

    files.sweep(tmp_path)
    files.sweep(tmp_path / "folder")

    assert (tmp_path / name).is_symlink()
    assert (tmp_path / "folder" / name).is_fifo()


def test_a_file_takes_its_name_when_it_is_whole(tmp_path):
    target = tmp_path / "out.csv"
    target.write_text("old")

    with pytest.raises(TypeError), files.output(target, {}) as out:
        out.write("not bytes")
    assert target.read_text() == "old"
    with files.output(target, {}) as out:
        out.write(b"new")

    assert target.read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


def test_names_that_are_too_long_for_a_part(tmp_path):
    target = tmp_path / ("\u0939" * 83 + ".csv")
    with files.output(target, {}) as out:
        out.write(b"x")

    assert target.read_bytes() == b"x"


def test_a_hard_link_to_what_is_in_use_is_that(tmp_path):
    (tmp_path / "crm.db").touch()
    (tmp_path / "other").hardlink_to(tmp_path / "crm.db")

    with pytest.raises(UsageError, match="is the book"):
        files.target(tmp_path / "other", files.in_use(tmp_path / "crm.db"))


def test_a_link_of_another_user_is_not_followed(tmp_path):
    if os.geteuid():
        pytest.skip("only root makes links of others")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    os.chown(tmp_path / "link", 4711, 4711, follow_symlinks=False)

    with pytest.raises(CrmError, match="another user"):
        files.target(tmp_path / "link", {})


def test_a_pipe_that_nobody_reads_is_not_waited_for_in_vain(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.setattr(files, "READER_SECONDS", 0.05)
    begun = time.monotonic()

    with pytest.raises(CrmError, match="no program reads"), files.output(tmp_path / "pipe", {}):
        pass
    assert time.monotonic() - begun < 2


def test_a_descriptor_that_is_not_open(tmp_path):
    with pytest.raises(CrmError, match="Bad file descriptor"), files.output(Path("/dev/fd/987"), {}):
        pass
