"""Relationships in vCards: RELATED (RFC 6350 section 6.6.6), Apple's X-ABRELATEDNAMES, and X-SPOUSE and its like.

What names no kind of ours stays a kept property and is exported unchanged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core.records import Property
from crm_cli.core.relationships import KINDS, find
from crm_cli.formats.vcard import heads
from crm_cli.formats.vcard.labels import of_apple
from crm_cli.formats.vcard.text import head
from crm_cli.formats.vcard.values import escape, unescape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crm_cli.core.records import Relationship

RELATED, APPLE, LABEL = "RELATED", "X-ABRELATEDNAMES", "X-ABLABEL"
OF_KIND = {
    "X-SPOUSE": "spouse", "X-MANAGER": "manager", "X-ASSISTANT": "assistant",
    "X-EVOLUTION-SPOUSE": "spouse", "X-EVOLUTION-MANAGER": "manager", "X-EVOLUTION-ASSISTANT": "assistant",
    "X-KADDRESSBOOK-X-SPOUSESNAME": "spouse", "X-KADDRESSBOOK-X-MANAGERSNAME": "manager",
    "X-KADDRESSBOOK-X-ASSISTANTSNAME": "assistant",
}  # fmt: skip
"""Property with a name as its value -> the kind it means."""
NAMES = (RELATED, APPLE, *OF_KIND)
"""The properties that can hold a relationship."""
UID = "X-CRM-UID"
"""The parameter of X-ABRELATEDNAMES with the other person's UID."""
STANDARD = {"spouse", "child", "parent", "sibling", "friend", "colleague"}
"""Our kinds that RFC 6350 defines as a TYPE of RELATED; the others are written with ``x-`` before them."""


class Found(NamedTuple):
    """A relationship in a card: its kind, the other's UID or a URI, their name, and the lines it was read from."""

    kind: str
    uri: str
    name: str
    lines: str


def read(properties: Sequence[Property]) -> Iterator[Found]:
    """Yield the relationships in the kept properties of a card."""
    labels = {each.group.lower(): each for each in properties if each.group and each.name.upper() == LABEL}
    for each in properties:
        if each.name.upper() in NAMES:
            yield from _found(each, labels.get(each.group.lower()))


def _found(each: Property, label: Property | None) -> Iterator[Found]:
    """Yield the relationships of one property; ``label`` is the X-ABLabel of its group."""
    name, value = each.name.upper(), unescape(each.value).strip()
    lines = line(each) + (line(label) if label else "")
    params = heads.pairs(each.params)
    if not value:
        return
    if name == RELATED:
        yield from _related(value, params, lines)
    elif kind := OF_KIND.get(name) or find(of_apple(label.value) if label else ""):
        yield Found(kind, next((text for key, text in params if key == UID), ""), value, lines)


def _related(value: str, params: Iterable[tuple[str, str]], lines: str) -> Iterator[Found]:
    """Yield a relationship for each TYPE that is a kind of ours; the value is a URI unless VALUE is text."""
    given = [(name, text.lower()) for name, text in params]
    is_text = ("VALUE", "text") in given
    words = [word.strip().removeprefix("x-") for name, text in given if name == "TYPE" for word in text.split(",")]
    for kind in dict.fromkeys(filter(None, map(find, words))):
        yield Found(kind, "" if is_text else value, value if is_text else "", lines)


def line(each: Property) -> str:
    """Return a property as an unfolded line, by which it is recognised."""
    return f"{head(each.name, each.params, each.group)}:{each.value}\n"


def as_property(of: Relationship) -> Property:
    """Return a relationship that no card holds as a RELATED property."""
    kind = of.kind if of.kind in STANDARD else f"x-{of.kind}"
    if of.uri:
        return Property(RELATED, of.uri.replace("\\", "\\\\"), f"TYPE={kind}")
    return Property(RELATED, escape(of.name), f"TYPE={kind};VALUE=text")


def made(relationships: Iterable[Relationship]) -> dict[Property, Relationship]:
    """Return the relationships that were recorded for the person and not read from a card, by their property."""
    return {as_property(each): each for each in relationships if not each.is_inverse and not each.property}


def as_apple(of: Relationship) -> tuple[str, list[str], str]:
    """Return the value, the parameters and the label of X-ABRELATEDNAMES, for vCard 3.0."""
    label = f"_$!<{of.kind.capitalize()}>!$_" if of.kind in _BUILT_IN else of.kind
    return escape(of.name), [f"{UID}={of.uri}"] if of.uri else [], label


_BUILT_IN = frozenset(KINDS) & {"spouse", "partner", "parent", "child", "friend", "manager", "assistant"}
"""The kinds that Apple's Contacts has a built-in label for."""
