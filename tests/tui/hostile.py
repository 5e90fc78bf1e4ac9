"""Names that somebody else wrote, made by chance; and what may be written to a terminal."""

from __future__ import annotations

import random
import re

from support import HOSTILE

PIECES = (
    *HOSTILE[:12],
    *("[bold]", "[/]", "[@click=app.quit]quit", "\x1b[2J", "\x1b]0;owned\x07", "\x9d0;owned\x9c", "\u202e", "\u2066"),
    *("\u200b", "\u200d", "\ufeff", "\n", "\r", "\t", "\0", "\x07", "\x08", "\udcff", "é" + "\u0301" * 30, "王小明"),
    *(
        "हिन्दी",
        "محمد",
        "עברית",
        "👩‍👩‍👧",
        "🇮🇳",
        "👍🏽",
        "❤️",
        "ไทย",
        "한국어",
        "𝔘𝔫𝔦",
        "\U000e0041",
        "\ufffe",
        "ﷺ",
        "Ω≈ç√",
    ),
    *(
        "a b",
        "O'Brien",
        "%s",
        "{0}",
        "\\",
        "$primary",
        "#ff0000",
        "&amp;",
        "<b>",
        "\x1bP1$r\x1b\\",
        "\x1b_G\x1b\\",
        "—",
    ),
)


def names(count: int, seed: int) -> list[str]:
    """Return so many names, the same for the same seed; as text of a book they have no lone surrogates."""
    chance = random.Random(seed)
    found = []
    for _ in range(count):
        text = "".join(chance.choice(PIECES) for _ in range(chance.randint(1, 5)))[:400]
        found.append(text.encode("utf-8", "replace").decode("utf-8"))
    return found


OURS = re.compile(
    r"\x1b\[[0-9;?<>=$]*[A-Za-z]"  # cursor, colours, modes
    r"|\x1b\[[0-9;?]*\$p"
    r"|\x1b[=>78]"
    r"|\x1b\]22;[a-z]*\x07"  # the mouse pointer's shape
    r"|\x1b\]52;c;[A-Za-z0-9+/=]*\x07"  # a copy to the clipboard
    r"|\r|\n"
)
"""What the dashboard itself says to a terminal."""
STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]"
)
SENT = re.compile(r"\x1b\[(?![0-9;]*m)(?!\d+(;\d+)?[HG])(?!\?\d+[hl])[^A-Za-z]*[A-Za-z]")
"""Sequences that are neither colours, places nor modes."""


def steering(written: str) -> list[str]:
    """Return what is in a terminal's input that the dashboard has no business to write."""
    return STEERING.findall(OURS.sub("", written))


def unusual(written: str) -> set[str]:
    """Return sequences that only a start or an end should have."""
    return set(SENT.findall(written))
