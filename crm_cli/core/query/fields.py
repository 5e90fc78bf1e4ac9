"""The fields of the query language as one table, for parsing, help, completion and docs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core import activities
from crm_cli.core.deals import STATUSES
from crm_cli.core.text.folding import fold, similar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class QueryField(NamedTuple):
    """A field that can be queried.

    ``kind`` decides the format of its value: text (contains), exact, key (an id), phone, past or future (a day, with
    ``.within`` looking back or ahead), yearly (a birthday), number, money, yesno, choice (one of ``choices``), quiet,
    flag (``is:``) or presence (``has:``, ``no:``).
    """

    name: str
    kind: str
    meaning: str
    example: str
    choices: tuple[str, ...] = ()
    custom: bool = False


PRESENCE = (
    "phone", "email", "url", "address", "city", "country", "birthday", "anniversary", "company", "title", "nickname",
    "tag", "notes", "source", "status", "zone", "language", "due", "reach", "attempt", "next", "deal", "amount",
    "close", "probability",
)  # fmt: skip
IS_FLAGS = {
    "incomplete": "has neither a phone nor an e-mail",
    "overdue": "has an open activity whose time is over",
    "birthday-today": "has their birthday today",
    "company-less": "works for no company we know",
    "person": "is a person",
    "company": "is a company",
}

_TABLE = (
    QueryField("name", "text", "name of the person or company", "name:asha"),
    QueryField("company", "text", "where they work now", "company:acme"),
    QueryField("title", "text", "what they are there", "title:cto"),
    QueryField("department", "text", "department", "department:sales"),
    QueryField("nickname", "text", "nickname", "nickname:ash"),
    QueryField("city", "text", "city of an address", "city:pune"),
    QueryField("region", "text", "state or region of an address", "region:maharashtra"),
    QueryField("country", "text", "country of an address", "country:india"),
    QueryField("code", "text", "postal code", "code:411001"),
    QueryField("email", "text", "e-mail address; @ and a domain finds its end", "email:@acme.com"),
    QueryField("phone", "phone", "phone number in any spelling, or its last digits", "phone:12345"),
    QueryField("url", "text", "web page", "url:acme.in"),
    QueryField("label", "exact", "label of a contact point, or its network", "label:work"),
    QueryField("tag", "exact", "tag", "tag:client"),
    QueryField("notes", "text", "notes", "notes:mornings"),
    QueryField("source", "text", "where they came from", "source:fair"),
    QueryField("status", "exact", "where you stand with them", "status:lead"),
    QueryField("zone", "text", "their time zone", "zone:kolkata"),
    QueryField("language", "exact", "their language", "language:hi"),
    QueryField("id", "key", "printed id", "id:12"),
    QueryField("uid", "exact", "the unique id", "uid:3f2a"),
    QueryField("created", "past", "when the record was made", "created.after:2026-01-01"),
    QueryField("updated", "past", "when it last changed", "updated.within:7d"),
    QueryField("last-reach", "past", "when you last met or they answered", "last-reach.over:30d"),
    QueryField("last-attempt", "past", "when you last tried in vain", "last-attempt.within:7d"),
    QueryField("quiet", "quiet", "not reached for that long, or never", "quiet:60d"),
    QueryField("due", "future", "when an open activity is due", "due.within:7d"),
    QueryField("birthday", "yearly", "birthday, each year; with a year the day of birth", "birthday:this-month"),
    QueryField("anniversary", "yearly", "anniversary, each year", "anniversary.within:14d"),
    QueryField("has", "presence", "has some value of a field", "has:phone", PRESENCE),
    QueryField("no", "presence", "has no value of a field", "no:email", PRESENCE),
    QueryField("is", "flag", "is " + ", ".join(IS_FLAGS), "is:incomplete", tuple(IS_FLAGS)),
    QueryField("kind", "choice", "kind of activity", "kind:call", activities.KINDS),
    QueryField("direction", "choice", "direction of an activity", "direction:in", activities.DIRECTIONS),
    QueryField("outcome", "choice", "outcome of an activity", "outcome:no-answer", tuple(activities.OUTCOMES)),
    QueryField("priority", "choice", "priority of an activity", "priority:high", activities.PRIORITIES),
    QueryField("state", "choice", "state of an activity", "state:open", activities.STATUSES),
    QueryField("promise", "choice", "who promised: owe (you), await (they)", "promise:owe", activities.PROMISES),
    QueryField("subject", "text", "subject of an activity", "subject:quote"),
    QueryField("body", "text", "text of an activity", "body:discount"),
    QueryField("with", "text", "somebody who took part", "with:asha"),
    QueryField("when", "past", "when an activity happened", "when:last-week"),
    QueryField("deal", "text", "title of a deal", "deal:tins"),
    QueryField("deal.stage", "text", "stage of a deal", "deal.stage:proposal"),
    QueryField("deal.status", "choice", "whether a deal is open, won or lost", "deal.status:open", STATUSES),
    QueryField("deal.amount", "money", "what a deal is worth, in any currency or in one", "deal.amount.min:50000"),
    QueryField("deal.probability", "number", "probability of a deal, in per cent", "deal.probability.min:50"),
    QueryField("deal.close", "future", "when a deal is expected to close", "deal.close.before:2027-01-01"),
    QueryField("deal.closed", "past", "when a deal was won or lost", "deal.closed.within:30d"),
    QueryField("deal.source", "text", "where a deal came from", "deal.source:fair"),
    QueryField("deal.reason", "text", "why a deal was won or lost", "deal.reason:price"),
)  # fmt: skip

FIELDS: Mapping[str, QueryField] = {field.name: field for field in _TABLE}

DEAL_FIELDS: Mapping[str, QueryField] = {
    **FIELDS,
    "title": FIELDS["deal"],
    **{name.removeprefix("deal."): field for name, field in FIELDS.items() if name.startswith("deal.")},
}
"""The fields in a list of deals, where ``stage:`` is enough, and ``title:`` and ``status:`` are those of the deal."""

ALIASES = {
    "e-mail": "email", "mail": "email", "tel": "phone", "mobile": "phone", "org": "company", "organisation": "company",
    "role": "title", "job": "title", "town": "city", "zip": "code", "postcode": "code", "pin": "code", "tags": "tag",
    "note": "notes", "timezone": "zone", "lang": "language",
    "nick": "nickname", "bday": "birthday", "website": "url", "reach": "last-reach",
    "last-contact": "last-reach", "attempt": "last-attempt", "changed": "updated", "added": "created", "type": "kind",
    "at": "when", "stage": "deal.stage", "amount": "deal.amount", "value": "deal.amount",
    "close": "deal.close", "closed": "deal.closed", "closes": "deal.close", "reason": "deal.reason",
    "probability": "deal.probability", "chance": "deal.probability", "deal.title": "deal", "deal.value": "deal.amount",
}  # fmt: skip

_CUSTOM_KINDS = {"text": "text", "number": "number", "date": "future", "yesno": "yesno", "choice": "exact"}


def with_custom(types: Mapping[str, str], ours: Mapping[str, QueryField] = FIELDS) -> dict[str, QueryField]:
    """Return the table with the user's own fields added (name to type); the built-in field wins if a name is taken.

    The user's own dates look ahead, like ``due``: ``renewal.within:60d``.
    """
    own = {
        fold(name): QueryField(name, _CUSTOM_KINDS[kind], f"your own field, {kind}", f"{name}:…", custom=True)
        for name, kind in types.items()
    }
    presence = PRESENCE + tuple(field.name for field in own.values())
    fields = {**own, **ours}
    for name in ("has", "no"):
        fields[name] = FIELDS[name]._replace(choices=presence)
    return fields


def find(name: str, fields: Mapping[str, QueryField]) -> QueryField | None:
    """Return the field with this name or alias, in any case, with underscores or hyphens, or None."""
    key = fold(name)
    for spelling in (key, key.replace("_", "-")):
        if (found := fields.get(spelling) or fields.get(ALIASES.get(spelling, ""))) is not None:
            return found
    return None


def nearest(name: str, fields: Mapping[str, QueryField]) -> str:
    """Return the name of the field nearest to a mistyped one, or ``""``."""
    near = similar(name, [*fields, *ALIASES], 1)
    return ALIASES.get(near[0], near[0]) if near else ""


def describe(fields: Mapping[str, QueryField] = FIELDS) -> Iterator[tuple[str, str, str]]:
    """Yield the name, meaning and example of each field, for help and docs."""
    for field in fields.values():
        yield field.name, field.meaning, field.example
