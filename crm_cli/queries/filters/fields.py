"""Where each field of the query language is stored: one table each for people, companies, activities and deals.

In the SQL, ``p`` is the person, ``o`` the company, ``a`` the activity, ``d`` the deal that is tested.
"""

from __future__ import annotations

from typing import NamedTuple

from crm_cli.core.kinds import RECORDS
from crm_cli.core.relationships import KINDS
from crm_cli.queries.relationships import SIDES


class Source(NamedTuple):
    """Where a field's values are stored.

    ``inside`` is the SQL around a test, which replaces ``{test}``; ``value`` is the expression that is tested; ``kind``
    is the type of test: text, folded, email, phone, code, prefix, instant, day, number, money or yearly. ``present`` is
    the test of ``has:`` if that is not simply having a value.
    """

    inside: str
    value: str
    kind: str
    present: str = ""

    @property
    def scalar(self) -> bool:
        """Is there at most one value, so that a missing one (NULL) makes a comparison unknown?"""
        return self.inside == "{test}"


_LABELS = ("label", "service")


def _of(owner: str, alias: str) -> dict[str, Source]:
    """Return the fields that people and companies share."""
    here = f"{alias}.id IN (SELECT x.{owner}_id FROM"
    point = f"{here} contact_point x WHERE x.{owner}_id IS NOT NULL AND x.kind = '%s' AND {{test}})"
    # The label of a name in a social network is the network.
    labels = " UNION ALL ".join(f"SELECT {owner}_id, {column} AS label FROM contact_point" for column in _LABELS)
    place = f"{here} postal_address x WHERE x.{owner}_id IS NOT NULL AND {{test}})"
    # A book has many addresses and few cities: each city is folded once, and an index finds its addresses.
    city = (
        f"{here} postal_address x WHERE x.{owner}_id IS NOT NULL AND x.locality <> '' AND x.locality IN"
        " (SELECT x.locality FROM (SELECT DISTINCT locality FROM postal_address WHERE locality <> '') x WHERE {test}))"
    )
    usable = "x.state = 'current'"
    return {
        "name": Source("{test}", f"{alias}.name_key", "folded"),
        "notes": Source("{test}", f"{alias}.notes", "text"),
        "source": Source("{test}", f"{alias}.source", "text"),
        "uid": Source("{test}", f"{alias}.uid", "prefix"),
        "created": Source("{test}", f"{alias}.created_utc", "instant"),
        "updated": Source("{test}", f"{alias}.updated_utc", "instant"),
        "email": Source(point % "email", "x.norm", "email", usable),
        "phone": Source(point % "phone", "x.reversed", "phone", usable),
        "url": Source(point % "url", "x.value", "text", usable),
        "label": Source(f"{here} ({labels}) x WHERE x.{owner}_id IS NOT NULL AND {{test}})", "x.label", "text"),
        "address": Source(place, "1", "text", "1"),
        "city": Source(city, "x.locality", "text", "x.locality <> ''"),
        "region": Source(place, "x.region", "text"),
        "country": Source(place, "x.country", "text"),
        "code": Source(place, "x.code", "text"),
        "tag": Source(f"{here} tag t JOIN {owner}_tag x ON x.tag_id = t.id WHERE {{test}})", "t.name_key", "code"),
    }


_JOB = "p.id IN (SELECT e.contact_id FROM employment e WHERE e.current = 1 AND {test})"
_LAST = "(SELECT max(h.at_utc) FROM activity_participant h WHERE h.contact_id = p.id AND h.reach = {reach})"

_RELATED = f"p.id IN (SELECT r.contact_id FROM {SIDES} r LEFT JOIN contact x ON x.id = r.other_id WHERE"
_OTHER = "coalesce(x.name_key, r.name_key)"

CONTACT: dict[str, Source] = {
    **_of("contact", "p"),
    "relationship": Source(f"{_RELATED} {{test}})", "1", "text", "1"),
    "related": Source(f"{_RELATED} {{test}})", _OTHER, "folded"),
    **{kind: Source(f"{_RELATED} r.kind = '{kind}' AND {{test}})", _OTHER, "folded") for kind in KINDS},
    "company": Source(
        "p.id IN (SELECT e.contact_id FROM company x JOIN employment e ON e.company_id = x.id"
        " WHERE e.current = 1 AND {test})",
        "x.name_key",
        "folded",
    ),
    "title": Source(_JOB, "e.title", "text"),
    "department": Source(_JOB, "e.department", "text"),
    "nickname": Source("{test}", "p.nickname", "text"),
    "status": Source("{test}", "p.status", "text"),
    "zone": Source("{test}", "p.zone", "text"),
    "language": Source("{test}", "p.language", "text"),
    "cadence": Source("p.id IN (SELECT r.contact_id FROM rhythm r WHERE r.every <> '' AND {test})", "r.every", "code"),
    "consent": Source("p.id IN (SELECT x.contact_id FROM consent x WHERE {test})", "x.channel", "code", "1"),
    "birthday": Source("{test}", "p.birthday", "yearly"),
    "anniversary": Source("{test}", "p.anniversary", "yearly"),
    "last-reach": Source("{test}", _LAST.format(reach=2), "instant"),
    "last-attempt": Source("{test}", _LAST.format(reach=1), "instant"),
}

# An activity keeps the company at its time, even if its people work elsewhere now.
_COMPANY_LAST = "(SELECT max(y.at_utc) FROM activity y WHERE y.company_id = o.id AND y.reach = {reach})"
COMPANY: dict[str, Source] = {
    **_of("company", "o"),
    "company": Source("{test}", "o.name_key", "folded"),
    "last-reach": Source("{test}", _COMPANY_LAST.format(reach=2), "instant"),
    "last-attempt": Source("{test}", _COMPANY_LAST.format(reach=1), "instant"),
}

_WITH = (
    "(a.id IN (SELECT h.activity_id FROM contact x JOIN activity_participant h ON h.contact_id = x.id WHERE {test})"
    " OR (a.company_id IS NOT NULL AND a.company_id IN (SELECT x.id FROM company x WHERE {test})))"
)
_DUE = "a.id IN (SELECT y.id FROM activity y WHERE y.status = 'open' AND y.due_utc IS NOT NULL AND {test})"
_REMIND = (
    "a.id IN (SELECT r.activity_id FROM reminder r JOIN activity y ON y.id = r.activity_id"
    " WHERE y.status = 'open' AND {test})"
)
_IN_SERIES = "(a.series_id IS NOT NULL AND a.series_id IN (SELECT x.id FROM series x WHERE {test}))"
_FROM = "instr(upper(x.rule), 'FREQ=') + 5"
_FREQUENCY = f"trim(lower(substr(x.rule, {_FROM}, instr(substr(x.rule || ';', {_FROM}), ';') - 1)))"
"""SQL for the frequency of a rule: what is between ``FREQ=`` and the next semicolon, weekly."""
ACTIVITY: dict[str, Source] = {
    "kind": Source("{test}", "a.kind", "code"),
    "direction": Source("{test}", "a.direction", "code"),
    "outcome": Source("{test}", "a.outcome", "code"),
    "priority": Source("{test}", "a.priority", "code"),
    "state": Source("{test}", "a.status", "code"),
    "promise": Source("{test}", "a.promise", "code"),
    "every": Source(_IN_SERIES, _FREQUENCY, "code", "1"),
    "subject": Source("{test}", "a.subject", "text"),
    "body": Source("{test}", "a.body", "text"),
    "with": Source(_WITH, "x.name_key", "folded"),
    "when": Source("{test}", "a.at_utc", "instant"),
    "due": Source(_DUE, "y.due_date", "day"),
    "remind": Source(_REMIND, "r.at_utc", "instant"),
    "next": Source("{test}", "a.status", "code", "a.status = 'open'"),
    "uid": Source("{test}", "a.uid", "prefix"),
    "created": Source("{test}", "a.created_utc", "instant"),
    "updated": Source("{test}", "a.updated_utc", "instant"),
}

_STAGE = "d.stage_id IN (SELECT x.id FROM stage x WHERE {test})"
_PROBABILITY = "coalesce(d.probability, (SELECT x.probability FROM stage x WHERE x.id = d.stage_id))"
_LENDABLE: dict[str, Source] = {
    "deal": Source("{test}", "d.title_key", "folded"),
    "deal.stage": Source(_STAGE, "x.name_key", "folded"),
    "deal.status": Source("{test}", "d.status", "code"),
    "deal.amount": Source("{test}", "d.amount", "money"),
    "deal.probability": Source("{test}", _PROBABILITY, "number"),
    "deal.close": Source("{test}", "d.close_on", "day"),
    "deal.closed": Source("{test}", "d.closed_utc", "instant"),
    "deal.source": Source("{test}", "d.source", "text"),
    "deal.reason": Source("{test}", "d.reason", "text"),
}
_DEALT = (
    "(d.id IN (SELECT h.deal_id FROM contact x JOIN deal_participant h ON h.contact_id = x.id WHERE {test})"
    " OR (d.company_id IS NOT NULL AND d.company_id IN (SELECT x.id FROM company x WHERE {test})))"
)
DEAL: dict[str, Source] = {
    **_LENDABLE,
    "with": Source(_DEALT, "x.name_key", "folded"),
    "tag": Source(
        "d.id IN (SELECT x.deal_id FROM tag t JOIN deal_tag x ON x.tag_id = t.id WHERE {test})", "t.name_key", "code"
    ),
    "notes": Source("{test}", "d.notes", "text"),
    "source": Source("{test}", "d.source", "text"),
    "uid": Source("{test}", "d.uid", "prefix"),
    "created": Source("{test}", "d.created_utc", "instant"),
    "updated": Source("{test}", "d.updated_utc", "instant"),
}

OWN = {"contact": CONTACT, "company": COMPANY, "activity": ACTIVITY, "deal": DEAL}
"""Kind of record -> the fields that it stores itself."""
_STILL = {"every": Source(f"(a.status = 'open' AND {_IN_SERIES})", _FREQUENCY, "code", "1")}
LENT = {**OWN, "activity": {**ACTIVITY, **_STILL}, "deal": _LENDABLE}
"""Kind of record -> the fields that other kinds can use: of a person, only what still repeats counts."""

_BY_ACTIVITY = (
    "p.id IN (SELECT w.contact_id FROM activity a JOIN activity_participant w ON w.activity_id = a.id WHERE {inner})"
)
_BY_EMPLOYEE = (
    "o.id IN (SELECT w.company_id FROM contact p JOIN employment w ON w.contact_id = p.id"
    " WHERE w.current = 1 AND w.company_id IS NOT NULL AND {inner})"
)
_BY_PARTICIPANT = (
    "EXISTS (SELECT 1 FROM activity_participant w JOIN contact p ON p.id = w.contact_id"
    " WHERE w.activity_id = a.id AND {inner})"
)
_BY_DEAL = "p.id IN (SELECT w.contact_id FROM deal d JOIN deal_participant w ON w.deal_id = d.id WHERE {inner})"
_BY_DEALER = (
    "EXISTS (SELECT 1 FROM deal_participant w JOIN contact p ON p.id = w.contact_id WHERE w.deal_id = d.id AND {inner})"
)
PARTIES: dict[str, tuple[tuple[str, str], ...]] = {
    "activity": (
        ("contact", _BY_PARTICIPANT),
        ("company", "(a.company_id IS NOT NULL AND a.company_id IN (SELECT o.id FROM company o WHERE {inner}))"),
    ),
    "deal": (
        ("contact", _BY_DEALER),
        ("company", "(d.company_id IS NOT NULL AND d.company_id IN (SELECT o.id FROM company o WHERE {inner}))"),
    ),
}
"""Kind of record -> the kinds of its participants, and the SQL that finds them."""
LIFTS: dict[str, tuple[tuple[str, str], ...]] = {
    "contact": (("activity", _BY_ACTIVITY), ("deal", _BY_DEAL)),
    "company": (
        ("contact", _BY_EMPLOYEE),
        ("activity", "o.id IN (SELECT a.company_id FROM activity a WHERE a.company_id IS NOT NULL AND {inner})"),
        ("deal", "o.id IN (SELECT d.company_id FROM deal d WHERE d.company_id IS NOT NULL AND {inner})"),
    ),
    "activity": (
        *PARTIES["activity"],
        ("deal", "(a.deal_id IS NOT NULL AND a.deal_id IN (SELECT d.id FROM deal d WHERE {inner}))"),
    ),
    "deal": (
        *PARTIES["deal"],
        ("activity", "d.id IN (SELECT a.deal_id FROM activity a WHERE a.deal_id IS NOT NULL AND {inner})"),
    ),
}
"""Kind of record -> the kinds whose fields it can use, and the SQL for it: an activity has the city of its people."""

ALIAS = {kind.name: kind.alias for kind in RECORDS.values()}
