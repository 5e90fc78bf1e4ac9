"""The records of every day: activities and deals with their people, who is to be reached, celebrations, amounts.

As `core.records`, which holds whole people and companies: apart from them, because lists need no more than these.
"""

# No `from __future__ import annotations` here: NamedTuple would compile each annotation, 2 ms of every command.
from typing import NamedTuple


class Person(NamedTuple):
    """A person as named in a line: the id and name, with company and title to distinguish namesakes."""

    id: int
    name: str
    company: str = ""
    title: str = ""


class Reminder(NamedTuple):
    """A reminder of an activity at the instant ``at``; ``lead_minutes`` before it is due, or None for a fixed time."""

    at: str
    lead_minutes: int | None = None


class Series(NamedTuple):
    """A repeated activity: an RRULE value, its first day, and the time of day in a zone, if it has one.

    ``from_completion``: the next day is counted from the day of completion.
    """

    id: int
    rule: str
    from_completion: bool
    start_on: str
    time: str | None = None
    zone: str | None = None


class Pending(NamedTuple):
    """A link to a record that is not in the book yet: to a contact, a company, a deal, or any of them.

    ``key`` is that record's key in the product that the link came from, ``name`` its name there; one may be ``""``.
    """

    id: int
    target: str
    key: str
    name: str


class Activity(NamedTuple):
    """An activity with people, planned or done.

    ``kind`` is call, meeting, email, message, letter, note or task; ``status`` is open, done or cancelled;
    ``direction`` is in, out or ``""``; ``reach`` is 2 if they met or the person answered, 1 for an attempt, 0 for
    neither. ``at`` is the instant it happened; ``due_date``, ``due_time`` and ``zone`` are the plan, and ``due_utc``
    the instant computed from them (end of day when there is no time). A snoozed activity is hidden until the instant
    ``hidden_until``. ``occurrence`` is the day of its ``series`` that it stands for, even if it was moved.
    """

    id: int
    uid: str
    kind: str
    status: str
    subject: str
    body: str = ""
    direction: str = ""
    outcome: str = ""
    priority: str = ""
    promise: str = ""
    reach: int = 0
    at: str | None = None
    minutes: int | None = None
    due_date: str | None = None
    due_time: str | None = None
    zone: str | None = None
    due_utc: str | None = None
    hidden_until: str | None = None
    reminders: tuple[Reminder, ...] = ()
    company: str = ""
    company_id: int | None = None
    deal: str = ""
    deal_id: int | None = None
    people: tuple[Person, ...] = ()
    created: str = ""
    updated: str = ""
    revision: int = 1
    occurrence: str | None = None
    series: Series | None = None
    custom: tuple[tuple[str, str], ...] = ()
    pending: tuple[Pending, ...] = ()


class Money(NamedTuple):
    """An amount in the smallest unit of its currency: 9995 and EUR are 99.95 euros."""

    minor: int
    currency: str


class Deal(NamedTuple):
    """A deal. ``probability`` is the one in effect, ``own_probability`` the deal's own, without the stage's default.

    ``close`` is the expected closing day, ``closed`` the instant it was won or lost, ``reason`` why; ``since`` is the
    instant it entered its stage. ``next_step`` is the open activity of the deal that is due first.
    """

    id: int
    uid: str
    title: str
    status: str
    stage: str
    stage_id: int
    amount: Money | None = None
    probability: int | None = None
    own_probability: int | None = None
    close: str | None = None
    company: str = ""
    company_id: int | None = None
    people: tuple[Person, ...] = ()
    source: str | None = None
    notes: str = ""
    reason: str = ""
    closed: str | None = None
    since: str = ""
    next_step: Activity | None = None
    created: str = ""
    updated: str = ""
    revision: int = 1
    tags: tuple[str, ...] = ()
    custom: tuple[tuple[str, str], ...] = ()
    pending: tuple[Pending, ...] = ()


class Rhythm(NamedTuple):
    """What a person's cadence and reaches amount to.

    ``every`` is the span that applies, empty without a cadence; ``own`` is their own, and ``tag`` the name of the tag
    that it comes from. ``following`` is the day of the next reach and ``silent`` the first day of an unusual silence,
    both by days in UTC (see `core.cadence`). ``usual`` is their usual gap in days, None after few reaches.
    """

    every: str = ""
    following: str | None = None
    last_reach: str | None = None
    last_attempt: str | None = None
    reaches: int = 0
    usual: int | None = None
    silent: str | None = None
    own: str = ""
    tag: str = ""
    paused: bool = False
    until: str | None = None


class Celebration(NamedTuple):
    """A person's next birthday or anniversary, on the day ``on``.

    ``years`` is the new age, or the years since; None if the year is unknown.
    """

    person: Person
    on: str
    years: int | None


class ToReach(NamedTuple):
    """A person whose next reach is due, or who is silent for unusually long, with the number to call."""

    person: Person
    rhythm: Rhythm
    phone: str = ""
    stopped: tuple[str, ...] = ()
    """The channels that must not be used."""
