"""Content lines to a Draft, property by property, by a table (RFC 6350 section 6, RFC 2426, vCard 2.1).

What no table entry understands, or understands in part, is kept as a Property, so that an export has it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from crm_cli.core.records import Address, Draft, NameParts, Point, Problem, Property
from crm_cli.formats import vcard_dates
from crm_cli.formats.decoding import nfc
from crm_cli.formats.vcard_heads import Head, Heads, cut
from crm_cli.formats.vcard_labels import of_apple
from crm_cli.formats.vcard_lines import Card, cards, refusal, unfold
from crm_cli.formats.vcard_points import (
    ONLINE,
    Labelled,
    instant_message,
    online,
    phone,
    place,
    relabelled,
    social,
    strip_scheme,
)
from crm_cli.formats.vcard_values import components, decode, escape, items, split, unescape, unquote_printable

_HEADS = Heads()
_BAD_LINES = 20


class State:
    """What has been read of one card so far."""

    __slots__ = ("addresses", "fields", "labels", "lines", "old", "points", "properties")

    def __init__(self, *, old: bool) -> None:
        self.old = old
        self.fields: dict[str, Any] = {}
        self.points: list[Point] = []
        self.addresses: list[Address] = []
        self.properties: list[Property] = []
        self.labels: dict[str, str] = {}
        self.lines: dict[str, list[Labelled]] = {}


def read(batches: Iterable[list[str]], *, dirty: bool = False) -> Iterator[Draft | Problem]:
    """Yield the cards of a file, each after the problems met in it.

    ``dirty``: the file is not UTF-8 and was decoded with ``surrogateescape``; each line finds its own encoding.
    """
    for card in cards(batches):
        if isinstance(card, Problem):
            yield card
            continue
        lines, numbers = (card.lines, None) if card.plain and not card.warning else unfold(card)
        if reason := refusal(card, lines):
            yield Problem(card.line, reason, rejected=True, raw=tuple(card.lines))
            continue
        if card.warning:
            yield Problem(card.line, card.warning)
        if dirty:
            lines = _repaired(lines)
        state = State(old=any(line.strip().upper() == "VERSION:2.1" for line in lines[:3]))
        yield from _take(state, card, lines, numbers)
        yield _finish(state, card)


def _take(state: State, card: Card, lines: list[str], numbers: list[int] | None) -> list[Problem]:
    """Hand each line to the handler of its property; return what could not be understood."""
    problems: list[Problem] = []
    for index, line in enumerate(lines):
        if not line.isascii():
            line = nfc(line)  # noqa: PLW2901
        left, colon, value = line.partition(":")
        head = _HEADS[left] if colon else None
        if head is None or left.count('"') % 2:
            left, value = cut(line)
            head = _HEADS[left] if colon else None
        if head is None:
            if line.strip():
                problems.append(_bad(line, numbers[index] if numbers else card.line + index + 1))
            continue
        if head.special:
            value = _plain_text(head, value)
        handler = HANDLERS.get(head.upper)
        if handler is None:
            state.properties.append(Property(head.name, value, head.text, head.group))
        else:
            handler(state, head, value)
    return problems if len(problems) <= _BAD_LINES else [*problems[:_BAD_LINES], _more(card, problems)]


def _bad(line: str, number: int) -> Problem:
    return Problem(number, "no vCard property; line skipped", raw=(line[:10_000],))


def _more(card: Card, problems: list[Problem]) -> Problem:
    raw = tuple(each for problem in problems[_BAD_LINES:] for each in problem.raw)
    return Problem(card.line, f"{len(raw)} more lines of this card are no vCard properties; skipped", raw=raw)


def _repaired(lines: list[str]) -> list[str]:
    """Decode each undecodable line by its CHARSET, as UTF-8, by another CHARSET of the card, as Windows-1252."""
    heads = [_HEADS[line.partition(":")[0]] if line.isascii() else None for line in lines]
    hint = next((head.charset for head in heads if head and head.charset), "")
    return [line if line.isascii() else _redecoded(line, hint) for line in lines]


def _redecoded(line: str, hint: str) -> str:
    left = line.partition(":")[0]
    head = _HEADS[left] if left.isascii() else None
    return decode(line.encode("utf-8", "surrogateescape"), head.charset if head else "", hint)


def _plain_text(head: Head, value: str) -> str:
    """Undo the transport of a value: quoted-printable, a 7-bit character set; base64 only loses its white space."""
    if head.quoted_printable:
        return nfc(unquote_printable(value, head.charset)).replace("\n", "\\n")
    if head.binary:
        return "".join(value.split())
    if "\x1b" in value and head.charset:
        return nfc(decode(value.encode("utf-8", "surrogateescape"), head.charset))
    return value


def keep(state: State, head: Head, value: str) -> None:
    """Keep a property as it came."""
    state.properties.append(Property(head.name, value, head.text, head.group))


def _ignore(state: State, head: Head, value: str) -> None:
    """Drop what only frames the card: VERSION, BEGIN, END."""


def _text(field: str) -> Any:
    """Make the handler of a property with one text; a second one, or one with parameters, is kept as well."""

    def handle(state: State, head: Head, value: str) -> None:
        text = unescape(value, old=state.old).strip() if "\\" in value else value.strip()
        taken = text and field not in state.fields
        if taken:
            state.fields[field] = text
        if head.text or head.group or not taken:
            _keep_if_said(state, head, value)

    return handle


def _keep_if_said(state: State, head: Head, value: str) -> None:
    if value.strip(" ;,"):
        keep(state, head, value)


def _name_parts(state: State, head: Head, value: str) -> None:
    """N: family, given, additional, prefix, suffix; lists inside a part are joined (RFC 6350 section 6.2.2)."""
    if "parts" in state.fields:
        _keep_if_said(state, head, value)
        return
    if "," in value or "\\" in value:
        found = [_component(piece, old=state.old) for piece in split(value, ";")]
    else:
        found = [piece.strip() for piece in value.split(";")]
    family, given, additional, prefix, suffix, *more = (*found, "", "", "", "", "")
    if found and any(found):
        state.fields["parts"] = NameParts(prefix, given, additional, family, suffix)
    if any(more) or head.text or head.group or ("," in value and not state.old):
        _keep_if_said(state, head, value)


def _component(piece: str, *, old: bool) -> str:
    if old:
        return unescape(piece, old=True).strip()
    parts = [unescape(each).strip() for each in split(piece, ",")]
    return (", " if ", " in piece else " ").join(each for each in parts if each)


def _nickname(state: State, head: Head, value: str) -> None:
    names = ", ".join(items(value, old=state.old))
    if "nickname" in state.fields or head.text or head.group:
        _keep_if_said(state, head, value)
    if names:
        state.fields.setdefault("nickname", names)


def _organisation(state: State, head: Head, value: str) -> None:
    """ORG: the company, then its units (RFC 6350 section 6.6.4)."""
    if "company" in state.fields:
        _keep_if_said(state, head, value)
        return
    company, *units = components(value, old=state.old)
    if company.strip():
        state.fields["company"] = company.strip()
    department = " / ".join(unit.strip() for unit in units if unit.strip())
    if department:
        state.fields["department"] = department
    if head.text or head.group or (" / " in department and len(units) == 1) or not company.strip():
        _keep_if_said(state, head, value)


def _phone(state: State, head: Head, value: str) -> None:
    _point(state, head, phone(head, unescape(value, old=state.old)))


def _email(state: State, head: Head, value: str) -> None:
    text = strip_scheme(unescape(value, old=state.old).strip(), "mailto:")
    _point(state, head, Point("email", text, head.label, head.preferred, "", "", "current", head.extra))


def _url(state: State, head: Head, value: str) -> None:
    text = unescape(value, old=state.old).strip()
    _point(state, head, Point("url", text, head.label, head.preferred, "", "", "current", head.extra))


def _impp(state: State, head: Head, value: str) -> None:
    _point(state, head, instant_message(head, unescape(value, old=state.old).strip()))


def _social(state: State, head: Head, value: str) -> None:
    _point(state, head, social(head, unescape(value, old=state.old).strip()))


def _online(state: State, head: Head, value: str) -> None:
    _point(state, head, online(head, unescape(value, old=state.old).strip()))


def _point(state: State, head: Head, point: Point) -> None:
    """Add a contact point; one without a value tells nothing and is kept only for its parameters."""
    if not point.value:
        if head.text:
            _keep_if_said(state, head, point.value)
        return
    if head.group:
        state.lines.setdefault(head.group.lower(), []).append(Labelled(head, len(state.points)))
    state.points.append(point)


def _address(state: State, head: Head, value: str) -> None:
    parts = [part.strip() for part in components(value, old=state.old)]
    if not any(parts):
        return
    if any(parts[7:]):
        keep(state, head, value)
    if head.group:
        state.lines.setdefault(head.group.lower(), []).append(Labelled(head, None, len(state.addresses), parts))
    state.addresses.append(place(head, parts, head.label, head.extra))


def _date(field: str, *, doubtful: bool = False) -> Any:
    """Make the handler of a date; what is no whole date (RFC 6350 section 4.3 allows much) is kept as it came."""

    def handle(state: State, head: Head, value: str) -> None:
        text = unescape(value, old=state.old)
        omitted = head.param("X-APPLE-OMIT-YEAR")
        found = vcard_dates.day(text, omitted=omitted) if head.value != "text" else None
        if found and field not in state.fields:
            state.fields[field] = found
            if doubtful or head.group:
                keep(state, head, value)
        else:
            _keep_if_said(state, head, value)

    return handle


def _note(state: State, head: Head, value: str) -> None:
    text = unescape(value, old=state.old).strip()
    if text:
        earlier = state.fields.get("notes")
        state.fields["notes"] = f"{earlier}\n\n{text}" if earlier else text
    if head.text or head.group:
        _keep_if_said(state, head, value)


def _categories(state: State, head: Head, value: str) -> None:
    tags = dict.fromkeys((*state.fields.get("tags", ()), *items(value, old=state.old)))
    if tags:
        state.fields["tags"] = tuple(tags)
    if head.text or head.group:
        _keep_if_said(state, head, value)


def _kind(state: State, head: Head, value: str) -> None:
    if value.strip().lower() in ("org", "organization"):
        state.fields["kind"] = "company"
    else:
        _keep_if_said(state, head, value)


def _show_as(state: State, head: Head, value: str) -> None:
    if value.strip().upper() == "COMPANY":
        state.fields["kind"] = "company"
    else:
        _keep_if_said(state, head, value)


def _label(state: State, head: Head, value: str) -> None:
    group = head.group.lower()
    if group and group not in state.labels:
        state.labels[group] = unescape(value, old=state.old)
    keep(state, head, value)


def _custom(state: State, head: Head, value: str) -> None:
    name = head.param("NAME")
    if not name:
        keep(state, head, value)
        return
    state.fields["custom"] = (*state.fields.get("custom", ()), (name, unescape(value)))


HANDLERS = {
    "FN": _text("name"),
    "N": _name_parts,
    "NICKNAME": _nickname,
    "X-NICKNAME": _nickname,
    "ORG": _organisation,
    "TITLE": _text("title"),
    "TEL": _phone,
    "EMAIL": _email,
    "ADR": _address,
    "URL": _url,
    "IMPP": _impp,
    "SOCIALPROFILE": _social,
    "X-SOCIALPROFILE": _social,
    **dict.fromkeys(ONLINE, _online),
    "BDAY": _date("birthday"),
    "ANNIVERSARY": _date("anniversary"),
    "X-ANNIVERSARY": _date("anniversary", doubtful=True),
    "X-EVOLUTION-ANNIVERSARY": _date("anniversary", doubtful=True),
    "X-MS-ANNIVERSARY": _date("anniversary", doubtful=True),
    "NOTE": _note,
    "CATEGORIES": _categories,
    "UID": _text("uid"),
    "KIND": _kind,
    "X-ABSHOWAS": _show_as,
    "X-ABLABEL": _label,
    "X-CRM-FIELD": _custom,
    "VERSION": _ignore,
    "BEGIN": _ignore,
    "END": _ignore,
}
"""Property name -> handler. A name that is not here is kept as a Property."""


def _finish(state: State, card: Card) -> Draft:
    """Put the pieces together: labels to their points, a name for the nameless."""
    if state.labels:
        _apply_labels(state)
    fields = state.fields
    if state.points:
        fields["points"] = tuple(state.points)
    if state.addresses:
        fields["addresses"] = tuple(state.addresses)
    if fields.get("kind") == "company":
        _as_company(state)
    elif "name" not in fields:
        fields["name"] = _built_name(fields)
    if state.properties:
        fields["properties"] = tuple(state.properties)
    return Draft(**fields, line=card.line, raw=tuple(card.lines))


def _apply_labels(state: State) -> None:
    """Give each grouped point its X-ABLabel; the label property goes when a point has it, for it is written anew."""
    for group, text in state.labels.items():
        label = of_apple(text)
        used = state.lines.get(group, ())
        for each in used:
            if each.point is not None:
                state.points[each.point] = relabelled(state.points[each.point], each.head, label)
            elif each.address is not None:
                extra = each.head.extra if each.head.label == label else each.head.extra_all
                state.addresses[each.address] = place(each.head, each.parts, label, extra)
        if used and label:
            state.properties = [each for each in state.properties if not _is_label(each, group)]


def _is_label(each: Property, group: str) -> bool:
    return each.name.upper() == "X-ABLABEL" and each.group.lower() == group


def _as_company(state: State) -> None:
    """Make a card an organisation: its name is FN or ORG; what a company has no field for stays as properties."""
    fields = state.fields
    company, department = fields.pop("company", ""), fields.pop("department", "")
    fields["name"] = fields.get("name") or company or _built_name(fields)
    if company not in ("", fields["name"]) or department:
        text = ";".join(map(escape, (company, *department.split(" / ")) if department else (company,)))
        _add_once(state, Property("ORG", text))
    for field, name in _PERSONAL.items():
        if value := fields.pop(field, ""):
            _add_once(state, Property(name, value if field in ("birthday", "anniversary") else escape(value)))
    if parts := fields.pop("parts", None):
        row = (parts.family, parts.given, parts.additional, parts.prefix, parts.suffix)
        _add_once(state, Property("N", ";".join(map(escape, row))))


_PERSONAL = {"title": "TITLE", "nickname": "NICKNAME", "birthday": "BDAY", "anniversary": "ANNIVERSARY"}


def _add_once(state: State, new: Property) -> None:
    if not any(each.name.upper() == new.name for each in state.properties):
        state.properties.append(new)


def _built_name(fields: dict[str, Any]) -> str:
    """Name a card without FN: by N, else nickname, company, the first e-mail, the first phone (or other point)."""
    parts = fields.get("parts", NameParts())
    row = (parts.prefix, parts.given, parts.additional, parts.family, parts.suffix)
    if name := " ".join(filter(None, row)):
        return name
    points = sorted(fields.get("points", ()), key=lambda point: _NAMING.get(point.kind, 9))
    return fields.get("nickname") or fields.get("company") or (points[0].value if points else "")


_NAMING = {"email": 0, "phone": 1}
