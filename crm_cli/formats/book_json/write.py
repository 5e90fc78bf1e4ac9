"""Write a whole book as JSON: rows become objects, objects are laid over the documented cards, lists become a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_cli.core.json_text import json_line
from crm_cli.formats.book_json.sections import FORMAT, VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crm_cli.formats.book_json.sections import Key
    from crm_cli.formats.book_json.values import Row


def lines(exported: str, lists: Iterable[tuple[str, Iterable[Row]]]) -> Iterator[str]:
    """Yield the text of a file, one object at a time; ``exported`` is the time of the export."""
    yield json_line({"format": FORMAT, "version": VERSION, "exported": exported})[:-1]
    for name, objects in lists:
        yield f',\n"{name}": ['
        separator = "\n"
        for found in objects:
            yield separator + json_line(found)
            separator = ",\n"
        yield "]"
    yield "}\n"


def as_object(keys: Sequence[Key], row: Row, zone: str) -> dict[str, Any]:
    """Return a row as an object, with instants at the offset of ``zone``."""
    made: dict[str, Any] = {}
    for key in keys:
        value = row[key.column]
        write = key.codec.write
        written = value if write is None else write(value, row, zone)
        if "." in key.key:
            _nest(made, key, written)
        else:
            made[key.key] = written
    return made


def _nest(made: dict[str, Any], key: Key, written: Any) -> None:
    """Put a value into an inner object; that object is null if it is a reference to nothing, or null already."""
    outer, _, inner = key.key.partition(".")
    if key.optional:
        made[outer] = None if written is None else {inner: written}
    elif made.setdefault(outer, {}) is not None:
        made[outer][inner] = written


NAMED = ("employments", "people", "relationships")
"""Lists of a card whose items hold names that the rows do not have; the record has a list of the same name."""


def joined(record: Any, card: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """Lay a record's object over its card: all keys of both, and items of lists where those of the card hold more."""
    for key, value in found.items():
        if key in NAMED:
            card[key] = _items(getattr(record, key), card[key], value)
        elif isinstance(value, dict) and isinstance(card.get(key), dict):
            card[key] = {**card[key], **value}
        else:
            card[key] = value
    return card


def _items(records: Sequence[Any], cards: Sequence[dict[str, Any]], found: Sequence[Row]) -> list[dict[str, Any]]:
    by_id = {record.id: card for record, card in zip(records, cards, strict=True)}
    return [_over(by_id.get(item["id"], {}), item) for item in found]


def _over(card: dict[str, Any], item: Row) -> dict[str, Any]:
    """Lay an item over that of the card, and an object in it over the object there."""
    inner = {key: {**card[key], **value} for key, value in item.items() if isinstance(value, dict)}
    return {**card, **item, **inner}
