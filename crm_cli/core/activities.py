"""The vocabulary of activities, and which of them count as having reached the person.

Vocabularies are data; the services refuse other words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core.text.folding import similar
from crm_cli.core.text.width import is_blank
from crm_cli.errors import UsageError

if TYPE_CHECKING:
    from crm_cli.core.daily import Activity
    from crm_cli.core.instants import When
    from crm_cli.core.recurrence import Every

KINDS = ("call", "meeting", "email", "message", "letter", "note", "task")
WRITTEN = ("email", "message", "letter")
DIRECTIONS = ("in", "out")
STATUSES = ("open", "done", "cancelled")
PRIORITIES = ("high", "low")
PROMISES = ("owe", "await")

YEAR = 525_600
"""The minutes of a year, the longest duration that can be logged."""

REACH, ATTEMPT, NEITHER = 2, 1, 0

# Outcome: its meaning, and the reach for a call, a meeting, and a written activity (None: not applicable).
OUTCOMES: dict[str, tuple[str, tuple[int | None, int | None, int | None]]] = {
    "reached": ("they answered", (REACH, REACH, REACH)),
    "no-answer": ("they did not answer", (ATTEMPT, None, NEITHER)),
    "voicemail": ("you left a message on their voicemail", (ATTEMPT, None, None)),
    "busy": ("the line was busy", (ATTEMPT, None, None)),
    "left-message": ("someone else took a message", (ATTEMPT, ATTEMPT, None)),
    "wrong-number": ("the number was not theirs", (NEITHER, None, NEITHER)),
    "held": ("it took place", (REACH, REACH, None)),
    "no-show": ("they did not come", (ATTEMPT, ATTEMPT, None)),
    "cancelled": ("it was called off", (NEITHER, NEITHER, NEITHER)),
    "postponed": ("it was put off", (NEITHER, NEITHER, NEITHER)),
    "sent": ("you sent it", (None, None, NEITHER)),
    "delivered": ("it arrived", (None, None, NEITHER)),
    "received": ("they sent it", (None, None, REACH)),
    "replied": ("they wrote back", (None, None, REACH)),
    "bounced": ("it could not be delivered", (None, None, NEITHER)),
    "automatic": ("a program or a mailing list sent it", (None, None, NEITHER)),
}

# The column of OUTCOMES for a kind; a note and a task never count as a reach, whatever their outcome.
_COLUMNS = {"call": 0, "meeting": 1, "email": 2, "message": 2, "letter": 2}

# The reach by kind and direction when there is no outcome.
_WITHOUT_OUTCOME: dict[str, dict[str, int]] = {
    "call": {"in": REACH, "out": REACH, "": REACH},
    "meeting": {"in": REACH, "out": REACH, "": REACH},
    "email": {"in": REACH, "out": NEITHER, "": NEITHER},
    "message": {"in": REACH, "out": NEITHER, "": NEITHER},
    "letter": {"in": REACH, "out": NEITHER, "": NEITHER},
}


def reach_of(kind: str, direction: str, outcome: str) -> int:
    """Return the reach of a done activity: 2 if they met or the person answered, 1 for an attempt, 0 for neither.

    The outcome decides; without one, the kind and direction do. A note and a task are always 0. An incoming written
    message is 2 unless its outcome says that it never happened.
    """
    if kind not in _COLUMNS:
        return NEITHER
    plain = _WITHOUT_OUTCOME[kind].get(direction, NEITHER)
    reach = OUTCOMES[outcome][1][_COLUMNS[kind]] if outcome in OUTCOMES else plain
    return plain if reach is None else reach


def outcomes_of(kind: str) -> tuple[str, ...]:
    """Return the valid outcomes of a kind; a note has none, a task can be cancelled or postponed."""
    if kind in _COLUMNS:
        return tuple(name for name, row in OUTCOMES.items() if row[1][_COLUMNS[kind]] is not None)
    return ("cancelled", "postponed") if kind == "task" else ()


def check_kind(kind: str) -> str:
    """Return a known kind. Raises UsageError that suggests the nearest."""
    return _check("kind of activity", kind, KINDS)


def check_direction(direction: str) -> str:
    """Return ``in``, ``out`` or ``""``. Raises UsageError."""
    return _check("direction", direction, DIRECTIONS) if direction else ""


def check_priority(text: str) -> str:
    """Return ``high``, ``low`` or ``""``; initial letters are accepted. Raises UsageError."""
    known = {"": "", "h": "high", "high": "high", "!": "high", "l": "low", "low": "low", "m": "", "normal": ""}
    if text.lower() not in known:
        raise UsageError(f"{text} is not a priority", hint="high or low")
    return known[text.lower()]


def check_promise(text: str) -> str:
    """Return ``owe``, ``await`` or ``""``. Raises UsageError."""
    return _check("promise", text, PROMISES) if text else ""


def check_minutes(text: str) -> int | None:
    """Return a number of minutes, at most a year; None for ``""``. Raises UsageError."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(YEAR)) and int(text) <= YEAR):
        raise UsageError(f'"{text}" is not a number of minutes', hint="as in minutes=45")
    return int(text)


def check_outcome(outcome: str, kind: str) -> str:
    """Return an outcome that is valid for the kind, or ``""``. Raises UsageError that suggests the nearest."""
    if not outcome:
        return ""
    fitting = outcomes_of(kind)
    if not fitting:
        raise UsageError(f"a {kind} has no outcome")
    return _check(f"outcome of a {kind}", outcome, fitting)


def fulfils(logged: str, planned: str) -> bool:
    """Was the plan of kind ``planned`` done by what was logged as ``logged``, rather than only closed by it?

    A message can be sent in place of a planned call; a task or a note never counts as a conversation.
    """
    return logged == planned or not {logged, planned} & {"note", "task"}


def check_text(kind: str, text: str, *, hint: str = "") -> None:
    """Raise UsageError for a note without text; other kinds do not need any."""
    if kind == "note" and is_blank(text):
        raise UsageError("a note needs a text; nothing was written", hint=hint, field="text")


def _check(what: str, given: str, known: tuple[str, ...]) -> str:
    """Return the matching word of a vocabulary, ignoring case, spaces and underscores. Raises UsageError."""
    word = "-".join(given.strip().lower().replace("_", " ").split())
    if word in known:
        return word
    near = similar(word, known, 1)
    advice = f"did you mean {near[0]}?" if near else f"one of {', '.join(known)}"
    raise UsageError(f"{given!r} is not a known {what}; {advice}")


class Step(NamedTuple):
    """A next step: what, when it is due, and how it repeats."""

    text: str
    due: When
    every: Every | None = None


def parse_next(text: str) -> tuple[str, str]:
    """Split ``fri 3pm: send quote`` into when and what; the colon of a time (``15:00``) is not a separator.

    `when.parse` validates the text before the colon.
    """
    for place, char in enumerate(text):
        if char == ":" and not text[place + 1 : place + 2].isdigit():
            when, subject = text[:place].strip(), text[place + 1 :].strip()
            if when and subject:
                return when, subject
            break
    raise UsageError(f"{text!r} does not say when and what; write it like 'fri 3pm: send the quote'")


def recurs(activity: Activity) -> bool:
    """Is this the open activity of a series?"""
    return activity.series is not None and activity.status == "open"


def is_rule(text: str) -> bool:
    """Does a text say how often, as ``every monday`` and ``FREQ=WEEKLY`` do, rather than when?"""
    words = text.strip().lower()
    return words.startswith(("every ", "every! ", "each ")) or "freq=" in words
