"""The fields of the query language as one table, for parsing, help, completion and docs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core import activities
from crm_cli.core.consent import CHANNELS
from crm_cli.core.deals import STATUSES
from crm_cli.core.query.field_table import ALIASES, IS_FLAGS, PRESENCE, TABLE
from crm_cli.core.text.folding import fold, similar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class QueryField(NamedTuple):
    """A field that can be queried.

    ``kind`` decides the format of its value: text (contains), exact, key (an id), phone, past or future (a day, with
    ``.within`` looking back or ahead), yearly (a birthday), number, money, yesno, choice (one of ``choices``), quiet,
    cadence (a span), flag (``is:``) or presence (``has:``, ``no:``).
    """

    name: str
    kind: str
    meaning: str
    example: str
    choices: tuple[str, ...] = ()
    custom: bool = False


_CHOICES = {
    "has": PRESENCE,
    "no": PRESENCE,
    "is": tuple(IS_FLAGS),
    "consent": (*CHANNELS, "none"),
    "kind": activities.KINDS,
    "direction": activities.DIRECTIONS,
    "outcome": tuple(activities.OUTCOMES),
    "priority": activities.PRIORITIES,
    "state": activities.STATUSES,
    "promise": activities.PROMISES,
    "every": ("daily", "weekly", "monthly", "yearly"),
    "deal.status": STATUSES,
}
"""Field -> the values it can have."""

FIELDS: Mapping[str, QueryField] = {row[0]: QueryField(*row, _CHOICES.get(row[0], ())) for row in TABLE}

DEAL_FIELDS: Mapping[str, QueryField] = {
    **FIELDS,
    "title": FIELDS["deal"],
    **{name.removeprefix("deal."): field for name, field in FIELDS.items() if name.startswith("deal.")},
}
"""The fields in a list of deals, where ``stage:`` is enough, and ``title:`` and ``status:`` are those of the deal."""

_CUSTOM_KINDS = {"text": "text", "number": "number", "date": "future", "yesno": "yesno", "choice": "exact"}


def with_custom(types: Mapping[str, str], ours: Mapping[str, QueryField] = FIELDS) -> dict[str, QueryField]:
    """Return the table with the user's own fields added (name to type); the built-in field wins if a name is taken.

    The user's own dates look ahead, like ``due``: ``renewal.within:60d``.
    """
    own = {
        fold(name): QueryField(name, _CUSTOM_KINDS[kind], f"your own field, {kind}", f"{name}:…", custom=True)
        for name, kind in types.items()
    }
    presence = PRESENCE + tuple(field.name for field in own.values())
    fields = {**own, **ours}
    for name in ("has", "no"):
        fields[name] = FIELDS[name]._replace(choices=presence)
    return fields


def find(name: str, fields: Mapping[str, QueryField]) -> QueryField | None:
    """Return the field with this name or alias, in any case, with underscores or hyphens, or None."""
    key = fold(name)
    for spelling in (key, key.replace("_", "-")):
        if (found := fields.get(spelling) or fields.get(ALIASES.get(spelling, ""))) is not None:
            return found
    return None


def nearest(name: str, fields: Mapping[str, QueryField]) -> str:
    """Return the name of the field nearest to a mistyped one, or ``""``."""
    near = similar(name, [*fields, *ALIASES], 1)
    return ALIASES.get(near[0], near[0]) if near else ""


def describe(fields: Mapping[str, QueryField] = FIELDS) -> Iterator[tuple[str, str, str]]:
    """Yield the name, meaning and example of each field, for help and docs."""
    for field in fields.values():
        yield field.name, field.meaning, field.example
