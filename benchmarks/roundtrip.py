"""Does a vCard come out as it went in? Import, export, and import again, for every vCard file under a folder.

    python benchmarks/roundtrip.py DIR

Each file is imported into an empty book, each of its cards exported in the version it came in (2.1 as 3.0), and what
was exported imported into another empty book. A card is right if both books say the same of it and the exported card
has every property of the card that came, with its group and its parameters. Rejected cards are counted apart.

The books are compared by their JSON exports, without ids, times, the uid of the book, revisions and what an import
remembers; the order of a list does not count.

The cards are compared by a reader of their own (``content_lines``), property by property. Not counted, and no others:

- text in NFC, without white space around it, whatever its encoding, folding, escaping and letters of the name;
- the text of a line that is not UTF-8 (benchmarks/fidelity.py compares that), but the line must be there;
- VERSION, an empty value, and empty components at the end of a structured one;
- parameters: ENCODING, CHARSET and VALUE, which say how the value is written; TYPE=INTERNET of an EMAIL, its default;
  quotes, order and repetition; a bare parameter of 2.1 is a TYPE; TYPE=pref is PREF=1;
- the words of a version: KIND:org and X-ABShowAs:COMPANY, ANNIVERSARY and the X- names of it, NICKNAME and X-NICKNAME,
  SOCIALPROFILE;SERVICE-TYPE and X-SOCIALPROFILE;X-SERVICE-TYPE or TYPE, MEDIATYPE and TYPE of a picture, sound or key;
- the form of a value: ``tel:`` and ``mailto:``, a date with or without its hyphens, a year that stands for none, a
  picture as ``data:`` or in base64, the network of an IMPP in its scheme or in X-SERVICE-TYPE;
- NICKNAME, CATEGORIES and NOTE may be on one line what they were on several, and the other way round;
- UID may have ``urn:uuid:`` before it.
"""

from __future__ import annotations

import argparse
import json
import os
import quopri
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple
from unicodedata import normalize
from urllib.parse import unquote

from crm_cli import entry
from crm_cli.core.records import Draft
from crm_cli.errors import CrmError, Exit
from crm_cli.formats.open import open_source

GOAL = 0.99
FOREIGN = "\ufffd"
"""In place of a text that is not UTF-8."""
VOLATILE = frozenset(("id", "uid", "created", "updated", "revision", "external_refs", "company_id", "exported"))
"""Keys of the JSON export that belong to the book and not to the person."""


class Line(NamedTuple):
    """A content line made comparable."""

    group: str
    name: str
    params: frozenset[tuple[str, str]]
    value: str


@dataclass(slots=True)
class Count:
    """Cards that came out as they went in, of all that were taken, and those that were not taken."""

    right: int = 0
    taken: int = 0
    rejected: int = 0

    def share(self) -> float:
        """Return the share of right cards in per cent."""
        return 100 * self.right / self.taken if self.taken else 100.0


SAME_NAME = {
    "X-ANNIVERSARY": "ANNIVERSARY",
    "X-EVOLUTION-ANNIVERSARY": "ANNIVERSARY",
    "X-MS-ANNIVERSARY": "ANNIVERSARY",
    "X-NICKNAME": "NICKNAME",
    "X-SOCIALPROFILE": "SOCIALPROFILE",
    "X-ABSHOWAS": "KIND",
}
LISTS = frozenset(("NICKNAME", "CATEGORIES"))
MEDIA = frozenset(("PHOTO", "LOGO", "SOUND", "KEY"))
DATES = frozenset(("BDAY", "ANNIVERSARY"))
STRUCTURED = frozenset(("N", "ADR", "ORG"))
FRAME = frozenset(("BEGIN", "END", "VERSION"))
HOW = frozenset(("ENCODING", "CHARSET", "VALUE", "X-APPLE-OMIT-YEAR"))
ENCODINGS = frozenset(("QUOTED-PRINTABLE", "BASE64", "8BIT", "7BIT", "B", "Q"))
VALUES = frozenset(("INLINE", "URL", "URI", "CONTENT-ID", "CID"))
_PARAM = re.compile(r';((?:[^";]|"[^"]*")*)')
_ESCAPE = re.compile(r"\\([nN,;:\\])")


def content_lines(card: str) -> Iterator[Line]:
    """Read the content lines of a card, with nothing of the program's own reader."""
    for line in unfolded(card.split("\n")):
        head, value = split_head(line)
        full, *_ = head.split(";", 1)
        group, _, name = full.strip().rpartition(".")
        name = SAME_NAME.get(name.upper(), name.upper())
        params = list(parameters(head))
        if name in MEDIA and (found := re.match(r"data:([\w.+/-]+)", value)):
            params.append(("MEDIATYPE", found[1]))
        text = plain(name, dict(params), value)
        if name in FRAME or not text:
            continue
        known = frozenset(pair for each in params if (pair := parameter(name, *each)))
        for piece in text.split(",") if name in LISTS else [text]:
            if piece.strip():
                yield Line(group.lower(), name, known, piece.strip())


def unfolded(lines: list[str]) -> Iterator[str]:
    """Join folded lines, soft breaks of quoted-printable, and base64 that goes on in the first column."""
    held = ""
    for line in lines:
        upper = held.partition(":")[0].upper()
        if not line.strip():
            # What follows a soft break is the rest of the value, also if it is empty (RFC 2045 section 6.7).
            held = held.removesuffix("=") if "QUOTED-PRINTABLE" in upper else held
            continue
        if held.endswith("=") and "QUOTED-PRINTABLE" in upper:
            held = held[:-1] + line
        elif line[:1] in (" ", "\t") and held:
            held += line[1:]
        elif ":" not in line and line.strip() and ("BASE64" in upper or "ENCODING=B" in upper):
            held += line.strip()
        else:
            if ":" in held:
                yield held
            held = line
    if ":" in held:
        yield held


def split_head(line: str) -> tuple[str, str]:
    """Cut a line at its first colon outside quotes."""
    found = re.match(r'((?:[^":]|"[^"]*")*):', line)
    head, _, value = (found[1], ":", line[found.end() :]) if found else line.partition(":")
    return head, value


def parameters(head: str) -> Iterator[tuple[str, str]]:
    """Return the parameters of a head, one value at a time."""
    for piece in _PARAM.findall(head):
        name, equals, text = piece.strip().partition("=")
        bare = name.upper()
        if not equals:
            name, text = "ENCODING" if bare in ENCODINGS else "VALUE" if bare in VALUES else "TYPE", piece
        several = name.upper() == "TYPE"
        for value in text.replace('"', "").split(",") if several else [text.strip('"')]:
            if value.strip():
                yield name.strip().upper(), value.strip()


def parameter(name: str, param: str, value: str) -> tuple[str, str] | None:
    """Return a parameter by the words that all versions share; None for one that says only how a value is written."""
    lower = value.lower()
    if param in HOW or (name == "EMAIL" and (param, lower) == ("TYPE", "internet")):
        return None
    if (param, lower) == ("TYPE", "pref"):
        return "PREF", "1"
    if name in MEDIA and param in ("TYPE", "MEDIATYPE"):
        return "TYPE", lower.rpartition("/")[2].removeprefix("x-")
    if name in ("SOCIALPROFILE", "IMPP") and param in ("SERVICE-TYPE", "X-SERVICE-TYPE", "TYPE"):
        return ("TYPE", lower) if name == "SOCIALPROFILE" else None if "SERVICE" in param else ("TYPE", lower)
    return param, lower if param in ("TYPE", "PREF") else value


def plain(name: str, params: dict[str, str], value: str) -> str:
    """Return a value as text that does not depend on how it was written."""
    encoding = params.get("ENCODING", "").upper()
    if encoding in ("QUOTED-PRINTABLE", "Q"):
        raw = quopri.decodestring(value.encode("utf-8", "surrogateescape"))
        value = decoded(raw, params.get("CHARSET", "utf-8")).replace("\r\n", "\n").replace("\r", "\n")
    if name in MEDIA:
        return "".join(value.rpartition("base64,")[2].split()).replace("\\", "")
    text = normalize("NFC", _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)).strip()
    if name in STRUCTURED:
        text = ";".join(map(str.strip, text.split(";"))).rstrip(";")
    if name in DATES:
        text = re.sub(r"^(?:1604|0000)(?=\d{4}$)", "--", re.sub(r"(?<=\d)-|T00.*$", "", text)).replace("---", "--")
    if name == "KIND":
        return "org" if text.lower() in ("org", "organization", "company") else text
    if name in ("TEL", "EMAIL"):
        text = unquote(re.sub(r"^(?:tel|mailto):", "", text, flags=re.IGNORECASE))
    if name == "IMPP":
        text = re.sub(r"^[a-z]+:", "", text, flags=re.IGNORECASE)
    return text.removeprefix("urn:uuid:") if name == "UID" else text


def decoded(raw: bytes, charset: str) -> str:
    """Return text; bytes of another encoding than they say can be told apart."""
    try:
        return raw.decode(charset)
    except (LookupError, UnicodeDecodeError):
        return raw.decode("utf-8", "surrogateescape")


def lost(before: str, after: str) -> list[str]:
    """Return what a card had and the exported one has not."""
    have = Counter(content_lines(after))
    notes = "\n\n".join(line.value for line in have.elements() if line.name == "NOTE")
    heads = {line[:3] for line in have}
    missing = [
        line
        for line in Counter(map(readable, content_lines(before))) - have
        if not (line.name == "NOTE" and line.value in notes) and not (line.value == FOREIGN and line[:3] in heads)
    ]
    return [f"lost {line.group}.{line.name} {sorted(line.params)} {line.value[:80]!r}" for line in missing]


def readable(line: Line) -> Line:
    """Return a line whose text is in another encoding without that text."""
    try:
        return line._replace(value=line.value.encode("utf-8", "surrogateescape").decode())
    except UnicodeDecodeError:
        return line._replace(value=FOREIGN)


def comparable(record: Any) -> Any:
    """Return a record of a JSON export without what belongs to the book; lists in an order of their own."""
    if isinstance(record, dict):
        return {key: comparable(value) for key, value in record.items() if key not in VOLATILE}
    if isinstance(record, list):
        return sorted(map(comparable, record), key=lambda each: json.dumps(each, sort_keys=True))
    return record


def changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Return what two books say differently of a card."""
    left, right = comparable(before), comparable(after)
    return [
        f"{key}: {left.get(key)!r:.200} became {right.get(key)!r:.200}" for key in left if left[key] != right.get(key)
    ]


class Books:
    """Empty books in a folder, and the command line on them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        os.environ.update({"CRM_NOW": "2026-11-22T09:00:00Z", "TZ": "UTC", "XDG_CONFIG_HOME": str(folder / "config")})

    def run(self, book: str, *words: str) -> int:
        """Run a command line; whatever it says to people is not shown."""
        with redirect_stderr(StringIO()):
            return int(entry.run(["--book", str(self.folder / book), *words]))

    def imported(self, book: str, file: Path) -> dict[str, Any] | None:
        """Import a file into an empty book; return the book, or None if it is no address book."""
        (self.folder / book).unlink(missing_ok=True)
        if self.run(book, "import", str(file), "--rejects", str(self.folder / "rejects")) not in (
            Exit.OK,
            Exit.PARTIAL,
        ):
            return None
        self.run(book, "export", "--format", "json", "-o", str(self.folder / "book.json"))
        found: dict[str, Any] = json.loads((self.folder / "book.json").read_text("utf-8"))
        return found

    def exported(self, book: str, version: str) -> dict[str, str]:
        """Return the cards of a book by the uid of their record."""
        file = self.folder / "book.vcf"
        self.run(book, "export", "--format", "vcf", "--vcard", version, "-o", str(file))
        cards = {}
        for text in file.read_bytes().decode().replace("\r\n", "\n").split("END:VCARD\n")[:-1]:
            flat = text.replace("\n ", "")
            uid = re.search(r"^X-CRM-UID:(.*)$", flat, re.MULTILINE) or re.search(r"^UID:(.*)$", flat, re.MULTILINE)
            cards[uid[1].removeprefix("urn:uuid:") if uid else ""] = text + "END:VCARD\n"
        return cards


def sources(file: Path) -> tuple[list[Draft], int] | None:
    """Return the cards of a vCard file, people first, and how many were rejected; None for any other file."""
    try:
        with file.open("rb") as stream:
            source = open_source(stream, name=file.name)
            if source.format != "vcard":
                return None
            found = list(source.records)
    except CrmError:
        return None
    drafts = [each for each in found if isinstance(each, Draft)]
    drafts.sort(key=lambda draft: draft.kind == "company")
    return drafts, sum(not isinstance(each, Draft) and each.rejected for each in found)


def records(book: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the imported people, then the imported companies of a book."""
    return [*book["contacts"], *(each for each in book["companies"] if each.get("external_refs"))]


def compare(file: Path, books: Books, count: Count) -> Iterator[str]:
    """Bring a file in and out and in again; yield what differs, and count its cards."""
    found = sources(file)
    first = books.imported("a.db", file) if found else None
    if found is None or first is None:
        return
    drafts, rejected = found
    before = records(first)
    count.rejected += rejected
    count.taken += len(drafts)
    if len(before) != len(drafts):
        yield f"{len(drafts)} cards became {len(before)} records"
        return
    cards = [draft.card or "\n".join(draft.raw) for draft in drafts]
    versions = {version: books.exported("a.db", version) for version in ("3.0", "4.0")}
    out = [
        versions["4.0" if re.search("^VERSION:4", card, re.MULTILINE) else "3.0"].get(record["uid"], "")
        for card, record in zip(cards, before, strict=True)
    ]
    (books.folder / "again.vcf").write_text("".join(out), encoding="utf-8")
    second = books.imported("b.db", books.folder / "again.vcf")
    after = records(second) if second else []
    for number, (card, record) in enumerate(zip(cards, before, strict=True)):
        again = after[number] if len(after) == len(before) else {}
        differences = [*changed(record, again), *lost(card, out[number])]
        count.right += not differences
        yield from (f"card {number + 1} ({record['name']}): {each}" for each in differences)


def run(folder: Path) -> Count:
    """Compare every vCard file under a folder, print each difference, and return the count of cards."""
    count = Count()
    with tempfile.TemporaryDirectory() as place:
        books = Books(Path(place))
        for file in sorted(each for each in folder.rglob("*") if each.is_file()):
            for line in compare(file, books, count):
                print(f"{file.relative_to(folder)}: {line}")
    return count


def main() -> int:
    """Print the share of cards that came out as they went in; fail below 99 %."""
    parser = argparse.ArgumentParser(description="Import, export and import again every vCard file of a folder.")
    parser.add_argument("folder", type=Path)
    count = run(parser.parse_args().folder)
    print(
        f"{count.right} of {count.taken} cards came out as they went in: {count.share():.1f} %"
        f" ({count.rejected} more were rejected)"
    )
    return 0 if count.share() >= 100 * GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
