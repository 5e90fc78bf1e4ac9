"""The score of two companies, with the reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core.duplicates.evidence import CERTAIN, Likeness, Reason, weigh
from crm_cli.core.duplicates.features import is_role
from crm_cli.core.duplicates.keys import PHONE
from crm_cli.core.duplicates.places import compare as places
from crm_cli.core.duplicates.spelling import DIFFERENT, INITIAL, NEAR, agreement, edits
from crm_cli.core.duplicates.words import sound

if TYPE_CHECKING:
    from crm_cli.core.duplicates.evidence import Commons
    from crm_cli.core.duplicates.features import Side

OTHER_NAME, OTHER_FORM = 0.3, 0.5
"""Ceilings: names that are not alike; two legal forms, as of a parent and its subsidiary."""
_WHOLE, _PART = 18.0, 9.0
_LONG = 10


def likeness(a: Side, b: Side, commons: Commons, minimum: float = 0.0) -> Likeness | None:
    """Return the probability that two companies are the same, with the reasons; None if it is less than ``minimum``."""
    named = _name(a.family, b.family)
    reasons = [named, *_points(a, b, commons), *places(a.addresses, b.addresses).reasons]
    ceiling = OTHER_NAME if named.bits <= 0 else CERTAIN
    if _are_other_forms(a.generation, b.generation):
        reasons.append(Reason("other-form", -4.0))
        ceiling = min(ceiling, OTHER_FORM)
    elif a.generation != b.generation and named.code == "name":
        reasons.append(Reason("form", 0.0))
    found = weigh(reasons, ceiling)
    return found if found.score >= minimum else None


def _are_other_forms(a: str, b: str) -> bool:
    """Do two names have legal forms of which neither is a part of the other?"""
    one, other = set(a.split()) - {"co"}, set(b.split()) - {"co"}
    return bool(one and other) and not (one <= other or other <= one)


def _name(a: str, b: str) -> Reason:
    if a.replace(" ", "") == b.replace(" ", ""):
        return Reason("name", _WHOLE)
    one, other = a.split(), b.split()
    if sorted(one) == sorted(other):
        return Reason("name-order", _WHOLE - 1)
    if len(one) == len(other):
        return _word_by_word(one, other)
    short, long = sorted((one, other), key=len)
    if short and long[: len(short)] == short and len("".join(short)) > 2:
        return Reason("name-part", _PART)
    if edits(a.replace(" ", ""), b.replace(" ", "")) <= 1:
        return _typo(a, b)
    return Reason("other-name", -6.0)


def _word_by_word(a: list[str], b: list[str]) -> Reason:
    """Compare names with the same number of words: one word may be mistyped, or spelled in another script."""
    agreed = [agreement(x, y) for x, y in zip(a, b, strict=True)]
    if any(each in {DIFFERENT, NEAR, INITIAL} for each in agreed):
        return Reason("other-name", -6.0)
    if all(sound(x) == sound(y) for x, y in zip(a, b, strict=True)):
        return Reason("name-sound", _WHOLE - 0.5)
    return _typo(" ".join(a), " ".join(b))


def _typo(a: str, b: str) -> Reason:
    """Return the reason for a mistyped name; in a short one, another letter is another name."""
    return Reason("name-typo", _WHOLE - 0.5 if min(len(a), len(b)) >= _LONG else _PART)


def _points(a: Side, b: Side, commons: Commons) -> list[Reason]:
    reasons = []
    if common := set(a.companies) & set(b.companies):
        reasons.append(Reason("domain", 9.0, min(common)))
    elif a.companies and b.companies:
        reasons.append(Reason("other-domain", -6.0))
    if common := set(a.emails) & set(b.emails):
        best = min(common, key=lambda each: (is_role(each), each))
        reasons.append(Reason("email", 6.0, best))
    if common := set(a.phones) & set(b.phones):
        best = min(common, key=lambda each: (commons.holders(PHONE + each), each))
        reasons.append(Reason("phone", 9.0 if commons.holders(PHONE + best) <= 2 else 3.0, best))
    elif a.phones and b.phones:
        reasons.append(Reason("other-phone", -2.0))
    return reasons
