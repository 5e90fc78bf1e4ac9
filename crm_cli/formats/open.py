"""Open a contact file: detect its kind by its first bytes, and refuse anything else with advice."""

from __future__ import annotations

import re
from itertools import islice
from typing import BinaryIO

from crm_cli.errors import NoAddressesError
from crm_cli.formats import foreign
from crm_cli.formats.decoding import Encoding, detect, is_utf8, texts
from crm_cli.formats.source import NONE, Options, Source
from crm_cli.formats.vcard import pages
from crm_cli.formats.vcard import read as vcard_read

_HEAD = 65_536

_LDIF = re.compile(r"(?:version: *\d+\s+)?dn::? ", re.IGNORECASE)
_MONICA = re.compile(r'"app_version"\s*:.*?"account"\s*:\s*\{', re.DOTALL)
_VCARD = re.compile(r"BEGIN[ \t]*:[ \t]*VCARD", re.IGNORECASE)
_OURS = re.compile(rb'(?<!\\)"format"\s*:\s*"crm-book"')
_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_BY_LINE = "not UTF-8 throughout; each line was read by its CHARSET, else as UTF-8, else as {page}"
_BY_VALUE = "quoted-printable without a CHARSET that is not UTF-8 was read as {page}"
_SIGNS = 20
"""Characters before the first card that are ignored as debris, whatever they are."""
_CHUNK = 1 << 20
_LONGEST_MARK = 200
_LONGEST_STRING = 16 << 20


def open_source(stream: BinaryIO, *, name: str, options: Options = NONE) -> Source:
    """Detect a seekable file by its first bytes, never by its name, and return its records.

    Raises FormatError, with a message of one line, if the file is not an address book.
    """
    stream.seek(0)
    head = stream.read(_HEAD)
    foreign.refuse_binary(head, name)
    encoding = detect(stream, options.encoding)
    text = head.decode(encoding.name, "replace").lstrip("\ufeff")
    if _is_vcard(text):
        return _vcard(stream, encoding, asked=bool(options.encoding))
    if _is_ldif(text):
        from crm_cli.formats import ldif

        return ldif.open_ldif(stream, encoding)
    foreign.refuse_text(text, name)
    if text.lstrip()[:1] in ("{", "["):
        return _book(stream, text, encoding, name)
    from crm_cli.formats.csv import read as csv_read

    return csv_read.open_csv(stream, encoding, name=name, options=options)


def _is_vcard(text: str) -> bool:
    """Does a card begin before anything else that could be data? A few stray characters before it are ignored."""
    match = _VCARD.search(text)
    if match is None:
        return False
    before = text[: match.start()].strip()
    signs = not any(map(str.isalnum, before)) or (len(before) <= _SIGNS and "\n" not in before)
    return before[:1] not in ("{", "[") and (signs or not any(sign in before for sign in ",;\t"))


def _is_ldif(text: str) -> bool:
    """Does an entry of a directory begin below comments, which may go on in indented lines, and the version?"""
    lines = (line for line in text.splitlines() if line.strip() and line[0] not in "# ")
    return bool(_LDIF.match("\n".join(islice(lines, 2))))


def _vcard(stream: BinaryIO, encoding: Encoding, *, asked: bool) -> Source:
    """Open a vCard file. If it is not UTF-8 throughout, the encoding is detected line by line."""
    name = encoding.name
    if asked or _is_unicode(stream, encoding):
        wide = name.startswith(("utf-16", "utf-32"))
        page = "" if asked or wide else pages.page(stream, raw=False)
        notes = (_BY_VALUE.format(page=page),) if page else ()
        records = vcard_read.read(texts(stream, name, "replace"), lossy=name if asked or wide else "", page=page)
        return Source("vcard", "", name, "", (), (), notes, records)
    codec = name if name.startswith("utf-") else "utf-8"
    page = pages.page(stream, raw=True)
    records = vcard_read.read(texts(stream, codec, "surrogateescape"), dirty=True, page=page)
    return Source("vcard", "", "utf-8", "", (), (), (_BY_LINE.format(page=page or "Windows-1252"),), records)


def _is_unicode(stream: BinaryIO, encoding: Encoding) -> bool:
    """Is the whole file in the Unicode encoding that was detected? A byte order mark alone does not prove UTF-8."""
    if not encoding.certain or not encoding.name.startswith("utf-"):
        return False
    return encoding.name != "utf-8-sig" or is_utf8(stream)


def _book(stream: BinaryIO, text: str, encoding: Encoding, name: str) -> Source:
    """Recognise a whole book exported by crm; the import service reads it."""
    if text.lstrip().startswith("{") and _is_ours(stream):
        return Source("book", "", encoding.name, "", (), (), (), iter(()))
    if _MONICA.search(text):
        from crm_cli.formats import monica

        return monica.open_monica(stream, name)
    raise NoAddressesError(
        f"{name} is JSON, but not a book exported by crm; import vCard, CSV or the output of `crm export --format json`"
    )


def _is_ours(stream: BinaryIO) -> bool:
    """Does the outermost object carry the mark of a crm book, before or after any other key?

    Other programs sort keys, so the mark may be the last thing in the file.
    """
    stream.seek(0)
    rest, depth = b"", 0
    while len(rest) < _LONGEST_STRING and (chunk := stream.read(_CHUNK)):
        rest += chunk
        at = 0
        for found in _OURS.finditer(rest):
            depth += _depth(_STRING.sub(b"", rest[at : found.start()]))
            if depth == 1:
                return True
            at = found.end()
        # A string, or the mark, may continue in the next chunk: only count what ends before it.
        cut = rest.rfind(b",", at, -_LONGEST_MARK) + 1
        plain = _STRING.sub(b"", rest[at:cut])
        if cut and b'"' not in plain:
            depth, at = depth + _depth(plain), cut
        rest = rest[at:]
    return False


def _depth(plain: bytes) -> int:
    """Return the change in nesting depth over JSON whose strings were removed."""
    return plain.count(b"{") + plain.count(b"[") - plain.count(b"}") - plain.count(b"]")
