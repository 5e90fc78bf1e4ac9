"""Filling a book: a file that is imported, or the demo's data. Run in threads."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from crm_cli.book.book import Book
from crm_cli.demo import fill
from crm_cli.errors import CrmError, UsageError, translated
from crm_cli.files import in_use
from crm_cli.render.words import counted
from crm_cli.tui.data import running
from crm_cli.tui.data.writes import Result
from crm_cli.tui.dialogs.spec import Offer, Suggestions

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
    """Import a file in one change, as ``crm import`` does; ``report`` shows the progress.

    Raises CrmError, and StoppedError if the write was ended: nothing is changed then.
    """
    from crm_cli.formats.source import Options
    from crm_cli.services.importing import file as service
    from crm_cli.services.importing.rejects import rejects_of

    reported = monotonic()

    def progress(read: int) -> None:
        nonlocal reported
        running.check()
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
    return f" ({'; '.join([*notes, 'u undoes it'])})" if outcome.change.ref else ""


def check(text: str) -> str:
    """Return the size of the file that is named. Raises UsageError."""
    if not text.strip():
        raise UsageError("which file? vCard, CSV, or a book in JSON")
    path = _path(text)
    try:
        if path.is_file():
            return f"→ {max(path.stat().st_size // 1000, 1):,} kB"
    except OSError as error:
        raise UsageError(f"{text}: {error.strerror}") from error
    raise UsageError(f"{path} is a folder" if path.is_dir() else "no such file")


def _path(text: str) -> Path:
    from pathlib import Path

    return Path(text.strip()).expanduser()


def files(_: Session, text: str) -> Suggestions:
    """Return the paths that go on as a text does; folders end with a slash."""
    path = _path(text)
    folder, start = (path, "") if text.endswith("/") else (path.parent, path.name)
    try:
        if not text.strip() or path.is_file():
            return Suggestions()
        found = sorted(one for one in folder.iterdir() if _goes_on(one.name, start))
        offers = [Offer(f"{one}{'/' * one.is_dir()}", one.name + "/" * one.is_dir()) for one in found[:OFFERED]]
    except (OSError, ValueError):
        return Suggestions()
    return Suggestions("", tuple(offers))


def _goes_on(name: str, start: str) -> bool:
    return name.startswith(start) and (bool(start) or not name.startswith("."))


OFFERED = 6
"""How many files are offered while a path is typed."""
