"""Contact points and addresses from their content lines: schemes stripped, networks named."""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import unquote

from crm_cli.core.records import Address, Point
from crm_cli.formats.vcard_heads import Head

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
"""Properties of an older day that name the network themselves -> kind and service."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """Where the point or the address of a grouped line went, so that its X-ABLabel finds it."""

    head: Head
    point: int | None = None
    address: int | None = None


def strip_scheme(text: str, scheme: str) -> str:
    """Take a leading ``mailto:`` or ``tel:`` off, and the percent escapes with it (RFC 3966, RFC 6068)."""
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
    """TEL: the number as it was written, without ``tel:``; an ``;ext=`` stays."""
    value = strip_scheme(text.strip(), "tel:")
    return Point("phone", value, head.label, head.preferred, "", "", "current", head.extra)


def instant_message(head: Head, text: str) -> Point:
    """IMPP: the network is the scheme if it is one we know, else X-SERVICE-TYPE (RFC 4770)."""
    scheme, _, rest = text.partition(":")
    if scheme in SCHEMES and rest:
        extra = _with(head, "X-SERVICE-TYPE", head.service)
        return Point("im", rest, head.label, head.preferred, "", scheme, "current", extra)
    return Point("im", text, head.label, head.preferred, "", head.service, "current", head.extra)


def social(head: Head, text: str) -> Point:
    """SOCIALPROFILE (RFC 9554 section 3.5) and Apple's X-SOCIALPROFILE, which may carry the name in X-USER only."""
    value = text or head.param("X-USER") or head.param("USERNAME")
    return Point("social", value, head.label, head.preferred, "", head.service, "current", head.extra)


def online(head: Head, text: str) -> Point:
    """X-AIM and its kin; the property's own name is remembered, so that it is written again."""
    kind, service = ONLINE[head.upper]
    extra = json.loads(head.extra) if head.extra else {}
    extra["name"] = head.name
    return Point(kind, text, head.label, head.preferred, "", service, "current", json.dumps(extra, ensure_ascii=False))


def _with(head: Head, name: str, value: str) -> str:
    """Return the head's leftovers with a parameter that the value made superfluous for us."""
    if not value:
        return head.extra
    extra = json.loads(head.extra) if head.extra else {}
    extra["params"] = ";".join(filter(None, (extra.get("params", ""), f"{name}={value}")))
    return json.dumps(extra, ensure_ascii=False)


def place(head: Head, parts: list[str]) -> Address:
    """ADR: post office box, extended, street, locality, region, code, country (RFC 6350 section 6.3.1)."""
    po_box, extended, street, locality, region, code, country = (*parts, *[""] * 7)[:7]
    return Address(street, extended, po_box, locality, region, code, country, head.label, head.preferred, head.extra)
