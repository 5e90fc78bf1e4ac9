"""The errors of the program, each with its exit code.

They are raised in the lower layers, caught once in ``cli/main.py`` and printed as one line on stderr.
"""

from __future__ import annotations

import errno
from enum import IntEnum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Exit(IntEnum):
    """Exit codes of all commands. Any other code means failure."""

    OK = 0
    FAILED = 1
    USAGE = 2
    NOT_FOUND = 3
    AMBIGUOUS = 4
    PARTIAL = 5
    BOOK = 6
    TRY_LATER = 75
    INTERRUPTED = 130


EXIT_MEANINGS = (
    (Exit.OK, "Done. An empty list, or nothing due, is not a failure."),
    (Exit.FAILED, "The operation failed."),
    (Exit.USAGE, "The command line, a field, a date or a query is wrong."),
    (Exit.NOT_FOUND, "No match for `find` or for a REF (an id, an e-mail, a phone or a name)."),
    (Exit.AMBIGUOUS, "A REF matches several records."),
    (Exit.PARTIAL, "Partly done: some rows were rejected."),
    (Exit.BOOK, "The book is damaged, is not a crm book, or was written by a newer crm; or the disk is full."),
    (Exit.TRY_LATER, "The book is locked by another program, or a message cannot be delivered now. Try again later."),
    (Exit.INTERRUPTED, "Interrupted with Ctrl-C."),
)
"""What each exit code means, for help, documentation and the manual page."""


class Hint:
    """Advice that names a command or a key, as a code with values; each face words it for its own user.

    `render/hints.py` has the wording for the command line, `tui/hints.py` for the dashboard; a test compares the codes.
    Advice that is the same everywhere (``did you mean city?``) is a plain string instead.
    """

    def __init__(self, code: str, **values: object) -> None:
        self.code, self.values = code, values


class CrmError(Exception):
    """A failure; the message is one line that says what is wrong, the hint says what to do.

    ``field`` is the name of the assignment or of the answer that is wrong, if it is one.
    """

    exit_code = Exit.FAILED

    def __init__(self, message: str, *, hint: str | Hint = "", field: str = "") -> None:
        super().__init__(message)
        self.hint = hint
        self.field = field


def worded(hint: str | Hint, words: Mapping[str, str]) -> str:
    """Return a hint in the ``words`` of a face (code -> text)."""
    return hint if isinstance(hint, str) else words[hint.code].format(**hint.values)


def explained(error: CrmError, words: Mapping[str, str]) -> str:
    """Return an error with its hint in the ``words`` of a face, in one line."""
    hint = worded(error.hint, words)
    return f"{error} ({hint})" if hint else str(error)


class UsageError(CrmError):
    """The arguments are not a valid request."""

    exit_code = Exit.USAGE


class PlacedError(UsageError):
    """A text that does not parse. ``position`` is the 0-based offset of the error in ``text``."""

    def __init__(self, message: str, *, text: str, position: int, hint: str | Hint = "") -> None:
        super().__init__(message, hint=hint)
        self.text = text
        self.position = position


class QueryError(PlacedError):
    """A query that does not parse."""


class NotFoundError(CrmError):
    """No record matches the REF."""

    exit_code = Exit.NOT_FOUND


class AmbiguousError(CrmError):
    """Several records match the REF; ``candidates`` are lines to choose from."""

    exit_code = Exit.AMBIGUOUS

    def __init__(
        self, message: str, *, candidates: tuple[str, ...] = (), hint: str | Hint = "", field: str = ""
    ) -> None:
        super().__init__(message, hint=hint, field=field)
        self.candidates = candidates


class FormatError(CrmError):
    """A file that is not an address book, or cannot be read as one."""


class NoAddressesError(FormatError):
    """A file of something else: a picture, a web page, a calendar, a table without people."""


class OtherKindError(FormatError):
    """A table of records that are not imported: invoices, tickets, users."""


class ConflictError(CrmError):
    """The record was changed by another process, or undo would revert something that later changes depend on."""


class StaleError(ConflictError):
    """The record was changed since it was read for editing."""


class BookError(CrmError):
    """The book is damaged, foreign, or newer than this program."""

    exit_code = Exit.BOOK


class LockedError(CrmError):
    """Another process held the lock on the book for longer than we wait."""

    exit_code = Exit.TRY_LATER


class DeliveryError(CrmError):
    """A message was not delivered, and trying again without a change will not help."""


class TryLaterError(DeliveryError):
    """A message was not delivered now (the server refused for the moment, or did not respond); a later try may work."""

    exit_code = Exit.TRY_LATER


class StoppedError(CrmError):
    """The user ended a wait or a write; nothing was changed."""

    exit_code = Exit.INTERRUPTED

    def __init__(self) -> None:
        super().__init__("stopped; nothing was changed")


class UnforeseenError(CrmError):
    """An unexpected error: a bug, or the effect of a damaged book."""


SQLITE: dict[str, tuple[type[CrmError], str]] = {
    "SQLITE_BUSY": (LockedError, "the book is locked by another program; try again"),
    "SQLITE_FULL": (BookError, "the disk is full; nothing was changed"),
    "SQLITE_READONLY": (BookError, "the book is read-only; nothing was changed"),
    "SQLITE_CORRUPT": (BookError, "the book is damaged"),
    "SQLITE_IOERR": (BookError, "the disk failed; the book is as it was before"),
    "SQLITE_CANTOPEN": (BookError, "cannot open the book's file"),
    "SQLITE_CONSTRAINT_FOREIGNKEY": (CrmError, "the record was removed meanwhile; nothing was changed"),
}
"""The prefix of an SQLite error name -> our exception and its message."""

UNICODE = {
    UnicodeEncodeError: "an argument is not valid UTF-8 text",
    UnicodeDecodeError: "standard input is not valid UTF-8 text",
}

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
"""Error numbers for a full disk or an exceeded quota."""


def unwritable(path: Path | str, error: OSError) -> CrmError:
    """Return the error that reports that a file could not be written, and why."""
    if error.errno in FULL:
        return BookError(f"the disk is full; {path} was not written")
    return CrmError(f"cannot write {path}: {error.strerror}")


def is_interrupt(error: Exception) -> bool:
    """Was this Ctrl-C while a class was being made? Python 3.11 raises a RuntimeError of its own then."""
    return isinstance(error.__cause__, KeyboardInterrupt)


def translated(error: Exception) -> CrmError:
    """Convert an SQLite or system error to a CrmError; a CrmError is returned unchanged."""
    if isinstance(error, CrmError):
        return error
    error = getattr(error, "orig", None) or error  # the original error, if SQLAlchemy wrapped it
    found = _of_sqlite(getattr(error, "sqlite_errorname", "") or "")
    if found:
        return found
    for kind, words in UNICODE.items():
        if isinstance(error, kind):
            return UsageError(words)
    if isinstance(error, OSError) and error.strerror:
        return _of_system(error)
    return UnforeseenError(f"{type(error).__name__}: {error}", hint=Hint("bug"))


def _of_sqlite(name: str) -> CrmError | None:
    """Return our error for the name of an SQLite error, or None if there is none."""
    for start, (mapped, message) in SQLITE.items():
        if name.startswith(start):
            return mapped(message, hint=Hint("damaged") if start == "SQLITE_CORRUPT" else "")
    return None


def _of_system(error: OSError) -> CrmError:
    if error.errno in FULL:
        return BookError("the disk is full" + (f"; {error.filename} was not written" if error.filename else ""))
    where = f"{error.filename}: " if error.filename else ""
    return CrmError(f"{where}{error.strerror}")
