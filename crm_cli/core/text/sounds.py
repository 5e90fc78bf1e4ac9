"""Phonetic keys of names in any script: the consonants of a rough Latin transliteration.

``skeletons("राजेश")`` and ``skeletons("rajesh")`` are both ``["rjs"]``. One set of rules reads the Latin spelling of a
name. Another reads the letters of all other scripts from their Unicode names (DEVANAGARI LETTER JA, CYRILLIC SMALL
LETTER EL), so that no script needs a table of its own; `_LETTERS` corrects the names that mislead. Han characters are
not letters, so they have no phonetic key.
"""

from __future__ import annotations

import re
import unicodedata

SHORTEST = 2
"""The minimum length of a skeleton; a single consonant is in half of all names."""
LONGEST = 40

# Letters whose Unicode name does not begin with their sound.
_LETTERS = {
    "л": "l", "м": "m", "н": "n", "р": "r", "с": "s", "ф": "f", "ы": "y", "э": "e", "х": "kh", "ь": "", "ъ": "",
    "й": "i", "і": "i", "ї": "yi", "є": "ye", "ў": "u",
    "β": "v", "ξ": "x", "ψ": "ps",
    "ذ": "z", "ں": "n", "ھ": "h", "ء": "", "ئ": "i", "ؤ": "u",
    "ச": "s", "っ": "", "ッ": "", "ち": "chi", "チ": "chi", "つ": "tsu", "ツ": "tsu", "ふ": "fu", "フ": "fu",
}  # fmt: skip

# Words in a letter's name that describe its form, not its sound.
_FORMS = frozenset({
    "FINAL", "SHORT", "SMALL", "VOCALIC", "ALPAPRAANA", "MAHAAPRAANA", "DANTAJA", "TAALUJA", "MUURDHAJA", "SANYAKA",
    "KHANDA", "FARSI", "UKRAINIAN", "BYELORUSSIAN-UKRAINIAN", "DOTLESS", "ARCHAIC", "INDEPENDENT",
})  # fmt: skip
_NAMED = re.compile(r"(?:LETTER|SYLLABLE|CHARACTER) (.+?)(?: WITH .*)?$")
_ONSET = re.compile("([^AEIOU]*)([AEIOU]?)")
_NASALS = ("ANUSVARA", "CANDRABINDU", "TIPPI", "BINDI", "CHANDRABINDU")
_VIRAMAS = ("VIRAMA", "AL-LAKUNA", "COENG")
_ABJADS = frozenset({"ARABIC", "HEBREW", "SYRIAC"})
_INDIC = range(0x900, 0xE00)
_SYLLABLES = frozenset({"HIRAGANA", "KATAKANA", "ETHIOPIC", "CHEROKEE", "KHMER", "MYANMAR", "TIBETAN"})
"""Scripts besides the Indic ones in which a letter is a consonant and a vowel."""
_THAI_VOWELS = frozenset({("THAI", "SARA"), ("THAI", "MAI")})
"""The script and the first word in the names of Thai vowels."""

_VIRAMA = "-"
"""A placeholder in a transliteration for a virama, which removes a consonant's vowel; later steps use it up."""
_ANY_VOWEL = "'"
"""A placeholder for alef and ayin: any vowel at the beginning of a word."""


class _Sounds(dict[str, str]):
    """The rough Latin sound of a folded character; filled as characters are seen."""

    def __missing__(self, char: str) -> str:
        self[char] = sound = _LETTERS[char] if char in _LETTERS else _named(char, unicodedata.name(char, ""))
        return sound


def _named(char: str, name: str) -> str:
    """Return the sound in the Unicode name of a character, or ``""`` if there is none."""
    if found := _NAMED.search(name):
        word = next((word for word in found[1].split() if word not in _FORMS), "")
        return _letter(word, name.partition(" ")[0], is_indic=ord(char) in _INDIC)
    if name.endswith(_VIRAMAS):
        return _VIRAMA
    if " VOWEL SIGN " in name:
        vowel = "ri" if "VOCALIC R" in name else _ONSET.sub(r"\2", name.rpartition(" ")[2])[:1].lower()
        return _VIRAMA + vowel
    return "n" if name.endswith(_NASALS) else ""


def _letter(word: str, script: str, *, is_indic: bool) -> str:
    """Return the sound of the letter with this name in a script."""
    onset = _ONSET.match(word)
    if script == "HANGUL":
        return word.lower()
    if script in _ABJADS and word[:1] in {"A", "E"}:
        return _ANY_VOWEL
    if (script, word) in _THAI_VOWELS:
        return "a"
    if is_indic and word == "R":
        return "ri"
    if onset and (is_indic or script in _SYLLABLES):
        return re.sub("^c(?!h)", "ch", onset[0].lower())
    return _consonants(word)


def _consonants(word: str) -> str:
    """Return the leading consonants of a letter's name, or its vowel; YU and YA are returned whole."""
    found = re.match("Y[AEIU]$|[^AEIOU]+|[AEIOU]|$", word)
    return found[0].lower() if found else ""


_sounds = _Sounds()


def transliterated(word: str) -> str:
    """Return a folded word in rough Latin letters, as it would be written by ear; Latin is returned unchanged."""
    if word.isascii():
        return word
    out = ""
    for char in word[:LONGEST]:
        sound = char if char.isascii() else _sounds[char]
        if sound.startswith(_VIRAMA):
            out, sound = out.removesuffix("a"), sound.removeprefix(_VIRAMA)
        out += sound
    if "\u0b80" <= word[0] < "\u0c00":
        out = _VOICED.sub(lambda found: _SOFT[found[0]], out)
    # The vowel of the last consonant in an Indic word is written but not spoken.
    last = _sounds[word[-1]] if ord(word[-1]) in _INDIC else ""
    return out.removesuffix("a") if len(last) > 1 and not last.startswith(_VIRAMA) else out


_SOFT = {"k": "g", "t": "d", "tt": "d", "p": "b"}
_VOICED = re.compile("(?<=[aeioun])(k|tt?|p)(?=[aeiou])")
"""Tamil has one letter for a hard and a soft consonant; it is soft between vowels and after a nasal."""

# Latin spellings of one sound, in the order in which they are replaced; a capital is a sound that is finished.
_SPELLINGS = tuple(
    (re.compile(spelling), sound)
    for spelling, sound in (
        ("ao$", "av"),  # Rao
        ("ohn", "on"),  # John
        ("x", "ks"),
        ("t?ch+|cz", "C"),
        ("q|ck|kh|c(?![eiy])", "k"),
        ("ph", "f"),
        ("ss?h|c", "s"),
        ("[jz]h?", "j"),
        ("(?<=[bdgktr])h", ""),
        ("ng?$", "n"),  # Singh
        (f"(?<=.)w(?![{_ANY_VOWEL}aeiou])", "u"),
        ("w", "v"),
        (f"^y(?=e)|(?<=[^{_ANY_VOWEL}aeou])y|(?<=.)y(?![{_ANY_VOWEL}aeiou])", "e"),
        (r"(.)\1+", r"\1"),
    )
)
_VOWELS = re.compile(f"(?<=.)[{_ANY_VOWEL}aeiou]+")
_INITIALS = {"a": "a", "e": "i", "i": "i", "o": "u", "u": "u"}
_FIRST_LETTERS = {"a": "a", "i": "eiy", "u": "ou", "k": "ckqx", "c": "ct", "s": "sc", "f": "fp", "j": "jz", "v": "vwo"}


def skeletons(word: str) -> list[str]:
    """Return the possible skeletons of a folded word: its consonants, and the kind of vowel it begins with.

    Usually one; several if the script does not write the initial vowel; none if the word is too short to be
    significant, or its script has no letters.
    """
    text = transliterated(word)
    if not text:
        return []
    for spelling, sound in _SPELLINGS:
        text = spelling.sub(sound, text)
    rest = _VOWELS.sub("", text)[1:].lower()
    if text[-1] == "h" and len(rest) >= SHORTEST:
        rest = rest[:-1]
    first = text[0].lower()
    firsts = "aiu" if first == _ANY_VOWEL else _INITIALS.get(first, first)
    return [one + rest for one in firsts if len(one + rest) >= SHORTEST]


def initials(skeleton: str) -> str:
    """Return the Latin letters that a word with this skeleton can begin with."""
    return _FIRST_LETTERS.get(skeleton[0], skeleton[0])


def pattern(skeleton: str) -> str:
    """Return a GLOB that matches the rest of every Latin word with this skeleton; it also matches others."""
    letters = (_FIRST_LETTERS.get(sound, sound) for sound in skeleton.replace("ks", "k")[1:])
    return "".join(f"*[{each}]" for each in letters) + "*"
