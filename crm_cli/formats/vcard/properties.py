"""Handlers for vCard properties: a table from property name to handler (RFC 6350 section 6, RFC 2426, vCard 2.1).

Anything not understood, or only partly, is kept as a Property, so that an export writes it again.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from crm_cli.core.absent import says_none
from crm_cli.core.consent import CHANNELS, STATES
from crm_cli.core.instants import is_day
from crm_cli.core.mailboxes import is_plain, mailboxes
from crm_cli.core.records import Consent, NameParts, Point, Property
from crm_cli.core.tags import spelled
from crm_cli.core.text.folding import visible
from crm_cli.formats.vcard import dates as vcard_dates
from crm_cli.formats.vcard.heads import Head
from crm_cli.formats.vcard.losses import add_loss
from crm_cli.formats.vcard.media import KINDS, in_version
from crm_cli.formats.vcard.points import (
    ONLINE,
    Labelled,
    adr_components,
    instant_message,
    online,
    phone,
    place,
    social,
    strip_scheme,
)
from crm_cli.formats.vcard.state import (
    ABOUT,
    ALIKE,
    ANDROID,
    BLANK,
    KDE_DAY,
    State,
    is_kept,
    keep,
    keep_about,
    keep_again,
    keep_nonempty,
    name_value,
)
from crm_cli.formats.vcard.values import components, escape, items, split, unescape

_NO_TAG = re.compile(r"[^\w ,&()/.-]|[+#-]")
"""A character that no tag of ours contains."""
_DATE_PARAMS = frozenset(("VALUE", "X-APPLE-OMIT-YEAR", "CALSCALE"))


def _media(state: State, head: Head, value: str) -> None:
    """Keep a picture, sound or key in the normal form of its version; there are several ways to write one."""
    found = Property(head.name, value, head.text, head.group)
    state.properties.append(in_version(found, new=state.new))


def _version(state: State, head: Head, value: str) -> None:
    """VERSION: one that repeats after a name shows that the boundary of a card was lost."""
    del head
    state.new = value[:1] == "4"
    if not state.versions or state.fields["name"] or any(state.fields["parts"]):
        state.versions += 1


def _ignore(state: State, head: Head, value: str) -> None:
    """Drop properties that only frame the card: BEGIN, END."""


def _text(field: str) -> Any:
    """Return the handler of a single text; a second value, or one with parameters, is also kept as a property."""

    def handle(state: State, head: Head, value: str) -> None:
        text = unescape(value, old=state.old).strip()
        taken = text and not state.fields[field]
        if taken:
            state.fields[field] = text
        if head.text or head.group or not taken:
            keep_nonempty(state, head, value)

    return handle


def _name_parts(state: State, head: Head, value: str) -> None:
    """N: family, given, additional, prefix, suffix; lists inside a part are joined (RFC 6350 section 6.2.2)."""
    if (parts := state.fields["parts"]) is not BLANK["parts"]:
        keep_again(state, head, value, "N", name_value(parts))
        return
    found = _name_components(value, old=state.old)
    # A name of five components, an address of seven need no filling up: "parse 100,000 vCards" of benchmarks/run.py
    # takes 4 % longer without.
    family, given, additional, prefix, suffix = found if len(found) == 5 else [*found, "", "", "", "", ""][:5]
    if any(found):
        state.fields["parts"] = NameParts(prefix, given, additional, family, suffix)
    if any(found[5:]) or head.text or head.group or ("," in value and not state.old and len(split(value, ",")) > 1):
        keep_nonempty(state, head, value)


def _name_components(value: str, *, old: bool) -> list[str]:
    """Return the components of N, each without its escapes and the commas of its list."""
    # Most names have neither: without this line, "parse 100,000 vCards" of benchmarks/run.py takes 14 % longer.
    if "," in value or "\\" in value:
        return [_component(piece, old=old) for piece in split(value, ";")]
    return [piece.strip() for piece in value.split(";")]


def _component(piece: str, *, old: bool) -> str:
    if old:
        return unescape(piece, old=True).strip()
    parts = [unescape(each).strip() for each in split(piece, ",")]
    return (", " if ", " in piece else " ").join(each for each in parts if each)


def _nickname(state: State, head: Head, value: str) -> None:
    names = ", ".join(items(value, old=state.old))
    if state.fields["nickname"] or head.text or head.group:
        keep_nonempty(state, head, value)
    if names and not state.fields["nickname"]:
        state.fields["nickname"] = names


def _organisation(state: State, head: Head, value: str) -> None:
    """ORG: the company, then its units (RFC 6350 section 6.6.4)."""
    if state.fields["company"]:
        keep_nonempty(state, head, value)
        return
    company, *units = components(value, old=state.old)
    state.fields["company"] = company.strip()
    department = " / ".join([unit.strip() for unit in units if unit.strip()])
    if department:
        state.fields["department"] = department
    if head.text or head.group or any(" / " in unit for unit in units) or not company.strip():
        keep_nonempty(state, head, value)


def _phone(state: State, head: Head, value: str) -> None:
    point = phone(head, unescape(value, old=state.old))
    if point.value and says_none(point.value):
        add_loss(state.losses, "silent", 1)
    else:
        _point(state, head, point)


def _email(state: State, head: Head, value: str) -> None:
    text = unescape(value, old=state.old).strip()
    if not is_plain(text):
        _mailboxes(state, head, strip_scheme(text, "mailto:"))
        return
    _point(state, head, Point("email", text, head.label, head.preferred, "", "", "current", head.extra))


def _mailboxes(state: State, head: Head, text: str) -> None:
    """Parse an EMAIL that is more than an address: with a display name, or several; one meaning "none" is counted."""
    found = mailboxes(text)
    if text and not found:
        add_loss(state.losses, "absent", 1)
    for address, name in found:
        if name:
            state.shown.append(name)
        _point(state, head, Point("email", address, head.label, head.preferred, "", "", "current", head.extra))


def _url(state: State, head: Head, value: str) -> None:
    text = unescape(value, old=state.old).strip()
    _point(state, head, Point("url", text, head.label, head.preferred, "", "", "current", head.extra))


def _impp(state: State, head: Head, value: str) -> None:
    _point(state, head, instant_message(head, unescape(value, old=state.old).strip()))


def _social(state: State, head: Head, value: str) -> None:
    _point(state, head, social(head, unescape(value, old=state.old).strip()))


def _online(state: State, head: Head, value: str) -> None:
    _point(state, head, online(head, unescape(value, old=state.old).strip()))


def _point(state: State, head: Head, point: Point) -> None:
    """Add a contact point; one without a value is ignored."""
    if not point.value:
        return
    if head.group:
        state.lines.setdefault(head.group.lower(), []).append(Labelled(head, len(state.points)))
    state.points.append(point)


def _address(state: State, head: Head, value: str) -> None:
    parts = [part.strip() for part in components(visible(value), old=state.old)]
    if not any(parts):
        return
    if len(parts) > 7 and any(parts[7:]):
        keep(state, head, value)
    if head.group:
        state.lines.setdefault(head.group.lower(), []).append(Labelled(head, None, len(state.addresses), parts))
    state.addresses.append(place(head, parts, head.label, head.extra))


def _samsung_address(state: State, head: Head, value: str) -> None:
    """X-SAMSUNGADR: an address, kept as well; phones write it instead of ADR, or beside it."""
    keep(state, head, value)
    parts = [part.strip() for part in components(visible(value), old=state.old)]
    found = place(head, parts, head.label, head.extra)
    if any(parts) and all(adr_components(each) != adr_components(found) for each in state.addresses):
        state.addresses.append(found)


_ANDROID = {("nickname", ""): "nickname", ("contact_event", "1"): "anniversary", ("contact_event", "3"): "birthday"}
"""What X-ANDROID-CUSTOM holds, and the number of its type if it has several -> our field."""


def _android(state: State, head: Head, value: str) -> None:
    """X-ANDROID-CUSTOM: a row of Android's table of contacts; a nickname or a day is taken, and all are kept."""
    keep(state, head, value)
    row, text, number, *_ = [*map(str.strip, components(value, old=state.old)), "", ""]
    kind = row.rpartition("/")[2]
    field = _ANDROID.get((kind, number if kind == "contact_event" else ""), "")
    found = vcard_dates.day(text) if kind == "contact_event" else text
    if field and found and not state.fields[field]:
        state.fields[field] = found


def _date(field: str, *, doubtful: bool = False) -> Any:
    """Return the handler of a date; an incomplete date (allowed by RFC 6350 section 4.3) or other text is kept."""
    name = "BDAY" if field == "birthday" else "ANNIVERSARY"
    names = ALIKE.get(name, (name,))

    def handle(state: State, head: Head, value: str) -> None:
        text = unescape(value, old=state.old)
        omitted = head.param("X-APPLE-OMIT-YEAR")
        found = vcard_dates.day(text, omitted=omitted) if head.value != "text" else None
        if found and not state.fields[field]:
            state.fields[field] = found
            if doubtful or _says_more(head, text) or is_kept(state, names):
                keep(state, head, value)
        elif state.fields[field] and not (doubtful and found == state.fields[field]):
            keep_again(state, head, value, name, state.fields[field])
        else:
            keep_nonempty(state, head, value)

    return handle


def _says_more(head: Head, text: str) -> bool:
    """Does a date have a time of day, a group or parameters that we have no field for?"""
    time = text.partition("T")[2].strip("0:.Z ")
    return bool(time or head.group or any(name not in _DATE_PARAMS for name, _ in head.params))


def _zone(state: State, head: Head, value: str) -> None:
    """TZ: the name of a zone; an offset or any other text is kept (RFC 6350 section 6.5.1)."""
    text = unescape(value, old=state.old).strip()
    taken = not state.fields["zone"] and is_zone(text)
    if taken:
        state.fields["zone"] = text
    if not taken or head.group or any(name != "VALUE" for name, _ in head.params):
        keep_nonempty(state, head, value)


# An offset, which is not a zone, takes 0.1 ms to look up; no row of benchmarks/run.py has one.
@lru_cache(maxsize=1_000)
def is_zone(text: str) -> bool:
    """Is this the name of a zone in the IANA database?"""
    from crm_cli.core.instants import is_zone as known

    return known(text)


def _note(state: State, head: Head, value: str) -> None:
    text = unescape(value, old=state.old).strip()
    if text:
        earlier = state.fields["notes"]
        state.fields["notes"] = f"{earlier}\n\n{text}" if earlier else text
    if head.text or head.group:
        keep_nonempty(state, head, value)


def _categories(state: State, head: Head, value: str) -> None:
    tags = dict.fromkeys([*state.fields["tags"], *items(value, old=state.old)])
    if tags:
        state.fields["tags"] = tuple(tags)
    if head.text or head.group or (_NO_TAG.search(value) and any(spelled(tag) != tag for tag in tags)):
        keep_nonempty(state, head, value)


_THINGS = frozenset(("location", "device", "application", "thing"))
"""Values of KIND that are neither people nor organisations (RFC 6350 section 6.1.4, RFC 6473, RFC 6869)."""


def _kind(state: State, head: Head, value: str) -> None:
    kind = value.strip().lower()
    if kind in ("org", "organization"):
        state.fields["kind"] = "company"
    else:
        if kind == "group" or kind in _THINGS:
            state.thing = kind
        keep_nonempty(state, head, value)


def _show_as(state: State, head: Head, value: str) -> None:
    if value.strip().upper() == "COMPANY":
        state.fields["kind"] = "company"
    else:
        keep_nonempty(state, head, value)


def _label(state: State, head: Head, value: str) -> None:
    group = head.group.lower()
    if group and group not in state.labels:
        state.labels[group] = (unescape(value, old=state.old), len(state.properties))
    keep(state, head, value)


def _uid(state: State, head: Head, value: str) -> None:
    """UID: a card has one; any further ones are kept as properties."""
    if state.fields["uid"]:
        keep_again(state, head, value, "UID", escape(state.fields["uid"]))
    else:
        _first_uid(state, head, value)


_first_uid = _text("uid")


def _own_uid(state: State, head: Head, value: str) -> None:
    """X-CRM-UID: the uid of the record in the book that exported it; it means nothing to any other book."""
    del head
    state.fields["own_uid"] = value.strip()


def _custom(state: State, head: Head, value: str) -> None:
    name = head.param("NAME")
    if not name:
        keep(state, head, value)
        return
    state.fields["custom"] = (*state.fields["custom"], (name, unescape(value)))


def _consent(state: State, head: Head, value: str) -> None:
    """X-CRM-CONSENT: channel, state, day and source; the first of each channel counts, any other is kept."""
    channel, word, day, source, *_ = [*components(value), "", "", "", ""]
    known = state.fields["consents"]
    if channel in CHANNELS and word in STATES and is_day(day) and all(each.channel != channel for each in known):
        state.fields["consents"] = (*known, Consent(channel, word, day, source.strip()))
    else:
        keep_nonempty(state, head, value)


HANDLERS = {
    "FN": _text("name"),
    "N": _name_parts,
    "NICKNAME": _nickname,
    "X-NICKNAME": _nickname,
    "ORG": _organisation,
    "TITLE": _text("title"),
    "TEL": _phone,
    "EMAIL": _email,
    "ADR": _address,
    "X-SAMSUNGADR": _samsung_address,
    "URL": _url,
    "IMPP": _impp,
    "SOCIALPROFILE": _social,
    "X-SOCIALPROFILE": _social,
    **dict.fromkeys(ONLINE, _online),
    "BDAY": _date("birthday"),
    "ANNIVERSARY": _date("anniversary"),
    "X-ANNIVERSARY": _date("anniversary"),
    "X-EVOLUTION-ANNIVERSARY": _date("anniversary", doubtful=True),
    "X-MS-ANNIVERSARY": _date("anniversary", doubtful=True),
    KDE_DAY: _date("anniversary", doubtful=True),
    "LANG": _text("language"),
    "TZ": _zone,
    "NOTE": _note,
    "CATEGORIES": _categories,
    "UID": _uid,
    "KIND": _kind,
    "X-ADDRESSBOOKSERVER-KIND": _kind,
    "X-ABSHOWAS": _show_as,
    "X-ABLABEL": _label,
    ANDROID: _android,
    "X-CRM-FIELD": _custom,
    "X-CRM-CONSENT": _consent,
    "X-CRM-STATUS": _text("status"),
    "X-CRM-SOURCE": _text("source"),
    "X-CRM-ZONE": _text("zone"),
    "X-CRM-UID": _own_uid,
    **dict.fromkeys(KINDS, _media),
    **dict.fromkeys(ABOUT, keep_about),
    "VERSION": _version,
    "BEGIN": _ignore,
    "END": _ignore,
}
"""Property name -> handler. A property whose name is not listed is kept as a Property."""
