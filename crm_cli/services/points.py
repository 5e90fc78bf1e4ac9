"""Change the contact points and postal addresses of a draft by assignments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from crm_cli.core.fields import COMPANY_FIELDS
from crm_cli.core.phones import reversed_digits
from crm_cli.core.records import Address, Point
from crm_cli.core.text.folding import fold
from crm_cli.errors import NotFoundError
from crm_cli.services import rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from crm_cli.core.edits import Edit

    Points = tuple[Point, ...]
    Item = TypeVar("Item", Point, Address)

POINTS = frozenset(field.name for field in COMPANY_FIELDS if field.kind == "point")
PLACES = {
    field.name: {"city": "locality"}.get(field.name, field.name) for field in COMPANY_FIELDS if field.kind == "place"
}
"""Assignment -> part of an address."""

SERVICE_KINDS = frozenset({"social", "im"})
_PLACE_PARTS = ("extended", "po_box", *PLACES.values())
"""The parts of an address; an address without any of them is removed."""
_ENOUGH = 7
"""How many final digits identify a phone number typed without its country code."""


def apply_point(points: Points, edit: Edit, *, region: str) -> Points:
    """Set, add or remove one contact point. Raises NotFoundError if the one to remove does not exist."""
    have = _preferred_first(point for point in points if point.kind == edit.field)
    labelled = _labelled(have, edit.label)
    if edit.op == "remove":
        return _without(points, _named(labelled, edit))
    if not edit.value:
        return _without(points, labelled)
    new = _point(edit, region)
    twin = _twin(have, new)
    present = next((point for point in labelled if point.state != "former"), None)
    if edit.op == "add" or present is None:
        return _add(points, new, twin, edit)
    return _set(points, present, new, twin)


def _labelled(points: list[Point], label: str) -> list[Point]:
    """Return the points with this label or of the service with this name; all if no label is given."""
    return [point for point in points if not label or label in (fold(point.label), fold(point.service))]


def apply_place(places: tuple[Address, ...], edit: Edit) -> tuple[Address, ...]:
    """Set one part of a postal address: the one with the label, else the first, else a new one."""
    have = _preferred_first(place for place in places if not edit.label or fold(place.label) == edit.label)
    part: dict[str, Any] = {PLACES[edit.field]: edit.value}
    place = (have[0] if have else Address(label=edit.label))._replace(**part)
    if not any(getattr(place, name) for name in _PLACE_PARTS):
        return _without(places, have[:1])
    if not have:
        return (*places, place)
    return _each(places, lambda one: place if one == have[0] else one)


def _preferred_first(items: Iterable[Item]) -> list[Item]:
    """Return the preferred items first, then those already stored, oldest first, then the new ones."""
    return sorted(items, key=lambda item: (not item.preferred, item.id is None, item.id or 0))


def _each(items: tuple[Item, ...], became: Callable[[Item], Item]) -> tuple[Item, ...]:
    return tuple(map(became, items))


def _without(items: tuple[Item, ...], gone: list[Item]) -> tuple[Item, ...]:
    return tuple(item for item in items if item not in gone)


def _point(edit: Edit, region: str) -> Point:
    """Return the point that an assignment describes, with its normalised value for comparison."""
    is_service = edit.field in SERVICE_KINDS
    point = Point(edit.field, edit.value, "" if is_service else edit.label, service=edit.label if is_service else "")
    return rows.with_norm(point, region)


def _twin(points: list[Point], new: Point) -> Point | None:
    return next((point for point in points if _is_same(point, new)), None)


def _is_same(point: Point, new: Point) -> bool:
    return point.value == new.value or bool(point.norm and point.norm == new.norm)


def _add(points: Points, new: Point, twin: Point | None, edit: Edit) -> Points:
    if twin is None:
        return (*points, new)
    became = twin._replace(state="current")
    if edit.label:
        became = became._replace(label=new.label, service=new.service)
    return _each(points, lambda point: became if point == twin else point)


def _set(points: Points, had: Point, new: Point, twin: Point | None) -> Points:
    """Give a point another value; if another point already has that value, it becomes the preferred one instead."""
    if twin is None or twin == had:
        became = had._replace(value=new.value, norm=new.norm, state="current")
        return _each(points, lambda point: became if point == had else point)

    def preferring(point: Point) -> Point:
        if point.kind != new.kind:
            return point
        return point._replace(preferred=point == twin, state="current" if point == twin else point.state)

    return _each(points, preferring)


def _named(labelled: list[Point], edit: Edit) -> list[Point]:
    """Return the points that an assignment removes."""
    typed = _point(edit, "")
    digits = reversed_digits(typed.value, typed.norm).rstrip("0") if edit.field == "phone" else ""
    going = [point for point in labelled if _is_same(point, typed) or _ends_with(point, digits)]
    if not going:
        raise NotFoundError(f"there is no {edit.field} {edit.value} to remove")
    return going


def _ends_with(point: Point, backward: str) -> bool:
    return len(backward) >= _ENOUGH and reversed_digits(point.value, point.norm).startswith(backward)
