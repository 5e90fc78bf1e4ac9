"""The compiler of the query language to SQL, with bound values only.

A field that a record does not have is looked up in related records: an activity matches ``city:pune`` if one of its
people or its company does, a person matches ``kind:call`` if one of their activities does. Unknown values are NULL in
SQL, so that neither a comparison nor its opposite finds them; ``not:`` of anything else is the plain complement.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.book.search import index as search
from crm_cli.core import when
from crm_cli.core.kinds import BY_LETTER, BY_NAME, split
from crm_cli.core.query import parser as query
from crm_cli.core.text.folding import fold
from crm_cli.errors import NotFoundError, UsageError
from crm_cli.queries import cadences, merges, segments
from crm_cli.queries.filters import flags
from crm_cli.queries.filters.fields import ALIAS, LENT, LIFTS, OWN, PARTIES, Source
from crm_cli.queries.filters.tests import TESTS, Sql, Tested, has_value

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from crm_cli.core.query.parser import Node, QueryField, Term

_LEAST_DIGITS = 4
"""A number with this many digits may be a part of a phone number."""
COMPARISONS = frozenset({"before", "after", "between", "min", "max", "within"})
"""Operators that a missing value does not satisfy, negated or not."""


class Asking(NamedTuple):
    """The kind of record that a query selects (contact, company, activity or deal), and when it is asked."""

    target: str
    now: str
    today: str
    zone: str
    custom: dict[str, str]
    negated: bool = False

    def starts(self, day: str, later: int = 0) -> str:
        """Return the instant at which a day, or the day ``later`` days after it, begins."""
        return when.due_utc((date.fromisoformat(day) + timedelta(days=later)).isoformat(), "00:00", self.zone)


def where(
    db: sqlite3.Connection, text: str | Sequence[str], target: str, *, now: datetime, zone: str
) -> tuple[str, list[object]]:
    """Return the SQL condition of a query (one text or shell words) and its values. Raises QueryError.

    ``target`` is contact (in SQL ``p``), company (``o``), activity (``a``) or deal (``d``).
    """
    return asked(db, text, target, now=now, zone=zone)[:2]


def asked(
    db: sqlite3.Connection,
    text: str | Sequence[str],
    target: str,
    *,
    now: datetime,
    zone: str,
    fields: Mapping[str, QueryField] = query.FIELDS,
) -> tuple[str, list[object], set[str]]:
    """Return the same as `where`, and the fields that the query uses; ``fields`` are its fields besides custom ones.

    Raises QueryError.
    """
    custom = dict(db.execute("SELECT name, type FROM custom_field").fetchall())
    asking = Asking(target, when.utc(now), when.today(now, zone), zone, custom)
    given = text if isinstance(text, str) else list(text)
    node = query.parse(given, today=asking.today, fields=query.with_custom(custom, fields), segments=segments.texts(db))
    _refuse_missing(db, node)
    db.create_function("crm_fold", 1, lambda value: fold(value) if value else "", deterministic=True)
    cadences.register(db, zone)
    where, values = condition(node, asking)
    return where, values, {term.field for term in query.terms(node)}


def _refuse_missing(db: sqlite3.Connection, node: Node) -> None:
    """Raise NotFoundError for an id written without ``id:`` that is not in the book: it may be meant as text."""
    for term in query.terms(node):
        if not term.bare:
            continue
        letter, number = split(str(term.value))
        kind = BY_LETTER[letter]
        found = db.execute(f"SELECT 1 FROM {kind.table} WHERE id = ?", (int(number),)).fetchone()
        if not found and not (kind.can_merge and merges.survivor(db, kind.name, int(number))):
            hint = f"to search for the text: text:{term.value}"
            if not letter and len(number) >= _LEAST_DIGITS:
                hint += f", for a phone: phone:{term.value}"
            raise NotFoundError(f"there is no {kind.singular} {term.value}", hint=hint)


def condition(node: Node, asking: Asking) -> Sql:
    """Compile a node of the tree."""
    if isinstance(node, query.And | query.Or):
        return _joined(
            " AND " if isinstance(node, query.And) else " OR ", [condition(one, asking) for one in node.nodes]
        )
    if isinstance(node, query.Not):
        sql, values = condition(node.node, asking._replace(negated=not asking.negated))
        return f"NOT ({sql})", values
    if isinstance(node, query.Term):
        return _term(node, asking)
    return _text(node, asking)


def _joined(word: str, parts: list[Sql]) -> Sql:
    if not parts:
        return "1", []
    return "(" + word.join(sql for sql, _ in parts) + ")", [value for _, values in parts for value in values]


def _text(node: query.Word | query.Phrase, asking: Asking) -> Sql:
    """Find words in any text of a record; for an activity or a deal also in the names of its participants."""
    phrase = isinstance(node, query.Phrase)
    parts: list[Sql] = []
    for kind, around in ((asking.target, "{inner}"), *PARTIES.get(asking.target, ())):
        sql, value = search.matching(" ".join(node.words), kind, phrase=phrase, names=kind != asking.target)
        parts.append((around.format(inner=f"{ALIAS[kind]}.id IN ({sql})"), [value]))
    return _joined(" OR ", parts)


def _term(term: Term, asking: Asking) -> Sql:
    special: Callable[[Term, Asking], Sql] | None = flags.SPECIAL.get(term.field)
    if special and term.op not in {"has", "no"}:
        return special(term, asking)
    if term.op == "no":
        sql, values = _present(term, asking)
        return f"NOT ({sql})", values
    if term.op == "has":
        return _present(term, asking)
    sql, values = _anywhere(term, asking, _tested)
    if asking.negated and term.op in COMPARISONS:
        known, more = _present(term, asking)
        return f"(CASE WHEN {known} THEN {sql} END)", [*more, *values]
    return sql, values


PRESENT_AS = {
    "reach": "last-reach", "attempt": "last-attempt", "amount": "deal.amount", "close": "deal.close",
    "probability": "deal.probability",
}  # fmt: skip
"""A word of ``has:`` -> the field it tests, if that has a different name."""


def _present(term: Term, asking: Asking) -> Sql:
    name = PRESENT_AS.get(term.field, term.field)
    return _anywhere(term.__class__(name, "has", None, term.custom), asking, _having)


def _anywhere(term: Term, asking: Asking, test: Callable[[Source, Term, Asking], Sql]) -> Sql:
    """Test a field where it is stored: in the record itself, else in the related records.

    A deal or an activity has the tags and custom fields of its people and companies besides its own.
    """
    own = _source(term, asking.target, asking, OWN)
    is_shared = asking.target in PARTIES and (term.custom or term.field == "tag")
    if own and not is_shared:
        return test(own, term, asking)
    parts = [test(own, term, asking)] if own else []
    for kind, around in LIFTS[asking.target]:
        source = _source(term, kind, asking, LENT)
        if source:
            sql, values = test(source, term, asking)
            parts.append((around.format(inner=sql), values))
    if not parts:
        raise UsageError(f"{term.field} does not apply to {BY_NAME[asking.target].plural}")
    return _joined(" OR ", parts)


def _source(term: Term, kind: str, asking: Asking, known: dict[str, dict[str, Source]]) -> Source | None:
    """Return where a record of ``kind`` stores the term's field, or None if it has no such field."""
    found = None if term.custom else known[kind].get(term.field)
    if found or not BY_NAME[kind].has_custom or term.field not in asking.custom:
        return found
    inside = (
        f"{ALIAS[kind]}.id IN (SELECT x.{kind}_id FROM custom_field f JOIN {kind}_custom x ON x.field_id = f.id"
        " WHERE f.name = ? AND {test})"
    )
    return Source(inside, "x.value", f"own-{asking.custom[term.field]}")


def _tested(source: Source, term: Term, asking: Asking) -> Sql:
    sql, values = TESTS[source.kind](Tested(source.value, term.op, term.value, asking.starts))
    return _inside(source, term, (sql, values))


def _having(source: Source, term: Term, _: Asking) -> Sql:
    return _inside(source, term, (source.present or has_value(source.value), []))


def _inside(source: Source, term: Term, test: Sql) -> Sql:
    """Return a source's statement with the test inserted, and its values, repeated as often as the test occurs.

    The name of a custom field comes before them.
    """
    sql, values = test
    name: list[object] = [term.field] if source.kind.startswith("own-") else []
    return source.inside.replace("{test}", f"({sql})"), name + values * source.inside.count("{test}")
