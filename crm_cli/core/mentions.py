"""Whether a text names a person: by full name, e-mail address, phone number or uid, however it is written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

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


def pattern(
    name: str, parts: NameParts, *, emails: Iterable[str] = (), phones: Iterable[str] = (), others: Iterable[str] = ()
) -> re.Pattern[str] | None:
    """Return the pattern of all spellings of what identifies a person; None if nothing does.

    ``phones`` are digits, with or without a country code; ``others`` are searched as they are (uids).
    """
    names = {tuple(each.split()) for each in _names(name, parts)}
    found = [_name(words) for words in sorted(names, key=lambda words: (-len(words), words)) if words]
    found += [rf"(?<![\w.+\-]){re.escape(email)}(?!\w)" for email in sorted(set(emails)) if email]
    found += [_number(digits) for digits in sorted(set(phones)) if len(digits) >= _SHORTEST]
    found += [re.escape(other) for other in sorted(set(others)) if other]
    return re.compile("|".join(found), re.IGNORECASE) if found else None


def _names(name: str, parts: NameParts) -> Iterator[str]:
    """Yield the forms of a name: as written, without titles, family name first; each also without accents."""
    forms = [name]
    if parts.given and parts.family:
        forms += [f"{parts.given} {parts.family}", f"{parts.family} {parts.given}"]
    for form in forms:
        yield form
        yield fold(form)


def _name(words: tuple[str, ...]) -> str:
    """Return the pattern of a name. Scripts without spaces between words have no word ends to look for."""
    joined = _BETWEEN.join(re.escape(word.strip(".,;")) for word in words if word.strip(".,;"))
    if any(map(has_unspaced, words)):
        return joined
    return rf"(?<![^\W_]){joined}(?![^\W_])"


def _number(digits: str) -> str:
    """Return the pattern of a phone number; its country code, or the 0 in its place, may be missing."""
    digits = digits.lstrip("0")
    optional = digits[: min(_COUNTRY, max(0, len(digits) - 9))]
    rest = digits[len(optional) :]
    head = f"(?:{_IN_NUMBER.join(optional)}{_IN_NUMBER})?" if optional else ""
    return rf"(?<!\d)\+?(?:00?)?{head}{_IN_NUMBER.join(rest)}(?!\d)"


def excerpt(text: str, found: re.Match[str], *, around: int = 30) -> str:
    """Return the place of a match with the text around it, in one line."""
    start, end = max(0, found.start() - around), min(len(text), found.end() + around)
    shown = " ".join(text[start:end].split())
    return ("…" if start else "") + shown + ("…" if end < len(text) else "")
