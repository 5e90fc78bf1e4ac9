"""Dates of birthdays and anniversaries, in the ISO 8601 forms that vCards use (RFC 6350 section 4.3)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from crm_cli.core.records import Property
from crm_cli.formats.anniversaries import is_anniversary
from crm_cli.formats.vcard.labels import of_apple

NO_YEAR = frozenset(("1604", "0000", "0001"))
"""Years that Apple (1604), Google and Outlook write for an unknown year."""

_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:[T ].*)?", re.ASCII)
_LOOSE = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ].*)?", re.ASCII)
"""Not ISO 8601, but the year comes first, so the month is next."""
_YEARLESS = re.compile(r"--(\d{2})-?(\d{2})(?:[T ].*)?", re.ASCII)


def day(text: str, *, omitted: str = "") -> str | None:
    """Return ``2026-11-22`` or ``--11-22``, or None if the text is not a complete date.

    ``omitted`` is the year that means "unknown" (Apple's X-APPLE-OMIT-YEAR). 1604 without it means the same, because
    no living person was born then.
    """
    text = text.strip()
    if match := _YEARLESS.fullmatch(text):
        return yearless(match[1], match[2])
    if match := _DAY.fullmatch(text):
        year, month, number = match.groups()
    elif match := _LOOSE.fullmatch(text):
        year, month, number = match[1], match[3].zfill(2), match[4].zfill(2)
    else:
        return None
    if year == omitted or year in NO_YEAR:
        return yearless(month, number)
    return _valid(f"{year}-{month}-{number}")


def apple_anniversaries(properties: Iterable[Property]) -> dict[str, str]:
    """Return group -> day for Apple's X-ABDATEs whose group has an X-ABLabel that means anniversary."""
    properties = list(properties)
    if not any(each.name.upper() == "X-ABDATE" for each in properties):
        return {}
    labels = {each.group.lower(): each.value for each in properties if each.name.upper() == "X-ABLABEL" and each.group}
    return {
        each.group.lower(): found
        for each in properties
        if each.name.upper() == "X-ABDATE"
        and is_anniversary(of_apple(labels.get(each.group.lower(), "")))
        and (found := day(each.value))
    }


def yearless(month: str, number: str) -> str | None:
    """Return ``--MM-DD`` if that day exists in any year."""
    return f"--{month}-{number}" if _valid(f"2000-{month}-{number}") else None


def _valid(text: str) -> str | None:
    try:
        date.fromisoformat(text)
    except ValueError:
        return None
    return text
