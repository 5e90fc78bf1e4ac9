"""Messages in at most two lines, cut so that a path in them stays whole."""

from __future__ import annotations

import os

from crm_cli.core.text.cautious import cautious_width, shortened
from crm_cli.tui.widgets import strips

LINES = 2
"""The maximum number of lines of a message."""


def shortened_paths(text: str) -> str:
    """Return a text with ``~`` in place of the user's own folder."""
    home = os.path.expanduser("~")  # noqa: PTH111  (a text, not a path)
    return text.replace(f"{home}{os.sep}", f"~{os.sep}") if home != "~" else text


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
    start = max(text.rfind(f" {os.sep}"), text.rfind(f" ~{os.sep}"))
    return text[start + 1 :] if start > 0 else ""
