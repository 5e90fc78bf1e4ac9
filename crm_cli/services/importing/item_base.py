"""What a file states about a deal or an activity: its name, what identifies it, and its text to compare later."""

from __future__ import annotations

import json
from typing import Any

from crm_cli.core.items import Item, Link

_DATED = ("at", "due", "created")


def name(item: Item) -> tuple[str, str]:
    """Return the kind of an activity and its title, which must agree for an item to be the same in another file."""
    return dict(item.values).get("kind", ""), title(item)


def title(item: Item) -> str:
    """Return the title of a deal, or the subject or the beginning of the text of an activity."""
    given = dict(item.values)
    return given.get("title") or given.get("subject") or given.get("body", "")[:60]


def identity(item: Item) -> str:
    """Return what makes an item without a key the same one in a newer file."""
    given = dict(item.values)
    if item.kind == "deal":
        parts: list[Any] = [given.get("title", "")]
    else:
        parts = [given.get(name, "") for name in ("kind", "subject", *_DATED)]
        parts += [given.get("body", "")] if not given.get("subject") else []
    return json.dumps([item.kind, parts, sorted(item.links)], ensure_ascii=False)


def base_text(item: Item) -> str:
    """Return the values of an item as text, to compare at the next import."""
    found = [item.kind, item.values, item.links, item.tags, item.custom, item.key]
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def from_base(text: str) -> Item:
    """Read an item back from ``base_text``; an empty item from ``""``."""
    if not text:
        return Item("")
    kind, values, found, tagged, custom, key = json.loads(text)
    return Item(
        kind,
        tuple(map(tuple, values)),
        tuple(Link(*link) for link in found),
        tuple(tagged),
        tuple(map(tuple, custom)),
        key,
    )
