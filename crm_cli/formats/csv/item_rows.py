"""Turn the rows of a table of deals or activities into items."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from crm_cli.core import money
from crm_cli.core.items import Item, Link
from crm_cli.core.money import Spelling
from crm_cli.core.records import Draft, Point, Problem
from crm_cli.core.text.folding import nfc, sort_key
from crm_cli.errors import UsageError
from crm_cli.formats.csv import dates as csv_dates
from crm_cli.formats.csv import headings, moments
from crm_cli.formats.csv.cells import unguard_foreign
from crm_cli.formats.csv.item_columns import DATED, KINDS, LINKS, TABLES, Column, kind_named, words_of
from crm_cli.formats.csv.values import unlisted

_SEPARATORS = re.compile(r"\s*(?:;| ::: |\n)\s*")
_TAGS = re.compile(r"\s*[;,]\s*")
_TEXTS = ("title", "subject", "stage", "source", "reason", "outcome")
_BODIES = ("notes", "body")
_FLAGS = ("won", "lost", "ended", "done")
_HTML = re.compile(r"<(?:p|br|div|span|b|i|strong|em|a|ul|ol|li|table|html|body|h[1-6])\b[^>]*>", re.IGNORECASE)
_EMPTY = frozenset(("-", "n/a", "null", "(blank)", "--none--", "#n/a", "[[unknown]]", "none"))
"""Cells that say that there is no value, in columns of links, amounts and states."""
_GOLDMINE = {
    "A": "meeting", "C": "call", "D": "task", "E": "meeting", "F": "note", "L": "letter", "M": "email", "O": "note",
    "S": "note", "T": "task",
}  # fmt: skip
"""GoldMine's record types of history and calendar (CONTHIST, CAL) -> the kind of an activity."""
_GONE = frozenset(("isdeleted", "deleted", "ismessagedraft", "isconversationdraft"))
"""Columns that say whether a row is deleted, or a draft that was never sent."""
_TRUE = frozenset(
    ("true", "1", "yes", "x", "y", "checked", "ja", "oui", "si", "sí", "sì", "sim", "wahr", "done", "completed")
)
_OUTCOMES = ("reached", "no-answer", "busy", "voicemail", "left-message", "wrong-number", "no-show")
_PRIORITIES = ("high", "low")
_BEHIND = re.compile(r"\s*(?:[(<][^()<>\s]+@[^()<>\s]+[)>]|\([cd]?\d{1,7}\))$")
"""What HubSpot writes behind the name of a person, and our own export behind a linked record."""
_LONGEST_SUBJECT = 200
_HOURS = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d\d)")
_UNITS = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*(h|hour|hours|std|stunde|stunden|heure|heures|hora|horas|ore|uur)?\s*(?:(\d+)?\s*(?:m|min|mins|minutes?|minuten|minuti|minutos)\.?)?"
)


@lru_cache(maxsize=4096)
def letters(cell: str) -> str:
    """Return the letters and digits of a cell, folded; cells of states and types repeat."""
    return headings.letters(cell)


@dataclass(frozen=True, slots=True)
class Table:
    """How to read the rows of one file. ``orders`` gives ``dmy`` or ``mdy`` for each column of days.

    ``kind`` is the kind of an activity whose row does not say it, ``mine`` the name that is in every message.
    """

    listed: str
    columns: tuple[Column, ...]
    orders: Mapping[int, str]
    spelling: Spelling
    kind: str = ""
    mine: str = ""

    @property
    def fields(self) -> str:
        """The table of fields: ``deals`` or ``activities``."""
        return TABLES[self.listed]


@dataclass(slots=True)
class _Row:
    """The fields of a row as they are collected: single values, links, what is left for custom fields, doubts."""

    single: dict[str, str] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    custom: list[tuple[str, str]] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    headings: dict[str, str] = field(default_factory=dict)
    """Field -> the heading of its column."""
    cells: dict[str, str] = field(default_factory=dict)
    """Field -> its cell, for values that turn out to belong to a custom field."""

    def spare(self, name: str) -> None:
        """Keep a value that has no place in the item as a custom field of its column."""
        if name in self.cells:
            self.custom.append((self.headings[name], self.cells[name]))
        self.single.pop(name, None)


def read(table: Table, line: int, raw: Sequence[str]) -> Iterator[Item | Problem]:
    """Yield the doubts about a row and its item; a problem if it has neither a title nor anything to link to."""
    row = _collected(table, raw)
    if row is None:
        return
    kept = tuple(raw)
    width = len(table.columns)
    row.custom.extend(
        (f"extra_{number}", nfc(text.strip())) for number, text in enumerate(raw[width:], 1) if text.strip()
    )
    values = _deal(row, table) if table.fields == "deals" else _activity(row, table)
    item = Item(
        KINDS[table.fields],
        tuple((name, text) for name, text in values.items() if text),
        _links(row),
        tuple(dict.fromkeys(row.tags)),
        _once(row.custom),
        row.single.get("key") or row.single.get("uid", ""),
        _person(row),
        line,
        kept,
    )
    for doubt in row.doubts:
        yield Problem(line, doubt, raw=kept)
    if not (values.get("title") or values.get("subject") or values.get("body") or item.links):
        yield Problem(
            line, f"no {'title' if table.fields == 'deals' else 'subject, text or person'}", rejected=True, raw=kept
        )
        return
    yield item


def _collected(table: Table, raw: Sequence[str]) -> _Row | None:
    """Return the fields of a row; None for one that is marked as deleted."""
    row = _Row()
    for column in table.columns:
        if column.index >= len(raw):
            continue
        cell = nfc(unguard_foreign(raw[column.index].strip(" \r\n\xa0")).strip())
        if not cell:
            continue
        if column.field == "drop":
            if letters(column.name) in _GONE and letters(cell) in _TRUE:
                return None
            continue
        _take(row, table, column, cell)
    return row


def _take(row: _Row, table: Table, column: Column, cell: str) -> None:
    name, _, is_key = column.field.partition(".")
    if column.field == "custom":
        row.custom.append((column.name, unlisted(cell)))
    elif name in LINKS:
        row.links.extend(_linked(LINKS[name], cell, is_key=bool(is_key)))
    elif name == "tags":
        row.tags.extend(filter(None, _TAGS.split(unlisted(cell))))
    elif name in ("email", "phone"):
        row.points.append(Point(name, cell, "work" if "work" in column.name.casefold() else ""))
    elif name in DATED:
        _take_moment(row, column, cell, table.orders.get(column.index, ""))
    else:
        row.headings[name], row.cells[name] = column.name, cell
        row.single[name] = _plain(cell) if name in _BODIES else cell


def _linked(target: str, cell: str, *, is_key: bool) -> Iterator[Link]:
    if letters(cell) in ("", "null", "none") or cell.casefold() in _EMPTY:
        return
    for piece in filter(None, _SEPARATORS.split(unlisted(cell))):
        yield Link(target, key=piece) if is_key else Link(target, name=_BEHIND.sub("", piece) or piece)


def _take_moment(row: _Row, column: Column, cell: str, order: str) -> None:
    """Store the moment of a cell; of several in the same field the exact one, if they are on the same day."""
    name = column.field
    found = moments.parse(cell, day_first=order == "dmy") if order != "mixed" else None
    if found is None:
        if csv_dates.parse(moments.day_of(cell), day_first=True) != "":
            row.doubts.append(f"{column.name}: {cell[:40]!r} is not a date; kept as a custom field")
            row.custom.append((column.name, cell))
        return
    had = row.single.get(name, "")
    if had and had[:10] != found.day:
        row.custom.append((column.name, cell))
    elif len(str(found)) > len(had):
        row.single[name], row.headings[name], row.cells[name] = str(found), column.name, cell


def _plain(text: str) -> str:
    """Return the text of a cell that may hold HTML (HubSpot, Pipedrive, Odoo)."""
    if not _HTML.search(text):
        return text
    from crm_cli.formats.html import text_of

    return text_of(text)


def _links(row: _Row) -> tuple[Link, ...]:
    """Return the links of a row; a key and a name of the same target that stand alone are one link."""
    joined: list[Link] = []
    for target in dict.fromkeys(link.target for link in row.links):
        keys = [link.key for link in row.links if link.target == target and link.key]
        named = list(dict.fromkeys(link.name for link in row.links if link.target == target and link.name))
        if len(keys) == len(named):
            joined += [Link(target, key, name) for key, name in zip(keys, named, strict=True)]
        else:
            joined += [Link(target, key) for key in keys] + [Link(target, name=name) for name in named]
    return tuple(joined)


def _once(custom: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(dict.fromkeys(custom))


def _person(row: _Row) -> Draft | None:
    """Return the person that the row describes with an e-mail or a phone, if it names one person."""
    names = [link.name for link in row.links if link.target == "contact" and link.name]
    if not row.points or len(names) != 1:
        row.custom.extend((point.kind, point.value) for point in row.points)
        return None
    company = next((link.name for link in row.links if link.target == "company" and link.name), "")
    return Draft(name=names[0], company=company, points=tuple(row.points))


# Deals


def _deal(row: _Row, table: Table) -> dict[str, str]:
    """Return the values of a deal."""
    single = row.single
    stage, state = single.get("stage", ""), single.get("status", "")
    status = _ending(row, stage, state)
    if state and status == "open" and letters(state) not in words_of("words", "open"):
        row.spare("status")
    values = {name: single.get(name, "") for name in ("title", "stage", "source", "reason", "notes", "created")}
    values["title"] = " ".join(values["title"].split())
    values |= _amount(row, table) | {
        "status": status,
        "probability": _probability(row),
        "close": single.get("close", "")[:10],
    }
    if status != "open":
        values["closed"] = single.get("closed") or single.get("close", "")
    elif "closed" in single:
        row.spare("closed")
    for spare in ("pipeline",):
        row.spare(spare)
    return values


def _ending(row: _Row, stage: str, state: str) -> str:
    """Return open, won or lost: by flags, by the status, by the stage, by the day it was won or lost."""
    flags = {name: letters(row.single.get(name, "")) in _TRUE for name in _FLAGS}
    if flags["won"] or flags["lost"]:
        return "won" if flags["won"] else "lost"
    for word in (letters(state), letters(stage)):
        for ending in ("won", "lost"):
            if word and word in words_of("words", ending):
                return ending
    if flags["ended"]:
        return "lost"
    dated = letters(row.headings.get("closed", "")) if "closed" in row.single else ""
    return "won" if "won" in dated else "lost" if "lost" in dated else "open"


def _amount(row: _Row, table: Table) -> dict[str, str]:
    """Return amount and currency; an amount that cannot be read is kept as a custom field, and said."""
    text = row.single.get("amount", "")
    if not text or text.casefold() in _EMPTY:
        return {}
    code = row.single.get("currency", "")
    try:
        spelling = table.spelling._replace(currency=money.check_currency(code)) if code else table.spelling
    except UsageError:
        row.spare("currency")
        spelling = table.spelling
    try:
        amount = money.parse(text, spelling)
    except UsageError as error:
        row.doubts.append(f"{row.headings['amount']}: {error}; kept as a custom field")
        row.spare("amount")
        return {}
    return {"amount": str(amount.minor), "currency": amount.currency}


def _probability(row: _Row) -> str:
    """Return a probability in whole per cent; one of at most 1 with decimals is a fraction (HubSpot)."""
    text = row.single.get("probability", "").rstrip("% ").replace(",", ".")
    try:
        number = float(text) if text else -1.0
    except ValueError:
        number = -1.0
    if "." in text and 0 < number <= 1:
        number *= 100
    if not 0 <= number <= 100:
        row.spare("probability")
        return ""
    return str(round(number))


# Activities


def _activity(row: _Row, table: Table) -> dict[str, str]:
    """Return the values of an activity."""
    single = row.single
    _take_parties(row, table)
    kind, direction = _kind(row, table)
    values = {
        "kind": kind,
        "status": _state(row),
        "subject": " ".join(single.get("subject", "").split()),
        "body": single.get("body", ""),
        "direction": direction,
        "outcome": _outcome(row, kind),
        "priority": _priority(row),
        "minutes": _minutes(row),
        "created": single.get("created", ""),
    }
    if len(values["subject"]) > _LONGEST_SUBJECT:
        values["body"] = "\n\n".join(filter(None, (values["subject"], values["body"])))
        values["subject"] = values["subject"][:_LONGEST_SUBJECT].rsplit(" ", 1)[0] + " …"
    return values | _times(row, values["status"])


def _kind(row: _Row, table: Table) -> tuple[str, str]:
    """Return kind and direction; a type that names neither is kept as a custom field."""
    type_, given = row.single.get("kind", ""), letters(row.single.get("direction", ""))
    if letters(row.headings.get("kind", "")) == "rectype" and type_[:1] in _GOLDMINE:
        return _GOLDMINE[type_[0]], {"CI": "in", "CO": "out", "MI": "in", "MO": "out"}.get(type_[:2], "")
    kind = kind_named(type_) if type_ else ""
    direction = next((way for way in ("in", "out") if given and given in words_of("words", way)), "")
    if given and not direction:
        row.spare("direction")
    if type_ and not kind:
        way = next((way for way in ("in", "out") if letters(type_) in words_of("words", way)), "")
        direction = direction or way
        if not way:
            row.spare("kind")
    elif type_ and letters(type_) not in words_of("kinds", kind):
        row.spare("kind")
    return kind or table.kind or "note", direction


def _state(row: _Row) -> str:
    """Return done, open or cancelled, or ``""`` if the row does not say it."""
    if (flag := letters(row.single.get("done", ""))) or "done" in row.cells:
        return "done" if flag in _TRUE else "open"
    word = letters(row.single.get("status", ""))
    for state in ("cancelled", "done", "open"):
        if word and word in words_of("words", state):
            if word not in (letters(state), "completed", "notstarted", "planned", "held"):
                row.spare("status")
            return state
    row.spare("status")
    return "done" if "completed" in row.single else ""


def _outcome(row: _Row, kind: str) -> str:
    """Return an outcome of crm's that the cell means; other words are kept as a custom field."""
    word = letters(row.single.get("outcome", ""))
    if not word:
        return ""
    found = next((name for name in _OUTCOMES if word in words_of("words", name)), "")
    found = "held" if found == "reached" and kind == "meeting" else found
    fits = kind in ("call", "meeting") and (kind == "call" or found in ("held", "no-show", "left-message"))
    if not found or not fits or word != letters(found):
        row.spare("outcome")
    return found if fits else ""


def _priority(row: _Row) -> str:
    word = letters(row.single.get("priority", ""))
    found = next((level for level in _PRIORITIES if word and word in words_of("words", level)), "")
    if word and not found and word not in ("normal", "medium", "mittel", "none", "moyenne", "media", "2"):
        row.spare("priority")
    return found


def _minutes(row: _Row) -> str:
    """Return a duration in whole minutes."""
    for name, divisor in (("seconds", 60), ("milliseconds", 60_000)):
        if (text := row.single.get(name, "")).isdecimal():
            return str(round(int(text) / divisor))
    text = row.single.get("minutes", "").strip().casefold()
    if not text:
        return ""
    if match := _HOURS.fullmatch(text):
        hours, minutes, last = match[1], int(match[2]), int(match[3])
        # Two numbers are minutes and seconds (Zoho, phones) unless they would be too long for a call.
        return str(int(hours) * 60 + minutes) if hours else str(minutes + (last >= 30))
    match = _UNITS.fullmatch(text)
    if match is None:
        row.spare("minutes")
        return ""
    number = float(match[1].replace(",", "."))
    return str(round(number * 60 + int(match[3] or 0)) if match[2] else round(number))


def _times(row: _Row, state: str) -> dict[str, str]:
    """Return when it was done and when it is due; a day that is neither is kept as a custom field.

    ``when`` is for an activity whose state the row does not say: the moment decides whether it is done.
    """
    single = row.single
    if clock := moments.clock(single.get("time", "")):
        name = "due" if "due" in single else "at"
        if name in single and "T" not in single[name]:
            single[name] += f"T{clock}"
    order = {"done": ("completed", "at", "due", "end", "created"), "": ("at", "due", "end", "created")}.get(
        state, ("due", "at", "end")
    )
    chosen = next((name for name in order if name in single), "")
    found = {"at": single.get(chosen, "")} if state in ("done", "") else {"due": single.get(chosen, "")}
    for name in ("completed", "at", "due", "end"):
        if name != chosen and name in single and single[name][:10] != single.get(chosen, "")[:10]:
            row.spare(name)
    if not row.single.get("minutes") and {"at", "end"} <= single.keys():
        found["until"] = single["end"]
    return found


def _take_parties(row: _Row, table: Table) -> None:
    """Link the people of a message: all but the user, who is named in each."""
    single = row.single
    sender = single.pop("from", "")
    direction = letters(single.get("direction", ""))
    mine = sort_key(table.mine)
    urls = {"from": single.pop("from_url", ""), "to": single.pop("to_url", "")}
    others = [(name, urls["to"]) for name in filter(None, _SEPARATORS.split(single.pop("to", "")))]
    parties = [(sender, urls["from"])] if sender else []
    is_mine = sort_key(sender) == mine if mine and sender else direction in words_of("words", "out")
    if mine or direction:
        parties = [each for each in others if sort_key(each[0]) != mine or not mine] if is_mine else parties
        single.setdefault("direction", "out" if is_mine else "in")
    else:
        parties += others
    row.links.extend(Link("contact", url if len(parties) == 1 else "", name) for name, url in parties)
    for name in ("from_email", "to_email", "thread"):
        row.spare(name)
