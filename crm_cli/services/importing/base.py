"""What a record of a file said, as text that is kept and compared at the next import, and read back when it differs.

A card of a vCard file is kept in its own words; any other record is written as compact JSON.
"""

from __future__ import annotations

import json

from crm_cli.core.records import Address, Draft, NameParts, Point, Property

_SAID = Draft._fields.index("line")
"""How many fields of a draft, from the first, say something of the record."""
_OFTEN = Draft._fields.index("status")
"""How many of those nearly every record says something in; the rest is left out where it is empty."""
_RECORDS = {"points": Point, "addresses": Address, "properties": Property}
"""The fields of a draft that hold records."""
_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


def base_text(draft: Draft) -> str:
    """Return what a draft says, its place in a file left out: its card, or a JSON list of its fields in their order.

    Records are lists of their fields in turn, so that the whole is one call of the encoder.
    """
    return draft.card or _encode(draft[:_SAID] if any(draft[_OFTEN:_SAID]) else draft[:_OFTEN])


def from_base(text: str) -> Draft:
    """Read a draft back from ``base_text``."""
    if not text.startswith("["):
        from crm_cli.formats.vcard.read import one

        return one(text)
    said = dict(zip(Draft._fields, json.loads(text), strict=False))
    said["parts"] = NameParts(*said["parts"])
    for name, record in _RECORDS.items():
        said[name] = tuple(record(*values) for values in said[name])
    said["tags"], said["custom"] = tuple(said["tags"]), tuple(map(tuple, said["custom"]))
    return Draft(**said)
