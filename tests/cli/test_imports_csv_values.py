"""Values of a CSV by the command line: what a cell holds, and which person of the book a row of a newer file is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support import Run

    Crm = Callable[..., Run]


@pytest.fixture
def bring(crm: Crm, tmp_path: Path) -> Callable[..., Run]:
    """Import a file of this text."""

    def run(text: str, *options: str) -> Run:
        path = tmp_path / "list.csv"
        path.write_text(text, encoding="utf-8", newline="")
        return crm("import", str(path), *options)

    return run


@pytest.fixture
def people(crm: Crm) -> Callable[[], list[dict[str, Any]]]:
    """Everybody in the book, in the order of the file."""
    return lambda: json.loads(crm("list", "--sort", "id", "--json").out)


@pytest.fixture
def numbers(people: Callable[[], list[dict[str, Any]]]) -> Callable[[], list[list[str]]]:
    """Everybody's phones as they were written."""
    return lambda: [[each["value"] for each in one["phones"]] for one in people()]


# Blanks around quotes


@pytest.mark.parametrize(
    ("row", "notes"),
    [
        ('"Anna", "a@x.example", "Kiel, Nord", "x"', "x"),
        ('"Anna" , "a@x.example" , "Kiel, Nord" , "x" ', "x"),
        ('"Anna", a@x.example, "Kiel, Nord", "two\nlines"', "two\nlines"),
        ('Anna, a@x.example, "Kiel, Nord", "so" called', '"so" called'),
        ('Anna, a@x.example, "Kiel, Nord", 5" pipe', '5" pipe'),
    ],
)
def test_blanks_around_quotes_are_ignored(
    bring: Callable[..., Run], people: Callable[[], list[dict[str, Any]]], row: str, notes: str
) -> None:
    done = bring(f'"Name", "Email", "City", "Notes"\n{row}\nBo, b@x.example, Ulm, y\n')

    anna, bo = people()
    assert (len(done.err.splitlines()), bo["notes"]) == (1, "y")
    assert (anna["name"], anna["emails"][0]["value"], anna["custom"]) == ("Anna", "a@x.example", {})
    assert anna["notes"] == notes
    assert anna["addresses"][0]["locality"] == "Kiel, Nord"
