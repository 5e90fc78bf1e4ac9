"""The kinds of record in a book, one table row each; everything that differs between kinds is looked up here.

A new noun begins with its row. When a kind also needs code of its own (to read its text for search, to draw its card),
the module with that code keeps a table of functions, indexed by the names given here.
"""

from __future__ import annotations


class Kind:
    """A kind of record, as the journal, queries and the user see it.

    ``name``       its name in the journal and the code; ``table`` is the table of its records
    ``singular``   its name for the user, with ``plural`` and ``article``
    ``letter``     the first letter of its printed ids; None if it has no printed id
    ``alias``      the alias of its table in the SQL of queries
    ``title``      the column with a record's name for people
    ``key``        the column by which titles are sorted and found; empty if they are not
    ``listed``     the name of its list in JSON
    ``search``     its number in the ids of search documents; None if it is not searched
    ``owns``       tables whose rows belong to a record of this kind, by a column ``NAME_id``
    ``links``      the same, for tables whose rows have no id of their own
    ``joins``      tables that link records of other kinds to it, by the same column
    ``mentions``   (table, column) of rows of other records that refer to it; they stay, without it, when it is removed

    An ordinary class, because look-ups run before `typing` is imported.
    """

    def __init__(
        self,
        name: str,
        table: str,
        singular: str,
        plural: str,
        *,
        article: str = "a",
        letter: str | None = None,
        alias: str = "",
        title: str = "name",
        key: str = "",
        listed: str = "",
        search: int | None = None,
        has_revision: bool = False,
        owns: tuple[str, ...] = (),
        links: tuple[str, ...] = (),
        joins: tuple[str, ...] = (),
        mentions: tuple[tuple[str, str], ...] = (),
    ) -> None:
        self.name, self.table = name, table
        self.singular, self.plural, self.article = singular, plural, article
        self.letter, self.alias = letter, alias
        self.title, self.key = title, key
        self.listed, self.search = listed, search
        self.has_revision = has_revision
        self.owns, self.links, self.joins, self.mentions = owns, links, joins, mentions

    @property
    def column(self) -> str:
        """The column in other tables that refers to a record of this kind."""
        return f"{self.name}_id"

    @property
    def references(self) -> tuple[tuple[str, str], ...]:
        """The table and column of everything that refers to a record of this kind."""
        own = ((table, self.column) for table in (*self.owns, *self.links, *self.joins))
        return (*own, *self.mentions)

    @property
    def is_tagged(self) -> bool:
        """Can its records have tags?"""
        return f"{self.name}_tag" in self.links

    @property
    def has_custom(self) -> bool:
        """Can its records have values of custom fields?"""
        return f"{self.name}_custom" in self.links

    @property
    def has_points(self) -> bool:
        """Can its records have contact points?"""
        return "contact_point" in self.owns

    @property
    def can_merge(self) -> bool:
        """Can its records be merged?"""
        return "merge" in self.owns

    @property
    def has_record(self) -> bool:
        """Can the user refer to its records by id, in a REF?"""
        return self.letter is not None and bool(self.owns)

    def printed(self, record_id: int) -> str:
        """Return the printed id: ``12``, ``c4``, ``ch88``; ``tag 3`` for kinds without a letter."""
        return f"{self.name + ' ' if self.letter is None else self.letter}{record_id}"


_ADDRESSED = ("employment", "contact_point", "postal_address", "external_ref", "source_property", "merge")

PERSON = Kind(
    "contact", "contact", "person", "people", letter="", alias="p", key="name_key", listed="contacts", search=0,
    has_revision=True, owns=(*_ADDRESSED, "consent", "relationship", "cadence", "pending_link"),
    links=("contact_tag", "contact_custom"), joins=("activity_participant", "deal_participant"),
    mentions=(("relationship", "other_id"),),
)  # fmt: skip
COMPANY = Kind(
    "company", "company", "company", "companies", letter="c", alias="o", key="name_key", listed="companies", search=1,
    has_revision=True, owns=_ADDRESSED, links=("company_tag", "company_custom"),
    mentions=(("activity", "company_id"), ("deal", "company_id")),
)  # fmt: skip
ACTIVITY = Kind(
    "activity", "activity", "activity", "activities", article="an", letter="a", alias="a", title="subject",
    listed="activities", search=2, has_revision=True, owns=("reminder", "external_ref", "pending_link"),
    links=("activity_participant", "activity_custom"), mentions=(("activity", "follows_id"),),
)  # fmt: skip
DEAL = Kind(
    "deal", "deal", "deal", "deals", letter="d", alias="d", title="title", key="title_key", listed="deals", search=3,
    has_revision=True, owns=("stage_change", "external_ref", "pending_link"),
    links=("deal_participant", "deal_tag", "deal_custom"), mentions=(("activity", "deal_id"),),
)  # fmt: skip
TAG = Kind("tag", "tag", "tag", "tags", listed="tags", owns=("cadence",))
FIELD = Kind("field", "custom_field", "field", "fields", listed="fields")
PIPELINE = Kind("pipeline", "pipeline", "pipeline", "pipelines", listed="pipelines")
STAGE = Kind("stage", "stage", "stage", "stages", listed="stages")
SEGMENT = Kind("segment", "segment", "segment", "segments", listed="segments")
SERIES = Kind(
    "series", "series", "series", "series", title="rule", listed="series", mentions=(("activity", "series_id"),)
)
CADENCE = Kind("cadence", "cadence", "cadence", "cadences", title="every", listed="cadences")
MERGE = Kind("merge", "merge", "merge", "merges", listed="merges", owns=("merge_row",))
DISTINCT = Kind(
    "distinct_pair", "distinct_pair", "pair that is not the same", "pairs that are not the same", title="kind",
    listed="distinct_pairs",
)  # fmt: skip
ERASURE = Kind("erasure", "erasure", "erasure", "erasures", article="an", title="hash", listed="erasures")
CHANGE = Kind("change", "change", "change", "changes", letter="ch")

KINDS = (
    PERSON, COMPANY, ACTIVITY, DEAL, TAG, FIELD, PIPELINE, STAGE, SEGMENT, SERIES, CADENCE, MERGE, DISTINCT, ERASURE,
    CHANGE,
)  # fmt: skip
BY_NAME = {kind.name: kind for kind in KINDS}
RECORDS = {kind.name: kind for kind in KINDS if kind.has_record}
"""The kinds that a REF can refer to."""
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
BY_LETTER = {kind.letter: kind for kind in RECORDS.values() if kind.letter is not None}
SEARCHED = tuple(kind for kind in KINDS if kind.search is not None)
JOURNALED = tuple(kind for kind in KINDS if kind is not CHANGE)


def split(text: str) -> tuple[str, str]:
    """Split a printed id into its letter (lower-case, ``""`` if there is none) and the rest, which may be anything."""
    letter = text[: len(text) - len(text.lstrip(LETTERS))].lower()
    return (letter, text[len(letter) :]) if letter in BY_LETTER else ("", text)


SPREAD = 32
"""A search document's id is this many times the record's id, plus the number of its kind: room for that many kinds."""
_NUMBERS = {kind.name: kind.search for kind in KINDS if kind.search is not None}
_BY_NUMBER = {number: name for name, number in _NUMBERS.items()}


def document(kind: str, record_id: int) -> int:
    """Return the id of a record's search document."""
    return record_id * SPREAD + _NUMBERS[kind]


def record(document: int) -> tuple[str, int]:
    """Return (kind, id) of the record that a search document belongs to."""
    return _BY_NUMBER[document % SPREAD], document // SPREAD


def number(kind: str) -> int:
    """Return the number of a kind in the ids of search documents. Raises KeyError for one that is not searched."""
    return _NUMBERS[kind]


def document_sql(kind: str, record_id: str) -> str:
    """Return SQL for the id of the search document of a record whose id is the SQL ``record_id``."""
    return f"({record_id} * {SPREAD} + {number(kind)})"


def record_sql(document: str) -> str:
    """Return SQL for the id of the record that a search document belongs to."""
    return f"({document} / {SPREAD})"


def is_kind_sql(document: str, *names: str) -> str:
    """Return SQL for whether a search document belongs to a record of one of these kinds."""
    numbers = ", ".join(str(number(name)) for name in names)
    return f"{document} % {SPREAD} IN ({numbers})" if len(names) > 1 else f"{document} % {SPREAD} = {numbers}"


def owners() -> dict[str, dict[str, str]]:
    """Return table -> column -> name of the kind of record that a row of the table belongs to."""
    found: dict[str, dict[str, str]] = {}
    for kind in JOURNALED:
        found.setdefault(kind.table, {})["id"] = kind.name
        for table in (*kind.owns, *kind.links):
            found.setdefault(table, {})[kind.column] = kind.name
    return found
