"""What an export of Monica 4 has besides people: activities, calls, messages, tasks, reminders, gifts, debts, events.

All of them become activities of the people that they are about: history, or plans for what is still to do.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from crm_cli.core.items import Item, Link
from crm_cli.core.records import Problem

Json = Mapping[str, Any]
Person = tuple[str, str]
"""A person's uuid and name."""
Values = dict[str, str]
DAMAGE = (ValueError, KeyError, TypeError, AttributeError)
"""What a value of another type than the format has leads to."""
_UNITS = {"week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}
_MIDNIGHT = "T00:00:00"
_LONGEST_SUBJECT = 200


def text(found: Json, key: str) -> str:
    """Return a property as text, ``""`` if it is missing."""
    value = found.get(key)
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def items(
    blocks: Sequence[tuple[str, Sequence[Json], Sequence[Person]]], types: Mapping[str, str]
) -> Iterator[Item | Problem]:
    """Yield an activity for each value of these blocks: their type, their values, the people that they are about.

    ``types`` has the names of Monica's types of activities and events by uuid.
    """
    for kind, values, people in blocks:
        for value in values:
            try:
                yield _item(kind, value, people, types)
            except DAMAGE:
                yield Problem(0, f"a {kind} that cannot be read", rejected=True, raw=(json.dumps(value),))


def _item(kind: str, value: Json, people: Sequence[Person], types: Mapping[str, str]) -> Item:
    found = value.get("properties") or {}
    made = _READ[kind](found)
    subject = " ".join(made.get("subject", "").split())
    if len(subject) > _LONGEST_SUBJECT:
        made["body"] = "\n\n".join(filter(None, (subject, made.get("body", ""))))
        subject = subject[:_LONGEST_SUBJECT] + "…"
    made |= {"subject": subject, "created": _moment(value.get("created_at"))}
    type_ = types.get(str(found.get("type")), "")
    return Item(
        "activity",
        tuple((name, text) for name, text in made.items() if text),
        tuple(Link("contact", *person) for person in people),
        custom=(("type", type_),) if type_ else (),
        key=str(value["uuid"]),
    )


def _moment(value: object) -> str:
    """Return a moment; only its day if it is midnight, as Monica writes days; ``""`` for what is not one."""
    given = (value.get("date") if isinstance(value, dict) else value) or ""
    given = str(given).replace(" ", "T", 1)
    try:
        datetime.fromisoformat(given)
    except ValueError:
        return ""
    day, _, time = given.partition("T")
    return day if not time or _MIDNIGHT[1:] in time else given


def _met(found: Json) -> Values:
    return {
        "kind": "meeting", "status": "done", "at": _moment(found.get("happened_at")),
        "subject": text(found, "summary"), "body": text(found, "description"),
    }  # fmt: skip


def _call(found: Json) -> Values:
    direction = {True: "in", False: "out"}.get(found.get("contact_called"), "")  # type: ignore[arg-type]
    return {
        "kind": "call", "status": "done", "at": _moment(found.get("called_at")),
        "direction": direction, "body": text(found, "content"),
    }  # fmt: skip


def _conversation(found: Json) -> Values:
    messages = [each.get("properties") or each for each in found.get("messages") or ()]
    lines = [("> " if each.get("written_by_me") else "") + text(each, "content") for each in messages]
    return {
        "kind": "message", "status": "done", "at": _moment(found.get("happened_at")),
        "subject": "Conversation", "body": "\n\n".join(lines),
    }  # fmt: skip


def _task(found: Json) -> Values:
    is_done = bool(found.get("completed"))
    return {
        "kind": "task", "status": "done" if is_done else "open", "subject": text(found, "title"),
        "body": text(found, "description"), "at": _moment(found.get("completed_at")) if is_done else "",
    }  # fmt: skip


def _reminder(found: Json) -> Values:
    unit = _UNITS.get(text(found, "frequency_type"), "")
    number = max(1, int(found.get("frequency_number") or 1))
    return {
        "kind": "task", "status": "cancelled" if found.get("inactive") else "open", "subject": text(found, "title"),
        "body": text(found, "description"), "due": _moment(found.get("initial_date"))[:10],
        "every": f"FREQ={unit};INTERVAL={number}" if unit else "",
    }  # fmt: skip


def _gift(found: Json) -> Values:
    state = text(found, "status")
    parts = (text(found, "comment"), text(found, "url"), _amount(found))
    return {
        "kind": "note", "at": _moment(found.get("date")), "body": "\n".join(filter(None, parts)),
        "subject": f"Gift{f' ({state})' if state else ''}: {text(found, 'name')}",
    }  # fmt: skip


def _debt(found: Json) -> Values:
    """Return an open debt as a plan without a day, one that is settled as a note."""
    mine = text(found, "in_debt").casefold() in ("yes", "true", "1")
    is_open = text(found, "status") != "complete"
    subject = f"{'I owe' if mine else 'Owes me'} {_amount(found)}".strip()
    return {
        "kind": "task" if is_open else "note", "status": "open" if is_open else "done",
        "promise": ("owe" if mine else "await") if is_open else "",
        "subject": f"{subject}: {reason}" if (reason := text(found, "reason")) else subject,
    }  # fmt: skip


def _event(found: Json) -> Values:
    return {
        "kind": "note", "at": _moment(found.get("happened_at")), "subject": text(found, "name") or "Life event",
        "body": text(found, "note"),
    }  # fmt: skip


def _amount(found: Json) -> str:
    currency = found.get("currency")
    named = (
        text(currency.get("properties") or currency, "iso") if isinstance(currency, dict) else text(found, "currency")
    )
    return f"{text(found, 'amount')} {named}".strip()


_READ: dict[str, Callable[[Json], Values]] = {
    "activity": _met, "call": _call, "conversation": _conversation, "task": _task, "reminder": _reminder,
    "gift": _gift, "debt": _debt, "life_event": _event,
}  # fmt: skip
KINDS = frozenset(_READ)
"""The types of blocks that are read here."""
