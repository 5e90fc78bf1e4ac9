"""The score of two people, with the reasons.

The weights are set by hand for an address book, not fitted to a file: what two members of a household, two colleagues
or a father and his son have in common must not be enough. Where such a doubt remains, the score has a ceiling.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core.duplicates.evidence import CERTAIN, Likeness, Reason, least_bits, weigh
from crm_cli.core.duplicates.features import domain, is_role
from crm_cli.core.duplicates.keys import EMAIL, PHONE
from crm_cli.core.duplicates.places import MOST
from crm_cli.core.duplicates.places import compare as places
from crm_cli.core.duplicates.spelling import (
    DIFFERENT,
    EXACT,
    INITIAL,
    NEAR,
    NICKNAME,
    SOUND,
    TYPO,
    agreement,
    edits,
    is_substitution,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crm_cli.core.duplicates.evidence import Commons
    from crm_cli.core.duplicates.features import Side

_SHARE = {EXACT: 1.0, NICKNAME: 0.8, SOUND: 0.75, TYPO: 0.75, NEAR: 0.2, INITIAL: 0.25, DIFFERENT: 0.0}
"""The part of a word's bits that a weaker agreement is worth."""
_OTHER_GIVEN, _OTHER_FAMILY = Reason("other-given", -9.0), Reason("other-family", -6.0)
_MIDDLE, _OTHER_MIDDLE = Reason("middle", 3.0), Reason("other-middle", -4.0)
_OTHER_EMAIL, _OTHER_PHONE = Reason("other-email", -2.0), Reason("other-phone", -4.0)
_NAMELESS = Reason("nameless", 4.0)
_OTHER_BIRTHDAY, _OTHER_COMPANY = Reason("other-birthday", -8.0), Reason("other-company", -2.0)
_BORN_ALIKE = 0.6
"""The part of these for two people born on one day: then a name was entered wrongly, or changed, more probably."""
_MISTAKABLE = 0.25
"""The part for two names that both occur in the book, or that differ by one letter as Ramesh and Rakesh do."""
_SWAPPED = -1.0
_NATIONAL = 8
"""The fewest digits of a number without its country code that identify it."""
_REMEMBERED = 1 << 14
"""How many comparisons of first names are remembered, as many people have the same ones."""

HOUSEHOLD, TWINS, NAMELESS, SON, HEIR, OTHER_BIRTHDAY = 0.4, 0.9, 0.9, 0.2, 0.75, 0.3
"""Ceilings: another first name; another first name and the same birthday, at the same address; no first name, as in
``Mr Waller``, without an e-mail or a birthday in common; Jr and Sr; Jr and a name without it; birthdays that differ."""
_FATHERS = range(15, 51)
"""How many years a father is older than his namesake."""


class NameMatch(NamedTuple):
    """How two names agree: the reasons, and the sum of their bits."""

    reasons: tuple[Reason, ...]
    bits: float


def likeness(a: Side, b: Side, commons: Commons, minimum: float = 0.0) -> Likeness | None:
    """Return the probability that two people are the same, with the reasons; None if it is less than ``minimum``."""
    if minimum > HOUSEHOLD and _are_plainly_two(a, b):
        return None
    reasons = _of_persons(a, b, commons)
    if _of_contradictions(a, b, _codes(reasons), is_same_street=True) < minimum:
        return None
    reasons += _of_belongings(a, b, commons)
    missing = least_bits(minimum) - _bits(reasons)
    found = places(a.addresses, b.addresses) if missing <= MOST else None
    if found is None or missing > _bits(found.reasons):
        return None
    reasons += found.reasons
    codes = _codes(reasons)
    ceiling = min(
        _of_contradictions(a, b, codes, is_same_street=found.is_same_street),
        _of_missing_name(a, b, codes),
        _of_generation(a, b),
    )
    if ceiling <= HOUSEHOLD and "other-given" in codes:
        reasons.append(Reason("household" if "other-family" not in codes else "shared", 0.0))
    weighed = weigh(reasons, ceiling)
    return weighed if weighed.score >= minimum else None


def _of_persons(a: Side, b: Side, commons: Commons) -> list[Reason]:
    """Compare names and birthdays."""
    born = _birthdays(a.birthday, b.birthday)
    named = _names(a, b, commons)
    if born is None:
        return [*named.reasons]
    return [*(_forgiving(named) if born.code in _SAME_DAY else named).reasons, born]


def _of_belongings(a: Side, b: Side, commons: Commons) -> list[Reason]:
    """Compare what people have, addresses apart; one without a name is known by nothing else."""
    reasons = [*_points(a, b, commons), *_employers(a, b, commons)]
    if not (a.given or a.family) or not (b.given or b.family):
        reasons.append(_NAMELESS)
    return reasons


def _codes(reasons: Iterable[Reason]) -> set[str]:
    return {reason.code for reason in reasons}


def _bits(reasons: Iterable[Reason]) -> float:
    return sum([reason.bits for reason in reasons])


def _are_plainly_two(a: Side, b: Side) -> bool:
    """Do the first names exclude each other, and no birthday contradicts that? Asked first, as most pairs end here."""
    if not a.given or not b.given or (a.birthday and b.birthday):
        return False
    if a.middle or b.middle or a.nickname or b.nickname or _may_be_swapped(a, b):
        return False
    return not agreement(a.given, b.given)


_SAME_DAY = frozenset({"birthday", "birthday-typo"})
_SAME_NAME = frozenset({"name", "given", "given-sound", "given-typo"})


def _forgiving(named: NameMatch) -> NameMatch:
    """Return the match of two names of people who were born on the same day."""
    reasons = tuple(each._replace(bits=each.bits * _BORN_ALIKE) if each.bits < 0 else each for each in named.reasons)
    return named._replace(reasons=reasons)


def _of_contradictions(a: Side, b: Side, codes: set[str], *, is_same_street: bool) -> float:
    """Return the ceiling for first names or birthdays that exclude each other."""
    return min(_of_name(codes, is_same_street=is_same_street), _of_birthday(a, b, codes, is_same_street=is_same_street))


def _of_name(codes: set[str], *, is_same_street: bool) -> float:
    """Return the ceiling for first names that exclude each other."""
    if "other-given" not in codes:
        return CERTAIN
    return TWINS if codes & _SAME_DAY and is_same_street else HOUSEHOLD


def _of_missing_name(a: Side, b: Side, codes: set[str]) -> float:
    """Return the ceiling for two people if one has no first name."""
    if bool(a.given) == bool(b.given) or not (a.family and b.family):
        return CERTAIN
    return CERTAIN if codes & {"birthday", "email"} else NAMELESS


def _of_birthday(a: Side, b: Side, codes: set[str], *, is_same_street: bool) -> float:
    """Return the ceiling for birthdays that differ: siblings do not have one name, a father and a son may."""
    if "other-birthday" not in codes:
        return CERTAIN
    if not (is_same_street and codes & _SAME_NAME) or "other-family" in codes:
        return OTHER_BIRTHDAY
    if a.birthday.startswith("--") or b.birthday.startswith("--"):
        return OTHER_BIRTHDAY
    return OTHER_BIRTHDAY if abs(int(a.birthday[:4]) - int(b.birthday[:4])) in _FATHERS else TWINS


def _of_generation(a: Side, b: Side) -> float:
    if a.generation == b.generation:
        return CERTAIN
    return SON if a.generation and b.generation else HEIR


def _names(a: Side, b: Side, commons: Commons) -> NameMatch:
    """Compare two names, given and family names in either order."""
    straight = _in_order(a, b.given, b.family, b.middle, commons)
    if straight.bits >= 10 or not _may_be_swapped(a, b):
        return _by_nickname(a, b, straight, commons)
    swapped = _in_order(a, b.family.partition(" ")[0], b.given, b.middle, commons)
    if swapped.bits + _SWAPPED <= max(straight.bits, 4.0):
        return _by_nickname(a, b, straight, commons)
    return NameMatch((*swapped.reasons, Reason("swapped", _SWAPPED)), swapped.bits + _SWAPPED)


def _may_be_swapped(a: Side, b: Side) -> bool:
    """Does the given name of one begin as the family name of the other? A cheap question, asked for every pair."""
    given, family = a.given[:1], a.family[:1]
    return bool(given and given == b.family[:1]) or bool(family and family == b.given[:1])


def _by_nickname(a: Side, b: Side, straight: NameMatch, commons: Commons) -> NameMatch:
    """Take the nickname of one for the given name of the other, if the given names differ."""
    if not (a.nickname or b.nickname) or all(each.code != "other-given" for each in straight.reasons):
        return straight
    called = {a.nickname, a.given} & {b.nickname, b.given} - {""}
    if not called:
        return straight
    bits = _SHARE[NICKNAME] * commons.name_bits(called.pop())
    reasons = (*(each for each in straight.reasons if each.code != "other-given"), Reason("nickname", bits))
    return NameMatch(reasons, _bits(reasons))


def _in_order(a: Side, given: str, family: str, middle: str, commons: Commons) -> NameMatch:
    """Compare a name with the words of another."""
    reasons: list[Reason] = []
    if a.given and given:
        is_whole = a.given == given and not (a.family or family or given.isascii()) and len(given) > 1
        reasons.append(_whole(given, commons) if is_whole else _given(a.given, a.middle, given, middle, commons))
    if a.family and family:
        reasons.append(_family(a.family, family, commons))
    if [reason.code for reason in reasons] == ["given", "family"]:
        reasons = [Reason("name", _bits(reasons))]
    if a.middle and middle:
        reasons.append(_middle(a.middle.split(), middle.split()))
    return NameMatch(tuple(reasons), _bits(reasons))


def _whole(name: str, commons: Commons) -> Reason:
    """Return the reason for a whole name in Han or kana, which is one word and as rare as two others."""
    return Reason("name", 2 * commons.name_bits(name))


@lru_cache(maxsize=_REMEMBERED)
def _given(a: str, a_middle: str, b: str, b_middle: str, commons: Commons) -> Reason:
    """Compare two first names; one that the other has as a middle name agrees, and so does one that was broken up."""
    if found := _agreed("given", a, b, commons):
        return found
    for word, rest in ((a, b_middle), (b, a_middle)):
        if word in rest.split() and len(word) > 1:
            return Reason("given-middle", commons.name_bits(word) * _SHARE[TYPO])
    if a_middle or b_middle:
        found = _agreed("given", (a + a_middle).replace(" ", ""), (b + b_middle).replace(" ", ""), commons)
    return found or _OTHER_GIVEN


def _family(a: str, b: str, commons: Commons) -> Reason:
    """Compare two family names; a name of several words agrees with one of its words."""
    if found := _agreed("family", a.replace(" ", ""), b.replace(" ", ""), commons):
        return found
    common = set(a.split()) & set(b.split())
    if common:
        return Reason("family-part", max(map(commons.name_bits, common)) * _SHARE[TYPO])
    return _OTHER_FAMILY


def _agreed(part: str, a: str, b: str, commons: Commons) -> Reason | None:
    """Return the reason for two words that agree, or None."""
    if a == b:
        return Reason(part, commons.name_bits(a))
    found = agreement(a, b)
    if found == DIFFERENT:
        return None
    bits = max(commons.name_bits(a), commons.name_bits(b))
    if found == TYPO and _are_two_names(a, b, commons):
        return Reason(f"{part}-alike", bits * _MISTAKABLE)
    return Reason(f"{part}-{found}", bits * _SHARE[found])


def _are_two_names(a: str, b: str, commons: Commons) -> bool:
    """May two words be two names, and neither a mistyped one: both occur in the book, or none, and they sound apart?"""
    known, other = commons.is_established(a), commons.is_established(b)
    return (known and other) or (known == other and is_substitution(a, b))


def _middle(a: list[str], b: list[str]) -> Reason:
    """Compare middle names, of which an initial agrees with its word."""
    return _MIDDLE if any(agreement(x, y) for x in a for y in b) else _OTHER_MIDDLE


def _points(a: Side, b: Side, commons: Commons) -> list[Reason]:
    """Compare e-mail addresses and phones; what many people share says little."""
    reasons = []
    if a.held_emails and b.held_emails:
        reasons.append(_emails(a.emails, b.emails, commons))
    if a.held_phones and b.held_phones:
        reasons.append(_phones(a.phones, b.phones, commons))
    return reasons


def _emails(a: Sequence[str], b: Sequence[str], commons: Commons) -> Reason:
    common = set(a) & set(b)
    if common:
        best = min(common, key=lambda each: (is_role(each), commons.holders(EMAIL + each), each))
        if is_role(best):
            return Reason("mailbox", 2.0, best)
        return Reason("email", _shared(14.0, commons.holders(EMAIL + best)), best)
    for one in a:
        for other in b:
            if _is_mistyped(one, other):
                return Reason("email-typo", 8.0, one)
    common = set(map(_local, a)) & set(map(_local, b))
    if distinctive := min(filter(_is_distinctive, common), default=""):
        return Reason("email-local", 4.0, distinctive)
    return _OTHER_EMAIL


def _is_mistyped(a: str, b: str) -> bool:
    """Do two addresses of some length differ by one letter that is not a digit?"""
    if abs(len(a) - len(b)) > 1 or len(a) < 10 or edits(a, b) != 1:
        return False
    return [char for char in a if char.isdigit()] == [char for char in b if char.isdigit()]


def _local(address: str) -> str:
    """Return the part before the @."""
    return address.partition("@")[0]


def _is_distinctive(local: str) -> bool:
    """May the part of an address before the @ identify a person by itself, as ``asha.verma`` does?"""
    return len(local) >= 8 or (len(local) >= 6 and not local.isalpha())


def _phones(a: Sequence[str], b: Sequence[str], commons: Commons) -> Reason:
    common = set(a) & set(b)
    if common:
        best = min(common, key=lambda each: (commons.holders(PHONE + each), each))
        return Reason("phone", _shared(10.0, commons.holders(PHONE + best)), best)
    for one in a:
        for other in b:
            if _is_abroad(one, other) or _is_abroad(other, one):
                return Reason("phone", 8.0, one)
    if any(edits(one, other) == 1 for one in a for other in b):
        return Reason("phone-typo", 2.0)
    return _OTHER_PHONE


def _is_abroad(number: str, national: str) -> bool:
    """Is a number with its country code the same as one that was written without, for an unknown country?"""
    digits = national.lstrip("0")
    return len(digits) >= _NATIONAL and number[:1] == "+" != national[:1] and number.endswith(digits)


def _shared(bits: float, holders: int) -> float:
    """Return what a value is worth that so many records have: less if it is a switchboard's or a family's."""
    return max(bits / 4, bits - 1.5 * (holders - 2))


def _birthdays(a: str, b: str) -> Reason | None:
    """Compare birthdays, with or without the year."""
    if not a or not b:
        return None
    if a == b:
        return Reason("birthday", 14.0 if not a.startswith("--") else 7.0, a)
    if a.startswith("--") or b.startswith("--"):
        return Reason("birthday-day", 7.0, a[-5:]) if a[-5:] == b[-5:] else _OTHER_BIRTHDAY
    return _nearly_born(a, b)


def _nearly_born(a: str, b: str) -> Reason:
    """Compare two different days with their years."""
    year, month, day = a[:4] == b[:4], a[5:7] == b[5:7], a[8:] == b[8:]
    if edits(a, b) == 1 or (year and (a[5:7], a[8:]) == (b[8:], b[5:7])):
        return Reason("birthday-typo", 9.0, a)
    if (year and (month or day)) or (month and day and abs(int(a[:4]) - int(b[:4])) <= 10):
        return Reason("birthday-near", 2.0, a)
    return _OTHER_BIRTHDAY


def _employers(a: Side, b: Side, commons: Commons) -> list[Reason]:
    if not a.held_companies or not b.held_companies:
        return []
    common = set(a.companies) & set(b.companies)
    if common:
        holders = min(commons.employers.get(each, 2) for each in common)
        return [Reason("company", 4.0 if holders <= 10 else 3.0 if holders <= 100 else 2.0)]
    if {domain(each) for each in a.emails} & {domain(each) for each in b.emails} - {""}:
        return []
    return [_OTHER_COMPANY]
