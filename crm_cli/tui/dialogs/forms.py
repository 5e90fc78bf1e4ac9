"""The forms about activities and tags: their fields, and how each field is checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core import activities as rules
from crm_cli.core import edits as grammar
from crm_cli.core import when
from crm_cli.core.days import lead_words
from crm_cli.core.edits import TagEdit
from crm_cli.core.tags import tag_name
from crm_cli.errors import UsageError
from crm_cli.render.activities import DAYS, MONTHS, due_words
from crm_cli.render.outcomes import understood
from crm_cli.tui.data import suggestions
from crm_cli.tui.data.writes import reminders_in
from crm_cli.tui.dialogs.spec import FormField, FormSpec, Shortcut

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm_cli.core.daily import Activity
    from crm_cli.core.instants import When
    from crm_cli.core.recurrence import Every
    from crm_cli.session import Session

WHEN = "fri 3pm, tomorrow, in 2 weeks, 2026-12-01"
EVERY = "monday, 2 weeks, month on the 1st"
REMIND = "-1d, -30m, thu 6pm"
NEXT = "e.g. fri 3pm: send the quote"


def when_check(
    session: Session, *, needed: bool, past: bool = False, spans: bool = False, base: When | None = None
) -> Callable[[str], str]:
    """Return a function that checks a time; the others are parameters of `core.when.parse`."""

    def check(text: str) -> str:
        if not text.strip():
            if needed:
                raise UsageError(f"when? as in {WHEN}")
            return ""
        return understood(session.moment(text, past=past, spans=spans, base=base), session.day)

    return check


def every_check(session: Session) -> Callable[[str], str]:
    """Return a function that checks a rule of repetition, and says it in words with its next day."""

    def check(text: str) -> str:
        return _every_words(session, *session.rule(text)) if text.strip() else ""

    return check


def _every_words(session: Session, rule: Every, first: When) -> str:
    """Return a rule as it was understood: ``→ every Monday (Mon 30 Nov 2026)``."""
    from crm_cli.render.recurrence import words

    return f"→ {words(rule)} ({understood(first, session.day).removeprefix('→ ')})"


def _next(session: Session) -> Callable[[str], str]:
    """Return a function that checks a next step."""

    def check(text: str) -> str:
        if not text.strip():
            return ""
        step = session.step(text)
        every = _every_words(session, step.every, step.due) if step.every else understood(step.due, session.day)
        return f"{every}  {step.text}"

    return check


def needed(question: str) -> Callable[[str], str]:
    """Return a function that checks that there is a text."""

    def check(text: str) -> str:
        if not text.strip():
            raise UsageError(question)
        return ""

    return check


def _step(session: Session) -> FormField:
    return FormField("next", "next step", NEXT, check=_next(session), long=True)


def done(session: Session, found: Activity) -> FormSpec:
    """Return the form that asks how an activity went."""
    outcomes = ("", *rules.outcomes_of(found.kind))
    fields = (
        FormField("text", "what was it", "(what came of it; may be empty)", long=True),
        FormField("outcome", "outcome", choices=lambda _: outcomes),
        _step(session),
        FormField("when", "when", "(now)", check=when_check(session, needed=False, past=True)),
    )
    return FormSpec(f"Done: {_about(found)}", fields, "done")


def _about(found: Activity) -> str:
    who = ", ".join(person.name for person in found.people[:2])
    return f"{found.subject or found.kind}" + (f" · {who}" if who else "")


def _due(session: Session, found: Activity) -> str:
    due = due_words(found, session.today, session.zone)
    return f" ({due})" if due else ""


DAYS_BY_KEY = (("ctrl+t", "tomorrow", "tomorrow"), ("ctrl+n", "mon", "Monday"), ("ctrl+g", "next week", "next week"))
"""Keys for the days that are asked for most: key, text, name."""


def _shortcuts(session: Session) -> tuple[Shortcut, ...]:
    """Return the keys for days, each with the day that it means."""
    return tuple(Shortcut(key, text, f"{name}: {_short_day(session.moment(text))}") for key, text, name in DAYS_BY_KEY)


def _short_day(moment: When) -> str:
    from datetime import date

    day = date.fromisoformat(moment.date)
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def move(session: Session, found: Activity) -> FormSpec:
    """Return the form that asks for another time."""
    due = when.plan(found.due_date, found.due_time, found.zone)
    check = when_check(session, needed=True, base=due)
    field = FormField("when", "to when", "e.g. +1w, fri 3pm, in 2 weeks", check=check, shortcuts=_shortcuts(session))
    return FormSpec(f"Move: {_about(found)}{_due(session, found)}", (field,), "move")


def snooze(session: Session, found: Activity) -> FormSpec:
    """Return the form that asks until when to hide an activity."""
    field = FormField(
        "when",
        "until",
        "e.g. 2h, fri 3pm",
        check=when_check(session, needed=True, spans=True),
        shortcuts=_shortcuts(session),
    )
    return FormSpec(f"Snooze: {_about(found)}{_due(session, found)}", (field,), "snooze")


def _outcomes(values: dict[str, str]) -> tuple[str, ...]:
    return ("", *rules.outcomes_of(values["kind"]))


def _directions(values: dict[str, str]) -> tuple[str, ...]:
    return ("out", "in") if values["kind"] in rules.WRITTEN else ("", "in", "out")


def log(session: Session, who: str) -> FormSpec:
    """Return the form that logs a past activity."""
    fields = (
        FormField("text", "what was said", "(the first line is its subject)", long=True),
        FormField("kind", "kind", value="call", choices=lambda _: rules.KINDS),
        FormField("outcome", "outcome", choices=_outcomes),
        FormField("direction", "direction", choices=_directions),
        _step(session),
        FormField("when", "when", "(now)  e.g. yesterday 3pm", check=when_check(session, needed=False, past=True)),
    )
    return FormSpec(f"Log with {who}", fields, "log")


def todo(session: Session, who: str) -> FormSpec:
    """Return the form that plans an activity."""
    kinds = ("task", *(kind for kind in rules.KINDS if kind not in {"task", "note"}))
    fields = (
        FormField("text", "what", "e.g. send the quote", check=needed("what is to be done?"), long=True),
        FormField("when", "due", f"e.g. {WHEN}", check=when_check(session, needed=False)),
        FormField("every", "every", f"e.g. {EVERY}", check=every_check(session)),
        FormField("kind", "kind", value="task", choices=lambda _: kinds),
        FormField("priority", "priority", choices=lambda _: ("", *rules.PRIORITIES)),
        FormField("remind", "remind", f"e.g. {REMIND}", check=remind_check(session)),
    )
    return FormSpec(f"To do with {who}" if who else "To do", fields, "plan")


def remind_check(session: Session) -> Callable[[str], str]:
    """Return a function that checks reminders, separated by commas, and says when each is."""

    def check(text: str) -> str:
        found = reminders_in(session, text)
        return "  ".join(understood(one.at, session.day) if one.at else lead_words(one.lead or 0) for one in found)

    return check


def tag(who: str) -> FormSpec:
    """Return the form that asks for tags."""

    def check(text: str) -> str:
        edits = tags_in(text)
        if not edits:
            raise UsageError("which tags? as in +vip -lead")
        return " ".join(("+" if one.add else "-") + one.name for one in edits)

    field = FormField("tags", "tags", "e.g. +vip -lead", check=check, suggest=suggestions.tags)
    return FormSpec(f"Tag {who}", (field,), "tag")


def tags_in(text: str) -> list[TagEdit]:
    """Parse ``+vip -lead``; a word without a sign is a tag to add."""
    found = []
    for word in text.split():
        if word[:1] in {"+", "-"}:
            found += [one for one in grammar.split_words([word])[1] if isinstance(one, TagEdit)]
        else:
            found.append(TagEdit(tag_name(word), add=True))
    return found
