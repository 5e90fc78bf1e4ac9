"""Whether a text names a person: by full name, e-mail address, phone number or uid, however it is written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crm_cli.core.phones import digits
from crm_cli.core.text.folding import fold, has_unspaced

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crm_cli.core.records import NameParts

_BETWEEN = r"[\W_]*"
_IN_NUMBER = r"[\s().\-/]*"
_SHORTEST = 6
"""The fewest digits of a phone number that is looked for: extensions would be found everywhere."""
_COUNTRY = 3
"""How many leading digits of an international number may be its country code, which a text may not have."""


class Naming:
    """What names a person, compiled.

    Most texts name no one: they have none of the ``words`` (in lower case), and no number that ends with a tail;
    looking for those first is several times as fast as the pattern.
    """

    def __init__(self, pattern: re.Pattern[str], words: frozenset[str], tails: frozenset[str]) -> None:
        self.pattern, self.words, self.tails = pattern, words, tails

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first place that names the person, or None."""
        return self.pattern.search(text) if self._may_name(text) else None

    def sub(self, words: str, text: str) -> str:
        """Return a text with ``words`` in the place of each name of the person."""
        return self.pattern.sub(words, text) if self._may_name(text) else text

    def _may_name(self, text: str) -> bool:
        lowered = text.lower()
        if any(word in lowered for word in self.words):
            return True
        numbers = digits(text)
        return any(tail in numbers for tail in self.tails)


def naming(
    name: str,
    parts: NameParts,
    *,
    aliases: Iterable[str] = (),
    emails: Iterable[str] = (),
    phones: Iterable[str] = (),
    others: Iterable[str] = (),
) -> Naming | None:
    """Return what recognises all spellings of what identifies a person; None if nothing does.

    ``aliases`` are other full names (of merged records). ``phones`` are digits, with or without a country code;
    ``others`` are searched as they are (uids).
    """
    names = sorted(
        {_words(each) for each in _names(name, parts, aliases)} - {()}, key=lambda words: (-len(words), words)
    )
    mails, keys = sorted(set(emails) - {""}), sorted(set(others) - {""})
    numbers = sorted({number.lstrip("0") for number in phones if len(number) >= _SHORTEST})
    found = [*map(_name, names), *(rf"(?<![\w.+\-]){re.escape(mail)}(?!\w)" for mail in mails)]
    found += [*map(_number, numbers), *map(re.escape, keys)]
    if not found:
        return None
    words = {word.lower() for word in (*(max(words, key=len) for words in names), *mails, *keys)}
    tails = {number[-_SHORTEST:] for number in numbers}
    return Naming(re.compile("|".join(found), re.IGNORECASE), frozenset(words), frozenset(tails))


def _words(name: str) -> tuple[str, ...]:
    return tuple(word for each in name.split() if (word := each.strip(".,;")))


def _names(name: str, parts: NameParts, aliases: Iterable[str]) -> Iterator[str]:
    """Yield the forms of a name: as written, without titles, family name first; each also without accents."""
    forms = [name, *aliases]
    if parts.given and parts.family:
        forms += [f"{parts.given} {parts.family}", f"{parts.family} {parts.given}"]
    for form in forms:
        yield form
        yield fold(form)


def _name(words: tuple[str, ...]) -> str:
    """Return the pattern of a name. Scripts without spaces between words have no word ends to look for."""
    joined = _BETWEEN.join(map(re.escape, words))
    if any(map(has_unspaced, words)):
        return joined
    return rf"(?<![^\W_]){joined}(?![^\W_])"


def _number(number: str) -> str:
    """Return the pattern of a phone number; its country code, or the 0 in its place, may be missing."""
    optional = number[: min(_COUNTRY, max(0, len(number) - 9))]
    rest = number[len(optional) :]
    head = f"(?:{_IN_NUMBER.join(optional)}{_IN_NUMBER})?" if optional else ""
    return rf"(?<!\d)\+?(?:00?)?{head}{_IN_NUMBER.join(rest)}(?!\d)"


def excerpt(text: str, found: re.Match[str], *, around: int = 30) -> str:
    """Return the place of a match with the text around it, in one line."""
    start, end = max(0, found.start() - around), min(len(text), found.end() + around)
    shown = " ".join(text[start:end].split())
    return ("…" if start else "") + shown + ("…" if end < len(text) else "")
