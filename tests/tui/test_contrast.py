"""Every text can be read on every ground: a contrast of at least 4.5 (WCAG 2.2, 1.4.3) in each number of colours."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rich._palettes import EIGHT_BIT_PALETTE, STANDARD_PALETTE
from rich.color import Color, ColorSystem, ColorType
from tui_support import drive, press, session

from crm_cli import tui
from crm_cli.tui import themes

LEAST = 4.5
VGA = [tuple(STANDARD_PALETTE[number]) for number in range(16)]
"""The 16 colours of a Linux console, which are also Rich's."""
XTERM = [
    (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
    (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255),
    (255, 255, 255),
]  # fmt: skip
SEEN = {
    "all": lambda color: tuple(color.triplet),
    "256": lambda color: tuple(EIGHT_BIT_PALETTE[color.downgrade(ColorSystem.EIGHT_BIT).number]),
    "16 of VGA": lambda color: VGA[color.downgrade(ColorSystem.STANDARD).number],
    "16 of xterm": lambda color: XTERM[color.downgrade(ColorSystem.STANDARD).number],
}
"""colours of a terminal -> what it makes of a colour."""
MANY, FEW = ("all", "256"), ("16 of VGA", "16 of xterm")

DECORATION = {"faint"}
"""Colours of lines and scroll bars, which say nothing that is not said in words."""
TEXTS = ("foreground", "lit", "muted", "hint", "primary", "secondary", "accent", "warning", "error", "success")
GROUNDS = ("background", "surface", "panel", "cursor_blurred")
OWN = {"selection": ("lit",), "here": ("here_text",)}
"""Grounds with a text of their own."""
UNDER_THE_CURSOR = dict.fromkeys(("cursor", "field"), TEXTS)
UNDER_THE_CURSOR_OF_FEW = {"cursor": ("lit",), "field": ("foreground", "muted", "hint", "primary")}
"""With few colours, all text of a row under the cursor is ``lit``, and no other text is."""
DRAWN = set("─│▏▌▁▂▃▄▅▆▇█╭╮╰╯ ")
"""Lines, frames, bars and scroll bars."""


def luminance(color):
    parts = (part / 255 for part in color)
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def pairs(kind):
    """The grounds of a palette and the texts on them."""
    if kind == "many":
        return {**dict.fromkeys(GROUNDS, TEXTS), **OWN, **UNDER_THE_CURSOR}
    return {**dict.fromkeys(GROUNDS, tuple(set(TEXTS) - {"lit"})), **OWN, **UNDER_THE_CURSOR_OF_FEW}


@pytest.mark.parametrize("name", themes.PALETTES)
@pytest.mark.parametrize(
    ("kind", "palettes", "seen"),
    [("many", themes.PALETTES, of) for of in MANY] + [("few", themes.PALETTES_OF_16, of) for of in FEW],
)
def test_every_text_of_a_theme_can_be_read_on_every_ground(name, kind, palettes, seen):
    palette, made = palettes[name], SEEN[seen]
    found = {
        (text, ground): contrast(*(made(Color.parse(getattr(palette, part))) for part in (text, ground)))
        for ground, texts in pairs(kind).items()
        for text in texts
    }

    assert {pair: round(value, 1) for pair, value in found.items() if value < LEAST} == {}


def test_the_style_sheets_use_no_other_colours():
    """What is added there is added to the table above."""
    styles = "\n".join(path.read_text() for path in (Path(tui.__file__).parent / "styles").glob("*.tcss"))
    texts = set(re.findall(r"(?<![\w-])color: \$([\w-]+)", styles))
    grounds = set(re.findall(r"background: \$([\w-]+)", styles))

    assert texts <= {*TEXTS, *DECORATION, "here-text", "background", "input-cursor-foreground"}
    assert grounds <= {*GROUNDS, *OWN, "cursor", "cursor-blurred", "field", "primary", "input-cursor-background"}


def test_a_palette_of_16_is_of_the_16():
    """Each of its colours is what it says, and none is a mixture."""
    assert {
        tuple(Color.parse(color).triplet) for palette in themes.PALETTES_OF_16.values() for color in palette
    } <= set(VGA)


def unreadable(app, seen):
    """The texts on the screen that have too little contrast, with their colours; those behind a dialog are dimmed."""
    found = set()
    dialog = app.screen.query(".dialog").first().region if app.screen.is_modal else app.screen.region
    for strip in app.screen._compositor.render_strips()[dialog.y : dialog.bottom]:
        for text, style, _ in strip.crop(dialog.x, dialog.right):
            if style and style.color and style.bgcolor and not DRAWN.issuperset(text):
                assert {style.color.type, style.bgcolor.type} == {ColorType.TRUECOLOR}, (text, style)
                sides = (style.bgcolor, style.color) if style.reverse else (style.color, style.bgcolor)
                if contrast(*map(SEEN[seen], sides)) < LEAST:
                    found.add((text.strip(), str(style), seen))
    return found


SHOWN = (
    [], ["d"], ["escape"], ["v", "tab"], ["2"], ["space", "j"], ["tab"], ["slash"], ["=colour:x"], ["escape"],
    ["escape"], ["c"], ["tab"], ["escape"], ["f2"], ["3"], ["right"], ["c"], ["escape"], ["question_mark"], ["escape"],
    ["ctrl+p"], ["=a"], ["escape"], ["u"],
)  # fmt: skip
"""Keys that lead from one thing to look at to the next."""


@pytest.mark.conv("T19")
@pytest.mark.parametrize("name", themes.PALETTES)
@pytest.mark.parametrize("few", [False, True], ids=["many", "few"])
def test_what_is_drawn_can_be_read(people, crm, name, few):
    """Lists, cards, dialogs, mistakes, messages: each letter on the ground that it has on the screen."""
    crm("deal", "add", "Boxes", "--with", "1", "amount=99.95 EUR", "close=2026-11-20")

    async def look(pilot):
        for keys in SHOWN:
            await press(pilot, *keys)
            for seen in FEW if few else MANY:
                assert unreadable(pilot.app, seen) == set(), keys

    drive(session(people, theme=name), look, size=(144, 40), few_colors=few, notifications=True)
