"""Guess the code page of text that is not Unicode from its words, where the heading does not decide it.

chardet ranks the code pages that programs export. Its models were trained on prose, and a list of names is short. So
the words must also make sense in the code page: all in its own script, or, for a Latin code page, with the letters of
one language.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple
from unicodedata import name as unicode_name

DEFAULT = "cp1252"
SCRIPTS: Mapping[str, tuple[str, ...]] = {
    "cp1251": ("CYRILLIC",),
    "koi8-r": ("CYRILLIC",),
    "cp866": ("CYRILLIC",),
    "cp1253": ("GREEK",),
    "cp1255": ("HEBREW",),
    "cp1256": ("ARABIC",),
    "cp932": ("CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HALFWIDTH", "FULLWIDTH", "IDEOGRAPHIC"),
    "cp949": ("HANGUL",),
    "gb18030": ("CJK", "FULLWIDTH", "IDEOGRAPHIC"),
    "big5hkscs": ("CJK", "FULLWIDTH", "IDEOGRAPHIC"),
}
"""Code page -> the scripts written in it, as the start of Unicode character names."""
_WESTERN = "äöüß åäöé æøåéö àâæçéèêëîïôœùûüÿ áéíóúüñç áâãàçéêíóôõúü àèéìîòóù éëïöüèáóíúê"
_CENTRAL = "ąćęłńóśźż áčďéěíňóřšťúůýž áäčďéíĺľňóôŕšťúýž áéíóöőúüű ăâîșşțţ čćđšž äöüß"
LATIN: Mapping[str, tuple[str, ...]] = {
    "cp1252": (*_WESTERN.split(), "áéíóúýðþæö"),
    "cp1250": tuple(_CENTRAL.split()),
    "cp1254": ("çğıöşüâîû\u0307",),
    "cp1257": ("ąčęėįšųūž", "āčēģīķļņšūž", "äöüõšž"),
    "mac-roman": tuple(_WESTERN.split()),
    "cp850": tuple(_WESTERN.split()),
    "cp852": tuple(_CENTRAL.split()),
    "iso8859-2": tuple(_CENTRAL.split()),
}
"""Code page -> the letters beyond a to z of each language written in it."""
_FITS = 0.9
"""The share of letters that must make sense; the rest belong to foreign names."""
_WORDS = 0.75
"""The share of words that must be in one script; companies mix scripts."""
_AHEAD = 0.2
"""By how much the letters must fit better than in the default code page to decide on their own."""
_BIT, _LIKELIER = 0.05, 1.3
"""By how much the letters must fit better, and how many times likelier chardet must find it, to decide together."""
_SURE = 2.5
"""How many times likelier than the default chardet must find a code page when the letters fit both."""
_ENOUGH = 3
"""How many different letters are needed for that."""
_SUBSETS = {"iso8859-1": "cp1252", "iso8859-15": "cp1252", "cp858": "cp850", "euc_kr": "cp949"}
_NOT_A_SUBSET = ("iso8859-2", "cp1250")
"""chardet answers with the second for the first, but they encode Ą, Ś and Š differently."""
_WORD = re.compile(r"[^\s!-@\[-`{-~’]+")
_SIGNS = re.compile(r"(?<![^\W\d_]{3})(?<=[^\W_])[ªº]|[®™©]")
"""``Mª``, ``Nº``, ``1º`` (Spanish and Portuguese) and trademark signs: not letters of a name."""


class Guess(NamedTuple):
    """A code page; ``certain`` is false if it is only the default, with no evidence for it."""

    encoding: str
    certain: bool


class _Latin(NamedTuple):
    """A Latin code page, how likely chardet finds it, and the share of letters that make sense in it."""

    encoding: str
    likely: float
    fit: float


def guess(words: bytes) -> Guess:
    """Return the most likely code page of a list of words, each with a byte beyond ASCII."""
    ranked = _ranked(words)
    default = _Latin(DEFAULT, ranked.get(DEFAULT, 0.0), _fit(words, DEFAULT))
    if default.fit < _FITS and (script := _other_script(words, ranked, default)):
        return Guess(script, certain=True)
    if latin := _other_latin(words, ranked, default):
        return Guess(latin, certain=True)
    return Guess(DEFAULT, certain=default.fit >= _FITS)


def _other_script(words: bytes, ranked: Mapping[str, float], default: _Latin) -> str:
    """Return the likeliest code page of another script in which the words make sense, or ``""``."""
    likelier = (each for each, likely in ranked.items() if each in SCRIPTS and likely > default.likely)
    return next((each for each in likelier if _is_script(words, each)), "")


def _other_latin(words: bytes, ranked: Mapping[str, float], default: _Latin) -> str:
    """Return the Latin code page that is better than the default, by its letters or by chardet, or ``""``."""
    others = [
        _Latin(each, likely, _fit(words, each)) for each, likely in ranked.items() if each in LATIN and each != DEFAULT
    ]
    if better := [each for each in others if _fits_better(each, default)]:
        return max(better, key=lambda each: (round(each.fit, 1), each.likely)).encoding
    if _different_letters(words) < _ENOUGH:
        return ""
    return next((each.encoding for each in others if _is_surely_likelier(each, default)), "")


def _fits_better(each: _Latin, default: _Latin) -> bool:
    """Do the letters fit well, and better than in the default code page?"""
    if each.fit < _FITS:
        return False
    if each.fit >= default.fit + _AHEAD:
        return True
    return each.fit >= default.fit + _BIT and each.likely >= default.likely * _LIKELIER


def _is_surely_likelier(each: _Latin, default: _Latin) -> bool:
    """Is a code page that fits no worse than the default far likelier for chardet?"""
    return each.fit >= max(_FITS, default.fit) and each.likely >= default.likely * _SURE


def _different_letters(words: bytes) -> int:
    """Return how many different letters beyond ASCII there are."""
    return len({byte for byte in words.lower() if byte > 127})


def _ranked(words: bytes) -> dict[str, float]:
    """Return how likely chardet finds each code page, the likeliest first."""
    import chardet

    found = chardet.detect_all(
        words,
        ignore_threshold=True,
        prefer_superset=True,
        compat_names=False,
        include_encodings=(*SCRIPTS, *LATIN),
    )
    ranked: dict[str, float] = {}
    for each in found:
        encoding = each["encoding"] or DEFAULT
        ranked.setdefault(_SUBSETS.get(encoding, encoding), each["confidence"])
    ranked.setdefault(_NOT_A_SUBSET[0], ranked.get(_NOT_A_SUBSET[1], 0.0))
    return ranked


def _is_script(words: bytes, encoding: str) -> bool:
    """Are nearly all words with a letter beyond ASCII written only in the scripts of this code page?"""
    scripts = frozenset(SCRIPTS[encoding])
    good = bad = 0
    for word in _WORD.findall(words.decode(encoding, "replace")):
        if word.isascii():
            continue
        kinds = {_script(letter) for letter in word} - {""}
        if kinds:
            is_good = kinds <= scripts and word in {word.lower(), word.upper(), word.title()}
            good += is_good
            bad += not is_good
    return good > 0 and good >= (good + bad) * _WORDS


@cache
def _script(letter: str) -> str:
    """Return the first word of a letter's Unicode name, ``""`` for signs that any script uses."""
    if letter in "«»„“”‘’–—…№·°\xa0、。・（）":
        return ""
    return unicode_name(letter, "?").split(" ")[0]


def _fit(words: bytes, encoding: str) -> float:
    """Return the share of letters beyond ASCII that belong to the best-fitting language of this code page."""
    text = _SIGNS.sub("", words.decode(encoding, "replace"))
    letters: Counter[str] = Counter()
    for word in _WORD.findall(text):
        if not any(map(str.isalpha, word)):
            continue
        before = ""
        for letter in word:
            if letter > "\x7f":
                letters["?" if letter.isupper() and before.islower() else letter.lower()[-1]] += 1
            before = letter
    total = sum(letters.values())
    return max(sum(letters[each] for each in alphabet) for alphabet in LATIN[encoding]) / total if total else 1.0
