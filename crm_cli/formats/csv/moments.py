"""Moments in CSV cells: a day with or without a time, as products and spreadsheets write them."""

from __future__ import annotations

import re
from typing import NamedTuple

from crm_cli.formats.csv import dates

_TIME = re.compile(
    r"(?P<day>.*?\d)(?:,? |T)(?:at )?(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?"
    r"\s*(?P<half>[AaPp]\.?\s?[Mm]\.?)?\s*(?P<zone>Z|UTC|GMT|[+-]\d\d:?\d\d)?(?: ?\([^)]*\))?",
    re.DOTALL,
)
_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))?(?::(?P<second>\d\d))?\s*(?P<half>[AaPp]\.?[Mm]\.?)?", re.DOTALL
)


class Moment(NamedTuple):
    """A day, the time of the day (``10:11:12`` or ``""``), and its offset (``Z``, ``+02:00``, or ``""``: local)."""

    day: str
    time: str = ""
    offset: str = ""

    def __str__(self) -> str:
        return f"{self.day}T{self.time}{self.offset}" if self.time else self.day


def day_of(cell: str) -> str:
    """Return the part of a cell that names the day."""
    match = _TIME.fullmatch(cell.strip())
    return match["day"].rstrip(" ,") if match else cell.strip()


def parse(cell: str, day_first: bool) -> Moment | None:
    """Return the moment of a cell; None if there is no day with a year in it."""
    text = cell.strip()
    match = _TIME.fullmatch(text)
    day = dates.parse(day_of(text), day_first)
    if not day or day.startswith("-") or len(day) != len("2026-01-02"):
        return None
    if match is None:
        return Moment(day)
    time = _time(match)
    return Moment(day, time, _offset(match["zone"] or "")) if time else None


def clock(cell: str) -> str:
    """Return a time of the day, ``10:11:12``, or ``""`` if the cell holds none."""
    match = _CLOCK.fullmatch(cell.strip())
    if match is None or not (match["minute"] or match["half"]):
        return ""
    return _time(match)


def _time(match: re.Match[str]) -> str:
    hour, minute, second = int(match["hour"]), int(match["minute"] or 0), int(match["second"] or 0)
    half = (match["half"] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return ""
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return f"{hour:02}:{minute:02}:{second:02}" if hour < 24 and minute < 60 and second < 60 else ""


def _offset(zone: str) -> str:
    if zone in ("Z", "UTC", "GMT"):
        return "Z"
    return f"{zone[:3]}:{zone[-2:]}" if zone else ""
