"""The pipeline: stages, the board, the totals of deals, and their vocabulary.

Unknown is not zero: a deal without an amount, or without a probability, is counted separately in every total.
"""

# No `from __future__ import annotations` here, as in records.
from collections.abc import Iterable
from typing import NamedTuple

from crm_cli.core.daily import Deal, Money
from crm_cli.core.text.folding import fold
from crm_cli.errors import UsageError

STATUSES = ("open", "won", "lost")
CERTAIN = {"won": 100, "lost": 0}
"""The outcome of a closed deal -> its probability in totals, in per cent."""


class Stage(NamedTuple):
    """A stage of the pipeline. ``place`` is its position from 1; ``probability`` is in per cent, None if unknown."""

    id: int
    name: str
    place: int
    probability: int | None
    archived: bool = False
    deals: int = 0


class StageChange(NamedTuple):
    """A deal entering a stage, or being won, lost or reopened in it; ``until`` is the next such instant, or None."""

    stage: str
    status: str
    reason: str
    at: str
    until: str | None = None


class Sum(NamedTuple):
    """The total of the deals in one currency; ``weighted_deals`` of its ``deals`` have a probability."""

    amount: Money
    deals: int
    weighted: Money
    weighted_deals: int


class Total(NamedTuple):
    """The total of some deals, per currency; deals without an amount or a probability are counted separately."""

    deals: int
    sums: tuple[Sum, ...]
    without_amount: int
    without_probability: int


class Lane(NamedTuple):
    """A stage of the board with its open deals and their total."""

    stage: Stage
    deals: tuple[Deal, ...]
    total: Total


class Board(NamedTuple):
    """The pipeline: its stages in order, the total of all open deals, and what was won and lost since a day."""

    lanes: tuple[Lane, ...]
    total: Total
    won: Total
    lost: Total
    since: str


def total(deals: Iterable[Deal]) -> Total:
    """Return the total of deals: a won deal counts in full, a lost one has no weight.

    A weighted amount is rounded once, after adding; currencies are sorted by code.
    """
    count = without_amount = without_probability = 0
    amounts: dict[str, list[int]] = {}
    for deal in deals:
        count += 1
        without_amount += deal.amount is None
        probability = CERTAIN.get(deal.status, deal.probability)
        without_probability += probability is None
        if deal.amount is None:
            continue
        found = amounts.setdefault(deal.amount.currency, [0, 0, 0, 0])
        found[0] += deal.amount.minor
        found[1] += 1
        if probability is not None:
            found[2] += deal.amount.minor * probability
            found[3] += 1
    sums = tuple(
        Sum(Money(minor, code), number, Money((hundredths + 50) // 100, code), weighted)
        for code, (minor, number, hundredths, weighted) in sorted(amounts.items())
    )
    return Total(count, sums, without_amount, without_probability)


def check_probability(text: str) -> int | None:
    """Parse ``60`` or ``60%``; an empty text is None (unknown). Raises UsageError."""
    word = fold(text).strip().removesuffix("%").strip()
    if not word:
        return None
    if not (word.isascii() and word.isdigit() and len(word) <= 3 and int(word) <= 100):
        raise UsageError(f"{text.strip()!r} is not a probability", hint="a whole number from 0 to 100, in per cent")
    return int(word)
