"""Where the dashboard works: which book, whose clock, what may be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core import when
from crm_cli.queries.agenda import Day

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from crm_cli.core.reading import Reading


class Desk(NamedTuple):
    """The surroundings of a run of the dashboard. ``clock`` gives the present moment, aware."""

    path: Path
    zone: str
    region: str
    clock: Callable[[], datetime]
    editor: str = ""
    theme: str = ""
    locale: str = "en"
    currency: str = ""
    readonly: bool = False

    @property
    def now(self) -> datetime:
        """The present moment."""
        return self.clock()

    @property
    def now_utc(self) -> str:
        """The present moment as the book writes it."""
        return when.utc(self.clock())

    @property
    def today(self) -> str:
        """The local day."""
        return when.today(self.clock(), self.zone)

    @property
    def reading(self) -> Reading:
        """How the days and amounts that somebody types are read."""
        from crm_cli.core.reading import Reading
        from crm_cli.render.money import spelling

        return Reading(self.clock(), self.zone, spelling(self.currency, self.locale, self.region))

    @property
    def day(self) -> Day:
        """When the agenda is asked for."""
        return Day(self.now_utc, self.today, self.zone)
