"""Correct a logged or planned activity by assignments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core import activities as rules
from crm_cli.core import series as rules_of_series
from crm_cli.core import when
from crm_cli.core.edits import combined, linked
from crm_cli.core.text.width import is_blank
from crm_cli.errors import Hint, NotFoundError, UsageError
from crm_cli.models import Activity, ActivityParticipant, Company, Contact, Deal
from crm_cli.queries import activities as queries
from crm_cli.services import activities, reminders, series
from crm_cli.services.touch import refuse_stale, touching

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crm_cli.book.book import Book
    from crm_cli.core.edits import Edit
    from crm_cli.core.reading import Reading

    Setter = Callable[[Book, Activity, Edit, Reading], None]


def edit(
    book: Book, activity_id: int, edits: Sequence[Edit], *, now: str, reading: Reading, revision: int | None = None
) -> None:
    """Change an activity by assignments. With ``revision``, refuse (ConflictError) if it was changed since.

    Raises UsageError for what does not fit its kind or its status.
    """
    activity = book.session.get(Activity, activity_id)
    if activity is None:
        raise NotFoundError(f"there is no activity a{activity_id}")
    refuse_stale(activity, revision)
    with touching(book, "activity", activity_id, now):
        for change in sorted(edits, key=_place):
            _SETTERS[change.field](book, activity, change, reading)
        _settle(book, activity, {change.field for change in edits})


def _place(change: Edit) -> int:
    """Return the place of an assignment: a rule begins on the due day, and a new reminder may need that."""
    return {"every": 1, "remind": 0 if change.op == "remove" else 2}.get(change.field, 0)


def _settle(book: Book, activity: Activity, changed: set[str]) -> None:
    """Validate the fields together and update those derived from them, such as whether a person was reached."""
    text = f"{activity.subject}\n{activity.body}"
    rules.check_text(activity.kind, text)
    if activity.status == "open" and is_blank(text):
        raise UsageError("what is to be done?", hint='as in text="send the quote"')
    activity.outcome = rules.check_outcome(activity.outcome, activity.kind)
    if activity.status == "done" and changed & {"kind", "direction", "outcome"}:
        _derive_reach(activity)
    book.flush()
    people = _people(book, activity)
    if activity.status == "done" and not (people or activity.company_id or activity.deal_id):
        raise UsageError(f"that would leave a{activity.id} without participants", hint=Hint("add-participant"))
    for row in people:
        row.reach, row.at_utc = activity.reach, activity.at_utc
    book.flush()


def _derive_reach(activity: Activity) -> None:
    """Set whether a person was reached; what is written goes out, unless the direction says otherwise."""
    if activity.kind in rules.WRITTEN:
        activity.direction = activity.direction or "out"
    activity.reach = rules.reach_of(activity.kind, activity.direction, activity.outcome)


def _people(book: Book, activity: Activity) -> list[ActivityParticipant]:
    from sqlmodel import select

    query = select(ActivityParticipant).where(ActivityParticipant.activity_id == activity.id)
    return list(book.session.exec(query).all())


def _require(activity: Activity, status: str, field: str, advice: str) -> None:
    if activity.status != status:
        raise UsageError(f"a{activity.id} is {activity.status}; {field}= does not apply", hint=advice)


def _set_text(_book: Book, activity: Activity, change: Edit, _reading: Reading) -> None:
    if change.op == "add" and activity.subject:
        activity.body = combined(activity.body, change) or ""
    else:
        activity.subject, activity.body = activities.split(change.value)


def _set_kind(_book: Book, activity: Activity, change: Edit, _reading: Reading) -> None:
    activity.kind = rules.check_kind(change.value)


def _moment(text: str, reading: Reading, *, past: bool = False, base: when.When | None = None) -> when.When:
    """Parse a time as the user reads it. Raises UsageError."""
    return when.parse(text, now=reading.now, zone=reading.zone, past=past, base=base, working=reading.working)


def _set_when(_book: Book, activity: Activity, change: Edit, reading: Reading) -> None:
    _require(activity, "done", "when", "due= sets when it is due; crm done completes it")
    found = _moment(change.value, reading, past=True)
    moment = when.instant(found, reading.now)
    if moment > when.utc(reading.now):
        raise UsageError("that time is in the future")
    activity.at_utc = moment


def _set_due(book: Book, activity: Activity, change: Edit, reading: Reading) -> None:
    _require(activity, "open", "due", "when= sets when it happened")
    book.flush()
    base = when.plan(activity.due_date, activity.due_time, activity.zone)
    due = _moment(change.value, reading, base=base) if change.value else None
    activities.move(book, activity.id or 0, due, now=when.utc(reading.now))
    book.session.refresh(activity)


def _set_every(book: Book, activity: Activity, change: Edit, reading: Reading) -> None:
    """Let it repeat by a rule from its due day on; with an empty value, not any more."""
    _require(activity, "open", "every", "only open activities repeat")
    book.flush()
    record, now = queries.get(book.db, activity.id or 0), when.utc(reading.now)
    if change.value:
        due = when.plan(activity.due_date, activity.due_time, activity.zone)
        rule, due = rules_of_series.read(change.value, due, reading, agree=False)
        series.restart(book.db, record, rule, due, now)
    else:
        series.leave(book.db, record, now)
    book.session.refresh(activity)


def _set_reminders(book: Book, activity: Activity, change: Edit, reading: Reading) -> None:
    """Add a reminder or remove one; "set" makes it the only one, and an empty value removes all."""
    _require(activity, "open", "remind", "only open activities have reminders to come")
    book.flush()
    ref = activity.id or 0
    given = reminders.read(change.value, lambda text: _moment(text, reading)) if change.value else None
    if change.op == "remove":
        if given and not reminders.remove(book.db, ref, given):
            raise NotFoundError(f"a{ref} has no reminder {change.value}")
        return
    if change.op == "set":
        reminders.keep(book.db, ref, given)
    if given:
        date, time, zone = activity.due_date, activity.due_time, activity.zone or reading.zone
        reminders.add(book.db, ref, [given], when.When(date, time, zone) if date else None)


def _set_outcome(_book: Book, activity: Activity, change: Edit, _reading: Reading) -> None:
    _require(activity, "done", "outcome", f"crm done a{activity.id} --outcome")
    activity.outcome = change.value


def _set_minutes(_book: Book, activity: Activity, change: Edit, _reading: Reading) -> None:
    activity.minutes = rules.check_minutes(change.value)


def _set_direction(_book: Book, activity: Activity, change: Edit, _reading: Reading) -> None:
    activity.direction = rules.check_direction(change.value)


def _set_priority(_book: Book, activity: Activity, change: Edit, _reading: Reading) -> None:
    activity.priority = rules.check_priority(change.value)


def _set_promise(_book: Book, activity: Activity, change: Edit, _reading: Reading) -> None:
    activity.promise = rules.check_promise(change.value)


def _set_company(book: Book, activity: Activity, change: Edit, _reading: Reading) -> None:
    """Set the company by its printed id."""
    activity.company_id = _record(book, Company, change.value, "company") if change.value else None


def _set_deal(book: Book, activity: Activity, change: Edit, _reading: Reading) -> None:
    """Set the deal by its printed id."""
    activity.deal_id = _record(book, Deal, change.value, "deal") if change.value else None


def _record(book: Book, model: type[Company | Deal | Contact], ref: str, noun: str) -> int:
    number = int(ref.lstrip("cd"))
    if book.session.get(model, number) is None:
        raise NotFoundError(f"there is no {noun} {ref}")
    return number


def _set_people(book: Book, activity: Activity, change: Edit, _reading: Reading) -> None:
    """Add a person by printed id, or remove one; "set" makes them the only one, and an empty value removes all."""
    have = {row.contact_id: row for row in _people(book, activity)}
    person = _record(book, Contact, change.value, "person") if change.value else 0
    if change.op == "remove" and person not in have:
        raise NotFoundError(f"{person} does not take part in a{activity.id}")
    wanted = linked(have, change, person)
    for ref, row in have.items():
        if ref not in wanted:
            book.session.delete(row)
    for ref in wanted - have.keys():
        book.session.add(ActivityParticipant(activity_id=activity.id or 0, contact_id=ref))
    book.flush()


_SETTERS: dict[str, Setter] = {
    "text": _set_text, "kind": _set_kind, "when": _set_when, "due": _set_due, "every": _set_every,
    "remind": _set_reminders,
    "outcome": _set_outcome, "minutes": _set_minutes, "direction": _set_direction, "priority": _set_priority,
    "promise": _set_promise, "with": _set_people, "company": _set_company, "deal": _set_deal,
}  # fmt: skip
"""Assignment -> the function that applies it to an activity."""
