"""What is scheduled: a command for a book, and when it runs."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NamedTuple

from crm_cli.core.date_words import take_clock
from crm_cli.core.days import duration_minutes
from crm_cli.errors import UsageError

TASKS = ("digest", "remind")

INHERITED = ("TZ", "XDG_CONFIG_HOME")
"""Environment variables that decide about the zone and the settings, and that cron does not have."""

HOURS = 4
"""In how many hours a digest by mail is tried: the mail server may be busy, or the machine off, at the first."""

_MINUTES = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60, 120, 180, 240, 360, 480, 720)


class Timing(NamedTuple):
    """Every ``every`` minutes, or (0) each day at ``minute`` past ``hour`` and past some of the following hours."""

    every: int = 0
    hour: int = 0
    minute: int = 0
    hours: int = 1

    @property
    def last(self) -> int:
        """The last hour of the day in which it runs."""
        return min(23, self.hour + self.hours - 1)


class Entry(NamedTuple):
    """A command that is scheduled for a book. ``by`` is ``cron`` or ``systemd``; ``when`` is written as they do."""

    task: str
    book: str
    when: str
    command: str
    by: str


class Job(NamedTuple):
    """A command to schedule: the words after the program, and the environment that it needs."""

    task: str
    book: Path
    timing: Timing
    options: tuple[str, ...]

    @property
    def argv(self) -> list[str]:
        """The program and its arguments; all paths are absolute."""
        return [*program(), "--quiet", "--book", str(self.book), self.task, *self.options]

    @property
    def environment(self) -> dict[str, str]:
        """The variables of this environment that the command needs too."""
        return {name: value for name in INHERITED if (value := os.environ.get(name, ""))}


def program() -> list[str]:
    """Return the absolute path of the installed command, or Python and the module if it is not installed."""
    python = Path(sys.executable).absolute()
    script = python.with_name("crm")
    return [str(script)] if os.access(script, os.X_OK) else [str(python), "-m", "crm_cli"]


def daily(text: str, hours: int) -> Timing:
    """Parse a time of day. Raises UsageError."""
    rest, clock = take_clock(text.lower().split())
    if clock is None or rest:
        raise UsageError(f'--at: "{text}" is not a time of day', hint="as in 07:30")
    return Timing(0, int(clock[:2]), int(clock[3:]), hours)


def repeated(text: str) -> Timing:
    """Parse an interval. Raises UsageError unless it divides an hour or a day."""
    minutes = duration_minutes(text.lower().strip())
    if minutes not in _MINUTES:
        known = ", ".join(f"{each}m" if each < 60 else f"{each // 60}h" for each in _MINUTES)
        raise UsageError(f'--every: "{text}" does not divide an hour or a day', hint=f"one of: {known}")
    return Timing(minutes or 0)
