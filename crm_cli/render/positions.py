"""Alignment of columns on a terminal, after texts whose width differs between terminals.

Layout code writes `STOP` where a column starts. On a terminal, a column after a text of disputed width is positioned by
a cursor escape sequence; elsewhere the stop is removed, and the line consists of spaces and text.
"""

from __future__ import annotations

from crm_cli.core.text.cautious import is_disputed, widths

STOP = "\x1f"
"""Marks the start of a column. No text of a book contains it (`clean` makes it visible), and it takes no cell."""


def column(number: int) -> str:
    """Return the sequence that moves the cursor to a column, counted from 0 (CHA, ECMA-48 section 8.3.9)."""
    return f"\x1b[{number + 1}G"


def unpositioned(line: str) -> str:
    """Return a line for output that is not a terminal."""
    return line.replace(STOP, "")


def positioned(line: str, width: int) -> str:
    """Return a line for a terminal of ``width`` cells; escape sequences are used only if a width is disputed.

    A line with a column that would start beyond the terminal's edge gets none either, as there is no such position.
    """
    parts = line.split(STOP)
    if line.isascii() or not any(map(is_disputed, parts[:-1])):
        return unpositioned(line)
    starts = _starts(parts)
    if starts[-1] >= width:
        return unpositioned(line)
    shown, disputed = "", False
    for part, start in zip(parts, starts, strict=True):
        # Spaces before a stop are not written: after a text that the terminal draws wide, they might wrap at the edge.
        shown = f"{shown.rstrip(' ')}{column(start)}{part}" if disputed else shown + part
        disputed = disputed or is_disputed(part)
    return shown


def _starts(parts: list[str]) -> list[int]:
    """Return the column of each part: by the usual widths, or after the widest that a text may be drawn."""
    starts = [0]
    for part in parts[:-1]:
        text = part.rstrip(" ")
        ordinary, most = widths(text)
        starts.append(starts[-1] + max(ordinary + len(part) - len(text), most + 1 if text else 0))
    return starts
