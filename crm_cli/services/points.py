"""Contact points and postal addresses of a person or a company, changed by assignments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlmodel import col, select

from crm_cli.core.fields import COMPANY_FIELDS
from crm_cli.core.records import Point
from crm_cli.core.text.folding import fold
from crm_cli.errors import NotFoundError
from crm_cli.models import ContactPoint, PostalAddress
from crm_cli.services import rows

if TYPE_CHECKING:
    from crm_cli.book.book import Book
    from crm_cli.core.edits import Edit

POINTS = frozenset(field.name for field in COMPANY_FIELDS if field.kind == "point")
PLACES = {
    field.name: {"city": "locality"}.get(field.name, field.name) for field in COMPANY_FIELDS if field.kind == "place"
}
"""assignment -> column of postal_address."""

SERVICE_KINDS = frozenset({"social", "im"})


def apply_point(book: Book, owner: dict[str, int], edit: Edit, *, region: str) -> None:
    """Set, add or remove one contact point; ``owner`` is {contact_id: 12} or {company_id: 4}."""
    have = [point for point in _points(book, owner) if point.kind == edit.field]
    labelled = [point for point in have if not edit.label or edit.label in (fold(point.label), fold(point.service))]
    if edit.op == "remove":
        _remove(book, labelled, edit)
    elif not edit.value:
        for point in labelled:
            book.session.delete(point)
    elif edit.op == "set" and (present := [point for point in labelled if point.state != "former"]):
        _set(have, present, edit, region)
    else:
        _add(book, owner, have, edit, region)
    book.flush()


def apply_place(book: Book, owner: dict[str, int], edit: Edit) -> None:
    """Set one part of a postal address: that of the label, else the first, else a new one."""
    have = [place for place in _addresses(book, owner) if not edit.label or fold(place.label) == edit.label]
    place = have[0] if have else PostalAddress(label=edit.label, **_owner(owner))
    if not have and not edit.value:
        return
    setattr(place, PLACES[edit.field], edit.value)
    if not any(getattr(place, column) for column in (*PLACES.values(), "extended", "po_box")):
        if have:
            book.session.delete(place)
    else:
        book.session.add(place)
    book.flush()


def remove_all(book: Book, owner: dict[str, int]) -> None:
    """Remove every point and address of an owner that goes."""
    for found in (*_points(book, owner), *_addresses(book, owner)):
        book.session.delete(found)
    book.flush()


def _owner(owner: dict[str, int]) -> dict[str, Any]:
    """Return the owner's column, typed as any column of a row."""
    return dict(owner)


def _points(book: Book, owner: dict[str, int]) -> list[ContactPoint]:
    ((column, ref),) = owner.items()
    query = select(ContactPoint).where(getattr(ContactPoint, column) == ref)
    return list(book.session.exec(query.order_by(col(ContactPoint.preferred).desc(), col(ContactPoint.id))))


def _addresses(book: Book, owner: dict[str, int]) -> list[PostalAddress]:
    ((column, ref),) = owner.items()
    query = select(PostalAddress).where(getattr(PostalAddress, column) == ref)
    return list(book.session.exec(query.order_by(col(PostalAddress.preferred).desc(), col(PostalAddress.id))))


def _columns(edit: Edit, region: str) -> rows.Columns:
    service = edit.label if edit.field in SERVICE_KINDS else ""
    label = "" if service else edit.label
    return rows.point(Point(edit.field, edit.value, label, service=service), region=region)


def _same(point: ContactPoint, columns: rows.Columns) -> bool:
    return point.value == columns["value"] or bool(point.norm and point.norm == columns["norm"])


def _add(book: Book, owner: dict[str, int], have: list[ContactPoint], edit: Edit, region: str) -> None:
    columns = _columns(edit, region)
    twin = next((point for point in have if _same(point, columns)), None)
    if twin is None:
        book.session.add(ContactPoint(**_owner(owner), **columns))
        return
    twin.state = "current"
    if edit.label:
        twin.label, twin.service = columns["label"], columns["service"]


def _set(have: list[ContactPoint], labelled: list[ContactPoint], edit: Edit, region: str) -> None:
    """Give the labelled point (else the first) another value; a value that is there already becomes preferred."""
    columns = _columns(edit, region)
    twin = next((point for point in have if _same(point, columns)), None)
    if twin is not None and twin is not labelled[0]:
        for point in have:
            point.preferred = int(point is twin)
        twin.state = "current"
        return
    point = labelled[0]
    point.value, point.norm, point.reversed = columns["value"], columns["norm"], columns["reversed"]
    point.state = "current"


def _remove(book: Book, labelled: list[ContactPoint], edit: Edit) -> None:
    columns = _columns(edit, "")
    going = [point for point in labelled if _same(point, columns) or _digits_agree(point, columns)]
    if not going:
        raise NotFoundError(f"there is no {edit.field} {edit.value} to remove")
    for point in going:
        book.session.delete(point)


def _digits_agree(point: ContactPoint, columns: rows.Columns) -> bool:
    typed = columns["reversed"].rstrip("0")
    return bool(typed) and len(typed) > 6 and point.reversed.startswith(typed)
