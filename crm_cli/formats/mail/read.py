"""Bytes of a message to a `core.mail.Mail`. Whatever a message holds, the only error is FormatError."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from crm_cli.core import matching
from crm_cli.core.mail import AUTOMATIC, Mail
from crm_cli.core.mailboxes import Mailbox
from crm_cli.core.phones import digits
from crm_cli.errors import FormatError
from crm_cli.formats.mail import body, headers, quoted
from crm_cli.formats.mail.boxes import Raw

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from email.message import EmailMessage

LONGEST_TEXT = 100_000
"""Characters of a text that are kept."""
LONGEST_SUBJECT = 500
_TAIL = 2 * LONGEST_TEXT
"""Characters in which quoted history is looked for."""

_NAMES = ("from", "date", "message-id", "subject", "to", "received")
_BULK = frozenset({"bulk", "list", "junk", "auto_reply"})
_LISTS = ("list-id", "list-post", "list-unsubscribe", "x-autoreply", "x-autorespond")
_ACTIONS = {"failed": "bounced", "delivered": "delivered", "relayed": "delivered", "expanded": "delivered"}
"""The action of a delivery report (RFC 3464 section 2.3.3) -> the outcome of the message that it is about."""
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)
_PHONE = re.compile(r"\+?\(?\d[\d ().\u00a0-]{6,24}\d")
_LONGEST_SIGNATURE = 1500
_MOST_PHONES = 2


def read(raw: Raw, *, whole: bool = False) -> Mail:
    """Return the message of these bytes; with ``whole``, quoted history stays in its text.

    Raises FormatError, with a message that follows the name of the file, if it is not a message.
    """
    if not raw.data.strip():
        raise FormatError("is empty")
    message = body.parse(raw.data.lstrip(b"\xef\xbb\xbf\r\n"))
    if not any(message.get(name) for name in _NAMES):
        raise FormatError("is not a mail message: it has no From, Date, Subject or Message-ID")
    found = body.Body(message)
    subject = headers.text(_header(message, "subject"))
    text, lines = _replied(found.text, subject, whole=whole)
    notes = [*_cut(raw, text), *found.notes]
    reports = [*_reports(message)] if _is_report(message) else []
    mail = Mail(
        key=headers.message_id(_header(message, "message-id")),
        subject=subject[:LONGEST_SUBJECT],
        text=text[:LONGEST_TEXT],
        at=_date(message),
        senders=_addresses(message, ("from",)) or _addresses(message, ("sender",)),
        reply_to=_addresses(message, ("reply-to",)),
        recipients=_addresses(message, ("to", "cc", "bcc")),
        parents=_parents(message),
        outcome=AUTOMATIC if _is_automatic(message) else "",
        attachments=tuple(found.attachments),
        phones=_phones(found.text),
        quoted=lines,
        notes=tuple(notes),
    )
    if reports:
        mail = _about(mail, message, reports)
    return mail if mail.key else mail._replace(key=_fingerprint(mail))


def _header(message: EmailMessage, name: str) -> str:
    return str(message.get(name, ""))


def _addresses(message: EmailMessage, names: Iterable[str]) -> tuple[Mailbox, ...]:
    """Return the mailboxes of headers, each of which may be repeated."""
    return headers.addresses(", ".join(str(value) for name in names for value in message.get_all(name, [])))


def _replied(text: str, subject: str, *, whole: bool) -> tuple[str, int]:
    if whole or quoted.is_forwarded(subject):
        return text, 0
    kept, lines = quoted.cut(text[:_TAIL])
    return (kept, lines) if lines else (text, 0)


def _cut(raw: Raw, text: str) -> Iterator[str]:
    """Yield what of a message was not read or is not kept."""
    if raw.size > len(raw.data):
        yield f"only the first {len(raw.data) >> 20} MB of its {raw.size >> 20} MB were read"
    if len(text) > LONGEST_TEXT:
        yield f"only the first {LONGEST_TEXT:,} characters of its text are kept"


def _date(message: EmailMessage) -> str:
    """Return when the message was sent; without a valid date, when the first server received it."""
    received = [str(value).rpartition(";")[2] for value in reversed(message.get_all("received", []))]
    dates = (headers.instant(each) for each in (_header(message, "date"), *received[:3]))
    return next(filter(None, dates), "")


def _parents(message: EmailMessage) -> tuple[str, ...]:
    """Return the ids of the messages that this one answers, the nearest first (RFC 5322 section 3.6.4)."""
    known = [*headers.ids(_header(message, "references")), *headers.ids(_header(message, "in-reply-to"))]
    return tuple(dict.fromkeys(reversed(known)))[: headers.MOST_IDS]


def _is_automatic(message: EmailMessage) -> bool:
    """Did a program or a mailing list send it (RFC 3834 section 5, RFC 2919, RFC 2369)?"""
    submitted = _header(message, "auto-submitted").partition(";")[0].strip().lower()
    if submitted not in {"", "no"} or _is_report(message) or _header(message, "precedence").strip().lower() in _BULK:
        return True
    return _header(message, "return-path").strip() == "<>" or any(message.get(name) for name in _LISTS)


def _phones(text: str) -> tuple[str, ...]:
    """Return the phone numbers below the signature mark."""
    marks = list(_SIGNATURE.finditer(text[:_TAIL]))
    if not marks:
        return ()
    signature = text[marks[0].end() : marks[0].end() + _LONGEST_SIGNATURE].partition("\n>")[0]
    numbers = (" ".join(found.split()) for found in _PHONE.findall(signature))
    return tuple(dict.fromkeys(each for each in numbers if 8 <= len(digits(each)) <= 15))[:_MOST_PHONES]


def _is_report(message: EmailMessage) -> bool:
    return message.get_content_type() == "multipart/report"


def _reports(message: EmailMessage) -> Iterator[tuple[str, str]]:
    """Yield (recipient, action) of each recipient of a delivery report (RFC 3464)."""
    for part in message.walk():
        if part.get("final-recipient") and part.get("action"):
            mailbox = _header(part, "original-recipient") or _header(part, "final-recipient")
            address = mailbox.rpartition(";")[2].strip().strip("<>")
            if headers.is_address(address):
                yield address, _header(part, "action").strip().lower()


def _about(mail: Mail, message: EmailMessage, reports: list[tuple[str, str]]) -> Mail:
    """Return a delivery report as what became of the message that it is about, to those it names."""
    outcomes = [_ACTIONS.get(action, AUTOMATIC) for _, action in reports]
    outcome = "bounced" if "bounced" in outcomes else outcomes[0]
    recipients = dict.fromkeys(address for (address, _), each in zip(reports, outcomes, strict=True) if each == outcome)
    returned = [part for part in message.walk() if part.get_content_type() in _RETURNED]
    ids = [each for part in returned for each in headers.ids(_message_id_of(part))]
    return mail._replace(
        recipients=tuple(map(Mailbox, recipients)), outcome=outcome, is_report=True, parents=(*ids, *mail.parents),
        attachments=(),
    )  # fmt: skip


_RETURNED = frozenset({"message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"})
_MESSAGE_ID = re.compile(r"^message-id:\s*(<[^<>\s]+>)", re.IGNORECASE | re.MULTILINE)


def _message_id_of(part: EmailMessage) -> str:
    """Return the Message-ID in a returned message, or in its headers."""
    inside = body.parts(part)
    if inside:
        return _header(inside[0], "message-id")
    found = _MESSAGE_ID.search(str(part.get_payload())[: body.LONGEST_HEADER])
    return found[1] if found else ""


def _fingerprint(mail: Mail) -> str:
    """Return the key of a message without a Message-ID: a hash of its date, sender and subject."""
    return matching.fingerprint(json.dumps([mail.at, [each.address for each in mail.senders], mail.subject]))
