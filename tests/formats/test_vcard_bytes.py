"""Bytes that are not what they should be: only they suffer, and they are counted."""

from __future__ import annotations

import quopri
import unicodedata

import pytest
from formats_support import drafts, problems, source, vcard
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_cli.core.records import Draft
from crm_cli.formats.vcard.bytes import decode

LETTERS = st.text("abcXYZäöüßéñłśżИванΕλένη山田太郎आशाعلي김👩", min_size=1, max_size=30)


def card(*lines: bytes, version: bytes = b"2.1") -> bytes:
    return b"\n".join([b"BEGIN:VCARD", b"VERSION:" + version, *lines, b"END:VCARD", b""])


def reasons(data: bytes) -> list[str]:
    return [each.reason for each in problems(data)]


@given(LETTERS.filter(lambda text: not text.isascii()), st.integers(0, 30), st.sampled_from([0xFF, 0xC3, 0xE9, 0x80]))
def test_one_bad_byte_costs_itself(text: str, at: int, byte: int):
    before, after = text[:at], text[at:]

    found = decode(before.encode() + bytes([byte]) + b"." + after.encode())

    is_foreign = before[-1:] > "\u0250" and unicodedata.category(before[-1])[0] in "LM"
    alike = "\ufffd" if byte == 0x80 or is_foreign else bytes([byte]).decode("cp1252")
    assert found.text == f"{before}{alike}.{after}"
    assert found.unreadable == 1


def test_a_bad_byte_in_quoted_printable_costs_itself():
    data = card(b"FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=B6rg =C5=81o=FF=C5=9B")

    assert drafts(data)[0].name == "Jörg Łoÿś"
    assert reasons(data) == ["1 byte is not UTF-8; read as Windows-1252 where that is a letter"]


def test_a_value_cut_inside_its_last_letter_loses_that_letter():
    data = card(b"FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=9A=D0=B0=D0")

    assert drafts(data)[0].name == "Ка\ufffd"


def test_a_bad_byte_in_a_file_of_utf_8_spoils_no_other_line():
    data = card("FN:Jörg Łoś".encode(), "NOTE:Zoë ".encode() + b"\xff.") + card("FN:Čapek".encode())

    opened = source(data)
    first, second, problem = opened.records

    assert (first.name, first.notes, second.name) == ("Jörg Łoś", "Zoë ÿ.", "Čapek")
    assert opened.encoding == "utf-8"
    assert (problem.line, problem.reason) == (1, "1 byte is not UTF-8; read as Windows-1252 where that is a letter")


def test_a_bad_byte_behind_a_byte_order_mark():
    data = b"\xef\xbb\xbf" + card("FN:Jörg ".encode() + b"\xff.")

    assert drafts(data)[0].name == "Jörg ÿ."
    assert len(reasons(data)) == 1


def test_what_cannot_be_read_in_the_encoding_that_was_asked_for_is_counted():
    found = list(source(card(b"FN:J\xf6rg"), encoding="utf-8").records)

    assert [each.name for each in found if isinstance(each, Draft)] == ["J\ufffdrg"]
    assert "1 character is not valid utf-8" in found[-1].reason


def test_utf_16_with_half_a_letter_at_its_end():
    found = list(source(card("FN:Jörg".encode(), version=b"3.0").decode().encode("utf-16") + b"x").records)

    assert found[0].name == "Jörg"


def test_a_letter_folded_between_its_bytes_is_whole():
    name = "Длинный комментарий на русском".encode()

    data = card(b"FN:" + name[:11] + b"\n " + name[11:])

    assert drafts(data)[0].name == "Длинный комментарий на русском"
    assert reasons(data) == []


def test_cards_of_several_code_pages_are_read_each_in_its_own():
    data = (
        card("FN;CHARSET=windows-1251:Иван".encode("cp1251"))
        + card("FN;CHARSET=ISO-8859-2:Łoś".encode("iso-8859-2"))
        + card("FN;CHARSET=Shift_JIS:山田".encode("cp932"))
        + card("FN:Jörg Müller".encode("cp1252"))
        + card("FN:Jörg Łoś".encode())
    )

    assert [each.name for each in drafts(data)] == ["Иван", "Łoś", "山田", "Jörg Müller", "Jörg Łoś"]
    assert reasons(data) == ["1 line is neither UTF-8 nor in a CHARSET of the card; read as Windows-1252"]


def test_a_wrong_charset_does_not_spoil_a_latin_letter():
    assert drafts(card(b"FN;CHARSET=UTF-8:J\xf6rg"))[0].name == "Jörg"


@pytest.mark.parametrize("blank", [" ", "\t"])
def test_a_soft_break_that_is_folded_as_well(blank: str):
    lines = [
        "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=9A=",
        f"{blank}=D0=B0=",
        f"{blank}=D0=BF=D0=",
        f"{blank}=B8",
    ]

    assert vcard(*lines, version="2.1").name == "Капи"


def test_a_single_soft_break_inside_a_letter_that_is_folded_as_well():
    assert vcard("FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=", " =B6rg", version="2.1").name == "Jörg"


@pytest.mark.parametrize(
    "lines",
    [
        ("J=C3=B6rg=", " M=C3=BCller"),
        ("J=C3=B6rg= ", " M=C3=BCller"),
        ("J=C3=B6=", "rg=", " M=C3=BCller"),
        ("J=C3=", "=B6rg M=C3=BCller"),
        ("J=C3=B6rg =", "  M=C3=BCller"[1:]),
    ],
)
def test_a_soft_break_before_a_blank_of_the_text(lines: tuple[str, ...]):
    first, *rest = lines

    assert vcard(f"FN;CHARSET=UTF-8;QUOTED-PRINTABLE:{first}", *rest, version="2.1").name == "Jörg Müller"


@settings(deadline=None)
@given(LETTERS.map(lambda text: text * 4), st.sampled_from(["", " ", "\t"]), st.integers(5, 70))
def test_quoted_printable_however_it_is_broken(text: str, fold: str, width: int):
    """A writer that folds blanks in does it on every line."""
    coded = quopri.encodestring(text.encode()).decode().replace("=\n", "")
    parts, rest = [], coded
    while len(rest) > width:
        cut = width
        while "=" in rest[cut - 2 : cut]:
            cut += 1
        parts.append(rest[:cut])
        rest = rest[cut:]
    lines = f"=\n{fold}".join([*parts, rest]).split("\n")
    if len(lines) == 2 and fold:
        return

    value = "\n".join(lines).encode()

    (found,) = drafts(card(b"FN:x", b"NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:" + value))

    assert found.notes == text


@pytest.mark.parametrize(
    ("page", "family", "given"),
    [
        ("cp1251", "Кузнецова", "Ольга"),
        ("koi8-r", "Пушкин", "Пётр"),
        ("cp932", "山田", "太郎"),
        ("gb18030", "李", "雷"),
        ("cp949", "김", "철수"),
        ("cp1250", "Żółć", "Łukasz"),
        ("cp1254", "Gülşen", "Şahin"),
    ],
)
def test_text_without_charset_is_in_the_code_page_that_its_words_show(page: str, family: str, given: str):
    name = f"{family};{given}".encode(page)
    quoted = b"".join(b"=%02X" % byte for byte in name)

    raw = source(card(b"N:" + name, b"TEL:1"))
    coded = source(card(b"N;ENCODING=QUOTED-PRINTABLE:" + quoted, b"TEL:1"))

    for opened in (raw, coded):
        (found,) = opened.records
        assert (found.parts.family, found.parts.given) == (family, given)
        assert page in opened.warnings[0]


@pytest.mark.parametrize("name", ["Müller", "Peña Núñez", "François", "Øverbø", "Þórður", "“Bo”", "Mª José", "ÄÖÜ"])
def test_western_text_without_charset_stays_windows_1252(name: str):
    raw = name.encode("cp1252")
    quoted = b"".join(b"=%02X" % byte for byte in raw)

    assert drafts(card(b"FN:" + raw))[0].name == name
    assert drafts(card(b"FN;ENCODING=QUOTED-PRINTABLE:" + quoted))[0].name == name


def test_a_charset_is_not_overruled_by_the_words_of_other_lines():
    russian, german = "Ольга Кузнецова".encode("cp1251"), "Jürgen Groß".encode("cp1252")

    (found,) = drafts(card(b"FN:" + russian, b"NOTE;CHARSET=windows-1252:" + german))

    assert (found.name, found.notes) == ("Ольга Кузнецова", "Jürgen Groß")


@pytest.mark.parametrize(
    ("charset", "page", "name"),
    [
        ("SHIFT_JIS", "cp932", "髙橋①"),
        ("x-sjis", "cp932", "山田"),
        ("x-gbk", "gbk", "李雷"),
        ("GB2312", "gbk", "朱镕基"),
        ("EUC-KR", "cp949", "똠방각하"),
        ("ISO-8859-1", "cp1252", "“Zoë” €"),
    ],
)
def test_a_charset_means_the_code_page_that_programs_write_by_its_name(charset: str, page: str, name: str):
    quoted = "".join(f"={byte:02X}" for byte in name.encode(page))

    (raw,) = drafts(card(f"FN;CHARSET={charset}:".encode() + name.encode(page)))

    assert raw.name == name
    assert vcard(f"FN;CHARSET={charset};ENCODING=QUOTED-PRINTABLE:{quoted}", version="2.1").name == name
