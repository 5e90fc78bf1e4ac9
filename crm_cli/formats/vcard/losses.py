"""Text and values of a file that could not be read as written: counted per card, reported once at the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from crm_cli.core.records import Problem
from crm_cli.formats.decoding import READ_AS
from crm_cli.formats.vcard.bytes import UNREADABLE

REPORTS = {
    "guessed": ("line is", "lines are", "neither UTF-8 nor in a CHARSET of the card; read as Windows-1252"),
    "absent": ("e-mail says", "e-mails say", "that there is no address; skipped"),
    "silent": ("phone says", "phones say", "that there is no number; skipped"),
    "unreadable": ("byte is", "bytes are", f"not UTF-8; {READ_AS}"),
}
"""Loss -> its report for one, for several, and how it was read; in the order of the report."""
_SAME_LINE = {"guessed": "unreadable"}
"""Losses that are reported with the line of the first card with either."""


def add_loss(losses: dict[str, int], name: str, number: int) -> None:
    """Add to the count of one loss."""
    if number:
        losses[name] = losses.get(name, 0) + number


class Losses:
    """The losses of a file, each with the line of the first card affected.

    ``lossy`` names the encoding if the decoder of the file already replaced what it could not read.
    """

    def __init__(self, lossy: str = "") -> None:
        self.lossy = lossy
        self.counts: dict[str, int] = {}
        self.lines: dict[str, int] = {}

    def counted(self, texts: Iterable[str]) -> Iterator[str]:
        """Yield the text unchanged, and count what its decoder replaced."""
        for text in texts:
            if not text.isascii():
                add_loss(self.counts, "unreadable", text.count(UNREADABLE))
            yield text

    def add(self, losses: Mapping[str, int], line: int) -> None:
        """Add the losses of the card that begins at ``line``."""
        for name, number in losses.items():
            add_loss(self.counts, name, number)
            self.lines.setdefault(_SAME_LINE.get(name, name), line)

    def problems(self) -> Iterator[Problem]:
        """Report each loss once."""
        reports = dict(REPORTS)
        if self.lossy:
            how = f"not valid {self.lossy}; replaced by {UNREADABLE}"
            reports["unreadable"] = ("character is", "characters are", how)
        for name, (single, several, how) in reports.items():
            if number := self.counts.get(name):
                what = f"1 {single}" if number == 1 else f"{number} {several}"
                yield Problem(self.lines.get(_SAME_LINE.get(name, name), 1), f"{what} {how}")
