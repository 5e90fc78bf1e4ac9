"""Styled text as the fewest bytes that show it: only what differs from one piece to the next is switched (ECMA-48)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from textual.strip import Strip

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.color import Color, ColorSystem
    from rich.segment import Segment
    from rich.style import Style

Codes = tuple[str, str, str]
"""The parameters of a style: its attributes, its foreground and its background."""
PLAIN: Codes = ("", "", "")
DRAWN_ON_BLANKS = frozenset("46789") | {"21", "51", "52", "53"}
"""Attributes that show on a blank: underlines, blinking, reverse, conceal, strike, frames."""
DEFAULT_FOREGROUND, DEFAULT_BACKGROUND = "39", "49"


def sequence(segments: Iterable[Segment], color_system: ColorSystem) -> str:
    """Return the segments with escape sequences, beginning and ending in the terminal's default style."""
    found: list[str] = []
    now = PLAIN
    for text, style, _ in segments:
        codes = _codes(style, color_system) if style else PLAIN
        if codes != now:
            switch, now = _switch(now, codes, text.isspace())
            found.append(switch)
        found.append(text)
    if now != PLAIN:
        found.append("\x1b[m")
    return "".join(found)


@lru_cache(1024)
def _codes(style: Style, color_system: ColorSystem) -> Codes:
    return (
        Strip.render_ansi(style.without_color, color_system),
        _color(style.color, color_system, foreground=True),
        _color(style.bgcolor, color_system, foreground=False),
    )


def _color(color: Color | None, color_system: ColorSystem, *, foreground: bool) -> str:
    return ";".join(color.downgrade(color_system).get_ansi_codes(foreground)) if color else ""


@lru_cache(4096)
def _switch(before: Codes, after: Codes, blank: bool) -> tuple[str, Codes]:
    """Return the sequence that switches a style, and the style that is then on: on blanks, only what shows matters."""
    attributes, _, background = after
    if blank and DRAWN_ON_BLANKS.isdisjoint((before[0] + ";" + attributes).split(";")):
        if background == before[2]:
            return "", before
        after = (before[0], before[1], background)
    return f"\x1b[{';'.join(_differing(before, after))}m", after


def _differing(before: Codes, after: Codes) -> list[str]:
    """Return the parameters that make one style of another: colours one by one, attributes after a reset of all."""
    if after[0] != before[0]:
        return [part for part in ("0" if before != PLAIN else "", *after) if part]
    colors = zip(before[1:], after[1:], (DEFAULT_FOREGROUND, DEFAULT_BACKGROUND), strict=True)
    return [new or default for old, new, default in colors if new != old]
