"""Text that fits whatever the terminal: widths as the most spacious of them counts.

Terminals disagree about vowel signs that take room of their own (कि, कुमार's आ), about Hangul's inner letters, about
joined emoji: tmux gives each its cell, others draw them into their letter. Columns begin where the cursor is put; only
what stands last on a line has nothing behind it that would cover what runs over.
"""

from __future__ import annotations

import unicodedata

from crm_cli.core.text.folding import clusters, display_width

_JOINERS = "\u200c\u200d"


def cautious_width(s: str) -> int:
    """Count the cells that a text takes at most."""
    if s.isascii():
        return display_width(s)
    return sum(max(cells, _apart(cluster)) for cluster, cells in clusters(s))


def _apart(cluster: str) -> int:
    """Count the cells of a letter and its marks, or of joined emoji, where each is drawn for itself."""
    return sum(1 if _is_doubtful(char) else display_width(char) for char in cluster)


def _is_doubtful(char: str) -> bool:
    category = unicodedata.category(char)
    return category == "Mc" or (category == "Cf" and char not in _JOINERS) or "\u1160" <= char <= "\u11ff"


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
