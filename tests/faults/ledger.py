"""The counts of docs/reliability.md: each fault test prints its own, and fails when the page says something else.

``CRM_LEDGER=write pytest tests/faults`` writes the page anew.
"""

from __future__ import annotations

import fcntl
import os
import re
from pathlib import Path

WRITE = os.environ.get("CRM_LEDGER") == "write"
"""Read before a test hides the machine's surroundings from the program."""
PAGE = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"


def count(fault: str, *, tried: int, held: int) -> None:
    """Print how many of the faults tried the program withstood, and compare with the page's row for ``fault``.

    The row begins with ``| fault | tried | held |``; what follows it is written by hand.
    """
    print(f"{fault}: {tried} tried, {held} held")
    row = re.compile(rf"^\| {re.escape(fault)} \| [\d,]* \| [\d,]* \|", re.MULTILINE)
    wanted = f"| {fault} | {tried:,} | {held:,} |"
    with PAGE.open("r+", encoding="utf-8") as page:
        fcntl.flock(page, fcntl.LOCK_EX)
        text = page.read()
        found = row.search(text)
        assert found, f"docs/reliability.md has no row for {fault!r}: add one, {wanted} and what is checked"
        if WRITE:
            page.seek(0)
            page.write(text[: found.start()] + wanted + text[found.end() :])
            page.truncate()
            return
    assert found[0] == wanted
