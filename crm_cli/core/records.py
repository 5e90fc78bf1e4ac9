"""The records that cross a layer: frozen, plain, without behaviour of their own.

Text is never ``None`` (absent text is ``""``); an unknown number, date or link is ``None``; a list is a tuple.
Dates are ISO 8601 text: a day ``2026-11-22``, a birthday perhaps without its year ``--11-22``, an instant
UTC ``2026-11-22T09:30:00Z``.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any


class NameParts(NamedTuple):
    """The components of a person's name (vCard N, RFC 6350 section 6.2.2)."""

    prefix: str = ""
    given: str = ""
    additional: str = ""
    family: str = ""
    suffix: str = ""


class Point(NamedTuple):
    """A contact point. ``kind`` is email, phone, url, social or im; ``norm`` what it is compared by.

    ``norm`` is the lower-case address of an e-mail, the E.164 form of a phone (``""`` if it has none), else ``""``.
    ``service`` names the network of a social or im point. ``params`` keeps what a vCard said beside the value and
    we do not model: a JSON object text ``{"group": "item1", "params": "X-A=b;X-C=d"}``, or ``""``.
    """

    kind: str
    value: str
    label: str = ""
    preferred: bool = False
    norm: str = ""
    service: str = ""
    state: str = "current"
    params: str = ""
    id: int | None = None


class Address(NamedTuple):
    """A postal address (vCard ADR, RFC 6350 section 6.3.1)."""

    street: str = ""
    extended: str = ""
    po_box: str = ""
    locality: str = ""
    region: str = ""
    code: str = ""
    country: str = ""
    label: str = ""
    preferred: bool = False
    params: str = ""
    id: int | None = None


class Property(NamedTuple):
    """A vCard property that we do not model, as it came in: ``[group.]NAME[;params]:value`` unfolded.

    ``params`` is the text between the name and the colon without its leading ``;``; ``value`` is still escaped.
    """

    name: str
    value: str
    params: str = ""
    group: str = ""


# All values at once, in their order: half the price of calling the class, for who reads a million of them.
new_parts = cast("Callable[[tuple[str, str, str, str, str]], NameParts]", partial(tuple.__new__, NameParts))
new_point = cast(
    "Callable[[tuple[str, str, str, bool, str, str, str, str, int | None]], Point]",
    partial(tuple.__new__, Point),
)
new_address = cast(
    "Callable[[tuple[str, str, str, str, str, str, str, str, bool, str, int | None]], Address]",
    partial(tuple.__new__, Address),
)
new_property = cast("Callable[[tuple[str, str, str, str]], Property]", partial(tuple.__new__, Property))


class Draft(NamedTuple):
    """A person or a company as somebody gave it to us, before it is in the book.

    ``kind`` is ``person`` or ``company``, or ``group`` for a tag on its members. ``uid`` is the record's key in its
    source (vCard UID, another product's id), or ``""``. ``custom`` holds (column, value) pairs we have no field
    for. ``line`` is the 1-based line of the file where it began, ``raw`` its cells or lines for the list of
    rejected rows. ``card`` are the lines between BEGIN and END, where they alone say all of this. ``own_uid`` and
    ``own_revision`` are what an export of ours says of the record it was made from.
    """

    kind: str = "person"
    name: str = ""
    parts: NameParts = NameParts()
    nickname: str = ""
    company: str = ""
    title: str = ""
    department: str = ""
    points: tuple[Point, ...] = ()
    addresses: tuple[Address, ...] = ()
    birthday: str | None = None
    anniversary: str | None = None
    notes: str = ""
    tags: tuple[str, ...] = ()
    custom: tuple[tuple[str, str], ...] = ()
    properties: tuple[Property, ...] = ()
    uid: str = ""
    status: str = ""
    source: str = ""
    language: str = ""
    zone: str = ""
    line: int = 0
    raw: tuple[str, ...] = ()
    card: str = ""
    own_uid: str = ""
    own_revision: int | None = None


new_draft = cast("Callable[[Iterable[Any]], Draft]", partial(tuple.__new__, Draft))


class Money(NamedTuple):
    """An amount in the smallest unit of its currency: 9995 and EUR are 99.95 euros."""

    minor: int
    currency: str


class Problem(NamedTuple):
    """What a reader could not take, or took with a doubt. ``rejected``: the whole record stayed out."""

    line: int
    reason: str
    rejected: bool = False
    raw: tuple[str, ...] = ()


class Employment(NamedTuple):
    """A person's place in a company; ``until`` set or ``current`` false makes it a former one."""

    company: str = ""
    company_id: int | None = None
    title: str = ""
    department: str = ""
    since: str | None = None
    until: str | None = None
    current: bool = True
    id: int | None = None


class Contact(NamedTuple):
    """A person with everything that hangs off them, as ``show`` and the JSON card need it."""

    id: int
    uid: str
    name: str
    parts: NameParts
    nickname: str
    birthday: str | None
    anniversary: str | None
    notes: str
    status: str | None
    source: str | None
    created: str
    updated: str
    revision: int
    language: str | None = None
    zone: str | None = None
    points: tuple[Point, ...] = ()
    addresses: tuple[Address, ...] = ()
    employments: tuple[Employment, ...] = ()
    tags: tuple[str, ...] = ()
    custom: tuple[tuple[str, str], ...] = ()
    properties: tuple[Property, ...] = ()
    last_reach: str | None = None
    last_attempt: str | None = None
    next_step: Activity | None = None


class Company(NamedTuple):
    """An organisation with what hangs off it."""

    id: int
    uid: str
    name: str
    notes: str
    source: str | None
    created: str
    updated: str
    revision: int
    points: tuple[Point, ...] = ()
    addresses: tuple[Address, ...] = ()
    tags: tuple[str, ...] = ()
    custom: tuple[tuple[str, str], ...] = ()
    properties: tuple[Property, ...] = ()
    people: tuple[Person, ...] = ()
    last_reach: str | None = None
    next_step: Activity | None = None


class Person(NamedTuple):
    """Somebody named in a line: who, and what tells them from a namesake."""

    id: int
    name: str
    company: str = ""
    title: str = ""


class Reminder(NamedTuple):
    """The instant ``at`` when an activity asks for attention; ``lead_minutes`` before it is due, None if absolute."""

    at: str
    lead_minutes: int | None = None


class Activity(NamedTuple):
    """Something done, or to be done, with somebody.

    ``kind`` call, meeting, email, message, letter, note, task; ``status`` open, done, cancelled; ``direction`` in,
    out or ``""``; ``reach`` 2 the two really met or the person answered, 1 an attempt, 0 neither. ``at`` is the
    instant it happened; ``due_date``, ``due_time`` and ``zone`` are the plan and ``due_utc`` the moment computed
    from them (end of day when there is no time). A snooze hides it until the instant ``hidden_until``.
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


class Birthday(NamedTuple):
    """Whose birthday comes next: ``on`` the day of the coming one, ``turns`` the age then if the year is known."""

    person: Person
    on: str
    turns: int | None


class ChangeInfo(NamedTuple):
    """One entry of the journal. ``subjects`` are printed refs (``12``, ``c4``, ``a31``)."""

    id: int
    at: str
    origin: str
    verb: str
    state: str
    rows: int
    subjects: tuple[str, ...] = ()
