"""What remains of an erased person: salted hashes of what identified them, and the words in the place of their name."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from crm_cli.core.mentions import Naming

VERB = "erase"
"""The verb of the change that erased a person. It cannot be undone."""
ERASED = "[erased]"
"""What replaces the words that name an erased person in the texts of other records."""
SALT_BYTES = 16
_HASH_BYTES = 16


def mark(salt: str, kind: str, value: str) -> str:
    """Return the salted hash of an identifier: an e-mail address, a phone number or a uid."""
    return blake2b(f"{kind}:{value}".encode(), key=bytes.fromhex(salt), digest_size=_HASH_BYTES).hexdigest()


def redacted(text: str, pattern: Naming) -> str:
    """Return a text without the words that name the person."""
    return pattern.sub(ERASED, text)


def redacted_row(
    row: dict[str, Any], pattern: Naming, identity: Collection[str], keys: dict[str, Callable[[str], str]]
) -> dict[str, Any]:
    """Return a row with its texts redacted, except the columns ``identity``.

    ``keys`` makes the sorting key of a column from the text of another: ``{"title_key": …}`` beside ``title``.
    """
    made = {
        column: redacted(value, pattern) if isinstance(value, str) and column not in identity else value
        for column, value in row.items()
    }
    for column, key in keys.items():
        text = column.removesuffix("_key")
        if row.get(text) != made.get(text):
            made[column] = key(made[text])
    return made
