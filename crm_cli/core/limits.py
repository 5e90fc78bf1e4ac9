"""How much is taken at once: what somebody looks for has an end, and so has what a message repeats of it."""

from __future__ import annotations

from crm_cli.core.text.folding import words

LONGEST, MOST_WORDS, MOST_TERMS = 4000, 64, 500
"""Characters of a search, words between blanks, and words that it comes to (each character of some scripts is one)."""

LARGEST_ID = 10**17
"""Every id is smaller: SQLite's are of 63 bits, and a document of the search index has a multiple of its record's."""

SHOWN = 600
"""How many characters a message has at most."""


def is_endless(text: str) -> bool:
    """Is this more than anybody looks for?"""
    return len(text) > LONGEST or len(text.split()) > MOST_WORDS or len(words(text)) > MOST_TERMS


def check_search(text: str) -> None:
    """Raise UsageError for what is more than anybody looks for."""
    if is_endless(text):
        from crm_cli.errors import UsageError

        raise UsageError(f"too much to look for: at most {MOST_WORDS} words of {LONGEST} characters in all")


def shortened(text: str, room: int = SHOWN) -> str:
    """Return a text of at most ``room`` characters: its beginning and its end."""
    if len(text) <= room:
        return text
    end = room // 4
    return f"{text[: room - end - 3]} … {text[-end:]}"
