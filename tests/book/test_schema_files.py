"""Schema files are only appended: a book that one of them made exists somewhere."""

from __future__ import annotations

import hashlib
from pathlib import Path

from crm_cli.book import schema

FIXTURES = Path(__file__).parent.parent / "fixtures" / "books"
STATEMENTS = {
    1: "8b8dec8c9d7c6d3e",
    2: "4f31e685d63eab18",
    3: "64280e27ed6daf13",
    4: "4827094ca1922009",
    5: "25cf886a8740c301",
    6: "8b54494111f2c8a6",
    7: "13bb8787a6ec4731",
    8: "c530301ba41637e0",
    9: "e9db271c767ad374",
}
"""Number of a schema file -> the beginning of the SHA-256 of its statements. A new file gets a row; no row changes."""


def test_the_statements_of_a_schema_file_never_change():
    found = {
        number: hashlib.sha256("\n".join(schema.statements(number)).encode()).hexdigest()[:16]
        for number in range(1, schema.VERSION + 1)
    }

    assert found == STATEMENTS


def test_each_schema_since_the_third_has_a_fixture_book():
    """It is migrated, read, changed and undone by tests/book/test_fixture_books.py."""
    for number in range(3, schema.VERSION + 1):
        assert (FIXTURES / f"schema{number}.db.gz").exists(), number
