"""What a line of a list is about, as a sign of one cell: no emoji, none that terminals draw wider than others."""

from __future__ import annotations

GLYPHS = {
    "call": "✆",
    "meeting": "⇄",
    "email": "@",
    "message": "»",
    "letter": "⊠",
    "note": "✎",
    "task": "☐",
    "deal": "◊",
    "birthday": "✶",
    "anniversary": "✧",
    "reach": "☾",
}
"""kind of an activity, or what else is listed -> its sign."""
