"""What the book holds about a person, as text for them to read and as JSON with every row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_cli.core.instants import iso_local, local
from crm_cli.queries.personal import row_key
from crm_cli.render import cards, show
from crm_cli.render import changes as wording
from crm_cli.render.activities import what
from crm_cli.render.clean import clean
from crm_cli.render.deals import brief, card
from crm_cli.render.fields import field, links
from crm_cli.render.spans import Span, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_cli.queries.disclosures import Disclosure
    from crm_cli.queries.personal import Mention, Row
    from crm_cli.render.spans import Line

Card = dict[str, Any]


def as_text(found: Disclosure, *, today: str, zone: str, locale: str, now: str) -> str:
    """Return the disclosure as text: the briefing with all activities, where it came from, and who names the person."""
    lines = _lines(found, today=today, zone=zone, locale=locale, now=now)
    return "\n".join(map(text, lines)) + "\n"


def _lines(found: Disclosure, *, today: str, zone: str, locale: str, now: str) -> Iterator[Line]:
    yield from show.person(found.contact, found.done, found.planned, today=today, zone=zone, now=now)
    if found.cancelled:
        yield from _heading("Cancelled")
        yield from links("", [(f"a{each.id}", what(each)) for each in found.cancelled])
    if found.deals:
        yield from _heading("Deals")
        yield from links("", [brief(deal, today, zone, locale) for deal in found.deals])
    yield from _heading("Where it came from")
    yield from _sources(found, zone)
    if found.mentions:
        yield from _heading(f"Texts of other records that name {clean(found.contact.name)}")
        for each in found.mentions:
            yield field(each.of or each.table.replace("_", " "), f"{each.column.replace('_', ' ')}: {each.found}")
    yield from _heading("Rows in the book")
    for table, rows in found.rows.items():
        if rows:
            yield field(str(len(rows)), table.replace("_", " "))


def _sources(found: Disclosure, zone: str) -> Iterator[Line]:
    """Yield the imports and the changes that the data came by, each with its day."""
    for at, file, form in found.imports:
        yield field(f"{local(at, zone):%Y-%m-%d}", f"imported from {file} ({form})")
    for change in found.changes:
        who = f"ch{change.info.id} {wording.origin(change.info)} {change.info.verb}"
        yield field(f"{local(change.info.at, zone):%Y-%m-%d}", f"{who}: {wording.differing(change.differences)}")


def _heading(words: str) -> Iterator[Line]:
    yield ()
    yield (Span(words, "heading"),)


def as_json(found: Disclosure, *, zone: str, now: str) -> Card:
    """Return the disclosure as JSON: the documented cards, every row with its origin, changes and mentions."""
    activities = (*found.planned, *found.done, *found.cancelled)
    return {
        "disclosed": iso_local(now, zone),
        "contact": cards.contact(found.contact, zone, now),
        "activities": [cards.activity(each, zone, now) for each in activities],
        "deals": [card(each, zone, now) for each in found.deals],
        "imports": [{"at": iso_local(at, zone), "file": file, "format": form} for at, file, form in found.imports],
        "changes": [
            cards.change(each.info, zone) | {"differences": [one._asdict() for one in each.differences]}
            for each in found.changes
        ],
        "mentions": list(map(mention, found.mentions)),
        "rows": _rows(found, zone),
    }


def mention(found: Mention) -> Card:
    """Return a text that names a person as JSON."""
    return {"of": found.of or None, "table": found.table, "column": found.column, "text": found.text}


def _rows(found: Disclosure, zone: str) -> dict[str, list[Row]]:
    """Return the rows of each table, with the origin of each."""
    return {
        table: [row | {"origin": _origin(found, table, row, zone)} for row in rows]
        for table, rows in found.rows.items()
        if rows
    }


def _origin(found: Disclosure, table: str, row: Row, zone: str) -> Card | None:
    """Return which change brought a row, when, and from which file; None if the book does not know."""
    key = row_key(found.keys[table], row) if table in found.keys else ""
    origin = found.origins.get((table, key))
    if origin is None:
        return None
    return {
        "change": f"ch{origin.change}",
        "at": iso_local(origin.at, zone),
        "by": origin.by,
        "verb": origin.verb,
        "file": origin.file or None,
    }
