"""What can go wrong, each with the exit code a script sees.

Raised deep, caught once at the edge (``cli/main.py``), printed as one line on stderr.
"""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of every command. A code not listed here means failure."""

    OK = 0
    FAILED = 1
    """Could not do it."""
    USAGE = 2
    """The command line, a field, a date or a query is wrong."""
    NOT_FOUND = 3
    """Nothing found by ``find`` or by a REF."""
    AMBIGUOUS = 4
    """Several records fit a REF."""
    PARTIAL = 5
    """Done in part: some rows were rejected."""
    BOOK = 6
    """The book is damaged, foreign, or newer than this program."""
    TRY_LATER = 75
    """Locked, or refused for now."""
    INTERRUPTED = 130


class CrmError(Exception):
    """Could not do it; the message is one line that says what is wrong and what would mend it."""

    exit_code = Exit.FAILED

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class UsageError(CrmError):
    """The words given make no valid request."""

    exit_code = Exit.USAGE


class QueryError(UsageError):
    """A query that does not parse. ``position`` is the 0-based offset of the mistake in ``text``."""

    def __init__(self, message: str, *, text: str, position: int, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.text = text
        self.position = position


class NotFoundError(CrmError):
    """No record answers the REF."""

    exit_code = Exit.NOT_FOUND


class AmbiguousError(CrmError):
    """Several records answer the REF; ``candidates`` are lines to choose from."""

    exit_code = Exit.AMBIGUOUS

    def __init__(self, message: str, *, candidates: tuple[str, ...] = (), hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.candidates = candidates


class FormatError(CrmError):
    """A file that is no address book, or cannot be read as one."""


class ConflictError(CrmError):
    """Somebody else changed the record meanwhile, or later changes build on what undo would take away."""


class BookError(CrmError):
    """The book is damaged, foreign, or newer than this program."""

    exit_code = Exit.BOOK


class LockedError(CrmError):
    """Another process holds the book for longer than we wait."""

    exit_code = Exit.TRY_LATER
