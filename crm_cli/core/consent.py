"""Consent: by which channels a person may be reached. What is not recorded is not stopped.

Imports nothing: completion needs its words before `typing` is imported.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm_cli.core.records import Consent

CHANNELS = ("email", "phone")
ALL = "all"
STOPPED, ALLOWED = "stopped", "allowed"
STATES = (STOPPED, ALLOWED)
WORDS = (*CHANNELS, ALL)
"""What a command, a column or a question takes for channels."""


def channels_of(word: str) -> tuple[str, ...]:
    """Return the channels that a word names; ``()`` if it is not one of ``WORDS``."""
    return CHANNELS if word == ALL else tuple(channel for channel in CHANNELS if channel == word)


def stopped(consents: Iterable[Consent]) -> tuple[str, ...]:
    """Return the channels that a person must not be reached by, in the order of ``CHANNELS``."""
    found = {each.channel for each in consents if each.state == STOPPED}
    return tuple(channel for channel in CHANNELS if channel in found)
