"""The context of a run, for every face: the book, the clock, the time zone, the region and the locale."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from crm_cli import config as settings
from crm_cli.core import instants

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime
    from pathlib import Path

    from crm_cli.core.activities import Step
    from crm_cli.core.instants import When
    from crm_cli.core.reading import Reading
    from crm_cli.core.recurrence import Every
    from crm_cli.queries.agenda import Day


class Session:
    """The context of a run. ``clock`` returns the current time as an aware datetime.

    Values that are not given come from the settings.
    """

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
        """The path of the book."""
        return self._path or settings.book_path()

    @cached_property
    def zone(self) -> str:
        """The IANA time zone in effect."""
        return settings.zone_name(self.config) if self._zone is None else self._zone

    @cached_property
    def region(self) -> str:
        """The country assumed for phone numbers without a prefix."""
        return settings.region(self.config) if self._region is None else self._region

    @cached_property
    def locale(self) -> str:
        """The locale for amounts of money."""
        return settings.locale(self.config) if self._locale is None else self._locale

    @cached_property
    def currency(self) -> str:
        """The currency of amounts without one."""
        return self.config.currency if self._currency is None else self._currency

    @property
    def now(self) -> datetime:
        """The current time."""
        return self.clock()

    @property
    def now_utc(self) -> str:
        """The current time in the book's format (``2026-01-02T03:04:05Z``)."""
        return instants.utc(self.now)

    @property
    def today(self) -> str:
        """Today's date in the local time zone."""
        return instants.today(self.now, self.zone)

    @property
    def day(self) -> Day:
        """The day for which the agenda is read."""
        from crm_cli.queries.agenda import Day

        return Day(self.now_utc, self.today, self.zone)

    @property
    def reading(self) -> Reading:
        """How to parse the dates and amounts that the user types."""
        from crm_cli.core.reading import Reading
        from crm_cli.render.money import spelling

        return Reading(self.now, self.zone, spelling(self.currency, self.locale, self.region), self.working)

    @property
    def working(self) -> Collection[int]:
        """The weekdays that are working days; Monday is 0."""
        from crm_cli.core import date_words

        if not self.config.working_days:
            return date_words.WORKING_WEEK
        from crm_cli.core import delivery

        return delivery.working_days(self.config.working_days)

    def moment(self, text: str, *, past: bool = False, spans: bool = False, base: When | None = None) -> When:
        """Parse a time as `core.when.parse` does. Raises UsageError."""
        from crm_cli.core import when

        return when.parse(text, now=self.now, zone=self.zone, past=past, spans=spans, base=base, working=self.working)

    def rule(
        self, text: str, due: When | None = None, *, typed: str = "", completed: bool = False
    ) -> tuple[Every, When]:
        """Parse the rule of a new series; return it and when its first activity is due. Raises UsageError.

        That is ``due``, or else the first day of the rule from today on; see `core.series.read` for ``completed``.
        If ``due`` was ``typed`` as ``eom``, a rule of months is for their last days, whichever number that is.
        """
        from crm_cli.core import day_phrases, recurrence, series

        every, first = series.read(text, due, self.reading, completed=completed)
        return (recurrence.on_month_ends(every) if day_phrases.says_month_end(typed) else every), first

    def step(self, text: str) -> Step:
        """Parse a next step, ``fri 3pm: send the quote`` or ``every friday: send the report``. Raises UsageError."""
        from crm_cli.core import activities

        due, subject = activities.parse_next(text)
        if not activities.is_rule(due):
            return activities.Step(subject, self.moment(due))
        every, first = self.rule(due, completed=True)
        return activities.Step(subject, first, every)


def finish_erasure(path: Path, origin: str) -> str:
    """Finish an erasure that was interrupted; return what became of it.

    Whatever prevents that does not prevent what the user is about to do: the next command tries again.
    """
    import sqlite3

    from crm_cli.errors import CrmError, translated
    from crm_cli.services.erasing import run

    try:
        done = run.finish(path, origin=origin)
    except (CrmError, OSError, sqlite3.Error) as error:
        return f"an erasure is pending and cannot be finished now: {translated(error)}"
    naming = "".join(f"; {file} still names them" for file in done.untouched)
    return f"an erasure that was interrupted is finished{naming}"
