"""The old voice does not come back: in texts, docstrings, comments and names of the program, nor in its pages."""

from __future__ import annotations

import re
import tokenize
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("README.md", "CHANGELOG.md")


class Habit(NamedTuple):
    """A pattern, what to write instead, an example of the habit, and lines in which the words are right."""

    pattern: str
    instead: str
    example: str
    allowed: tuple[str, ...] = ()


HABITS = {
    "is no": Habit(
        r"(?<![Tt]here )\b(is|are) (no (?!longer|more)(?=\w)|none\b)",
        "is not a, is invalid, there is no",
        "'x' is no number",
    ),
    "another than": Habit(r"\banother than\b", "other than, different from", "another than the book"),
    "somebody": Habit(
        r"(?i:\b(some|every|no)body\b|\bwhom\b|\bwhoever\b)",
        "a person, people, who, no match",
        "nobody answered",
        ("everybody everyone", "crm email nobody"),  # words that users type, in a table and in an example
    ),
    "tells": Habit(
        r"\b(tells|told|telling)\b", "prints, shows, reports, says", "settings tell, a note tells more", ('"told"',)
    ),
    "stands": Habit(r"\b(stands|stood)\b(?! for)", "is, is listed, belongs to", "the company it stands in"),
    "found out": Habit(r"\b(found|find|finds) out\b", "detected", "[found out]"),
    "less than nothing": Habit(r"\bless than nothing\b", "must not be negative", "is less than nothing"),
    "so many": Habit(r"\bso (many|long) (before|days|as it)\b|\bmost so many\b", "at most 20", "at most so many"),
    "leave out": Habit(
        r"\b([Ll]eaves?|[Ll]eft|[Ll]eaving) (it |them |the \w+ )?out\b", "skip, ignore, drop", "leave it out"
    ),
    "take no notice": Habit(r"\bno notice of\b", "skip, ignore", "takes no notice of"),
    "take back": Habit(
        r"\b(take|takes|taken|taking|bring|brings|brought) \w* ?(back|again)\b",
        "undo, restore, revert",
        "brings it back",
    ),
    "anew": Habit(r"\banew\b", "again, recreated", "made anew"),
    "parts": Habit(r"\bwhat parts\b|\bparted\b", "separates, delimiter, split", "what parts the cells"),
    "hold together": Habit(r"\bhold together\b", "are consistent", "the records do not hold together"),
    "answers to": Habit(r"\banswers? to (a|the|it|that) name\b|\bnobody answers\b", "matches", "answers to the name"),
    "goes with": Habit(r"\b(go|goes|going) along\b|\bgoes with\b", "belongs to, is moved with", "it goes along"),
    "speaks of": Habit(r"\bspeaks? of\b", "refers to", "speaks of a stage"),
    "shall": Habit(r"\bshall\b", "must, should, will", "where the book shall be"),
    "lent": Habit(r"\bcannot be lent\b", "cannot open an editor here", "a terminal that cannot be lent"),
}

NAME = re.compile(
    r"(?:^|_)(told|said|whom|tell|tells|telling|complain|complains|somebody|nobody|everybody|stands|standing|anew"
    r"|desk|doing|doings|early|lookups|quick)(?:_|$)"
)
"""Words of a name that say nothing of what it holds."""


class Line(NamedTuple):
    """A line of a file that people read."""

    place: str
    text: str


@cache
def lines() -> tuple[Line, ...]:
    """Return the texts, docstrings and comments of the program, and its pages, line by line."""
    found = []
    for path in sorted((ROOT / "crm_cli").rglob("*.py")):
        for token in _tokens(path):
            if token.type in (tokenize.STRING, tokenize.COMMENT):
                for number, text in enumerate(token.string.splitlines(), token.start[0]):
                    found.append(Line(f"{path.relative_to(ROOT)}:{number}", text.strip()))
    pages = [*sorted((ROOT / "docs").rglob("*.md")), *(ROOT / name for name in PAGES)]
    for path in pages:
        for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            found.append(Line(f"{path.relative_to(ROOT)}:{number}", text))
    return tuple(found)


def names() -> set[Line]:
    """Return the words that the program's names are made of, each where it occurs first."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "crm_cli").rglob("*.py")):
        found.setdefault(path.stem, str(path.relative_to(ROOT)))
        for token in _tokens(path):
            if token.type == tokenize.NAME:
                found.setdefault(token.string, f"{path.relative_to(ROOT)}:{token.start[0]}")
    return {Line(place, name) for name, place in found.items()}


@cache
def _tokens(path: Path) -> tuple[tokenize.TokenInfo, ...]:
    with path.open("rb") as file:
        return tuple(tokenize.tokenize(file.readline))


@pytest.mark.parametrize("habit", HABITS.values(), ids=HABITS)
def test_texts_and_pages_are_plain_english(habit: Habit) -> None:
    """See the table above for what to write instead."""
    pattern = re.compile(habit.pattern)

    wrong = [
        line for line in lines() if pattern.search(line.text) and not any(one in line.text for one in habit.allowed)
    ]

    assert not wrong, "\n".join([f"write instead: {habit.instead}", *(f"{place}: {text}" for place, text in wrong)])


def test_names_say_what_they_hold() -> None:
    wrong = sorted(line for line in names() if NAME.search(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", line.text).lower()))

    assert not wrong, "\n".join(f"{place}: {name}" for place, name in wrong)


@pytest.mark.parametrize("habit", HABITS.values(), ids=HABITS)
def test_each_pattern_finds_its_habit(habit: Habit) -> None:
    assert re.search(habit.pattern, habit.example)
