"""An activity as an editable TOML card, and the assignments that turn the old card into the new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core.fields import ACTIVITY_FIELDS, find
from crm_cli.core.instants import local
from crm_cli.errors import UsageError
from crm_cli.render.activities import planned
from crm_cli.render.recurrence import typed
from crm_cli.render.reminders import typed as typed_reminder
from crm_cli.render.toml_card import Card, dumped, scalar
from crm_cli.render.toml_deal import people

if TYPE_CHECKING:
    from crm_cli.core.daily import Activity

HEAD = """# {kind} a{id}
# Change, add or remove lines, save and leave. An empty file changes nothing.
# In with, remove lines, or add words that name a person. docs/guide/activities.md says more.
"""


def card(activity: Activity, zone: str) -> Card:
    """Return the card of an activity: its editable fields (depending on its status) by their assignment names."""
    text = "\n".join(part for part in (activity.subject, activity.body) if part)
    moments: dict[str, Card] = {
        "open": {
            "due": " ".join(part for part in planned(activity, zone) if part),
            "every": typed(activity.series) if activity.series else "",
            "remind": [typed_reminder(reminder, zone) for reminder in activity.reminders],
        },
        "done": {
            "when": f"{local(activity.at, zone):%Y-%m-%d %H:%M}" if activity.at else "",
            "outcome": activity.outcome,
        },
    }
    return {
        "text": text,
        "kind": activity.kind,
        **moments.get(activity.status, {}),
        "minutes": "" if activity.minutes is None else str(activity.minutes),
        "direction": activity.direction,
        "priority": activity.priority,
        "promise": activity.promise,
        "company": _linked("c", activity.company_id, activity.company),
        "deal": _linked("d", activity.deal_id, activity.deal),
        "with": [f"{person.id} {person.name}" for person in activity.people],
    }


def _linked(letter: str, ref: int | None, name: str) -> str:
    return f"{letter}{ref} {name}" if ref else ""


def written(activity: Activity, zone: str) -> str:
    """Return the card as TOML text, headed by instructions."""
    return HEAD.format(kind=activity.kind, id=activity.id) + dumped(card(activity, zone))


def assignments(old: Card, new: Card) -> list[str]:
    """Return the words (as on the command line) that turn the card ``old`` into ``new``. Raises UsageError."""
    words: list[str] = []
    reminders: object = []
    for key, value in new.items():
        name = find(key, ACTIVITY_FIELDS)[0].name
        if name == "remind":
            reminders = value
        else:
            words += people(old["with"], value) if name == "with" else scalar(name, old.get(name, ""), value)
    omitted = [key for key, value in old.items() if key not in new and value and key not in {"with", "remind"}]
    words += [f"{key}=" for key in omitted] + ([] if "with" in new else people(old["with"], []))
    gone, added = _moments(old.get("remind", []), reminders)
    return [*gone, *words, *added]


def _moments(old: list[str], new: object) -> tuple[list[str], list[str]]:
    """Return the removals of reminders, applied before a due time is removed, and the additions, which may need one."""
    if not isinstance(new, list) or not all(isinstance(each, str) for each in new):
        raise UsageError('remind is a list of texts, as in remind = ["-1d", "2026-12-01 09:00"]')
    gone = [f"remind-={each}" for each in old if each not in new]
    return gone, [f"remind+={each}" for each in new if each not in old]
