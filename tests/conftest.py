"""Fixtures: a book of one's own, and the real command line in this process or in one of its own."""

from __future__ import annotations

import gc
import io
import os
import shutil
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

import pytest
from support import NOW, Run, put_empty_book

from crm_cli.book.book import Book

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


MEMORY, ROOM = "/dev/shm", 2 << 30
"""A file system in memory, and the bytes it must have free: on a disk half of a test is waiting for it."""
if (
    "TMPDIR" not in os.environ
    and os.access(MEMORY, os.W_OK)
    and shutil.disk_usage(MEMORY).free > ROOM
    and not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC  # tests put programs on PATH there
):
    os.environ["TMPDIR"] = tempfile.tempdir = MEMORY  # pytest has made a temporary file before: the place is known

# Compiled files are kept even where the machine says otherwise: without them each process that a test starts compiles
# the program again, and each worker the tests.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


gc.disable()  # until all tests are collected: it would take nearly half of that time and find nothing


SLOW = (
    "tests/conformity/test_streams.py",
    "tests/docs/test_pages.py",
    "tests/faults/",
    "tests/formats/test_hostile.py",
    "tests/peers/",
    "tests/services/test_records.py",
    "tests/tui/test_contrast.py",
    "tests/tui/test_first_run.py",
    "tests/tui/test_forms.py",
    "tests/tui/test_frame.py",
    "tests/tui/test_terminal.py",
)
"""Where most tests take more than ten seconds."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let each worker begin with its share of the slow tests: at the end none is left alone with them."""
    slow = [item for item in items if item.nodeid.startswith(SLOW)]
    others = [item for item in items if not item.nodeid.startswith(SLOW)]
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    each = -(-len(others) // workers)
    items[:] = [
        item
        for worker in range(workers)
        for item in (*slow[worker::workers], *others[worker * each : (worker + 1) * each])
    ]


def pytest_collection_finish() -> None:
    """Collect garbage again, but not among what was collected for the whole session."""
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test leaves anything in the cache of the machine's user."""
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture
def book_path(tmp_path: Path) -> Path:
    """Where the test's book is, or will be."""
    (tmp_path / "data" / "crm").mkdir(parents=True)
    return tmp_path / "data" / "crm" / "crm.db"


@pytest.fixture
def book(book_path: Path) -> Iterator[Book]:
    """An open, empty book."""
    put_empty_book(book_path)
    with Book.write(book_path) as opened:
        yield opened


@pytest.fixture
def surroundings(tmp_path: Path, book_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """An environment that holds nothing of the machine's user: what crm sees of the world."""
    for name in list(os.environ):
        if name.startswith(("CRM_", "_CRM_", "XDG_", "LC_", "CLICOLOR")) or name in {
            "NO_COLOR",
            "EDITOR",
            "VISUAL",
            "COLUMNS",
        }:
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    found = {
        "HOME": str(home),
        "XDG_DATA_HOME": str(book_path.parent.parent),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_STATE_HOME": str(home / "state"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "CRM_NOW": NOW,
        "TZ": "Asia/Kolkata",
        "LANG": "en_IN.UTF-8",
    }
    for name, value in found.items():
        monkeypatch.setenv(name, value)
    return found


@pytest.fixture
def crm(
    surroundings: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Run]:
    """Run a command line in this process; ``given`` is what is piped in."""
    from crm_cli import entry

    def run(*args: str, given: str | bytes = "") -> Run:
        raw = given.encode() if isinstance(given, str) else given
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8"))
        capsys.readouterr()
        code = entry.run(list(args))
        out, err = capsys.readouterr()
        return Run(int(code), out, err)

    return run


@pytest.fixture
def crm_process(surroundings: dict[str, str]) -> Callable[..., Run]:
    """Run a command line in a process of its own; ``env`` adds to the surroundings, other words go to subprocess."""

    def run(*args: str | bytes, given: str | bytes = "", env: dict[str, str] | None = None, **more: object) -> Run:
        raw = given.encode() if isinstance(given, str) else given
        if "stdout" not in more:
            more["stdout"] = subprocess.PIPE
        done = subprocess.run(
            [sys.executable, "-m", "crm_cli", *args],
            input=raw,
            stderr=subprocess.PIPE,
            env=os.environ | (env or {}),
            timeout=60,
            **more,
        )
        return Run(
            done.returncode,
            (done.stdout or b"").decode(errors="surrogateescape"),
            done.stderr.decode(errors="surrogateescape"),
        )

    return run
