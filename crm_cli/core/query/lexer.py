"""The tokens of the query language, and joining shell words to a query."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from crm_cli.core.limits import LONGEST
from crm_cli.core.phones import is_whole
from crm_cli.core.query.ast import quoted
from crm_cli.errors import Hint, QueryError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_OPERATORS: dict[str, Literal["and", "or", "not"]] = {"AND": "and", "OR": "or", "NOT": "not"}
_FIELD = r"((?:(?i:deal)\.)?[^\W\d][\w-]*)(?:\.([^\W\d]+))?:"
"""A field and its modifier; ``deal.`` marks the fields of a deal, as in ``deal.stage:`` and ``deal.amount.min:``."""
_SIGN = r"(>=|<=|>|<|=)?"


class Token(NamedTuple):
    """A token with its position; a term has a field, a modifier, a sign, and whether its value was quoted."""

    kind: Literal["open", "close", "and", "or", "not", "word", "phrase", "term"]
    text: str
    start: int
    end: int
    field: str = ""
    modifier: str = ""
    sign: str = ""


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a query. Raises QueryError at the position of an error."""
    if len(text) > LONGEST:
        raise QueryError(f"a query has at most {LONGEST} characters", text=text, position=LONGEST)
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        token = _token(text, at)
        yield token
        at = token.end


def _token(text: str, at: int) -> Token:
    """Read the token that begins at this position."""
    char = text[at]
    if char in "()":
        return Token("open" if char == "(" else "close", char, at, at + 1)
    if char == '"':
        value, end = _quotation(text, at)
        return Token("phrase", value, at, end)
    if char == "-":
        if not text[at + 1 : at + 2].strip():
            raise QueryError("a - needs something after it, as in -tag:dnc", text=text, position=at)
        return Token("not", char, at, at + 1)
    if match := re.compile(_FIELD).match(text, at):
        return _term(text, match)
    end = _run(text, at, stop='()"')
    word = text[at:end]
    return Token(_OPERATORS.get(word, "word"), word, at, end)


def _term(text: str, match: re.Match[str]) -> Token:
    """Read a field and its value, or the ``not:`` before another token."""
    name, modifier = match[1], match[2] or ""
    if name.lower() == "not" and not modifier:
        if not text[match.end() : match.end() + 1].strip():
            raise _nothing_after(text, match, name)
        return Token("not", match[0], match.start(), match.end())
    sign = re.compile(_SIGN).match(text, match.end())
    at = sign.end() if sign else match.end()
    if text[at : at + 1] == '"':
        value, end = _quotation(text, at)
    else:
        end = _run(text, at, stop="()")
        value = text[at:end]
    if not value.strip():
        raise _nothing_after(text, match, name)
    return Token("term", value, match.start(), end, name, modifier, sign[0] if sign else "")


def _nothing_after(text: str, match: re.Match[str], name: str) -> QueryError:
    """Return the error for an empty value, which matches nothing; often the shell removed the value."""
    return QueryError(
        f"{match[0]} has no value",
        text=text,
        position=match.start(),
        hint=Hint("no-value", field=name),
    )


def _quotation(text: str, at: int) -> tuple[str, int]:
    """Read quoted text, in which a backslash escapes the next character."""
    out: list[str] = []
    place = at + 1
    while place < len(text):
        char = text[place]
        if char == '"':
            return "".join(out), place + 1
        if char == "\\" and place + 1 < len(text):
            place += 1
            char = text[place]
        out.append(char)
        place += 1
    raise QueryError("unterminated quote", text=text, position=at, hint='close it with "')


def _run(text: str, at: int, stop: str) -> int:
    """Return the end of unquoted text: a space, or a character in ``stop``."""
    while at < len(text) and not text[at].isspace() and text[at] not in stop:
        at += 1
    return at


def join_args(args: Sequence[str]) -> str:
    """Join shell words to a query, restoring the quotes that the shell removed.

    A word that contains a space was quoted: ``company:Acme Ltd`` keeps its value whole, ``blue door`` is a phrase. A
    word that is a query itself (it has quotes, brackets, operators or a second field) is not changed.
    """
    return " ".join(_requoted(arg) for arg in args if arg.strip())


def _requoted(arg: str) -> str:
    if not re.search(r"\s", arg) or _is_query(arg):
        return arg
    if is_whole(arg):
        return f"phone:{quoted(arg)}"
    match = re.match(rf"((?:-|not:)*{_FIELD}{_SIGN})(.+)\Z", arg, re.DOTALL)
    if match:
        return match[1] + quoted(match[5].strip()) if match[5].strip() else arg
    return quoted(arg.strip())


def _is_query(arg: str) -> bool:
    """Does a shell word hold more than one value or phrase?"""
    if any(char in arg for char in '"()') or any(word in _OPERATORS or word[0] == "-" for word in arg.split()[1:]):
        return True
    first, *rest = arg.split()
    return first in _OPERATORS or any(re.match(_FIELD, word) for word in rest)
