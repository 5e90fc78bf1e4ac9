"""Detect the encoding of a file and decode it to lines in constant memory, whatever line endings it has."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import IncrementalNewlineDecoder
from typing import BinaryIO
from unicodedata import category

from crm_cli.errors import UsageError

CHUNK = 1 << 18
MAX_LINE = 10_000_000
"""Maximum characters kept of one physical line; the rest is dropped and the line is reported."""

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


STRAY = "crm-stray"
"""Error handler for text that is UTF-8 except for a few bytes: each of them is read as Windows-1252.

This loses the least, because the letter still shows the byte. A byte that is not a letter becomes U+FFFD.
"""
WORDS = 1 << 16
"""Bytes of distinct words that are kept of a text whose code page must be guessed."""
_BETWEEN = re.compile(rb'[,;\t\r\n"]+')
"""What separates cells; none of these is the second byte of a letter in any code page."""
_BAD = re.compile("[\udc80-\udcff]")
_UNKNOWN = "\ufffd"
_BEYOND_LATIN = "\u0250"
READ_AS = "read as Windows-1252 where that is a letter"
"""How an invalid byte in UTF-8 text was read, worded for the report."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file is decoded. ``certain`` is false if the code page is only the default, with no evidence for it."""

    name: str
    certain: bool


def detect(stream: BinaryIO, asked: str = "") -> Encoding:
    """Detect the encoding: as ``asked``, else by byte order mark, NUL bytes, then strict UTF-8 over the whole file."""
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
    """Return the codec's canonical name; UsageError if Python does not know it or it does not decode to text."""
    try:
        codec = codecs.lookup(name)
        b"".decode(codec.name)
    except (LookupError, UnicodeError, ValueError) as error:
        raise UsageError(f"no such encoding: {name!r} (try utf-8, cp1252, utf-16)") from error
    return codec.name


def _utf16_side(head: bytes) -> str:
    """Return the UTF-16 byte order that the NUL bytes suggest: a fifth of all bytes, nearly all on one side."""
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
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Survey:
    """Counts of a text that is not valid UTF-8: multi-byte letters, invalid bytes, cells with either."""

    letters: int
    bad: int
    line: int
    words: bytes

    @property
    def is_utf8(self) -> bool:
        """Is it UTF-8 except for a few bytes? Multi-byte letters hardly ever occur by chance in another encoding."""
        return self.letters >= self.bad


def survey(stream: BinaryIO) -> Survey:
    """Scan a whole file that is not valid UTF-8, in constant memory. ``line`` is that of the first invalid byte."""
    letters = bad = line = 0
    lines = 1
    for text in texts(stream, "utf-8", "surrogateescape"):
        found = len(_BAD.findall(text))
        if found and not line:
            line = lines + text.count("\n", 0, next(_BAD.finditer(text)).start())
        lines += text.count("\n")
        bad += found
        letters += len(text) - len(text.encode("ascii", "ignore")) - found
    return Survey(letters, bad, line, _words(stream))


def _words(stream: BinaryIO) -> bytes:
    """Return distinct cells with bytes beyond ASCII, one per line, up to ``WORDS`` bytes."""
    words: dict[bytes, None] = {}
    room = WORDS
    stream.seek(0)
    while room > 0 and (chunk := stream.read(CHUNK)):
        for cell in _BETWEEN.split(chunk):
            if not cell.isascii() and cell not in words and len(cell) < room:
                words[cell] = None
                room -= len(cell) + 1
    return b"\n".join(words)


def damage(stream: BinaryIO, encoding: str) -> tuple[int, int]:
    """Return how many bytes cannot be decoded and the line of the first one, 0 if there are none."""
    count = line = 0
    lines = 1
    for text in texts(stream, encoding, "replace"):
        found = text.count(_UNKNOWN)
        if found and not line:
            line = lines + text.count("\n", 0, text.index(_UNKNOWN))
        lines += text.count("\n")
        count += found
    return count, line


def _stray(error: UnicodeError) -> tuple[str, int]:
    """Read one invalid UTF-8 byte as Windows-1252 if that is a letter; a fragment of a letter is lost.

    After a letter of another script, the byte is what remains of the next one.
    """
    if not isinstance(error, UnicodeDecodeError):
        raise error
    letter = error.object[error.start : error.end].decode("cp1252", "replace")
    before = error.object[max(error.start - 4, 0) : error.start].decode("utf-8", "ignore")[-1:]
    is_latin = before < _BEYOND_LATIN or category(before)[0] not in "LM"
    return (letter if len(letter) == 1 and letter.isalpha() and is_latin else _UNKNOWN), error.end


codecs.register_error(STRAY, _stray)


def texts(stream: BinaryIO, encoding: str, errors: str, *, keep_ends: bool = False) -> Iterator[str]:
    """Yield the file as text in chunks; CRLF, CR and LF become LF unless ``keep_ends``."""
    codec = codecs.getincrementaldecoder(encoding)(errors)
    decoder = codec if keep_ends else IncrementalNewlineDecoder(codec, translate=True)
    stream.seek(0)
    while chunk := stream.read(CHUNK):
        if text := decoder.decode(chunk):
            yield text
    if text := decoder.decode(b"", final=True):
        yield text


def batches(stream: BinaryIO, encoding: str, errors: str, *, keep_ends: bool = False) -> Iterator[list[str]]:
    """Yield lists of physical lines without their endings; with ``keep_ends`` every CR stays.

    A line longer than ``MAX_LINE`` is truncated, plus one character: a quote if an odd number was cut off, else NUL.
    """
    rest: list[str] = []
    size = quotes = 0
    for text in texts(stream, encoding, errors, keep_ends=keep_ends):
        first, *lines = text.split("\n")
        room = max(MAX_LINE - size, 0)
        if room:
            rest.append(first[:room])
        if len(first) > room:
            quotes += first.count('"', room)
        size += len(first)
        if lines:
            last = lines.pop()
            lines.insert(0, _joined(rest, size, quotes))
            yield lines
            rest, size, quotes = [last], len(last), 0
    yield [_joined(rest, size, quotes)]


def _joined(pieces: list[str], size: int, quotes: int) -> str:
    line = "".join(pieces)
    return line if size <= MAX_LINE else line + ('"' if quotes % 2 else "\0")
