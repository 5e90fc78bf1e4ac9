"""Text that fits whatever the terminal: widths as the most spacious of them counts.

Terminals disagree about vowel signs that take room of their own (कि, कुमार's आ), about Hangul's inner letters, about
joined emoji: tmux gives each its cell, others draw them into their letter. What follows such a text is put at its
column by the cursor; the text itself is cut so that it certainly ends before that.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from crm_cli.core.text.folding import clusters, display_width, fit

_JOINERS = "\u200c\u200d"
_MARKS_BEGIN = "\u0300"
_OWN = frozenset("…·•▌▎│─→←↑↓⏎●○✓◂▸▏")
"""Signs of our own. Where they are two cells wide, the frames of every program are broken."""
_INNER = ((0xE33, 0xE33), (0xEB3, 0xEB3), (0x1160, 0x11FF), (0xD7B0, 0xD7FF), (0x1F3FB, 0x1F3FF))
"""Letters that some terminals draw into the one before them (Thai and Lao am, Hangul's inner ones), and skin tones."""


class _Disputed(dict[str, bool]):
    """Do terminals disagree how wide a character is? Filled as characters are met."""

    def __missing__(self, char: str) -> bool:
        found = self[char] = _is_disputed(char)
        return found


def _is_disputed(char: str) -> bool:
    category = unicodedata.category(char)
    if char < _MARKS_BEGIN or char in _OWN:
        return category == "Cf"
    return (
        # Marks; format characters, those of private use, those that are not assigned yet.
        category[0] in "MC"
        # Emoji are among the symbols, and newer ones are not known to every terminal.
        or category == "So"
        or unicodedata.east_asian_width(char) == "A"
        or any(first <= ord(char) <= last for first, last in _INNER)
    )


_disputed = _Disputed()


def is_disputed(s: str) -> bool:
    """Do terminals disagree how many cells the text takes?"""
    return not s.isascii() and any(map(_disputed.__getitem__, s))


def cautious_width(s: str) -> int:
    """Count the cells that a text takes at most.

    Ambiguous signs (Greek and Cyrillic letters, €) count one: two, which some terminals can be set to, would take from
    everybody else half the room of such names.
    """
    return widths(s)[1]


@lru_cache(maxsize=256)
def widths(s: str) -> tuple[int, int]:
    """Return the cells that a text takes ordinarily, and at most; a line of a table asks several times for each."""
    if s.isascii():
        return display_width(s), display_width(s)
    ordinary = most = 0
    for cluster, cells in clusters(s):
        ordinary += cells
        most += max(cells, _apart(cluster))
    return ordinary, most


def _apart(cluster: str) -> int:
    """Count the cells of a letter and its marks, or of joined emoji, where each is drawn for itself."""
    return sum(map(_alone.__getitem__, cluster))


class _Alone(dict[str, int]):
    """How many cells a character takes where it is drawn for itself; filled as characters are met."""

    def __missing__(self, char: str) -> int:
        category = unicodedata.category(char)
        takes_one = category == "Mc" or (category == "Cf" and char not in _JOINERS) or "\u1160" <= char <= "\u11ff"
        cells = self[char] = 1 if takes_one else display_width(char)
        return cells


_alone = _Alone()


def shortened(s: str, width: int) -> str:
    """Return the text, or with ``…`` as much of its beginning as certainly fits into so many cells."""
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
    """Give the text in that many cells as `fit` does, but cut so that no terminal draws it wider."""
    if not is_disputed(s):
        return fit(s, width)
    shown = shortened(s, width)
    return shown + " " * (width - widths(shown)[0])
