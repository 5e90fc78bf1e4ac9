"""The messages in a file, a pipe, an mbox (RFC 4155) or a Maildir, one at a time and each of bounded size."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from crm_cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIMIT = 8 << 20
"""How many bytes of a message are read; texts come before attachments, and those are not kept."""
_PIECE = 1 << 16
_BEGIN = b"From "
_BEGINS = re.compile(rb"From (?:\S+\s.*\d\d:\d\d.*|-?\s*)", re.DOTALL)
_ESCAPED = re.compile(rb">+From ")
_FOLDERS = ("cur", "new")


class Raw(NamedTuple):
    """The bytes of a message: at most ``LIMIT``, of ``size`` in all. ``number`` is its place in an mbox, from 1."""

    data: bytes
    size: int
    number: int = 0


def is_mbox(stream: BinaryIO) -> bool:
    """Does a seekable stream begin as an mbox?"""
    stream.seek(0)
    head = stream.readline(_PIECE)
    stream.seek(0)
    return _BEGINS.fullmatch(head) is not None


def messages(stream: BinaryIO) -> Iterator[Raw]:
    """Yield the messages of a seekable stream: those of an mbox, or the only one."""
    if is_mbox(stream):
        yield from _of_mbox(stream)
        return
    data = stream.read(LIMIT)
    size = len(data)
    while piece := stream.read(1 << 20):
        size += len(piece)
    yield Raw(data, size)


def _of_mbox(stream: BinaryIO) -> Iterator[Raw]:
    """Yield the messages of an mbox."""
    data, size, number = bytearray(), 0, 0
    for piece, begins in _pieces(stream):
        if begins:
            if number:
                yield Raw(bytes(data), size, number)
            data, size, number = bytearray(), 0, number + 1
            continue
        size += len(piece)
        if len(data) < LIMIT:
            data += piece
    if number:
        yield Raw(bytes(data), size, number)


def _pieces(stream: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """Yield the unescaped lines of an mbox, long ones in pieces, and whether a line begins a message.

    It does if it is a ``From `` line at the start or after a blank line.
    """
    is_start, is_blank = True, True
    while piece := stream.readline(_PIECE):
        begins = is_start and is_blank and piece.startswith(_BEGIN) and _BEGINS.fullmatch(piece) is not None
        if is_start and _ESCAPED.match(piece):
            piece = piece[1:]
        yield piece, begins
        is_blank = is_start and not piece.strip(b"\r\n")
        is_start = piece.endswith(b"\n")


def is_maildir(folder: Path) -> bool:
    """Is this folder a Maildir?"""
    return any((folder / name).is_dir() for name in _FOLDERS)


def files(path: Path) -> list[Path]:
    """Return the files to read for a path: the messages of a Maildir in order of their names, or the file itself.

    Raises UsageError for another folder.
    """
    if not path.is_dir():
        return [path]
    if not is_maildir(path):
        raise UsageError(f"{path} is a folder, but not a Maildir", hint="a Maildir has the folders cur and new")
    found = [each for name in _FOLDERS if (path / name).is_dir() for each in (path / name).iterdir()]
    return sorted((each for each in found if each.is_file()), key=lambda each: each.name)
