"""The fields of people, companies, deals and activities that assignments name: for parsing, help and TAB."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core.text.folding import fold, similar
from crm_cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


class Field(NamedTuple):
    """A field that can be assigned.

    ``kind`` is name (a name or its part), text, long (text that ``+=`` appends to), date, point (e-mail, phone and so
    on, several with labels), place (part of a postal address, with a label), tag, link (another record, by a REF), list
    (several values), or custom. ``meaning`` is shown in help.
    """

    name: str
    kind: str
    aliases: tuple[str, ...]
    meaning: str
    example: str


_POINTS = (
    Field("email", "point", ("e-mail", "mail", "emails"), "e-mail addresses", "email.work=asha@acme.in"),
    Field("phone", "point", ("tel", "telephone", "phones"), "phone numbers", "phone.mobile+=098200 12345"),
    Field("url", "point", ("website", "web", "homepage", "site"), "web pages", "url=https://acme.in"),
    Field("social", "point", (), "names in social networks; the label is the network", "social.linkedin=ashaverma"),
    Field("im", "point", (), "instant messaging; the label is the service", "im.matrix=@asha:acme.in"),
)
_PLACES = (
    Field("street", "place", ("address",), "street and number", "street=12 MG Road"),
    Field("city", "place", ("town", "locality"), "city", "city=Pune"),
    Field("region", "place", ("state", "province", "county"), "state or region", "region=Maharashtra"),
    Field("code", "place", ("postcode", "zip", "pin", "pincode", "postal"), "postal code", "code=411001"),
    Field("country", "place", (), "country", "country=India"),
)
_TAG = Field("tag", "tag", ("tags",), "tags; usually written +tag and -tag", "tag+=client")
_NOTES = Field("notes", "long", ("note",), "notes; += adds a paragraph", "notes+=prefers mornings")
_SOURCE = Field("source", "text", (), "where they came from", "source=fair 2026")

CONTACT_FIELDS = (
    Field("name", "name", ("fullname",), "the name as it is shown", "name=Asha Verma"),
    Field("prefix", "name", ("honorific",), "title before the name", "prefix=Dr."),
    Field("given", "name", ("first", "firstname"), "given name", "given=Asha"),
    Field("additional", "name", ("middle",), "further given names", "additional=Anil"),
    Field("family", "name", ("last", "lastname", "surname"), "family name", "family=Verma"),
    Field("suffix", "name", (), "what follows the name", "suffix=PhD"),
    Field("nickname", "text", ("nick",), "what friends call them", "nickname=Ash"),
    Field("company", "text", ("org", "organisation", "organization", "employer"), "where they work", "company=Acme"),
    Field("title", "text", ("role", "job", "position"), "their job title", "title=CTO"),
    Field("department", "text", ("dept",), "department", "department=Sales"),
    *_POINTS,
    *_PLACES,
    Field("birthday", "date", ("bday", "born"), "birthday, with or without the year", "birthday=12 apr 1990"),
    Field("anniversary", "date", (), "anniversary, with or without the year", "anniversary=2010-05-01"),
    Field("status", "text", (), "status: lead, client or a word of your own", "status=lead"),
    _SOURCE,
    Field("zone", "text", ("timezone",), "their time zone", "zone=Asia/Kolkata"),
    Field("language", "text", ("lang",), "their language", "language=hi"),
    _NOTES,
    _TAG,
)
COMPANY_FIELDS = (
    Field("name", "name", (), "the name of the company", "name=Acme Ltd"),
    *_POINTS,
    *_PLACES,
    _SOURCE,
    _NOTES,
    _TAG,
)

DEAL_FIELDS = (
    Field("title", "name", ("name",), "what the deal is about", "title=Tea tins, spring"),
    Field("amount", "text", ("value", "worth"), "what it is worth, with its currency", "amount=99.95 EUR"),
    Field("stage", "text", (), "its stage, or the start of the stage's name", "stage=proposal"),
    Field("probability", "text", ("prob", "chance"), "its own, in per cent; empty: its stage's", "probability=60"),
    Field("close", "text", ("closes", "expected"), "the day it is expected to close", "close=15 dec"),
    Field("company", "text", ("org", "organisation", "organization"), "the company it is with", "company=Acme"),
    Field("with", "link", ("people", "person"), "a person it is with", "with+=priya"),
    Field("source", "text", (), "where it came from", "source=fair 2026"),
    Field("notes", "long", ("note",), "notes; += adds a paragraph", "notes+=wants samples"),
)

ACTIVITY_FIELDS = (
    Field("text", "long", ("subject", "message"), "what was said, or what to do; += adds to it", "text=sent it"),
    Field("kind", "text", (), "call, meeting, email, message, letter, note or task", "kind=meeting"),
    Field("when", "text", ("at", "happened"), "when it happened", "when=yesterday 3pm"),
    Field("due", "text", (), "when it is due; relative reminders move with it", "due=fri 3pm"),
    Field("every", "text", ("repeat", "repeats", "recurrence"), "how it repeats; empty: not any more", "every=monday"),
    Field("remind", "list", ("reminder", "reminders"), "when to remind, or how long before it is due", "remind+=-1d"),
    Field("outcome", "text", (), "how it went", "outcome=no-answer"),
    Field("minutes", "text", ("duration",), "how long it took", "minutes=45"),
    Field("direction", "text", (), "in (it came from them) or out", "direction=in"),
    Field("priority", "text", ("prio",), "high or low", "priority=high"),
    Field("promise", "text", (), "owe (you owe it to them) or await", "promise=owe"),
    Field("with", "link", ("people", "person"), "a person who takes part", "with+=priya"),
    Field("company", "text", ("org", "organisation", "organization"), "the company it is with", "company=Acme"),
    Field("deal", "text", (), "the deal it is about", "deal=d7"),
)

# Names that imply a field and a label.
LABELLED = {
    "mobile": ("phone", "mobile"), "cell": ("phone", "mobile"), "fax": ("phone", "fax"),
    "linkedin": ("social", "linkedin"), "twitter": ("social", "twitter"), "github": ("social", "github"),
    "instagram": ("social", "instagram"), "whatsapp": ("im", "whatsapp"), "telegram": ("im", "telegram"),
    "signal": ("im", "signal"),
}  # fmt: skip


def find(name: str, fields: tuple[Field, ...], custom: Collection[str] = ()) -> tuple[Field, str]:
    """Return the field with this name, alias or custom name, and the label that the name implies.

    Raises UsageError that suggests the nearest name. A custom field never hides a built-in one.
    """
    key = fold(name.strip()).replace("_", "-")
    target, label = LABELLED.get(key, (key, ""))
    for field in fields:
        if target == field.name or target in field.aliases:
            return field, label
    for own in custom:
        if fold(own).replace("_", "-") == key:
            return Field(own, "custom", (), "custom field", f"{own}=…"), ""
    raise UsageError(_unknown(name, [*_names(fields), *custom]))


def _names(fields: tuple[Field, ...]) -> Iterator[str]:
    for field in fields:
        yield field.name
        yield from field.aliases


def _unknown(name: str, known: list[str]) -> str:
    near = similar(name, known, 1)
    advice = f"did you mean {near[0]}?" if near else "crm field list shows them all"
    return f"there is no field {name.strip()!r}; {advice}"
