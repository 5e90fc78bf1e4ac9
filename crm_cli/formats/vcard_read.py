"""Cards to Drafts: each content line decoded and handed to its property's handler, then the pieces put together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from crm_cli.core.records import Draft, NameParts, Problem, Property, new_draft
from crm_cli.core.text import nfc
from crm_cli.formats.vcard_heads import LONGEST, REMEMBERED, Head, Heads, cut
from crm_cli.formats.vcard_labels import of_apple
from crm_cli.formats.vcard_lines import Card, cards, refusal, unfold
from crm_cli.formats.vcard_points import place, relabelled
from crm_cli.formats.vcard_properties import BLANK, HANDLERS, State, keep
from crm_cli.formats.vcard_values import decode, escape, unquote_printable

_HEADS = Heads()
_BAD_LINES = 20


def read(texts: Iterable[str], *, dirty: bool = False) -> Iterator[Draft | Problem]:
    """Yield the cards of a file, each after the problems met in it. ``texts`` are its pieces, their line ends LF.

    ``dirty``: the file is not UTF-8 and was decoded with ``surrogateescape``; each line finds its own encoding.
    """
    for card in cards(texts):
        if isinstance(card, Problem):
            yield card
            continue
        lines, numbers = (card.lines, None) if card.plain and not card.warning else unfold(card)
        if reason := refusal(card, lines):
            yield Problem(card.line, reason, rejected=True, raw=tuple(card.lines))
            continue
        if card.warning:
            yield Problem(card.line, card.warning)
        if dirty or not _is_telling(card.text):
            card.text = ""
        if dirty:
            lines = _repaired(lines)
        state = State(old=_is_old(lines))
        if problems := _take(state, card, lines, numbers):
            yield from problems
        yield _finish(state, card)


def one(text: str) -> Draft:
    """Read a card again from its ``Draft.card``."""
    lines = text.split("\n")
    state, card = State(old=_is_old(lines)), Card(0, lines, ascii=text.isascii(), text=text)
    _take(state, card, lines, None)
    return _finish(state, card)


def _is_old(lines: list[str]) -> bool:
    """Tell a card of vCard 2.1, which says so in its first lines."""
    if lines and lines[0] in _NEW:
        return False
    return any(line.strip().upper() == "VERSION:2.1" for line in lines[:3])


_NEW = frozenset(("VERSION:3.0", "VERSION:4.0"))
_Handler = Callable[[State, Head, str], None]


class _Known(dict[str, "tuple[_Handler, Head] | None"]):
    """The left side of a line -> what to do with it; None where it takes a closer look."""

    def __missing__(self, left: str) -> tuple[_Handler, Head] | None:
        """Work it out; remember it if it is of ordinary length."""
        head = _HEADS[left] if left.count('"') % 2 == 0 else None
        found = None if head is None or head.special else (HANDLERS.get(head.upper, keep), head)
        if len(left) <= LONGEST:
            if len(self) >= REMEMBERED:
                self.clear()
            self[left] = found
        return found


_KNOWN = _Known()


def _take(state: State, card: Card, lines: list[str], numbers: list[int] | None) -> list[Problem]:
    """Hand each line to the handler of its property; return what could not be understood."""
    problems: list[Problem] = []
    known, ascii_only = _KNOWN, card.ascii
    for index, line in enumerate(lines):
        if not ascii_only and not line.isascii():
            line = nfc(line)  # noqa: PLW2901
        left, colon, value = line.partition(":")
        if colon and (found := known[left]):
            found[0](state, found[1], value)
        elif not _take_closely(state, line) and line.strip():
            problems.append(_bad(line, numbers[index] if numbers else card.line + index + 1))
    return problems if len(problems) <= _BAD_LINES else [*problems[:_BAD_LINES], _more(card, problems)]


def _take_closely(state: State, line: str) -> bool:
    """Take a line with an encoding or with quotes around a colon; tell whether it is a content line at all."""
    left, value = cut(line)
    head = _HEADS[left] if ":" in line else None
    if head is None:
        return False
    if head.special:
        value = _plain_text(head, value)
    HANDLERS.get(head.upper, keep)(state, head, value)
    return True


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


def _finish(state: State, card: Card) -> Draft:
    """Put the pieces together: labels to their points, a name for the nameless."""
    if state.labels:
        _apply_labels(state)
    fields = state.fields
    fields["points"] = tuple(state.points)
    fields["addresses"] = tuple(state.addresses)
    if fields["kind"] == "company":
        _as_company(state)
    elif not fields["name"]:
        fields["name"] = _built_name(fields)
    fields["properties"] = tuple(state.properties)
    fields["line"] = card.line
    if card.text:
        fields["card"] = card.text
    else:
        fields["raw"] = tuple(card.lines)
    return new_draft(fields.values())


def _is_telling(text: str) -> bool:
    """Can a card be kept in its own words? Not with a NUL, nor where it looks like the JSON of other records."""
    return "\0" not in text and text[:1] != "["


def _apply_labels(state: State) -> None:
    """Give each grouped point its X-ABLabel; the label property goes when a point has it, for it is written anew."""
    told = []
    for group, (text, at) in state.labels.items():
        label = of_apple(text)
        used = state.lines.get(group, ())
        for each in used:
            if each.point is not None:
                state.points[each.point] = relabelled(state.points[each.point], each.head, label)
            elif each.address is not None:
                extra = each.head.extra if each.head.label == label else each.head.extra_all
                state.addresses[each.address] = place(each.head, each.parts, label, extra)
        if used and label:
            told.append(at)
    for at in reversed(told):
        del state.properties[at]


def _as_company(state: State) -> None:
    """Make a card an organisation: its name is FN or ORG; what a company has no field for stays as properties."""
    fields = state.fields
    company, department = fields["company"], fields["department"]
    fields["company"] = fields["department"] = ""
    fields["name"] = fields["name"] or company or _built_name(fields)
    if company not in ("", fields["name"]) or department:
        text = ";".join(map(escape, (company, *department.split(" / ")) if department else (company,)))
        _add_once(state, Property("ORG", text))
    for field, name in _PERSONAL.items():
        if value := fields[field]:
            fields[field] = BLANK[field]
            _add_once(state, Property(name, value if field in ("birthday", "anniversary") else escape(value)))
    if any(parts := fields["parts"]):
        fields["parts"] = NameParts()
        row = (parts.family, parts.given, parts.additional, parts.prefix, parts.suffix)
        _add_once(state, Property("N", ";".join(map(escape, row))))


_PERSONAL = {
    "title": "TITLE", "nickname": "NICKNAME", "birthday": "BDAY", "anniversary": "ANNIVERSARY",
    "status": "X-CRM-STATUS", "language": "LANG", "zone": "X-CRM-ZONE",
}  # fmt: skip


def _add_once(state: State, new: Property) -> None:
    if not any(each.name.upper() == new.name for each in state.properties):
        state.properties.append(new)


def _built_name(fields: dict[str, Any]) -> str:
    """Name a card without FN: by N, else nickname, company, the first e-mail, the first phone (or other point)."""
    parts = fields["parts"]
    row = (parts.prefix, parts.given, parts.additional, parts.family, parts.suffix)
    if name := " ".join(filter(None, row)):
        return name
    points = sorted(fields["points"], key=lambda point: _NAMING.get(point.kind, 9))
    return fields["nickname"] or fields["company"] or (points[0].value if points else "")


_NAMING = {"email": 0, "phone": 1}
