"""The files of a folder, sorted by name; links and what is not a regular file are never opened."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from crm_cli.formats.containers.entries import HEAD, Entry, Found, Unread

_HIDDEN = "."


def entries(folder: Path) -> Iterator[Found]:
    """Yield the files below a folder. Raises OSError if a folder cannot be read."""
    for where, folders, names in os.walk(folder, onerror=_raise):
        folders[:] = sorted(each for each in folders if not each.startswith(_HIDDEN))
        for name in sorted(names):
            path = Path(where, name)
            shown = os.fsencode(path.relative_to(folder)).decode(errors="backslashreplace")
            if name.startswith(_HIDDEN):
                yield Unread(shown)
            elif not stat.S_ISREG(path.lstat().st_mode):
                yield Unread(shown, "a link" if path.is_symlink() else "not a file")
            else:
                yield file(path, shown)


def file(path: Path, shown: str) -> Entry:
    """Return the entry for an ordinary file."""
    return Entry(shown, partial(_head, path), partial(_open, path), partial(_beside, path), path)


def _open(path: Path) -> BinaryIO:
    return path.open("rb")


def _raise(error: OSError) -> None:
    raise error


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(HEAD)


def _beside(path: Path, wanted: str) -> BinaryIO | None:
    """Open a regular file in the same folder by its name in any case."""
    for each in path.parent.iterdir():
        if each.name.lower() == wanted.lower() and stat.S_ISREG(each.lstat().st_mode):
            return each.open("rb")
    return None
