"""Text for search: folding, words and FTS5 tokens.

`fold` makes equal the spellings that people use for the same name, and no others. It works character by character with
tables that are filled on first use, so that importing this module builds nothing.
"""

from __future__ import annotations

import unicodedata

TYPE_CHECKING = False  # type checkers treat it as true; importing typing costs 5 ms, half of a TAB completion
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Letters that Unicode does not decompose, and that people often type without the stroke.
_LETTERS = {
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ŋ": "n", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i",
    "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y", "ƶ": "z", "ɨ": "i", "ʉ": "u", "ɵ": "o", "ŀ": "l", "ĸ": "k",
    # Arabic: alef, ya, kaf and ta marbuta as Arabic, Persian and Urdu keyboards write them.
    "ٱ": "ا", "ى": "ي", "ی": "ي", "ے": "ي", "ک": "ك", "ة": "ه", "ہ": "ه", "ە": "ه", "ـ": None,
    # A Malayalam chillu is a consonant and a virama; Tamil shri is written with either s.
    "ൺ": "ണ്", "ൻ": "ന്", "ർ": "ര്", "ൽ": "ല്", "ൾ": "ള്", "ൿ": "ക്", "ஶ": "ஸ",
    # Candrabindu equals anusvara in Devanagari and Gujarati; bindi and adak bindi equal tippi in Gurmukhi.
    "ँ": "ं", "ऀ": "ं", "ઁ": "ં", "ਁ": "ੰ", "ਂ": "ੰ",
    # Nuktas of the scripts whose writers often omit them. The dotted letters of Bengali and Odia are separate letters.
    "़": None, "਼": None, "઼": None, "఼": None, "಼": None,
}  # fmt: skip

# Marks that folding removes: Latin, Greek and Cyrillic accents, Hebrew points, Arabic vowels.
_MARKS = ((0x300, 0x36F), (0x483, 0x489), (0x591, 0x5C7), (0x610, 0x61A), (0x64B, 0x65F), (0x670, 0x670),
          (0x6D6, 0x6ED), (0x8D3, 0x8FF), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0x2DE0, 0x2DFF),
          (0xA66F, 0xA67D), (0xFE00, 0xFE2F))  # fmt: skip

# Blocks of scripts written without spaces: Thai, Lao, Myanmar, Khmer, kana, Han.
_NO_SPACES = ((0xE00, 0xEFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3005, 0x3007), (0x3031, 0x30FF),
              (0x31F0, 0x31FF), (0x3400, 0x9FFF), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F), (0xF900, 0xFAFF),
              (0x1AFF0, 0x1B16F), (0x20000, 0x3FFFF))  # fmt: skip

_UNSPACED = "\u0e00"
"""The first of these characters; no earlier character folds to one of them."""
_APOSTROPHES = "'\u2019\u2018\u02bc\u02bb\u02b9\u2032\u0060\u055a\ua78c"
_SUFFIXES = 32


def _within(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= code <= last for first, last in ranges)


class _Fold(dict[int, "int | str | None"]):
    """The result of folding a decomposed, casefolded character; filled as characters are seen."""

    def __missing__(self, code: int) -> int | str | None:
        char = chr(code)
        folded: int | str | None = code
        category = unicodedata.category(char)
        if char in _LETTERS:
            folded = _LETTERS[char]
        elif category in {"Cf", "Me"} or (category == "Mn" and _within(code, _MARKS)):
            folded = None
        elif category == "Nd":
            folded = str(unicodedata.decimal(char))
        self[code] = folded
        return folded


class _Split(dict[int, "int | str | None"]):
    """Keeps letters, marks and digits, removes apostrophes, and makes everything else a space."""

    def __missing__(self, code: int) -> int | str | None:
        char = chr(code)
        kept: int | str | None = code if char.isalnum() or unicodedata.category(char) in {"Mn", "Mc"} else " "
        if char in _APOSTROPHES:
            kept = None
        self[code] = kept
        return kept


_fold = _Fold()
_split = _Split()
_PLAIN = bytes(ord(char.lower() if char.isalnum() else " ") for char in map(chr, range(128))) + bytes(range(128, 256))
"""The result of folding each ASCII byte in words, apostrophes having been removed; other bytes are unchanged."""
_DROPPED = b"'`"

MAX_MARKS = 100
"""The longest run of combining marks that is normalized: ordering one takes time quadratic in its length."""
_SHORT = 500


def nfc(s: str) -> str:
    """Normalize the text for storage (NFC). Text with a run of marks too long for any script is returned unchanged."""
    if s.isascii() or (len(s) > _SHORT and _is_piled_up(s)):
        return s
    return unicodedata.normalize("NFC", s)


def _is_piled_up(s: str) -> bool:
    return any(run > MAX_MARKS for _, run in _runs(s))


def _runs(s: str) -> Iterator[tuple[str, int]]:
    """Yield each character with the length of the run of combining marks that it ends."""
    run = 0
    for char in s:
        run = run + 1 if unicodedata.combining(char) else 0
        yield char, run


def _thinned(s: str) -> str:
    """Drop combining marks beyond `MAX_MARKS` in a row."""
    if len(s) <= _SHORT or not _is_piled_up(s):
        return s
    return "".join(char for char, run in _runs(s) if run <= MAX_MARKS)


_UNSEEN: dict[int, str | None] = {
    **dict.fromkeys((0xAD, 0x61C, 0x180E, 0x200B, 0x200E, 0x200F, 0xFEFF), None),
    **dict.fromkeys((*range(0x202A, 0x202F), *range(0x2060, 0x2070)), None),
    **dict.fromkeys((0xA0, 0x202F, *range(0x2000, 0x200B)), " "),
}
"""Invisible characters (directions, joiners, byte order marks), and spaces other than the ordinary one."""


def visible(s: str) -> str:
    """Return a phone number or an address without invisible characters, its spaces as ordinary ones.

    The joiners of Indic and Arabic scripts (U+200C, U+200D) are spelling and are kept.
    """
    return s if s.isascii() else s.translate(_UNSEEN).strip()


def fold(s: str) -> str:
    """Return the text in the form that search compares; folding twice changes nothing.

    Case, Latin, Greek and Cyrillic accents, and Arabic and Hebrew vowel points are removed; alef, ya, kaf and ta
    marbuta are unified; compatibility forms (full-width letters, half-width kana) and non-ASCII digits become the plain
    ones. In Indic scripts only what writers vary is removed: nukta, candrabindu, a nasal with virama before its own
    class (which becomes anusvara: हिन्दी is हिंदी), ZWJ and ZWNJ. Vowel signs and virama are kept, because कुमार is not
    कमर.
    """
    if s.isascii():
        return s.lower()
    folded = _folded(_thinned(s))
    # Rare compatibility sequences need a second pass.
    return folded if folded.isascii() else _folded(folded)


def _folded(s: str) -> str:
    """Fold once."""
    plain = unicodedata.normalize("NFKC", s).casefold()
    plain = unicodedata.normalize("NFKD", plain).translate(_fold)
    return unicodedata.normalize("NFC", _anusvara(plain))


# Offsets in an Indic block (all have the same layout): the nasal of a class, and the stops it may precede.
_CLASSES = {0x19: range(0x15, 0x19), 0x1E: range(0x1A, 0x1E), 0x23: range(0x1F, 0x23), 0x28: range(0x24, 0x28),
            0x2E: range(0x2A, 0x2E)}  # fmt: skip
_SIBILANTS = (0x36, 0x38)
_VIRAMAS = frozenset(map(chr, range(0x94D, 0xD80, 0x80)))
_BENGALI, _GURMUKHI, _TAMIL = 0x980, 0xA00, 0xB80


def _anusvara(s: str) -> str:
    """Replace a nasal and virama before a stop of its class (or न् before श, स) by anusvara.

    Bengali only varies the velar nasal; Tamil has no anusvara; in Gurmukhi it is tippi.
    """
    if s.isascii() or _VIRAMAS.isdisjoint(s):
        return s
    out: list[str] = []
    for place, char in enumerate(s):
        code = ord(char)
        if code & 0x7F == 0x4D and 0x900 <= code < 0xD80 and out and place + 1 < len(s):
            block = code & ~0x7F
            if _is_class(block, ord(out[-1]) - block, ord(s[place + 1]) - block):
                out[-1] = chr(block + (0x70 if block == _GURMUKHI else 0x02))
                continue
        out.append(char)
    return "".join(out)


def _is_class(block: int, nasal: int, stop: int) -> bool:
    """Can this nasal before this consonant also be written as anusvara?"""
    if nasal not in _CLASSES or block == _TAMIL or (block == _BENGALI and nasal != 0x19):
        return False
    return stop in _CLASSES[nasal] or (nasal == 0x28 and stop in _SIBILANTS)


def words(s: str) -> list[str]:
    """Return the folded words, the same for indexing and querying: ``O'Brien-Roy`` is ``obrien`` and ``roy``."""
    plain = _plain(s)
    if plain.isascii():
        return plain.split()
    found: list[str] = []
    for piece in plain.split():
        if piece.isascii():
            found.append(piece)
        else:
            found += _pieces[piece].words
    return found


def _plain(s: str) -> str:
    """Fold the ASCII part of a text and leave the rest unchanged."""
    return s.encode("utf-8", "surrogatepass").translate(_PLAIN, _DROPPED).decode("utf-8", "surrogatepass")


class _Piece:
    """The words, index tokens and word endings of a text without white space."""

    __slots__ = ("endings", "tokens", "words")

    def __init__(self, piece: str) -> None:
        self.words = fold(piece).translate(_split).split()
        separated = {word: _tokens(word) for word in self.words}
        self.tokens = [token for word in self.words for _, token in separated[word]]
        self.endings = [word[at:] for word, tokens in separated.items() for at, _ in tokens[: _SUFFIXES + 1]]


class _Pieces(dict[str, _Piece]):
    """A cache of pieces; those longer than usual are not stored.

    Without it, the row "import CSV" of ``benchmarks/run.py`` takes 4 % more time; every fourth name there is not ASCII.
    """

    def __missing__(self, piece: str) -> _Piece:
        made = _Piece(piece)
        if len(piece) <= _REMEMBERED_LENGTH:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[piece] = made
        return made


_REMEMBERED, _REMEMBERED_LENGTH = 20_000, 40
_pieces = _Pieces()


def _is_unspaced(char: str) -> bool:
    """Does this character belong to a script written without spaces?"""
    return char >= _UNSPACED and _within(ord(char), _NO_SPACES)


def has_unspaced(word: str) -> bool:
    """Does a word contain characters of a script that is written without spaces?"""
    return not word.isascii() and max(word) >= _UNSPACED and any(map(_is_unspaced, word))


def name_index(s: str) -> tuple[str, list[str]]:
    """Return what `segment` returns, and the words with every ending of Han, kana, Thai, Lao, Khmer or Myanmar.

    So 小龍 finds 李小龍. Only the first endings of a very long run are included; a word may be repeated.
    """
    plain = _plain(s)
    pieces = plain.split()
    if plain.isascii():
        return " ".join(pieces), pieces
    tokens: list[str] = []
    found: list[str] = []
    for piece in pieces:
        if piece.isascii():
            tokens.append(piece)
            found.append(piece)
        else:
            known = _pieces[piece]
            tokens += known.tokens
            found += known.endings
    return " ".join(tokens), found


def _tokens(word: str) -> list[tuple[int, str]]:
    """Return the index tokens of a folded word, each with its offset; an unspaced character and its marks are one."""
    if not has_unspaced(word):
        return [(0, word)]
    found: list[tuple[int, str]] = []
    was_unspaced = False
    for place, char in enumerate(word):
        unspaced = _is_unspaced(char)
        is_mark = not char.isalnum()
        if found and (is_mark or not (unspaced or was_unspaced)):
            at, token = found[-1]
            found[-1] = (at, token + char)
        else:
            found.append((place, char))
        was_unspaced = unspaced or (is_mark and was_unspaced)
    return found


def segment(s: str) -> str:
    """Return folded text for an FTS5 unicode61 index: words separated by a space, unspaced scripts by character."""
    return " ".join(index_text(s).split())


def index_text(s: str) -> str:
    """Return what `segment` returns, for indexing only: words may be separated by several spaces."""
    plain = _plain(s)
    if plain.isascii():
        return plain
    return " ".join([piece if piece.isascii() else " ".join(_pieces[piece].tokens) for piece in plain.split()])


def fts_phrase(word: str) -> str:
    """Return one typed word as an FTS5 query: ``"小 龍"*``; a word without letters is ``""``, which matches nothing.

    Always valid FTS5 syntax: a folded word holds only letters, marks and digits.
    """
    tokens = segment(word)
    return f'"{tokens}"*' if tokens else '""'


def sort_key(name: str) -> str:
    """Return the key by which names are sorted and prefix-searched: folded words separated by one space."""
    return " ".join(words(name)) or fold(name).strip()


def one_edit_apart(a: str, b: str) -> bool:
    """Do the words differ by at most one letter inserted, omitted, changed, or swapped with the next?"""
    if len(a) > len(b):
        a, b = b, a
    if len(b) - len(a) > 1:
        return False
    at = next((place for place, (one, two) in enumerate(zip(a, b, strict=False)) if one != two), len(a))
    if len(a) < len(b):
        return a[at:] == b[at + 1 :]
    return a[at + 1 :] == b[at + 1 :] or (a[at : at + 2] == b[at : at + 2][::-1] and a[at + 2 :] == b[at + 2 :])


def similar(word: str, options: Iterable[str], n: int = 3, *, cutoff: float = 0.6) -> list[str]:
    """Return the options nearest to a mistyped word, best first, for "did you mean"; ``cutoff`` 1 means equal."""
    from difflib import get_close_matches

    by_fold = {fold(option): option for option in options}
    return [by_fold[near] for near in get_close_matches(fold(word), by_fold, n=n, cutoff=cutoff)]
