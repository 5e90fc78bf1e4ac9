"""The photo of a person and the logo of a company: what a kept PHOTO or LOGO holds, and a new one.

The picture is in the card as base64 or as a ``data:`` URI, or the card only has a link to it (RFC 6350 section 6.2.4).
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core.records import Property
from crm_cli.formats.vcard.media import in_version

if TYPE_CHECKING:
    from collections.abc import Iterable

NAMES = ("PHOTO", "LOGO")
"""The properties that hold a picture, in the order in which one is looked for."""
_BEGINNINGS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_DATA = re.compile(r"data:([\w.+/-]*)[^,]*,", re.IGNORECASE | re.ASCII)
_ENCODED = re.compile(r"(?:^|;)ENCODING=", re.IGNORECASE)
_FOREIGN = re.compile(r"[^A-Za-z0-9+/]")


class Photo(NamedTuple):
    """A picture: its property, its media type, and how many bytes it has; or ``link``, where it is.

    The media type is ``""`` if neither the card nor its first bytes say it.
    """

    source: Property
    media: str
    size: int = 0
    link: str = ""

    @property
    def kind(self) -> str:
        """The type in one word: ``JPEG``."""
        return self.media.partition("/")[2].partition("+")[0].upper() or "picture"


def photo(properties: Iterable[Property]) -> Photo | None:
    """Return the first picture that a record has, photos before logos; one in the card before a link."""
    found = [_photo(each) for each in properties if each.name.upper() in NAMES and each.value.strip()]
    return min(found, key=lambda one: (bool(one.link), NAMES.index(one.source.name.upper())), default=None)


def content(of: Photo) -> bytes:
    """Return the bytes of a picture in the card; of base64 that was cut off, those that are there."""
    return _decoded(_embedded(of.source)[1])


def made(picture: bytes) -> Property | None:
    """Return the property for a picture, or None if it is not a JPEG, PNG, GIF or WebP."""
    media = _media(picture)
    return Property("PHOTO", f"data:{media};base64,{base64.b64encode(picture).decode()}") if media else None


def _photo(each: Property) -> Photo:
    named, letters = _embedded(each)
    if not letters:
        return Photo(each, "", link=each.value.replace("\\", ""))
    return Photo(each, _media(_decoded(letters[:32])) or named, len(letters) * 3 // 4)


def _embedded(each: Property) -> tuple[str, str]:
    """Return the media type that the card states, and the letters of the base64; ``""`` for a link."""
    value = in_version(each, new=True).value
    if data := _DATA.match(value):
        named = data[1].lower()
        return "" if named == "application/octet-stream" else named, _FOREIGN.sub("", value[data.end() :])
    return "", _FOREIGN.sub("", value) if _ENCODED.search(each.params) else ""


def _decoded(letters: str) -> bytes:
    whole = letters[: len(letters) - (len(letters) % 4 == 1)]
    return base64.b64decode(whole + "=" * (-len(whole) % 4))


def _media(begin: bytes) -> str:
    if begin[:4] == b"RIFF" and begin[8:12] == b"WEBP":
        return "image/webp"
    return next((media for start, media in _BEGINNINGS if begin.startswith(start)), "")
