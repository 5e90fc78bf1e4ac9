"""The themes: dark, light, and none, which uses only the terminal's own colours.

Every text has a contrast of at least 4.5 on every ground (WCAG 2.2, 1.4.3), also in the 256 colours that Rich picks for
them: greys with a saturation below 15 % stay greys there. For terminals with 16 colours, dark and light have other
palettes. ``faint`` is only for lines and scroll bars, never for text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from textual.theme import Theme

if TYPE_CHECKING:
    from typing import Literal


class Palette(NamedTuple):
    """The colours of a theme."""

    background: str
    surface: str
    panel: str
    cursor: str
    """The row under the cursor of the list that has the focus, and of one that has not."""
    cursor_blurred: str
    field: str
    """The field of a form that has the focus."""
    selection: str
    here: str
    """The tab of the current screen, and its text."""
    here_text: str
    foreground: str
    lit: str
    """Text on the cursor row and in selections."""
    muted: str
    hint: str
    faint: str
    primary: str
    secondary: str
    accent: str
    warning: str
    error: str
    success: str


def _theme(name: str, of: Palette, *, dark: bool) -> Theme:
    return Theme(
        name=name,
        dark=dark,
        primary=of.primary,
        secondary=of.secondary,
        accent=of.accent,
        warning=of.warning,
        error=of.error,
        success=of.success,
        foreground=of.foreground,
        background=of.background,
        surface=of.surface,
        panel=of.panel,
        variables={
            "muted": of.muted,
            "hint": of.hint,
            "faint": of.faint,
            "lit": of.lit,
            "cursor": of.cursor,
            "cursor-blurred": of.cursor_blurred,
            "field": of.field,
            "here": of.here,
            "here-text": of.here_text,
            "block-cursor-background": of.cursor,
            "block-cursor-foreground": of.lit,
            "input-cursor-background": of.foreground,
            "input-cursor-foreground": of.background,
            "input-selection-background": of.selection,
            "input-selection-foreground": of.lit,
            "screen-selection-background": of.selection,
            "screen-selection-foreground": of.lit,
            "footer-key-foreground": of.primary,
        },
    )


DARK = Palette(
    background="#15171b",
    surface="#1b1d22",
    panel="#23262c",
    cursor="#2a2f38",
    cursor_blurred="#202329",
    field="#2a2f38",
    selection="#2f4a78",
    here="#2a2f38",
    here_text="#ffffff",
    foreground="#ced3dc",
    lit="#ffffff",
    muted="#a0a5ae",
    hint="#999ea7",
    faint="#4a4f58",
    primary="#8ab4ff",
    secondary="#bba4f0",
    accent="#87b9d2",
    warning="#e0ab68",
    error="#ff8f95",
    success="#95c095",
)
LIGHT = Palette(
    background="#fbfbfa",
    surface="#f3f3f1",
    panel="#e9e9e6",
    cursor="#d9e3f6",
    cursor_blurred="#e7e7e4",
    field="#d9e3f6",
    selection="#b9d0f5",
    here="#d9e3f6",
    here_text="#000000",
    foreground="#24292f",
    lit="#000000",
    muted="#555a61",
    hint="#5a5f66",
    faint="#b9b9b5",
    primary="#1d4fa3",
    secondary="#6a2fa0",
    accent="#0f5f70",
    warning="#6b4300",
    error="#a3161c",
    success="#1f6230",
)

BLACK, RED, BLUE, MAGENTA, CYAN, GREY = "#000000", "#aa0000", "#0000aa", "#aa00aa", "#00aaaa", "#aaaaaa"
BRIGHT_RED, BRIGHT_GREEN, BRIGHT_YELLOW, BRIGHT_MAGENTA = "#ff5555", "#55ff55", "#ffff55", "#ff55ff"
BRIGHT_CYAN, WHITE = "#55ffff", "#ffffff"
"""Colours of Rich's standard palette: on a terminal with 16 colours, each becomes the colour of its name."""

DARK_OF_16 = Palette(
    background=BLACK,
    surface=BLACK,
    panel=BLACK,
    cursor=BLUE,
    cursor_blurred=BLACK,
    field=BLUE,
    selection=BLUE,
    here=BLUE,
    here_text=WHITE,
    foreground=WHITE,
    lit=WHITE,
    muted=GREY,
    hint=GREY,
    faint=GREY,
    primary=BRIGHT_CYAN,
    secondary=BRIGHT_MAGENTA,
    accent=CYAN,
    warning=BRIGHT_YELLOW,
    error=BRIGHT_RED,
    success=BRIGHT_GREEN,
)
LIGHT_OF_16 = Palette(
    background=WHITE,
    surface=WHITE,
    panel=WHITE,
    cursor=BLUE,
    cursor_blurred=WHITE,
    field=GREY,
    selection=BLUE,
    here=BLUE,
    here_text=WHITE,
    foreground=BLACK,
    lit=WHITE,
    muted=BLACK,
    hint=BLUE,
    faint=GREY,
    primary=BLUE,
    secondary=MAGENTA,
    accent=BLUE,
    warning=RED,
    error=RED,
    success=BLUE,
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
            "muted", "hint", "faint", "lit", "cursor", "cursor-blurred", "field", "here", "here-text", "border",
            "border-blurred", "ansi-background", "ansi-foreground", "block-cursor-foreground",
            "block-cursor-background", "input-cursor-background", "input-cursor-foreground",
            "input-selection-background", "input-selection-foreground", "scrollbar", "scrollbar-hover",
            "scrollbar-active", "scrollbar-background", "scrollbar-background-hover", "scrollbar-background-active",
            "scrollbar-corner-color", "block-hover-background", "screen-selection-background",
            "screen-selection-foreground", "footer-key-foreground",
        ),
        PLAIN,
    )
    | {"input-cursor-text-style": "reverse", "block-cursor-text-style": "reverse"},
)  # fmt: skip
"""Only bold, dim and reverse distinguish things."""

PALETTES = {"dark": DARK, "light": LIGHT}
PALETTES_OF_16 = {"dark": DARK_OF_16, "light": LIGHT_OF_16}
NAMES = (*PALETTES, NONE.name)
FEW = {"standard", "windows"}
"""Rich's names of the colour systems with 16 colours."""


def themes(*, few_colors: bool = False) -> tuple[Theme, ...]:
    """Return the themes, in the order of `NAMES`, for a terminal with all or with 16 colours."""
    palettes = PALETTES_OF_16 if few_colors else PALETTES
    return (*(_theme(name, of, dark=name == "dark") for name, of in palettes.items()), NONE)


def has_few_colors() -> bool:
    """Has the terminal, as Rich detects it from TERM and COLORTERM, only 16 colours?"""
    from rich.console import Console
    from textual import constants

    asked = cast("Literal['auto']", constants.COLOR_SYSTEM)
    return (Console(color_system=asked, force_terminal=True).color_system or "") in FEW


def after(name: str) -> str:
    """Return the name of the theme that comes after ``name``."""
    return NAMES[(NAMES.index(name) + 1) % len(NAMES)] if name in NAMES else NAMES[0]
