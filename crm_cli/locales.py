"""How locales write amounts of money: read from Babel once, and cached in the user's cache folder.

Babel loads all its data of a locale, calendars included, which takes as long as the rest of ``show``. The data needed
to format an amount are only four texts and two numbers.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple

from crm_cli import config
from crm_cli.errors import CrmError

if TYPE_CHECKING:
    from pathlib import Path

    from babel import Locale

_BLANKS = dict.fromkeys(map(ord, "\u00a0\u202f\u2009"), " ")
_MARKS = dict.fromkeys(map(ord, "\u061c\u200e\u200f"))
"""Characters that locales put into amounts and that a terminal may show badly or treat as controls."""


class AmountStyle(NamedTuple):
    """The format of an amount: texts ``before`` and ``after`` the number, the decimal and the thousands separator.

    ``last`` is the number of digits after the last thousands separator, ``others`` the number between two of them.
    """

    before: str
    after: str
    decimals: str
    thousands: str
    last: int
    others: int

    def write(self, whole: str, rest: str) -> str:
        """Format an amount from its digits; ``rest`` are those of its minor unit."""
        groups, head = [whole[-self.last :]], whole[: -self.last]
        while head:
            groups.append(head[-self.others :])
            head = head[: -self.others]
        number = self.thousands.join(reversed(groups))
        return f"{self.before}{number}{self.decimals if rest else ''}{rest}{self.after}"


@lru_cache(256)
def amount_style(locale: str, currency: str) -> AmountStyle:
    """Return the format of amounts of ``currency`` in ``locale``; an unknown locale is treated as English."""
    path = config.folder("cache") / "amounts.json"
    key, stamp = f"{locale} {currency}", _stamp()
    known = _read(path)
    if known.get("babel") != stamp:
        known = {"babel": stamp}
    found = _style(known.get(key))
    if found is None:
        found = _learn(locale, currency)
        _write(path, {**known, key: found})
    return found


def _style(kept: object) -> AmountStyle | None:
    """Return a cached style, or None if it is not valid."""
    if not isinstance(kept, list) or [type(each) for each in kept] != [str, str, str, str, int, int]:
        return None
    return AmountStyle(*kept) if min(kept[-2:]) > 0 else None


def _stamp() -> str:
    """Return a stamp that changes when a different Babel is installed."""
    found = find_spec("babel")
    origin = found.origin if found and found.origin else ""
    return f"{origin} {os.stat(origin).st_mtime_ns if origin else 0}"  # noqa: PTH116


def _read(path: Path) -> dict[str, object]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(path: Path, known: dict[str, object]) -> None:
    """Write the cache, if the folder can be written."""
    from crm_cli import files

    with suppress(CrmError):
        files.write(path, json.dumps(known, ensure_ascii=False), durable=False)


def _learn(locale: str, currency: str) -> AmountStyle:
    """Read the separators from Babel, and the texts around a number from a formatted example."""
    from babel.numbers import get_decimal_symbol, get_group_symbol

    known = babel_locale(locale)
    pattern = known.currency_formats["standard"]
    example: str = pattern.apply(0, known, currency=currency, currency_digits=False)
    before, _, rest = example.partition("0")
    after = rest.lstrip("0" + get_decimal_symbol(known))
    texts = (f"{before} " if before == currency else before, after, get_decimal_symbol(known), get_group_symbol(known))
    before, after, decimals, thousands = (text.translate(_BLANKS | _MARKS) for text in texts)
    return AmountStyle(before, after, decimals, thousands, *pattern.grouping)


@lru_cache(8)
def babel_locale(name: str) -> Locale:
    """Return Babel's locale of that name, or English if it is unknown."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(name)
    except (UnknownLocaleError, ValueError):
        return Locale("en")
