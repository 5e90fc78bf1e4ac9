"""People who have gone quiet: reached regularly in the past, but not recently."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core.records import Person
from crm_cli.core.when import due_utc
from crm_cli.queries.agenda import named

if TYPE_CHECKING:
    import sqlite3

    from crm_cli.queries.agenda import Day

AFTER, WITHIN = 60, 365
"""A person is quiet if last reached at least 60 and at most 365 days ago; longer ago is past, not quiet."""

OFTEN = 3
"""How many times a person must have been reached to count as a regular contact."""

LOOKED_AT = 2000
"""The maximum number of activities read, newest of that time first, so that the cost does not grow with the book."""


class Quiet(NamedTuple):
    """A person who has gone quiet: when they were last reached, and how many times in all."""

    person: Person
    last_reach: str
    times: int


_SQL = """
SELECT h.contact_id, max(h.at_utc),
  (SELECT count(*) FROM activity_participant n WHERE n.contact_id = h.contact_id AND n.reach = 2)
FROM (SELECT id FROM activity WHERE status = 'done' AND at_utc < :since AND at_utc >= :past
      ORDER BY at_utc DESC LIMIT :looked_at) a
JOIN activity_participant h ON h.activity_id = a.id AND h.reach = 2
WHERE NOT EXISTS (SELECT 1 FROM activity_participant l
                  WHERE l.contact_id = h.contact_id AND l.reach = 2 AND l.at_utc >= :since)
  AND (SELECT count(*) FROM activity_participant n WHERE n.contact_id = h.contact_id AND n.reach = 2) >= :often
  AND NOT EXISTS (SELECT 1 FROM activity_participant w JOIN activity o ON o.id = w.activity_id
                  WHERE w.contact_id = h.contact_id AND o.status = 'open')
GROUP BY h.contact_id ORDER BY 2 DESC, 1 LIMIT :limit
"""


def people(db: sqlite3.Connection, day: Day, limit: int = 20) -> list[Quiet]:
    """Return the people reached at least `OFTEN` times, last `AFTER` to `WITHIN` days ago, with nothing planned.

    The most recently reached come first.
    """
    today = date.fromisoformat(day.today)
    since, past = (due_utc((today - timedelta(days=days)).isoformat(), "00:00", day.zone) for days in (AFTER, WITHIN))
    values = {"since": since, "past": past, "looked_at": LOOKED_AT, "often": OFTEN, "limit": limit}
    found = db.execute(_SQL, values).fetchall()
    who = named(db, [ref for ref, *_ in found])
    return [Quiet(who[ref], last, times) for ref, last, times in found if ref in who]
