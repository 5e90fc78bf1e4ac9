"""Values as JSON text that is safe to show on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

STEERING = "\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ud800-\udfff"
"""Characters that would act on a terminal, or on the order of the text around them; a range of a pattern."""


def json_text(value: Any) -> str:
    """Return a value as indented JSON, without escaping other scripts, with keys in their original order."""
    import json

    return unsteerable(json.dumps(value, ensure_ascii=False, indent=2))


def json_line(value: Any) -> str:
    """Return a value as JSON on one line."""
    import json

    return unsteerable(json.dumps(value, ensure_ascii=False, separators=(", ", ": ")))


def unsteerable(text: str) -> str:
    """Write characters that act on a terminal as JSON escapes; json.dumps does so only for those below U+0020."""
    if text.isascii() and "\x7f" not in text:
        return text
    import re

    return re.sub(f"[{STEERING}]", lambda found: f"\\u{ord(found[0]):04x}", text)


def json_ids(ids: Iterable[int]) -> str:
    """Return ids as a JSON array, for ``json_each``; importing json would take longer than the query."""
    return f"[{','.join(map(str, ids))}]"
