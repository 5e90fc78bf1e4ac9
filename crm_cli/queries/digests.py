"""The deals that a digest skips, because one that was sent listed them less than a week ago."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm_cli.queries.agenda import Day
    from crm_cli.queries.conditions import Where

QUIET_DAYS = 7
"""How many days pass before a deal without a next step, or past its close, is listed again."""


def deal_key(deal: int | str, address: str) -> str:
    """Return the key under which a deal's last mention in a digest to an address is recorded."""
    return f"deal:{deal}:{address.lower()}"


def listed_after(day: Day) -> str:
    """Return the instant after which a deal must have been listed to be skipped; by days, as cron is not exact."""
    return day.ends(-QUIET_DAYS)


def unreported(address: str, day: Day, *, only_new: bool = False) -> Where:
    """Return the condition for deals to list: closing in the days ahead, or not listed to this address for a week.

    With ``only_new``, of those that close in the days ahead only those of today are always listed.
    """
    key = "'deal:' || d.id || ':' || ?"
    listed = f'EXISTS (SELECT 1 FROM "told" t WHERE t.key = {key} AND t.at_utc > ?)'
    values = (day.today, day.today if only_new else day.last(), address.lower(), listed_after(day))
    return f"(d.close_on >= ? AND d.close_on <= ? OR NOT {listed})", values
