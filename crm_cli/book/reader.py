"""Opening the book with few imports, for shell completion, which answers at a keystroke.

Only for an existing book that is ours and has the current schema. For anything else the caller lets the command itself
answer, which reports what is wrong.
"""

from __future__ import annotations

import os
import sqlite3
import sys

from crm_cli.book import fingerprint
from crm_cli.book.schema import VERSION

APPLICATION_ID = 0x43524D31
"""The value in `crm_cli.book.opening`; a test checks that they are equal."""

BUSY_SECONDS = 2.0
"""How long a keystroke waits for a writer."""


def book_path(given: str = "") -> str:
    """Return the book's path, as `crm_cli.config.book_path` does, or ``""`` if only platformdirs knows it."""
    chosen = given or os.environ.get("CRM_BOOK", "")
    if chosen:
        return os.path.expanduser(chosen)  # noqa: PTH111 - pathlib costs as much as the answer
    if sys.platform != "linux":
        return ""
    data = os.environ.get("XDG_DATA_HOME", "").strip() or os.path.expanduser("~/.local/share")  # noqa: PTH111
    return f"{data}/crm/crm.db"


def open_book(given: str = "") -> sqlite3.Connection | None:
    """Open the book read-only, or return None if there is no book of ours."""
    path = book_path(given)
    if not path or not os.path.isfile(path):  # noqa: PTH113
        return None
    name = os.path.abspath(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")  # noqa: PTH100
    try:
        db = sqlite3.connect(f"file:{name}?mode=rw", uri=True, timeout=BUSY_SECONDS)
        known = [db.execute(f"PRAGMA {what}").fetchone()[0] for what in ("application_id", "user_version")]
        db.execute("PRAGMA query_only=ON")
        db.execute("PRAGMA trusted_schema=OFF")
        return db if known == [APPLICATION_ID, VERSION] and fingerprint.is_ours(db) else None
    except sqlite3.Error:
        return None
