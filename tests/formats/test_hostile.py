"""Whatever the bytes: records or one clear error, soon, and never a traceback."""

from __future__ import annotations

import io
import time
import tracemalloc

import pytest
from formats_support import CORPORA, drafts
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_cli.core.records import Draft, Problem
from crm_cli.errors import CrmError
from crm_cli.formats.open import open_source

OPEN = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:x\r\n"
CLOSE = b"END:VCARD\r\n"
GOOD = b"BEGIN:VCARD\r\nFN:good\r\nEND:VCARD\r\n"
HEADER = b"Name,Email\n"

CARDS = {
    "deep folding": b"NOTE:a" + b"\r\n b" * 300_000 + b"\r\n",
    "lines of one letter": b"a\r\n" * 300_000,
    "lines of one space": b" \r\n" * 300_000,
    "quotes": b"TEL;X=" + b'"' * 1_000_000 + b":1\r\n",
    "quotes and colons": b"TEL;X=" + b'":"' * 300_000 + b":1\r\n",
    "backslashes": b"NOTE:" + b"\\" * 1_999_999 + b"\r\n",
    "escaped semicolons": b"N:" + b"\\;" * 900_000 + b"\r\n",
    "semicolons": b"N:" + b";" * 1_900_000 + b"\r\n",
    "categories": b"CATEGORIES:" + b"a,b" * 600_000 + b"\r\n",
    "parameters": b"TEL" + b";A=B" * 100_000 + b":1\r\n",
    "parameters without a colon": b"TEL" + b";A=B" * 100_000 + b"\r\n",
    "a line of 10 MB": b"NOTE:" + b"x" * 10_500_000 + b"\r\n",
    "a picture of 40 MB": b"PHOTO;ENCODING=b:" + b"A" * 40_000_000 + b"\r\n",
    "bytes that are no text": b"NOTE:" + b"\xff" * 1_000_000 + b"\r\n",
    "base64 in short lines": b"PHOTO;ENCODING=BASE64:\r\n" + b"AAAA\r\n" * 300_000 + b"\r\n",
    "soft line breaks": b"NOTE;ENCODING=QUOTED-PRINTABLE:" + b"a=\r\n" * 300_000 + b"\r\n",
    "piled up marks": b"NOTE:a" + "\u0301\u0323".encode() * 200_000 + b"\r\n",
    "many labels": b"".join(b"a%d.TEL:1\r\na%d.X-ABLabel:x\r\n" % (n, n) for n in range(990)),
    "NUL": b"NOTE:" + b"\0" * 500 + b"\r\n",
}
FILES = {
    "nested BEGIN": b"BEGIN:VCARD\r\n" * 20_000,
    "nested AGENT": b"BEGIN:VCARD\r\nAGENT:\r\n" * 20_000,
    "no END": OPEN + b"NOTE:a\r\n" * 300_000,
    "NUL only": b"\0" * 1_000_000,
    "open quotes": HEADER + b'a,"b@x\n' * 20_000,
    "quotes only": HEADER + b'"' * 3_000_000,
    "a cell of 20 MB in one line": HEADER + b'a,"' + b"x" * 20_000_000 + b'"\nb,b@x\n',
    "a cell of 20 MB in many lines": HEADER + b'a,"' + b"xxxx\n" * 4_000_000 + b'"\nb,b@x\n',
    "a million columns": b"Name,Email," + b"," * 1_000_000 + b"\na,b@x\n",
    "a row of a million cells": HEADER + b"a,b@x" + b",z" * 500_000 + b"\n",
    "deep JSON": b"[" * 1_000_000,
    "comments": b"# " * 500_000,
    "a word": b"hello " * 500_000,
    "a long date": b"Name,Birthday\na," + b"1/" * 500_000 + b"\n",
    "an X.500 address": b"Name,E-mail Address,Business Street,E-mail Display Name\na,/o=x,," + b"(a@" * 300_000 + b"\n",
}


def read(data: bytes) -> list[Draft | Problem]:
    return list(open_source(io.BytesIO(data), name="file").records)


def outcome(data: bytes) -> list[Draft | Problem] | str:
    """The records, or what was said in their place."""
    try:
        return read(data)
    except CrmError as error:
        return str(error)


@pytest.mark.parametrize("name", CARDS)
def test_a_bomb_in_a_card_is_soon_over_and_costs_no_other_card(name: str):
    started = time.process_time()
    found = read(OPEN + CARDS[name] + CLOSE + GOOD)

    assert time.process_time() - started < 6
    assert [each.name for each in found if isinstance(each, Draft)][-1] == "good"
    assert all(each.line for each in found)


@pytest.mark.parametrize("name", FILES)
def test_a_bomb_of_a_file_is_soon_over(name: str):
    started = time.process_time()

    assert outcome(FILES[name])
    assert time.process_time() - started < 6


PIECES = [
    b"BEGIN:VCARD",
    b"END:VCARD",
    b"VERSION:2.1",
    b"FN:",
    b"N:",
    b"TEL;",
    b"TYPE=",
    b":",
    b";",
    b",",
    b"\r\n",
    b"\n",
    b"\r",
]
PIECES += [
    b" ",
    b"\t",
    b"=",
    b'"',
    b"\\",
    b"item1.",
    b"X-ABLabel:",
    b"BASE64:",
    b"QUOTED-PRINTABLE:",
    b"CHARSET=",
    b"utf-7",
]
PIECES += [
    b"BDAY:",
    b"1604-02-30",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\0",
    b"\xe9",
    b"Name,Email",
    b"AGENT:",
    b"sep=;",
    b"Birthday",
]
PIECES += [
    b"{",
    b'"format": "crm-book"',
    b"dn:",
    b"PK\x03\x04",
    b"=C3=A9=",
    b"ORG:",
    b"NOTE:",
    b"ADR:",
    b"IMPP:xmpp:",
    b"^n",
]
PIECES += [
    b"CHARSET=rot13:",
    b"CHARSET=idna:",
    b"CHARSET=unicode_escape:",
    b"KIND:org",
    b"UID:",
    b"CATEGORIES:",
    b"1/2/03",
]
soup = st.lists(st.sampled_from(PIECES) | st.binary(max_size=4), max_size=60).map(b"".join)


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=400) | soup | soup.map(lambda data: OPEN + data) | soup.map(lambda data: HEADER + data))
def test_any_bytes_give_records_or_a_clear_refusal(data: bytes):
    found = outcome(data)
    if isinstance(found, str):
        assert found
        assert "\n" not in found
        return
    for each in found:
        assert each.line > 0
        if isinstance(each, Draft):
            assert not any("\ud800" <= letter <= "\udfff" for letter in repr(each).replace("\\ud", ""))


def test_memory_stays_flat_over_100_000_cards():
    """The file is on a disk in earnest; here its one block of bytes does not count."""
    data = io.BytesIO(b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Asha Verma\r\nTEL;TYPE=CELL:1\r\nEND:VCARD\r\n" * 100_000)
    tracemalloc.start()
    count = sum(1 for _ in open_source(data, name="file").records)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert count == 100_000
    assert peak < 20_000_000


@pytest.mark.skipif(not CORPORA.is_dir(), reason="the files of other programs are not here")
def test_every_file_of_the_corpora_gives_records_or_a_refusal():
    for path in sorted(each for each in CORPORA.rglob("*") if each.is_file()):
        started = time.process_time()
        found = outcome(path.read_bytes())
        assert not isinstance(found, str) or "\n" not in found, path
        assert time.process_time() - started < 6, path


def test_a_file_name_is_never_looked_at():
    assert drafts(GOOD)[0].name == "good"
