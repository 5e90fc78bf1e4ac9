"""Filling a book: a file that is imported, or the demo's data. Run in threads."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from crm_cli.book.book import Book
from crm_cli.demo import fill
from crm_cli.errors import CrmError, UsageError, translated
from crm_cli.files import in_use
from crm_cli.render.words import counted
from crm_cli.tui.data.writes import Result

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from crm_cli.services.importing.file import Outcome
    from crm_cli.session import Session

EVERY = 0.25
"""Seconds between two reports of the progress."""


def is_empty(session: Session) -> bool:
    """Does the book hold nothing yet?"""
    with Book.read(session.path) as book:
        return fill.is_empty(book.db)


def examples(session: Session) -> Result:
    """Fill an empty book with the demo's data. Raises CrmError if it is not empty."""
    if not is_empty(session):
        raise CrmError("this book is not empty; the examples would get in between")
    made = fill.fill(session, "tui")
    return Result(f"Added {made.people} people, {made.companies} companies and {made.deals} deals as examples", "")


def bring_in(session: Session, file: Path, report: Callable[[str], object]) -> Result:
    """Import a file in one change, as ``crm import`` does; ``report`` shows the progress. Raises CrmError."""
    from crm_cli.formats.source import Options
    from crm_cli.services.importing import file as service
    from crm_cli.services.importing.rejects import rejects_of

    reported = monotonic()

    def progress(read: int) -> None:
        nonlocal reported
        if monotonic() - reported > EVERY:
            reported = monotonic()
            report(f"{file.name}: {read:,} read…")

    wish = service.Wish(
        Options(region=session.region), region=session.region, today=session.today, now=session.now_utc, origin="tui"
    )
    try:
        with file.open("rb") as stream:
            outcome = service.bring_in(
                session.path, stream, wish, name=file.name, rejects=rejects_of(file, session.path),
                used=in_use(session.path, [file]), progress=progress,
            )  # fmt: skip
    except OSError as error:
        raise translated(error) from error
    return Result(_words(file, outcome), outcome.change.ref, advice=_advice(outcome))


def _words(file: Path, outcome: Outcome) -> str:
    found = outcome.report
    names = ("new", "changed", "same", "rejected")
    counts = [f"{getattr(found, name):,} {name}" for name in names if getattr(found, name)]
    return f"Imported {file.name}: {', '.join([f'{found.read:,} read', *counts])}"


def _advice(outcome: Outcome) -> str:
    found = outcome.report
    notes = [f"the rejected rows are in {found.rejects}"] if found.rejects else []
    if found.warned:
        notes.append(f"{counted(found.warned, 'warning')}, the first: {found.warnings[0]}")
    return f" ({'; '.join([*notes, 'u takes it back'])})" if outcome.change.ref else ""


def listed(path: Path) -> list[str]:
    """Return the names in a folder that begin as a path does; folders end with a slash."""
    folder, start = (path, "") if path.is_dir() else (path.parent, path.name)
    try:
        found = sorted(folder.iterdir())
    except OSError:
        return []
    return [
        one.name + "/" * one.is_dir()
        for one in found
        if one.name.startswith(start) and (start or not one.name.startswith("."))
    ]


def check(text: str) -> str:
    """Return the size of the file that is named. Raises UsageError, with the names that go on as the text does."""
    from pathlib import Path

    if not text.strip():
        raise UsageError("which file? vCard, CSV, or a book in JSON")
    path = Path(text.strip()).expanduser()
    try:
        if path.is_file():
            return f"→ {max(path.stat().st_size // 1000, 1):,} kB"
        names = listed(path)
    except OSError as error:
        raise UsageError(f"{text}: {error.strerror}") from error
    raise UsageError("no such file" if not names else "  ".join(names[:SHOWN]) + ("  …" if len(names) > SHOWN else ""))


SHOWN = 8
"""How many names are shown while a path is typed."""
