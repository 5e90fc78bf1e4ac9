"""Columns that begin where they should on a terminal, behind texts that terminals draw in different widths.

Whoever lays out a line writes `STOP` where a column begins. On a terminal what follows a text of disputed width is put
there by the cursor's column; everywhere else the sign goes, and the line is blanks and text.
"""

from __future__ import annotations

from crm_cli.core.text.cautious import is_disputed, widths

STOP = "\x1f"
"""Where a column begins. No text of a book has it (`clean` makes it visible), and it takes no cell."""


def column(number: int) -> str:
    """Return what puts the cursor at a column of its line, the first being 0 (CHA, ECMA-48 section 8.3.9)."""
    return f"\x1b[{number + 1}G"


def unpositioned(line: str) -> str:
    """Return a line for whatever is not a terminal."""
    return line.replace(STOP, "")


def positioned(line: str, width: int) -> str:
    """Return a line for a terminal of so many cells; without a text of disputed width it is as anywhere else.

    A line with a column that would begin beyond the terminal's edge stays as it is too: there is no such place.
    """
    parts = line.split(STOP)
    if line.isascii() or not any(map(is_disputed, parts[:-1])):
        return unpositioned(line)
    starts = _starts(parts)
    if starts[-1] >= width:
        return unpositioned(line)
    shown, disputed = "", False
    for part, start in zip(parts, starts, strict=True):
        # Blanks before a stop are not drawn: behind a text that runs wide they might wrap at the edge.
        shown = f"{shown.rstrip(' ')}{column(start)}{part}" if disputed else shown + part
        disputed = disputed or is_disputed(part)
    return shown


def _starts(parts: list[str]) -> list[int]:
    """Return where each part begins: where the widths say, or behind what may reach further than that."""
    starts = [0]
    for part in parts[:-1]:
        text = part.rstrip(" ")
        ordinary, most = widths(text)
        starts.append(starts[-1] + max(ordinary + len(part) - len(text), most + 1 if text else 0))
    return starts
