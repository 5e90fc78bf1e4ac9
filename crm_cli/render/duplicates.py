"""Likely duplicates: the reasons in words, the columns of their list, and their JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from crm_cli.core.kinds import BY_NAME
from crm_cli.render.clean import clean
from crm_cli.render.spans import Span
from crm_cli.render.tables import Column, table
from crm_cli.render.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crm_cli.core.duplicates.evidence import Reason
    from crm_cli.core.records import Company, Contact
    from crm_cli.core.rows import Row
    from crm_cli.render.spans import Line

WORDS = {
    "name": "same name",
    "name-order": "same words in another order",
    "name-part": "one name begins with the other",
    "name-sound": "names sound the same",
    "name-typo": "names differ by a letter or two",
    "form": "other legal form, or none",
    "given": "same first name",
    "given-nickname": "one first name is short for the other",
    "given-sound": "first names sound the same",
    "given-typo": "first names differ by a letter or two",
    "given-alike": "first names differ by a letter, or are two names",
    "family-alike": "family names differ by a letter, or are two names",
    "given-initial": "same initial",
    "given-near": "similar first names",
    "given-middle": "first name of one is the middle name of the other",
    "nickname": "same nickname",
    "family": "same family name",
    "family-sound": "family names sound the same",
    "family-typo": "family names differ by a letter or two",
    "family-initial": "same initial of the family name",
    "family-near": "similar family names",
    "family-nickname": "similar family names",
    "family-part": "one family name is part of the other",
    "middle": "same middle name",
    "nameless": "one has no name",
    "swapped": "first and family name swapped",
    "email": "same e-mail {value}",
    "email-typo": "e-mails differ by one letter",
    "email-local": "same e-mail before the @",
    "mailbox": "same mailbox {value}",
    "phone": "same phone {value}",
    "phone-typo": "phones differ by one digit",
    "birthday": "same birthday",
    "birthday-day": "same birthday, one without the year",
    "birthday-typo": "birthdays differ by one digit",
    "birthday-near": "similar birthdays",
    "address": "same address",
    "area": "same area",
    "company": "same company",
    "domain": "same domain {value}",
    "household": "one household?",
    "shared": "shared by two people?",
    "other-given": "other first name",
    "other-family": "other family name",
    "other-middle": "other middle name",
    "other-name": "other name",
    "other-form": "other legal form",
    "other-email": "other e-mail",
    "other-phone": "other phone",
    "other-birthday": "other birthday",
    "other-address": "other address",
    "other-company": "other company",
    "other-domain": "other domain",
}
"""code of a reason -> its words."""

NONE = "no likely duplicates (--min 0.6 shows doubtful ones)"

_UNSAID = frozenset({"other-email", "other-phone", "other-address", "other-company"})
"""Reasons that weigh little and are not listed: people have several of these."""


class Pair(NamedTuple):
    """Two records that may be the same: their lines, the score, the reasons."""

    kind: str
    one: Row
    other: Row
    score: float
    reasons: tuple[Reason, ...]


def reasons(found: Iterable[Reason], *, all_: bool = False) -> list[str]:
    """Return the reasons in words, the weightiest first; without those that say little, unless ``all_``."""
    return [
        WORDS[each.code].format(value=each.value) for each in found if all_ or (each.code not in _UNSAID and each.bits)
    ] + [WORDS[each.code] for each in found if not all_ and not each.bits]


def _line(row: Row) -> str:
    """Return ``Asha Verma, Acme``."""
    return f"{row.name}, {row.company}" if row.company else row.name


def percent(score: float) -> str:
    """Return a score as it is shown: two decimals, never 1.00."""
    return f"{min(score, 0.99):.2f}" if score < 0.995 else "0.99"


COLUMNS: tuple[Column[Pair], ...] = (
    Column("score", lambda pair: percent(pair.score), right=True),
    Column("id", lambda pair: pair.one.ref, right=True),
    Column("name", lambda pair: _line(pair.one), grow=1, least=14),
    Column("other-id", lambda pair: pair.other.ref, right=True),
    Column("other-name", lambda pair: _line(pair.other), grow=1, least=14),
    Column("why", lambda pair: ", ".join(reasons(pair.reasons)), grow=2, least=20),
)


def card(pair: Pair) -> dict[str, Any]:
    """Return the JSON of a pair; ``id`` is a number for a person and ``c4`` for a company, as in other cards."""
    return {
        "score": round(pair.score, 3),
        "kind": BY_NAME[pair.kind].singular,
        "one": _brief(pair.one),
        "other": _brief(pair.other),
        "reasons": reasons(pair.reasons, all_=True),
    }


def _brief(row: Row) -> dict[str, Any]:
    return {"id": row.ref, "name": row.name, "company": row.company, "email": row.email, "phone": row.phone}


_VALUES = {
    "email": "the e-mail {value}",
    "phone": "the phone {value}",
    "name": 'a name like "{value}"',
    "domain": "the domain {value}",
}


def capped(found: Sequence[Any], kind: str) -> str:
    """Return the note on values that too many records have to compare them all."""
    of = BY_NAME[kind]
    first = found[0]
    value = _VALUES[first.kind].format(value=first.value)
    return (
        f"{counted(len(found), 'value')} shared by too many {of.plural} to compare all of them with each other, as"
        f" {value}: {first.records} {of.plural}"
    )


def distinguished(names: Sequence[str]) -> str:
    """Return ``Not the same: 12 Asha Verma and 15 Asha Varma``."""
    return "Not the same: " + ", ".join(names[:-1]) + f" and {names[-1]}"


def merging(records: int, groups: int, kind: str) -> str:
    """Return ``3 people into 2``."""
    of = BY_NAME[kind]
    return f"{counted(records, of.singular, of.plural)} into {groups}"


def remaining(pairs: int) -> str:
    """Return the note on pairs that were not merged because a third record contradicts."""
    return f"{counted(pairs, 'pair')} not merged, because a third record is like only one of the two (try --review)"


def reviewed(merged: int, distinct: int, skipped: int) -> str:
    """Return what a review did."""
    return f"{merged} merged, {distinct} not the same, {skipped} skipped"


BESIDE = 90
"""The cells that two records need beside each other."""


def side_by_side(one: Contact | Company, other: Contact | Company, *, width: int) -> Iterator[Line]:
    """Yield two records beside each other, field by field; ``=`` marks what both have.

    In less than `BESIDE` cells, the two values of a field are below each other, so that none is cut.
    """
    mine, theirs = _facts(one), _facts(other)
    rows = [(name, mine[name], theirs[name]) for name in mine if mine[name] or theirs[name]]
    if width < BESIDE:
        yield from _stacked(rows, _ref(one), _ref(other))
        return
    columns: tuple[Column[tuple[str, str, str]], ...] = (
        Column("field", lambda row: row[0]),
        Column(_ref(one), lambda row: row[1], grow=1, least=14),
        Column("=", lambda row: "=" if row[1] == row[2] else ""),
        Column(_ref(other), lambda row: row[2], grow=1, least=14),
    )
    yield from table(rows, columns, width=width)


def _stacked(rows: Iterable[tuple[str, str, str]], one: str, other: str) -> Iterator[Line]:
    """Yield each field with the value of both records, or with that of each on a line of its own."""
    wide = max(len(one), len(other), 1)
    for name, mine, theirs in rows:
        yield (Span(name, "label"),)
        values = (("=", mine),) if mine == theirs else ((one, mine), (other, theirs))
        for ref, value in values:
            yield (Span(f"  {ref:>{wide}}  ", "muted"), Span(clean(value)))


def _ref(record: Contact | Company) -> str:
    return BY_NAME["contact" if hasattr(record, "parts") else "company"].printed(record.id)


def _facts(record: Contact | Company) -> dict[str, str]:
    """Return what is compared, field by field."""

    def points(*kinds: str) -> str:
        return ", ".join(point.value for point in record.points if point.kind in kinds)

    places = (", ".join(filter(None, (a.street, a.extended, a.code, a.locality))) for a in record.addresses)
    jobs = [" at ".join(filter(None, (job.title, job.company))) for job in getattr(record, "employments", ())]
    return {
        "name": record.name,
        "nickname": getattr(record, "nickname", ""),
        "work": ", ".join(jobs),
        "e-mail": points("email"),
        "phone": points("phone"),
        "web": points("url", "social", "im"),
        "address": "; ".join(" ".join(place.split()) for place in places),
        "birthday": getattr(record, "birthday", None) or "",
        "tags": ", ".join(record.tags),
        "last reach": (record.last_reach or "")[:10],
        "added": record.created[:10],
        "notes": " ".join(record.notes.split())[:80],
    }
