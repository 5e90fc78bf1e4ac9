"""The width of text on a terminal, and cutting it to a width."""

from __future__ import annotations

import unicodedata

TYPE_CHECKING = False  # as in `folding`, which is loaded wherever this is
if TYPE_CHECKING:
    from collections.abc import Iterator


class _Cells(dict[str, int]):
    """The terminal cells that a character takes on its own; filled as characters are seen."""

    def __missing__(self, char: str) -> int:
        code = ord(char)
        category = unicodedata.category(char)
        cells = 1
        if category in {"Mn", "Me", "Mc", "Cf", "Cc", "Cs", "Zl", "Zp"} or 0x1160 <= code <= 0x11FF:
            cells = 0
        elif unicodedata.east_asian_width(char) in {"W", "F"} or (category == "Cn" and 0x1F300 <= code <= 0x1FAFF):
            cells = 2
        self[char] = cells
        return cells


_cells = _Cells()
_ZWJ, _EMOJI_STYLE = "\u200d", "\ufe0f"
_JOINING = frozenset((_ZWJ, _EMOJI_STYLE, *"🏻🏼🏽🏾🏿"))
"""Without these, a text is as wide as its characters together."""


def clusters(s: str) -> Iterator[tuple[str, int]]:
    """Yield each character with its marks, and its width in cells. Joined and tinted emoji are one of two cells."""
    cluster, width, joined = "", 0, False
    for char in s:
        cells = _cells[char]
        if char == _EMOJI_STYLE and width == 1:
            width = 2
        if cluster and (cells == 0 or (width == 2 and _is_joined(char, cells, after_joiner=joined))):
            cluster += char
        else:
            if cluster:
                yield cluster, width
            cluster, width = char, cells
        joined = char == _ZWJ
    if cluster:
        yield cluster, width


def _is_joined(char: str, cells: int, *, after_joiner: bool) -> bool:
    """Does a wide character form one emoji with the wide one before it, as what was joined to it or as its tint?"""
    return cells == 2 and (after_joiner or "🏻" <= char <= "🏿")


def display_width(s: str) -> int:
    """Return the width of the text in terminal cells: marks and format characters 0, wide characters and emoji 2.

    Implemented on `unicodedata`, because importing wcwidth takes 27 ms, more than a whole look-up.
    """
    if s.isascii() and s.isprintable():
        return len(s)
    if _JOINING.isdisjoint(s):
        return sum(map(_cells.__getitem__, s))
    return sum(width for _, width in clusters(s))


def is_blank(s: str) -> bool:
    """Is nothing in the text visible: only spaces, line ends, characters of no width?"""
    return not display_width("".join(s.split()))


def fit(s: str, width: int) -> str:
    """Return the text in exactly ``width`` cells: cut with ``…`` or padded, never between a letter and its marks."""
    if s.isascii() and s.isprintable() and width > 0:
        return s.ljust(width) if len(s) <= width else s[: width - 1] + "…"
    total = display_width(s)
    if total <= width:
        return s + " " * (width - total)
    if width <= 0:
        return ""
    kept, used = "", 0
    for cluster, cells in clusters(s):
        if used + cells > width - 1:
            break
        kept, used = kept + cluster, used + cells
    return kept + "…" + " " * (width - 1 - used)
