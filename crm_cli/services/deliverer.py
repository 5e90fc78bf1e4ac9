"""Which machine and which copy of a book deliver its reminders: one does, all others refuse.

The rows are neither journaled nor undone.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from crm_cli.queries import reminders
from crm_cli.queries.outbox import UNSENT

if TYPE_CHECKING:
    from crm_cli.book.book import Book
    from crm_cli.queries.reminders import Deliverer

MACHINE_ID = Path("/etc/machine-id")
"""The identity of an installation of Linux, which stays when the host name changes.

machine-id(5) asks not to publish it, so its checksum is stored; hashlib would take too long to import.
"""


def machine() -> str:
    """Return this machine as ``name#id``; the id is empty if the system has none."""
    try:
        text = MACHINE_ID.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        text = ""
    return f"{os.uname().nodename}#{f'{crc32(text.encode()):08x}' if text else ''}"


def is_here(found: Deliverer, path: Path) -> bool:
    """Is it this machine, and the book at this path?"""
    (name, _, ref), (own_name, _, own_ref) = found.machine.partition("#"), machine().partition("#")
    return found.path == str(path.resolve()) and (ref == own_ref if ref and own_ref else name == own_name)


def take_over(book: Book, now: str) -> int:
    """Let this machine deliver the reminders of the book at this path from now on.

    Returns the number of earlier moments that were not delivered; they are taken as passed.
    """
    values = {"machine": machine(), "path": str(book.path.resolve()), "now": now}
    with book.operation():
        book.db.execute(
            "INSERT INTO deliverer (id, machine, path, since_utc, done_until) VALUES (1, :machine, :path, :now, :now)"
            " ON CONFLICT (id) DO UPDATE"
            " SET machine = :machine, path = :path, since_utc = :now, done_until = :now",
            values,
        )
        given_up = book.db.execute(
            "UPDATE outbox SET state = 'passed', next_utc = NULL, held_until = NULL, updated_utc = :now"
            f" WHERE {UNSENT} AND next_utc <= :now AND substr(key, 1, :long) = :prefix",
            {"now": now, "long": len(reminders.PREFIX), "prefix": reminders.PREFIX},
        )
        return given_up.rowcount + reminders.passed(book.db, now)


def advance(book: Book, until: str) -> None:
    """Record that all moments up to an instant were delivered, or are in the outbox."""
    with book.operation():
        book.db.execute("UPDATE deliverer SET done_until = ? WHERE id = 1", (until,))
