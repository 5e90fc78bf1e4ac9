"""The records that pass between layers: frozen and plain, without behaviour.

Text is never ``None`` (missing text is ``""``); an unknown number, date or link is ``None``; a list is a tuple.
Dates are ISO 8601 text: a day ``2026-11-22``, a birthday with or without its year (``--11-22``), an instant in
UTC ``2026-11-22T09:30:00Z``.
"""

# No `from __future__ import annotations` here: NamedTuple would compile each annotation, 2 ms of every command.
from typing import NamedTuple

from crm_cli.core.daily import Activity, Person, Rhythm


class NameParts(NamedTuple):
    """The components of a person's name (vCard N, RFC 6350 section 6.2.2)."""

    prefix: str = ""
    given: str = ""
    additional: str = ""
    family: str = ""
    suffix: str = ""


class Point(NamedTuple):
    """A contact point. ``kind`` is email, phone, url, social or im; ``norm`` is the normalized value, for comparisons.

    ``norm`` is the lower-case address of an e-mail, the E.164 form of a phone (``""`` if it has none), else ``""``.
    ``service`` names the network of a social or im point. ``params`` holds the vCard group and parameters that we do
    not model: a JSON object as text, ``{"group": "item1", "params": "X-A=b;X-C=d"}``, or ``""``.
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
    """A vCard property that we do not model, as imported: ``[group.]NAME[;params]:value`` unfolded.

    ``params`` is the text between the name and the colon without its leading ``;``; ``value`` is still escaped.
    """

    name: str
    value: str
    params: str = ""
    group: str = ""


class Consent(NamedTuple):
    """A person's word on a channel: ``stopped`` if they must not be reached by it, ``allowed`` if they agreed.

    ``on`` is the day, ``""`` in a draft whose file does not have it; ``source`` is who or what said so.
    """

    channel: str
    state: str = "stopped"
    on: str = ""
    source: str = ""
    id: int | None = None


class Draft(NamedTuple):
    """A person or a company as entered or imported, before it is in the book.

    ``kind`` is ``person`` or ``company``, or ``group`` for a tag with its members. ``uid`` is the record's key in its
    source (a vCard UID, an id in another product), or ``""``; ``company_key`` is that of their company. ``custom``
    holds (column, value) pairs that match no field. ``line`` is the 1-based line of the file where the record began,
    ``raw`` its cells or lines, for the file of rejected rows. ``card`` holds the lines between BEGIN and END if they
    alone define the whole draft. ``own_uid`` and ``own_revision`` identify the record and revision that an export of
    ours was made from. ``is_earlier``: a lead that became the contact with this ``uid``.
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
    consents: tuple[Consent, ...] = ()
    company_key: str = ""
    line: int = 0
    raw: tuple[str, ...] = ()
    card: str = ""
    own_uid: str = ""
    own_revision: int | None = None
    is_earlier: bool = False


class Problem(NamedTuple):
    """A record or value that could not be read, or only doubtfully. ``rejected``: the whole record was skipped."""

    line: int
    reason: str
    rejected: bool = False
    raw: tuple[str, ...] = ()


class Employment(NamedTuple):
    """A person's job at a company; it is a former one if ``until`` is set or ``current`` is false."""

    company: str = ""
    company_id: int | None = None
    title: str = ""
    department: str = ""
    since: str | None = None
    until: str | None = None
    current: bool = True
    id: int | None = None


class Relationship(NamedTuple):
    """A relationship of a person to another, as seen from that person: the other is their ``kind``.

    ``name`` and ``uri`` say who the other is; ``person`` is None if they are not known in the book. If it is
    known, ``uid`` is theirs and ``uri`` the UID that other address books know them by.
    ``property`` is the line of the card it was read from. ``is_inverse``: it was recorded for the other person.
    """

    kind: str
    name: str
    person: Person | None = None
    uid: str = ""
    uri: str = ""
    property: str = ""
    is_inverse: bool = False
    id: int | None = None


class Merge(NamedTuple):
    """A record that was merged into ``survivor``: its id, uid and name, and when (a UTC instant)."""

    id: int
    kind: str
    survivor: int
    loser: int
    uid: str
    name: str
    at: str

    @property
    def ref(self) -> str:
        """The printed id that the merged record had."""
        return f"c{self.loser}" if self.kind == "company" else str(self.loser)


class Contact(NamedTuple):
    """A person with all related data, as needed by ``show`` and the JSON card."""

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
    relationships: tuple[Relationship, ...] = ()
    consents: tuple[Consent, ...] = ()
    last_reach: str | None = None
    last_attempt: str | None = None
    next_step: Activity | None = None
    cadence: str = ""
    """Their own cadence, without those of tags."""
    rhythm: Rhythm | None = None
    merged: tuple[Merge, ...] = ()
    """The records that were merged into this one."""


class Company(NamedTuple):
    """An organisation with all related data."""

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
    merged: tuple[Merge, ...] = ()


class ChangeInfo(NamedTuple):
    """One entry of the journal. ``subjects`` are printed ids (``12``, ``c4``, ``a31``)."""

    id: int
    at: str
    origin: str
    verb: str
    state: str
    rows: int
    subjects: tuple[str, ...] = ()
