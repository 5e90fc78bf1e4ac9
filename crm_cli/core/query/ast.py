"""The parsed query: a tree of frozen nodes with parsed values, and its canonical text.

Semantics that every compiler of the tree must keep:

- Text is compared folded (`core.text.fold`); the values here are already folded.
- A missing value satisfies neither a comparison nor its opposite: ``last-reach.before:2026-01-01`` and
  ``last-reach.after:2026-01-01`` both exclude people who were never reached; ``no:reach`` finds them. `Not` is a plain
  set complement: ``not:city:pune`` does find people without a city.
- ``quiet`` is the one exception: not reached since the day, *or never*.
- Days are days in the user's zone; the compiler converts them to instants. All ranges include both ends.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Literal, TypeAlias

Op: TypeAlias = Literal["is", "contains", "before", "after", "between", "min", "max", "over", "within", "has", "no"]
Value: TypeAlias = str | int | float | bool | tuple[str, str] | None


@dataclass(frozen=True)
class Word:
    """A bare word. Its folded ``words`` must be adjacent, the last one is a prefix (`core.text.fts_phrase`)."""

    text: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Phrase:
    """Quoted words, which must be adjacent; the last one is a whole word too."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Term:
    """A condition on a field.

    ==========  =======================================================================================
    op          value
    ==========  =======================================================================================
    is          folded text, a word of a vocabulary, an id, a number, a yes or no, an amount as text;
                for a birthday
                ``--04-12`` (that day of any year)
    contains    folded text to be found anywhere in the value; of a phone its digits without leading
                zeros; an e-mail value that begins with ``@`` is the end of the address
    before      strictly before a day, or less than a number
    after       strictly after a day, or more than a number
    min, max    from, or up to, a day or a number, which is included
    between     first and last day, both included; for a birthday the day of birth with its year
    over        ``quiet`` only: a day; the last reach was before it, or there never was one
    within      birthdays only: first and last day; the birthday falls between them (`month_days`)
    has, no     None; the field has a value, or has none
    ==========  =======================================================================================

    ``is:incomplete`` and similar flags are field ``is``, op ``is``. ``custom`` is true for a custom field. ``span``
    is the position of the term in the text, and ``bare`` is true for an id without ``id:``, as in ``crm list 12``;
    neither is compared when terms are.
    """

    field: str
    op: Op
    value: Value = None
    custom: bool = False
    span: tuple[int, int] = dataclasses.field(default=(0, 0), compare=False)
    bare: bool = dataclasses.field(default=False, compare=False)


@dataclass(frozen=True)
class Not:
    """Matches everything that the node does not match."""

    node: Node


@dataclass(frozen=True)
class And:
    """Matches what all nodes match; without nodes, everything."""

    nodes: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Or:
    """Matches what at least one of the nodes matches."""

    nodes: tuple[Node, ...]


Node: TypeAlias = Word | Phrase | Term | Not | And | Or


def all_of(nodes: list[Node]) -> Node:
    """Join nodes by AND; a single node is returned unchanged, nested ANDs are merged."""
    flat = [inner for node in nodes for inner in (node.nodes if isinstance(node, And) else (node,))]
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def any_of(nodes: list[Node]) -> Node:
    """Join nodes by OR; a single node is returned unchanged, nested ORs are merged."""
    flat = [inner for node in nodes for inner in (node.nodes if isinstance(node, Or) else (node,))]
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


def terms(node: Node) -> list[Term]:
    """Return the terms of a tree from left to right, including those under NOT."""
    if isinstance(node, Term):
        return [node]
    if isinstance(node, Not):
        return terms(node.node)
    return [found for inner in node.nodes for found in terms(inner)] if isinstance(node, And | Or) else []


def quoted(text: str) -> str:
    """Return a text as a quoted value of the language."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def to_text(node: Node) -> str:
    """Return a tree as text that parses to an equal tree (with absolute dates, so it does not depend on today)."""
    if isinstance(node, Word):
        return node.text if _is_plain(node.text) else f"text:{quoted(node.text)}"
    if isinstance(node, Phrase):
        return quoted(" ".join(node.words))
    if isinstance(node, Term):
        return _term_text(node)
    if isinstance(node, Not):
        inner = to_text(node.node)
        return f"NOT ({inner})" if isinstance(node.node, And | Or) else f"NOT {inner}"
    if isinstance(node, Or):
        return " OR ".join(map(to_text, node.nodes))
    return " ".join(f"({to_text(inner)})" if isinstance(inner, Or) else to_text(inner) for inner in node.nodes)


def _is_plain(text: str) -> bool:
    """Is this unquoted text always read as text? An id, a phone or an operator is not."""
    return text.isalpha() and text.lower() not in {"and", "or", "not"}


_SHOWN: dict[str, str] = {
    "contains": ":", "between": ":", "over": ":", "is": ":=", "before": ".before:", "after": ".after:", "min": ".min:",
    "max": ".max:", "within": ".within:",
}  # fmt: skip


def _term_text(term: Term) -> str:
    if term.op in {"has", "no"}:
        return f"{term.op}:{term.field}"
    value = term.value
    if isinstance(value, bool):
        shown = "yes" if value else "no"
    elif isinstance(value, tuple):
        shown = "..".join(value)
    else:
        shown = quoted(value) if isinstance(value, str) else f"{value:.9f}" if isinstance(value, float) else str(value)
    return f"{term.field}{_SHOWN[term.op]}{shown}"
