"""How what somebody types is read: by their clock, their zone and their way of writing amounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core.money import Spelling

if TYPE_CHECKING:
    from datetime import datetime


class Reading(NamedTuple):
    """How what somebody types is read: their moment and zone for days, their spelling for amounts."""

    now: datetime
    zone: str
    spelling: Spelling = Spelling()
