"""The form that corrects an activity, converted to assignments of the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core import activities as rules
from crm_cli.core.edits import Edit
from crm_cli.core.instants import local
from crm_cli.errors import UsageError
from crm_cli.render.activities import planned, what
from crm_cli.render.recurrence import typed
from crm_cli.render.reminders import typed as typed_reminder
from crm_cli.tui.dialogs.forms import EVERY, REMIND, WHEN, every_check, needed, remind_check, when_check
from crm_cli.tui.dialogs.spec import FormField, FormSpec, Values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_cli.core.daily import Activity
    from crm_cli.session import Session


def form(session: Session, found: Activity) -> FormSpec:
    """Return the form for changing an activity."""
    fields = {"done": _done_fields, "open": _open_fields}.get(found.status, _text_field)
    return FormSpec(f"Change a{found.id}  {what(found) or found.kind}", tuple(fields(session, found)), "save")


def _text_field(_: Session, found: Activity) -> Iterator[FormField]:
    text = f"{found.subject}\n{found.body}".strip()
    check = needed("what is to be done?") if found.status == "open" else None
    label = "what" if found.status == "open" else "what was said"
    yield FormField("text", label, "(the first line is its subject)", text, check, long=True)


def _done_fields(session: Session, found: Activity) -> Iterator[FormField]:
    yield from _text_field(session, found)
    at = f"{local(found.at, session.zone):%Y-%m-%d %H:%M}" if found.at else ""
    outcomes = ("", *rules.outcomes_of(found.kind))
    yield FormField("when", "when", "e.g. yesterday 3pm", at, when_check(session, needed=True, past=True))
    yield FormField("outcome", "outcome", "", found.outcome, choices=lambda _: outcomes)
    yield FormField("minutes", "minutes", "e.g. 45", "" if found.minutes is None else str(found.minutes), _minutes)


def _open_fields(session: Session, found: Activity) -> Iterator[FormField]:
    yield from _text_field(session, found)
    due = " ".join(filter(None, planned(found, session.zone)))
    yield FormField("due", "due", f"e.g. {WHEN}", due, when_check(session, needed=False))
    every = typed(found.series) if found.series else ""
    yield FormField("every", "every", f"e.g. {EVERY}", every, every_check(session))
    remind = ", ".join(typed_reminder(one, session.zone) for one in found.reminders)
    yield FormField("remind", "remind", f"e.g. {REMIND}", remind, remind_check(session))
    yield FormField("priority", "priority", "", found.priority, choices=lambda _: ("", *rules.PRIORITIES))
    yield FormField("promise", "promise", "", found.promise, choices=lambda _: ("", *rules.PROMISES))


def _minutes(text: str) -> str:
    rules.check_minutes(text.strip())
    return ""


def edits(session: Session, found: Activity, values: Values) -> list[Edit]:
    """Return the assignments for the values that were changed. Raises UsageError if there are none."""
    before = form(session, found).values
    changed = [name for name, text in values.items() if text.strip() != before[name].strip()]
    if not changed:
        raise UsageError("nothing was changed")
    gone, added = _reminders(before.get("remind", ""), values.get("remind", ""))
    return [*gone, *(Edit(name, "set", values[name].strip()) for name in changed if name != "remind"), *added]


def _reminders(before: str, after: str) -> tuple[list[Edit], list[Edit]]:
    """Return the removals, made before a due time is removed, and the additions, which may need one."""
    old, new = ([one.strip() for one in text.split(",") if one.strip()] for text in (before, after))
    gone = [Edit("remind", "remove", one) for one in old if one not in new]
    return gone, [Edit("remind", "add", one) for one in new if one not in old]
