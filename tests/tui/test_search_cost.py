"""What a letter in the search costs, in statements, rows and modules: never in time."""

from __future__ import annotations

import subprocess
import sys

import pytest
from small_book import SmallBook
from tui_support import session

from crm_cli.book import kept
from crm_cli.tui.data import people as reads

LINES = 10


@pytest.fixture
def ashas(tmp_path, monkeypatch):
    """A book of 60 people with one name, and a terminal of a few lines."""
    monkeypatch.setenv("LINES", str(LINES))
    book = SmallBook(tmp_path / "ashas.db")
    for number in range(60):
        book.person(f"Asha Person{number}", "Acme", phone=f"098200 {number:05}", tags=("client",))
    book.save().db.close()
    return tmp_path / "ashas.db"


def always():
    return True


def test_a_letter_reads_the_visible_rows_with_few_statements_in_the_open_book(ashas):
    """The number of statements grows neither with the people found nor with the columns; nothing is checked again."""
    here = session(ashas)
    list(reads.search(here, "a", always))
    statements = []
    with kept.reading(ashas) as book:
        book.db.set_trace_callback(statements.append)

    (found,) = reads.search(here, "as", always)

    assert len(found.ids) == 60
    assert len(found.rows) == LINES
    assert 0 < len(statements) <= 14, statements
    assert not [one for one in statements if "sqlite_schema" in one or "query_only" in one]


def test_the_list_of_all_loads_what_the_first_letter_needs(ashas):
    """So that it comes as fast as the others: no module is loaded at a letter."""
    probe = (
        "import sys\n"
        "from pathlib import Path\n"
        "from crm_cli.session import Session\n"
        "from crm_cli.tui.data import people as reads\n"
        f"session = Session(Path({str(ashas)!r}), 'UTC', 'IN')\n"
        "session.today  # the heading shows it\n"
        "list(reads.search(session, '', lambda: True))\n"
        "before = set(sys.modules)\n"
        "list(reads.search(session, 'ash', lambda: True))\n"
        "print(sorted(set(sys.modules) - before))\n"
    )

    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"
