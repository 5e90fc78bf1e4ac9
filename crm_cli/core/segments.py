"""The rule for names of segments."""

from __future__ import annotations

from crm_cli.core.text.folding import nfc
from crm_cli.errors import UsageError


def segment_name(text: str) -> str:
    """Return a segment's name in its stored form, without its @. Raises UsageError if it is not a single word."""
    kept = nfc(text).strip().removeprefix("@")
    if not kept or not all(char.isalnum() or char in "-_" or not char.isascii() for char in kept):
        raise UsageError(f"{text!r} is not a name for a segment", hint="letters, digits, - and _, as in @big-deals")
    if not kept.isprintable() or any(char.isspace() for char in kept):
        raise UsageError(f"{text!r} is not a name for a segment", hint="one word, as in @big-deals")
    return kept
