"""The fields of the query language that are not columns: ``id:``, ``quiet:`` and ``is:``."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from crm_cli.core.cadence import REMEMBERED
from crm_cli.core.consent import CHANNELS
from crm_cli.core.kinds import BY_LETTER, PERSON, split
from crm_cli.core.query.parser import month_days
from crm_cli.queries import cadences
from crm_cli.queries.filters.fields import LIFTS, PARTIES

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm_cli.core.query.parser import Term
    from crm_cli.queries.filters.compiler import Asking
    from crm_cli.queries.filters.tests import Sql

_IDS = {
    ("contact", "contact"): "p.id = ?",
    ("contact", "company"): "p.id IN (SELECT contact_id FROM employment WHERE company_id = ? AND current = 1)",
    ("contact", "activity"): "p.id IN (SELECT contact_id FROM activity_participant WHERE activity_id = ?)",
    (
        "company",
        "contact",
    ): ("EXISTS (SELECT 1 FROM employment WHERE contact_id = ? AND company_id = o.id AND current = 1)"),
    ("company", "company"): "o.id = ?",
    ("company", "activity"): "EXISTS (SELECT 1 FROM activity WHERE id = ? AND company_id = o.id)",
    ("activity", "contact"): "a.id IN (SELECT activity_id FROM activity_participant WHERE contact_id = ?)",
    ("activity", "company"): "(a.company_id IS NOT NULL AND a.company_id = ?)",
    ("activity", "activity"): "a.id = ?",
    ("contact", "deal"): "p.id IN (SELECT contact_id FROM deal_participant WHERE deal_id = ?)",
    ("company", "deal"): "EXISTS (SELECT 1 FROM deal WHERE id = ? AND company_id = o.id)",
    ("activity", "deal"): "(a.deal_id IS NOT NULL AND a.deal_id = ?)",
    ("deal", "contact"): "d.id IN (SELECT deal_id FROM deal_participant WHERE contact_id = ?)",
    ("deal", "company"): "(d.company_id IS NOT NULL AND d.company_id = ?)",
    ("deal", "activity"): "EXISTS (SELECT 1 FROM activity WHERE id = ? AND deal_id = d.id)",
    ("deal", "deal"): "d.id = ?",
}
"""(target kind, kind of the id) -> SQL for the records that the id refers to or that belong to it."""


def _id(term: Term, asking: Asking) -> Sql:
    letter, number = split(str(term.value))
    kind = BY_LETTER[letter]
    sql = _IDS[asking.target, kind.name]
    if not kind.can_merge:
        return sql, [int(number)]
    merged = f"SELECT {kind.column} FROM merge WHERE loser_id = ? AND {kind.column} IS NOT NULL"
    return sql.replace("?", f"coalesce(({merged}), ?)"), [int(number), int(number)]


_MET = "SELECT 1 FROM activity_participant h WHERE h.contact_id = p.id AND h.reach = 2 AND h.at_utc >= ?"
_MET_THERE = "SELECT 1 FROM activity y WHERE y.company_id = o.id AND y.reach = 2 AND y.at_utc >= ?"
_REACHED = {"contact": f"EXISTS ({_MET})", "company": f"EXISTS ({_MET_THERE})"}


def _quiet(term: Term, asking: Asking) -> Sql:
    """Find people not reached since a day, or never; an activity or a deal matches if one of its people does."""
    since = asking.starts(str(term.value), 0)
    if asking.target in PARTIES:
        kind, around = PARTIES[asking.target][0]
        return around.format(inner=f"NOT {_REACHED[kind]}"), [since]
    return f"NOT {_REACHED[asking.target]}", [since]


_POINTS = (
    "EXISTS (SELECT 1 FROM contact_point x WHERE x.{owner}_id = {alias}.id"
    " AND x.kind IN ('phone', 'email') AND x.state = 'current')"
)
_LATE = "iif({0}.due_time IS NULL, {0}.due_date < ?, {0}.due_utc < ?)"
"""SQL for being past its time, or past its day if it has no time."""
_OPEN_LATE = f"y.status = 'open' AND {_LATE.format('y')}"
_LATE_PEOPLE = f"activity y JOIN activity_participant w ON w.activity_id = y.id WHERE {_OPEN_LATE}"
_EMPLOYED = "SELECT 1 FROM employment e WHERE e.contact_id = p.id AND e.current = 1 AND e.company_id IS NOT NULL"


_MARKS = {"today": "?", "tomorrow": "?", "past": "?"}
_TO_REACH = " UNION ALL ".join(
    f"SELECT r.contact_id FROM rhythm r WHERE {test.format(**_MARKS)}" for test in (cadences.DUE, cadences.SILENT)
)


def _around_today(asking: Asking) -> list[object]:
    """Return the values of `_TO_REACH`, in their order."""
    today = date.fromisoformat(asking.today)
    tomorrow, past = ((today + timedelta(days=days)).isoformat() for days in (1, -REMEMBERED))
    return [tomorrow, asking.today, asking.today, past, tomorrow, asking.today, asking.today]


def _day_and_now(asking: Asking) -> list[object]:
    return [asking.today, asking.now]


def _today(asking: Asking) -> list[object]:
    return [asking.today]


def _nothing(_: Asking) -> list[object]:
    return []


_ADDRESSES = "SELECT 1 FROM contact_point x WHERE x.{owner}_id = {alias}.id AND x.kind = '{kind}' AND {test}"
_UNMAILABLE = (
    "x.state = 'current' AND (x.value NOT LIKE '%_@_%._%' OR x.value GLOB '*[ ,;<>]*' OR x.value LIKE '%@%@%'"
    " OR x.value LIKE '%..%' OR x.value LIKE '%.')"
)
"""SQL for an address without a local part and a domain with a dot, or with characters that belong to no address."""
_IMPOSSIBLE = "x.state = 'current' AND x.norm = ''"
_SAME_AS_POINT = "{alias}.name IN (SELECT x.value FROM contact_point x WHERE x.{owner}_id = {alias}.id)"


_BOUNCED, _CURRENT = "x.state = 'bounced'", "x.state = 'current'"
STALE = 365
"""After how many days without a change or a reach a record is stale."""


def _last_year(asking: Asking) -> list[object]:
    return [asking.starts(asking.today, -STALE)] * 2


_Flag = tuple[str, "Callable[[Asking], list[object]]"]


def _quality(owner: str, alias: str) -> dict[str, _Flag]:
    """Return the flags of records that need care, for people or companies."""

    def has(kind: str, test: str) -> str:
        return f"EXISTS ({_ADDRESSES.format(owner=owner, alias=alias, kind=kind, test=test)})"

    return {
        "nameless": (f"({alias}.name = '' OR {_SAME_AS_POINT.format(owner=owner, alias=alias)})", _nothing),
        "bad-email": (has("email", _UNMAILABLE), _nothing),
        "bad-phone": (has("phone", _IMPOSSIBLE), _nothing),
        "bounced": (f"({has('email', _BOUNCED)} AND NOT {has('email', _CURRENT)})", _nothing),
        "stale": (f"({alias}.updated_utc < ? AND NOT {_REACHED[owner]})", _last_year),
    }


_FLAGS: dict[tuple[str, str], _Flag] = {
    ("contact", "incomplete"): ("NOT " + _POINTS.format(owner="contact", alias="p"), _nothing),
    ("company", "incomplete"): ("NOT " + _POINTS.format(owner="company", alias="o"), _nothing),
    ("contact", "overdue"): (f"p.id IN (SELECT w.contact_id FROM {_LATE_PEOPLE})", _day_and_now),
    ("company", "overdue"): (
        f"o.id IN (SELECT y.company_id FROM activity y WHERE y.company_id IS NOT NULL AND {_OPEN_LATE})",
        _day_and_now,
    ),
    ("contact", "quiet"): (f"p.id IN ({_TO_REACH})", _around_today),
    ("company", "quiet"): ("0", _nothing),
    ("activity", "overdue"): (f"(a.status = 'open' AND coalesce({_LATE.format('a')}, 0))", _day_and_now),
    ("deal", "overdue"): ("(d.status = 'open' AND coalesce(d.close_on < ?, 0))", _today),
    ("contact", "company-less"): (f"NOT EXISTS ({_EMPLOYED})", _nothing),
    ("company", "company-less"): ("0", _nothing),
    ("contact", "person"): ("1", _nothing),
    ("contact", "company"): ("0", _nothing),
    ("company", "person"): ("0", _nothing),
    ("company", "company"): ("1", _nothing),
    ("company", "birthday-today"): ("0", _nothing),
    **{("contact", name): flag for name, flag in _quality("contact", "p").items()},
    **{("company", name): flag for name, flag in _quality("company", "o").items()},
}


def _is(term: Term, asking: Asking) -> Sql:
    flag = str(term.value)
    if flag == "birthday-today" and asking.target == "contact":
        return _birthday_today(asking)
    if (asking.target, flag) in _FLAGS:
        sql, values = _FLAGS[asking.target, flag]
        return sql, values(asking)
    parts = [(around, *_is(term, asking._replace(target=kind))) for kind, around in PARTIES[asking.target]]
    return (
        "(" + " OR ".join(around.format(inner=sql) for around, sql, _ in parts) + ")",
        [value for *_, values in parts for value in values],
    )


def _birthday_today(asking: Asking) -> Sql:
    ranges = month_days(asking.today, asking.today)
    test = " OR ".join("coalesce(substr(p.birthday, -5) BETWEEN ? AND ?, 0)" for _ in ranges)
    return f"({test})", [bound for pair in ranges for bound in pair]


_STOPPED = "SELECT x.contact_id FROM consent x WHERE x.state = 'stopped'"
_MAY = f"p.id NOT IN ({_STOPPED} AND x.channel = ?)"
_MAY_NOT = f"p.id IN ({_STOPPED} GROUP BY x.contact_id HAVING count(*) = {len(CHANNELS)})"


def _consent(term: Term, asking: Asking) -> Sql:
    """Find people who may be reached by a channel, or by none; other records if that is true of one of their people."""
    sql = _MAY_NOT if term.value == "none" else _MAY
    around = "{inner}" if asking.target == PERSON.name else dict(LIFTS[asking.target])[PERSON.name]
    return around.format(inner=sql), [] if term.value == "none" else [term.value]


SPECIAL: dict[str, Callable[[Term, Asking], Sql]] = {"id": _id, "quiet": _quiet, "is": _is, "consent": _consent}
