"""GoldMine's CONTSUPP: details of people (e-mails, web sites), further contacts, referrals, documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from crm_cli.core.items import ACCOUNT, Item, Link
from crm_cli.core.records import Address, Draft, Point, Problem
from crm_cli.core.text.folding import nfc
from crm_cli.formats.csv.headings import letters
from crm_cli.formats.csv.records import Record

LISTED = "activities"
_TYPES = {
    "P": "", "R": "Referral", "L": "Linked document", "A": "Alert", "E": "Automated process", "O": "Organisation chart",
}  # fmt: skip
"""Type of a row -> what its note begins with. C is a further contact, H defines a profile."""
_CONTACT, _DEFINITION, _DETAIL = "C", "H", "P"
_FIELDS = (
    "accountno", "rectype", "contact", "title", "contsupref", "dear", "phone", "ext", "fax", "linkacct", "notes",
    "address1", "address2", "address3", "city", "state", "zip", "country", "recid",
)  # fmt: skip

Cells = Mapping[str, str]


def is_table(header: Sequence[str]) -> bool:
    """Does a heading have the columns that only this table has?"""
    return {"accountno", "rectype", "contsupref"} <= set(map(letters, header))


def fields(header: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return each column with its field, as an import preview shows it."""
    shown = {"accountno": "person.key", "rectype": "kind", "recid": "key", "notes": "body", "linkacct": "person.key"}
    return tuple((name, shown.get(letters(name), "detail" if letters(name) in _FIELDS else "-")) for name in header)


def items(header: Sequence[str], rows: Iterable[Record | Problem]) -> Iterator[Item | Problem]:
    """Yield a note for each row that is not a further contact, with the detail that it adds to its person."""
    definitions = 0
    for row in _rows(header, rows):
        if isinstance(row, Problem):
            yield row
            continue
        record, cells = row
        kind = cells["rectype"][:1].upper()
        if kind == _DEFINITION:
            definitions += 1
        elif kind != _CONTACT:
            yield _item(record, cells, kind)
    if definitions:
        yield Problem(0, f"skipped rows that only define profiles: {definitions}")


def people(header: Sequence[str], rows: Iterable[Record | Problem]) -> Iterator[Draft | Problem]:
    """Yield the further contacts, who work where the person of the account does."""
    for row in _rows(header, rows):
        if not isinstance(row, Problem) and row[1]["rectype"][:1].upper() == _CONTACT and row[1]["contact"]:
            yield _person(*row)


def _rows(header: Sequence[str], rows: Iterable[Record | Problem]) -> Iterator[tuple[Record, Cells] | Problem]:
    names = [letters(name) for name in header]
    for record in rows:
        if isinstance(record, Problem):
            yield record
        elif any(map(str.strip, record.cells)):
            found = dict(zip(names, (nfc(cell.strip()) for cell in record.cells), strict=False))
            yield record, {name: found.get(name, "") for name in _FIELDS}


def _item(record: Record, cells: Cells, kind: str) -> Item | Problem:
    raw = tuple(record.cells)
    value = " ".join(filter(None, (cells["contsupref"], cells["address1"])))
    subject = _subject(cells, kind, value)
    if not cells["accountno"] or not (subject or cells["notes"]):
        return Problem(record.line, "no account, or nothing in it", rejected=True, raw=raw)
    linked = [Link("contact", cells[name]) for name in ("accountno", "linkacct") if cells[name]]
    values = {"kind": "note", "status": "done", "subject": subject, "body": cells["notes"]}
    return Item(
        "activity",
        tuple((name, text) for name, text in values.items() if text),
        tuple(dict.fromkeys(linked)),
        key=cells["recid"],
        line=record.line,
        raw=raw,
        detail=_detail(cells, kind, value),
    )


def _subject(cells: Cells, kind: str, value: str) -> str:
    """Return the first line of a row's note: its type, its name and its value."""
    subject = ": ".join(filter(None, (_TYPES.get(kind, kind), cells["contact"], value)))
    return f"{subject} ({cells['title']})" if cells["title"] and kind != _DETAIL else subject


def _detail(cells: Cells, kind: str, value: str) -> Draft | None:
    """Return what a row of details adds to its person: an e-mail address, a web site, or a custom field."""
    if not (kind == _DETAIL and cells["contact"] and value):
        return None
    name = letters(cells["contact"])
    if "mail" in name and "@" in value:
        return Draft(points=(Point("email", value.replace(" ", "")),))
    if "web" in name or "url" in name:
        return Draft(points=(Point("url", value),))
    return Draft(custom=((cells["contact"], value),))


def _person(record: Record, cells: Cells) -> Draft:
    number = " ext ".join(filter(None, (cells["phone"], cells["ext"])))
    points = [Point("phone", number)] if cells["phone"] else []
    points += [Point("phone", cells["fax"], "fax")] if cells["fax"] else []
    street = "\n".join(filter(None, (cells[name] for name in ("address1", "address2", "address3"))))
    place = Address(street, locality=cells["city"], region=cells["state"], code=cells["zip"], country=cells["country"])
    return Draft(
        name=cells["contact"], title=cells["title"], nickname=cells["dear"], points=tuple(points), notes=cells["notes"],
        addresses=(place,) if any((street, *place[3:7])) else (), uid=cells["recid"],
        company_key=ACCOUNT + cells["accountno"] if cells["accountno"] else "", line=record.line,
        raw=tuple(record.cells),
    )  # fmt: skip
