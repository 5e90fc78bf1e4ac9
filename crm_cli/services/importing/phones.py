"""Fast E.164 for bulk imports: plain numbers are read with Google's metadata, others with ``phonenumbers``.

``phonenumbers`` takes 25 times as long: with it alone, the row "import CSV" of ``benchmarks/run.py`` would be 15 %
slower. A number that consists only of digits and common punctuation does not need it; a test ensures that both give the
same result.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from crm_cli.core import phones

if TYPE_CHECKING:
    from collections.abc import Callable

_DROPPED = b" -.()"
_NO_ZERO = "123456789"


def e164(text: str, region: str) -> str:
    """Return what ``core.phones.e164`` returns, computed faster if possible."""
    found = _fast(text, region.upper())
    return phones.e164(text, region) if found is None else found


def _fast(text: str, region: str) -> str | None:
    """Return the number in E.164 if its digits and the numbering plans alone decide, else None."""
    if not text.isascii() or len(text) > 30:
        return None
    number = text.encode().translate(None, _DROPPED).decode()
    international = number[:1] == "+" == text[:1]
    if international:
        number = number[1:]
    if not number.isdigit() or len(number) < 7:
        return None
    if international:
        return _international(number)
    if number[:2] == "00":
        return _international(number[2:]) if text[:2] == "00" and _dials_00(region) else None
    return _national(number, region)


def _international(number: str) -> str | None:
    """Parse digits that begin with a country code; None if their count alone does not decide."""
    plan, length = _called(number[:3])
    if plan is None or number[length] not in _NO_ZERO or plan.has_prefix(number[length:]):
        return None
    return f"+{number}" if len(number) - length in plan.lengths else None


@cache
def _called(start: str) -> tuple[_Plan | None, int]:
    """Return the plan whose country code these three digits begin with, and the length of that code."""
    for length in (1, 2, 3):
        if plan := _plan(start[:length], ""):
            return plan, length
    return None, 0


def _dials_00(region: str) -> bool:
    """Does 00 begin an international number here? It does if the region is unknown."""
    plan = _plan("", region)
    return not region or (plan is not None and plan.abroad == "00" and plan.trunk == "0")


def _national(number: str, region: str) -> str | None:
    """Parse a national number; None if its country shares the country code with others, or the number is not in use."""
    plan = _plan("", region)
    if plan is None or not plan.alone:
        return None
    if number[0] == "0":
        if plan.trunk != "0":
            return None
        number = number[1:]
    if number[0] not in _NO_ZERO or plan.has_prefix(number) or number.startswith(plan.code):
        return None
    return f"+{plan.code}{number}" if len(number) in plan.lengths and plan.is_valid(number) else None


class _Plan:
    """A country's numbering plan; ``has_prefix`` is only called for numbers that do not begin with zero."""

    def __init__(self, code: str, metadata: Any, *, alone: bool) -> None:
        import re

        self.code, self.alone = code, alone
        self.kinds = [_fits(metadata.general_desc), *(_fits(getattr(metadata, kind)) for kind in _KINDS)]
        self.lengths = frozenset(metadata.general_desc.possible_length or ())
        prefix = metadata.national_prefix_for_parsing
        self.has_prefix = re.compile(prefix).match if prefix and prefix != "0" else _never
        transforms = metadata.national_prefix_transform_rule
        self.abroad = metadata.international_prefix
        self.trunk = "0" if prefix == "0" and not transforms else ""

    def is_valid(self, number: str) -> bool:
        """Can this number be in use?"""
        return self.kinds[0](number) and any(fits(number) for fits in self.kinds[1:])


_KINDS = (
    "mobile", "fixed_line", "premium_rate", "toll_free", "shared_cost", "voip", "personal_number", "pager", "uan",
    "voicemail",
)  # fmt: skip


def _fits(description: Any) -> Callable[[str], bool]:
    """Return the test for a kind of number: its length, and the pattern of its digits."""
    if description is None or not description.national_number_pattern:
        return lambda _: False
    import re

    lengths = frozenset(description.possible_length or ())
    match = re.compile(description.national_number_pattern).fullmatch
    return lambda number: (not lengths or len(number) in lengths) and match(number) is not None


def _never(_: str) -> None:
    return None


@cache
def _plan(code: str, region: str) -> _Plan | None:
    """Return the plan of a country code or a region; None if it has none of its own."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

    if region:
        found = PhoneMetadata.metadata_for_region(region, None)
        code = str(found.country_code) if found else ""
    regions = COUNTRY_CODE_TO_REGION_CODE.get(int(code), ()) if code[:1] in _NO_ZERO and code else ()
    if not regions or regions[0] == "001":
        return None
    return _Plan(code, PhoneMetadata.metadata_for_region(region or regions[0], None), alone=len(regions) == 1)
