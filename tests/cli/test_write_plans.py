"""No everyday write scans a large table: the plans of all statements that it executes, triggers' own apart."""

import sqlite3

import pytest

LARGE = (
    "contact", "company", "contact_point", "postal_address", "contact_tag", "contact_custom", "employment", "activity",
    "activity_participant", "reminder", "rhythm", "deal", "deal_participant", "external_ref", "source_property",
    "pending_link", "change", "change_row", "change_subject", "search_doc", "search_word", "outbox",
)  # fmt: skip
FEW = "change_undone"
"""The index of the changes that are undone at the moment, which a write walks to its end."""
WRITES = {
    "add": ("add", "Meera Iyer", "company=Acme", "meera@acme.example", "+91 98111 22222", "+client"),
    "edit": ("edit", "1", "nickname=Ash"),
    "edit a phone": ("edit", "1", "phone+=+91 98200 54321"),
    "job": ("job", "1", "Lotus Foods", "title=Buyer"),
    "log": ("log", "call", "1", "-m", "sent the samples"),
    "call": ("called", "1", "-m", "about tins", "--next", "fri: send the quote"),
    "todo": ("todo", "fri: call Asha", "--with", "1"),
    "done": ("done", "a1"),
    "move": ("move", "a1", "tomorrow"),
    "snooze": ("snooze", "a1", "2d"),
    "tag": ("tag", "1", "+fair2026"),
    "relate": ("relate", "1", "colleague", "2"),
    "remove": ("rm", "2", "--yes"),
    "a deal": ("deal", "add", "Tins", "--with", "1", "amount=500"),
    "a deal moved": ("deal", "move", "d1", "proposal"),
    "a deal won": ("deal", "win", "d1"),
    "an activity edited": ("edit", "a1", "text=send the samples"),
    "cancel": ("cancel", "a1"),
    "cadence": ("cadence", "set", "1", "monthly"),
    "stop": ("stop", "1", "email"),
    "a company": ("company", "add", "Lotus Foods", "sales@lotus.example"),
    "a company edited": ("company", "edit", "Acme", "phone=+91 98200 55555"),
    "undo": ("undo", "ch4"),
    "merge": ("merge", "1", "2", "--yes"),
}


@pytest.fixture
def asked(monkeypatch):
    """Every statement of every connection, with the first values that were bound to it."""
    found = {}

    class Cursor(sqlite3.Cursor):
        def execute(self, sql, values=()):
            found.setdefault(sql, values)
            return super().execute(sql, values)

    class Connection(sqlite3.Connection):
        def cursor(self, factory=Cursor):
            return super().cursor(factory)

        def execute(self, sql, values=()):
            found.setdefault(sql, values)
            return super().execute(sql, values)

        def executemany(self, sql, rows):
            rows = list(rows)
            if rows:
                found.setdefault(sql, rows[0])
            return super().executemany(sql, rows)

    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *args, **named: connect(*args, **named, factory=Connection))
    return found


@pytest.mark.parametrize("write", WRITES)
def test_an_everyday_write_uses_indexes(crm, book_path, asked, write):
    crm("add", "Asha Verma", "company=Acme", "asha@acme.example", "+91 98200 12345", "+client")
    crm("add", "Ravi Rao", "ravi@rao.example")
    crm("todo", "fri: send the quote", "--with", "1")
    crm("deal", "add", "Bags", "--with", "1")
    asked.clear()

    assert crm(*WRITES[write]).code == 0

    assert any(sql.startswith(("INSERT", "UPDATE")) for sql in asked)
    assert scans(book_path, dict(asked)) == []


def scans(path, asked):
    """Return the large tables that a statement walks from their first row, with the statement.

    Read from SQLite's program and not its plan, which names tables by their aliases. Values are bound, as a literal may
    let SQLite use a partial index that a value does not.
    """
    found = []
    db = sqlite3.connect(path)
    tables = dict(db.execute("SELECT rootpage, tbl_name FROM sqlite_schema WHERE name <> ?", (FEW,)))
    for sql, values in asked.items():
        if not sql.startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")):
            continue
        steps = db.execute(f"EXPLAIN {sql}", values).fetchall()
        opened = {step[2]: tables.get(step[3], "") for step in steps if step[1] in ("OpenRead", "OpenWrite")}
        walked = {opened.get(step[2], "") for step in steps if step[1] == "Rewind"}
        found += [(table, sql) for table in sorted(walked & {*LARGE}) if "LIMIT 1" not in sql]
    return found
