"""The fields of one row, collected cell by cell: single values, groups of columns, tags, dates, custom fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from crm_cli.core.text.folding import nfc, visible
from crm_cli.formats.csv import consents
from crm_cli.formats.csv import dates as csv_dates
from crm_cli.formats.csv.columns import Column
from crm_cli.formats.csv.custom_cells import Form
from crm_cli.formats.csv.headings import PLACES, POINTS
from crm_cli.formats.csv.values import split_tags, unlisted
from crm_cli.formats.profiles import Profile

Group = dict[str, str]
"""The cells of one point or address by the part they hold; ``default`` is the label that the heading gives."""
NAMED = ("event", "relation", "field")
"""Groups that have their label in a column of their own, and become a custom field or an anniversary."""
_DATED = ("event", "field")
_JSON = ("[", "{")
_TRUE = ("true", "1", "wahr", "vrai", "yes")


@dataclass(frozen=True, slots=True)
class Rules:
    """What all rows of a file share.

    ``orders`` gives ``dmy``, ``mdy`` or ``mixed`` for each date column, ``forms`` the form of columns of custom fields
    that are days or yes and no.
    """

    profile: Profile
    orders: Mapping[int, str]
    forms: Mapping[int, Form]
    lists_companies: bool


class Row:
    """The fields of one row as they are collected. Each ``take_`` method stores one non-empty cell of its column."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.profile = rules.profile
        self.single: dict[str, str] = {}
        self.groups: dict[tuple[str, str], Group] = {}
        self.tags: list[str] = []
        self.custom: list[tuple[str, str]] = []
        self.doubts: list[str] = []
        self.dates: dict[str, str] = {}
        self.consents: list[consents.Stated] = []
        self.shown: list[str] = []
        """Display names next to e-mail addresses."""

    def take_single(self, column: Column, cell: str) -> None:
        """Store the value of a field that has one; of a second, different one only notes are joined."""
        field = column.field
        earlier = self.single.get(field)
        if earlier is None:
            self.single[field] = cell
        elif field == "notes" and cell not in earlier:
            self.single[field] = f"{earlier}\n\n{cell}"
        elif cell != earlier:
            self.custom.append((column.name, cell))

    def take_custom(self, column: Column, cell: str) -> None:
        """Store a custom field, unless the cell is what the product writes for "no value"."""
        if cell.casefold() not in self.profile.defaults:
            form = self.rules.forms.get(column.index)
            self.custom.append((column.label or column.name, form(cell) if form else cell))

    def take_point(self, column: Column, cell: str) -> None:
        """Store a part of a contact point: its value (``phone``) or what is beside it (``phone.label``)."""
        kind, _, part = column.field.partition(".")
        if cell[0] in _JSON:
            cell = self.unlisted(cell)
        elif not part and consents.says_only(cell):
            if "fax" in column.label:
                self.custom.append((column.name, cell))
            else:
                self.take_consent(replace(column, label=kind), cell)
            return
        _add(self.group(kind, column), part or "value", cell)

    def take_named(self, column: Column, cell: str) -> None:
        """Store a part of an event, a relation or a custom field; a value that may be a date is parsed as well."""
        kind, _, part = column.field.partition(".")
        group = self.group(kind, column)
        _add(group, part or "value", cell)
        if kind in _DATED and not part:
            group["day"] = self.parsed(cell, column.index) or ""

    def take_place(self, column: Column, cell: str) -> None:
        """Store a part of an address: ``locality`` or ``address.locality``."""
        base, _, part = column.field.partition(".")
        _add(self.group("address", column), part or base, cell)

    def take_tags(self, _: Column, cell: str) -> None:
        """Store the tags of a cell."""
        if cell[0] in _JSON:
            cell = self.unlisted(cell)
        self.tags.extend(split_tags(cell, self.profile))

    def take_consent(self, column: Column, cell: str) -> None:
        """Store an opt-out; a cell that says anything else is kept as a custom field."""
        if self.profile.own:
            found = consents.own(column.label, column.name, cell)
        else:
            found = consents.stated(column.label, column.name, cell, self.profile.name)
        if found is None:
            self.custom.append((column.name, cell))
        else:
            self.consents.append(found)

    def take_private(self, _: Column, cell: str) -> None:
        """Store a mark "private" as a tag."""
        if cell.casefold() in _TRUE:
            self.tags.append("private")

    def take_date(self, column: Column, cell: str) -> None:
        """Store a birthday or an anniversary; a cell that is not certainly a date is kept as text."""
        found = self.parsed(cell, column.index)
        if found == "":
            return
        if found and column.field not in self.dates:
            self.dates[column.field] = found
            return
        self.custom.append((column.name, cell))
        if found is None:
            self.doubts.append(
                f"{column.name}: {cell[:40]!r} cannot be read as a date with certainty; kept as a custom field"
            )

    def group(self, kind: str, column: Column) -> Group:
        """Return the parts of the point or address that this column belongs to."""
        found = self.groups.setdefault((kind, column.key), {})
        if column.label:
            found.setdefault("default", column.label)
        return found

    def parsed(self, cell: str, index: int) -> str | None:
        """Return the date of a cell, ``""`` for none, None if it is not a date or its order is unknown."""
        order = self.rules.orders.get(index, "")
        if order == "mixed" and csv_dates.is_ambiguous(cell):
            return None
        return csv_dates.parse(cell, day_first=order == "dmy")

    def unlisted(self, cell: str) -> str:
        """Return a JSON list as one text; crm's own files have none."""
        return cell if self.profile.own else nfc(unlisted(cell))

    def seen(self, text: str) -> str:
        """Return a text without invisible characters; the text of crm's own files is returned unchanged."""
        return text if self.profile.own else visible(text)


Take = Callable[[Row, Column, str], None]
_TAKES: dict[str, Take] = {
    "custom": Row.take_custom,
    "tags": Row.take_tags,
    "private": Row.take_private,
    "consent": Row.take_consent,
    "birthday": Row.take_date,
    "anniversary": Row.take_date,
    **dict.fromkeys(POINTS, Row.take_point),
    **dict.fromkeys(NAMED, Row.take_named),
    **dict.fromkeys(("address", *PLACES), Row.take_place),
}
"""Field, without its part -> what stores a cell of it; any other field has a single value."""


def taking(column: Column) -> Take:
    """Return the method that stores the cells of a column."""
    return _TAKES.get(column.field.partition(".")[0], Row.take_single)


def _add(group: Group, part: str, cell: str) -> None:
    """Set a part of a point or an address; the value of a second column of the same part goes on a new line."""
    earlier = group.get(part, "")
    group[part] = f"{earlier}\n{cell}" if earlier and earlier != cell else cell
