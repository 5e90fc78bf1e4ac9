"""The text of a message and the names of its attachments (RFC 2045 to 2047, 2183, 3156, 3462, 8551)."""

from __future__ import annotations

import re
from collections import Counter
from email.feedparser import BytesFeedParser
from email.message import EmailMessage
from email.policy import EmailPolicy
from typing import TYPE_CHECKING, Any

from crm_cli.errors import FormatError
from crm_cli.formats import html
from crm_cli.formats.mail import headers

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_PARTS = 2000
"""A message of more parts is refused; each takes about a kilobyte of memory."""
MOST_FIELDS = 10_000
"""A message with more header fields, in all of its parts, is refused."""
LONGEST_HEADER = 32_768
"""Characters of a header that are read; the others of one that lists recipients name no one."""
LONGEST_FIELD = 2000
"""Characters that are read of a header with parameters."""
LONGEST_PART = 1_000_000
"""Bytes that are read of a part with text."""
DEFECTS = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)
"""What the standard library raises for malformed parameters and for parts nested too deeply."""

_CIPHERS = frozenset({"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"})
_ARMOURED = re.compile(r"\s*-----BEGIN PGP MESSAGE-----")
_MARKS = re.compile(r"[\x00\ud800-\udfff]")
ENCRYPTED = "encrypted: its text was not read"
SIGNED = "its text is inside an S/MIME signature, which is not read"


if TYPE_CHECKING:
    _Base = EmailPolicy[EmailMessage]
else:
    _Base = EmailPolicy


class _Policy(_Base):
    """`email.policy.default`, but headers are plain text of bounded length; see `formats.mail.headers` for why."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[: LONGEST_FIELD if name.lower().startswith("content-") else LONGEST_HEADER]

    def header_fetch_parse(self, name: str, value: str) -> Any:  # noqa: ARG002  (the library's signature)
        return value.replace("\r", "").replace("\n", "")


_POLICY = _Policy()


class _Part(EmailMessage):
    """A part of a message, which counts its header fields."""

    def __init__(self, policy: _Policy, counts: Counter[str]) -> None:
        super().__init__(policy=policy)
        self.counts = counts

    def set_raw(self, name: str, value: str) -> None:
        self.counts["fields"] += 1
        if self.counts["fields"] > MOST_FIELDS:
            raise FormatError(f"has more than {MOST_FIELDS:,} header fields")
        super().set_raw(name, value)


def parse(data: bytes) -> EmailMessage:
    """Return a message in its parts. Raises FormatError for one that cannot be taken apart."""
    counts: Counter[str] = Counter()

    def part(policy: _Policy | None = None) -> EmailMessage:
        counts["parts"] += 1
        if counts["parts"] > MOST_PARTS:
            raise FormatError(f"has more than {MOST_PARTS:,} parts")
        return _Part(policy or _POLICY, counts)

    parser: BytesFeedParser[EmailMessage] = BytesFeedParser(part, policy=_POLICY)
    try:
        parser.feed(data)
        return parser.close()
    except DEFECTS as error:
        raise FormatError("cannot be taken apart: its parts are malformed or nested too deeply") from error


class Body:
    """What a message says: its text, the names of its attachments, and what is missing from the text."""

    def __init__(self, message: EmailMessage) -> None:
        self.attachments: list[str] = []
        self.notes: list[str] = []
        try:
            self.text = "\n\n".join(filter(None, self._texts(message))).strip("\n")
        except DEFECTS as error:
            raise FormatError("cannot be taken apart: its parts are malformed or nested too deeply") from error
        if _ARMOURED.match(self.text):
            self.text = ""
            self._note(ENCRYPTED)

    def _note(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)

    def _texts(self, part: EmailMessage) -> Iterator[str]:
        """Yield the texts of a part, in their order."""
        kind = part.get_content_type()
        if kind in _CIPHERS:
            self._note(SIGNED if _parameter(part, "smime-type") == "signed-data" else ENCRYPTED)
        elif kind == "message/delivery-status":
            return
        elif part.get_content_maintype() == "message" or not part.is_multipart():
            yield from self._leaf(part, kind)
        elif kind == "multipart/alternative":
            yield self._chosen(part)
        else:
            for each in parts(part):
                yield from self._texts(each)

    def _leaf(self, part: EmailMessage, kind: str) -> Iterator[str]:
        name = _file_name(part)
        is_text = kind in {"text/plain", "text/html"}
        if is_text and not name and part.get_content_disposition() != "attachment":
            yield self._text(part, kind)
        else:
            self.attachments.append(name or _subject(part) or kind)

    def _chosen(self, part: EmailMessage) -> str:
        """Return the text of the best alternative: the plain one, unless it is blank."""
        kept, notes, best = self.attachments, self.notes, ""
        self.attachments, self.notes = [], []
        plain_first = sorted(parts(part), key=lambda each: each.get_content_type() != "text/plain")
        for each in plain_first:
            text = "\n\n".join(filter(None, self._texts(each)))
            best = best or text.strip()
        self.attachments, self.notes = [*kept, *self.attachments], [*notes, *self.notes]
        return best

    def _text(self, part: EmailMessage, kind: str) -> str:
        payload = part.get_payload(decode=True)
        raw = payload if isinstance(payload, bytes) else b""
        if len(raw) > LONGEST_PART:
            self._note("only the first megabyte of its text was read")
        text = headers.decoded(raw[:LONGEST_PART], _parameter(part, "charset"))
        text = _MARKS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
        if kind == "text/html":
            return html.text_of(text)
        if _parameter(part, "format") == "flowed":
            text = _unflowed(text, delete=_parameter(part, "delsp") == "yes")
        return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


def parts(part: EmailMessage) -> list[EmailMessage]:
    """Return the parts of a part, or the message in it; ``[]`` if it has none."""
    found = part.get_payload()
    return [each for each in found if isinstance(each, EmailMessage)] if isinstance(found, list) else []


def _parameter(part: EmailMessage, name: str) -> str:
    """Return a parameter of the content type in lower case, ``""`` if there is none."""
    found = part.get_param(name, "")
    return (found[2] if isinstance(found, tuple) else str(found)).strip().lower()


def _file_name(part: EmailMessage) -> str:
    name = part.get_filename("")
    return headers.text(str(name)).replace("/", "_")[: headers.LONGEST_NAME]


def _subject(part: EmailMessage) -> str:
    """Return the subject of an attached message."""
    inside = parts(part)
    return headers.text(str(inside[0].get("subject", "")))[: headers.LONGEST_NAME] if inside else ""


def _unflowed(text: str, *, delete: bool) -> str:
    """Join the lines of flowed text (RFC 3676): one that ends in a blank continues in the next of the same depth."""
    joined: list[str] = []
    depth, is_open = 0, False
    for line in text.split("\n"):
        bare = line.lstrip(">")
        marks = len(line) - len(bare)
        bare = bare.removeprefix(" ")
        is_soft = bare.endswith(" ") and bare != "-- "
        content = bare[:-1] if is_soft and delete else bare
        if is_open and marks == depth:
            joined[-1] += content
        else:
            joined.append((">" * marks + " " if marks else "") + content)
        depth, is_open = marks, is_soft
    return "\n".join(joined)
