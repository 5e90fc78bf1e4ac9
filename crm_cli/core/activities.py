"""The words for activities, and which of them count as having reached somebody.

Vocabularies are data; the services refuse what is not in them.
"""

from __future__ import annotations

from crm_cli.core.text.folding import is_blank, similar
from crm_cli.errors import UsageError

KINDS = ("call", "meeting", "email", "message", "letter", "note", "task")
WRITTEN = ("email", "message", "letter")
DIRECTIONS = ("in", "out")
STATUSES = ("open", "done", "cancelled")
PRIORITIES = ("high", "low")
PROMISES = ("owe", "await")

YEAR = 525_600
"""Minutes of a year: longer took nothing that is logged."""

REACH, ATTEMPT, NEITHER = 2, 1, 0

# Outcome: what it means, and the reach it makes of a call, a meeting, and a written activity (None: not for these).
OUTCOMES: dict[str, tuple[str, tuple[int | None, int | None, int | None]]] = {
    "reached": ("they answered", (REACH, REACH, REACH)),
    "no-answer": ("nobody answered", (ATTEMPT, None, NEITHER)),
    "voicemail": ("spoke to the machine", (ATTEMPT, None, None)),
    "busy": ("the line was engaged", (ATTEMPT, None, None)),
    "left-message": ("somebody else took a message", (ATTEMPT, ATTEMPT, None)),
    "wrong-number": ("it was not theirs", (NEITHER, None, NEITHER)),
    "held": ("took place", (REACH, REACH, None)),
    "no-show": ("they did not come", (ATTEMPT, ATTEMPT, None)),
    "cancelled": ("called off", (NEITHER, NEITHER, NEITHER)),
    "postponed": ("put off", (NEITHER, NEITHER, NEITHER)),
    "sent": ("went out", (None, None, NEITHER)),
    "delivered": ("arrived there", (None, None, NEITHER)),
    "received": ("came from them", (None, None, REACH)),
    "replied": ("they wrote back", (None, None, REACH)),
    "bounced": ("could not be delivered", (None, None, NEITHER)),
}

# Which column of OUTCOMES a kind reads; a note and a task reach nobody, whatever came of them.
_COLUMNS = {"call": 0, "meeting": 1, "email": 2, "message": 2, "letter": 2}

# The reach of a kind and a direction when no outcome was given.
_WITHOUT_OUTCOME: dict[str, dict[str, int]] = {
    "call": {"in": REACH, "out": REACH, "": REACH},
    "meeting": {"in": REACH, "out": REACH, "": REACH},
    "email": {"in": REACH, "out": NEITHER, "": NEITHER},
    "message": {"in": REACH, "out": NEITHER, "": NEITHER},
    "letter": {"in": REACH, "out": NEITHER, "": NEITHER},
}


def reach_of(kind: str, direction: str, outcome: str) -> int:
    """Tell what a done activity was: 2 they really met or the person answered, 1 an attempt, 0 neither.

    The outcome decides; without one the kind and direction do. A note and a task are neither, always. What came in
    in writing is a reach unless its outcome says that it never happened.
    """
    if kind not in _COLUMNS:
        return NEITHER
    plain = _WITHOUT_OUTCOME[kind].get(direction, NEITHER)
    reach = OUTCOMES[outcome][1][_COLUMNS[kind]] if outcome in OUTCOMES else plain
    return plain if reach is None else reach


def outcomes_of(kind: str) -> tuple[str, ...]:
    """List the outcomes that make sense for a kind; a note has none, a task may be called off or put off."""
    if kind in _COLUMNS:
        return tuple(name for name, row in OUTCOMES.items() if row[1][_COLUMNS[kind]] is not None)
    return ("cancelled", "postponed") if kind == "task" else ()


def check_kind(kind: str) -> str:
    """Return a known kind, or refuse it with the nearest."""
    return _check("kind of activity", kind, KINDS)


def check_direction(direction: str) -> str:
    """Return ``in``, ``out`` or ``""``, or refuse."""
    return _check("direction", direction, DIRECTIONS) if direction else ""


def check_priority(text: str) -> str:
    """Return ``high``, ``low`` or ``""``; first letters will do."""
    known = {"": "", "h": "high", "high": "high", "!": "high", "l": "low", "low": "low", "m": "", "normal": ""}
    if text.lower() not in known:
        raise UsageError(f"{text} is no priority", hint="high or low")
    return known[text.lower()]


def check_promise(text: str) -> str:
    """Return ``owe``, ``await`` or ``""``, or refuse."""
    return _check("promise", text, PROMISES) if text else ""


def check_minutes(text: str) -> int | None:
    """Return a number of minutes, up to a year; None for ``""``."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(YEAR)) and int(text) <= YEAR):
        raise UsageError(f'"{text}" is not a number of minutes', hint="as in minutes=45")
    return int(text)


def check_outcome(outcome: str, kind: str) -> str:
    """Return an outcome that the kind can have (or ``""``), or refuse it with the nearest."""
    if not outcome:
        return ""
    fitting = outcomes_of(kind)
    if not fitting:
        raise UsageError(f"a {kind} has no outcome")
    return _check(f"outcome of a {kind}", outcome, fitting)


def fulfils(logged: str, planned: str) -> bool:
    """Is a plan of kind ``planned`` what was logged as ``logged``, or does that only close it?

    A planned call became the message that was sent instead; a task and a note are never a conversation.
    """
    return logged == planned or not {logged, planned} & {"note", "task"}


def check_text(kind: str, text: str, *, hint: str = "") -> None:
    """Refuse a note without a text; what else was done may go without words."""
    if kind == "note" and is_blank(text):
        raise UsageError("a note needs a text; nothing was written", hint=hint)


def _check(what: str, given: str, known: tuple[str, ...]) -> str:
    """Match a word of a vocabulary, forgiving case, spaces and underscores."""
    word = "-".join(given.strip().lower().replace("_", " ").split())
    if word in known:
        return word
    near = similar(word, known, 1)
    advice = f"did you mean {near[0]}?" if near else f"one of {', '.join(known)}"
    raise UsageError(f"{given!r} is no {what}; {advice}")


def parse_next(text: str) -> tuple[str, str]:
    """Part ``fri 3pm: send quote`` into when and what; the colon of a time (``15:00``) does not part.

    What stands before the colon is for `when.parse` to judge.
    """
    for place, char in enumerate(text):
        if char == ":" and not text[place + 1 : place + 2].isdigit():
            when, subject = text[:place].strip(), text[place + 1 :].strip()
            if when and subject:
                return when, subject
            break
    raise UsageError(f"{text!r} does not say when and what; write it like 'fri 3pm: send the quote'")
