"""Which process holds the lock of a book, as far as the system shows it: Linux does, for this user's processes."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
NAMES = {"crm", "crm-cli", "crm_cli"}
ROOM = 80
"""The maximum number of characters of a command line to show."""


def holder(book: Path) -> str:
    """Return the process that holds the lock of ``book``, as ``pid 4711: crm import leads.csv``, or ``""``.

    Raises nothing.
    """
    readers = ""
    with suppress(OSError):
        wanted = book.stat()
        for process in PROC.iterdir():
            if not process.name.isdecimal() or int(process.name) == os.getpid():
                continue
            lock = _lock(process, wanted)
            if lock == "WRITE":
                return _words(process)
            readers = readers or (_words(process) if lock else "")
    return readers


def _lock(process: Path, wanted: os.stat_result) -> str:
    """Return the lock that a process holds on the file: WRITE, READ or ``""``."""
    found = ""
    with suppress(OSError):
        for handle in (process / "fd").iterdir():
            with suppress(OSError):
                if not os.path.samestat(handle.stat(), wanted):
                    continue
                locks = [line for line in _text(process / "fdinfo" / handle.name).splitlines() if line[:5] == "lock:"]
                if any(" WRITE " in line for line in locks):
                    return "WRITE"
                found = "READ" if locks else found
    return found


def _words(process: Path) -> str:
    """Return a process id and its command line, without the Python interpreter before crm."""
    words = _text(process / "cmdline").rstrip("\0").split("\0")
    ours = next((place for place, word in enumerate(words) if _is_ours(word)), 0)
    shown = " ".join(["crm" if _is_ours(words[ours]) else Path(words[ours]).name, *words[ours + 1 :]])
    cut = shown if len(shown) <= ROOM else shown[: ROOM - 1] + "…"
    return f"pid {process.name}" + (f": {cut}" if cut else "")


def _is_ours(word: str) -> bool:
    return Path(word).name in NAMES


def _text(path: Path) -> str:
    return path.read_bytes().decode(errors="replace")
