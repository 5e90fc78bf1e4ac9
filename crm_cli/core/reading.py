"""How user input is parsed: the user's clock, time zone and format of amounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core.date_words import WORKING_WEEK
from crm_cli.core.money import Spelling

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime


class Reading(NamedTuple):
    """How user input is parsed: the current time, zone and working days for days, the spelling for amounts."""

    now: datetime
    zone: str
    spelling: Spelling = Spelling()
    working: Collection[int] = WORKING_WEEK
