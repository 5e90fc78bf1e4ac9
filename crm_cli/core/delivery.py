"""The settings of delivery as typed values: routes, ports, quiet hours, working days. Errors name the setting."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core.date_words import DAY_NAMES
from crm_cli.core.instants import due_utc, local
from crm_cli.core.mailboxes import Mailbox, mailboxes
from crm_cli.core.text.folding import similar
from crm_cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection

ROUTES = ("print", "desktop", "mail", "command")
"""The ways in which a message can be delivered."""

PORTS = {"starttls": 587, "tls": 465, "none": 25}
"""How a connection to a mail server is encrypted -> its usual port (RFC 8314, RFC 6409)."""

LONGEST_WAIT = 600
"""The longest time-out that can be set, in seconds."""


class QuietHours(NamedTuple):
    """A time of day without reminders, in minutes after midnight. If ``end`` is before ``begin``, it spans midnight."""

    begin: int
    end: int

    def ends(self, minute: int) -> int | None:
        """Return in how many days these hours end (0 or 1) if a minute of the day is in them, else None."""
        if self.begin < self.end:
            return 0 if self.begin <= minute < self.end else None
        if minute >= self.begin:
            return 1
        return 0 if minute < self.end else None


def released(moment: str, zone: str, quiet: QuietHours | None, working: Collection[int]) -> str:
    """Return the first instant from ``moment`` on that is outside the quiet hours and on one of the ``working`` days.

    Without working days, every day is one.
    """
    for _ in range(16):  # a week of days off, and the quiet hours before and after it
        here = local(moment, zone)
        later = quiet.ends(here.hour * 60 + here.minute) if quiet else None
        if working and here.weekday() not in working:
            end = _at(here.date() + timedelta(days=1), 0, zone)
        elif quiet and later is not None:
            end = _at(here.date() + timedelta(days=later), quiet.end, zone)
        else:
            break
        moment = max(moment, end)  # an hour that a clock change repeats is read as its first occurrence
    return moment


def _at(day: date, minute: int, zone: str) -> str:
    return due_utc(day.isoformat(), f"{minute // 60:02}:{minute % 60:02}", zone)


def routes(text: str) -> tuple[str, ...]:
    """Return the routes of ``desktop, mail``, in order. Raises UsageError."""
    found = tuple(dict.fromkeys(word.lower() for word in re.split(r"[\s,]+", text) if word))
    for word in found:
        if word not in ROUTES:
            near = similar(word, ROUTES, 1)
            hint = f"did you mean {near[0]}?" if near else "routes: " + ", ".join(ROUTES)
            raise UsageError(f"remind_routes: there is no route {word}", hint=hint)
    return found


def security(text: str) -> str:
    """Return how the connection to the mail server is encrypted. Raises UsageError."""
    if text.lower() not in PORTS:
        raise UsageError(f'smtp_security: "{text}" is not known', hint="one of: " + ", ".join(PORTS))
    return text.lower()


def port(text: str) -> int:
    """Return a port number. Raises UsageError."""
    if not _is_number(text) or not 1 <= int(text) <= 65535:
        raise UsageError(f'smtp_port: "{text}" is not a port', hint="a number from 1 to 65535, as in 587")
    return int(text)


def timeout(text: str) -> float:
    """Return a time-out in seconds. Raises UsageError."""
    if not re.fullmatch(r"\d{1,3}(\.\d{1,3})?", text, re.ASCII) or not 0 < float(text) <= LONGEST_WAIT:
        hint = f"seconds, at most {LONGEST_WAIT}, as in 30"
        raise UsageError(f'delivery_timeout: "{text}" is not a time-out', hint=hint)
    return float(text)


_ADDRESS = re.compile(r"""[^\s<>()\[\],;:"\\@\x00-\x1f\x7f-\x9f]+@[^\s<>()\[\],;:"\\@\x00-\x1f\x7f-\x9f]+""")


def mailbox(text: str, setting: str) -> Mailbox:
    """Return the one address of ``Asha Rao <asha@rao.in>``, with the name. Raises UsageError."""
    found = mailboxes(text)
    if len(found) != 1 or not _ADDRESS.fullmatch(found[0].address) or found[0].address.startswith("-"):
        raise UsageError(f'{setting}: "{text}" is not an e-mail address', hint="as in asha@rao.in")
    return found[0]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


_HOURS = re.compile(r"(\d{1,2})(?::(\d\d))?\s*-\s*(\d{1,2})(?::(\d\d))?", re.ASCII)


def quiet_hours(text: str) -> QuietHours:
    """Return the hours of ``21:00-07:30``. Raises UsageError."""
    if found := _HOURS.fullmatch(text.strip()):
        hours = [int(found[1]), int(found[3])]
        minutes = [int(found[2] or 0), int(found[4] or 0)]
        begin, end = (hour * 60 + minute for hour, minute in zip(hours, minutes, strict=True))
        if max(hours) < 24 and max(minutes) < 60 and begin != end:
            return QuietHours(begin, end)
    raise UsageError(f'quiet_hours: "{text}" is not a range of times', hint="as in 21:00-07:30")


def working_days(text: str) -> frozenset[int]:
    """Return the weekdays of ``mon-fri`` or ``sun, mon, wed``, as numbers from Monday (0). Raises UsageError."""
    found: set[int] = set()
    for part in re.split(r"\s*,\s*|(?<![\s-])\s+(?![\s-])", text.strip()):
        first, _, last = (word.strip() for word in part.partition("-"))
        found.update(_days(text, first, last or first))
    return frozenset(found)


def _days(text: str, first: str, last: str) -> list[int]:
    """Return the days from ``first`` to ``last``; a range may span the end of the week."""
    numbers = [_weekday(word) for word in (first, last)]
    if None in numbers:
        raise UsageError(f'working_days: "{text}" is not a list of weekdays', hint="as in mon-fri, or sun,mon,wed")
    begin, end = (number or 0 for number in numbers)
    return [(begin + more) % 7 for more in range((end - begin) % 7 + 1)]


def _weekday(word: str) -> int | None:
    """Return the number of a weekday by its first three letters or more, or None."""
    low = word.lower()
    names = enumerate(DAY_NAMES)
    return next((number for number, name in names if len(low) >= 3 and name.lower().startswith(low)), None)
