"""Map columns to fields: by the profile first, then by words of many languages, else to a custom field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from crm_cli.core.consent import channels_of
from crm_cli.errors import UsageError
from crm_cli.formats.csv import headings, item_columns
from crm_cli.formats.csv.headings import PLACES, POINTS, generic, letters, marks
from crm_cli.formats.profiles import Profile, norm

_SINGLES = """name given family additional prefix suffix nickname company title department birthday anniversary notes
status source language zone uid company_key file_as private revision birth.year birth.month birth.day
is_company"""
SINGLES = frozenset(_SINGLES.split())
"""Fields with one value per row."""
ALIASES = {
    "display": "name",
    "first name": "given",
    "last name": "family",
    "mobile": "phone:mobile",
    "fax": "phone:fax",
    "city": "locality",
    "state": "region",
    "zip": "code",
    "postcode": "code",
    "postal code": "code",
    "address": "formatted",
    "website": "url",
    "note": "notes",
    "tag": "tags",
    "id": "uid",
    "company id": "company_key",
    "ignore": "-",
    "job title": "title",
    "organization": "company",
}
"""Words that ``--map`` accepts for a field."""
IDENTIFYING = frozenset(
    ("name", "given", "family", "nickname", "company", "email", "phone", "url", "social", "file_as")
)
_PERSONAL = frozenset(("given", "family", "nickname", "title", "department", "birthday", "is_company"))
"""Fields that only people have, and the one that says for each row whether it is a company."""
_SAYS_LITTLE = frozenset(("custom", "-", "company_key", "status", "source", "language", "zone", "consent"))
"""Fields that any kind of table has: they do not make it an address book."""
_MOST_COLUMNS = 1000
"""Columns, counted from the first, that are checked for headings of a company list."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``field`` is one of ours, ``custom`` or ``-``; ``key`` links the columns of one point or address."""

    index: int
    name: str
    field: str
    label: str = ""
    key: str = ""

    @property
    def shown(self) -> str:
        """The field as an import preview shows it."""
        if self.field == "custom":
            return f"custom:{self.label or self.name}"
        return f"{self.field}:{self.label}" if self.label else self.field


def plan(
    header: Sequence[str], profile: Profile, mapping: Sequence[tuple[str, str]] = (), kinds: Collection[int] = ()
) -> tuple[Column, ...]:
    """Map every column to a field. The user's ``mapping`` wins; UsageError for a name that matches no column.

    ``kinds``: the columns whose cells say whether a row is a person or a company.
    """
    wanted = _wanted(header, mapping)
    seen: Counter[str] = Counter()
    columns = []
    lists_companies = _lists_companies(header)
    for index, name in enumerate(header):
        plain = norm(name)
        target = wanted.get(plain)
        if not target and index in kinds:
            target = "is_company"
        elif not target:
            target = _of_company(name) if lists_companies else _target(name, plain, profile, seen[plain])
        seen[plain] += 1
        column = _column(index, name.strip(), target)
        if seen[plain] > 1 and column.field in PLACES and "#" not in target:
            # A heading that is repeated, like City, begins another address.
            column = replace(column, key=f"{column.key} {seen[plain]}")
        columns.append(column)
    if profile.name == "generic" and not mapping:
        return _settled(columns)
    return tuple(columns)


def says_kind(heading: str, cells: Collection[str]) -> bool:
    """Do the cells below ``Type`` say of each row whether it is a person or a company (Capsule)?"""
    if letters(heading) not in marks("companies", "kind"):
        return False
    found = set(map(letters, cells)) - {""}
    return bool(found) and found <= marks("companies", "company") | marks("companies", "person")


def _lists_companies(header: Sequence[str]) -> bool:
    """Is this Pipedrive's organisation list? All its headings have that prefix; a list of people has others too."""
    objects = {headings.about(name) for name in header} - {""}
    return bool(objects) and objects <= {"organization", "organisation"}


def _of_company(name: str) -> str:
    """Return the field of a heading in an organisation list, where ``Organization - Name`` is the company's name."""
    field = generic(headings.without_records(name))
    return "company" if field == "name" else field or "custom"


def _wanted(header: Sequence[str], mapping: Sequence[tuple[str, str]]) -> dict[str, str]:
    present = {norm(name) for name in header}
    wanted = {}
    for column, field in mapping:
        if norm(column) not in present:
            raise UsageError(f"no column {column!r} in the file; it has: {', '.join(map(str.strip, header))}")
        # Whether the file lists deals or activities is decided later, by all of its columns.
        is_theirs = any(item_columns.is_field(field, table) for table in item_columns.KINDS)
        wanted[norm(column)] = _named(field) or ("custom" if is_theirs else checked(field))
    return wanted


def checked(field: str) -> str:
    """Return the field that the user named; UsageError, listing all fields, if it is unknown."""
    target = _named(field)
    if not target:
        hidden = {"private", "file_as", "revision"}
        words = ", ".join(sorted((SINGLES | POINTS | PLACES | {"tags", "custom", "consent:email"}) - hidden))
        raise UsageError(f"no field {field!r}; there are: {words}, or - to skip the column")
    return target


def _named(field: str) -> str:
    """Return the field that the user named, ``""`` if people and companies have none of that name."""
    base, colon, label = field.strip().partition(":")
    target = ALIASES.get(base.casefold(), base.casefold()) + (colon + label if label else "")
    base, _, label = target.partition(":")
    if base == "consent" and channels_of(label):
        return target
    return target if base in SINGLES | POINTS | PLACES | {"tags", "custom", "-"} else ""


def _target(name: str, plain: str, profile: Profile, before: int) -> str:
    if not plain:
        return "-unnamed"
    if known := profile.known(plain):
        return known[min(before, len(known) - 1)]
    return "custom" if profile.own else generic(name) or "custom"


def _column(index: int, name: str, target: str) -> Column:
    """Parse ``phone:work`` (a label) or ``street#2`` (a numbered group) into a Column."""
    if target == "-unnamed":
        return Column(index, f"column {index + 1}", "custom")
    field, _, key = target.partition("#")
    field, _, label = field.partition(":")
    if field == "custom" and not label and name.casefold().startswith("custom: "):
        label = name[8:]
    if field in POINTS and not key:
        key = f"column{index}"
    elif field in PLACES and not key:
        key = f"place {label} {headings.use_of(name)}"
    return Column(index, name, field, label, key)


def _settled(columns: list[Column]) -> tuple[Column, ...]:
    """Decide what depends on the other columns: ``Name`` next to ``Vorname`` is the family name, and so on."""
    columns = _without_contacts(columns)
    has = {column.field for column in columns}
    names = {letters(column.name) for column in columns[:_MOST_COLUMNS]}
    is_companies = _is_companies(columns)
    has_people = not (is_companies or lists_companies(columns))
    is_beside = bool(has & {"given", "family"}) or sum(column.field == "name" for column in columns) > 1
    settled = []
    for column in columns:
        field = _field_beside(column, has, names)
        if field == "name" and is_beside and _is_marked(column, "customers"):
            # "Customer Name" beside the name of a person is the employer, if no other column is.
            field = "custom" if "company" in has else "company"
        field = _field_of_list(column.name, field, is_companies=is_companies, has_people=has_people)
        settled.append(replace(column, field=field))
    return tuple(settled)


def _field_of_list(heading: str, field: str, *, is_companies: bool, has_people: bool) -> str:
    """Return the field of a column in a list of companies, or of people."""
    if field == "name" and is_companies:
        return "company"
    return "company_key" if field == "custom" and has_people and is_company_key(heading) else field


def _without_contacts(columns: list[Column]) -> list[Column]:
    """Return the columns of a list of companies' registered data without contact persons, who become custom fields."""
    has = {column.field for column in columns}
    names = {letters(column.name) for column in columns[:_MOST_COLUMNS]}
    if "company" not in has or has & _PERSONAL or not names & marks("companies", "registers"):
        return columns
    return [
        replace(each, field="custom") if each.field == "name" and _is_marked(each, "contacts") else each
        for each in columns
    ]


def _field_beside(column: Column, has: set[str], names: set[str]) -> str:
    """Return the field of a column in a table that has these fields and these headings."""
    field = column.field
    if field in ("title", "custom") and _is_prefix(column, has, names):
        return "prefix"
    if field in ("name", "given", "family"):
        return _name_beside(column, has)
    if field == "url" and "website" in names and letters(column.name) == "site":
        return "custom"
    if field == "birthday" and has >= {"birth.year", "birth.month"}:
        return "birth.day"
    return field


def _is_prefix(column: Column, has: set[str], names: set[str]) -> bool:
    """Is ``Title`` the prefix of a name, because the job has a column of its own?"""
    return _is_marked(column, "honorific") and bool(names & marks("ambiguous", "jobs")) and "prefix" not in has


def _name_beside(column: Column, has: set[str]) -> str:
    """Return the field of a column of names, which in some languages are called the same as a whole and in part."""
    if column.field == "name":
        is_family = "given" in has and "family" not in has and _is_marked(column, "beside_given")
        return "family" if is_family else "name"
    is_whole = not has >= {"given", "family"} and _is_marked(column, "alone")
    return "name" if is_whole else column.field


def is_company_key(heading: str) -> bool:
    """Does a heading name the id of a person's company: ``AccountId``, ``Associated Company IDs``?"""
    words = headings.split_words(headings.without_records(heading))
    rest = headings.without_ids(words)
    return len(rest) < len(words) and "".join(rest) in marks("companies", "keyed")


def _is_marked(column: Column, name: str) -> bool:
    """Is the heading in this list of ambiguous words?"""
    return letters(column.name) in marks("ambiguous", name)


def _is_companies(columns: list[Column]) -> bool:
    """Is this a list of companies: a name, columns that companies have, and none that only people have?

    An e-mail column means people, unless two columns next to it are company columns (``industry``, ``sicCode``).
    """
    has = {column.field for column in columns}
    if has & {"given", "family", "company", "is_company"}:
        return False
    found = _company_marks(columns)
    if "email" in has:
        return len(found - {"website"}) >= 2 and not has & _PERSONAL
    return bool(found)


def lists_companies(columns: Sequence[Column]) -> bool:
    """Is each row a company, even with an e-mail? No column is a person's, and one is only for companies.

    Without a column of names, two must be, and none holds e-mails.
    """
    has = {column.field for column in columns}
    if has & {"name", *_PERSONAL}:
        return False
    found = _company_marks(columns) - {"website"}
    return bool(found) if "company" in has else len(found) > 1 and "email" not in has


def _company_marks(columns: Sequence[Column]) -> frozenset[str]:
    names = (headings.without_records(column.name) for column in columns[:_MOST_COLUMNS])
    return marks("companies", "beside").intersection(map(letters, names))


def is_day_first(header: Sequence[str]) -> bool:
    """Are there headings in a language that writes the day before the month (``Geburtstag``, ``Nombre``)?"""
    words = marks("languages", "day_first")
    return any(letters(name) in words for name in header)


def score(columns: Sequence[Column]) -> int:
    """Return how many columns have a field of ours; 0 if no column identifies the person or company."""
    fields = [column.field for column in columns if column.field not in _SAYS_LITTLE]
    return len(fields) if not IDENTIFYING.isdisjoint(fields) else 0
