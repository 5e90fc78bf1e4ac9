"""From bytes to lines of text in constant memory: which encoding, and one line end whatever the writer used."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from crm_cli.errors import UsageError

CHUNK = 1 << 18
MAX_LINE = 10_000_000
"""Characters of one physical line that are kept; the rest of it is dropped and the line is reported."""

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file is decoded. ``certain`` is false where nothing but the default speaks for the code page."""

    name: str
    certain: bool


def detect(stream: BinaryIO, asked: str = "") -> Encoding:
    """Decide by the user's word, the byte order mark, the NUL bytes, then a strict UTF-8 pass over the whole file."""
    if asked:
        return Encoding(known(asked), certain=True)
    stream.seek(0)
    head = stream.read(4096)
    for bom, name in BOMS:
        if head.startswith(bom):
            return Encoding(name, certain=True)
    if side := _utf16_side(head):
        return Encoding(side, certain=True)
    return Encoding("utf-8", certain=True) if is_utf8(stream) else Encoding("cp1252", certain=False)


def known(name: str) -> str:
    """Return the codec's own name, or refuse one that Python does not know or that makes no text."""
    try:
        codec = codecs.lookup(name)
        b"".decode(codec.name)
    except (LookupError, UnicodeError, ValueError) as error:
        raise UsageError(f"no such encoding: {name!r} (try utf-8, cp1252, utf-16)") from error
    return codec.name


def _utf16_side(head: bytes) -> str:
    """Return the UTF-16 that the NUL bytes speak for: a fifth of all bytes, nearly all of them on one side."""
    low, high = head[0::2].count(0), head[1::2].count(0)
    if (low + high) * 5 <= len(head) or min(low, high) * 10 > max(low, high):
        return ""
    return "utf-16-le" if high > low else "utf-16-be"


def is_utf8(stream: BinaryIO) -> bool:
    """Is the whole file UTF-8?"""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    stream.seek(0)
    try:
        while chunk := stream.read(CHUNK):
            if not chunk.isascii() or decoder.getstate()[0]:
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def texts(stream: BinaryIO, encoding: str, errors: str, *, keep_ends: bool = False) -> Iterator[str]:
    """Yield the file as text, piece by piece; CRLF, CR and LF become LF unless ``keep_ends``."""
    pieces = _decoded(stream, codecs.getincrementaldecoder(encoding)(errors))
    return pieces if keep_ends else _with_plain_ends(pieces)


def _decoded(stream: BinaryIO, decoder: codecs.IncrementalDecoder) -> Iterator[str]:
    stream.seek(0)
    while chunk := stream.read(CHUNK):
        if text := decoder.decode(chunk):
            yield text
    if text := decoder.decode(b"", final=True):
        yield text


def _with_plain_ends(pieces: Iterator[str]) -> Iterator[str]:
    """Make CRLF and CR to LF; io.IncrementalNewlineDecoder looks at every character of a file without a CR."""
    held = ""
    for piece in pieces:
        text = held + piece
        held = "\r" if text[-1] == "\r" else ""
        if "\r" in text:
            text = text.removesuffix("\r").replace("\r\n", "\n").replace("\r", "\n")
        if text:
            yield text
    if held:
        yield "\n"


def batches(stream: BinaryIO, encoding: str, errors: str) -> Iterator[list[str]]:
    """Yield lists of physical lines without their ends; a line past ``MAX_LINE`` comes cut, one character longer."""
    rest: list[str] = []
    size = 0
    for text in texts(stream, encoding, errors):
        first, *lines = text.split("\n")
        if size <= MAX_LINE:
            rest.append(first[: MAX_LINE + 1 - size])
            size += len(rest[-1])
        if lines:
            last = lines.pop()
            lines.insert(0, "".join(rest))
            yield lines
            rest, size = [last], len(last)
    yield ["".join(rest)]
