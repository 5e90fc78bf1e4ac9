"""One file compressed by gzip, bzip2 or xz."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import PurePath
from typing import Any, BinaryIO

from crm_cli.formats.containers import magic
from crm_cli.formats.containers.entries import HEAD, Budget, Entry, readable, spooled

OPENERS: dict[bytes, Callable[[Any], Any]] = {magic.GZIP: gzip.open, magic.BZIP2: bz2.open, magic.XZ: lzma.open}
"""First bytes -> how it is unpacked."""
_ENDINGS = {".gz": "", ".bz2": "", ".xz": "", ".tgz": ".tar"}
_FAILURES = (EOFError, OSError, zlib.error, lzma.LZMAError, ValueError)


def entry(outer: Entry, head: bytes, name: str, budget: Budget) -> Entry | None:
    """Return the file inside, or None if the head is not that of a compressed file."""
    opener = next((found for start, found in OPENERS.items() if head.startswith(start)), None)
    if opener is None:
        return None
    return Entry(
        _inner(outer.path),
        partial(_head, outer, opener, name),
        partial(_open, outer, opener, name, budget),
        outer.beside,
    )


def _inner(path: str) -> str:
    """Return the name of the file inside: without the ending of the compression."""
    ending = PurePath(path).suffix.lower()
    return path[: -len(ending)] + _ENDINGS[ending] if ending in _ENDINGS else path


def _head(outer: Entry, opener: Callable[[Any], Any], name: str) -> bytes:
    with outer.open() as stream, readable(name, _FAILURES), opener(stream) as unpacked:
        return bytes(unpacked.read(HEAD))


def _open(outer: Entry, opener: Callable[[Any], Any], name: str, budget: Budget) -> BinaryIO:
    with outer.open() as stream, readable(name, _FAILURES), opener(stream) as unpacked:
        return spooled(unpacked, budget, name)
