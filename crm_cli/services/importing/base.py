"""The values of a record in a file, stored as text to compare at the next import and to read back if they differ.

A vCard is stored as its own text; any other record is written as compact JSON.
"""

from __future__ import annotations

import json

from crm_cli.core.records import Address, Draft, NameParts, Point, Property

_CONTENT = Draft._fields.index("line")
"""How many fields of a draft, from the first, hold data of the record."""
_OFTEN = Draft._fields.index("status")
"""How many of those nearly every record fills in; the others are omitted if empty."""
_RECORDS = {"points": Point, "addresses": Address, "properties": Property}
"""The fields of a draft that hold records."""
_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


def base_text(draft: Draft) -> str:
    """Return the text of a draft without its place in the file: its card, or a JSON list of its fields in order.

    Records are nested lists of their fields, so that one call of the encoder is enough.
    """
    return draft.card or _encode(draft[:_CONTENT] if any(draft[_OFTEN:_CONTENT]) else draft[:_OFTEN])


def from_base(text: str) -> Draft:
    """Read a draft back from ``base_text``."""
    if not text.startswith("["):
        from crm_cli.formats.vcard.read import one

        return one(text)
    fields = dict(zip(Draft._fields, json.loads(text), strict=False))
    fields["parts"] = NameParts(*fields["parts"])
    for name, record in _RECORDS.items():
        fields[name] = tuple(record(*values) for values in fields[name])
    fields["tags"], fields["custom"] = tuple(fields["tags"]), tuple(map(tuple, fields["custom"]))
    return Draft(**fields)
