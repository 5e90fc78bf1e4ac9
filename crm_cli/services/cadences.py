"""Set, pause and remove cadences. Written with sqlite3 directly, because the dashboard and `spread` write many."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core import cadence
from crm_cli.errors import ConflictError, Hint, NotFoundError, UsageError
from crm_cli.services.touch import touch

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from crm_cli.book.book import Book


class Owner(NamedTuple):
    """Whose cadence it is: ``kind`` is contact or tag."""

    kind: str
    id: int

    @property
    def column(self) -> str:
        """The column of the table that refers to it."""
        return f"{self.kind}_id"


def set_every(book: Book, owner: Owner, every: str, *, today: str, now: str) -> bool:
    """Set the cadence of a person or a tag; return whether it changed.

    A person who was never reached is due on the day it is set.
    """
    db = book.db
    start = None if owner.kind == "contact" and _is_reached(db, owner.id) else today
    found = _row(db, owner)
    if found is None:
        return _write(db, owner, now, every=every, from_on=start)
    if found == every:
        return False
    return _write(db, owner, now, every=every, **({} if found else {"from_on": start}))


def pause(book: Book, owner: Owner, until: str | None, *, today: str, now: str) -> None:
    """Make nothing due for a person, or by a tag, until a day; None: until it is resumed."""
    if until is not None and until <= today:
        raise UsageError(f"a pause until {until} would be over already")
    if owner.kind == "tag":
        _require(book.db, owner)
    _write(book.db, owner, now, paused=1, paused_until=until)


def resume(book: Book, owner: Owner, *, now: str) -> None:
    """End a pause. Raises ConflictError if there is none."""
    found = book.db.execute(f"SELECT paused, every FROM cadence WHERE {owner.column} = ?", (owner.id,)).fetchone()
    if not found or not found[0]:
        raise ConflictError("the cadence is not paused")
    if not found[1]:
        remove(book, owner, now=now)
    else:
        _write(book.db, owner, now, paused=0, paused_until=None)


def remove(book: Book, owner: Owner, *, now: str) -> None:
    """Remove the cadence of a person or a tag. Raises NotFoundError if it has none."""
    _require(book.db, owner)
    book.db.execute(f"DELETE FROM cadence WHERE {owner.column} = ?", (owner.id,))
    _touch(book.db, owner, now)


def spread(book: Book, people: Mapping[int, str], over: int, *, today: str, now: str) -> dict[int, str]:
    """Give people (id -> span that applies) a day each before which they are not due; return the days.

    They are spread evenly, in order, over ``over`` days from today; if that is 0, over the span of each.
    """
    groups: dict[int, list[int]] = {}
    for person, every in people.items():
        groups.setdefault(over or cadence.days(every), []).append(person)
    begin = date.fromisoformat(today)
    found = {}
    for days, group in groups.items():
        for person, later in zip(group, cadence.spread(len(group), days), strict=True):
            found[person] = (begin + timedelta(days=later)).isoformat()
            _write(book.db, Owner("contact", person), now, from_on=found[person])
    return found


def _write(db: sqlite3.Connection, owner: Owner, now: str, **values: str | int | None) -> bool:
    """Write columns of an owner's row, made if it is missing; return whether that changed anything."""
    names = list(values)
    sets = ", ".join(f"{name} = excluded.{name}" for name in names)
    differs = " OR ".join(f"{name} IS NOT excluded.{name}" for name in names)
    wrote = db.execute(
        f"INSERT INTO cadence ({', '.join([owner.column, *names])}) VALUES ({', '.join('?' * (len(names) + 1))})"
        f" ON CONFLICT ({owner.column}) DO UPDATE SET {sets} WHERE {differs}",
        [owner.id, *values.values()],
    ).rowcount
    if wrote:
        _touch(db, owner, now)
    return bool(wrote)


def _touch(db: sqlite3.Connection, owner: Owner, now: str) -> None:
    if owner.kind == "contact":
        touch(db, owner.kind, owner.id, now)


def _row(db: sqlite3.Connection, owner: Owner) -> str | None:
    """Return the span of an owner's row, None if there is no row."""
    found = db.execute(f"SELECT every FROM cadence WHERE {owner.column} = ?", (owner.id,)).fetchone()
    return found[0] if found else None


def _require(db: sqlite3.Connection, owner: Owner) -> None:
    if _row(db, owner) is None:
        raise NotFoundError("there is no cadence", hint=Hint("set-cadence"))


def _is_reached(db: sqlite3.Connection, person: int) -> bool:
    found = db.execute("SELECT 1 FROM activity_participant WHERE contact_id = ? AND reach = 2 LIMIT 1", (person,))
    return found.fetchone() is not None
