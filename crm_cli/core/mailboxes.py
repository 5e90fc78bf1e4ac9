"""E-mail addresses out of what people and programs write where one should be (RFC 5322 section 3.4)."""

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
    """An address, and the name that was written with it."""

    address: str
    name: str = ""


def is_plain(text: str) -> bool:
    """Is this an address and nothing else?"""
    return _PLAIN.fullmatch(text) is not None


def mailboxes(text: str) -> list[Mailbox]:
    """Return the mailboxes of a text: none where it says so, else at least one.

    ``Name <a@b>``, ``<a@b>``, ``mailto:a@b`` and ``a@b (Name)`` are read, and several of them in one text.
    A text of any other form is one address as it is.
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
    """Return (field, value) for the names written with e-mails that say more than what a record is called."""
    have = set(words(known))
    return [("E-mail name", each) for each in dict.fromkeys(shown) if not have.issuperset(words(each))]


def _angled(text: str) -> list[Mailbox]:
    """Read addresses in angle brackets; what stands before each is its name, or addresses without brackets."""
    found: list[Mailbox] = []
    end = 0
    for match in _ANGLED.finditer(text):
        bare, name = _told(text[end : match.start()])
        found += [*map(Mailbox, bare), Mailbox(match[1], name)]
        end = match.end()
    bare, rest = _told(text[end:])
    last = found[-1]
    found[-1] = last._replace(name=f"{last.name} {rest}".strip())
    return [*found, *map(Mailbox, bare)]


def _told(text: str) -> tuple[list[str], str]:
    """Tell the addresses of a text from its other words."""
    pieces = text.split()
    bare = [_bare(each.strip(_EDGES)) for each in pieces if "@" in each]
    return bare, " ".join(each for each in pieces if "@" not in each).strip(_EDGES)


def _bare(text: str) -> str:
    return text[7:].strip() if text[:7].lower() == "mailto:" else text
