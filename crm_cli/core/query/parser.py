"""The parser of the query language of lists, agenda, history and export: text in, a tree of `ast` nodes out.

``tag:client city:pune not:tag:dnc quiet:60d "blue door"``. NOT binds tighter than AND (implicit), and AND tighter than
OR; the operators are upper case, because "or" is a word too. Every invalid query raises a `QueryError` with a position.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from crm_cli.core import phones
from crm_cli.core.limits import MOST_WORDS
from crm_cli.core.query.ast import And, Node, Not, Or, Phrase, Term, Word, all_of, any_of, terms, to_text
from crm_cli.core.query.fields import DEAL_FIELDS, FIELDS, QueryField, describe, find, nearest, with_custom
from crm_cli.core.query.lexer import Token, join_args, tokens
from crm_cli.core.query.values import month_days, term
from crm_cli.core.text.folding import fold, similar, words
from crm_cli.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "DEAL_FIELDS", "FIELDS", "And", "Node", "Not", "Or", "Phrase", "QueryField", "Term", "Word", "describe",
    "field_named", "join_args", "month_days", "parse", "terms", "to_text", "with_custom",
]  # fmt: skip

_DEEPEST = 32
_ID = re.compile(r"[cad]?\d{1,7}", re.ASCII | re.IGNORECASE)
"""A printed id; a longer number is a phone."""
_OPERATORS = frozenset(("and", "or", "not"))
NONE: Mapping[str, str] = MappingProxyType({})


def parse(
    text: str | list[str],
    *,
    today: str,
    fields: Mapping[str, QueryField] = FIELDS,
    segments: Mapping[str, str] = NONE,
) -> Node:
    """Parse a query, given as one text or as shell words; an empty one matches everything (``And(())``).

    ``today`` (the user's day) is the basis of ``30d`` and ``this-month``; ``fields`` is `FIELDS`, or `with_custom`;
    ``segments`` maps folded names to saved queries, which replace ``@name``. Raises QueryError.
    """
    return _Parser(text if isinstance(text, str) else join_args(text), today, fields, segments).query()


def field_named(name: str) -> str:
    """Return the field that a name or an alias refers to, or ``""``."""
    found = find(name, FIELDS)
    return found.name if found else ""


class _Parser:
    """A recursive descent parser over the tokens; nesting is limited to `_DEEPEST`."""

    def __init__(
        self, text: str, today: str, fields: Mapping[str, QueryField], segments: Mapping[str, str], inside: str = ""
    ) -> None:
        self.text, self.today, self.fields, self.segments, self.inside = text, today, fields, segments, inside
        self.tokens = list(tokens(text))
        self.at = self.depth = self.count = 0

    def query(self) -> Node:
        """Read the whole query."""
        if not self.tokens:
            return And(())
        node = self.any()
        if self.peek() == "close":
            raise self.error("this bracket was never opened")
        return node

    def any(self) -> Node:
        """Read nodes joined by OR."""
        nodes = [self.all()]
        while self.peek() == "or":
            self.at += 1
            nodes.append(self.all())
        return any_of(nodes)

    def all(self) -> Node:
        """Read nodes joined by AND, explicit or implicit."""
        nodes = [self.one()]
        while self.peek() not in ("or", "close", ""):
            if self.peek() == "and":
                self.at += 1
            nodes.append(self.one())
        return all_of(nodes)

    def one(self) -> Node:
        """Read a term or a bracket, negated or not."""
        kind = self.peek()
        if kind in ("", "and", "or", "close"):
            raise self.error("something to search for is missing here")
        token = self.tokens[self.at]
        self.at += 1
        if kind not in ("not", "open"):
            return self.leaf(token)
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self.error(f"more than {_DEEPEST} brackets or negations inside each other", token)
        node = Not(self.one()) if kind == "not" else self.bracket(token)
        self.depth -= 1
        return node

    def bracket(self, opening: Token) -> Node:
        """Read the contents of a bracket."""
        node = self.any()
        if self.peek() != "close":
            raise self.error("this bracket is never closed", opening)
        self.at += 1
        return node

    def leaf(self, token: Token) -> Node:
        """Read a word, a phrase or a term."""
        self.count += 1
        if self.count > MOST_WORDS:
            raise self.error(f"a query has at most {MOST_WORDS} words and conditions", token)
        if token.kind == "term" and fold(token.field) != "text":
            return term(token, self.field(token), text=self.text, today=self.today)
        if token.kind == "word" and (found := self.special(token)):
            return found
        folded = tuple(words(token.text))
        if not folded:
            raise self.error(f"{token.text[:40]!r} has nothing to search for", token)
        return Phrase(folded) if token.kind == "phrase" else Word(token.text, folded)

    def special(self, token: Token) -> Node | None:
        """Read a word with a special meaning: ``@segment``, an id, a phone. Refuse a mistyped operator or condition."""
        text = token.text
        if text.startswith("@"):
            return self.segment(token)
        if _ID.fullmatch(text):
            return Term("id", "is", text.lower(), span=(token.start, token.end), bare=True)
        if phones.is_whole(text) and (number := phones.suffix_key(text)):
            return Term("phone", "contains", number[::-1], span=(token.start, token.end))
        if text in _OPERATORS and len(self.tokens) > 1:
            raise self.error(f'write {text.upper()} to join conditions, or "{text}" to search for the word', token)
        name, sign, value = text.partition("=")
        if sign and value and find(name, self.fields):
            raise self.error(f"{text[:40]!r} is not a condition; write {name}:{value[:40]}", token)
        return None

    def segment(self, token: Token) -> Node:
        """Return the node of a saved query. Refuse one that contains itself."""
        name = fold(token.text[1:])
        if name not in self.segments:
            near = similar(name, self.segments, 1)
            advice = f"did you mean @{near[0]}?" if near else f"write email:{token.text[:40]} for addresses"
            raise self.error(f"there is no segment {token.text[:40]!r}; {advice}", token)
        if f" {name} " in self.inside:
            raise self.error(f"the segment @{name} refers to itself", token)
        held = _Parser(self.segments[name], self.today, self.fields, self.segments, f"{self.inside} {name} ")
        held.count = self.count
        try:
            node = held.query()
        except QueryError as error:
            raise self.error(f"in the segment @{name}: {error}", token) from error
        self.count = held.count
        return node

    def field(self, token: Token) -> QueryField:
        """Return the field that a term names."""
        found = find(token.field, self.fields)
        if found is None:
            near = nearest(token.field, self.fields)
            advice = f"did you mean {near}:?" if near else 'put it in "quotes" to search for the text'
            raise self.error(f"there is no field {token.field[:40]!r}; {advice}", token)
        return found

    def peek(self) -> str:
        """Return the kind of the next token, ``""`` at the end."""
        return self.tokens[self.at].kind if self.at < len(self.tokens) else ""

    def error(self, message: str, token: Token | None = None) -> QueryError:
        """Return an error at a token, or at the parser's position."""
        if token is None and self.at < len(self.tokens):
            token = self.tokens[self.at]
        return QueryError(message, text=self.text, position=token.start if token else len(self.text))
