"""Dates of CSV columns: whether the day or the month comes first is decided per column, never per cell."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date

from crm_cli.formats.vcard.dates import day, yearless

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier",
            "feb february februar",
            "mar march märz",
            "apr april",
            "may mai",
            "jun june juni",
            "jul july juli",
            "aug august",
            "sep sept september",
            "oct october okt oktober",
            "nov november",
            "dec december dez dezember",
        ),
        1,
    )
    for name in names.split()
}
EMPTY = frozenset(("-", "n/a", "null", "(blank)", "--none--", "#n/a", "0/0/00", "[[unknown]]", "0000-00-00", "none"))
"""Cell values that mean "no date"."""
NO_DATE = frozenset(("1900-01-01", "1899-12-30", "0001-01-01", "1604-01-01"))
"""Days that programs write for "no date" (formats reference, section 2.1)."""

MONTH_FIRST = frozenset(["US", "CA", "PH", "PR", "GU", "VI", "AS", "MP", "FM", "MH", "PW", "UM"])
"""Regions that write the month first (Unicode CLDR); everywhere else the day comes first."""

_NUMBERS = re.compile(r"(\d{1,4})([/.\-])(\d{1,2})\2(\d{2,4})(?:[ T].*)?", re.ASCII)
_NUMBERS_YEAR_FIRST = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})(?:[ T].*)?", re.ASCII)
_WORDS = re.compile(r"(?:(\d{1,2})[. \-]+)?([^\W\d_]{3,9})\.?[ \-,]+(?:(\d{1,2}),?[ ]+)?(\d{2,4})?", re.UNICODE)
_PIVOT = 30


def order(cells: Iterable[str]) -> str:
    """Return ``dmy`` or ``mdy`` if the cells show it, ``mixed`` if they show both, ``""`` if they show neither."""
    seen = set()
    for cell in cells:
        match = _NUMBERS.fullmatch(cell.strip())
        if match is None or len(match[1]) == 4:
            continue
        if match[2] == "." or int(match[1]) > 12:
            seen.add("dmy")
        elif int(match[3]) > 12:
            seen.add("mdy")
    return "mixed" if len(seen) == 2 else "".join(seen)


def decided(name: str, cells: Collection[str], guess: str, warnings: list[str]) -> str:
    """Return the order that the ambiguous cells of the column ``name`` show; otherwise the guess, with a warning."""
    shown = order(cells)
    if shown == "mixed":
        warnings.append(
            f"{name}: some dates put the day first, some the month; they were kept as text (--date-order decides)"
        )
    if shown or not cells:
        return shown or "mdy"
    warnings.append(f"{name}: day and month are ambiguous; read as {guess} (--date-order changes it)")
    return guess


def order_of_region(region: str) -> str:
    """Return the order of day and month in a region (``DE``), or ``""`` if the region is unknown."""
    return ("mdy" if region.upper() in MONTH_FIRST else "dmy") if region else ""


def is_ambiguous(cell: str) -> bool:
    """Does the date depend on whether the day or the month comes first?"""
    match = _NUMBERS.fullmatch(cell.strip())
    if match is None or len(match[1]) == 4 or match[2] == ".":
        return False
    return match[1].lstrip("0") != match[3].lstrip("0")


def parse(cell: str, day_first: bool) -> str | None:
    """Return ``2026-11-22`` or ``--11-22``; ``""`` if the cell means "no date"; None if it is not a date."""
    text = cell.strip()
    if text.lower() in EMPTY:
        return ""
    found = day(text) or _numbers(text, day_first) or _words(text)
    return "" if found in NO_DATE or text[:10] in NO_DATE else found


def _numbers(text: str, day_first: bool) -> str | None:
    if match := _NUMBERS_YEAR_FIRST.fullmatch(text):
        return _iso(*match.groups())
    match = _NUMBERS.fullmatch(text)
    if match is None or len(match[1]) > 2:
        return None
    first, separator, second, year = match.groups()
    if day_first or separator == ".":
        first, second = second, first
    return _iso(_full_year(year), first, second)


def _words(text: str) -> str | None:
    """Parse ``02 Jan 2024``, ``7-Feb-22``, ``January 2, 2024``, ``2 March``."""
    match = _WORDS.fullmatch(text)
    month = MONTHS.get(match[2].lower()) if match else None
    number = match and (match[1] or match[3])
    if match is None or month is None or not number:
        return None
    if not match[4]:
        return yearless(f"{month:02}", f"{int(number):02}")
    return _iso(_full_year(match[4]), str(month), number)


def _full_year(year: str) -> str:
    """Expand a two-digit year to the latest such year that a birthday can be in."""
    if len(year) == 2:
        return f"{'20' if int(year) < _PIVOT else '19'}{year}"
    return year


def _iso(year: str, month: str, number: str) -> str | None:
    try:
        date(2000 if int(year) in (0, 1604) else int(year), int(month), int(number))
    except ValueError:
        return None
    return day(f"{int(year):04}-{int(month):02}-{int(number):02}")
