"""The kinds of relationship between people: their names, seen from both sides.

"B is A's KIND": for A, B is the spouse; for B, A is what `INVERSE` says. Plain data, because completion looks the names
up before `typing` is imported.
"""

from __future__ import annotations

INVERSE = {
    "referred-by": "referred",
    "introduced-by": "introduced",
    "spouse": "spouse",
    "partner": "partner",
    "parent": "child",
    "child": "parent",
    "sibling": "sibling",
    "friend": "friend",
    "colleague": "colleague",
    "manager": "report",
    "assistant": "assists",
}
"""Kind of relationship -> what it is called for the other person."""

KINDS = tuple(INVERSE)
ALIASES = {
    "reports-to": "manager", "boss": "manager", "referrer": "referred-by", "introducer": "introduced-by",
    "husband": "spouse", "wife": "spouse", "mother": "parent", "father": "parent", "son": "child", "daughter": "child",
    "brother": "sibling", "sister": "sibling", "coworker": "colleague", "co-worker": "colleague",
}  # fmt: skip
"""Other word -> kind."""

QUESTIONS = {"referred-by": "who referred them", "introduced-by": "who introduced them"}
"""Kind -> what a query for it asks, if that is not "their spouse" and so on."""

_SENTENCES = {
    "referred-by": "{other} referred {name}",
    "introduced-by": "{other} introduced {name}",
    "referred": "{name} referred {other}",
    "introduced": "{name} introduced {other}",
    "report": "{name} is {other}'s manager",
    "assists": "{name} is {other}'s assistant",
}


def find(word: str) -> str:
    """Return the kind that a word means, or ``""``."""
    name = word.strip().lower().replace("_", "-").replace(" ", "-")
    name = ALIASES.get(name, name)
    return name if name in INVERSE else ""


def kind_of(word: str) -> str:
    """Return the kind that a word means. Raises UsageError for any other word."""
    found = find(word)
    if found:
        return found
    from crm_cli.core.text.folding import similar
    from crm_cli.errors import UsageError

    near = similar(word.strip().lower(), [*KINDS, *ALIASES], 1)
    hint = f"did you mean {near[0]}?" if near else "kinds: " + ", ".join(KINDS)
    raise UsageError(f'"{word}" is not a kind of relationship', hint=hint)


def sentence(kind: str, name: str, other: str) -> str:
    """Return ``Ravi is Asha's spouse``; ``kind`` is what the relationship is called for the person ``name``."""
    return _SENTENCES.get(kind, "{other} is {name}'s " + kind).format(name=name, other=other)
