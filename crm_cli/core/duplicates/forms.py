"""The names of companies: their legal forms, and words that are abbreviated."""

from __future__ import annotations

from crm_cli.core.duplicates.words import latin
from crm_cli.core.text.folding import words

_FORMS = {
    "pvt": "private", "private": "private", "ltd": "limited", "limited": "limited", "llp": "llp", "llc": "llc",
    "inc": "inc", "incorporated": "inc", "corp": "inc", "corporation": "inc", "plc": "plc", "gmbh": "gmbh",
    "mbh": "gmbh",
    "ag": "ag", "kg": "kg", "ohg": "ohg", "ug": "ug", "ev": "ev", "se": "se", "sa": "sa", "sas": "sas", "sarl": "sarl",
    "srl": "srl", "spa": "spa", "bv": "bv", "nv": "nv", "ab": "ab", "oy": "oy", "oyj": "oy", "as": "as", "aps": "aps",
    "kft": "kft", "sl": "sl", "lda": "lda", "ltda": "limited", "pte": "private", "pty": "private", "co": "co",
    "company": "co", "kk": "kk",
}  # fmt: skip
"""Words of legal forms, and the form that each stands for."""
_SPELLINGS = {
    "and": "", "the": "", "und": "", "et": "", "intl": "international", "tech": "technologies",
    "technology": "technologies",
    "bros": "brothers", "mfg": "manufacturing", "svcs": "services", "service": "services", "solution": "solutions",
    "system": "systems", "industry": "industries", "enterprise": "enterprises", "assoc": "associates", "grp": "group",
    "trader": "traders", "engg": "engineering",
}  # fmt: skip
"""Words of names as they are compared; empty ones are dropped."""


def name_and_form(name: str) -> tuple[str, str]:
    """Return the words of a company's name without its legal form, and the form; a name that is only a form is kept."""
    found = [latin(word) for word in _joined(words(name))]
    form = [_FORMS[word] for word in found if word in _FORMS]
    bare = [_SPELLINGS.get(word, word) for word in found if word not in _FORMS]
    return " ".join(filter(None, bare)) or " ".join(found), " ".join(sorted(set(form)))


def _joined(found: list[str]) -> list[str]:
    """Join initials that follow each other: ``I.B.M.`` is ``ibm``, ``S.A.`` is ``sa``."""
    out: list[str] = []
    run = ""
    for word in [*found, ""]:
        if len(word) == 1 and word.isascii() and word.isalpha():
            run += word
            continue
        out += [run] if run else []
        run = ""
        out += [word] if word else []
    return out
