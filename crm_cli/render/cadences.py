"""Cadence and rhythm in words, as columns and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_cli.core import cadence
from crm_cli.core.cadence import days_late, next_on, silent_since
from crm_cli.render.activities import day_words
from crm_cli.render.tables import Column
from crm_cli.render.words import counted

if TYPE_CHECKING:
    from crm_cli.core.daily import Rhythm, ToReach

_UNITS = {"d": "day", "w": "week", "m": "month", "y": "year"}


def span_words(every: str) -> str:
    """Return a span in words: ``6 weeks``."""
    return counted(int(every[:-1]), _UNITS[every[-1]])


def every_words(every: str) -> str:
    """Return how often: ``every 6 weeks``, ``every month``."""
    return f"every {span_words(every).removeprefix('1 ')}"


def sentence(found: Rhythm, today: str, zone: str) -> str:
    """Return a person's cadence and rhythm for a briefing.

    ``Every 6 weeks; last reached 12 Oct; next by 23 Nov, 6 days late``, or the arithmetic of a silence.
    """
    words = [_cadence(found), _last(found, today, zone), _next(found, today, zone), silence(found, today, zone)]
    text = "; ".join(word for word in words if word)
    return text[:1].upper() + text[1:]


def _cadence(found: Rhythm) -> str:
    often = every_words(found.every) if found.every else ""
    return f"{often} (tag {found.tag})" if found.tag else often


def _last(found: Rhythm, today: str, zone: str) -> str:
    if not found.last_reach:
        return "never reached"
    return f"last reached {day_words(cadence.day_of(found.last_reach, zone), today)}"


def _tried(found: Rhythm, today: str, zone: str) -> str:
    """Return the last attempt since they were reached: ``, tried 13 Nov``."""
    if not found.last_attempt or found.last_attempt < (found.last_reach or ""):
        return ""
    return f", tried {day_words(cadence.day_of(found.last_attempt, zone), today)}"


def _next(found: Rhythm, today: str, zone: str) -> str:
    day = next_on(found, zone)
    if found.paused and (not day or (found.until or "") > today):
        return f"paused until {day_words(found.until, today)}" if found.until else "paused"
    return f"next by {day_words(day, today)}{_late(found, today, zone)}" if day else ""


def _late(found: Rhythm, today: str, zone: str) -> str:
    late = days_late(found, today, zone)
    return f", {counted(late, 'day')} late" if late else ""


def silence(found: Rhythm, today: str, zone: str) -> str:
    """Return the arithmetic of an unusual silence: ``usually within 23 days (9 of 10 gaps), now 41``; else ``""``."""
    since = silent_since(found, zone)
    if not since or since > today:
        return ""
    return rhythm_words(found, today, zone)


def rhythm_words(found: Rhythm, today: str, zone: str) -> str:
    """Return the arithmetic of a rhythm: ``usually within 23 days (9 of 10 gaps), now 12``."""
    if found.usual is None or not found.last_reach:
        return ""
    gaps = found.reaches - 1
    now = cadence.between(cadence.day_of(found.last_reach, zone), today)
    return f"usually within {counted(found.usual, 'day')} ({cadence.rank(gaps)} of {gaps} gaps), now {now}"


def late_words(found: Rhythm, today: str, zone: str) -> str:
    """Return when a person is to be reached: ``6 days late``, ``today``, ``silent``, ``paused`` or a day."""
    day = next_on(found, zone)
    if not day:
        return "paused" if found.paused else "silent"
    late = days_late(found, today, zone)
    return f"{late} days late" if late > 1 else day_words(day, today)


def reason(found: ToReach, today: str, zone: str) -> str:
    """Return the number to call, and why: ``+91 98200 12345 · every 6 weeks, last reached 12 Oct, tried 20 Nov``.

    The number of a person who must not be called is not given.
    """
    why = silence(found.rhythm, today, zone)
    if not why:
        why = f"{_cadence(found.rhythm)}, {_last(found.rhythm, today, zone)}{_tried(found.rhythm, today, zone)}"
    phone = "" if "phone" in found.stopped else found.phone
    return " · ".join(filter(None, (phone, why)))


def card(found: Rhythm, zone: str) -> dict[str, Any] | None:
    """Return the JSON of a person's cadence; None if they have none."""
    if not (found.every or found.paused):
        return None
    return {
        "every": found.every,
        "own": found.own or None,
        "tag": found.tag or None,
        "next": next_on(found, zone),
        "paused": found.paused,
        "paused_until": found.until,
    }


def facts(found: ToReach, today: str, zone: str) -> dict[str, Any]:
    """Return the JSON of why a person is to be reached."""
    last = found.rhythm.last_reach
    return {
        "cadence": card(found.rhythm, zone),
        "days_late": days_late(found.rhythm, today, zone),
        "usual_days": found.rhythm.usual,
        "silent_days": cadence.between(cadence.day_of(last, zone), today) if last else None,
        "why": reason(found._replace(phone=""), today, zone),
    }


LIST = ("id", "name", "company", "every", "last-reach", "next", "late")
"""The default columns of ``crm cadence list``."""


def columns(today: str, zone: str, *, spoken: bool) -> tuple[Column[ToReach], ...]:
    """Return the columns of a list of cadences; ``spoken``: days in words, for people."""

    def day(text: str | None) -> str:
        return (day_words(text, today) if spoken else text) if text else ""

    def last(text: str | None) -> str:
        return day(cadence.day_of(text, zone)) if text else ""

    def late(row: ToReach) -> str:
        return str(days_late(row.rhythm, today, zone) or "")

    return (
        Column("id", lambda row: str(row.person.id), right=True),
        Column("name", lambda row: row.person.name, grow=1, least=14),
        Column("company", lambda row: row.person.company, grow=2, least=10),
        Column("every", lambda row: row.rhythm.every),
        Column("from", lambda row: f"tag:{row.rhythm.tag}" if row.rhythm.tag else ""),
        Column("last-reach", lambda row: last(row.rhythm.last_reach)),
        Column("last-attempt", lambda row: last(row.rhythm.last_attempt)),
        Column("next", lambda row: day(next_on(row.rhythm, zone)) or _paused(row.rhythm)),
        Column("late", late, right=True),
        Column("phone", lambda row: row.phone),
        Column("stopped", lambda row: ", ".join(row.stopped)),
    )


def _paused(found: Rhythm) -> str:
    return "paused" if found.paused else ""
