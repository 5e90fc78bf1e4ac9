"""How user input is parsed: the user's clock, time zone and format of amounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core.money import Spelling

if TYPE_CHECKING:
    from datetime import datetime


class Reading(NamedTuple):
    """How user input is parsed: the current time and zone for days, the spelling for amounts."""

    now: datetime
    zone: str
    spelling: Spelling = Spelling()
