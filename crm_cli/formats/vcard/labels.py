"""Map vCard TYPE values and Apple's X-ABLabel to the labels of contact points, and back."""

from __future__ import annotations

from collections.abc import Iterable

PHONE = {
    "cell": "mobile",
    "mobile": "mobile",
    "pager": "pager",
    "main": "main",
    "car": "car",
    "home": "home",
    "work": "work",
    "other": "other",
    "iphone": "iphone",
    "isdn": "isdn",
    "textphone": "textphone",
    "assistant": "assistant",
    "radio": "radio",
}
"""TYPE of a phone -> label, in order of precedence."""
PLACE = {"home": "home", "work": "work", "other": "other", "school": "school"}
"""TYPE of anything else -> label."""
_QUIET = (
    "voice msg bbs modem video text textphone dom intl postal parcel internet x400 pref sms mms ptt tlx uri gif jpeg"
    " aol applelink attmail cis eworld ibmmail mcimail powershare prodigy x-internet"
)
QUIET = frozenset(_QUIET.split())
"""TYPE values that describe how, not where: never a label."""
APPLE = {
    "home": "home",
    "work": "work",
    "mobile": "mobile",
    "main": "main",
    "homefax": "home fax",
    "workfax": "work fax",
    "otherfax": "fax",
    "pager": "pager",
    "other": "other",
    "homepage": "homepage",
    "school": "school",
    "iphone": "iphone",
    "assistantphone": "assistant",
    "grand_central": "google voice",
    "profile": "profile",
    "blog": "blog",
}
"""The built-in labels inside ``_$!<…>!$_``, of Apple and of Google -> ours."""
TYPES = {
    "mobile": "cell",
    "fax": "fax",
    "home fax": "home,fax",
    "work fax": "work,fax",
    "pager": "pager",
    "main": "main",
    "car": "car",
    "home": "home",
    "work": "work",
    "other": "other",
    "iphone": "iphone",
    "isdn": "isdn",
    "textphone": "textphone",
    "assistant": "assistant",
    "radio": "radio",
    "school": "school",
}
"""Our label -> its TYPE values in a vCard."""
_WRITTEN = frozenset(TYPES.values())
"""TYPE values that we write for a label; any other that means the same (``mobile``) is kept beside ours."""
_PHONE_ONLY = frozenset(TYPES) - frozenset(PLACE)


def of_phone(types: Iterable[str]) -> tuple[str, frozenset[str]]:
    """Return the label for a phone's types and the (lower-case) types it uses up; unknown types remain."""
    lower = {each.lower(): each for each in types}
    if "fax" in lower:
        place = "home" if "home" in lower else "work" if "work" in lower else ""
        return f"{place} fax".strip(), frozenset({"fax", place})
    return _first(lower, PHONE)


def of_place(types: Iterable[str]) -> tuple[str, frozenset[str]]:
    """Return the label for the types of an e-mail, address or link and the (lower-case) types it uses up."""
    return _first({each.lower(): each for each in types}, PLACE)


def _first(lower: dict[str, str], table: dict[str, str]) -> tuple[str, frozenset[str]]:
    for each, label in table.items():
        if each in lower:
            return label, frozenset({each} & _WRITTEN)
    for each, verbatim in lower.items():
        if each not in QUIET:
            return verbatim, frozenset()
    return "", frozenset()


def of_apple(text: str) -> str:
    """Return our label for the text of an X-ABLabel: mapped if built in, otherwise unchanged."""
    if text.startswith("_$!<") and text.endswith(">!$_"):
        inner = text[4:-4]
        return APPLE.get(inner.lower(), inner)
    return text


def types_for(kind: str, label: str) -> str:
    """Return the TYPE values for this label and kind of point, or ``""`` if it needs an X-ABLabel."""
    if kind != "phone" and label in _PHONE_ONLY:
        return ""
    return TYPES.get(label, "")
