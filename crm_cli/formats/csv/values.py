"""Clean the values of one row: duplicate titles in names, JSON lists, parts repeated in an address."""

from __future__ import annotations

import json

from crm_cli.core import names
from crm_cli.core.records import NameParts


def unlisted(text: str) -> str:
    """Return a JSON list of texts (Twenty) as one text with several values; ``""`` for an empty list or object."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return text
    if not found:
        return ""
    is_plain = isinstance(found, list) and all(isinstance(each, str) and each.isprintable() for each in found)
    return "; ".join(found) if is_plain else text


def once(parts: NameParts) -> NameParts:
    """Remove the prefix from the given name and the suffix from the family name, if they are repeated there."""
    prefix, given = parts.prefix, parts.given
    if prefix and given.casefold().startswith(prefix.casefold() + " "):
        parts = parts._replace(given=given[len(prefix) :].strip())
    suffix, family = parts.suffix, parts.family
    if suffix and family.casefold().endswith(" " + suffix.casefold()):
        parts = parts._replace(family=family[: -len(suffix)].rstrip(" ,"))
    return parts


def with_titles(name: str, given: NameParts) -> NameParts:
    """Split a whole name; a prefix or suffix from its own column is kept if the name has none."""
    parts = names.split(name)
    if not (given.prefix or given.suffix) or not (parts.given or parts.family):
        return given
    return parts._replace(prefix=parts.prefix or given.prefix, suffix=parts.suffix or given.suffix)


def repeats(line: str, parts: list[str]) -> bool:
    """Does the line only repeat what the parts say?"""
    for part in sorted(filter(None, parts), key=len, reverse=True):
        line = line.replace(part, "")
    return not any(map(str.isalnum, line))
