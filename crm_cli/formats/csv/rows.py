"""Turn a row into a Draft: clean its cells, group numbered columns, keep columns without a field as custom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from crm_cli.core import names
from crm_cli.core.absent import says_none
from crm_cli.core.mailboxes import mailboxes, names_with_mail
from crm_cli.core.phones import is_rounded
from crm_cli.core.records import Address, Draft, NameParts, Point, Problem
from crm_cli.core.text.folding import nfc, visible
from crm_cli.formats.anniversaries import is_anniversary
from crm_cli.formats.csv import dates as csv_dates
from crm_cli.formats.csv import phones as csv_phones
from crm_cli.formats.csv.cells import unguard, unguard_foreign
from crm_cli.formats.csv.columns import PLACES, POINTS, Column, lists_companies
from crm_cli.formats.csv.detect import Layout
from crm_cli.formats.csv.phones import Number
from crm_cli.formats.csv.values import once, repeats, unlisted, with_titles

PARTS = ("prefix", "given", "additional", "family", "suffix")
_ROLES = "info office contact sales mail hello support admin kontakt service team post buero contacto"
ROLES = frozenset(_ROLES.split())
"""Mailbox names of a company, not of a person."""
LABELS = {
    "homefax": "home fax",
    "workfax": "work fax",
    "home fax": "home fax",
    "work fax": "work fax",
    "cell": "mobile",
    **{each: each for each in ("home", "work", "mobile", "other", "main", "pager", "google voice", "obsolete", "fax")},
}
"""Labels recognised in any case; any other label is the user's own and kept as it is."""
_X500 = re.compile(r"/o=", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"[(<]([^()<>\s]+@[^()<>\s]+)[)>]")
_JSON = ("[", "{")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_UNESCAPED_SEMICOLON = re.compile(r"(?:[^\\;]|\\.)+", re.DOTALL)


class Reader:
    """Reads the rows of one file. ``orders`` gives ``dmy``, ``mdy`` or ``mixed`` for each date column."""

    def __init__(self, layout: Layout, orders: dict[int, str]) -> None:
        self.profile = layout.profile
        self.columns = [column for column in layout.columns if column.field != "-"]
        self.width = len(layout.header)
        self.orders = orders
        self.lists_companies = lists_companies(layout.columns)
        self.unguard = unguard if layout.profile.own else unguard_foreign

    def read(self, line: int, raw: list[str]) -> Iterator[Draft | Problem]:
        """Yield the row's doubts and its draft, or the problem why the row is rejected."""
        row = Row(self)
        cells = raw if self.profile.own else [cell.strip() for cell in raw]
        for column in self.columns:
            if column.index < len(cells) and cells[column.index]:
                row.take(column, self.cleaned(raw[column.index]))
        for number, extra in enumerate(cells[self.width :], 1):
            if extra:
                row.custom.append((f"extra_{number}", nfc(extra)))
        draft = row.draft(line, tuple(raw))
        if draft is None:
            yield Problem(line, "no name, e-mail, phone, company or link", rejected=True, raw=tuple(raw))
            return
        if len(cells) > self.width and any(cells[self.width :]):
            row.doubts.append(f"{len(cells) - self.width} more cells than columns; kept as custom fields extra_n")
        for doubt in row.doubts:
            yield Problem(line, doubt, raw=tuple(raw))
        yield draft

    def cleaned(self, cell: str) -> str:
        """Return the cell without its guard; surrounding white space is kept only for crm's own files."""
        if self.profile.own:
            return nfc(self.unguard(cell))
        text = self.unguard(cell.strip(" \r\n\xa0")).strip()
        return nfc(text)


class Row:
    """The fields of one row as they are collected."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.single: dict[str, str] = {}
        self.groups: dict[tuple[str, str], dict[str, str]] = {}
        self.tags: list[str] = []
        self.custom: list[tuple[str, str]] = []
        self.doubts: list[str] = []
        self.dates: dict[str, str] = {}
        self.shown: list[str] = []

    def take(self, column: Column, cell: str) -> None:
        """Store one non-empty cell in the field of its column."""
        base, _, part = column.field.partition(".")
        profile = self.reader.profile
        if cell[0] in _JSON and (base in POINTS or base == "tags") and not profile.own:
            cell = nfc(unlisted(cell))
        if column.field == "custom":
            if cell.casefold() not in profile.defaults:
                self.custom.append((column.label or column.name, cell))
        elif base in POINTS or base in ("event", "relation", "field"):
            group = self.group(base, column)
            _add(group, part or "value", cell)
            if base in ("event", "field") and not part:
                group["day"] = self.parsed(cell, column.index) or ""
        elif base in PLACES or base == "address":
            _add(self.group("address", column), part or base, cell)
        elif base == "tags":
            self.tags.extend(self.split_tags(cell))
        elif base in ("birthday", "anniversary"):
            self.date(column, cell)
        elif base == "private":
            self.tags.extend(["private"] if cell.casefold() in ("true", "1", "wahr", "vrai", "yes") else ())
        elif column.field in self.single:
            self.repeated(column, cell)
        else:
            self.single[column.field] = cell

    def group(self, kind: str, column: Column) -> dict[str, str]:
        """Return the parts of the point or address that this column belongs to."""
        found = self.groups.setdefault((kind, column.key), {})
        if column.label:
            found.setdefault("default", column.label)
        return found

    def repeated(self, column: Column, cell: str) -> None:
        """Handle a second column of one field: notes are joined, any other different value becomes a custom field."""
        earlier = self.single[column.field]
        if column.field == "notes" and cell not in earlier:
            self.single["notes"] = f"{earlier}\n\n{cell}"
        elif cell != earlier:
            self.custom.append((column.name, cell))

    def date(self, column: Column, cell: str) -> None:
        """Store a birthday or an anniversary; a cell that is not certainly a date is kept as text."""
        found = self.parsed(cell, column.index)
        if found and column.field not in self.dates:
            self.dates[column.field] = found
        elif found is None or found:
            self.custom.append((column.name, cell))
            if found is None:
                self.doubts.append(
                    f"{column.name}: {cell[:40]!r} cannot be read as a date with certainty; kept as a custom field"
                )

    def parsed(self, cell: str, index: int) -> str | None:
        """Return the date of a cell, ``""`` for none, None if it is not a date or its order is unknown."""
        order = self.reader.orders.get(index, "")
        if order == "mixed" and csv_dates.is_ambiguous(cell):
            return None
        return csv_dates.parse(cell, day_first=order == "dmy")

    def split_tags(self, cell: str) -> list[str]:
        """Split a cell of tags the way its product joins them."""
        profile = self.reader.profile
        if profile.own:
            return [_ESCAPED.sub(r"\1", each) for each in _UNESCAPED_SEMICOLON.findall(cell)]
        if profile.separator:
            pieces = cell.split(profile.separator)
        else:
            separator = next((each for each in profile.tags if each in cell), "")
            pieces = cell.split(separator) if separator else [cell]
        tags = [piece.strip().removeprefix("* ").strip() for piece in pieces]
        return [tag for tag in tags if tag and not (profile.stars and tag.casefold() in ("mycontacts", "my contacts"))]

    def draft(self, line: int, raw: tuple[str, ...]) -> Draft | None:
        """Build the draft, or return None if the row identifies neither a person nor a company."""
        points = tuple(
            point for (kind, _), group in self.groups.items() if kind in POINTS for point in self.points(kind, group)
        )
        addresses = tuple(
            filter(None, (self.address(each) for (kind, _), each in self.groups.items() if kind == "address"))
        )
        self.named_values()
        self.birth_columns()
        single = self.single
        fields: dict[str, Any] = {field: single[field] for field in _PLAIN if field in single}
        is_own = self.reader.profile.own
        parts = NameParts(*(single.get(part, "") for part in PARTS))
        parts = parts if is_own else once(parts)
        name = self.name(parts, points)
        if single.get("name") and not is_own and not (parts.given or parts.family or parts.additional):
            parts = with_titles(single["name"], parts)
        if not (name or points or fields.get("company") or is_own):
            return None
        if is_own:
            fields["name"] = name
        elif self.is_company(points):
            fields["kind"], fields["name"] = "company", single.get("name") or fields["company"]
            if fields.pop("company", "") not in ("", fields["name"]):
                self.custom.append(("Parent company", single["company"]))
            parts = NameParts()
            self.custom.extend((each, fields.pop(each)) for each in ("department", *_PERSONAL) if each in fields)
        else:
            fields["name"] = name or fields.get("company", "")
        self.custom.extend(names_with_mail(self.shown, fields["name"]))
        fields.update(self.dates)
        return Draft(
            **fields,
            parts=parts,
            points=points,
            addresses=addresses,
            tags=tuple(dict.fromkeys(self.tags)),
            custom=tuple(self.custom),
            uid=single.get("uid") or self.link(points),
            line=line,
            raw=raw,
            own_revision=_number(single.get("revision", "")),
        )

    def name(self, parts: NameParts, points: tuple[Point, ...]) -> str:
        """Return the name in the file, else one built from its parts, else the nickname, else the first point."""
        single = self.single
        if self.reader.profile.own:
            return single.get("name", "")
        built = names.display(parts)
        filed = single.pop("file_as", "")
        name = single.get("name") or built or filed or single.get("nickname", "") or "".join(self.shown[:1])
        if filed and filed != name:
            self.custom.append(("File As", filed))
        if name or single.get("company"):
            return name
        return min(points, key=lambda point: _NAMING.get(point.kind, 9)).value if points else ""

    def is_company(self, points: tuple[Point, ...]) -> bool:
        """Is this a company?

        It is if a company is named but no person, and no mailbox is a person's. A column may say so explicitly.
        """
        single = self.single
        flag = single.get("is_company", "").casefold()
        if flag in _YES and (single.get("name") or single.get("company")):
            return True
        if flag in _NO:
            return False
        if self.reader.lists_companies:
            return bool(single.get("company"))
        if not single.get("company") or any(single.get(each) for each in ("name", "nickname", "title", *PARTS)):
            return False
        mails = [point.value.partition("@")[0].casefold() for point in points if point.kind == "email"]
        return all(mail in ROLES for mail in mails)

    def link(self, points: tuple[Point, ...]) -> str:
        """Return the link that identifies the person: for LinkedIn, the URL of the profile."""
        if self.reader.profile.name != "linkedin":
            return ""
        return next((point.value for point in points if point.kind == "social"), "")

    def points(self, kind: str, group: dict[str, str]) -> Iterator[Point]:
        """Yield the points of one group of columns, several if a cell joins several."""
        label, starred = self.label(group)
        preferred = starred or bool(group.get("preferred"))
        service = group.get("service", "")
        if kind in ("social", "im") and not (service or "label" in group or self.reader.profile.own):
            label, service = "", group.get("default", "")
        for value, own in self.values(kind, group):
            shown = self.seen(value) if kind in ("email", "phone") else value
            yield Point(kind, shown, own or label, preferred, service=service)

    def address(self, group: dict[str, str]) -> Address | None:
        """Build an address; a whole address replaces a missing first line, minus lines that repeat other parts."""
        streets = [group[each] for each in ("street", "street2", "street3") if group.get(each)]
        parts: dict[str, Any] = {
            each: group.get(each, "") for each in ("extended", "po_box", "locality", "region", "code", "country")
        }
        if not group.get("street") and group.get("formatted"):
            known = [*parts.values(), *streets]
            streets = [line for line in group["formatted"].split("\n") if not repeats(line, known)] + streets
        if not streets and not any(parts.values()):
            return None
        label, starred = self.label(group)
        preferred = starred or bool(group.get("preferred"))
        parts = {each: self.seen(text) for each, text in parts.items()}
        return Address(street=self.seen("\n".join(streets)), **parts, label=label, preferred=preferred)

    def seen(self, text: str) -> str:
        """Return a text without invisible characters; the text of crm's own files is returned unchanged."""
        return text if self.reader.profile.own else visible(text)

    def label(self, group: dict[str, str]) -> tuple[str, bool]:
        """Return the label, and whether Google's star marks it as preferred."""
        text = group.get("label", "")
        starred = self.reader.profile.stars and text.startswith("*")
        text = text[1:].strip() if starred else text
        if self.reader.profile.own:
            return text, False
        return LABELS.get(text.casefold(), text) or group.get("default", ""), starred

    def values(self, kind: str, group: dict[str, str]) -> list[Number]:
        """Return the values in one cell of a point, each with the label written next to it."""
        text, profile = group.get("value", ""), self.reader.profile
        if profile.own:
            return [Number(text)] if text else []
        if kind == "email":
            return [Number(each) for each in self.mailboxes(text, group)]
        if kind == "phone" and (code := group.get("code", "")) and text[:1] not in ("+", ""):
            text = f"+{code.removeprefix('+')} {text}"
        pieces = text.split(profile.separator) if profile.separator else [text]
        if kind == "phone":
            return [number for piece in pieces for number in self.phones(piece)]
        return [Number(piece.strip()) for piece in pieces if piece.strip()]

    def phones(self, text: str) -> list[Number]:
        """Return the numbers of a cell; one rounded by a spreadsheet is kept as it is, with a warning."""
        found: list[Number] = []
        absent: list[Number] = []
        for each in csv_phones.split(text):
            (absent if says_none(visible(each.value).strip()) else found).append(each)
        self.doubts.extend(
            f"phone {each.value[:40]!r} says that there is not a number; skipped" for each in absent if each.value
        )
        self.doubts.extend(
            f"{each.value!r} is a phone number that a spreadsheet has rounded: its last digits are lost; kept as text"
            for each in found
            if is_rounded(each.value)
        )
        return found

    def mailboxes(self, text: str, group: dict[str, str]) -> list[str]:
        """Split joined e-mails; an Exchange X.500 address is replaced by the one in its display name."""
        if group.get("type", "").upper() == "EX" or _X500.match(text):
            shown = _IN_BRACKETS.search(group.get("display", ""))
            if text and not shown:
                self.custom.append(("Exchange address", text))
            return [shown[1]] if shown else []
        separator = self.reader.profile.separator
        pieces = text.split(separator) if separator else [text]
        return [address for piece in pieces if piece.strip() for address in self.addresses(piece)]

    def addresses(self, text: str) -> Iterator[str]:
        """Yield the addresses of a text and store their display names; a text that means "none" is reported."""
        found = mailboxes(text)
        if not found:
            self.doubts.append(f"e-mail {text.strip()[:40]!r} says that there is no address; skipped")
        for address, name in found:
            if name:
                self.shown.append(name)
            yield address

    def named_values(self) -> None:
        """Store events, relations and custom fields under their labels; an anniversary has a field of its own."""
        for (kind, _), group in self.groups.items():
            if kind not in ("event", "relation", "field") or not group.get("value"):
                continue
            label, value = group.get("label", "").removeprefix("*").strip() or kind, group["value"]
            if is_anniversary(label) and group.get("day") and "anniversary" not in self.dates:
                self.dates["anniversary"] = group["day"]
            else:
                self.custom.append((label, value))

    def birth_columns(self) -> None:
        """Store a birthday that Thunderbird wrote in three columns (year, month, day); the year may be missing."""
        year, month, number = (self.single.pop(f"birth.{each}", "") for each in ("year", "month", "day"))
        if not (year or month or number) or "birthday" in self.dates:
            return
        text = (
            f"{year.zfill(4)}-{month.zfill(2)}-{number.zfill(2)}" if year else f"--{month.zfill(2)}-{number.zfill(2)}"
        )
        if found := csv_dates.parse(text, day_first=True):
            self.dates["birthday"] = found
        else:
            self.custom.append(("birth", "-".join(filter(None, (year, month, number)))))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


_YES, _NO = frozenset(("true", "1", "yes", "x", "company")), frozenset(("false", "0", "no", "individual", "person"))
_PERSONAL = ("status", "language", "zone")
_PLAIN = ("nickname", "company", "title", "department", "notes", "source", *_PERSONAL)
_NAMING = {"email": 0, "phone": 1}


def _add(group: dict[str, str], part: str, cell: str) -> None:
    """Set a part of a point or an address; the value of a second column of the same part goes on a new line."""
    earlier = group.get(part, "")
    group[part] = f"{earlier}\n{cell}" if earlier and earlier != cell else cell
