"""What a careful reader finds in the rows of a CSV: ``expected.json``'s rows as the cards that `fidelity` compares.

It knows nothing of crm's own reader: the words below are those of the headings that occur in the files.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

HEADINGS = {
    "name": "name, full name, display name, contact, contact name, person - name, nom complet, ansprechpartner",
    "given": "first name, firstname, given name, given_name, person - first name, vorname, prénom, nombre, first",
    "additional": "middle name, additional name, middle",
    "family": "last name, lastname, family name, surname, person - last name, nachname, nom, apellidos, last",
    "prefix": "name prefix, prefix, salutation, anrede",
    "suffix": "name suffix, suffix",
    "company": "company, company name, organization, organisation, organization name, organization 1 - name,"
    " account name, person - organization, organization - name, firma, société, empresa",
    "department": "department, organization department, organization 1 - department, abteilung",
    "email": "email, e-mail, email address, e-mail address, primary email, secondary email, person - email, courriel",
    "phone": "phone, phone number, telephone, telefon, mobile, mobile phone, mobile number, work phone, home phone,"
    " business phone, fax number, pager number, person - phone, téléphone, fax, pager",
    "url": "url, website, web page, web page 1, web page 2, company domain name",
}
"""What a heading means, in lower case and without the star of a template."""
PATTERNS = {
    "email": r"e-mail \d+ - value|e-mail \d+ address|section \d+ - email|person - email( - \w+| \(\w+\))",
    "phone": r"phone \d+ - value|section \d+ - (phone|mobile|pager|fax)|person - phone( - \w+| \(\w+\))"
    r"|(business|home|work|other|car|primary|company main|radio|tty/tdd|mobile)( phone| fax)( \d)?|callback|isdn|telex",
    "url": r"website \d+ - value",
}
COMPANIES = {"annualrevenue", "numberofemployees", "annual revenue", "company domain name", "industry"}
"""Headings of a list of companies, where no heading names a person."""
OTHERS = {"stagename", "deal name", "opportunity name", "ticket name", "subject", "note body", "content"}
"""Headings of deals, tickets, tasks, notes and messages: not counted, unless a heading gives a first name."""
_PARTS = ("given", "additional", "family", "prefix", "suffix")
_SAYING = {"name", "given", "family", "company", "email", "phone"}


def expectation(found: dict[str, Any]) -> dict[str, Any] | None:
    """Return what the rows say, in the shape of a vCard file's entry; None if they list no people or companies."""
    fields = [_field(heading) for heading in found["header"]]
    headings = {_plain(heading) for heading in found["header"]}
    if len(_SAYING.intersection(fields)) < 2 and "url" not in fields:
        return None
    if not _SAYING.intersection(fields) or (OTHERS & headings and not {"given", "family"}.intersection(fields)):
        return None
    are_companies = bool(COMPANIES & headings) and not {"given", "family", "email"}.intersection(fields)
    rows = found["all_rows"] if "all_rows" in found else found["first_rows"]
    gone = [index for index, heading in enumerate(found["header"]) if _plain(heading) == "isdeleted"]
    kept = [row for row in rows if not any(row[index].lower() == "true" for index in gone if index < len(row))]
    cards = [_card(fields, row, are_companies) for row in kept if any(map(str.strip, row))]
    if "all_rows" in found:
        return {"cards_list": cards}
    total = found["records_incl_header"] - 1 - found["preamble_lines_before_header"]
    return {"cards_list": cards, "cards": total, "only_first": True}


def _plain(heading: str) -> str:
    return " ".join(heading.split()).lower().rstrip("*")


def _field(heading: str) -> str:
    plain = _plain(heading)
    for field, words in HEADINGS.items():
        if plain in words.split(", "):
            return field
    return next((field for field, pattern in PATTERNS.items() if re.fullmatch(pattern, plain)), "")


def _card(fields: Sequence[str], row: Sequence[str], is_company: bool) -> dict[str, Any]:
    """Return a row as a card; a birthday is not compared."""
    cells: dict[str, list[str]] = {}
    for field, cell in zip(fields, row, strict=False):
        cells.setdefault(field, []).extend(each.strip() for each in cell.split(":::") if each.strip())
    one = {field: values[0] for field, values in cells.items() if values}
    card = {"emails": cells.get("email", []), "phones": cells.get("phone", []), "urls": cells.get("url", [])}
    if is_company or (one.get("company") and not one.keys() & {"name", *_PARTS}):
        name = one.get("company") or one.get("name")
        return {**card, "kind": "company", "fn": name, "org": [name]}
    parts = {part: one.get(part, "") for part in _PARTS}
    lists = {"additional": [parts["additional"]], "prefixes": [parts["prefix"]], "suffixes": [parts["suffix"]]}
    split = {"given": parts["given"], "family": parts["family"], **lists}
    org = [one.get("company", ""), one.get("department", "")]
    return {**card, "kind": "person", "fn": one.get("name"), "org": org, "n": split}
