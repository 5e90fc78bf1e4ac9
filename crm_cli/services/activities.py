"""Log, plan and complete activities. Written with sqlite3 directly, because these commands run all day."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core import activities as rules
from crm_cli.core.text.folding import nfc
from crm_cli.errors import ConflictError, Hint, NotFoundError, UsageError
from crm_cli.services import reminders, statements
from crm_cli.services.due import due_columns
from crm_cli.services.touch import touch

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from crm_cli.book.book import Book
    from crm_cli.core.activities import Step
    from crm_cli.core.instants import When
    from crm_cli.core.recurrence import Every
    from crm_cli.core.series import Followed
    from crm_cli.services.reminders import Remind


class Links(NamedTuple):
    """The participants of an activity: people by id, a company (enough on its own), and the deal it is about."""

    people: tuple[int, ...] = ()
    company: int | None = None
    deal: int | None = None


def log(
    book: Book,
    kind: str,
    links: Links,
    *,
    text: str,
    at: str,
    now: str,
    direction: str = "",
    outcome: str = "",
    minutes: int | None = None,
    follows: int | None = None,
) -> int:
    """Log an activity that happened at the UTC instant ``at``; return its id.

    Raises UsageError for unknown words, and for a note without text.
    """
    kind = rules.check_kind(kind)
    direction = rules.check_direction(direction)
    outcome = rules.check_outcome(outcome, kind)
    if at > now:
        raise UsageError("that time is in the future", hint=Hint("plan-instead"))
    rules.check_text(kind, text)
    subject, body = split(text)
    made = book.db.execute(
        "INSERT INTO activity (uid, kind, status, subject, body, direction, outcome, reach, at_utc, minutes,"
        " company_id, follows_id, deal_id, created_utc, updated_utc)"
        " VALUES (:uid, :kind, 'done', :subject, :body, :direction, :outcome, :reach, :at, :minutes,"
        " :company, :follows, :deal, :now, :now)",
        {
            "uid": str(uuid.uuid4()), "kind": kind, "subject": subject, "body": body, "direction": direction,
            "outcome": outcome, "reach": rules.reach_of(kind, direction, outcome), "at": at, "minutes": minutes,
            "company": company_of(book.db, links), "follows": follows, "deal": links.deal, "now": now,
        },
    )  # fmt: skip
    return _join(book.db, int(made.lastrowid or 0), links)


def plan(
    book: Book,
    text: str,
    links: Links,
    *,
    now: str,
    kind: str = "task",
    due: When | None = None,
    every: Every | None = None,
    remind: Sequence[Remind] = (),
    priority: str = "",
    promise: str = "",
    follows: int | None = None,
) -> int:
    """Plan an activity; return its id. With ``every`` it is the first of a series, which begins on the day ``due``.

    Raises UsageError if ``text`` is blank.
    """
    subject, body = split(text)
    if not subject:
        raise UsageError("what is to be done?", hint=Hint("example-todo"))
    repeated = _begin(book.db, every, due, now) if every and due else None
    made = book.db.execute(
        "INSERT INTO activity (uid, kind, status, subject, body, priority, promise, due_date, due_time, zone, due_utc,"
        " company_id, follows_id, deal_id, series_id, occurrence_on, created_utc, updated_utc)"
        " VALUES (:uid, :kind, 'open', :subject, :body, :priority, :promise, :date, :time, :zone, :due,"
        " :company, :follows, :deal, :series, iif(:series IS NULL, NULL, :date), :now, :now)",
        {
            "uid": str(uuid.uuid4()), "kind": rules.check_kind(kind), "subject": subject, "body": body,
            "priority": priority, "promise": promise, **due_columns(due), "series": repeated,
            "company": company_of(book.db, links), "follows": follows, "deal": links.deal, "now": now,
        },
    )  # fmt: skip
    activity = _join(book.db, int(made.lastrowid or 0), links)
    reminders.add(book.db, activity, remind, due)
    return activity


def plan_next(book: Book, steps: Iterable[Step], links: Links, follows: int | None, *, now: str) -> list[int]:
    """Plan the next steps after an activity with the same people; return their ids."""
    return [plan(book, step.text, links, now=now, due=step.due, every=step.every, follows=follows) for step in steps]


def _begin(db: sqlite3.Connection, every: Every, due: When, now: str) -> int:
    from crm_cli.services import series

    return series.begin(db, every, due, now)


def complete(
    book: Book,
    activity_id: int,
    *,
    at: str,
    now: str,
    zone: str,
    text: str = "",
    outcome: str = "",
    direction: str = "",
    kind: str = "",
    minutes: int | None = None,
    links: Links | None = None,
) -> Followed | None:
    """Complete an open activity at the UTC instant ``at``; ``text`` is appended to its text.

    If it is one of a series, plan the next one after that day in the user's ``zone``, and return it. The people of
    ``links`` are added to it; the company and the deal are set if the plan has none. ``kind`` is the actual kind, if it
    differs from the plan.
    """
    planned, status, body, had, series_id = _get(book.db, activity_id)
    if status != "open":
        raise ConflictError(f"a{activity_id} is {status} already")
    if at > now:
        raise UsageError("that time is in the future")
    kind = rules.check_kind(kind or planned)
    outcome = rules.check_outcome(outcome, kind)
    direction = rules.check_direction(direction) or had
    reach = rules.reach_of(kind, direction, outcome)
    followed = _follow(book.db, activity_id, series_id, at=at, now=now, zone=zone)
    book.db.execute(
        "UPDATE activity SET status = 'done', kind = ?, at_utc = ?, body = ?, outcome = ?, direction = ?, reach = ?,"
        " minutes = coalesce(?, minutes), hidden_until = NULL WHERE id = ?",
        (kind, at, _added(body, text), outcome, direction, reach, minutes, activity_id),
    )
    if links:
        _take(book.db, activity_id, links)
    book.db.execute(
        "UPDATE activity_participant SET reach = ?, at_utc = ? WHERE activity_id = ?", (reach, at, activity_id)
    )
    touch(book.db, "activity", activity_id, now)
    return followed


def _follow(
    db: sqlite3.Connection, activity_id: int, series_id: int | None, *, at: str, now: str, zone: str
) -> Followed | None:
    """Plan the next activity of a series, if it is one, as this one was planned: before its completion is written."""
    if series_id is None:
        return None
    from crm_cli.services import series

    return series.follow(db, activity_id, done=at, now=now, zone=zone)


def _added(body: str, text: str) -> str:
    return "\n\n".join(part for part in (body, nfc(text).strip()) if part)


def _take(db: sqlite3.Connection, activity_id: int, links: Links) -> None:
    """Add people to an activity, and set its company and deal if it has none."""
    have = db.execute("SELECT contact_id FROM activity_participant WHERE activity_id = ?", (activity_id,)).fetchall()
    _join(db, activity_id, Links(tuple(person for person in links.people if (person,) not in have)))
    db.execute(
        "UPDATE activity SET company_id = coalesce(?, company_id, ?), deal_id = coalesce(?, deal_id) WHERE id = ?",
        (links.company, company_of(db, links), links.deal, activity_id),
    )


def move(book: Book, activity_id: int, due: When | None, *, now: str) -> None:
    """Give an open activity another due time, or none.

    Relative reminders move with it, those at a fixed time stay; a snooze ends.
    """
    _require_open(book.db, activity_id)
    values = due_columns(due)
    have = book.db.execute(
        "SELECT due_date, due_time, zone, hidden_until FROM activity WHERE id = ?", (activity_id,)
    ).fetchone()
    if have == (values["date"], values["time"], values["zone"], None):
        return
    book.db.execute(
        "UPDATE activity SET due_date = :date, due_time = :time, zone = :zone, due_utc = :due, hidden_until = NULL"
        " WHERE id = :id",
        {**values, "id": activity_id},
    )
    reminders.follow(book.db, activity_id, due)
    touch(book.db, "activity", activity_id, now)


def snooze(book: Book, activity_id: int, until: When, *, now: str) -> None:
    """Hide an open activity until a given time; its due time and its reminders stay."""
    _require_open(book.db, activity_id)
    instant = reminders.moment(until)
    have = book.db.execute("SELECT hidden_until FROM activity WHERE id = ?", (activity_id,)).fetchone()
    if have == (instant,):
        return
    book.db.execute("UPDATE activity SET hidden_until = ? WHERE id = ?", (instant, activity_id))
    touch(book.db, "activity", activity_id, now)


def cancel(book: Book, activity_id: int, *, now: str) -> None:
    """Cancel an open activity; it stays in the book. Raises ConflictError for one that repeats."""
    _require_open(book.db, activity_id)
    if _get(book.db, activity_id)[4] is not None:
        raise ConflictError(f"a{activity_id} repeats", hint=Hint("one-or-all", activity=f"a{activity_id}"))
    book.db.execute("UPDATE activity SET status = 'cancelled', hidden_until = NULL WHERE id = ?", (activity_id,))
    touch(book.db, "activity", activity_id, now)


def remove(book: Book, activity_id: int) -> None:
    """Remove an activity that was recorded by mistake; the open one of a series ends it."""
    series_id = _get(book.db, activity_id)[4]
    statements.remove(book.db, "activity", activity_id)
    if series_id is not None:
        from crm_cli.services import series

        series.forget(book.db, series_id)


def split(text: str) -> tuple[str, str]:
    """Split a text into its first line, the subject, and the rest, the body."""
    subject, _, body = nfc(text).strip().replace("\r\n", "\n").partition("\n")
    return subject.strip(), body.strip()


def _join(db: sqlite3.Connection, activity_id: int, links: Links) -> int:
    db.executemany(
        "INSERT INTO activity_participant (activity_id, contact_id, reach, at_utc)"
        " SELECT id, ?, reach, at_utc FROM activity WHERE id = ?",
        [(person, activity_id) for person in dict.fromkeys(links.people)],
    )
    return activity_id


def company_of(db: sqlite3.Connection, links: Links) -> int | None:
    """Return the company of an activity or deal: the one given, else where its first person works now."""
    if links.company is not None or not links.people:
        return links.company
    row = db.execute(
        "SELECT company_id FROM employment WHERE contact_id = ? AND current = 1 AND company_id IS NOT NULL"
        " ORDER BY id LIMIT 1",
        (links.people[0],),
    ).fetchone()
    return row[0] if row else None


def _get(db: sqlite3.Connection, activity_id: int) -> tuple[str, str, str, str, int | None]:
    row = db.execute(
        "SELECT kind, status, body, direction, series_id FROM activity WHERE id = ?", (activity_id,)
    ).fetchone()
    if row is None:
        raise NotFoundError(f"there is no activity a{activity_id}")
    return row[0], row[1], row[2], row[3], row[4]


def _require_open(db: sqlite3.Connection, activity_id: int) -> None:
    status = _get(db, activity_id)[1]
    if status != "open":
        raise ConflictError(f"a{activity_id} is {status} already")
