"""The rule for names of tags."""

from __future__ import annotations

from crm_cli.core.text.folding import nfc
from crm_cli.errors import UsageError

FORBIDDEN = frozenset(",;\"'\\")
"""Characters that a tag cannot contain: it could not be typed again, or would be split in a list."""


def tag_name(text: str) -> str:
    """Return a tag's name in its stored form. Raises UsageError for one that could not be typed again."""
    kept = " ".join(nfc(text).split()).lstrip("+#")
    if not kept or kept.startswith("-") or any(char in FORBIDDEN or not char.isprintable() for char in kept):
        raise UsageError(f"{text!r} is not a name for a tag", hint="letters, digits, spaces, - and _, as in +fair2026")
    return kept


def spelled(text: str) -> str:
    """Return another program's name for a group as a tag that can be typed, or ``""``."""
    kept = "".join(" " if char in FORBIDDEN or not char.isprintable() else char for char in nfc(text))
    return " ".join(kept.split()).lstrip("+#-").strip()
