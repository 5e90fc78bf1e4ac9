"""Import the files named on the command line: plain files, folders and what archives hold; report each on stderr."""

from __future__ import annotations

import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from crm_cli.cli import progress, reporting
from crm_cli.cli.context import session
from crm_cli.cli.output import notify
from crm_cli.errors import CrmError, NoAddressesError, OtherKindError, UsageError, translated
from crm_cli.render.clean import clean
from crm_cli.render.words import counted
from crm_cli.services.vdir_folders import Vdirs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import typer

    from crm_cli.formats.containers.contents import Contents, Member
    from crm_cli.services.importing.entries import Report
    from crm_cli.services.importing.file import Outcome, Wish

COUNTS = ("read", "new", "changed", "same", "rejected")
SHOWN_WARNINGS = 10
"""How many warnings of a file are printed; the rest are counted."""
SHOWN_SKIPPED = 5
"""How many skipped members of a container are named; all are counted."""


@dataclass(slots=True)
class Run:
    """The import of all files named on the command line. ``refused``: a member has records of a kind not imported."""

    ctx: typer.Context
    wish: Wish
    place: Path | None
    used: Mapping[Path, str]
    outcomes: list[Outcome] = field(default_factory=list)
    worst: int = 0
    refused: bool = False
    imported: set[str] = field(default_factory=set)
    vdirs: Vdirs = field(default_factory=Vdirs)

    def files(self, names: Sequence[str]) -> None:
        """Import all files, and what containers hold; if one of several fails, the others are still imported."""
        several = len(names) > 1
        with ExitStack() as held:
            found: list[tuple[str, Contents]] = []
            for name in names:
                with self.failing(alone=not several):
                    found.append((name, held.enter_context(contents_of(name, held, several=several))))
            alone = not several and found[0][1].is_plain
            if self.place and sum(len(contents.members) for _, contents in found) > 1:
                raise UsageError("--rejects is for one file", hint="each of several gets its own FILE.rejects")
            todo = [(name, contents, member) for name, contents in found for member in contents.members]
            for name, contents, member in sorted(todo, key=lambda each: each[2].kind):
                with self.failing(alone=alone, contents=contents, member=member):
                    self.member(name, member)
            for name, contents in found:
                with self.failing(alone=not several):
                    self.rest(name, contents)
        self.vdirs.save()

    @contextmanager
    def failing(self, *, alone: bool, contents: Contents | None = None, member: Member | None = None) -> Iterator[None]:
        """Report the failure of one of several files, and go on; that of a single one is raised."""
        try:
            yield
        except (CrmError, OSError) as error:
            if alone:
                raise
            if contents and member and member.path and isinstance(error, NoAddressesError):
                contents.skipped.append(member.path)
                return
            code = reporting.report(translated(error), as_json=session(self.ctx).json)
            if member and member.path and isinstance(error, OtherKindError):
                self.refused = True
            else:
                self.worst = max(self.worst, code)

    def member(self, file: str, member: Member) -> None:
        """Import one file, or one member of a container."""
        from crm_cli.services.importing.batches import outcomes

        given = member.file or (None if file == "-" else Path(file))
        cards = self.vdirs.read(member.parts or ((given,) if given else ()))
        done: list[Outcome] = []
        try:
            with member.open() as stream, progress.shown(self.ctx, member.name, stream) as report:
                found = outcomes(
                    session(self.ctx).path, stream, self.wish, name=member.name, rejects=self.rejects(given, member),
                    used=self.used, progress=report, exported=self.vdirs.exported(cards),
                )  # fmt: skip
                done.extend(found)
        finally:
            # Batches that are in the book are reported even if the import was interrupted after them.
            for outcome in done:
                self.took(file, member, outcome)
        if not (self.wish.dry_run or any(outcome.report.rejected for outcome in done)):
            self.vdirs.agree(cards)

    def rejects(self, given: Path | None, member: Member) -> Sequence[Path]:
        """Return where the rejected rows of a member of the file ``given`` go, in order of preference."""
        from crm_cli.services.importing.rejects import rejects_of

        if self.place:
            return (self.place,)
        return rejects_of(given, session(self.ctx).path, "" if member.file else member.label)

    def took(self, file: str, member: Member, outcome: Outcome) -> None:
        """Report what was imported of a file or a member: all of it, or a batch."""
        if member.cards:
            outcome.report.placed(member.place)
        self.outcomes.append(outcome)
        self.imported.add(file)
        session(self.ctx).did(outcome.change)
        _report(self.ctx, _shown(file, member.path), outcome)

    def rest(self, file: str, contents: Contents) -> None:
        """Report what a container has that was not imported. Raises NoAddressesError if it has nothing to import."""
        for problem in contents.problems:
            self.worst = max(self.worst, reporting.report(problem, as_json=session(self.ctx).json))
        if not contents.is_container:
            return
        shown = _shown(file)
        names = sorted(contents.skipped, key=lambda path: "(" not in path)
        listed = _listed(names)
        if not self.worst and not self.refused and file not in self.imported:
            raise NoAddressesError(f"{shown}: no address data in it" + (f" ({listed})" if listed else ""))
        if gone := self.vdirs.missing(Path(file)) if file != "-" else []:
            what = counted(len(gone), "file of the last export is", "files of the last export are")
            notify(self.ctx, f"{shown}: {what} missing; the people stay in the book (crm export lists them)")
        if names:
            notify(self.ctx, f"{shown}: {len(names)} skipped, no address data: {listed}")


def _listed(names: Sequence[str]) -> str:
    """Return the first names of what was skipped."""
    return clean(", ".join(names[:SHOWN_SKIPPED])) + (", …" if len(names) > SHOWN_SKIPPED else "")


def _shown(file: str, path: str = "") -> str:
    """Return the name of a file as the user typed it, and of a member in it."""
    name = clean("standard input" if file == "-" else file)
    return f"{name.rstrip('/')}/{clean(path)}" if path else name


def contents_of(file: str, held: ExitStack, *, several: bool) -> Contents:
    """Return what a file, a folder or standard input holds; ``held`` closes what it is read from."""
    from crm_cli.formats.containers import contents
    from crm_cli.services.importing.file import seekable

    if file != "-":
        return contents.of_path(Path(file), one_of_several=several)
    if sys.stdin.isatty():
        raise UsageError("standard input is a terminal; - needs a pipe", hint="crm import FILE, or pipe a file in")
    given = sys.stdin.buffer
    stream = seekable(given)
    if stream is not given:
        held.enter_context(stream)
    return contents.of_stream(stream, "standard input")


def _report(ctx: typer.Context, shown: str, outcome: Outcome) -> None:
    """Report the result for a file on stderr."""
    found, change = outcome.report, outcome.change
    for warning in found.warnings[:SHOWN_WARNINGS]:
        notify(ctx, f"{shown}: {clean(warning)}")
    if found.warned > SHOWN_WARNINGS:
        notify(ctx, f"{shown}: {found.warned - SHOWN_WARNINGS} more warnings")
    counts = ", ".join(f"{getattr(found, name)} {name}" for name in COUNTS)
    ending = " (dry run: nothing was changed)" if change.dry_run else f" [{change.ref}]" if change.ref else ""
    notify(ctx, f"{shown}: {counts}{ending}")
    for fact in _facts(found):
        notify(ctx, f"{shown}: {fact}")
    if outcome.mapping and found.encoding != "utf-8":
        notify(ctx, f"{shown}: read as {found.encoding}")
    if found.rejects:
        notify(ctx, f"{shown}: the rejected rows are in {clean(found.rejects)}")


def _facts(found: Report) -> Iterator[str]:
    """Yield what else to know about the records of a file: doubles, consent, activities, and links that wait."""
    if found.likely:
        people = counted(found.likely, "new person is", "new people are")
        yield f"{people} likely in the book twice (crm dupes lists them)"
    if found.stopped:
        people, query = counted(found.stopped, "person", "people"), "not:consent:email OR not:consent:phone"
        yield f"{people} must not be called or emailed (crm list {query})"
    if any(found.activities):
        activities = counted(sum(found.activities), "activity", "activities")
        new, altered, same = found.activities
        yield f"{activities} of theirs: {new} new, {altered} changed, {same} same"
    if found.beside:
        yield f"{counted(found.beside, 'person', 'people')} came with them"
    if found.pending:
        links = counted(found.pending, "link waits", "links wait")
        yield f"{links} for people, companies or deals that are not in the book yet"
