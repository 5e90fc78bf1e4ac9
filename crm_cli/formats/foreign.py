"""Which other kind of file something is, by its first bytes or the beginning of its text, and what to do instead."""

from __future__ import annotations

import re

from crm_cli.errors import NoAddressesError

_IMPORT = "import a vCard or CSV file"
_EXPORT = "export the contacts as vCard or CSV"

MAGIC = (
    (b"SQLite format 3\0", "an SQLite database", "export it as vCard or CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Office file", "save it as CSV (UTF-8)"),
    (b"%PDF", "a PDF", _EXPORT),
    (b"\x89PNG", "an image", _IMPORT),
    (b"\xff\xd8\xff", "an image", _IMPORT),
    (b"GIF8", "an image", _IMPORT),
    (b"II*\0", "an image", _IMPORT),
    (b"MM\0*", "an image", _IMPORT),
    (b"RIFF", "a media file", _IMPORT),
    (b"ID3", "a media file", _IMPORT),
    (b"OggS", "a media file", _IMPORT),
    (b"PK\x03\x04", "a zip archive", "unpack it first"),
    (b"\x1f\x8b", "a gzip archive", "unpack it first"),
    (b"BZh", "a bzip2 archive", "unpack it first"),
    (b"\xfd7zXZ\0", "an xz archive", "unpack it first"),
    (b"7z\xbc\xaf'\x1c", "a 7-Zip archive", "unpack it first"),
    (b"Rar!", "a RAR archive", "unpack it first"),
    (b"\x7fELF", "a program", _IMPORT),
    (b"MZ\x90\0", "a program", _IMPORT),
    (b"{\\rtf", "an RTF document", _EXPORT),
    (b"!BDN", "an Outlook data file", "export it from Outlook as CSV"),
    (b"\0\x01\0\0Standard ", "an Access database", "export its tables as CSV"),
)
"""First bytes -> what it is, what to do."""
_LATER = ((257, b"ustar", "a tar archive", "unpack it first"), (4, b"ftyp", "a media file", _IMPORT))
"""Bytes further on, from an offset."""

_HEADERS = "Return-Path|Received|Delivered-To|From|To|Subject|Date|Message-ID|MIME-Version|X-[\\w-]+"
TEXTS = (
    (r"BEGIN\s*:\s*VCALENDAR", "a calendar (iCalendar), not an address book", "import a vCard file"),
    (r"<!doctype html|<html", "a web page", "save the export itself, not the page around it"),
    (r"#!/", "a script, not an address book", _IMPORT),
    (r"<\?xml|<vcards", "XML, which is not read", "export vCard or CSV"),
    (r"From \S+ +\w{3} \w{3} [ \d]\d \d\d:\d\d", "a mailbox (mbox), not an address book", _EXPORT),
    (rf"(?:{_HEADERS}): [^\n]*\n(?:[ \t][^\n]*\n)*[a-z][\w-]*: ", "an e-mail message, not an address book", _EXPORT),
)
"""How a text begins, in any case -> what it is, what to do."""
_MONICA = re.compile(r"# \*{5,}\n# [^\n]*dump of data\n")
_SQL = (
    r"(?:create (?:temporary )?(?:table|database|schema)|insert (?:ignore )?into|drop (?:table|database)|pragma \w"
    r"|begin(?: transaction)?;|start transaction|set [\w@.]+ *=|lock tables|use `)"
)
_SETTINGS = r"\[\[?[\w.\" -]+\]\]?[ \t]*\n\s*[\w.\"-]+ *= *\S"
_CODE = (
    r"(?:<\?php\b|#include\s*[<\"]|package \w+;\n|(?:const|let|var) \w+ = |(?:async )?function \w+\(|def \w+\("
    r"|(?:from [\w.]+ import [^\n]+|import [\w., ]+)\n(?:[^\n]*\n){,60}?(?:def|class) \w+[(:]"
    r'|"""(?:(?!""")[\s\S]){,4000}"""\s*(?:from|import) )'
)
BELOW = (
    (_CODE, "a program's source, not an address book", _IMPORT),
    (_SQL, "SQL, not an address book", _EXPORT),
    (_SETTINGS, "a file of settings (TOML or INI), not an address book", _IMPORT),
)
"""The same for what begins below comments."""
_COMMENT = re.compile(r"\s*(?:(?:#|--|;)[^\n]*(?:\n|$)|/\*(?:(?!\*/).){,2000}\*/;?)", re.DOTALL)
_MOST_COMMENTS = 1000


def refuse_binary(head: bytes, name: str) -> None:
    """Raise NoAddressesError for an empty file, or one that its first bytes show to be something else."""
    if not head.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise NoAddressesError(f"{name} is empty; nothing to import")
    for magic, what, advice in MAGIC:
        if head.startswith(magic):
            raise NoAddressesError(f"{name} is {what}, not an address book; {advice}")
    for offset, magic, what, advice in _LATER:
        if head.startswith(magic, offset):
            raise NoAddressesError(f"{name} is {what}, not an address book; {advice}")


def refuse_text(text: str, name: str) -> None:
    """Raise NoAddressesError for a text whose beginning shows that it is something else."""
    start = text.replace("\r\n", "\n").lstrip()
    if _MONICA.match(start):
        raise NoAddressesError(f"{name} is an SQL export of Monica; export JSON instead (Settings, Export)")
    below = below_comments(start)
    for table, at in ((TEXTS, start), (BELOW, below)):
        for pattern, what, advice in table:
            if re.match(pattern, at, re.IGNORECASE):
                raise NoAddressesError(f"{name} is {what}; {advice}")


def below_comments(text: str) -> str:
    """Return a text from its first line that is neither empty nor a comment of SQL, TOML or LDIF."""
    at = 0
    for _ in range(_MOST_COMMENTS):
        found = _COMMENT.match(text, at)
        if found is None or found.end() == at:
            break
        at = found.end()
    return text[at:].lstrip()
