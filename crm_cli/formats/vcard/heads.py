"""The left side of a content line: ``[group.]NAME[;params]`` (RFC 6350 section 3.3), parsed once and cached.

The same few hundred heads recur in a file of any size, so everything that depends only on the head (the label, the
preference, the remaining parameters) is computed and cached here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from crm_cli.formats.vcard import labels
from crm_cli.formats.vcard.bytes import codec
from crm_cli.formats.vcard.values import caret, to_caret

MAX_PARAMS = 100
MAX_HEAD = 20_000
REMEMBERED = 8192
LONGEST = 300
_NAME = re.compile(r"[A-Za-z0-9_/+&#*@!$%-]+", re.ASCII)
_GROUP = re.compile(r"[A-Za-z0-9_/+&#*@!$%.-]*", re.ASCII)
_IMPLIED = {
    **dict.fromkeys(("QUOTED-PRINTABLE", "BASE64", "8BIT", "7BIT", "B", "Q"), "ENCODING"),
    **dict.fromkeys(("INLINE", "URL", "CONTENT-ID", "CID", "URI"), "VALUE"),
}
"""Bare parameter of vCard 2.1 -> its name; that of any other is TYPE."""
_QUOTED = frozenset(("QUOTED-PRINTABLE", "Q"))
_BINARY = frozenset(("BASE64", "B"))
_PLAIN_VALUES = frozenset(("uri", "text", "phone-number", ""))


@dataclass(frozen=True, slots=True)
class Head:
    """A parsed head. ``params`` are (NAME, value) with unquoted values, ``text`` is kept with a property.

    ``special``: the value is encoded, or the head may end at a later colon; a line with it needs a closer look.
    ``label``, ``preferred`` and ``service`` are those of a contact point. ``extra`` is what the parameters add to them,
    as the text of a JSON object; ``extra_all`` is the same if the label comes from elsewhere.
    """

    name: str
    upper: str
    group: str = ""
    params: tuple[tuple[str, str], ...] = ()
    text: str = ""
    charset: str = ""
    quoted_printable: bool = False
    binary: bool = False
    special: bool = False
    value: str = ""
    label: str = ""
    preferred: bool = False
    service: str = ""
    extra: str = ""
    extra_all: str = ""

    def param(self, name: str) -> str:
        """Return the first value of a parameter, or ``""``."""
        return _first(self.params, name)


def cut(line: str) -> tuple[str, str]:
    """Cut a content line at its first colon outside double quotes, or at its first colon if there is none outside."""
    position = 0
    for index, part in enumerate(line.split('"')):
        if not index % 2 and (colon := part.find(":")) >= 0:
            return line[: position + colon], line[position + colon + 1 :]
        position += len(part) + 1
    left, _, value = line.partition(":")
    return left, value


def parse(text: str) -> Head | None:
    """Parse a head; None if its name is invalid, it is too long or has more than ``MAX_PARAMS`` parameters."""
    if len(text) > MAX_HEAD:
        return None
    pieces = _split(text)
    group, _, name = pieces[0].strip().rpartition(".")
    if not _NAME.fullmatch(name) or not _GROUP.fullmatch(group) or len(pieces) > MAX_PARAMS + 1:
        return None
    params = tuple(each for piece in pieces[1:] if piece.strip() for each in _param(piece))
    return _head(group, name, params, pieces[1:], is_open=bool(text.count('"') % 2))


def _split(text: str) -> list[str]:
    """Split at the semicolons outside double quotes; an unbalanced quote is ignored."""
    if '"' not in text or text.count('"') % 2:
        return text.split(";")
    pieces: list[str] = []
    inside = False
    for index, part in enumerate(text.split('"')):
        inside = bool(index % 2)
        first, *rest = [f'"{part}"'] if inside else part.split(";")
        if pieces:
            pieces[-1] += first
        else:
            pieces.append(first)
        pieces.extend(rest)
    return pieces


def _param(piece: str) -> Iterable[tuple[str, str]]:
    """Yield the (NAME, value) pairs of one parameter; a bare one of vCard 2.1 gets its implied name."""
    name, equals, value = piece.strip().partition("=")
    if not equals:
        yield from _bare_param(name)
        return
    name, value = name.strip().upper(), value.strip()
    if value[:1] == '"' and value[-1:] == '"' and value.count('"') == 2 and name != "TYPE":
        yield name, caret(value[1:-1])
        return
    for each in value.replace('"', "").split(",") if name == "TYPE" else (value.replace('"', ""),):
        if each.strip():
            yield name, caret(each.strip())


def _bare_param(text: str) -> Iterable[tuple[str, str]]:
    for each in filter(None, map(str.strip, text.split(","))):
        yield _IMPLIED.get(each.upper(), "TYPE"), each


def _first(params: Iterable[tuple[str, str]], name: str) -> str:
    return next((value for each, value in params if each == name), "")


def _head(group: str, name: str, params: tuple[tuple[str, str], ...], pieces: list[str], *, is_open: bool) -> Head:
    encoding = _first(params, "ENCODING").upper()
    charset = _first(params, "CHARSET")
    quoted, binary = encoding in _QUOTED, encoding in _BINARY
    text = ";".join(_spelled(piece) for piece in pieces if piece.strip() and not _is_transport(piece, quoted=quoted))
    upper = name.upper()
    label, preferred, service, extra, extra_all = _point_facts(upper, group, params)
    return Head(
        name=name,
        upper=upper,
        group=group,
        params=params,
        text=text,
        charset=codec(charset) if charset else "",
        quoted_printable=quoted,
        binary=binary,
        special=bool(quoted or charset or binary or is_open),
        value=_first(params, "VALUE").lower(),
        label=label,
        preferred=preferred,
        service=service,
        extra=extra,
        extra_all=extra_all,
    )


def _spelled(piece: str) -> str:
    """Give a bare parameter of vCard 2.1 the name that later versions require; all others stay unchanged."""
    if "=" in piece:
        return piece
    return ";".join(f"{name}={'b' if value.upper() == 'BASE64' else value}" for name, value in _param(piece))


def _is_transport(piece: str, *, quoted: bool) -> bool:
    """Does a parameter only describe how the bytes were encoded? It is dropped once they are text."""
    upper = piece.strip().upper()
    if upper.startswith("CHARSET="):
        return True
    value = upper.removeprefix("ENCODING=")
    return (quoted and value in _QUOTED) or value in ("8BIT", "7BIT")


POINTS = {"TEL": "phone", "EMAIL": "email", "URL": "url", "ADR": "address", "IMPP": "im"}


def _point_facts(upper: str, group: str, params: tuple[tuple[str, str], ...]) -> tuple[str, bool, str, str, str]:
    """Return label, preferred, service, and the leftover parameters without and with the types used for the label."""
    types = [value for name, value in params if name == "TYPE" and value.lower() != "pref"]
    preferred = any(map(_is_preference, params))
    service, used = _service(upper, params)
    label, taken = _label(upper, types, service)
    rest = [pair for pair in params if not _is_expressed(upper, pair, used)]
    extra = _json(group, [pair for pair in rest if not (pair[0] == "TYPE" and pair[1].lower() in taken)])
    return label, preferred, service, extra, _json(group, rest)


def _is_preference(pair: tuple[str, str]) -> bool:
    """Is this TYPE=pref of vCard 3.0, or PREF=1 of 4.0?"""
    name, value = pair
    return (name == "TYPE" and value.lower() == "pref") or (name == "PREF" and value == "1")


def _label(upper: str, types: list[str], service: str) -> tuple[str, frozenset[str]]:
    """Return the label that the types express, and the (lower-case) types that need not be kept beside it."""
    if upper == "X-SOCIALPROFILE":
        return "", frozenset(each.lower() for each in types[:1] if not service or each == service)
    return (labels.of_phone if upper == "TEL" else labels.of_place)(types)


_SERVICES = {
    "X-SOCIALPROFILE": ("X-SERVICE-TYPE", "TYPE"),
    "SOCIALPROFILE": ("SERVICE-TYPE",),
    "IMPP": ("X-SERVICE-TYPE",),
}
"""Property -> the parameters that may name its network."""


def _service(upper: str, params: tuple[tuple[str, str], ...]) -> tuple[str, str]:
    """Return the network that the parameters name, and the parameter that names it."""
    for name in _SERVICES.get(upper, ()):
        for each, value in params:
            if each == name and value.lower() != "pref":
                return value, name
    return "", ""


def _is_expressed(upper: str, pair: tuple[str, str], service: str) -> bool:
    """Is a parameter already expressed by a field of ours, or by how we write the value?"""
    name, value = pair
    lower = value.lower()
    return (
        name in ("ENCODING", "CHARSET", service)
        or _is_preference(pair)
        or (name == "TYPE" and upper == "EMAIL" and lower == "internet")
        or (name == "VALUE" and lower in _PLAIN_VALUES and upper in POINTS)
    )


def _json(group: str, params: list[tuple[str, str]]) -> str:
    extra = {}
    if group:
        extra["group"] = group
    if params:
        extra["params"] = ";".join(f"{name}={to_caret(value)}" for name, value in params)
    return json.dumps(extra, ensure_ascii=False) if extra else ""


def pairs(text: str) -> list[tuple[str, str]]:
    """Return the (NAME, value) pairs in the text of the parameters."""
    return [each for piece in _split(text) if piece.strip() for each in _param(piece)]
