"""The values of query terms: folded text, days as ranges, spans as the day they reach, numbers, vocabularies."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from crm_cli.core import cadence, days, money, phones
from crm_cli.core.query.ast import Op, Term, Value
from crm_cli.core.query.field_table import PRESENCE
from crm_cli.core.text.folding import fold, similar
from crm_cli.errors import QueryError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm_cli.core.query.fields import QueryField
    from crm_cli.core.query.lexer import Token

# The meaning of signs and modifiers. Before and after are strict, min and max are not.
_SIGNS = {">": "after", "<": "before", ">=": "min", "<=": "max", "=": "is", "": ""}
_MODIFIERS = ("before", "after", "over", "within", "min", "max")
# A span is a distance from today: the sign compares the distance, so "longer ago" is an earlier day.
_SPAN_SIGNS = {"after": "over", "min": "over", "before": "within", "max": "within"}
_YES, _NO = {"yes", "y", "true", "1"}, {"no", "n", "false", "0"}


class _Refusal(Exception):  # noqa: N818
    """The reason why a value is refused; becomes a QueryError with a position."""


def term(token: Token, field: QueryField, *, text: str, today: str) -> Term:
    """Parse the value of a term by the kind of its field. Raises QueryError."""
    try:
        op, value = _READERS[field.kind](field, _asked(token, field), token.text, today)
    except (_Refusal, UsageError, ValueError, OverflowError) as err:
        reason = (
            str(err) if isinstance(err, _Refusal | UsageError) else f"{token.text[:40]!r} does not fit {field.name}"
        )
        raise QueryError(reason, text=text, position=token.start, hint=f"for example {field.example}") from err
    name = str(value) if field.kind == "presence" else field.name
    own = field.custom or (field.kind == "presence" and name not in PRESENCE)
    return Term(name, op, None if field.kind == "presence" else value, own, (token.start, token.end))


def _asked(token: Token, field: QueryField) -> str:
    """Return the comparison that the modifier or the sign means, ``""`` if there is none."""
    modifier = token.modifier.lower()
    if not modifier:
        return _SIGNS[token.sign]
    if modifier not in _MODIFIERS:
        near = similar(modifier, _MODIFIERS, 1)
        advice = f"did you mean .{near[0]}?" if near else "known are ." + ", .".join(_MODIFIERS)
        raise _Refusal(f"{field.name} has no .{token.modifier}; {advice}")
    if token.sign:
        raise _Refusal(f"{field.name}.{modifier}: takes no {token.sign} as well")
    if modifier in {"before", "after", "min", "max"} and field.kind not in {"number", "money"} and _is_span(token.text):
        raise _Refusal(f"{token.text} is a span; write {field.name}.over:{token.text} or .within:{token.text}")
    return modifier


def _only(field: QueryField, asked: str, *allowed: str) -> None:
    if asked not in ("", *allowed):
        raise _Refusal(f"{field.name} cannot be compared with .{asked}; write {field.name}:value")


def _text(field: QueryField, asked: str, value: str, _today: str) -> tuple[Op, Value]:
    _only(field, asked, "is")
    folded = fold(value).strip()
    if not folded:
        raise _Refusal(f"{value!r} has nothing to search for")
    return ("is" if asked == "is" or field.kind == "exact" else "contains"), folded


def _key(field: QueryField, asked: str, value: str, _today: str) -> tuple[Op, Value]:
    _only(field, asked, "is")
    if not re.fullmatch(r"[cad]?\d{1,12}", value.lower(), re.ASCII):
        raise _Refusal(f"{value[:40]!r} is not an id; ids look like 12, c4, a31 or d7")
    return "is", value.lower()


def _phone(field: QueryField, asked: str, value: str, _today: str) -> tuple[Op, Value]:
    _only(field, asked, "is")
    typed = phones.suffix_key(value)[::-1]
    if not typed:
        raise _Refusal(f"{value[:40]!r} holds no digits")
    return "contains", typed


def _choice(field: QueryField, asked: str, value: str, _today: str) -> tuple[Op, Value]:
    _only(field, asked, "is")
    word = fold(value).replace("_", "-").replace(" ", "-")
    if field.kind == "presence":
        word = {"last-reach": "reach", "last-attempt": "attempt", "mail": "email", "tags": "tag"}.get(word, word)
    for choice in field.choices:
        if fold(choice).replace("_", "-").replace(" ", "-") == word:
            return ("no" if field.name == "no" else "has") if field.kind == "presence" else "is", choice
    near = similar(word, field.choices, 1)
    advice = f"did you mean {field.name}:{near[0]}?" if near else "known are " + ", ".join(field.choices)
    raise _Refusal(f"{field.name}: does not know {value[:40]!r}; {advice}")


def _yesno(field: QueryField, asked: str, value: str, _today: str) -> tuple[Op, Value]:
    _only(field, asked, "is")
    if fold(value) not in _YES | _NO:
        raise _Refusal(f"{field.name}: is yes or no, not {value[:40]!r}")
    return "is", fold(value) in _YES


def _number(field: QueryField, asked: str, value: str, _today: str) -> tuple[Op, Value]:
    ops: dict[str, Op] = {"": "is", "is": "is", "before": "before", "after": "after", "min": "min", "max": "max"}
    if asked not in ops:
        raise _Refusal(f"{field.name} is a number; compare it with .min or .max")
    clean = fold(value)
    if not re.fullmatch(r"-?\d{1,15}(\.\d{1,9})?", clean, re.ASCII):
        raise _Refusal(f"{value[:40]!r} is not a number")
    return ops[asked], float(clean) if "." in clean else int(clean)


def _money(field: QueryField, asked: str, value: str, _today: str) -> tuple[Op, Value]:
    """Read an amount with or without a currency; the value stays text, which `money.scaled` parses."""
    ops: dict[str, Op] = {"": "is", "is": "is", "before": "before", "after": "after", "min": "min", "max": "max"}
    if asked not in ops:
        raise _Refusal(f"{field.name} is an amount; compare it with .min or .max")
    money.scaled(value)
    return ops[asked], fold(value).strip()


def _is_span(value: str) -> bool:
    return bool(re.fullmatch(r"\d+[a-z]+", value.lower(), re.ASCII))


def _away(value: str, today: str, direction: int) -> str:
    """Return the day that is a span from today, backwards (-1) or forwards (1)."""
    return (date.fromisoformat(today) + timedelta(days=direction * days.span(value))).isoformat()


def _range(value: str, today: str) -> tuple[str, str]:
    """Read a day or a range, or ``first..last``."""
    first, dots, last = value.partition("..")
    if not dots:
        return days.date_range(value, today)
    bounds = days.date_range(first, today)[0], days.date_range(last, today)[1]
    if bounds[0] > bounds[1]:
        raise _Refusal(f"{value[:40]!r} ends before it begins")
    return bounds


def _day(field: QueryField, asked: str, value: str, today: str) -> tuple[Op, Value]:
    """Read a day, a range, or a span from now: back for fields in the past, ahead for those in the future."""
    if _is_span(value) or asked in {"over", "within"}:
        return _span(field, asked, value, today)
    first, last = _range(value, today)
    bounds: dict[str, tuple[Op, Value]] = {
        "": ("between", (first, last)), "is": ("between", (first, last)), "before": ("before", first),
        "after": ("after", last), "min": ("min", first), "max": ("max", last),
    }  # fmt: skip
    return bounds[asked]


def _span(field: QueryField, asked: str, value: str, today: str) -> tuple[Op, Value]:
    """Read ``.over:30d``, more than 30 days ago (or ahead), or ``.within:30d``, since then (or until then)."""
    if asked not in {"over", "within", "after", "before", "min", "max"}:
        raise _Refusal(f"{field.name}:{value[:40]} is a span; write {field.name}.within:{value} or .over:{value}")
    ahead = field.kind in {"future", "yearly"}
    limit = _away(value, today, 1 if ahead else -1)
    if _SPAN_SIGNS.get(asked, asked) == "over":
        return ("after" if ahead else "before"), limit
    return "between", (today, limit) if ahead else (limit, today)


def _yearly(field: QueryField, asked: str, value: str, today: str) -> tuple[Op, Value]:
    """Read a birthday: words and spans mean its anniversary, digits with a year the day of birth."""
    if asked == "within" and ".." in value:
        return "within", _range(value, today)
    if _is_span(value):
        if asked not in {"within", "before", "max"}:
            raise _Refusal(f"{field.name} repeats every year; write {field.name}.within:30d")
        return "within", _span(field, asked, value, today)[1]
    if re.match(r"\d{4}(?!\d)", value, re.ASCII):
        return _day(field, asked, value, today)
    if asked not in {"", "is", "within"}:
        raise _Refusal(f"{field.name} repeats every year; write {field.name}:this-month or {field.name}.within:30d")
    try:
        return "within", days.date_range(value, today)
    except UsageError:
        birthday = days.parse_birthday(value)
        return ("is", birthday) if birthday[0] == "-" else ("between", (birthday, birthday))


def _quiet(_field: QueryField, asked: str, value: str, today: str) -> tuple[Op, Value]:
    """Read how long there was no contact, as the day since when."""
    if asked not in {"", "over", "after", "min"}:
        raise _Refusal("quiet: takes how long they were not reached; for the opposite write last-reach.within:60d")
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        return "over", days.date_range(value, today)[0]
    return "over", _away(value, today, -1)


def _cadence(field: QueryField, asked: str, value: str, _today: str) -> tuple[Op, Value]:
    _only(field, asked, "is")
    return "is", cadence.parse(value)


_READERS: dict[str, Callable[[QueryField, str, str, str], tuple[Op, Value]]] = {
    "text": _text, "exact": _text, "key": _key, "phone": _phone, "past": _day, "future": _day, "yearly": _yearly,
    "number": _number, "money": _money, "yesno": _yesno, "choice": _choice, "flag": _choice,
    "presence": _choice, "quiet": _quiet, "cadence": _cadence,
}  # fmt: skip


def month_days(first: str, last: str) -> list[tuple[str, str]]:
    """Return the ranges of ``MM-DD`` in which a yearly day falls between two days; both ends included.

    Two ranges if the period crosses a New Year. In a common year 29 February is celebrated on 1 March, so a range that
    includes such a 1 March includes 02-29 too.
    """
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    if (end - begin).days >= 365:
        return [("01-01", "12-31")]
    one, two = first[5:], last[5:]
    ranges = [(one, two)] if begin.year == end.year else [(one, "12-31"), ("01-01", two)]
    march = [date(year, 3, 1) for year in {begin.year, end.year} if days.month_end(date(year, 2, 1)).day == 28]
    covered = any(low <= "02-29" <= high for low, high in ranges)
    if not covered and any(begin <= day <= end for day in march):
        ranges.append(("02-29", "02-29"))
    return ranges
