"""Instants, time zones and plans: conversion to and from the stored form ``2026-01-02T03:04:05Z``.

A local time that a clock change skips or repeats is read as zoneinfo's fold=0: with the offset before the change.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.errors import UsageError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


class When(NamedTuple):
    """A planned or past moment: a day with or without a time ``15:00``, in a named zone."""

    date: str
    time: str | None
    zone: str


def plan(due_date: str | None, due_time: str | None, zone: str | None) -> When | None:
    """Return the due time that is stored in these columns."""
    return When(due_date, due_time, zone or "UTC") if due_date else None


def zone_of(zone: str) -> ZoneInfo:
    """Return a named time zone. Raises UsageError for an unknown one."""
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as err:
        raise UsageError(f"there is no time zone {zone!r}; write one like Asia/Kolkata") from err


def is_zone(text: str) -> bool:
    """Is this the name of a zone in the IANA database?"""
    try:
        zone_of(text)
    except UsageError:
        return False
    return True


def is_day(text: str) -> bool:
    """Is this a day as it is stored, in the form 2026-11-29?"""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def utc(moment: datetime) -> str:
    """Return an aware datetime as the stored instant ``2026-01-02T03:04:05Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def local(text_utc: str, zone: str) -> datetime:
    """Return a stored instant as a datetime in a zone."""
    return datetime.fromisoformat(text_utc).astimezone(zone_of(zone))


def iso_local(text_utc: str, zone: str) -> str:
    """Return a stored instant as ISO 8601 with the zone's offset."""
    return local(text_utc, zone).isoformat(timespec="seconds")


def today(now: datetime, zone: str) -> str:
    """Return the current day in a zone."""
    return now.astimezone(zone_of(zone)).date().isoformat()


def due_utc(when_date: str, when_time: str | None, zone: str) -> str:
    """Return the instant of a plan; without a time, the last second of that day in UTC, used only for sorting.

    A plan without a time means that day in the user's zone, wherever they are. A time that a clock change skips becomes
    one hour later; a repeated time is the first of the two.
    """
    if when_time is None:
        return f"{when_date}T23:59:59Z"
    return utc(_on_clock(when_date, time.fromisoformat(when_time), zone))


def day_end(day: str, zone: str) -> str:
    """Return the instant of the last second of a local day."""
    return utc(_on_clock(day, time(23, 59, 59), zone))


def ahead_of(when: When, minutes: int) -> str:
    """Return the instant that is ``minutes`` before a moment; without a time, the moment is midnight.

    Whole days are calendar days: a day before 09:00 is 09:00, even across a clock change.
    """
    days, rest = divmod(minutes, 24 * 60)
    clock = time.fromisoformat(when.time or "00:00")
    moment = _on_clock((date.fromisoformat(when.date) - timedelta(days=days)).isoformat(), clock, when.zone)
    return utc(moment.astimezone(UTC) - timedelta(minutes=rest))


def _on_clock(day: str, clock: time, zone: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), clock, zone_of(zone))


def instant(when: When, now: datetime) -> str:
    """Return the instant of a past event; without a time it is now if the day is today, else noon."""
    if when.time is None and when.date == today(now, when.zone):
        return utc(now)
    return due_utc(when.date, when.time or "12:00", when.zone)
