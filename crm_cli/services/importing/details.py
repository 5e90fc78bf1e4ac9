"""Rows that add a detail to a person of the book: an e-mail address, a web site, a custom field (GoldMine's CONTSUPP).

A detail is added once and remembered by the key of its row, so one that the user removes does not come back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core.items import Item
from crm_cli.core.patches import Items, Patch
from crm_cli.formats.base import base_text
from crm_cli.queries import contacts
from crm_cli.services import records, rows, statements
from crm_cli.services.importing import links

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from crm_cli.core.records import Contact, Draft, Point, Problem
    from crm_cli.services.importing.entries import Report
    from crm_cli.services.importing.words import Vocabulary

_SOURCE = "detail:goldmine"


def add(
    db: sqlite3.Connection,
    chunk: Sequence[Item | Problem],
    report: Report,
    words: Vocabulary,
    *,
    now: str,
    region: str,
) -> list[Item | Problem]:
    """Add the details of rows whose people are in the book, and count them; return the other rows."""
    asked = [each.links[0] for each in chunk if isinstance(each, Item) and each.detail]
    found = links.find(db, asked) if asked else {}
    context = records.context(db, now=now, region=region)._replace(words=words)
    others: list[Item | Problem] = []
    for each in chunk:
        if not (isinstance(each, Item) and each.detail and each.links[0] in found):
            others.append(each)
            continue
        person = found[each.links[0]].id
        report.read += 1
        report.count_known("contact", person, changed=_add(context, person, each.key, each.detail))
    return others


def _add(on: records.Context, person: int, key: str, detail: Draft) -> bool:
    """Add a detail to a person, unless it was added before or is there; return whether anything was written."""
    base = base_text(detail)
    key = key or base
    known = on.db.execute(
        "SELECT id, base FROM external_ref WHERE source = ? AND key = ? AND contact_id = ?", (_SOURCE, key, person)
    ).fetchone()
    if known and known[1] == base:
        return False
    record = contacts.get(on.db, person)
    patch = _missing(on, record, detail)
    changed = records.apply(on, record, patch) if patch.points or patch.custom else False
    if known:
        statements.update(on.db, "external_ref", known[0], {"base": base})
    else:
        mark = {"source": _SOURCE, "key": key, "base": base}
        statements.insert(on.db, "external_ref", {"contact_id": person, **mark}, "OR IGNORE")
    return changed


def _missing(on: records.Context, record: Contact, detail: Draft) -> Patch:
    """Return what a person lacks of a detail: contact points, and values of custom fields that are empty."""
    had = set(map(_address, record.points))
    points = [rows.with_norm(point, on.region) for point in detail.points]
    new = tuple(point for point in points if _address(point) not in had)
    filled = dict(record.custom)
    fields = {on.words.field_name(label): value for label, value in detail.custom}
    custom = {name: on.words.types.fitted(name, value) for name, value in fields.items() if not filled.get(name)}
    return Patch({}, points=Items(add=new), custom=custom)


def _address(point: Point) -> tuple[str, str]:
    return point.kind, point.norm or point.value
