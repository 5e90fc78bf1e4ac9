"""The tests of a single value, by its kind: SQL for an expression, and the values to bind."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from crm_cli.core.money import scaled
from crm_cli.core.query.parser import month_days
from crm_cli.core.text.folding import sort_key
from crm_cli.queries.money import UNITS

if TYPE_CHECKING:
    from collections.abc import Callable

Sql: TypeAlias = tuple[str, list[object]]
"""A condition and its values."""


class Tested(NamedTuple):
    """An expression, the operator and the value to compare with; ``starts`` gives the instant at which a day begins."""

    value: str
    op: str
    asked: object
    starts: Callable[[str, int], str]


def has_value(value: str) -> str:
    """Return SQL for whether there is a value."""
    return f"coalesce({value}, '') <> ''"


def _contains(folded: str, op: str, asked: str) -> Sql:
    return (f"{folded} = ?" if op == "is" else f"instr({folded}, ?) > 0"), [asked]


def _text(test: Tested) -> Sql:
    return _contains(f"crm_fold({test.value})", test.op, str(test.asked))


def _folded(test: Tested) -> Sql:
    """Test the key of a name, which has no punctuation."""
    return _contains(test.value, test.op, sort_key(str(test.asked)))


def _email(test: Tested) -> Sql:
    asked = str(test.asked)
    if test.op != "is" and asked.startswith("@"):
        return f"substr({test.value}, -{len(asked)}) = ?", [asked]
    return _contains(test.value, test.op, asked)


def _phone(test: Tested) -> Sql:
    """Test digits that are stored in reverse."""
    return f"instr({test.value}, ?) > 0", [str(test.asked)[::-1]]


def _code(test: Tested) -> Sql:
    return f"{test.value} = ?", [test.asked]


def _prefix(test: Tested) -> Sql:
    return f"{test.value} >= ? AND {test.value} < ?", [test.asked, f"{test.asked}\U0010ffff"]


_SIGNS = {"is": "=", "before": "<", "after": ">", "min": ">=", "max": "<="}


def _plain(test: Tested) -> Sql:
    """Compare days or numbers directly."""
    if isinstance(test.asked, tuple):
        return f"{test.value} BETWEEN ? AND ?", list(test.asked)
    return f"{test.value} {_SIGNS[test.op]} ?", [test.asked]


def _instant(test: Tested) -> Sql:
    """Compare an instant with days of the user's zone."""
    first, last = test.asked if isinstance(test.asked, tuple) else (str(test.asked), str(test.asked))
    begin, end = test.starts(first, 0), test.starts(last, 1)
    table: dict[str, Sql] = {
        "before": (f"{test.value} < ?", [begin]),
        "max": (f"{test.value} < ?", [end]),
        "min": (f"{test.value} >= ?", [begin]),
        "after": (f"{test.value} >= ?", [end]),
        "between": (f"({test.value} >= ? AND {test.value} < ?)", [begin, end]),
    }
    return table[test.op]


def _yearly(test: Tested) -> Sql:
    """Test a birthday: its anniversary, or the day of birth, which is unknown if the year is."""
    day = f"substr({test.value}, -5)"
    if test.op == "is":
        return f"{day} = ?", [str(test.asked)[-5:]]
    if test.op == "within" and isinstance(test.asked, tuple):
        ranges = month_days(*test.asked)
        bounds: list[object] = [bound for pair in ranges for bound in pair]
        return "(" + " OR ".join(f"{day} BETWEEN ? AND ?" for _ in ranges) + ")", bounds
    return _plain(test._replace(value=f"CASE WHEN {test.value} GLOB '[0-9]*' THEN {test.value} END"))


def _number(test: Tested) -> Sql:
    return _plain(test._replace(value=f"CAST({test.value} AS REAL)"))


def _yesno(test: Tested) -> Sql:
    wanted = ("yes", "y", "true", "1") if test.asked else ("no", "n", "false", "0")
    return f"lower({test.value}) IN (?, ?, ?, ?)", list(wanted)


def _money(test: Tested) -> Sql:
    """Compare amounts in ten-thousandths; if the query names a currency, only amounts in it match."""
    asked, currency = scaled(str(test.asked))
    test_of = f"{test.value} * {UNITS} {_SIGNS[test.op]} ?"
    return (f"(d.currency = ? AND {test_of})", [currency, asked]) if currency else (test_of, [asked])


TESTS: dict[str, Callable[[Tested], Sql]] = {
    "text": _text,
    "folded": _folded,
    "email": _email,
    "phone": _phone,
    "code": _code,
    "prefix": _prefix,
    "instant": _instant,
    "day": _plain,
    "number": _plain,
    "money": _money,
    "yearly": _yearly,
    "own-text": _text,
    "own-choice": _text,
    "own-number": _number,
    "own-date": _plain,
    "own-yesno": _yesno,
}
"""Kind of a source -> its test."""
