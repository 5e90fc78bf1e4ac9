"""The sections of the agenda, in their order: one table for today, agenda, digest, the dashboard, JSON and TAB.

Plain data, because completion reads it before anything else is imported.
"""

from __future__ import annotations

TITLES = {
    "overdue": "Overdue",
    "due": "Today",
    "coming": "Coming",
    "reminders": "Reminders",
    "promises": "Promises",
    "undated": "Without a date",
    "deals": "Deals",
    "birthdays": "Birthdays",
    "anniversaries": "Anniversaries",
    "reach": "People to reach",
    "failed": "Not delivered",
}
"""section -> its heading."""

SECTIONS = tuple(TITLES)

DAILY = tuple(name for name in SECTIONS if name != "undated")
"""The sections of today and the digest."""
