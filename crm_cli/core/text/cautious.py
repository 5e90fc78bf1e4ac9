"""Text that fits on every terminal: widths as the terminal that uses the most cells counts them.

Terminals disagree about the width of spacing vowel signs (कि, the आ in कुमार), Hangul medial and final letters, and
joined emoji: tmux gives each its own cells, others draw them into the preceding letter. Whatever follows such text is
placed by moving the cursor to its column; the text itself is cut so that it ends before that column on any terminal.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from crm_cli.core.text.width import clusters, display_width, fit

_JOINERS = "\u200c\u200d"
_MARKS_BEGIN = "\u0300"
_OWN = frozenset("…·•▌▎│─→←↑↓⏎●○✓◂▸▏▲▼✆⇄»⊠✎☐✶✧◊☾")
"""Symbols that this program draws. On a terminal that makes them two cells wide, every program's frames break."""
_INNER = ((0xE33, 0xE33), (0xEB3, 0xEB3), (0x1160, 0x11FF), (0xD7B0, 0xD7FF), (0x1F3FB, 0x1F3FF))
"""Characters that some terminals draw into the preceding one (Thai and Lao am, Hangul medials), and skin tones."""


class _Disputed(dict[str, bool]):
    """Do terminals disagree about the width of a character? Filled as characters are seen."""

    def __missing__(self, char: str) -> bool:
        found = self[char] = _is_disputed(char)
        return found


def _is_disputed(char: str) -> bool:
    category = unicodedata.category(char)
    if char < _MARKS_BEGIN or char in _OWN:
        return category == "Cf"
    return (
        # Marks; format, private-use and unassigned characters.
        category[0] in "MC"
        # Emoji are symbols, and some terminals do not know the newer ones.
        or category == "So"
        or unicodedata.east_asian_width(char) == "A"
        or any(first <= ord(char) <= last for first, last in _INNER)
    )


_disputed = _Disputed()


def is_disputed(s: str) -> bool:
    """Do terminals disagree about how many cells the text takes?"""
    return not s.isascii() and any(map(_disputed.__getitem__, s))


def cautious_width(s: str) -> int:
    """Return the most cells that the text can take.

    Ambiguous characters (Greek and Cyrillic letters, €) count as one. Some terminals can be set to draw them in two,
    but allowing for that would halve the space for such names for everyone else.
    """
    return widths(s)[1]


@lru_cache(maxsize=256)
def widths(s: str) -> tuple[int, int]:
    """Return the usual and the maximum width of a text, in cells; a table asks several times for each line."""
    if s.isascii():
        return display_width(s), display_width(s)
    ordinary = most = 0
    for cluster, cells in clusters(s):
        ordinary += cells
        most += max(cells, _apart(cluster))
    return ordinary, most


def _apart(cluster: str) -> int:
    """Return the cells of a letter with its marks, or of joined emoji, if each part is drawn separately."""
    return sum(map(_alone.__getitem__, cluster))


class _Alone(dict[str, int]):
    """The cells that a character takes when it is drawn separately; filled as characters are seen."""

    def __missing__(self, char: str) -> int:
        category = unicodedata.category(char)
        takes_one = category == "Mc" or (category == "Cf" and char not in _JOINERS) or "\u1160" <= char <= "\u11ff"
        cells = self[char] = 1 if takes_one else display_width(char)
        return cells


_alone = _Alone()


def shortened(s: str, width: int) -> str:
    """Return the text, cut with ``…`` if needed so that it fits into ``width`` cells on any terminal."""
    if cautious_width(s) <= width:
        return s
    kept, room = "", width - 1
    for cluster, cells in clusters(s):
        room -= max(cells, _apart(cluster))
        if room < 0:
            break
        kept += cluster
    return kept.rstrip() + "…" if width > 0 else ""


def fit_cautiously(s: str, width: int) -> str:
    """Return the text in exactly ``width`` cells as `fit` does, cut so that no terminal draws it wider."""
    if not is_disputed(s):
        return fit(s, width)
    shown = shortened(s, width)
    return shown + " " * (width - widths(shown)[0])
