"""The fields of the query language as plain rows, for completion, which looks them up before `typing` is imported.

`crm_cli.core.query.fields` makes records of them and adds the values that a field can have.
"""

from __future__ import annotations

from crm_cli.core.relationships import KINDS, QUESTIONS

PRESENCE = (
    "phone", "email", "url", "address", "city", "country", "birthday", "anniversary", "company", "title", "nickname",
    "tag", "notes", "source", "status", "zone", "language", "due", "remind", "reach", "attempt", "next", "deal",
    "amount", "close", "probability", "relationship", "cadence", "every", "consent",
)  # fmt: skip
IS_FLAGS = {
    "incomplete": "has neither a phone nor an e-mail",
    "quiet": "is past the next date of their cadence, or silent beyond their own rhythm",
    "overdue": "has an open activity whose time is over",
    "birthday-today": "has their birthday today",
    "company-less": "works for no company we know",
    "nameless": "has no name, or only an address or a number for one",
    "bad-email": "has a current e-mail address that no mail can be sent to",
    "bad-phone": "has a current phone number that cannot exist",
    "bounced": "has an e-mail address that bounced, and no other current one",
    "stale": "neither changed nor reached for a year",
    "person": "is a person",
    "company": "is a company",
}

TABLE = (
    ("name", "text", "name of the person or company", "name:asha"),
    ("company", "text", "where they work now", "company:acme"),
    ("title", "text", "their job title", "title:cto"),
    ("department", "text", "department", "department:sales"),
    ("nickname", "text", "nickname", "nickname:ash"),
    ("city", "text", "city of an address", "city:pune"),
    ("region", "text", "state or region of an address", "region:maharashtra"),
    ("country", "text", "country of an address", "country:india"),
    ("code", "text", "postal code", "code:411001"),
    ("email", "text", "e-mail address; @acme.com finds all at that domain", "email:@acme.com"),
    ("phone", "phone", "phone number in any format, or its last digits", "phone:12345"),
    ("url", "text", "web page", "url:acme.in"),
    ("label", "exact", "label of an e-mail, phone or link: work, home, linkedin", "label:work"),
    ("tag", "exact", "tag", "tag:client"),
    ("notes", "text", "notes", "notes:mornings"),
    ("source", "text", "where they came from", "source:fair"),
    ("status", "exact", "status: lead, client or a word of your own", "status:lead"),
    ("zone", "text", "their time zone", "zone:kolkata"),
    ("language", "exact", "their language", "language:hi"),
    ("id", "key", "id of the record", "id:12"),
    ("uid", "exact", "unique id in contact files (UID)", "uid:3f2a"),
    ("created", "past", "when the record was made", "created.after:2026-01-01"),
    ("updated", "past", "when it last changed", "updated.within:7d"),
    ("last-reach", "past", "when you last met them, or they answered", "last-reach.over:30d"),
    ("last-attempt", "past", "when you last tried, but did not reach them", "last-attempt.within:7d"),
    ("quiet", "quiet", "not reached for that long, or never", "quiet:60d"),
    ("cadence", "cadence", "how often to keep in touch: the shortest of their own and their tags'", "cadence:6w"),
    (
        "consent",
        "choice",
        "may be reached by email or phone, or by none of them",
        "consent:email",
    ),
    ("due", "future", "when an open activity is due", "due.within:7d"),
    ("remind", "future", "when an open activity has a reminder", "remind.before:2026-12-01"),
    ("birthday", "yearly", "birthday in any year; with a year, the date of birth", "birthday:this-month"),
    ("anniversary", "yearly", "anniversary in any year", "anniversary.within:14d"),
    ("has", "presence", "has a value in this field", "has:phone"),
    ("no", "presence", "has no value in this field", "no:email"),
    ("is", "flag", "is " + ", ".join(IS_FLAGS), "is:incomplete"),
    ("kind", "choice", "kind of activity", "kind:call"),
    ("direction", "choice", "direction of an activity", "direction:in"),
    ("outcome", "choice", "outcome of an activity", "outcome:no-answer"),
    ("priority", "choice", "priority of an activity", "priority:high"),
    ("state", "choice", "state of an activity", "state:open"),
    ("promise", "choice", "who promised: owe (you), await (they)", "promise:owe"),
    ("every", "choice", "how often an activity repeats: daily, weekly, monthly, yearly", "every:weekly"),
    ("subject", "text", "subject of an activity", "subject:quote"),
    ("body", "text", "text of an activity", "body:discount"),
    ("related", "text", "anyone they have a relationship with", "related:asha"),
    *((kind, "text", QUESTIONS.get(kind, f"their {kind}"), f"{kind}:asha") for kind in KINDS),
    ("with", "text", "a person who took part", "with:asha"),
    ("when", "past", "when an activity happened", "when:last-week"),
    ("deal", "text", "title of a deal", "deal:tins"),
    ("deal.stage", "text", "stage of a deal", "deal.stage:proposal"),
    ("deal.status", "choice", "whether a deal is open, won or lost", "deal.status:open"),
    ("deal.amount", "money", "amount of a deal, in any currency or a given one", "deal.amount.min:50000"),
    ("deal.probability", "number", "probability of a deal, as a percentage", "deal.probability.min:50"),
    ("deal.close", "future", "when a deal is expected to close", "deal.close.before:2027-01-01"),
    ("deal.closed", "past", "when a deal was won or lost", "deal.closed.within:30d"),
    ("deal.source", "text", "where a deal came from", "deal.source:fair"),
    ("deal.reason", "text", "why a deal was won or lost", "deal.reason:price"),
)
"""(name, kind, meaning, example) of each field."""

ALIASES = {
    "e-mail": "email", "mail": "email", "tel": "phone", "mobile": "phone", "org": "company", "organisation": "company",
    "role": "title", "job": "title", "town": "city", "zip": "code", "postcode": "code", "pin": "code", "tags": "tag",
    "note": "notes", "reports-to": "manager", "timezone": "zone", "lang": "language",
    "recurrence": "every", "repeats": "every", "nick": "nickname", "bday": "birthday", "website": "url",
    "reach": "last-reach", "last-contact": "last-reach",
    "attempt": "last-attempt", "changed": "updated", "added": "created", "type": "kind",
    "at": "when", "stage": "deal.stage", "amount": "deal.amount", "value": "deal.amount",
    "close": "deal.close", "closed": "deal.closed", "closes": "deal.close", "reason": "deal.reason",
    "probability": "deal.probability", "chance": "deal.probability", "deal.title": "deal", "deal.value": "deal.amount",
}  # fmt: skip
"""Other spelling -> field."""
