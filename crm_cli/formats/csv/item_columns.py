"""Map the columns of a table of deals or activities to their fields, by the words of ``profiles/items.toml``."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import PurePath

from crm_cli.core import money
from crm_cli.core.text.folding import fold
from crm_cli.errors import UsageError
from crm_cli.formats import profiles
from crm_cli.formats.csv import kinds as csv_kinds
from crm_cli.formats.csv.headings import letters, split_words, without_ids
from crm_cli.formats.profiles import norm

TABLES = {
    "deals": "deals",
    "activities": "activities",
    "notes": "activities",
    "messages": "activities",
    "tickets": "activities",
}
"""What a file lists -> the table of fields for its columns."""
KINDS = {"deals": "deal", "activities": "activity"}
"""Table of fields -> the kind of record."""
LINKS = {"company": "company", "person": "contact", "deal": "deal", "any": "any"}
"""Field of a link -> the kind of record that it leads to."""
DATED = frozenset(("close", "closed", "created", "at", "due", "end", "completed"))
"""Fields with a day or a moment."""
_SEVERAL = DATED | {"tags", "drop", "custom", "email", "phone", *LINKS, *(f"{link}.key" for link in LINKS)}
"""Fields that several columns can fill."""
_WORD = re.compile(r"[^\W_]+")
_OBJECT = re.compile(
    r"\s*(?:\((?:do not modify|nicht ändern|ne pas modifier|no modificar|non modificare)\) "
    r"|(person|contact|organi[sz]ation|deal|activity|note|lead|product) - )",
    re.IGNORECASE,
)
_OF_OBJECT = {"person": "person", "contact": "person", "organization": "company", "organisation": "company"}
_ALIASES = {
    "-": "drop", "contact": "person", "id": "key", "with": "person", "company id": "company.key",
    "person id": "person.key", "deal id": "deal.key", "record": "any", "record id": "any.key", "tag": "tags",
    "value": "amount",
}  # fmt: skip
"""Words that ``--map`` accepts for a field."""
_PLAIN = ("name", "title", "value")
_OURS = {"crmuid": "uid", "crmdealid": "drop", "crmactivityid": "drop"}
"""Headings of our own export of deals and activities."""
_GOLDMINE = {"accountno": "person.key", "loprecid": "deal.key"}
"""Headings of links whose names do not say what they lead to."""
_UNIT = re.compile(r"\s*[\[(]?\s*(?:in\s+)?([A-Z]{3}|[€$£¥₹])\s*[\])]?\s*\Z")
"""A currency at the end of a heading: ``Amount (EUR)``, ``Deal Size in $``."""
_SPAN = {"from": "at", "to": "end"}
_WRITTEN = ("email", "message", "letter")
_MEETINGS = frozenset(("host", "location", "participants", "attendees", "requiredattendees"))
"""Headings that tables of meetings have."""
_DEFAULT = {"notes": "note", "messages": "message", "tickets": "task"}
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its place, heading and field. A field with ``.key`` holds keys of linked records."""

    index: int
    name: str
    field: str

    @property
    def shown(self) -> str:
        """The field as an import preview shows it."""
        return f"custom:{self.name}" if self.field == "custom" else "-" if self.field == "drop" else self.field


def plan(header: Sequence[str], listed: str, mapping: Sequence[tuple[str, str]] = ()) -> tuple[Column, ...]:
    """Map every column of a file that lists ``listed`` (deals, notes, …) to a field; the user's mapping wins."""
    table = TABLES[listed]
    wanted = {norm(column): field_named(field, table) for column, field in mapping}
    named = {norm(name) for name in header}
    columns = []
    taken: set[str] = set()
    for index, name in enumerate(header):
        field = wanted.get(norm(name)) or _field(name, table, listed, named)
        if field in taken and field not in _SEVERAL:
            field = "custom"
        taken.add(field)
        columns.append(Column(index, name.strip() or f"column {index + 1}", field))
    return tuple(_settled(columns, table, listed))


def is_field(word: str, table: str) -> bool:
    """Can a column of this table be mapped to a field of this name?"""
    return _ALIASES.get(norm(word), norm(word)) in fields(table)


def field_named(word: str, table: str) -> str:
    """Return the field that the user named. Raises UsageError."""
    field = _ALIASES.get(norm(word), norm(word))
    known = fields(table)
    if field not in known:
        raise UsageError(
            f"no field {word!r} of {table}; there are: {', '.join(sorted(known))}, or - to skip the column"
        )
    return field


def fields(table: str) -> Collection[str]:
    """Return the fields of a table that a column can have."""
    data = profiles.table("items")
    return {"uid", *data["all"], *data["links"], *(f"{link}.key" for link in LINKS), *data[table], "custom"}


@cache
def _fields(table: str) -> dict[str, str]:
    """Return letters of a heading -> field; the table's own words win over those of links and of both."""
    data = profiles.table("items")
    parts = (data["all"], data["links"], data[table])
    return {letters(word): field for part in parts for field, words in part.items() for word in words.split(",")}


@cache
def words_of(section: str, name: str) -> frozenset[str]:
    """Return the letters of each word in one list of the table."""
    return frozenset(letters(word) or word.strip() for word in profiles.table("items")[section][name].split(","))


def which(word: str, names: Iterable[str]) -> str:
    """Return the name of the first of these lists of words that has the word; ``""`` if none has it."""
    if word:
        for name in names:
            if word in words_of("words", name):
                return name
    return ""


def currency_of(heading: str, own: str) -> str:
    """Return the currency that a heading ends in, ``""`` for none; an ambiguous sign can be ``own``."""
    match = _UNIT.search(heading)
    if not match or not heading[: match.start()].strip():
        return ""
    try:
        return money.parse(f"1 {match[1]}", money.Spelling(own, ".")).currency
    except UsageError:
        return ""


def _field(heading: str, table: str, listed: str, named: Collection[str]) -> str:
    """Return the field of a heading; ``custom`` if its words are not known."""
    if special := (_GOLDMINE | _OURS).get(letters(heading)):
        return special
    match = _OBJECT.match(heading)
    rest = heading[match.end() if match else 0 :].removeprefix("hs_")
    if table == "deals" and currency_of(rest, ""):
        rest = _UNIT.sub("", rest)
    found = _of_object(match[1], rest, listed) if match else ""
    return found or _by_words(heading, rest, table, listed, named)


def _by_words(heading: str, rest: str, table: str, listed: str, named: Collection[str]) -> str:
    """Return the field of a heading by its words; ``rest`` is the heading without the prefix of its record."""
    known = _fields(table)
    field = known.get(letters(rest)) or known.get(letters(heading))
    if field == "any" and letters(rest) == "record" and f"{norm(heading)}.id" not in named:
        return "custom"
    return field or _key(rest, known, listed, named) or _beside(rest, known, listed) or "custom"


def _of_object(prefix: str | None, rest: str, listed: str) -> str:
    """Return the field of a heading behind the prefix of another record; ``""`` for the record that is listed.

    There is no such prefix in Dynamics' headings of what is not to be modified: the id of the row, its checksum and the
    day of its last change.
    """
    if prefix is None:
        return "key" if _is_record(rest, listed) else "drop"
    other = _OF_OBJECT.get(prefix.casefold())
    return _of_other(other, rest) if other else ""


def _is_record(word: str, listed: str) -> bool:
    return letters(word) in csv_kinds.nouns(listed)


def _of_other(other: str, rest: str) -> str:
    """Return the field of ``Person - Name`` or ``Organization - ID``."""
    plain = letters(rest)
    if plain in _PLAIN:
        return other
    if plain == "id":
        return f"{other}.key"
    first = next(iter(_WORD.findall(norm(rest))), "")
    field = _fields("deals").get(plain) or _fields("deals").get(first, "")
    return field if other == "person" and field in ("email", "phone") else "custom"


def _key(heading: str, known: dict[str, str], listed: str, named: Collection[str]) -> str:
    """Return the field of a heading that ends in ``Id``: the row's own key, or that of a link; ``""`` for others."""
    words = split_words(heading)
    rest = without_ids(words)
    if len(rest) == len(words):
        return ""
    # "Parent ID" beside "Parent ID.id" holds the name.
    is_name = f"{norm(heading)}.id" in named
    plain = "".join(rest)
    if not plain or plain in csv_kinds.nouns(listed):
        return "key"
    field = known.get(plain, "") or ("any" if plain == "lead" else "")
    if field not in LINKS:
        return ""
    return field if is_name else f"{field}.key"


def _beside(heading: str, known: dict[str, str], listed: str) -> str:
    """Return the field of what a heading says beside the record: ``Deal Stage``, ``Call Start Time``."""
    rest = csv_kinds.beside(listed, heading)
    field = known.get("".join(rest), "") if rest else ""
    return "" if field in ("key", *LINKS) else field


def _settled(columns: list[Column], table: str, listed: str) -> list[Column]:
    """Decide what depends on the other columns."""
    has = {column.field for column in columns}
    fields = [_field_beside(column, has, table, listed) for column in columns]
    if table == "deals":
        fields = _without_deals(fields, is_titled="title" in has)
    elif "deal" in fields and not has & {"subject", "body"}:
        fields[fields.index("deal")] = "subject"
    return [replace(column, field=field) for column, field in zip(columns, fields, strict=True)]


def _without_deals(fields: list[str], *, is_titled: bool) -> list[str]:
    """Return the fields of a table of deals without links to deals; the first one is the title if there is no other."""
    if "deal" in fields and not is_titled:
        fields[fields.index("deal")] = "title"
    return ["custom" if field.startswith("deal") else field for field in fields]


def _field_beside(column: Column, has: Collection[str], table: str, listed: str) -> str:
    """Return the field of a column in a table that has these fields."""
    field, plain = column.field, letters(column.name)
    if field == "time" and not {"at", "due"} & set(has):
        return "at"
    if table == "deals":
        return field.replace("any", "company") if field in ("any", "any.key") else field
    if field == "any" and plain == "regarding" and "subject" not in has:
        return "subject"
    if listed == "activities" and plain in _SPAN:
        # "From" and "To" of an event are times, those of a message people.
        return _SPAN[plain]
    return field


def kind_of(listed: str, header: Sequence[str], columns: Sequence[Column], name: str = "") -> str:
    """Return the kind of the activities of a file whose rows do not say it: of its headings, its name, its columns."""
    named = _most_named(header)
    if listed in _DEFAULT:
        is_written = listed == "messages" and named and named[0] in _WRITTEN
        return named[0] if is_written else _DEFAULT[listed]
    if len(named) == 1:
        return named[0]
    return _kind_of_file(name) or _kind_by({column.field for column in columns}, set(map(letters, header)))


def _most_named(header: Sequence[str]) -> list[str]:
    """Return the kinds that most headings name, by their first words; one word alone only counts in the first."""
    pieces = [split_words(_OBJECT.sub("", each)) for each in header]
    first = [words[0] for at, words in enumerate(pieces) if len(words) > 1 or (words and not at)]
    counts = {kind: sum(map(words_of("kinds", kind).__contains__, first)) for kind in _kinds()}
    most = max(counts.values())
    return [kind for kind, count in counts.items() if count and count == most]


def _kind_of_file(name: str) -> str:
    """Return the kind that a word of a file's name says, the last word first; ``""`` if none does."""
    words = reversed(_WORD.findall(fold(PurePath(name).stem)))
    return next(filter(None, map(kind_named, words)), "")


def _kind_by(has: Collection[str], headings: Collection[str]) -> str:
    """Return the kind that the fields of a table suggest."""
    if _MEETINGS & set(headings):
        return "meeting"
    if {"at", "end"} <= set(has) and not set(has) & {"due", "done", "completed", "priority"}:
        return "call" if "direction" in has else "meeting"
    return "task" if set(has) & {"due", "done", "status"} else "note"


def _kinds() -> Collection[str]:
    return tuple(map(str, profiles.table("items")["kinds"]))


def kind_named(word: str) -> str:
    """Return the kind of activity that a word of a type names, or ``""``; a phrase counts by its words as well."""
    plain = letters(word)
    for kind in _kinds():
        if plain in words_of("kinds", kind):
            return kind
    pieces = _WORD.findall(norm(word))[:_MOST_NAMED]
    if len(pieces) < 2:
        return ""
    return next((kind for piece in pieces for kind in _kinds() if piece in words_of("kinds", kind)), "")
