"""Read contact points and addresses from their content lines: strip schemes, detect networks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from crm_cli.core.records import Address, Point
from crm_cli.core.text.folding import visible
from crm_cli.formats.vcard.heads import LONGEST, REMEMBERED, Head
from crm_cli.formats.vcard.values import to_caret

SCHEMES = (
    "xmpp",
    "skype",
    "aim",
    "icq",
    "msn",
    "msnim",
    "ymsgr",
    "jabber",
    "sip",
    "sips",
    "gtalk",
    "im",
    "irc",
    "matrix",
)
"""Schemes of IMPP that name a network (RFC 4770)."""
ONLINE = {
    "X-AIM": ("im", "aim"),
    "X-ICQ": ("im", "icq"),
    "X-JABBER": ("im", "xmpp"),
    "X-MSN": ("im", "msn"),
    "X-YAHOO": ("im", "yahoo"),
    "X-SKYPE": ("im", "skype"),
    "X-SKYPE-USERNAME": ("im", "skype"),
    "X-GTALK": ("im", "gtalk"),
    "X-GOOGLE-TALK": ("im", "gtalk"),
    "X-QQ": ("im", "qq"),
    "X-GADUGADU": ("im", "gadugadu"),
    "X-GROUPWISE": ("im", "groupwise"),
    "X-MATRIX": ("im", "matrix"),
    "X-MS-IMADDRESS": ("im", ""),
    "X-KADDRESSBOOK-X-IMADDRESS": ("im", ""),
    "X-TWITTER": ("social", "twitter"),
}
"""Older properties named after a network -> kind and service."""


class Labelled(NamedTuple):
    """Where the point or address of a grouped line was stored, so that its X-ABLabel can be applied."""

    head: Head
    point: int | None = None
    address: int | None = None
    parts: Sequence[str] = ()


def strip_scheme(text: str, scheme: str) -> str:
    """Strip a leading ``mailto:`` or ``tel:`` and decode its percent escapes (RFC 3966, RFC 6068)."""
    if text[: len(scheme)].lower() != scheme:
        return text
    text = text[len(scheme) :]
    if "%" not in text:
        return text
    plain = unquote(text, errors="strict") if _is_utf8(text) else text
    return plain if plain.isprintable() else text


def _is_utf8(text: str) -> bool:
    try:
        unquote(text, errors="strict")
    except UnicodeDecodeError:
        return False
    return True


def phone(head: Head, text: str) -> Point:
    """TEL: the number as written, without ``tel:``; an ``;ext=`` stays."""
    value = strip_scheme(visible(text.strip()), "tel:")
    return Point("phone", value, head.label, head.preferred, "", "", "current", head.extra)


def instant_message(head: Head, text: str) -> Point:
    """IMPP: the network is the scheme if it is a known one, else X-SERVICE-TYPE (RFC 4770)."""
    scheme, _, rest = text.partition(":")
    if scheme in SCHEMES and rest:
        return Point("im", rest, head.label, head.preferred, "", scheme, "current", _extra(head, head.extra, scheme))
    return Point("im", text, head.label, head.preferred, "", head.service, "current", head.extra)


def social(head: Head, text: str) -> Point:
    """SOCIALPROFILE (RFC 9554 section 3.5) and Apple's X-SOCIALPROFILE, which may have the name only in X-USER."""
    value = text or head.param("X-USER") or head.param("USERNAME")
    return Point("social", value, head.label, head.preferred, "", head.service, "current", head.extra)


def online(head: Head, text: str) -> Point:
    """X-AIM and similar; the property name is kept, so that an export writes the same one."""
    kind, service = ONLINE[head.upper]
    return Point(kind, text, head.label, head.preferred, "", service, "current", _extra(head, head.extra, service))


def relabelled(point: Point, head: Head, label: str, text: str) -> Point:
    """Return the point with the label of its X-ABLabel ``text``; types that formed another label become leftovers."""
    kind, value, _, preferred, _, service, _, _, _ = point
    extra = head.extra_all
    if kind in ("im", "social"):
        extra = _extra(head, extra, service)
    return Point(kind, value, label, preferred, "", service, "current", labelled(extra, text))


def labelled(extra: str, text: str) -> str:
    """Add the text of an X-ABLabel to the leftovers, so that an export writes it unchanged."""
    return _ordinary(extra, text) if len(extra) + len(text) <= LONGEST else _with_label(extra, text)


def _with_label(extra: str, text: str) -> str:
    return json.dumps({**(json.loads(extra) if extra else {}), "label": text}, ensure_ascii=False)


_ordinary = lru_cache(REMEMBERED)(_with_label)
"""The same few labels recur in a file; long ones are not cached.

Without this memo, the row "parse 100,000 vCards" of benchmarks/run.py takes 18 % longer.
"""


def _extra(head: Head, text: str, service: str) -> str:
    """Add to the leftovers what our value does not express: the property name, another service type."""
    name = head.name if head.upper in ONLINE else ""
    other = head.service if head.upper == "IMPP" and head.service != service else ""
    if not name and not other:
        return text
    extra = json.loads(text) if text else {}
    if name:
        extra["name"] = name
    if other:
        extra["params"] = ";".join(filter(None, (extra.get("params", ""), f"X-SERVICE-TYPE={to_caret(other)}")))
    return json.dumps(extra, ensure_ascii=False)


def place(head: Head, parts: Sequence[str], label: str, extra: str) -> Address:
    """ADR: post office box, extended, street, locality, region, code, country (RFC 6350 section 6.3.1)."""
    po_box, extended, street, locality, region, code, country = parts if len(parts) == 7 else [*parts, *[""] * 7][:7]
    return Address(street, extended, po_box, locality, region, code, country, label, head.preferred, extra)


def adr_components(address: Address) -> tuple[str, ...]:
    """Return the components of an address in the order of ADR."""
    place = (address.street, address.locality, address.region, address.code, address.country)
    return (address.po_box, address.extended, *place)
