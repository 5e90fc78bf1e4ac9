"""What a kept property means: the fields that reading it would set, and which of several like it set them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from crm_cli.core.records import Property
from crm_cli.formats.vcard.heads import parse
from crm_cli.formats.vcard.points import adr_components
from crm_cli.formats.vcard.properties import HANDLERS
from crm_cli.formats.vcard.state import BLANK, DAYS, State
from crm_cli.formats.vcard.text import head

ONCE = frozenset(("N", "BDAY", *DAYS, "UID", "KIND"))
"""Properties that a card has at most once: a kept one is written only if our field allows it."""
_FIELDS = {"N": "parts", "BDAY": "birthday", "UID": "uid", "KIND": "kind"}
_DAY = re.compile(r"(?:--|\d{4}-?)\d\d-?\d\d", re.ASCII)


def field_of(name: str) -> str:
    """Return the field that a property of ``ONCE`` sets."""
    return _FIELDS.get(name, "anniversary")


def is_rare(each: Property) -> bool:
    """Is it a property that only a few programs read?"""
    return each.name.upper().startswith(("X-EVOLUTION-", "X-MS-", "X-KADDRESSBOOK-", "X-ANDROID-"))


def is_ordinary(each: Property) -> bool:
    """Is this a day in exactly the form that we would write ourselves?"""
    return not each.params and not each.group and not is_rare(each) and bool(_DAY.fullmatch(each.value))


def firsts_of(properties: Iterable[Property]) -> dict[str, Property]:
    """Return, for each single-value field, the kept property that it came from."""
    found: dict[str, Property] = {}
    for each in properties:
        name = each.name.upper()
        if name in ONCE and fields_of(each):
            held = found.get(field_of(name))
            if held is None or (is_rare(held) and not is_rare(each)):
                found[field_of(name)] = each
    return found


def fields_of(each: Property) -> dict[str, Any]:
    """Return the fields that reading this property would set."""
    handler = HANDLERS.get(each.name.upper())
    parsed = parse(head(each.name, each.params)) if handler else None
    if handler is None or parsed is None:
        return {}
    state = State(old=False)
    handler(state, parsed, each.value)
    values = {field: value for field, value in state.fields.items() if value != BLANK[field]}
    if state.addresses:
        values["address"] = None
    return {field: value for field, value in values.items() if field != "custom"}


def address_of(each: Property) -> tuple[str, ...]:
    """Return the components of a kept ADR."""
    parsed = parse(head(each.name, each.params))
    state = State(old=False)
    if parsed:
        HANDLERS["ADR"](state, parsed, each.value)
    return tuple(text for found in state.addresses[:1] for text in adr_components(found))
