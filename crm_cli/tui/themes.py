"""The three themes: dark, light, and none, which uses only the terminal's own colours."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="dark",
    dark=True,
    primary="#7aa2f7",
    secondary="#9d8cd6",
    accent="#7fb4ca",
    warning="#d9a05b",
    error="#e46876",
    success="#87a987",
    foreground="#cdd3de",
    background="#14171c",
    surface="#191d24",
    panel="#222831",
    variables={
        "muted": "#7f8a99",
        "hint": "#6b7686",
        "faint": "#4b5563",
        "cursor": "#2a3340",
        "cursor-blurred": "#1f252e",
        "input-selection-background": "#2f4a78",
        "footer-key-foreground": "#7aa2f7",
    },
)

LIGHT = Theme(
    name="light",
    dark=False,
    primary="#2f5fb3",
    secondary="#6f4fae",
    accent="#1f7a8c",
    warning="#a15c07",
    error="#b3261e",
    success="#3d7a46",
    foreground="#24292f",
    background="#fbfaf7",
    surface="#f2f0ea",
    panel="#e8e5dd",
    variables={
        "muted": "#69707a",
        "hint": "#85888e",
        "faint": "#b5b2a9",
        "cursor": "#dbe4f5",
        "cursor-blurred": "#ebe9e3",
        "input-selection-background": "#b9d0f5",
        "footer-key-foreground": "#2f5fb3",
    },
)

PLAIN = "ansi_default"
NONE = Theme(
    name="none",
    ansi=True,
    primary=PLAIN,
    secondary=PLAIN,
    accent=PLAIN,
    warning=PLAIN,
    error=PLAIN,
    success=PLAIN,
    foreground=PLAIN,
    background=PLAIN,
    surface=PLAIN,
    panel=PLAIN,
    boost=PLAIN,
    variables=dict.fromkeys(
        (
            "muted", "hint", "faint", "cursor", "cursor-blurred", "border", "border-blurred", "ansi-background",
            "ansi-foreground", "block-cursor-foreground", "block-cursor-background", "input-cursor-background",
            "input-cursor-foreground", "input-selection-background", "input-selection-foreground", "scrollbar",
            "scrollbar-hover", "scrollbar-active", "scrollbar-background", "scrollbar-background-hover",
            "scrollbar-background-active", "scrollbar-corner-color", "block-hover-background",
            "screen-selection-background", "screen-selection-foreground", "footer-key-foreground",
        ),
        PLAIN,
    )
    | {"input-cursor-text-style": "reverse", "block-cursor-text-style": "reverse"},
)  # fmt: skip
"""Only bold, dim and reverse distinguish things."""

THEMES = {theme.name: theme for theme in (DARK, LIGHT, NONE)}


def after(name: str) -> str:
    """Return the theme that comes after ``name``."""
    names = list(THEMES)
    return names[(names.index(name) + 1) % len(names)] if name in names else names[0]
