"""The table that defines the file: its sections, the keys of their objects, and the columns these are stored in.

The keys are a superset of those of the documented cards (docs/json.md) and hold every journaled column, so that
importing the file into an empty book gives an equal one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core import kinds, phones
from crm_cli.core.text.folding import fold, sort_key
from crm_cli.formats.book_json import values
from crm_cli.formats.book_json.values import Codec, Row, reference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FORMAT, VERSION = "crm-book", 7
"""Version 2 added deals; 3 several reminders of an activity, and ``hidden_until`` for snoozed ones; 4 relationships;
5 series of activities that repeat, cadences, and consent; 6 tags and custom fields of deals and activities, their keys
in other products, and links that wait for a record; 7 merges, pairs that are not the same, and erasures."""


class Key(NamedTuple):
    """A key of an object (a dot means nesting) and its column.

    If the value is the id of another record, ``to`` is the table of that record.
    """

    key: str
    column: str
    codec: Codec = values.TEXT
    to: str = ""
    optional: bool = False
    """Can a reference be null?"""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A table of rows that belong to a record, written as a list under ``key``.

    ``kinds`` limits a list to some values of the column ``kind``; a single kind is not written to the file.
    """

    table: str
    key: str
    keys: tuple[Key, ...]
    kinds: tuple[str, ...] = ()
    derived: Callable[[Row], Row] | None = None
    """Returns the columns that are computed from others."""


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """A list of the file: records of one kind, their own keys, and the parts that belong to each record."""

    kind: kinds.Kind
    keys: tuple[Key, ...]
    parts: tuple[Part, ...] = ()
    derived: Callable[[Row], Row] | None = None
    """Returns the columns that are computed from others."""

    @property
    def name(self) -> str:
        """The key of the list in the file."""
        return self.kind.listed

    @property
    def table(self) -> str:
        """The table of the records."""
        return self.kind.table

    def tables(self) -> Iterator[tuple[str, str, tuple[Key, ...]]]:
        """Yield each table with rows of a record: its name, the column with the record's id, and its keys."""
        yield self.table, "id", self.keys
        for part in self.parts:
            yield part.table, self.kind.column, part.keys

    def references(self) -> Iterator[tuple[str, str, str, str]]:
        """Yield each reference of a record: its table, the column with the record's id, its column, its target."""
        for table, owner, keys in self.tables():
            for key in keys:
                if key.to:
                    yield table, owner, key.column, key.to
        if self.kind.is_tagged:
            yield f"{self.kind.name}_tag", self.kind.column, kinds.TAG.column, kinds.TAG.table
        if self.kind.has_custom:
            yield f"{self.kind.name}_custom", self.kind.column, kinds.FIELD.column, kinds.FIELD.table


def _same(names: str, codec: Codec = values.TEXT) -> tuple[Key, ...]:
    """Return keys that have the names of their columns."""
    return tuple(Key(name, name, codec) for name in names.split())


def own(kind: kinds.Kind, *, optional: bool = False) -> Key:
    """Return the key of a record's own id."""
    return Key("id", "id", reference(kind.letter or "", optional=optional))


def _to(kind: kinds.Kind, key: str, column: str = "", *, optional: bool = False) -> Key:
    """Return a key that holds the id of another record."""
    codec = reference(kind.letter or "", optional=optional)
    return Key(key, column or kind.column, codec, kind.table, optional)


def _sorted(title: str = "name", by: Callable[[str], str] = sort_key) -> Callable[[Row], Row]:
    """Return a function that derives the column by which titles are sorted and found."""
    return lambda row: {f"{title}_key": by(row[title])}


def _reversed(row: Row) -> Row:
    return {"reversed": phones.reversed_digits(row["value"], row["norm"])}


ID = Key("id", "id", reference(""))
"""The id of a row that is not printed anywhere else."""
STAMPS = (
    Key("created", "created_utc", values.INSTANT),
    Key("updated", "updated_utc", values.INSTANT),
    Key("revision", "revision", values.NUMBER),
)
PREFERRED = Key("preferred", "preferred", values.FLAG)
POINT = (ID, *_same("value label service state params"), PREFERRED, Key("norm", "norm"))
PHONE = (*(key for key in POINT if key.key != "norm"), Key("e164", "norm", values.TEXT_OR_NULL))
POINTS = (
    Part("contact_point", "emails", POINT, ("email",)),
    Part("contact_point", "phones", PHONE, ("phone",), derived=_reversed),
    Part("contact_point", "urls", POINT, ("url",)),
    Part("contact_point", "social", (*POINT, Key("kind", "kind")), ("social", "im")),
)
ADDRESSES = Part(
    "postal_address", "addresses",
    (ID, *_same("street extended po_box locality region code country label params"), PREFERRED),
)  # fmt: skip
PROPERTIES = Part("source_property", "properties", (ID, Key("group", "grp"), *_same("name params value")))
CONSENTS = Part("consent", "consents", (ID, *_same("channel state source"), Key("on", "on_date", values.DAY)))
CADENCES = Part(
    "cadence", "cadences",
    (
        ID, Key("every", "every", values.SPAN), Key("paused", "paused", values.FLAG),
        Key("paused_until", "paused_until", values.OPTIONAL_DAY), Key("start", "from_on", values.OPTIONAL_DAY),
    ),
)  # fmt: skip
"""The cadence of a person or a tag: a list of one, or empty."""
REFS = Part("external_ref", "external_refs", (ID, *_same("source key base")))
PENDING = Part("pending_link", "pending", (ID, *_same("target key name")))
ADDRESSED = (*POINTS, ADDRESSES, REFS, PROPERTIES)
"""What people and companies have alike."""
NAME_PARTS = tuple(Key(f"name_parts.{part}", part) for part in ("prefix", "given", "additional", "family", "suffix"))

TAG = Section(kinds.TAG, (ID, Key("name", "name")), (CADENCES,), derived=_sorted(by=fold))
FIELD = Section(kinds.FIELD, (ID, *_same("name label type choices")))
PIPELINE = Section(kinds.PIPELINE, (ID, Key("name", "name")), derived=_sorted())
STAGE = Section(
    kinds.STAGE,
    (
        ID, Key("name", "name"), _to(kinds.PIPELINE, "pipeline"), Key("place", "place", values.NUMBER),
        Key("probability", "probability", values.OPTIONAL_NUMBER), Key("archived", "archived", values.FLAG),
    ),
    derived=_sorted(),
)  # fmt: skip
SEGMENT = Section(kinds.SEGMENT, (ID, *_same("name query")), derived=_sorted(by=fold))

COMPANY = Section(
    kinds.COMPANY,
    (own(kinds.COMPANY), *_same("uid name notes"), Key("source", "source", values.OPTIONAL_TEXT), *STAMPS),
    ADDRESSED,
    derived=_sorted(),
)  # fmt: skip

CONTACT = Section(
    kinds.PERSON,
    (
        own(kinds.PERSON), *_same("uid name nickname notes"), *NAME_PARTS,
        *_same("birthday anniversary status status_on source zone language", values.OPTIONAL_TEXT), *STAMPS,
    ),
    (
        Part(
            "employment", "employments",
            (
                ID, _to(kinds.COMPANY, "company_id", optional=True), *_same("title department"),
                *_same("since until", values.OPTIONAL_TEXT), Key("current", "current", values.FLAG),
            ),
        ),
        *ADDRESSED,
        CONSENTS,
        CADENCES,
        PENDING,
        Part(
            "relationship", "relationships",
            (ID, *_same("kind name uri property"), _to(kinds.PERSON, "person.id", "other_id", optional=True)),
            derived=_sorted(),
        ),
    ),
    derived=_sorted(),
)  # fmt: skip

DEAL = Section(
    kinds.DEAL,
    (
        own(kinds.DEAL), *_same("uid title status notes reason"), Key("amount", "amount", values.AMOUNT),
        Key("amount.currency", "currency", values.OPTIONAL_TEXT), _to(kinds.STAGE, "stage_id"),
        Key("own_probability", "probability", values.OPTIONAL_NUMBER), Key("close", "close_on", values.OPTIONAL_TEXT),
        _to(kinds.COMPANY, "company.id", optional=True), Key("source", "source", values.OPTIONAL_TEXT),
        Key("closed", "closed_utc", values.OPTIONAL_INSTANT), *STAMPS,
    ),
    (
        Part("deal_participant", "people", (_to(kinds.PERSON, "id"),)),
        REFS,
        PENDING,
        Part(
            "stage_change", "stages",
            (ID, _to(kinds.STAGE, "stage_id"), *_same("status reason"), Key("at", "at_utc", values.INSTANT)),
        ),
    ),
    derived=_sorted("title"),
)  # fmt: skip

SERIES = Section(
    kinds.SERIES,
    (
        ID, Key("uid", "uid"), Key("rule", "rule", values.RULE), Key("from_completion", "from_completion", values.FLAG),
        Key("start", "start_on", values.DAY), Key("time", "time", values.OPTIONAL_CLOCK),
        Key("zone", "zone", values.OPTIONAL_TEXT), Key("created", "created_utc", values.INSTANT),
    ),
)  # fmt: skip

ACTIVITY = Section(
    kinds.ACTIVITY,
    (
        own(kinds.ACTIVITY), *_same("uid kind status subject body direction outcome priority promise"),
        Key("reach", "reach", values.REACHED), Key("at", "at_utc", values.OPTIONAL_INSTANT),
        Key("minutes", "minutes", values.OPTIONAL_NUMBER),
        *_same("due_date due_time zone", values.OPTIONAL_TEXT), Key("due_at", "due_utc", values.OPTIONAL_INSTANT),
        Key("hidden_until", "hidden_until", values.OPTIONAL_INSTANT),
        _to(kinds.COMPANY, "company.id", optional=True), _to(kinds.ACTIVITY, "follows", "follows_id", optional=True),
        _to(kinds.DEAL, "deal.id", optional=True), _to(kinds.SERIES, "every.series", optional=True),
        Key("every.occurrence", "occurrence_on", values.OPTIONAL_DAY), *STAMPS,
    ),
    (
        Part(
            "activity_participant", "people",
            (
                _to(kinds.PERSON, "id"), Key("reach", "reach", values.REACHED),
                Key("at", "at_utc", values.OPTIONAL_INSTANT),
            ),
        ),
        Part(
            "reminder", "reminders",
            (
                ID, Key("lead_minutes", "lead_minutes", values.OPTIONAL_NUMBER),
                *_same("on_date on_time zone", values.OPTIONAL_TEXT), Key("at", "at_utc", values.INSTANT),
            ),
        ),
        REFS,
        PENDING,
    ),
)  # fmt: skip

MERGE = Section(
    kinds.MERGE,
    (
        ID, Key("at", "at_utc", values.INSTANT), _to(kinds.PERSON, "person", optional=True),
        _to(kinds.COMPANY, "company", optional=True), Key("merged", "loser_id", values.NUMBER),
        Key("uid", "loser_uid"), *_same("name choices"),
    ),
    (
        Part(
            "merge_row", "rows",
            (
                ID, Key("table", "tbl"), Key("key", "row_key"), Key("before", "before", values.OPTIONAL_TEXT),
                Key("after", "after", values.OPTIONAL_TEXT),
            ),
        ),
    ),
)  # fmt: skip

DISTINCT = Section(
    kinds.DISTINCT,
    (
        ID, Key("kind", "kind"), Key("low", "low_id", values.NUMBER), Key("high", "high_id", values.NUMBER),
        Key("at", "at_utc", values.INSTANT),
    ),
)  # fmt: skip

ERASURE = Section(kinds.ERASURE, (ID, Key("at", "at_utc", values.INSTANT), *_same("salt hash")))

WORDS = (TAG, FIELD, PIPELINE, STAGE, SEGMENT)
"""What the user sets up for the whole book, and records refer to."""
RECORDS = (COMPANY, CONTACT, DEAL, SERIES, ACTIVITY)
"""Records, after those that they refer to. Each has a uid, by which another book recognises it."""
NOTES = (MERGE, DISTINCT, ERASURE)
"""What the book remembers about its records, by ids that only it knows."""
SECTIONS = (*WORDS, *RECORDS, *NOTES)
"""All sections in the order in which they are written."""
