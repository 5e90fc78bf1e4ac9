"""Size limits: how long a search may be, and how much text a message repeats."""

from __future__ import annotations

from crm_cli.core.text.folding import words

LONGEST, MOST_WORDS, MOST_TERMS = 4000, 64, 500
"""Maximum characters of a search, words between spaces, and index words (in some scripts, each character is one)."""

LARGEST_ID = 10**17
"""All ids are smaller: SQLite ids have 63 bits, and a search document's id is a multiple of its record's."""

SHOWN = 600
"""The maximum length of a message, in characters."""


def is_endless(text: str) -> bool:
    """Does this text exceed the limits of a search?"""
    return len(text) > LONGEST or len(text.split()) > MOST_WORDS or len(words(text)) > MOST_TERMS


def check_search(text: str) -> None:
    """Raise UsageError for a text that exceeds the limits of a search."""
    if is_endless(text):
        from crm_cli.errors import UsageError

        raise UsageError(f"too much to look for: at most {MOST_WORDS} words of {LONGEST} characters in all")


def shortened(text: str, room: int = SHOWN) -> str:
    """Return a text of at most ``room`` characters, replacing its middle with ``…`` if needed."""
    if len(text) <= room:
        return text
    end = room // 4
    return f"{text[: room - end - 3]} … {text[-end:]}"
