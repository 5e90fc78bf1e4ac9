"""The evidence of postal addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core.duplicates.evidence import Reason
from crm_cli.core.duplicates.spelling import are_similar, edits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_cli.core.duplicates.features import Address

_ALIKE = 0.8
"""The similarity (0 to 1) from which two texts of an address may be one, mistyped."""
MOST = 17.0
"""The highest sum: everything agrees."""
_MOVED = -3.0
"""The lowest sum: people move, and have an address at home and one at work."""


class Places(NamedTuple):
    """What the addresses say, and whether they are the same street."""

    reasons: tuple[Reason, ...]
    is_same_street: bool = False


def compare(a: Sequence[Address], b: Sequence[Address]) -> Places:
    """Compare each address of one with each of the other; the best pair counts."""
    if not a or not b:
        return Places(())
    bits, is_same_street = max(_bits(one, other) for one in a for other in b)
    if bits <= 0:
        return Places((Reason("other-address", max(bits, _MOVED)),))
    return Places((Reason("address" if is_same_street else "area", bits),), is_same_street)


def _bits(a: Address, b: Address) -> tuple[float, bool]:
    """Return the bits of two addresses, and whether the street, or all but the street, agrees."""
    street = _text(a.street, b.street, 6.0, 4.0, -2.0)
    if street < 6.0:
        street = max(street, _text(a.line, b.line, 6.0, 4.0, -2.0))
    number = _number(a.number, b.number)
    extended = _text(a.extended, b.extended, 4.0, 3.0, -1.0)
    city = _text(a.city, b.city, 2.0, 1.5, -1.5)
    code = _text(a.code, b.code, 3.0, 1.5, -1.5)
    agreed = sum((street > 0, number > 0, extended > 0, city > 0, code > 0))
    is_same = street + extended > 0 and (agreed >= 3 or (agreed == 2 and street > 0 and number > 0))
    return street + number + extended + city + code, is_same


def _number(a: str, b: str) -> float:
    """Compare house numbers; one digit may be a slip."""
    if not a or not b:
        return 0.0
    if a == b:
        return 2.0
    return -1.0 if len(a) > 1 and edits(a, b) == 1 else -4.0


def _text(a: str, b: str, same: float, alike: float, other: float) -> float:
    """Return the bits of two texts: ``same``, ``alike`` or ``other``; nothing if one is missing."""
    if not a or not b:
        return 0.0
    if a == b:
        return same
    if a.isdigit() and b.isdigit():
        return alike if edits(a, b) == 1 else other
    return alike if are_similar(a, b, _ALIKE) else other
