"""E-mail addresses and phone numbers by the beginnings of words, as a mail client asks at each keystroke.

Imports only what folding needs: `crm_cli.addresses` uses this module before Typer is loaded.
"""

from __future__ import annotations

from itertools import groupby

from crm_cli.core.kinds import document_sql, is_kind_sql, record_sql
from crm_cli.core.text.folding import fold, words
from crm_cli.queries.employers import employer_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3

LIMIT = 200
"""The maximum number of lines in an answer."""

COMMON = 2000
"""A word that begins at least this many names is common; the exact number is not counted."""

LAST = "\U0010ffff"

Line = tuple[str, str, str, str, bool]
"""An address or number, its owner's name, their company, its label, and whether it must not be used."""

_STATEMENT = f"""
SELECT c.value, p.name, coalesce(o.name, ''), c.label, p.name_key, c.preferred, c.id, EXISTS
(SELECT 1 FROM consent s WHERE s.contact_id = p.id AND s.channel = :kind AND s.state = 'stopped')
FROM contact p JOIN contact_point c ON c.contact_id = p.id
{employer_of("p.id")}
WHERE c.kind = :kind AND c.state = 'current' AND p.id IN ({{people}}
UNION ALL
SELECT c.value, o.name, '', c.label, o.name_key, c.preferred, c.id, 0
FROM company o JOIN contact_point c ON c.company_id = o.id
WHERE c.kind = :kind AND c.state = 'current' AND o.id IN ({{companies}}
ORDER BY 5, 6 DESC, 7 LIMIT {{limit}}
"""

# People that a word matches: by name, by company, by the beginning of an address or the end of a number.
_PEOPLE = f"""
SELECT {record_sql("doc")} FROM search_word
WHERE word >= :{{n}} AND word < :{{n}}_end AND {is_kind_sql("doc", "contact")}
UNION ALL SELECT e.contact_id FROM search_word w JOIN employment e ON e.company_id = {record_sql("w.doc")}
WHERE w.word >= :{{n}} AND w.word < :{{n}}_end AND {is_kind_sql("w.doc", "company")} AND e.current = 1
UNION ALL SELECT contact_id FROM contact_point WHERE {{point}} AND contact_id IS NOT NULL
"""
_COMPANIES = f"""
SELECT {record_sql("doc")} FROM search_word
WHERE word >= :{{n}} AND word < :{{n}}_end AND {is_kind_sql("doc", "company")}
UNION ALL SELECT company_id FROM contact_point WHERE {{point}} AND company_id IS NOT NULL
"""
# Does a further word also match the person p, or the company o?
_PERSON_TOO = f"""
AND (EXISTS (SELECT 1 FROM search_word
WHERE doc = {document_sql("contact", "p.id")} AND word >= :{{n}} AND word < :{{n}}_end)
OR EXISTS (SELECT 1 FROM employment x JOIN search_word w ON w.doc = {document_sql("company", "x.company_id")}
WHERE x.contact_id = p.id AND x.current = 1 AND w.word >= :{{n}} AND w.word < :{{n}}_end)
OR EXISTS (SELECT 1 FROM contact_point WHERE contact_id = p.id AND {{point}}))
"""
_COMPANY_TOO = f"""
AND (EXISTS (SELECT 1 FROM search_word
WHERE doc = {document_sql("company", "o.id")} AND word >= :{{n}} AND word < :{{n}}_end)
OR EXISTS (SELECT 1 FROM contact_point WHERE company_id = o.id AND {{point}}))
"""
_POINTS = {
    "email": "norm <> '' AND norm >= :{n}_at AND norm < :{n}_at_end AND kind = 'email'",
    "phone": "reversed <> '' AND reversed >= :{n}_at AND reversed < :{n}_at_end AND kind = 'phone'",
}


_IN_DOMAIN = "norm <> '' AND instr(norm, :{n}_at) AND kind = 'email'"
"""A scan of the index of addresses, for a domain only: no index has the ends of addresses."""


def find(db: sqlite3.Connection, kind: str, asked: list[str], *, limit: int = LIMIT) -> list[Line]:
    """Return the e-mail addresses or phone numbers of the people and companies that match every word.

    ``kind`` is email or phone. A word matches the beginning of a word of the name or the company, or of the address;
    three or more digits match the end of the phone, or the beginning of a word of a name; matches of names come first.
    For a word with an ``@``, a person who has addresses that begin with it is listed with those only. A word that
    begins no address and no name can be a domain or its beginning: ``acme.example``, ``@acme``. Only current addresses
    and numbers are returned, in order of name, preferred ones first, before those the ones that a word begins.
    """
    lines = _lines(db, kind, [term for word in asked for term in _terms(kind, word)], limit)
    if kind == "email":
        lines = _by_address(db, lines, asked, limit)
    elif any(map(str.isdigit, "".join(asked))):
        numbers = _lines(db, kind, _numbers(asked), limit)
        lines += [line for line in numbers if line not in lines]
    return lines[:limit]


def _by_address(db: sqlite3.Connection, lines: list[Line], asked: list[str], limit: int) -> list[Line]:
    """Return the lines with the addresses that the words begin, or the order they give; without any, of a domain."""
    if typed := [word.lower().strip() for word in asked if "@" in word]:
        lines = _as_typed(lines, typed)
    else:
        lines = _begun_first(lines, [fold(word) for word in asked])
    domain = _domain(asked[0]) if len(asked) == 1 and not lines else ""
    if not domain:
        return lines
    theirs = _lines(db, "email", [(LAST, domain)], limit, point=_IN_DOMAIN)
    return [line for line in theirs if domain in fold(line[0])]


def _as_typed(lines: list[Line], typed: list[str]) -> list[Line]:
    """If a person has addresses that begin with the typed text, drop their other addresses."""
    begun = [line for line in lines if all(fold(line[0]).startswith(each) for each in typed)]
    people = {line[1] for line in begun}
    return [line for line in lines if line in begun or line[1] not in people]


def _begun_first(lines: list[Line], typed: list[str]) -> list[Line]:
    """Put the addresses that a typed word begins before the others of their owner, unless it begins their name."""

    def key(line: Line) -> bool:
        named = words(f"{line[1]} {line[2]}")
        by_address = [each for each in typed if not any(word.startswith(each) for word in named)]
        return bool(by_address) and not any(fold(line[0]).startswith(each) for each in by_address)

    return [line for _, theirs in groupby(lines, lambda line: line[1]) for line in sorted(theirs, key=key)]


def _domain(word: str) -> str:
    """Return ``@acme.example`` for ``acme.example`` or ``@acme.example``; ``""`` for a word that is not a domain."""
    plain = word.lower().strip().removeprefix("@")
    return f"@{plain}" if plain and "@" not in plain and ("." in plain.strip(".") or word.startswith("@")) else ""


def _lines(
    db: sqlite3.Connection, kind: str, terms: list[tuple[str, str]], limit: int, *, point: str = ""
) -> list[Line]:
    """Return the lines of the people and companies that match every term, by name, address or number."""
    if not terms:
        return []
    values: dict[str, str] = {"kind": kind}
    people, companies = "", ""
    for number, (common, word, start) in enumerate(_rarest_first(db, terms)):
        name = f"w{number}"
        values |= {name: word, f"{name}_end": word + LAST, f"{name}_at": start, f"{name}_at_end": start + LAST}
        slots = {"n": name, "point": (point or _POINTS[kind]).format(n=name)}
        among = "" if number == 0 else "AND {0}.id IN ("
        people += (_PERSON_TOO if number and common else f"{among.format('p')}{_PEOPLE})").format(**slots)
        companies += (_COMPANY_TOO if number and common else f"{among.format('o')}{_COMPANIES})").format(**slots)
    sql = _STATEMENT.format(people=people, companies=companies, limit=limit)
    return [(*row[:4], bool(row[7])) for row in db.execute(sql, values)]


def _rarest_first(db: sqlite3.Connection, terms: list[tuple[str, str]]) -> list[tuple[bool, str, str]]:
    """Sort the words by the number of names they begin, and flag the common ones.

    The first word finds the people, and so does each word that is not common: its names are adjacent in the index, and
    reading them is faster than checking every person found so far. A common word only checks those people.
    """
    if len(terms) == 1:
        return [(False, *terms[0])]
    count = f"SELECT count(*) FROM (SELECT 1 FROM search_word WHERE word >= ? AND word < ? LIMIT {COMMON})"
    counted = [(db.execute(count, (word, word + LAST)).fetchone()[0], word, start) for word, start in terms]
    return [(number >= COMMON, word, start) for number, word, start in sorted(counted)]


def _terms(kind: str, word: str) -> list[tuple[str, str]]:
    """Return (beginning of a name, beginning of an address) pairs for a typed word; `LAST` matches nothing."""
    if "@" in word:
        return [(LAST, word.lower().strip())]
    return [(part, part if kind == "email" else LAST) for part in words(word)]


def _numbers(asked: list[str]) -> list[tuple[str, str]]:
    """Return the terms of the words; digits are the end of a number, or part of a name. Digits alone are one number."""
    from crm_cli.core.phones import digits, is_part, is_whole, suffix_key

    whole = " ".join(asked)
    terms = []
    for word in [whole] if is_part(whole) else whole.split():
        parts = words(word)
        if is_part(word):
            key = suffix_key(word) if is_whole(word) else digits(word)[::-1]
            terms.append((parts[0] if len(parts) == 1 else LAST, key))
        else:
            terms += [(part, LAST) for part in parts]
    return terms
