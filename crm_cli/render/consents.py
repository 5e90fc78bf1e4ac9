"""Consent in words: a warning beside a person, and the line of a card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core.consent import STOPPED
from crm_cli.render.activities import day_words

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from crm_cli.core.daily import Activity
    from crm_cli.core.records import Consent

VERBS = {"phone": "call", "email": "email"}
"""channel -> what is done by it, in the order of a warning."""


def verbs(channels: Collection[str]) -> str:
    """Return ``call``, ``email`` or ``call or email``."""
    return " or ".join(verb for channel, verb in VERBS.items() if channel in channels)


def warning(stopped: Collection[str]) -> str:
    """Return ``do not call``, ``do not call or email``; ``""`` if no channel is stopped."""
    return f"do not {verbs(stopped)}" if stopped else ""


_NEEDED = {"call": ("phone",), "email": ("email",)}
"""kind of activity -> the channel it needs; others may use any."""


def of_activity(found: Activity, stopped: Mapping[int, tuple[str, ...]]) -> str:
    """Return which of an activity's people must not be called or mailed, or ``""``; the only one needs no name."""
    needed = _NEEDED.get(found.kind, tuple(VERBS))
    warnings = (
        (warning([one for one in stopped.get(person.id, ()) if one in needed]), person.name) for person in found.people
    )
    alone = len(found.people) == 1
    return ", ".join(words if alone else f"{words} {name}" for words, name in warnings if words)


def sentence(found: Consent, today: str) -> str:
    """Return ``Do not call (since Fri 27 Nov, by letter)`` or ``May email (since …)``."""
    may = "Do not" if found.state == STOPPED else "May"
    since = ", ".join(filter(None, (f"since {day_words(found.on, today)}", found.source)))
    return f"{may} {VERBS[found.channel]} ({since})"
