"""Write people as the CSV that another product imports: its headings, days and lists, from ``profiles/export/*.toml``.

A column has a heading and what goes there: a field (``given``, ``birthday.year``), or one of several values.
``phone:work`` takes the first phone at work, ``phone:work#2`` the second, ``phone*`` the first that no other column
takes, ``email+`` all that are left; ``address:home.code`` is a part of one. Groups are numbered columns, as many as the
people need, and extra columns are there if anyone fills them. What has no column is counted.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

from crm_cli.core import names
from crm_cli.core.consent import STOPPED
from crm_cli.core.records import Employment
from crm_cli.core.text.folding import fold
from crm_cli.formats import profiles
from crm_cli.formats.csv.cells import guard

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from crm_cli.core.records import Address, Contact, NameParts

_SPEC = re.compile(r"(?P<kind>\w+)(?P<pick>:[^#.*+]+|[*+])?(?:#(?P<number>\d))?(?:\.(?P<part>\w+))?")
_ALIKE = {"cell": "mobile", "business": "work", "office": "work", "homepage": "home"}
"""Labels that mean the same to other products."""
_LISTS = frozenset(("email", "phone", "url", "social", "im", "address", "event", "custom"))
_PLAIN = ("status", "source", "language", "zone")
"""Fields that a column takes as they are."""
_COUNTED = ("nickname", "birthday", "notes", *_PLAIN)
"""Single values of a person that are counted if they have no column."""
_TRUE = "TRUE"
_NAMES: Mapping[str, tuple[str, str]] = {
    "email": ("e-mail address", "e-mail addresses"), "phone": ("phone", "phones"), "url": ("web page", "web pages"),
    "social": ("social profile", "social profiles"), "im": ("chat address", "chat addresses"),
    "address": ("address", "addresses"), "custom": ("custom field", "custom fields"), "tags": ("tag", "tags"),
    "event": ("anniversary", "anniversaries"), "anniversary": ("anniversary", "anniversaries"),
    "birthday": ("birthday", "birthdays"), "yearless": ("birthday without a year", "birthdays without a year"),
    "department": ("department", "departments"), "zone": ("time zone", "time zones"), "notes": ("note", "notes"),
    "status": ("status", "statuses"), "prefix": ("title before a name", "titles before a name"),
    "relationships": ("relationship", "relationships"), "jobs": ("further job", "further jobs"),
    "photo": ("photo", "photos"), "stopped": ("opt-out", "opt-outs"), "allowed": ("agreement", "agreements"),
}  # fmt: skip
"""What can be without a column -> its name, for one and for several; any other is called as its field."""


class Column(NamedTuple):
    """A column: its heading, and which part of which value it has; ``pick`` is ``:label``, ``*``, ``+`` or ``""``."""

    heading: str
    kind: str = ""
    pick: str = ""
    number: int = 1
    part: str = ""

    @property
    def slot(self) -> tuple[str, str, int]:
        """Which value of several it is."""
        return self.kind, self.pick, self.number


class Product(NamedTuple):
    """What a product imports. ``days`` is how it writes them: ``mdy``, ``iso`` (only with a year), or ``""``: ours.

    ``tags`` separates them; ``star`` marks a preferred label; ``family``: a last name is required; ``streets``: a
    street has three columns; ``custom``: further columns are accepted; ``stopped`` is the cell of an opt-out.
    """

    name: str
    columns: tuple[Column, ...]
    extra: tuple[Column, ...] = ()
    groups: tuple[tuple[str, tuple[Column, ...]], ...] = ()
    labels: Mapping[str, str] = {}
    days: str = ""
    tags: str = ";"
    star: str = ""
    bom: bool = False
    family: bool = False
    streets: bool = False
    custom: bool = False
    stopped: str = _TRUE


class _Item(NamedTuple):
    """A value of a person that goes into one of several places."""

    label: str
    text: str
    service: str = ""
    preferred: bool = False
    address: Address | None = None


@cache
def load(name: str) -> Product:
    """Read the table of a product's columns."""
    data = profiles.table(f"export/{name}")
    plain = ("days", "tags", "star", "bom", "family", "streets", "custom")
    return Product(
        name,
        tuple(_column(heading, spec) for heading, spec in data["columns"]),
        tuple(_column(heading, spec) for heading, spec in data.get("extra", ())),
        tuple(_group(*each) for each in data.get("groups", ())),
        data.get("labels", {}),
        stopped=data.get("consent", {}).get("stopped", _TRUE),
        **{key: data[key] for key in plain if key in data},
    )


def known() -> tuple[str, ...]:
    """Return the names of the products."""
    folder = files("crm_cli.formats") / "profiles" / "export"
    return tuple(sorted(each.name.removesuffix(".toml") for each in folder.iterdir() if each.name.endswith(".toml")))


def _column(heading: str, spec: str) -> Column:
    found = _SPEC.fullmatch(spec)
    if not found:
        return Column(heading)
    return Column(heading, found["kind"], found["pick"] or "", int(found["number"] or 1), found["part"] or "")


def _group(kind: str, heading: str, *parts: Sequence[str]) -> tuple[str, tuple[Column, ...]]:
    return kind, tuple(Column(heading + name, kind if part else "", part=part) for name, part in parts)


class Sheet:
    """The table of a product for some people. ``lost`` counts what has no column, by kind."""

    def __init__(self, product: Product, people: Iterable[Contact]) -> None:
        self.product = product
        self.lost: Counter[str] = Counter()
        columns = (*product.columns, *product.extra)
        self.fields = {column.kind for column in columns}
        self.parts = {(*column.slot, column.part) for column in columns}
        self.grouped = [kind for kind, _ in product.groups]
        self.slots = _in_order({column.slot: None for column in columns if column.kind in _LISTS})
        self.columns = [*product.columns, *self._needed(people)]
        self.lost.clear()

    def header(self) -> list[str]:
        """Return the headings."""
        return [*(column.heading for column in self.columns), *map(guard, self.custom)]

    def row(self, contact: Contact) -> list[str]:
        """Return the guarded cells of one person, and count what they lack."""
        values = self._values(contact)
        placed = self._placed(contact)
        cells = [self._cell(column, values, placed) for column in self.columns]
        custom = dict(contact.custom)
        self._count(contact)
        return [guard(cell) for cell in (*cells, *(custom.get(name, "") for name in self.custom))]

    def _needed(self, people: Iterable[Contact]) -> Iterator[Column]:
        """Yield the extra and the numbered columns that these people need, and note their custom fields."""
        most: Counter[str] = Counter()
        custom: dict[str, None] = {}
        filled: set[Column] = set()
        for contact in people:
            held = self._held(contact)
            most |= Counter({kind: len(held[kind]) for kind in self.grouped})
            custom.update(dict.fromkeys(name for name, _ in contact.custom))
            if len(filled) < len(self.product.extra):
                filled |= self._filled(contact)
        self.custom = list(custom) if self.product.custom else []
        yield from (column for column in self.product.extra if column in filled)
        for kind, columns in self.product.groups:
            yield from _numbered(columns, most[kind])

    def _filled(self, contact: Contact) -> set[Column]:
        """Return the extra columns in which this person has a value."""
        values, placed = self._values(contact), self._placed(contact)
        return {column for column in self.product.extra if self._cell(column, values, placed)}

    def _held(self, contact: Contact) -> dict[str, list[_Item]]:
        """Return the values that go into one of several places, the preferred first."""
        held: dict[str, list[_Item]] = {kind: [] for kind in _LISTS}
        for point in contact.points:
            if point.state == "current":
                held[point.kind].append(_Item(point.label, point.value, point.service, point.preferred))
        for address in contact.addresses:
            held["address"].append(_Item(address.label, "", "", address.preferred, address))
        for items in held.values():
            items.sort(key=lambda item: not item.preferred)
        if contact.anniversary and "event" in self.grouped:
            held["event"].append(_Item("anniversary", contact.anniversary))
        if not self.product.custom:
            held["custom"] = [_Item(name, value) for name, value in contact.custom]
        return held

    def _placed(self, contact: Contact) -> dict[tuple[str, str, int], list[_Item]]:
        """Return which values go into which slot; count those that are left."""
        held = self._held(contact)
        placed: dict[tuple[str, str, int], list[_Item]] = {}
        for slot in self.slots:
            kind, pick, _ = slot
            fitting = _fitting(held[kind], kind, pick)
            placed[slot] = fitting if pick == "+" else fitting[:1]
            held[kind] = [item for item in held[kind] if item not in placed[slot]]
        for kind, items in held.items():
            if kind in self.grouped:
                placed.update({(kind, "", number): [item] for number, item in enumerate(items, 1)})
            else:
                self.lost[kind] += len(items)
        return placed

    def _cell(self, column: Column, values: Mapping[str, str], placed: Mapping[Any, list[_Item]]) -> str:
        if column.kind not in _LISTS:
            key = f"{column.kind}{column.pick}" + (f".{column.part}" if column.part else "")
            return values.get(key, "")
        return "; ".join(self._part(item, column) for item in placed.get(column.slot, ()))

    def _part(self, item: _Item, column: Column) -> str:
        """Return one part of a value: its label, its network, a line of an address, or the value itself."""
        if column.part == "label":
            label = self.product.labels.get(item.label, item.label)
            return self.product.star + label if item.preferred and self.product.star else label
        if column.part == "service":
            return item.service
        if column.part == "both":
            return f"{item.label}: {item.text}"
        if item.address is None:
            return item.text
        return self._lines(item.address, column)

    def _lines(self, address: Address, column: Column) -> str:
        """Return a part of an address; the street takes the parts that have no column of their own."""
        if column.part == "formatted":
            return _formatted(address)
        if not column.part.startswith("street"):
            return str(getattr(address, column.part))
        further = [part for part in ("po_box", "extended") if not self._has(column, part)]
        lines = [line for part in further if (line := getattr(address, part))] + address.street.split("\n")
        if not self.product.streets:
            return "\n".join(lines)
        number = int(column.part.removeprefix("street") or 1)
        return ", ".join(lines[2:]) if number == 3 else "".join(lines[number - 1 : number])

    def _has(self, column: Column, part: str) -> bool:
        if column.pick:
            return (*column.slot, part) in self.parts
        return any(each.part == part for kind, columns in self.product.groups if kind == "address" for each in columns)

    def _values(self, contact: Contact) -> dict[str, str]:
        """Return the single values of a person by what the columns call them."""
        parts = contact.parts if any(contact.parts) else names.split(contact.name)
        job = _job(contact)
        birthday = contact.birthday or ""
        stopped = [each.channel for each in contact.consents if each.state == STOPPED]
        return {
            **_names(parts, self.fields, needs_family=self.product.family),
            "name": contact.name,
            "nickname": contact.nickname,
            "company": job.company,
            "title": job.title,
            "department": job.department,
            "birthday": self._day(birthday),
            **dict(_day_parts(birthday)),
            "anniversary": self._day(contact.anniversary or ""),
            "tags": self.product.tags.join(contact.tags),
            "notes": contact.notes,
            **{name: getattr(contact, name) or "" for name in _PLAIN},
            **{f"consent:{channel}": self.product.stopped for channel in stopped},
        }

    def _day(self, day: str) -> str:
        """Return a day as the product writes it; ``""`` if it needs a year and there is none."""
        if not self.product.days or not day:
            return day
        if day.startswith("--"):
            return ""
        return f"{int(day[5:7])}/{int(day[8:])}/{day[:4]}" if self.product.days == "mdy" else day

    def _count(self, contact: Contact) -> None:
        """Count what has no column, except values that go into one of several places: `_placed` counts those."""
        single = self._single(contact)
        self.lost.update(name for name, value in single.items() if value and name not in self.fields)
        self.lost["yearless"] += self._lacks_year(contact)
        self.lost["tags"] += 0 if "tags" in self.fields else len(contact.tags)
        self.lost["relationships"] += len(contact.relationships)
        self.lost["jobs"] += max(sum(each.current for each in contact.employments) - 1, 0)
        self.lost["photo"] += any(each.name.upper() == "PHOTO" for each in contact.properties)
        self.lost.update(self._consents(contact))

    def _single(self, contact: Contact) -> dict[str, str | None]:
        """Return the values that need a column of their own, by what it would be called."""
        single: dict[str, str | None] = {name: getattr(contact, name) for name in _COUNTED}
        single["department"] = _job(contact).department
        if "name" not in self.fields:
            single["prefix"] = contact.parts.prefix
        if "event" not in self.grouped:
            single["anniversary"] = contact.anniversary
        return single

    def _consents(self, contact: Contact) -> Iterator[str]:
        """Yield the state of each consent without a column: the products only have columns for opt-outs."""
        channels = {each.pick[1:] for each in self.product.columns if each.kind == "consent"}
        for each in contact.consents:
            if each.state != STOPPED or each.channel not in channels:
                yield each.state

    def _lacks_year(self, contact: Contact) -> bool:
        """Does the birthday stay empty because the product only writes days with a year?"""
        is_yearless = (contact.birthday or "").startswith("--")
        return is_yearless and "birthday" in self.fields and bool(self.product.days)


def left_out(lost: Mapping[str, int]) -> list[tuple[int, str, str]]:
    """Return what has no column: how many, and the name for one and for several; the most frequent first."""
    found = sorted(((number, kind) for kind, number in lost.items() if number), reverse=True)
    return [(number, *_NAMES.get(kind, (kind, f"{kind}s"))) for number, kind in found]


def _in_order(slots: Iterable[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
    """Return the slots of a label first, then those for any value, then those for all that are left."""
    return sorted(slots, key=lambda slot: ("*+".find(slot[1][:1] or ":"), slot[2]))


def _numbered(columns: Iterable[Column], most: int) -> Iterator[Column]:
    """Yield the columns of a group, once for each number."""
    for number in range(1, most + 1):
        for column in columns:
            yield Column(column.heading.format(number), column.kind, "", number, column.part)


def _job(contact: Contact) -> Employment:
    """Return the first current job of a person, an empty one if there is none."""
    return next((each for each in contact.employments if each.current), Employment())


def _fitting(items: list[_Item], kind: str, pick: str) -> list[_Item]:
    """Return the values that a slot accepts: those under its label, or all."""
    if pick in {"*", "+"}:
        return items
    return [item for item in items if _is_labelled(item, kind, pick[1:])]


def _is_labelled(item: _Item, kind: str, label: str) -> bool:
    """Does a value belong under this label, or for networks under this name?"""
    own = fold(item.service if kind in {"social", "im"} else item.label)
    return _ALIKE.get(own, own) == label


def _names(parts: NameParts, fields: set[str], *, needs_family: bool) -> dict[str, str]:
    """Return the parts of a name; those without a column go beside the first or the last name."""
    given, family = parts.given, parts.family
    if "additional" not in fields:
        given = " ".join(filter(None, (given, parts.additional)))
    if "suffix" not in fields:
        family = " ".join(filter(None, (family, parts.suffix)))
    if needs_family and not family:
        given, family = "", given
    return {**parts._asdict(), "given": given, "family": family}


def _formatted(address: Address) -> str:
    """Return an address on one line."""
    place = " ".join(filter(None, (address.region, address.code)))
    lines = (address.po_box, address.extended, *address.street.split("\n"), address.locality, place, address.country)
    return ", ".join(filter(None, map(str.strip, lines)))


def _day_parts(day: str) -> Iterator[tuple[str, str]]:
    """Yield the year (none for ``--04-12``), month and day of a birthday as numbers, by what columns call them."""
    if day:
        yield "birthday.year", "" if day.startswith("--") else day[:4]
        yield "birthday.month", str(int(day[-5:-3]))
        yield "birthday.day", str(int(day[-2:]))
