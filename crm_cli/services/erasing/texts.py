"""Removing the words that name a person from the texts of other records, and from all copies of those texts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from crm_cli.core.erasure import redacted_row
from crm_cli.core.text.folding import fold, sort_key
from crm_cli.queries import by_column
from crm_cli.queries.personal import IDENTITY, joined, text_columns

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from crm_cli.core.mentions import Naming

ALWAYS = frozenset(
    {"tag", "deal", "segment", "import_run", "external_ref", "pending_link", "merge", "merge_row", "outbox"}
)
"""Tables in which a name is a label or a copy, and is redacted without asking; of deals, the title."""
_ASKED = {"deal": frozenset({"notes", "reason", "source"})}
_KEYS: dict[str, dict[str, Callable[[str], str]]] = {
    "company": {"name_key": sort_key},
    "deal": {"title_key": sort_key},
    "tag": {"name_key": fold},
    "segment": {"name_key": fold},
    "relationship": {"name_key": sort_key},
}
"""table -> the columns that are made from the text of another column."""
_JSON = frozenset({"before", "after"})


def is_asked(table: str, column: str) -> bool:
    """Is a mention in this column the user's own text, so that they decide whether it is redacted?"""
    return table not in ALWAYS or column in _ASKED.get(table, ())


def redact(db: sqlite3.Connection, pattern: Naming, *, everything: bool) -> int:
    """Redact the texts of the book that name the person, or only those of `ALWAYS`; return how many rows changed."""
    db.create_function(
        "names_them", 1, lambda text: bool(text) and pattern.search(text) is not None, deterministic=True
    )
    changed = 0
    for table, columns in text_columns(db).items():
        chosen = [column for column in columns if everything or not is_asked(table, column)]
        if chosen:
            changed += _redact_table(db, table, chosen, pattern)
    return changed + _redact_journal(db, pattern, everything=everything)


def _redact_table(db: sqlite3.Connection, table: str, columns: list[str], pattern: Naming) -> int:
    key = [name for (name,) in db.execute("SELECT name FROM pragma_table_info(?) WHERE pk ORDER BY pk", (table,))]
    rows = list(by_column.rows(db.execute(f"SELECT * FROM {table} t WHERE names_them({joined(columns)})")))
    for row in rows:
        made = _made(table, row, columns, pattern)
        changed = {column: value for column, value in made.items() if value != row[column]}
        if not changed:
            continue
        _free(db, table, made, changed)
        _update(db, table, {column: row[column] for column in key}, changed)
    return len(rows)


def _update(db: sqlite3.Connection, table: str, key: dict[str, Any], changed: dict[str, Any]) -> None:
    """Change columns of the row that has these values of the columns of its key."""
    sets = ", ".join(f"{column} = ?" for column in changed)
    where = " AND ".join(f"{column} = ?" for column in key)
    db.execute(f"UPDATE {table} SET {sets} WHERE {where}", [*changed.values(), *key.values()])


def _made(table: str, row: dict[str, Any], columns: list[str], pattern: Naming) -> dict[str, Any]:
    """Return a row with the texts of ``columns`` redacted; JSON of rows is redacted value by value."""
    images = {
        column: _image(str(row["tbl"]), row[column], pattern) for column in _JSON & set(columns) if row.get(column)
    }
    keep = {*IDENTITY.get(table, ()), *images, *(column for column in row if column not in columns)}
    return redacted_row(row, pattern, keep, _KEYS.get(table, {})) | images


def _free(db: sqlite3.Connection, table: str, made: dict[str, Any], changed: dict[str, Any]) -> None:
    """Number a redacted name that another row has already, where names are unique."""
    if table in {"tag", "segment"} and "name" in changed:
        key, number = made["name_key"], 1
        while db.execute(f"SELECT 1 FROM {table} WHERE name_key = ?", (key,)).fetchone():
            number += 1
            changed["name"] = f"{made['name']} {number}"
            key = fold(changed["name"])
        changed["name_key"] = key
    if table == "external_ref" and "key" in changed:
        changed["key"] = f"{changed['key']} {made['id']}"


def _redact_journal(db: sqlite3.Connection, pattern: Naming, *, everything: bool) -> int:
    """Redact the images of the journal in the same way as the rows, so that their changes can still be undone."""
    rows = db.execute(
        "SELECT id, tbl, before, after FROM change_row WHERE names_them(before) OR names_them(after)"
    ).fetchall()
    for ref, table, before, after in rows:
        made = [_image(table, image, pattern, everything=everything) for image in (before, after)]
        db.execute("UPDATE change_row SET before = ?, after = ? WHERE id = ?", (*made, ref))
    return len(rows)


def _image(table: str, image: str | None, pattern: Naming, *, everything: bool = True) -> str | None:
    """Return the JSON of a row, redacted like the row itself."""
    if not image:
        return image
    row = json.loads(image)
    keep = {*IDENTITY.get(table, ())} | {column for column in row if not everything and is_asked(table, column)}
    made = redacted_row(row, pattern, keep, _KEYS.get(table, {}))
    return image if made == row else json.dumps(made, ensure_ascii=False, separators=(",", ":"))
