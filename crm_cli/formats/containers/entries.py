"""One file in a container, and unpacking it within limits: nothing is ever written under a name from an archive."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, cast

from crm_cli.errors import FormatError

HEAD = 131_072
"""How many bytes of a file decide what it is; as many as `csv.detect` reads."""
IN_MEMORY = 1 << 20
"""How many bytes of an unpacked file are kept in memory; beyond that they go to a temporary file without a name."""
FLOOR, RATIO, MOST = 256 << 20, 200, 4 << 30
"""A container may grow to FLOOR bytes, or to RATIO times its size, but never beyond MOST."""
_PART = 1 << 20
_DRIVE = re.compile(r"^[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in a container. ``path`` is its cleaned name within the outermost container, ``""`` for that itself.

    ``head`` returns its first ``HEAD`` bytes; ``open`` a stream that can be read twice, to be closed by the caller.
    ``beside`` opens a file of another name in the same folder, or returns None. ``file`` is its real path, if any.
    """

    path: str
    head: Callable[[], bytes]
    open: Callable[[], BinaryIO]
    beside: Callable[[str], BinaryIO | None] = lambda _: None
    file: Path | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """Something in a container that is not read, and why (``hidden``, ``a link``), ``""`` if that is plain."""

    path: str
    why: str = ""


Found = Entry | Unread


class Budget:
    """How many bytes a container of ``packed`` bytes may still grow to. All that is inside shares it."""

    def __init__(self, packed: int) -> None:
        self.left = min(max(FLOOR, packed * RATIO), MOST)

    def spend(self, count: int, name: str) -> None:
        """Count unpacked bytes. Raises FormatError if there are too many: a "zip bomb"."""
        self.left -= count
        if self.left < 0:
            raise FormatError(f"{name} unpacks to far more than its size; it was not read further")


def spooled(source: IO[bytes], budget: Budget, name: str) -> BinaryIO:
    """Unpack a stream to memory or to a temporary file without a name. Raises FormatError beyond the budget."""
    kept = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  (closed by the caller, with its stream)
    try:
        while part := source.read(_PART):
            budget.spend(len(part), name)
            kept.write(part)
    except BaseException:
        kept.close()
        raise
    kept.seek(0)
    return cast("BinaryIO", kept)


@contextmanager
def readable(name: str, failures: tuple[type[Exception], ...]) -> Iterator[None]:
    """Turn the failures of an unpacking library into a FormatError."""
    try:
        yield
    except failures as error:
        raise FormatError(f"{name} is damaged or incomplete: {_words(error)}") from error


def _words(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text[:100]


def cleaned(name: str) -> str:
    """Return the name of a member for display: relative, without ``..``, a drive or empty parts."""
    parts = [part for part in re.split(r"[/\\]", name.replace("\0", "")) if part.strip() not in ("", ".", "..")]
    if parts and _DRIVE.match(parts[0]):
        parts[0] = parts[0][2:]
    return "/".join(part for part in parts if part)
