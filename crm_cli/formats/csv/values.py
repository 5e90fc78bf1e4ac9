"""Clean the values of one row: titles in names, JSON lists, joined tags, parts repeated in an address."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from crm_cli.core import names
from crm_cli.core.records import NameParts
from crm_cli.core.text.folding import nfc
from crm_cli.formats.profiles import Profile

_HASHES = re.compile(r"#[\w-]+(\s+#[\w-]+)+")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_UNESCAPED_SEMICOLON = re.compile(r"(?:[^\\;]|\\.)+", re.DOTALL)
_NOT_TAGS = ("mycontacts", "my contacts")
"""Names of the group that Google puts every contact in."""


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


_GONE = frozenset(("isdeleted", "deleted", "masterrecordid", "ismessagedraft", "isconversationdraft"))
"""Headings that say whether a row is deleted, merged into another one (Salesforce), or a draft that was never sent."""
_NOT = frozenset(("false", "0", "no", "n", "nein", "non"))


def is_gone_heading(heading: str) -> bool:
    """Does a column say whether its rows are deleted?"""
    return "".join(filter(str.isalnum, heading)).casefold() in _GONE


_CONVERTED = frozenset(("convertedcontactid", "createdcontactid"))
"""Headings with the id of the contact that a lead was converted to (Salesforce, Zoho; EspoCRM)."""


def is_converted_heading(heading: str) -> bool:
    """Does a column name the contact that a lead was converted to?"""
    return "".join(filter(str.isalnum, heading)).casefold() in _CONVERTED


def is_gone(heading: str, cell: str) -> bool:
    """Does a cell say that its row is deleted, merged into another one, or a draft?"""
    return is_gone_heading(heading) and bool(cell.strip()) and cell.strip().casefold() not in _NOT


def skipped(count: int) -> str:
    """Word the report of rows that were skipped because they say that they are gone."""
    rows = "1 row" if count == 1 else f"{count} rows"
    return f"skipped {rows} that the file marks as deleted, merged or a draft"


def beyond(cells: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the cells beyond the last column as custom fields ``extra_n``, if they are not empty."""
    for number, text in enumerate(cells, 1):
        if text:
            yield f"extra_{number}", nfc(text)


def split_tags(cell: str, profile: Profile) -> list[str]:
    """Split a cell of tags the way its product joins them."""
    if profile.own:
        return [_ESCAPED.sub(r"\1", each) for each in _UNESCAPED_SEMICOLON.findall(cell)]
    tags = [piece.strip().removeprefix("* ").strip() for piece in _joined(cell, profile)]
    return [tag for tag in tags if tag and not (profile.stars and tag.casefold() in _NOT_TAGS)]


def _joined(cell: str, profile: Profile) -> list[str]:
    """Split a cell by the product's separator, else by each separator of tags; ``#vip #lead`` is two as well."""
    if profile.separator:
        return cell.split(profile.separator)
    if _HASHES.fullmatch(cell.strip()):
        return cell.split()
    return re.split(f"[{re.escape(profile.tags)}]", cell) if profile.tags else [cell]


def once(parts: NameParts) -> NameParts:
    """Remove the prefix from the given name and the suffix from the family name, if they are repeated there."""
    prefix, given = parts.prefix, parts.given
    if prefix and given.casefold().startswith(prefix.casefold() + " "):
        parts = parts._replace(given=given[len(prefix) :].strip())
    suffix, family = parts.suffix, parts.family
    if suffix and family.casefold().endswith(" " + suffix.casefold()):
        parts = parts._replace(family=family[: -len(suffix)].rstrip(" ,"))
    return parts


def with_titles(name: str, parts: NameParts) -> NameParts:
    """Split a whole name next to columns for a prefix or a suffix, which are kept if the name has none of its own."""
    prefix, *others, suffix = parts
    if not name or any(others) or not (prefix or suffix):
        return parts
    split = names.split(name)
    if not (split.given or split.family):
        return parts
    return split._replace(prefix=split.prefix or prefix, suffix=split.suffix or suffix)


def repeats(line: str, parts: list[str]) -> bool:
    """Does the line only repeat what the parts say?"""
    for part in sorted(filter(None, parts), key=len, reverse=True):
        line = line.replace(part, "")
    return not any(map(str.isalnum, line))
