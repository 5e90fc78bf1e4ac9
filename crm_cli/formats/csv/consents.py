"""Opt-outs: cells that say that a person must not be mailed or called, by the columns of many products."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath
from typing import NamedTuple

from crm_cli.core.consent import STATES, channels_of
from crm_cli.core.instants import is_day
from crm_cli.core.records import Consent

_YES = """true yes y 1 x checked opt-out optout opted-out unsubscribed unsubscribe stop stopped dnc do-not-allow
do-not-call do-not-email do-not-contact wahr ja vrai oui verdadero sí si vero verdadeiro sim waar"""
_NO = "false no n 0 unchecked opt-in opted-in allow allowed falsch nein faux non falso não onwaar nee - n/a null none"
_STOPPED, _CLEAR = frozenset(_YES.split()), frozenset(_NO.split())
"""Cells that stop a channel, and those that say that it was not stopped, which is not yet an agreement."""


class Stated(NamedTuple):
    """What a cell says, with its column: a company, which has no consent, keeps it as a custom field."""

    column: str
    cell: str
    consents: tuple[Consent, ...]


def stated(channels: str, column: str, cell: str, product: str) -> Stated | None:
    """Read a cell of a product's column of opt-outs; None if it says anything else. A date is that of the opt-out."""
    word = "-".join(cell.casefold().replace("_", " ").replace("-", " ").split()) or cell
    source = f"{product}: {column}" if product not in ("", "generic") else column
    day = cell[:10] if is_day(cell[:10]) else ""
    if day or word in _STOPPED:
        return Stated(column, cell, tuple(Consent(channel, on=day, source=source) for channel in channels_of(channels)))
    return Stated(column, cell, ()) if word in _CLEAR else None


_ALLOWS = frozenset(("allow", "do not allow"))


def says_only(cell: str) -> bool:
    """Does a cell in a column of addresses or numbers say whether it may be used (Dynamics: Email, Do Not Allow)?"""
    return cell.casefold() in _ALLOWS


_MAILCHIMP = frozenset(("member_rating", "leid", "euid", "optin_time"))
_UNSUBSCRIBED = re.compile(r"(?:\A|[^a-z])unsubscribed(?![a-z])", re.IGNORECASE)


def list_of(name: str, header: Sequence[str]) -> str:
    """Return the source of the opt-outs of a file that lists people who unsubscribed; ``""`` for any other file.

    Mailchimp exports them as ``unsubscribed_members_export_….csv``, with the columns of the others.
    """
    is_theirs = bool(_MAILCHIMP & {cell.strip().casefold() for cell in header})
    return "mailchimp: unsubscribed" if is_theirs and _UNSUBSCRIBED.search(PurePath(name).name) else ""


def own(channel: str, column: str, cell: str) -> Stated | None:
    """Read a cell of crm's own CSV; None if it is not one."""
    state, _, rest = cell.partition(" ")
    day, _, source = rest.partition(" ")
    if state not in STATES or not is_day(day):
        return None
    return Stated(column, cell, tuple(Consent(each, state, day, source) for each in channels_of(channel)))


def written(consent: Consent) -> str:
    """Return the cell of crm's own CSV: ``stopped 2026-11-29 by phone``."""
    return f"{consent.state} {consent.on} {consent.source}".rstrip(" ")


def joined(found: list[Stated]) -> tuple[Consent, ...]:
    """Return what several cells say, once for each channel: the first, with the first day that any of them has."""
    held: dict[str, Consent] = {}
    for consent in (consent for each in found for consent in each.consents):
        first = held.setdefault(consent.channel, consent)
        if not first.on and consent.on:
            held[consent.channel] = first._replace(on=consent.on)
    return tuple(held.values())
