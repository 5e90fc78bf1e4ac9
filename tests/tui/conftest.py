"""Fixtures: a small book of people, with something to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from small_book import SmallBook
from support import made_once

from crm_cli.tui.dialogs import form
from crm_cli.tui.screens import page

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch, surroundings: dict[str, str]) -> None:
    """The card follows at once, and nothing of the machine's user is seen."""
    monkeypatch.setattr(page, "RESTS", 0.001)
    monkeypatch.setattr(form, "RESTS", 0.001)


@pytest.fixture
@made_once
def people(book_path: Path) -> Path:
    """Four people: a day with something overdue, due, coming, undated, a birthday, and one to reach."""
    book = SmallBook(book_path)
    asha = book.person(
        "Asha Verma", "Acme", title="CTO", email="asha@acme.in", phone="098200 12345", city="Pune", tags=("client",)
    )
    ravi = book.person("Ravi Kumar", "Globex", phone="020 2553 1234", birthday="1990-11-24")
    book.person("王小明", city="台北", tags=("client", "vip"))
    zoe = book.person("Zoë Quiet", "Initech")
    book.todo("send the quote", "2026-11-20", asha)
    book.todo("call back", "2026-11-22", ravi, time="15:00", kind="call")
    book.todo("lunch", "2026-11-25", asha, ravi, kind="meeting")
    book.todo("tidy the session")
    for month in ("06", "07", "08"):
        book.done("call", f"2026-{month}-10T10:00:00Z", zoe, subject="how are you", reach=2)
    book.insert("cadence", contact_id=zoe, every="2m")
    book.done("call", "2026-11-10T10:00:00Z", asha, subject="the price", body="Agreed.\nAlmost.", reach=2)
    book.save()
    book.db.close()
    return book_path
