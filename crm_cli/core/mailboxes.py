"""E-mail addresses in text as people and programs write it (RFC 5322 section 3.4)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core.absent import says_none
from crm_cli.core.text.folding import visible, words

if TYPE_CHECKING:
    from collections.abc import Iterable

_PLAIN = re.compile(r"""[^\s<>()\[\],;:/|"'@]+@[^\s<>()\[\],;:/|"'@]+""", re.ASCII)
_ANGLED = re.compile(r"<\s*(?:mailto:)?([^<>\s]+@[^<>\s]+)\s*>", re.IGNORECASE)
_COMMENT = re.compile(r"\s*([^()<>\s]+@[^()<>\s]+)\s*\(([^()]*)\)\s*")
_BETWEEN = re.compile(r"\s*(?:[;,|]|\s/|:::|\s)\s*|(?<=\w)/(?=[^\s/]+@)")
_EDGES = " \t\r\n,;/|:\"'"


class Mailbox(NamedTuple):
    """An e-mail address, and the name that was written with it."""

    address: str
    name: str = ""


def is_plain(text: str) -> bool:
    """Is this a single address without any other text?"""
    return _PLAIN.fullmatch(text) is not None


def mailboxes(text: str) -> list[Mailbox]:
    """Return the mailboxes in a text: none if it is a placeholder for a missing value, else at least one.

    ``Name <a@b>``, ``<a@b>``, ``mailto:a@b`` and ``a@b (Name)`` are parsed, also several of them in one text.
    Text in any other format is returned as one address, unchanged.
    """
    text = visible(text).strip()
    if is_plain(text):
        return [Mailbox(text)]
    if says_none(text):
        return []
    if _ANGLED.search(text):
        return _angled(text)
    if found := _COMMENT.fullmatch(text):
        return [Mailbox(_bare(found[1]), found[2].strip(_EDGES))]
    pieces = [_bare(each) for each in _BETWEEN.split(text) if each]
    return [Mailbox(each) for each in pieces] if all("@" in each for each in pieces) else [Mailbox(_bare(text))]


def names_with_mail(shown: Iterable[str], known: str) -> list[tuple[str, str]]:
    """Return (field, value) pairs for names written with e-mails that have words which the record's name does not."""
    have = set(words(known))
    return [("E-mail name", each) for each in dict.fromkeys(shown) if not have.issuperset(words(each))]


def _angled(text: str) -> list[Mailbox]:
    """Read addresses in angle brackets; the text before each is its name, or addresses without brackets."""
    found: list[Mailbox] = []
    end = 0
    for match in _ANGLED.finditer(text):
        bare, name = _separate(text[end : match.start()])
        found += [*map(Mailbox, bare), Mailbox(match[1], name)]
        end = match.end()
    bare, rest = _separate(text[end:])
    last = found[-1]
    found[-1] = last._replace(name=f"{last.name} {rest}".strip())
    return [*found, *map(Mailbox, bare)]


def _separate(text: str) -> tuple[list[str], str]:
    """Separate the addresses in a text from its other words."""
    pieces = text.split()
    bare = [_bare(each.strip(_EDGES)) for each in pieces if "@" in each]
    return bare, " ".join(each for each in pieces if "@" not in each).strip(_EDGES)


def _bare(text: str) -> str:
    return text[7:].strip() if text[:7].lower() == "mailto:" else text
