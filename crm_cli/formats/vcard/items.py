"""One vCard as a file of a vdir: its UID, its file name, and whether two of them say the same.

A vdir is a folder with one card per file (https://vdirsyncer.pimutils.org/en/stable/vdir.html). The name of a file ends
in ``.vcf``, is not hidden, and should come from the UID; programs recognise a card by the UID inside.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING

from crm_cli.core.matching import own_uid
from crm_cli.core.records import Draft
from crm_cli.errors import CrmError
from crm_cli.formats.open import open_source
from crm_cli.formats.vcard.heads import cut
from crm_cli.formats.vcard.media import in_version
from crm_cli.formats.vcard.state import ABOUT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm_cli.core.records import Property

SUFFIX = ".vcf"
_FOLD = re.compile(rb"\r?\n[ \t]")
_UID = re.compile(rb"^(?:[^:;\r\n]*\.)?UID(?:;[^:\r\n]*)?:([^\r\n]*)", re.MULTILINE | re.IGNORECASE)
_BEGIN = re.compile(rb"^\s*BEGIN\s*:\s*VCARD", re.MULTILINE | re.IGNORECASE)
_SAFE = re.compile(r"[A-Za-z0-9_@+=][A-Za-z0-9_@+=.-]{0,119}", re.ASCII)
_ESCAPED = re.compile(r"\\([\\,;:])")
_LONG = re.compile(r"^((?:[\w-]+\.)?(?:PHOTO|LOGO|SOUND|KEY)[;:][^\r\n]{200,})", re.MULTILINE | re.IGNORECASE)
_LONGEST = 200
_MARK = "crm-sha256="
_OURS = frozenset(("X-CRM-UID", *ABOUT))
"""Properties that say nothing of the person."""


def uid_of(card: bytes) -> str:
    """Return the UID of a file with one card, in the spelling to compare by; ``""`` if it has none or several cards."""
    if len(_BEGIN.findall(card)) != 1:
        return ""
    found = _UID.search(_FOLD.sub(b"", card))
    return key(found[1].decode("utf-8", "replace").strip()) if found else ""


def key(uid: str) -> str:
    """Return a UID in the spelling to compare by: unescaped, in lower case and without ``urn:uuid:``."""
    return own_uid(_ESCAPED.sub(r"\1", uid))


def file_name(uid: str, otherwise: str) -> str:
    """Return the file name for a card: its UID if that is safe as a name everywhere, else ``otherwise``."""
    return (uid if _SAFE.fullmatch(uid) else otherwise) + SUFFIX


def read(card: bytes) -> Draft | None:
    """Read a file with one card; None if it is not one."""
    try:
        found = list(open_source(BytesIO(card), name="card").records)
    except CrmError:
        return None
    drafts = [each for each in found if isinstance(each, Draft)]
    return drafts[0] if len(drafts) == 1 else None


def is_same(one: Draft, other: Draft) -> bool:
    """Do two cards say the same, whatever their version and the order of their lines?"""
    return _meaning(one) == _meaning(other)


def shortened(card: bytes) -> str:
    """Return a card with a checksum in place of each picture, sound or key; `completed` restores them."""
    text = _FOLD.sub(b"", card).decode("utf-8", "replace")
    return _LONG.sub(lambda found: _checksum_line(found[1]), text)


def _checksum_line(line: str) -> str:
    head, value = cut(line)
    return line if len(value) < _LONGEST else f"{head}:{_MARK}{_checksum(value)}"


def completed(base: Draft, *others: Iterable[Property]) -> Draft:
    """Return a draft that was read from a shortened card, with the pictures that are among the ``others``."""
    if not any(each.value.startswith(_MARK) for each in base.properties):
        return base
    known = {
        _MARK + _checksum(in_version(each, new=new).value): each
        for properties in others
        for each in properties
        for new in (False, True)
    }
    return base._replace(properties=tuple(known.get(each.value, each) for each in base.properties))


def _checksum(value: str) -> str:
    from hashlib import sha256  # here, because it loads OpenSSL

    return sha256(value.encode()).hexdigest()


def _meaning(draft: Draft) -> Draft:
    """Return a draft without its place in the file and what only says how it is written; lists in one order."""
    properties = [each for each in draft.properties if each.name.upper() not in _OURS]
    return draft._replace(
        points=tuple(sorted(draft.points)),
        addresses=tuple(sorted(draft.addresses)),
        properties=tuple(sorted(properties)),
        tags=tuple(sorted(draft.tags)),
        custom=tuple(sorted(draft.custom)),
        uid=key(draft.uid), line=0, raw=(), card="", own_uid="",
    )  # fmt: skip
