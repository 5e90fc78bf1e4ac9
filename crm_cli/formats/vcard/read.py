"""Read cards into Drafts: decode each content line, pass it to its property's handler, then assemble the draft."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from crm_cli.core import names
from crm_cli.core.mailboxes import names_with_mail
from crm_cli.core.records import Draft, NameParts, Problem, Property
from crm_cli.core.text.folding import nfc
from crm_cli.formats.vcard.bytes import Decoded, count, decode, unquote_printable
from crm_cli.formats.vcard.cards import cards
from crm_cli.formats.vcard.dates import apple_anniversaries
from crm_cli.formats.vcard.heads import LONGEST, REMEMBERED, Head, cut, parse
from crm_cli.formats.vcard.labels import of_apple
from crm_cli.formats.vcard.lines import Card, refusal, unfold
from crm_cli.formats.vcard.losses import Losses, add_loss
from crm_cli.formats.vcard.points import labelled, place, relabelled
from crm_cli.formats.vcard.properties import HANDLERS
from crm_cli.formats.vcard.state import ABOUT, BLANK, State, consent_value, keep, name_value
from crm_cli.formats.vcard.values import escape

_BAD_LINES = 20


def read(texts: Iterable[str], *, dirty: bool = False, lossy: str = "", page: str = "") -> Iterator[Draft | Problem]:
    """Yield the cards of a file, each after its problems. ``texts`` are chunks of the file with LF line endings.

    ``dirty``: the file is not UTF-8 and was decoded with ``surrogateescape``; the encoding is detected line by line.
    ``lossy`` names another encoding, in which unreadable characters were replaced.
    ``page`` is the code page of text that is neither UTF-8 nor in a CHARSET; by default Windows-1252.
    """
    losses = Losses(lossy)
    for card in cards(losses.counted(texts) if lossy else texts):
        if isinstance(card, Problem):
            yield card
            continue
        yield from _read(card, losses, dirty=dirty, page=page)
    yield from losses.problems()


def _read(card: Card, losses: Losses, *, dirty: bool, page: str) -> Iterator[Draft | Problem]:
    """Yield the problems found in a card and its draft, or the reason why it is rejected."""
    lines, numbers = (card.lines, None) if card.plain and not card.warning else unfold(card)
    if reason := refusal(card, lines):
        yield _rejected(card, reason)
        return
    state = State(old=_is_old(lines), page=page)
    if dirty:
        card.text = ""
        lines = _repaired(state, lines)
    problems = _take(state, card, lines, numbers)
    draft = _finish(state, card)
    if reason := _unusable(state, draft):
        yield _rejected(card, reason)
        return
    if card.warning:
        yield Problem(card.line, card.warning)
    yield from problems
    if state.losses:
        losses.add(state.losses, card.line)
    yield draft._replace(kind="group") if state.thing == "group" else draft


def _rejected(card: Card, reason: str) -> Problem:
    return Problem(card.line, reason, rejected=True, raw=tuple(card.lines))


def _unusable(state: State, draft: Draft) -> str:
    """Return why a parsed card is rejected, or ``""``."""
    if state.thing == "group":
        return "" if state.fields["name"] else "a group without a name"
    if state.thing:
        return f"KIND:{state.thing} is neither a person nor an organisation"
    if state.versions > 1:
        return "two VERSION lines, each with a name; two cards in one"
    return "" if draft.name or _is_known(draft) else "no usable data: no name, company, e-mail, phone or such"


def _is_known(draft: Draft) -> bool:
    """Does a card without a name describe a person or company? UID, NOTE, CATEGORIES and unknown properties do not."""
    values = (draft.addresses, draft.birthday, draft.anniversary, draft.title, draft.department, draft.custom)
    return any(values) or bool(draft.own_uid) or any(each.name.upper() in _DESCRIBING for each in draft.properties)


_DESCRIBING_NAMES = "PHOTO LOGO SOUND KEY LABEL AGENT RELATED MEMBER GENDER BDAY ANNIVERSARY DEATHDATE GEO ROLE TITLE"
_DESCRIBING = frozenset(_DESCRIBING_NAMES.split())
"""Kept properties that describe a person or company."""


def one(text: str) -> Draft:
    """Read a card again from its ``Draft.card``."""
    lines = text.split("\n")
    state, card = State(old=_is_old(lines)), Card(0, lines, text=text)
    _take(state, card, lines, None)
    return _finish(state, card)


def about_card(text: str) -> tuple[Property, ...]:
    """Return what a card says of itself (`ABOUT`), from its ``Draft.card``."""
    lines = _ABOUT.findall(text)
    state = State(old=_is_old(text.split("\n", 3)))
    _take(state, Card(0, lines), lines, None)
    return tuple(state.about)


_ABOUT = re.compile(rf"^(?:[\w-]+\.)?(?:{'|'.join(ABOUT)})[;:].*$", re.MULTILINE | re.IGNORECASE)


def _is_old(lines: list[str]) -> bool:
    """Is this a vCard 2.1 card? Its first lines say so."""
    if lines and lines[0] in _NEW:
        return False
    return any(line.strip().upper() == "VERSION:2.1" for line in lines[:3])


_NEW = frozenset(("VERSION:3.0", "VERSION:4.0"))
_Handler = Callable[[State, Head, str], None]


class _Heads(dict[str, "tuple[_Handler, Head] | None"]):
    """The text before a colon -> the handler of its property and its Head; None if it is not a valid head."""

    # A file has a few hundred heads. Without this memo, the row "parse 100,000 vCards" of benchmarks/run.py takes five
    # times as long; with one that holds the Head but not its handler, 4 % longer.
    def __missing__(self, text: str) -> tuple[_Handler, Head] | None:
        """Parse the head; cache it unless it is unusually long. The cache is cleared when it is full."""
        head = parse(text)
        found = (HANDLERS.get(head.upper, keep), head) if head else None
        if len(text) <= LONGEST:
            if len(self) >= REMEMBERED:
                self.clear()
            self[text] = found
        return found


_HEADS = _Heads()


def _take(state: State, card: Card, lines: list[str], numbers: list[int] | None) -> list[Problem]:
    """Pass each line to the handler of its property; return what could not be understood."""
    problems: list[Problem] = []
    for index, line in enumerate(lines):
        if not line.isascii():
            line = nfc(line)  # noqa: PLW2901
        left, colon, value = line.partition(":")
        if colon and (found := _HEADS[left]) and not found[1].special:
            handle, head = found
            handle(state, head, value)
        elif not _take_closely(state, line) and line.strip():
            problems.append(_bad(line, numbers[index] if numbers else card.line + index + 1))
    return problems if len(problems) <= _BAD_LINES else [*problems[:_BAD_LINES], _more(card, problems)]


def _take_closely(state: State, line: str) -> bool:
    """Process a line with an encoding or a quoted colon; return whether it is a content line at all."""
    left, value = cut(line)
    found = _HEADS[left] if ":" in line else None
    if found is None:
        return False
    handle, head = found
    handle(state, head, _plain_text(state, head, value) if head.special else value)
    return True


def _bad(line: str, number: int) -> Problem:
    return Problem(number, "not a vCard property; line skipped", raw=(line[:10_000],))


def _more(card: Card, problems: list[Problem]) -> Problem:
    raw = tuple(each for problem in problems[_BAD_LINES:] for each in problem.raw)
    return Problem(card.line, f"{len(raw)} more lines of this card are not vCard properties; skipped", raw=raw)


def _repaired(state: State, lines: list[str]) -> list[str]:
    """Decode each line beyond ASCII by its CHARSET, as UTF-8, by another CHARSET of the card, or as Windows-1252.

    In a card whose other text is UTF-8, an invalid line is treated as UTF-8 with errors.
    """
    rows = [_raw(line) for line in lines]
    sound, bad = count(b"\n".join(row.data for row in rows if row.data and not row.charset))
    utf8 = sound >= bad > 0
    hint = next((row.charset for row in rows if row.charset and not row.data), "") or state.page
    return [_noted(state, decode(row.data, row.charset, hint, utf8=utf8)) if row.data else row.text for row in rows]


class _Raw(NamedTuple):
    """A line of a file that is not UTF-8 throughout: its bytes if any is beyond ASCII, and the CHARSET it declares."""

    text: str
    data: bytes
    charset: str


def _raw(line: str) -> _Raw:
    left = line.partition(":")[0]
    found = _HEADS[left] if left.isascii() else None
    data = b"" if line.isascii() else line.encode("utf-8", "surrogateescape")
    return _Raw(line, data, found[1].charset if found else "")


def _noted(state: State, found: Decoded) -> str:
    """Count what could not be decoded, and return the text."""
    add_loss(state.losses, "unreadable", found.unreadable)
    add_loss(state.losses, "guessed", int(bool(found.guess)))
    return found.text


def _plain_text(state: State, head: Head, value: str) -> str:
    """Decode quoted-printable or a 7-bit character set; base64 only has its white space removed."""
    if head.quoted_printable:
        return nfc(_noted(state, unquote_printable(value, head.charset, state.page))).replace("\n", "\\n")
    if head.binary:
        return "".join(value.split())
    if "\x1b" in value and head.charset:
        return nfc(_noted(state, decode(value.encode("utf-8", "surrogateescape"), head.charset)))
    return value


def _finish(state: State, card: Card) -> Draft:
    """Assemble the draft: apply labels to their points, and build a missing name."""
    if state.labels:
        _apply_labels(state)
    fields = state.fields
    fields["points"] = tuple(state.points)
    fields["addresses"] = tuple(state.addresses)
    if fields["kind"] == "company":
        _as_company(state)
    elif not fields["name"]:
        fields["name"] = _built_name(fields, state.shown)
    if state.shown:
        fields["custom"] = (*fields["custom"], *names_with_mail(state.shown, fields["name"]))
    fields["properties"] = tuple(state.properties)
    fields["line"] = card.line
    if card.text and _is_keepable(card.text):
        fields["card"] = card.text
    else:
        fields["raw"] = tuple(card.lines)
        fields["properties"] += tuple(state.about)
    return Draft._make(fields.values())


def _is_keepable(text: str) -> bool:
    """Can the card be kept as its own text? Not with a NUL, nor if it looks like the JSON of other records."""
    return "\0" not in text and text[:1] != "["


def _apply_labels(state: State) -> None:
    """Apply X-ABLabels to their grouped points; a used label is dropped, because the export writes it again."""
    has_others = not state.labels.keys() <= state.lines.keys()
    if has_others and state.fields["kind"] == "person" and not state.fields["anniversary"]:
        state.fields["anniversary"] = next(iter(apple_anniversaries(state.properties).values()), None)
    applied = []
    for group, (text, at) in state.labels.items():
        label = of_apple(text)
        used = state.lines.get(group, ())
        for each in used:
            if each.point is not None:
                state.points[each.point] = relabelled(state.points[each.point], each.head, label, text)
            elif each.address is not None:
                extra = labelled(each.head.extra_all, text)
                state.addresses[each.address] = place(each.head, each.parts, label, extra)
        if used and label:
            applied.append(at)
    for at in reversed(applied):
        del state.properties[at]


def _as_company(state: State) -> None:
    """Make a card an organisation: its name is FN or ORG; fields that a company lacks are kept as properties."""
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
    for consent in fields["consents"]:
        state.properties.append(Property("X-CRM-CONSENT", consent_value(consent)))
    fields["consents"] = ()
    if any(parts := fields["parts"]):
        fields["parts"] = NameParts()
        _add_once(state, Property("N", name_value(parts)))


_PERSONAL = {
    "title": "TITLE", "nickname": "NICKNAME", "birthday": "BDAY", "anniversary": "ANNIVERSARY",
    "status": "X-CRM-STATUS", "language": "LANG", "zone": "X-CRM-ZONE",
}  # fmt: skip


def _add_once(state: State, new: Property) -> None:
    if not any(each.name.upper() == new.name for each in state.properties):
        state.properties.append(new)


def _built_name(fields: dict[str, Any], shown: Sequence[str] = ()) -> str:
    """Name a card without FN: by N, nickname, a name with an e-mail, company, the first e-mail or phone."""
    if name := names.display(fields["parts"]) or fields["nickname"] or "".join(shown[:1]) or fields["company"]:
        return name
    points = sorted(fields["points"], key=lambda point: _NAMING.get(point.kind, 9))
    return points[0].value if points else ""


_NAMING = {"email": 0, "phone": 1}
