"""Many rows at once: blocks of any size are written whole."""

import sqlite3
from contextlib import closing

from hypothesis import given, settings
from hypothesis import strategies as st

from crm_cli.book import bulk

COLUMNS = ("id", "label", "state", "preferred", "born")
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
    """Blocks of all sizes."""
    wanted = [(at, *some[at * len(some) // number]) for at in range(number)] if some else []
    with closing(table()) as db:
        waiting = bulk.Waiting(db, "t", COLUMNS, nullable={"born"}, always={"made": "now"})
        for row in wanted:
            waiting.values += row
            waiting.write(rest=False)
        assert len(waiting.values) // len(COLUMNS) == number % 100 if some else not waiting.values
        waiting.write()
        found = db.execute("SELECT id, label, state, preferred, coalesce(born, ''), made FROM t ORDER BY id").fetchall()
        unknown = db.execute("SELECT count(*) FROM t WHERE born = ''").fetchone()[0]

    assert found == [(*row, "now") for row in wanted]
    assert unknown == 0
    assert waiting.values == []
