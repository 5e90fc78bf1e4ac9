"""Fixtures of imports by the command line: a file of some text, and what of it is in the book afterwards."""

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
    """Import a CSV file of these bytes or this text."""

    def run(data: bytes | str, *options: str) -> Run:
        path = tmp_path / "list.csv"
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return crm("import", str(path), *options)

    return run


@pytest.fixture
def people(crm: Crm) -> Callable[[], list[dict[str, Any]]]:
    """All people in the book, in the order of the file."""
    return lambda: json.loads(crm("list", "--sort", "id", "--json").out)


@pytest.fixture
def numbers(people: Callable[[], list[dict[str, Any]]]) -> Callable[[], list[list[str]]]:
    """The phones of all people, as they were written."""
    return lambda: [[each["value"] for each in one["phones"]] for one in people()]
