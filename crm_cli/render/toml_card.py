"""A person or a company as an editable TOML card, and the edits that turn the old card into the new one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_cli.core.fields import COMPANY_FIELDS, CONTACT_FIELDS, find
from crm_cli.core.records import Company
from crm_cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from crm_cli.core.records import Address, Contact

Card = dict[str, Any]

HEAD = """# {name} ({ref})
# Change, add or remove lines, save and leave. An empty file changes nothing.
# A text in three quotes may have several lines. docs/guide/contacts.md says more.
"""

PARTS = ("prefix", "given", "additional", "family", "suffix")
JOB = ("company", "title", "department")
OPTIONAL = ("birthday", "anniversary", "status", "source")
"""The fields of a person that are None if they are not known."""
PLACES = {"street": "street", "city": "locality", "region": "region", "code": "code", "country": "country"}
NO_LABEL = "main"
"""The name of an address without a label: a TOML table needs one."""


def card(record: Contact | Company) -> Card:
    """Return the card of a record: its editable fields by their assignment names."""
    return {
        **_scalars(record),
        "tags": list(record.tags),
        **_points(record),
        **_places(record.addresses),
        "custom": dict(record.custom),
    }


def _scalars(record: Contact | Company) -> Card:
    if isinstance(record, Company):
        return {"name": record.name, "notes": record.notes, "source": record.source or ""}
    job = next((job for job in record.employments if job.current), None)
    return {
        **{part: getattr(record.parts, part) for part in PARTS},
        "nickname": record.nickname,
        **{name: getattr(job, name, "") for name in JOB},
        **{name: getattr(record, name) or "" for name in OPTIONAL},
        "notes": record.notes,
    }


def _points(record: Contact | Company) -> Card:
    found: Card = {}
    for field in COMPANY_FIELDS:
        if field.kind == "point":
            points = [point for point in record.points if point.kind == field.name]
            found[field.name] = [{"value": point.value, "label": point.label or point.service} for point in points]
    return found


def _places(addresses: Iterable[Address]) -> Card:
    found: Card = {}
    for place in addresses:
        found.setdefault(place.label or NO_LABEL, {name: getattr(place, column) for name, column in PLACES.items()})
    return {"address": found}


def written(record: Contact | Company, ref: str) -> str:
    """Return the card as TOML text, headed by instructions."""
    name = "".join(char if char.isprintable() else "?" for char in record.name)
    return HEAD.format(name=name, ref=ref) + dumped(card(record))


def dumped(values: Card) -> str:
    """Return a card as TOML; a text of several lines is written as a multi-line string."""
    import tomlkit

    document = tomlkit.document()
    for key, value in values.items():
        document.add(key, _item(value))
    return tomlkit.dumps(document)


def _item(value: Any) -> Any:
    import tomlkit

    if isinstance(value, str):
        return tomlkit.string(value, multiline="\n" in value and "\r" not in value)
    is_rows = isinstance(value, list) and any(isinstance(row, dict) for row in value)
    return _rows(value) if is_rows else tomlkit.item(value)


def _rows(points: list[dict[str, str]]) -> Any:
    import tomlkit

    rows = tomlkit.array()
    rows.multiline(bool(points))
    for point in points:
        row = tomlkit.inline_table()
        row.update(point)
        rows.append(row)
    return rows


def read(text: str) -> Card:
    """Read an edited card. Raises UsageError naming the line."""
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"the card is not valid TOML: {error}") from error


def assignments(old: Card, new: Card, *, company: bool, custom: Iterable[str]) -> list[str]:
    """Return the words (as on the command line) that turn the card ``old`` into ``new``. Raises UsageError."""
    fields, own = COMPANY_FIELDS if company else CONTACT_FIELDS, tuple(custom)
    words: list[str] = []
    for key, value in new.items():
        if key not in old:
            find(key, fields, own)
        words += _changes(key, old.get(key, ""), value)
    return words + [f"{key}=" for key, value in old.items() if key not in new and isinstance(value, str) and value]


def _changes(key: str, old: Any, new: Any) -> Iterable[str]:
    """Return the words that change the part ``key`` of a card."""
    if isinstance(old, str):
        return scalar(key, old, new)
    if key in _PARTS:
        return _PARTS[key](old, new)
    return _point_words(key, old, new)


def scalar(key: str, old: str, new: Any) -> list[str]:
    """Return the assignment that changes a text from ``old`` to ``new``; none if they are equal."""
    if not isinstance(new, str | int | float) and new is not None:
        new = str(new)
    new = "" if new is None else str(new)
    return [f"{key}={new}"] if new != old else []


def _tags(old: list[str], new: Any) -> list[str]:
    if not isinstance(new, list) or not all(isinstance(tag, str) for tag in new):
        raise UsageError('tags are a list of texts, as in tags = ["client", "vip"]')
    return [*(f"-{tag}" for tag in old if tag not in new), *(f"+{tag}" for tag in new if tag not in old)]


def _point_words(key: str, old: list[dict[str, str]], new: Any) -> Iterator[str]:
    """Yield removals before additions: a changed label is one of each."""
    if not isinstance(new, list) or not all(isinstance(row, dict) and isinstance(row.get("value"), str) for row in new):
        raise UsageError(f'{key} is a list of rows, as in {{ value = "…", label = "work" }}')
    rows = [{"value": row["value"], "label": str(row.get("label", ""))} for row in new]
    yield from (f"{_labelled(key, row)}-={row['value']}" for row in old if row not in rows)
    yield from (f"{_labelled(key, row)}+={row['value']}" for row in rows if row not in old)


def _labelled(key: str, row: dict[str, str]) -> str:
    return f"{key}.{row['label']}" if row["label"] else key


def _custom(old: Card, new: Any) -> list[str]:
    if not isinstance(new, dict):
        raise UsageError("custom is a table with a line for each field, as in [custom]")
    return [word for name in {**old, **new} for word in scalar(name, old.get(name, ""), new.get(name, ""))]


def _addresses(old: Card, new: Any) -> list[str]:
    if not isinstance(new, dict) or not all(isinstance(place, dict) for place in new.values()):
        raise UsageError("address has a table for each label, as in [address.work]")
    words = []
    for label in {**old, **new}:
        suffix = "" if label == NO_LABEL else f".{label}"
        for part in PLACES:
            before, after = old.get(label, {}).get(part, ""), new.get(label, {}).get(part, "")
            words += scalar(f"{part}{suffix}", before, after)
    return words


_PARTS: dict[str, Callable[[Any, Any], list[str]]] = {"tags": _tags, "custom": _custom, "address": _addresses}
"""part of a card -> the function that returns the words for its change."""
