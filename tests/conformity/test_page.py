"""The page of the checks and the tests that drive them say the same."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "conformity.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| ([CDPT]\d\d) \| .* \| (test|measured|not|later) \| .*\|$", PAGE, re.MULTILINE))


def marked() -> set[str]:
    """Return the ids that the marks of all tests name."""
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    marks = (mark for text in texts for mark in re.findall(r"^@pytest\.mark\.conv\((.*)\)$", text, re.MULTILINE))
    return {found for mark in marks for found in re.findall(r"[A-Z]\d\d", mark)}


def test_every_check_that_a_test_holds_has_one():
    assert {check for check, result in ROWS.items() if result == "test"} == marked()


def test_the_counts_are_those_of_the_table():
    counts = Counter(ROWS.values())
    held = counts["test"] + counts["measured"]

    assert sum(PAGE.count(f"\n| {part}") for part in "CDPT") == len(ROWS)
    assert (
        f"\n{len(ROWS)} checks: {held} held ({counts['test']} by tests, {counts['measured']} measured by hand), "
        f"{counts['not']} not, {counts['later']} later.\n"
    ) in PAGE
