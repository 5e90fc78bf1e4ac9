from __future__ import annotations

import sqlite3
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_cli.core.text import folding as text
from crm_cli.core.text.width import display_width, fit

SAME = [
    ("पंडित", "पण्डित"),
    ("हिंदी", "हिन्दी"),
    ("अंसारी", "अन्सारी"),
    ("क़लम", "क\u093cलम"),
    ("फ़ोन", "फोन"),
    ("चाँद", "चांद"),
    ("क्\u200dष", "क्ष"),
    ("संगीत", "सङ्गीत"),
    ("సంగీత", "సఙ్గీత"),
    ("ಸಂಗೀತ", "ಸಙ್ಗೀತ"),
    ("હિંદી", "હિન્દી"),
    ("সংগীত", "সঙ্গীত"),
    ("ਪੰਜਾਬ", "ਪਂਜਾਬ"),
    ("ਸ਼ਰਮਾ", "ਸਰਮਾ"),
    ("അവൻ", "അവന്\u200d"),
    ("ஶ்ரீ", "ஸ்ரீ"),
    ("Łódź", "lodz"),
    ("Straße", "STRASSE"),
    ("Søren", "soren"),
    ("Đặng", "dang"),
    ("Æsir", "aesir"),
    ("İstanbul", "ISTANBUL"),
    ("Άλφα", "αλφα"),
    ("ёлка", "елка"),
    ("أحمد", "احمد"),
    ("مُحَمَّد", "محمد"),
    ("فاطمة", "فاطمه"),
    ("علی", "علي"),
    ("محـــمد", "محمد"),
    ("שָׁלוֹם", "שלום"),
    ("ＡＢＣ１", "abc1"),
    ("ﾔﾏﾀﾞ", "ヤマダ"),
    ("९८२", "982"),
    ("٣٤", "34"),
    ("Zoë", "Zoe\u0308"),
    ("ŐRI", "ori"),
]
DIFFERENT = [("कुमार", "कमर"), ("कमल", "कमला"), ("क्ष", "कष"), ("রায়", "রায"), ("か", "が"), ("अन्न", "अंन"), ("கமல்", "கமல")]


@pytest.mark.parametrize(("one", "two"), SAME)
def test_spellings_of_one_name_fold_alike(one: str, two: str) -> None:
    assert text.fold(one) == text.fold(two)


@pytest.mark.parametrize(("one", "two"), DIFFERENT)
def test_different_names_stay_different(one: str, two: str) -> None:
    assert text.fold(one) != text.fold(two)


INDIC = st.text(st.characters(min_codepoint=0x900, max_codepoint=0xD7F))


@given(st.text() | INDIC)
def test_folding_is_idempotent(s: str) -> None:
    once = text.fold(s)

    assert text.fold(once) == once
    assert text.words(" ".join(text.words(s))) == text.words(s)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("O'Brien", ["obrien"]),
        ("O’Brien-Roy", ["obrien", "roy"]),
        ("a@x.in", ["a", "x", "in"]),
        ("", []),
        ("—!", []),
        ("कुमार, प्रिया", ["कुमार", "प्रिया"]),
        ("李小龍", ["李小龍"]),
        ("x_y", ["x", "y"]),
    ],
)
def test_words(typed: str, found: list[str]) -> None:
    assert text.words(typed) == found


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("李小龍", ["李小龍", "小龍", "龍"]),
        ("山田 太郎", ["山田", "田", "太郎", "郎"]),
        ("김철수", ["김철수"]),
        ("Bruce 李Lee", ["bruce", "李lee", "lee"]),
        ("ก้อง", ["ก้อง", "อง", "ง"]),
        ("Asha", ["asha"]),
    ],
)
def test_endings_of_unspaced_names(name: str, found: list[str]) -> None:
    assert text.name_index(name)[1] == found


def _index(*documents: str) -> sqlite3.Connection:
    db = sqlite3.connect(":memory:")
    db.execute(
        "CREATE VIRTUAL TABLE f USING fts5(t, tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'\")"
    )
    db.executemany("INSERT INTO f VALUES (?)", [(text.segment(document),) for document in documents])
    return db


@pytest.mark.parametrize(
    ("document", "query", "hits"),
    [
        ("李小龍 Bruce Lee", "小龍", 1),
        ("李小龍", "龍小", 0),
        ("कुमार", "कुम", 1),
        ("कमरा", "कुम", 0),
        ("สมชาย ใจดี", "ชาย", 1),
        ("O'Brien", "obr", 1),
        ("Jean-Luc", "jean-luc", 1),
        ("Łódź", "lod", 1),
        ("anything", "!!", 0),
        ("हिन्दी", "हिंद", 1),
    ],
)
def test_a_phrase_finds_what_was_segmented(document: str, query: str, hits: int) -> None:
    rows = _index(document).execute("SELECT 1 FROM f WHERE f MATCH ?", (text.fts_phrase(query),)).fetchall()

    assert len(rows) == hits


DB = _index("one", "दो", "三")


@given(st.text())
def test_a_phrase_is_always_valid_fts(s: str) -> None:
    DB.execute("SELECT 1 FROM f WHERE f MATCH ?", (text.fts_phrase(s),)).fetchall()


@pytest.mark.parametrize(
    ("a", "b", "near"),
    [
        ("priya", "priya", True),
        ("priya", "pria", True),
        ("priya", "priyaa", True),
        ("priya", "pryia", True),
        ("ab", "ba", True),
        ("priya", "preya", True),
        ("priya", "pr", False),
        ("priya", "pirya", True),
        ("abcd", "badc", False),
        ("", "a", True),
        ("a", "b", True),
        ("ab", "cd", False),
        ("abc", "cab", False),
        ("", "", True),
    ],
)
def test_one_edit_apart(a: str, b: str, near: bool) -> None:
    assert text.one_edit_apart(a, b) is near
    assert text.one_edit_apart(b, a) is near


def test_similar_names_the_nearest_first() -> None:
    assert text.similar("emial", ["name", "email", "phone"]) == ["email"]
    assert text.similar("zzz", ["name"]) == []


@pytest.mark.parametrize(
    ("shown", "cells"),
    [
        ("", 0),
        ("abc", 3),
        ("é", 1),
        ("e\u0301", 1),
        ("李小龍", 6),
        ("👍", 2),
        ("👍🏽", 2),
        ("👨‍👩‍👧", 2),
        ("❤️", 2),
        ("🇮🇳", 2),
        ("कि", 1),
        ("क\u200dष", 2),
        ("ｱ", 1),
        ("Ａ", 2),
        ("한", 2),
        ("\u200b", 0),
        ("a\tb", 2),
    ],
)
def test_display_width(shown: str, cells: int) -> None:
    assert display_width(shown) == cells


@pytest.mark.parametrize(
    ("whole", "width", "shown"),
    [
        ("abc", 5, "abc  "),
        ("abcdef", 4, "abc…"),
        ("李小龍", 4, "李… "),
        ("李小龍", 5, "李小…"),
        ("abc", 0, ""),
        ("ab", 1, "…"),
        ("e\u0301e\u0301e\u0301", 2, "e\u0301…"),
    ],
)
def test_fit(whole: str, width: int, shown: str) -> None:
    assert fit(whole, width) == shown


@given(st.text() | INDIC, st.integers(0, 12))
def test_fit_is_exact(s: str, width: int) -> None:
    assert display_width(fit(s, width)) == width


def test_sort_key_ignores_case_accents_and_signs() -> None:
    assert text.sort_key(" Élise  O'Hara-Roy ") == "elise ohara roy"
    assert text.sort_key("!!") == "!!"


def test_nfc() -> None:
    assert text.nfc("e\u0301") == "é"


@given(st.text(st.characters(max_codepoint=0x7F)) | st.text() | INDIC)
def test_words_are_those_of_the_whole_folded_text(s: str) -> None:
    """Fail if the quick ways (ASCII, piece by piece) part a text in another way than folding all of it does."""
    apart = "".join(" " if c not in "'`" and not _is_of_a_word(c) else c for c in text.fold(s))

    assert text.words(s) == "".join(c for c in apart if c not in APOSTROPHES).split()


APOSTROPHES = text._APOSTROPHES


def _is_of_a_word(char: str) -> bool:
    return char.isalnum() or char in APOSTROPHES or unicodedata.category(char) in {"Mn", "Mc"}


def test_piled_up_marks_take_no_time() -> None:
    """Fail if a hostile text makes composing or folding it take the square of its length."""
    pile = "a" + "\u0316\u0301" * 200_000

    assert text.nfc(pile) == pile
    assert text.fold(pile + " b") == "a b"
    assert text.nfc("e\u0301" * 400) == "é" * 400


def test_nothing_folds_into_a_script_without_spaces() -> None:
    """Fail if a letter before Thai becomes one that stands alone in the index: `segment` looks no further."""
    assert not [code for code in range(0xE00) if any(map(text._is_unspaced, text.fold(chr(code))))]
