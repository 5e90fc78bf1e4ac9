"""Messages of any shape are read, or refused with FormatError, in bounded time."""

from __future__ import annotations

import io
import random
import time
from contextlib import suppress
from pathlib import Path

import pytest

from crm_cli.core.mailboxes import Mailbox
from crm_cli.errors import FormatError
from crm_cli.formats.mail import boxes, headers, quoted, read

MAIL = Path(__file__).parent.parent / "fixtures" / "mail"
HEAD = b"From: a@b.example\nTo: c@d.example\nSubject: x\nDate: Fri, 20 Nov 2026 10:00:00 +0530\n"
HTML = HEAD + b"Content-Type: text/html\n\n"
MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=q\n\n"


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("Asha <a@x.example>", [("a@x.example", "Asha")]),
        ("a@x.example", [("a@x.example", "")]),
        ("<a@x.example>", [("a@x.example", "")]),
        ("a@x.example (Asha (the boss) Verma)", [("a@x.example", "Asha the boss Verma")]),
        ('"Verma, Asha" <a@x.example>, b@x.example', [("a@x.example", "Asha Verma"), ("b@x.example", "")]),
        ('"Acme, Inc." <a@x.example>', [("a@x.example", "Acme, Inc.")]),
        ("=?utf-8?Q?Verma,_Asha?= <a@x.example>", [("a@x.example", "Asha Verma")]),
        ('"=?utf-8?Q?J=C3=BCrgen?=" <a@x.example>', [("a@x.example", "Jürgen")]),
        ("T: a@x.in, B <b@x.in>;, c@x.in", [("a@x.in", ""), ("b@x.in", "B"), ("c@x.in", "")]),
        ("undisclosed-recipients:;", []),
        ("<@relay.example:a@x.example>", [("a@x.example", "")]),
        ("Asha Verma a@x.example", [("a@x.example", "")]),
        ('"a@good.example" <a@bad.example>', [("a@bad.example", "")]),
        ("A (unclosed <a@x.example>", [("a@x.example", "A unclosed")]),
        ('"open <a@x.example>', [("a@x.example", '"open')]),
        ("a@x.example, A@X.example, <not one>, @, a@b@c", [("a@x.example", "")]),
        ("", []),
    ],
)  # fmt: skip
def test_addresses(header: str, found: list[tuple[str, str]]) -> None:
    assert headers.addresses(header) == tuple(Mailbox(*each) for each in found)


@pytest.mark.parametrize(
    ("header", "text"),
    [
        ("=?utf-8?q?a?= =?utf-8?q?b?= c", "ab c"),
        ("x =?utf-8?q?a?=  y", "x a y"),
        ("=?utf-8?Q?=E2=82?= =?utf-8?Q?=AC?=", "€"),
        ("=?utf-8*en?Q?a?=", "a"),
        ("=?nonsense?Q?=C3=BC?=", "ü"),
        ("=?hex?Q?61?= =?punycode?Q?b?= =?idna?Q?c?=", "61bc"),
        ("=?utf-8?B?YQ?=", "a"),
        ("=?utf-8?B?A?=", "=?utf-8?B?A?="),
        ("=?us-ascii?Q?=FC?=", "ü"),
        ("a\r\n\tb\x1b[1m", "a b [1m"),
    ],
)
def test_encoded_words(header: str, text: str) -> None:
    assert headers.text(header) == text


@pytest.mark.parametrize(
    ("date", "instant"),
    [
        ("Fri, 20 Nov 2026 10:00:00 +0530", "2026-11-20T04:30:00Z"),
        ("20 Nov 26 10:00 GMT", "2026-11-20T10:00:00Z"),
        ("Fri, 20 Nov 2026 10:00:00 -0000", "2026-11-20T10:00:00Z"),
        ("Fri, 20 Nov 99999 10:00:00 +0000", ""),
        ("Fri, 31 Dec 9999 23:00:00 -2359", ""),
        ("Thu, 01 Jan 1960 00:00:00 +0000", ""),
        ("yesterday", ""),
        ("", ""),
    ],
)
def test_dates(date: str, instant: str) -> None:
    assert headers.instant(date) == instant


@pytest.mark.parametrize(
    ("text", "kept", "lines"),
    [
        ("Yes.\n\nOn Mon, A wrote:\n> q\n> r", "Yes.", 3),
        ("Yes.\n\nOn Mon, 2 Nov 2026 at 10:00, A Very Long Name\n<a@x.example> wrote:\n\n> q", "Yes.", 4),
        ("On Mon, A wrote:\n> q\n\nBelow.\n\n-- \nMe", "Below.\n\n-- \nMe", 2),
        ("On Mon, A wrote:\n> q\n\nfirst\n\n> r\n\nsecond", "On Mon, A wrote:\n> q\n\nfirst\n\n> r\n\nsecond", 0),
        ("Oui.\n\nLe lun. 2 nov. 2026 à 10:00, A <a@x.example> a écrit :\n> q", "Oui.", 2),
        ("Sí.\n\nEl lun, 2 nov 2026 a las 10:00, A escribió:\nq", "Sí.", 2),
        ("Ok\n\n________________________________\nFrom: A\nSent: Monday\n\nq", "Ok", 5),
        ("Ok\n\nFrom: A\nSent: Monday\nTo: B\n\nq", "Ok", 5),
        ("Ok\n\n> q\n> r", "Ok", 2),
        ("> only\n> quoted", "> only\n> quoted", 0),
        ("On Monday I wrote:\nthis", "On Monday I wrote:\nthis", 0),
        ("plain", "plain", 0),
        ("", "", 0),
    ],
)
def test_quoted_history(text: str, kept: str, lines: int) -> None:
    assert quoted.cut(text) == (kept, lines)


NESTED = b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n"
HOSTILE = {
    "50 MB of text": HEAD + b"\n" + b"word word word\n" * 3_500_000,
    "50 MB attached": MIXED + b"--q\n\nhi\n--q\nContent-Type: image/png\n\n" + b"QUJDQUJDQUJDQUJD\n" * 3_000_000,
    "nested parts": HEAD + b"".join(NESTED % (i, i) for i in range(1500)),
    "nested messages": HEAD + b"Content-Type: message/rfc822\n\n" * 5000,
    "a million parts": MIXED + b"--q\n\n" * 1_000_000,
    "many headers": HEAD + b"X-A: y\n" * 500_000 + b"\nx",
    "a header of 10 MB": HEAD + b"X-A: " + b"y" * 10_000_000 + b"\n\nx",
    "open quotes": HEAD + b"Cc: " + b'"\\' * 100_000 + b"\n\nx",
    "open brackets": HEAD + b"Cc: " + b"(<" * 200_000 + b"\n\nx",
    "parameters": HEAD + b"Content-Type: text/plain; " + b"a=b;" * 500_000 + b"\n\nx",
    "a charset with NUL": HEAD + b"Content-Type: text/plain; charset*0*=\0''x; boundary*0*=\0'y'z\n\nx",
    "open comments": HTML + b"<!--" * 200_000,
    "open tags": HTML + b"<a " * 200_000,
    "open sections": HTML + b"<![CDATA[" * 100_000,
    "links": HTML + b"<a href='https://x.example/'>y</a>" * 20_000,
    "attributions": HEAD + b"\n" + (b"On " + b"wrote wrot " * 30 + b"\n") * 500,
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_messages_take_seconds_at_most(name: str) -> None:
    begun = time.process_time()

    for raw in boxes.messages(io.BytesIO(HOSTILE[name])):
        with suppress(FormatError):
            mail = read.read(raw)
            assert len(mail.text) <= read.LONGEST_TEXT
            assert mail.key

    assert time.process_time() - begun < 10


def test_what_was_not_read_is_noted() -> None:
    [raw] = boxes.messages(io.BytesIO(HOSTILE["50 MB attached"]))

    mail = read.read(raw)

    assert (mail.text, mail.attachments) == ("hi", ("image/png",))
    assert mail.notes == ("only the first 8 MB of its 48 MB were read",)


def test_any_damage_to_a_message_is_survived() -> None:
    chance = random.Random(13)
    samples = [path.read_bytes() for path in sorted(MAIL.iterdir())]
    pieces = [
        b'"',
        b"<",
        b">",
        b"(",
        b":",
        b",",
        b"=?utf-8?B?",
        b"\0",
        b"\xff",
        b"\n",
        b"--b13\n",
        b"charset*0*=x'y'%",
        b"9" * 5000,
    ]
    for _ in range(1500):
        damaged = bytearray(chance.choice(samples))
        for _ in range(chance.randint(1, 10)):
            at = chance.randrange(len(damaged) + 1)
            if chance.random() < 0.6:
                damaged[at:at] = chance.choice(pieces)
            else:
                del damaged[at : at + chance.randint(1, 40)]
        try:
            mail = read.read(boxes.Raw(bytes(damaged), len(damaged)))
        except FormatError:
            continue
        assert str(mail).encode()
