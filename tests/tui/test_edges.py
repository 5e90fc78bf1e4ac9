"""Text at the right edge on a terminal that gives every vowel sign a cell of its own, as tmux does."""

from __future__ import annotations

import unicodedata
from types import SimpleNamespace

import pyte.screens
import pytest
from small_book import SmallBook
from terminal import Terminal
from wcwidth import wcwidth

NAME, COMPANY = "सुरेश कुमार नागपुरवाला", "शांति आयुर्वेद औषधालय"
EDGES = set(" ▁▂▃▄▅▆▇█")
"""What may stand in the last column: nothing, or the scroll bar."""


def spacious(char):
    """Count as tmux does."""
    return 1 if unicodedata.category(char) == "Mc" else wcwidth(char)


@pytest.fixture
def book(tmp_path):
    """Thirty people whose names are longer than any column, each with something to do and one deal among them."""
    book = SmallBook(tmp_path / "edges.db")
    for number in range(30):
        person = book.person(f"{NAME} {number}", COMPANY, title="ख़रीद प्रबंधक", tags=("ग्राहक", "मित्रमंडली"), city="नागपुर")
        book.todo("दिवाली ऑर्डर के बारे में पूछना", "2026-11-22", person)
    book.save().db.close()
    return tmp_path / "edges.db"


@pytest.mark.parametrize("size", [(80, 24), (130, 34)], ids=str)
def test_nothing_piles_up_at_the_right_edge(book, crm, monkeypatch, size):
    """Neither in a list, nor in the card, nor behind a dialog; what does not fit ends with a sign."""
    monkeypatch.setattr(pyte.screens, "wcwidth", spacious)
    combining = SimpleNamespace(combining=lambda char: not spacious(char), normalize=unicodedata.normalize)
    monkeypatch.setattr(pyte.screens, "unicodedata", combining)  # pyte drops what it takes for no mark of a letter
    for number in range(12):
        crm("--book", str(book), "deal", "add", f"दिवाली के डिब्बे {number}", "--with", str(number + 1), "amount=5000 INR")
    with Terminal(book, size=size) as terminal:
        terminal.until("Today  30")
        for keys in ([], ["v"], ["v", "l"], ["escape", "2"], ["e"], ["escape", "3"], ["m"], ["escape", "v"]):
            terminal.press(*keys)
            terminal.quiet()
            last = {terminal.screen.buffer[row][size[0] - 1].data for row in range(size[1])}
            assert last <= EDGES, (keys, terminal.text)
            if not keys:
                assert "…" in terminal.lines[3], terminal.text
        assert terminal.leave() == 0
