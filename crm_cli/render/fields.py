"""The lines of a briefing: the name of a field at the left, its value at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core.text.width import display_width
from crm_cli.render.clean import clean
from crm_cli.render.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crm_cli.core.daily import Pending
    from crm_cli.render.spans import Line, Role

    Link = tuple[str, str]
    """The printed id of a record, and the words about it."""

LABEL = 14
"""The width of the names of fields, in cells."""


def field(name: str, value: str, *, role: Role = "value") -> Line:
    """Return a field; the value is on one line."""
    return _labelled(name), Span(clean(value), role)


def link(name: str, ref: str, words: str) -> Line:
    """Return a field whose value is another record: its printed id, and a link to it."""
    return _labelled(name), Span(f"{ref}  ", "muted"), Span(clean(words), "value", ref)


def links(name: str, found: Iterable[Link]) -> Iterator[Line]:
    """Yield a field of several records, each on a line."""
    for number, (ref, words) in enumerate(found):
        yield link("" if number else name, ref, words)


def _labelled(name: str) -> Span:
    label = clean(name)
    return Span(f"  {label}{' ' * max(1, LABEL - display_width(label))}", "label")


def listed(name: str, values: Sequence[str]) -> Iterator[Line]:
    """Yield a field of several values, each on a line."""
    for number, value in enumerate(values):
        yield field("" if number else name, value)


WAITING = {"contact": "with", "company": "company", "deal": "deal", "any": "about"}
"""What a link leads to -> the name of its field."""


def waiting(found: Iterable[Pending]) -> Iterator[Line]:
    """Yield the links to records that are not in the book yet."""
    for one in found:
        yield _labelled(WAITING[one.target]), Span(clean(one.name or one.key)), Span("  not in the book yet", "muted")


def own_fields(custom: Iterable[tuple[str, str]]) -> Iterator[Line]:
    """Yield the values of custom fields, each by its name."""
    for name, value in custom:
        yield from paragraph(name, value)


def paragraph(name: str, value: str) -> Iterator[Line]:
    """Yield a field whose value may have several lines."""
    for number, line in enumerate(clean(value, lines=True).splitlines()):
        yield _labelled("" if number else name), Span(line)
