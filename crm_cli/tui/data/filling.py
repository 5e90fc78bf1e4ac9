"""Filling a book: a file that is imported, or the demo's data. Run in threads."""

from __future__ import annotations

from itertools import chain
from time import monotonic
from typing import TYPE_CHECKING

from crm_cli.book.book import Book
from crm_cli.demo import fill
from crm_cli.errors import CrmError, FormatError, NoAddressesError, StoppedError, UsageError, translated
from crm_cli.files import in_use
from crm_cli.render.words import counted
from crm_cli.tui.data import running
from crm_cli.tui.data.writes import Result
from crm_cli.tui.dialogs.spec import Offer, Suggestions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from crm_cli.formats.containers.contents import Member
    from crm_cli.services.importing.file import Outcome, Wish
    from crm_cli.session import Session

COUNTS = ("read", "new", "changed", "same", "rejected")
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
    """Import a file, or all that an archive or a folder holds, as ``crm import`` does; ``report`` shows the progress.

    Raises CrmError if nothing could be imported, and StoppedError if the write was ended before anything was.
    """
    from crm_cli.formats.containers import contents
    from crm_cli.formats.source import Options
    from crm_cli.services.importing import file as service

    wish = service.Wish(
        Options(region=session.region), region=session.region, today=session.today, now=session.now_utc, origin="tui"
    )
    done: list[Outcome] = []
    try:
        with contents.of_path(file) as found:
            failures: list[CrmError] = list(found.problems)
            for member in found.members:
                try:
                    done.append(_member(session, file, member, wish, report))
                except FormatError as error:
                    failures.append(error)
                except StoppedError as error:
                    if not done:
                        raise
                    failures.append(error)
                    break
    except OSError as error:
        raise translated(error) from error
    if not done:
        raise failures[0] if failures else NoAddressesError(f"{file.name}: no address data in it")
    return Result(_words(file, done), done[-1].change.ref, advice=_advice(done, failures, len(found.skipped)))


def _member(session: Session, file: Path, member: Member, wish: Wish, report: Callable[[str], object]) -> Outcome:
    """Import one file in one change."""
    from crm_cli.services.importing.file import bring_in
    from crm_cli.services.importing.rejects import rejects_of
    from crm_cli.services.vdir_folders import Vdirs

    reported = monotonic()

    def progress(read: int) -> None:
        nonlocal reported
        running.check()
        if monotonic() - reported > EVERY:
            reported = monotonic()
            report(f"{member.name}: {read:,} read…")

    running.check()
    places = rejects_of(member.file or file, session.path, "" if member.file else member.label)
    vdirs = Vdirs()
    cards = vdirs.read(member.parts or (member.file or file,))
    with member.open() as stream:
        outcome = bring_in(
            session.path, stream, wish, name=member.name, rejects=places, used=in_use(session.path, [file]),
            progress=progress, exported=vdirs.exported(cards),
        )  # fmt: skip
    if not outcome.report.rejected:
        vdirs.agree(cards)
        vdirs.save()
    if member.cards:
        outcome.report.placed(member.place)
    return outcome


def _words(file: Path, done: Sequence[Outcome]) -> str:
    counts = {name: sum(getattr(each.report, name) for each in done) for name in COUNTS}
    of = f" ({len(done)} tables)" if len(done) > 1 else ""
    return f"Imported {file.name}{of}: " + ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)


def _advice(done: Sequence[Outcome], failures: Sequence[CrmError], skipped: int) -> str:
    """Return what went wrong, what was skipped, and how to undo the import."""
    changes = [each.change.ref for each in done if each.change.ref]
    if not (changes or failures):
        return ""
    notes = [*_troubles(done, failures, skipped)]
    if changes:
        notes.append("u undoes it" if len(changes) == 1 else f"u undoes the last of {len(changes)} changes")
    return f" ({'; '.join(notes)})"


def _troubles(done: Sequence[Outcome], failures: Sequence[CrmError], skipped: int) -> Iterator[str]:
    """Yield what was not imported, and why, and the warnings."""
    if rejects := [each.report.rejects for each in done if each.report.rejects]:
        yield f"the rejected rows are in {rejects[0]}" + (" and others" if len(rejects) > 1 else "")
    if failures:
        yield f"{counted(len(failures), 'failure')}, the first: {failures[0]}"
    if skipped:
        yield f"{skipped} skipped, no address data"
    if warned := sum(each.report.warned for each in done):
        warnings = chain.from_iterable(each.report.warnings for each in done)
        yield f"{counted(warned, 'warning')}, the first: {next(warnings)}"


def check(text: str) -> str:
    """Return the size of the file that is named, or that it is a folder. Raises UsageError."""
    if not text.strip():
        raise UsageError("which file? vCard, CSV, a workbook, an archive, a folder, or a book in JSON")
    path = _path(text)
    try:
        if path.is_file():
            return f"→ {max(path.stat().st_size // 1000, 1):,} kB"
        if path.is_dir():
            return "→ a folder"
    except OSError as error:
        raise UsageError(f"{text}: {error.strerror}") from error
    raise UsageError("no such file")


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
