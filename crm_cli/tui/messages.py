"""Messages in at most two lines, cut so that a path in them stays whole."""

from __future__ import annotations

import os

from crm_cli.core.text.cautious import cautious_width, shortened
from crm_cli.tui.widgets import strips

LINES = 2
"""The maximum number of lines of a message."""


def laid_out(text: str, width: int) -> list[str]:
    """Return a message in lines of at most ``width`` cells, broken at spaces if it fits that way.

    One that is too long ends with ``…``, or has it before the path that it names.
    """
    lines = strips.wrapped(text, width)
    if len(lines) <= LINES:
        return lines
    room = LINES * (width - 1)  # a wide character may leave the last cell of a line blank
    if cautious_width(text) > room:
        end = _path(text)
        text = f"{shortened(text, max(room - cautious_width(end) - 1, 1))} {end}".rstrip()
    return strips.pieces(text, width)[:LINES]


def _path(text: str) -> str:
    """Return the last path of a text with what follows it, or ``""`` if it names none."""
    before, _, path = text.rpartition(f" {os.sep}")
    return f"{os.sep}{path}" if before and path else ""
