"""The values of a record in a file, stored as text to compare at the next import and to read back if they differ.

A vCard is stored as its own text; any other record is written as compact JSON. What a card says of itself (`ABOUT`)
is only here, and an export takes it from here: with rows of their own, two for nearly every card, PRODID and REV would
make the row "import 100,000 vCards" of benchmarks/run.py take 5 % longer.
"""

from __future__ import annotations

import json
import re

from crm_cli.core.records import Address, Consent, Draft, NameParts, Point, Property
from crm_cli.formats.vcard.state import ABOUT

_CONTENT = Draft._fields.index("line")
"""How many fields of a draft, from the first, hold data of the record."""
_OFTEN = Draft._fields.index("status")
"""How many of those nearly every record fills in; the others are omitted if empty."""
_SELDOM = Draft._fields.index("consents")
"""How many a record fills in that says nothing of consent."""
_RECORDS = {"points": Point, "addresses": Address, "properties": Property, "consents": Consent}
"""The fields of a draft that hold records."""
_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


def base_text(draft: Draft) -> str:
    """Return the text of a draft without its place in the file: its card, or a JSON list of its fields in order.

    Records are nested lists of their fields, so that one call of the encoder is enough.
    """
    if draft.card:
        return draft.card
    filled = _CONTENT if any(draft[_SELDOM:_CONTENT]) else _SELDOM if any(draft[_OFTEN:_SELDOM]) else _OFTEN
    return _encode(draft[:filled])


def from_base(text: str) -> Draft:
    """Read a draft back from ``base_text``, without what its card said of itself."""
    if not text.startswith("["):
        from crm_cli.formats.vcard.read import one

        return one(text)
    fields = dict(zip(Draft._fields, json.loads(text), strict=False))
    fields["parts"] = NameParts(*fields["parts"])
    for name, record in _RECORDS.items():
        fields[name] = tuple(record(*values) for values in fields.get(name, ()))
    fields["tags"], fields["custom"] = tuple(fields["tags"]), tuple(map(tuple, fields["custom"]))
    return without_about(Draft(**fields))


_ABOUT = re.compile(rf'\["(?:{"|".join(ABOUT)})"(?:,"(?:[^"\\]|\\.)*"){{3}}\]', re.IGNORECASE)
"""A property in the JSON of a base that its card says of itself."""


def about(text: str) -> tuple[Property, ...]:
    """Return what a card said of itself, from its ``base_text``; nothing from a text that another program wrote."""
    if not text.startswith("["):
        from crm_cli.formats.vcard.read import about_card

        return about_card(text)
    try:
        return tuple(Property(*json.loads(each)) for each in _ABOUT.findall(text))
    except ValueError:
        return ()


def without_about(draft: Draft) -> Draft:
    """Return a draft without what its card says of itself."""
    kept = tuple(each for each in draft.properties if each.name.upper() not in ABOUT)
    return draft._replace(properties=kept) if len(kept) < len(draft.properties) else draft


def without_card(draft: Draft) -> Draft:
    """Return a draft that differs from its card, with what the card says of itself: its fields become its base."""
    return draft._replace(card="", properties=(*draft.properties, *about(draft.card))) if draft.card else draft
