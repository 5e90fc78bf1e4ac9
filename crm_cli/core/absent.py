"""Placeholders that people and programs write for a missing value: ``none``, ``n/a``, ``-``."""

from __future__ import annotations

import re

_LONGEST = 40
_NOTHING = re.compile(
    r"[\s(<\[#]*(?:none|n/a|na|n\.a\.?|n/v|null|nil|nan|no|no (?:e-?mail|phone|telephone|number|fax)"
    r"|not (?:available|provided|given)|unknown|undefined"
    r"|keine?|k\.a\.|aucune?|ningun[oa]|nessun[oa]|nenhum|geen|brak|[-\u2010-\u2015?.x]+)[\s)>\]]*",
    re.IGNORECASE,
)


def says_none(text: str) -> bool:
    """Is this text, given as an e-mail address or a phone number, empty or a placeholder for a missing value?"""
    if not text or text[-1].isdecimal():
        return not text
    return len(text) < _LONGEST and _NOTHING.fullmatch(text) is not None
