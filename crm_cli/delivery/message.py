"""What is delivered: one message, the same for every route."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

_CONTROLS = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029), " ")
_STEERING = dict.fromkeys(
    (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xFFF9, 0xFFFC))
)
_IN_LINE = {**_CONTROLS, **_STEERING}
_IN_TEXT = {code: meaning for code, meaning in _IN_LINE.items() if code not in {0x09, 0x0A}}

_NONE: Mapping[str, str] = MappingProxyType({})


class Message(NamedTuple):
    """A message. ``key`` identifies what is sent: a repetition has the same key and so the same Message-ID.

    ``subject`` is one line, ``text`` is plain, ``html`` may be empty. ``fields`` are environment variables for the
    command route; their names begin with ``CRM_``. ``CRM_PRIORITY`` = ``high`` makes a desktop notification urgent.
    """

    key: str
    subject: str
    text: str
    html: str = ""
    fields: Mapping[str, str] = _NONE


def one_line(text: str) -> str:
    """Return text as one line without control characters, for a header or a notification."""
    return " ".join(_encodable(text).translate(_IN_LINE).split())


def plain(text: str) -> str:
    """Return text of several lines without other control characters than line ends and tabs."""
    return _encodable(text).replace("\r\n", "\n").replace("\r", "\n").translate(_IN_TEXT)


def _encodable(text: str) -> str:
    """Replace what UTF-8 cannot encode."""
    return text.encode("utf-8", "replace").decode("utf-8")
