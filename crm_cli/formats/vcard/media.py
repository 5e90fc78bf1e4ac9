"""Convert pictures, logos, sounds and keys to the form of the vCard version being written (RFC 2426, RFC 6350).

vCard 3.0 has ``PHOTO;ENCODING=b;TYPE=JPEG:...`` and ``PHOTO;VALUE=uri:...``, vCard 4.0
``PHOTO:data:image/jpeg;base64,...`` and ``PHOTO;MEDIATYPE=image/jpeg:...``. Values already in the right form stay.
"""

from __future__ import annotations

import re

from crm_cli.core.records import Property
from crm_cli.formats.vcard.heads import pairs
from crm_cli.formats.vcard.values import to_caret

KINDS = {"PHOTO": "image", "LOGO": "image", "SOUND": "audio", "KEY": "application"}
"""Property -> the first half of its media types."""
_TYPES = {
    "jpg": "image/jpeg",
    "svg": "image/svg+xml",
    "wave": "audio/wav",
    "pgp": "application/pgp-keys",
    "x509": "application/pkix-cert",
}
"""TYPE of older versions -> media type, if it is not the second half of one."""
_NAMES = {"image/svg+xml": "SVG", "audio/wav": "WAVE", "application/pgp-keys": "PGP", "application/pkix-cert": "X509"}
_BEGINNINGS = (("/9j/", "image/jpeg"), ("iVBORw0KGgo", "image/png"), ("R0lGOD", "image/gif"), ("UklGR", "image/webp"))
"""First letters of base64 -> media type."""
_OTHER = "application/octet-stream"
_PLACES = frozenset(("home", "work", "pref"))
"""TYPE values that say where, not what."""
_DATA = re.compile(r"data:([\w.+-]+/[\w.+-]+)?\\?;base64\\?,", re.IGNORECASE | re.ASCII)
_URI = re.compile(r"[a-z][a-z0-9+.-]*:[^\s]", re.IGNORECASE | re.ASCII)
_BASE64_NAME = re.compile(r"(?<![^;])ENCODING=(?:BASE64|B)(?![^;])", re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/=]+", re.ASCII)


def in_version(each: Property, *, new: bool) -> Property:
    """Return a kept property in the form of vCard 4.0 (``new``) or 3.0; only pictures, sounds and keys are changed."""
    if each.name.upper() not in KINDS:
        return each
    params = pairs(each.params)
    encoded = _is_encoded(params)
    data = _DATA.match(each.value)
    if not encoded and not data:
        return _outside(each, params, new=new)
    if bool(data) == new and encoded != new:
        return each if new else each._replace(params=_BASE64_NAME.sub("ENCODING=b", each.params))
    named, content = ((data[1] or "").lower(), each.value[data.end() :]) if data else ("", each.value)
    return _inside(each, params, named, content, new=new)


def _is_encoded(params: list[tuple[str, str]]) -> bool:
    """Do the parameters say that the value is BASE64?"""
    return any(key == "ENCODING" and value.upper() in ("B", "BASE64") for key, value in params)


def _inside(each: Property, params: list[tuple[str, str]], named: str, content: str, *, new: bool) -> Property:
    """Write BASE64 ``content`` embedded in the card; ``named`` is the media type of a ``data:`` URI, if any."""
    base64 = "".join(content.split())
    if not _BASE64.fullmatch(base64):
        return each
    media, rest = _media(each, params, named)
    rest = [pair for pair in rest if pair[0] not in ("ENCODING", "VALUE")]
    if new:
        media = media or next((found for start, found in _BEGINNINGS if base64.startswith(start)), _OTHER)
        return each._replace(params=_joined(rest), value=f"data:{media};base64,{base64}")
    typed = [("TYPE", _type(each, media))] if media not in ("", _OTHER) else []
    return each._replace(params=_joined([("ENCODING", "b"), *typed, *rest]), value=base64)


def _outside(each: Property, params: list[tuple[str, str]], *, new: bool) -> Property:
    """Write a value that the card only refers to, or a key in plain text."""
    media, rest = _media(each, params, "")
    written = [("VALUE", "uri") if (key, value.lower()) == ("VALUE", "url") else (key, value) for key, value in rest]
    if media:
        written.append(("MEDIATYPE", media) if new else ("TYPE", _type(each, media)))
    if value := _value_type(each, params, new=new):
        written.append(("VALUE", value))
    return each if _folded(written) == _folded(params) else each._replace(params=_joined(written))


def _value_type(each: Property, params: list[tuple[str, str]], *, new: bool) -> str:
    """Return the VALUE that must be added, or ``""``: a value is a URI by default in 4.0, and never in 3.0."""
    if any(key == "VALUE" for key, _ in params):
        return ""
    is_uri = bool(_URI.match(each.value))
    if new:
        return "text" if each.name.upper() == "KEY" and not is_uri else ""
    return "uri" if is_uri else ""


def _folded(params: list[tuple[str, str]]) -> set[tuple[str, str]]:
    return {(key, value.lower()) for key, value in params}


def _media(each: Property, params: list[tuple[str, str]], media: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the media type that the parameters name, if the data does not, and the remaining parameters."""
    by = "MEDIATYPE" if any(key == "MEDIATYPE" for key, _ in params) else "TYPE"
    rest = []
    for key, value in params:
        lower = value.lower()
        named = lower if "/" in lower else _TYPES.get(lower, f"{KINDS[each.name.upper()]}/{lower}")
        if key == by and lower not in _PLACES and media in ("", _OTHER, named):
            media = named
        else:
            rest.append((key, value))
    return media, rest


def _type(each: Property, media: str) -> str:
    """Return the vCard 3.0 TYPE for a media type."""
    if media in _NAMES:
        return _NAMES[media]
    first, _, second = media.partition("/")
    return second.upper() if first == KINDS[each.name.upper()] else media


def _joined(params: list[tuple[str, str]]) -> str:
    return ";".join(f"{key}={to_caret(value)}" for key, value in params)
