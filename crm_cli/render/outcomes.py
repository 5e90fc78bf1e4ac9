"""The result of a write in a sentence: the due date, the next step, the people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core import activities as rules
from crm_cli.core.kinds import ACTIVITY, DEAL
from crm_cli.render.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from crm_cli.core.records import Activity

HALF_A_YEAR = 183
"""From this many days, a date in the next year is marked: ``20 nov`` typed on 22 November is probably a mistake."""


def due_words(record: Activity, today: str) -> str:
    """Return `` → Fri 27 Nov 2026 15:00``: the due date as it was understood."""
    if not record.due_date:
        return ""
    from datetime import date

    day, now = date.fromisoformat(record.due_date), date.fromisoformat(today)
    far = " (next year)" if day.year == now.year + 1 and (day - now).days > HALF_A_YEAR else ""
    return f" → {day:%a} {day.day} {day:%b %Y}{far}" + (f" {record.due_time}" if record.due_time else "")


def past_due_words(record: Activity) -> str:
    """Return ``a31 is snoozed past its due date 2026-11-27`` if it is, else ``""``."""
    if not record.due_utc or not record.hidden_until or record.hidden_until <= record.due_utc:
        return ""
    return f"a{record.id} is snoozed past its due date {record.due_date}" + (
        f" {record.due_time}" if record.due_time else ""
    )


ALONG = (ACTIVITY, DEAL)
"""The kinds of record that are removed with their person."""


def along_words(counts: Mapping[str, int]) -> str:
    """Return `` with 3 activities, 1 deal``: the records that are removed with those named."""
    gone = [(counts[kind.name], kind) for kind in ALONG if counts.get(kind.name)]
    words = ", ".join(counted(number, kind.singular, kind.plural) for number, kind in gone)
    return f" with {words}" if words else ""


def next_words(steps: Iterable[Activity], today: str) -> str:
    """Return ``; next a13 ask → Mon 23 Nov 2026`` for each planned step."""
    return "".join(f"; next a{step.id} {step.subject}{due_words(step, today)}" for step in steps)


def with_words(record: Activity) -> str:
    """Return `` with Asha Verma (Acme)``: the person of an activity, or the sender or recipient of a message."""
    written = record.kind in rules.WRITTEN and record.direction
    word = {"in": "from", "out": "to"}[record.direction] if written else "about" if record.kind == "note" else "with"
    if not record.people:
        return f" {word} {record.company}" if record.company else ""
    first = record.people[0]
    who = f"{first.name} ({first.company})" if first.company else first.name
    return f" {word} {who}" + (f" and {len(record.people) - 1} more" if len(record.people) > 1 else "")


def deal_words(record: Activity) -> str:
    """Return `` (d7 Tea tins)``: the deal that an activity belongs to."""
    return f" (d{record.deal_id} {record.deal})" if record.deal_id else ""
