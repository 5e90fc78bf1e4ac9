"""Who is asking, when and where: the book, the clock, the zone, the region and the locale, for every face."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from crm_cli import config as settings
from crm_cli.core import when

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from crm_cli.core.reading import Reading
    from crm_cli.queries.agenda import Day


class Session:
    """The surroundings of a run. ``clock`` returns the present moment, aware; what is not given is in the settings."""

    def __init__(
        self,
        path: Path | None = None,
        zone: str | None = None,
        region: str | None = None,
        clock: Callable[[], datetime] = settings.now,
        *,
        editor: str = "",
        theme: str = "",
        locale: str | None = None,
        currency: str | None = None,
        readonly: bool = False,
    ) -> None:
        self._path, self._zone, self._region = path, zone, region
        self._locale, self._currency = locale, currency
        self.clock = clock
        self.editor, self.theme, self.readonly = editor, theme, readonly

    @cached_property
    def config(self) -> settings.Config:
        """The user's settings."""
        return settings.load()

    @cached_property
    def path(self) -> Path:
        """The book's file."""
        return self._path or settings.book_path()

    @cached_property
    def zone(self) -> str:
        """The IANA time zone in force."""
        return settings.zone_name(self.config) if self._zone is None else self._zone

    @cached_property
    def region(self) -> str:
        """The country whose phone numbers need no prefix."""
        return settings.region(self.config) if self._region is None else self._region

    @cached_property
    def locale(self) -> str:
        """The locale in which amounts of money are shown."""
        return settings.locale(self.config) if self._locale is None else self._locale

    @cached_property
    def currency(self) -> str:
        """The currency of an amount without one."""
        return self.config.currency if self._currency is None else self._currency

    @property
    def now(self) -> datetime:
        """The present moment."""
        return self.clock()

    @property
    def now_utc(self) -> str:
        """The present moment as the book writes it."""
        return when.utc(self.now)

    @property
    def today(self) -> str:
        """The local day."""
        return when.today(self.now, self.zone)

    @property
    def day(self) -> Day:
        """When the agenda is asked for."""
        from crm_cli.queries.agenda import Day

        return Day(self.now_utc, self.today, self.zone)

    @property
    def reading(self) -> Reading:
        """How the days and amounts that the user types are read."""
        from crm_cli.core.reading import Reading
        from crm_cli.render.money import spelling

        return Reading(self.now, self.zone, spelling(self.currency, self.locale, self.region))
