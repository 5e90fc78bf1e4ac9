"""Names of people: splitting them without losing anything, joining the parts, checking whether two names agree.

Splitting is a guess, so it is cautious: the name is stored as typed, and the parts are used only for sorting, greetings
and vCard.
"""

from __future__ import annotations

from crm_cli.core.phones import looks_like_phone
from crm_cli.core.records import NameParts
from crm_cli.core.text import folding as text
from crm_cli.core.text.width import display_width


def _table(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Titles before a name, folded and without dots.
_PREFIXES = _table(
    "mr mrs ms miss mx dr prof professor sir dame lord lady rev reverend hon capt captain col colonel maj major lt sgt"
    " gen er adv shri sri shree smt sushri ustad pt janab begum sardar sardarni"
    " herr frau mme mlle monsieur madame sra srta señor señora dott dottssa sig sigra ing mag dipl-ing"
    " श्री श्रीमती सुश्री कुमारी डॉ डा प्रो શ્રી શ્રીમતી ડૉ শ্রী শ্রীমতী ডা ড திரு திருமதி శ్రీ శ్రీమతి డా ಶ್ರೀ ಶ್ರೀಮತಿ ಡಾ ശ്രീ ശ്രീമതി ഡോ"
    " господин госпожа д-р السيد السيدة الدكتور د"
)
_DOTTED = _table("mag ing er pt sig gen mx hon")  # also names or words of names, unless they have a dot
_GENERATIONS = _table("jr sr ii iii iv junior senior")
_DEGREES = _table(
    "phd md mba ma msc bsc ba btech mtech be bcom mcom llb llm ca cpa cfa cma cs esq dds dvm rn pe mbbs frcs"
    " ias ips obe mbe kbe cbe"
)
# Where a family name of several words begins.
_PARTICLES = _table(
    "van von vom zu zum zur der den de del della dello di da do dos das du des la le lo ter ten te bin ibn bint binti"
    " al el ben abu af av st saint san santa degli dei y e"
)
_JOINING = frozenset({"y", "e"})  # used between two family names


def _key(word: str) -> str:
    """Return a word as the tables have it: folded, without dots and commas."""
    return text.fold(word).replace(".", "").strip(",")


def _keys(table: frozenset[str]) -> frozenset[str]:
    return frozenset(map(text.fold, table))


_folded_prefixes: list[frozenset[str]] = []


def _prefixes() -> frozenset[str]:
    """Return the table of titles, folded on first use."""
    if not _folded_prefixes:
        _folded_prefixes.append(_keys(_PREFIXES))
    return _folded_prefixes[0]


def _is_title(word: str, rest: list[str]) -> bool:
    """Is this a title? An upper-case ``MS`` among mixed case is two initials; some titles need a dot."""
    if word == "MS" and any(not other.isupper() for other in rest):
        return False
    key = _key(word)
    return key in _prefixes() and ("." in word or key not in _DOTTED)


def _is_suffix(word: str) -> bool:
    key = _key(word)
    return key in _GENERATIONS or key in _DEGREES


def _is_short(word: str) -> bool:
    """Can this not be a name: ``Jr.``, a degree written as ``PhD``, ``MBA``, ``B.A.``, or ``(HR)``?"""
    key = _key(word)
    if key in _GENERATIONS or word[0] == "(":
        return True
    return key in _DEGREES and ("." in word or sum(char.isupper() for char in word) >= 2)


def display(parts: NameParts) -> str:
    """Return the full name: given name first; Han, kana and Hangul family name first and without a space."""
    if parts.family and parts.given and not parts.additional and _is_east_asian(parts.family + parts.given):
        core = [parts.family + parts.given]
    else:
        core = [parts.given, parts.additional, parts.family]
    return " ".join(part for part in (parts.prefix, *core, parts.suffix) if part)


def _is_east_asian(name: str) -> bool:
    return all("\u3005" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3" or char >= "\U00020000" for char in name)


def split(name: str) -> NameParts:
    """Split a typed name into its parts; every word is in some part, in order.

    ``Sharma, Priya`` is reordered; a degree after a comma is a suffix. A single word, or a name in Han, kana or Hangul,
    is stored whole as the given name, because where the family name ends cannot be known. A phone number has no parts.
    """
    if looks_like_phone(name):
        return NameParts()
    head, comma, tail = name.partition(",")
    rest = tail.replace(",", " ").split()
    if not comma or not rest or not head.strip():
        return _straight(name.split())
    if all(_is_suffix(word) for word in rest):
        return _with_suffix(_straight(head.split()), rest)
    return _turned(head.split(), [piece.split() for piece in tail.split(",")])


def _with_suffix(parts: NameParts, words: list[str]) -> NameParts:
    suffix = " ".join([parts.suffix, *words]).strip()
    return NameParts(parts.prefix, parts.given, parts.additional, parts.family, suffix)


def _turned(family: list[str], pieces: list[list[str]]) -> NameParts:
    """Split ``Family, Given Additional[, Suffix]``; a title may precede the family name or the given name."""
    before, family = _take_titles(family)
    titles, given = _take_titles(pieces[0])
    late = [word for piece in pieces[1:] for word in piece]
    own, family = _take_suffixes(family)
    return NameParts(
        prefix=" ".join(before + titles),
        given=" ".join(given[:1]),
        additional=" ".join(given[1:]),
        family=" ".join(family),
        suffix=" ".join(own + late),
    )


def _take_titles(words: list[str]) -> tuple[list[str], list[str]]:
    """Return the leading titles and the rest, which has at least one word."""
    count = 0
    while count < len(words) - 1 and _is_title(words[count], words[count + 1 :]):
        count += 1
    return words[:count], words[count:]


def _take_suffixes(words: list[str]) -> tuple[list[str], list[str]]:
    """Return the trailing suffixes and the rest, which has at least one word."""
    count = len(words)
    while count > 1 and _is_short(words[count - 1]):
        count -= 1
    return words[count:], words[:count]


def _straight(words: list[str]) -> NameParts:
    """Split ``Title Given Additional Family Suffix``."""
    titles, words = _take_titles(words)
    suffixes, words = _take_suffixes(words) if len(words) > 2 else ([], words)
    prefix, suffix = " ".join(titles), " ".join(suffixes)
    if len(words) < 2 or _is_east_asian("".join(words)):
        return NameParts(prefix=prefix, given=" ".join(words), suffix=suffix)
    begin = _family_begins(words)
    return NameParts(prefix, words[0], " ".join(words[1:begin]), " ".join(words[begin:]), suffix)


def _family_begins(words: list[str]) -> int:
    """Return the index where the family name begins: its first particle, else the last word. Never the first word."""
    for place in range(1, len(words) - 1):
        word = words[place]
        if word in _JOINING and place > 1:
            return place - 1
        if word.lower() in _PARTICLES - _JOINING and (word.islower() or word != "Van"):
            return place
    return len(words) - 1


def initials(name: str) -> str:
    """Return at most two letters for a name: ``PS`` for Dr. Priya Sharma, ``李`` for 李小龍."""
    parts = split(name)
    letters = [_first_letter(part) for part in (parts.given, parts.family)]
    return "".join(letters).upper()


def _first_letter(word: str) -> str:
    """Return the first letter or digit with its marks."""
    for place, char in enumerate(word):
        if char.isalnum():
            end = place + 1
            while end < len(word) and not word[end].isalnum() and display_width(word[end]) == 0:
                end += 1
            return word[place:end]
    return ""


def agree(a: str, b: str) -> bool:
    """Can the two names belong to the same person?

    Titles, order, case and accents are ignored, and an initial matches its word.

    Each word of the shorter name needs a word of its own in the longer one, and at least one full word must be common,
    so that ``P. Sharma`` and ``Sharma, Priya Anil`` agree while ``Jane Smith`` and ``John Smith`` do not. An empty name
    agrees with every name.
    """
    one, two = sorted((_bare_words(a), _bare_words(b)), key=len)
    if not one:
        return True
    if not any(word in two and _is_full(word) for word in one):
        return one == two
    return _are_among(one, two)


def _is_full(word: str) -> bool:
    """Is this more than an initial? A single character may be a whole word in other scripts than Latin."""
    return len(word) > 1 or not word.isascii()


def _are_among(some: list[str], others: list[str]) -> bool:
    """Does each word have a word of its own among the others, the same or an initial of it? Long words choose first."""
    left = list(others)
    for word in sorted(some, key=len, reverse=True):
        initials = (other for other in left if _is_initial(word, other) or _is_initial(other, word))
        found = word if word in left else next(initials, None)
        if found is None:
            return False
        left.remove(found)
    return True


def _is_initial(short: str, word: str) -> bool:
    return len(short) == 1 and word.startswith(short)


def _bare_words(name: str) -> list[str]:
    """Return the folded words of a name without titles and suffixes."""
    parts = split(name)
    return text.words(f"{parts.given} {parts.additional} {parts.family}")
