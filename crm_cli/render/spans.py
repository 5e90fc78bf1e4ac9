"""Lines for people as spans of text, each with a role: the prompt and the dashboard style a span by its role alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core.text.width import display_width
from crm_cli.render.positions import STOP

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Literal

    Role = Literal[
        "title", "heading", "label", "date", "value", "muted", "accent", "tag", "overdue", "good", "alert"
    ]  # fmt: skip

ROLES: tuple[Role, ...] = (
    "title", "heading", "label", "date", "value", "muted", "accent", "tag", "overdue", "good", "alert",
)  # fmt: skip
"""What a span can be: a record's name, the heading of a section, the name of a field, the day of an entry, a value,
less important text, people and companies, tags, what is late, what is on time, what needs attention."""

BOLD, PLAIN = "\x1b[1m", "\x1b[0m"
"""The start and end of a bold line; the only styling escape sequences that we write."""


class Span(NamedTuple):
    """A piece of a line, cleaned, and its role; ``ref`` is the printed id of the record it names (``12``, ``c4``)."""

    text: str
    role: Role = "value"
    ref: str = ""


Line = tuple[Span, ...]


def text(line: Line) -> str:
    """Return the text of a line, with `STOP` after a label of which terminals may disagree how wide it is."""
    shown = (f"{span.text}{STOP}" if span.role == "label" and not span.text.isascii() else span.text for span in line)
    return "".join(shown).rstrip()


def emphasised(line: Line, shown: str) -> str:
    """Return the text ``shown`` of a line for a terminal with colours: a title or a heading is bold."""
    return f"{BOLD}{shown}{PLAIN}" if line and line[0].role in {"title", "heading"} else shown


def filled(parts: Iterable[Span], width: int, *, joint: int = 1, indent: int = 0) -> Iterator[Line]:
    """Yield the parts in lines of at most ``width`` cells; a part that is too long has a line of its own.

    ``joint`` is the number of cells between two parts, ``indent`` the number before all lines but the first.
    """
    line: list[Span] = []
    used = 0
    for part in parts:
        cells = display_width(part.text)
        if line and used + joint + cells > width:
            yield tuple(line)
            line, used = [], indent
        used += cells + (joint if line else 0)
        line.append(part)
    if line:
        yield tuple(line)


def cut(line: Line, start: int, end: int) -> Line:
    """Return the spans of a part of a line, from the character at ``start`` to the one before ``end``."""
    found, at = [], 0
    for span in line:
        piece = span.text[max(start - at, 0) : max(end - at, 0)]
        at += len(span.text)
        if piece:
            found.append(span._replace(text=piece))
    return tuple(found)
