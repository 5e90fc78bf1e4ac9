"""Many rows at once: whatever is left out of a statement, the table says the same; keys checked at once are checked."""

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_cli.book import bulk
from crm_cli.errors import BookError

DEFAULTS = {"label": "", "state": "current", "preferred": 0, "born": ""}
COLUMNS = ("id", *DEFAULTS)
rows = st.tuples(
    st.sampled_from(["", "", "", "work"]),
    st.sampled_from(["current", "current", "former"]),
    st.integers(0, 1),
    st.sampled_from(["", "", "2001-02-03"]),
)


def table():
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.execute(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, label TEXT NOT NULL DEFAULT '', state TEXT NOT NULL DEFAULT 'current',"
        " preferred INTEGER NOT NULL DEFAULT 0, born TEXT, made TEXT NOT NULL)"
    )
    return db


@settings(deadline=None, max_examples=60)
@given(st.lists(rows, max_size=12), st.sampled_from([1, 10, 40, 120, 321]))
def test_what_is_written_at_once_is_what_was_to_be_written(some, number):
    """Blocks of all sizes, in which this column or that is empty throughout."""
    wanted = [(at, *some[at * len(some) // number]) for at in range(number)] if some else []
    with closing(table()) as db:
        waiting = bulk.Waiting(db, "t", COLUMNS, nullable={"born"}, always={"made": "now"}, defaults=DEFAULTS)
        for row in wanted:
            waiting.values += row
        waiting.write()
        found = db.execute("SELECT id, label, state, preferred, coalesce(born, ''), made FROM t ORDER BY id").fetchall()
        unknown = db.execute("SELECT count(*) FROM t WHERE born = ''").fetchone()[0]

    assert found == [(*row, "now") for row in wanted]
    assert unknown == 0
    assert waiting.values == []


@pytest.fixture
def family():
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        db.execute("PRAGMA foreign_keys=OFF")
        db.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        db.execute("CREATE TABLE child (parent_id INTEGER REFERENCES parent (id))")
        db.executemany("INSERT INTO parent VALUES (?)", [(3,), (4,), (6,)])
        yield db


@pytest.mark.parametrize(("child", "held"), [(3, True), (6, True), (None, True), (2, False), (7, False), (5, False)])
def test_keys_that_were_not_checked_are_checked_at_once(family, child, held):
    """A child has its parent, or none; one in a gap between parents, or beyond them, is refused."""
    family.execute("INSERT INTO child VALUES (?)", (child,))

    if held:
        bulk.check_keys(family)
    else:
        with pytest.raises(BookError, match="are inconsistent"):
            bulk.check_keys(family)


def test_a_child_without_any_parents_is_refused(family):
    family.execute("DELETE FROM parent")
    family.execute("INSERT INTO child VALUES (1)")

    with pytest.raises(BookError):
        bulk.check_keys(family)


def test_keys_that_are_checked_row_by_row_are_not_checked_again(family):
    family.execute("INSERT INTO child VALUES (99)")
    family.execute("PRAGMA foreign_keys=ON")

    bulk.check_keys(family)
