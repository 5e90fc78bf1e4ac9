"""Prepare the records of a file: name them, validate them, assign their keys; rejected rows are stored separately."""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crm_cli.core import kinds, matching, names
from crm_cli.core.records import Draft, Problem
from crm_cli.formats.base import base_text, from_base, without_about, without_card
from crm_cli.services.importing.match import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crm_cli.services.importing.rejects import Rejects
    from crm_cli.services.importing.sets import Sets

WARNINGS = 1000
"""How many warnings are kept; the rest are only counted."""


class Ids:
    """Printed ids of people and companies, ``12`` and ``c4``; each is stored as the number of its search document."""

    def __init__(self) -> None:
        self.held = array("q")

    def add(self, kind: str, ref: int) -> None:
        """Add a record of ``kind`` (a table)."""
        self.held.append(kinds.document(kind, ref))

    def span(self, kind: str) -> tuple[int, int] | None:
        """Return the lowest and the highest id of a kind, or None."""
        refs = [document // kinds.SPREAD for document in self.held if document % kinds.SPREAD == kinds.number(kind)]
        return (min(refs), max(refs)) if refs else None

    def __iter__(self) -> Iterator[str]:
        """Yield the ids as they are printed."""
        return (f"{kinds.RECORDS[kind].letter}{ref}" for kind, ref in map(kinds.record, self.held))


@dataclass(slots=True)
class Report:
    """The result of importing a file; ``warned`` counts all warnings."""

    file: str = ""
    format: str = ""
    encoding: str = ""
    read: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    rejected: int = 0
    warned: int = 0
    conflicts: int = 0
    stopped: int = 0
    """How many people must not be called or mailed, by what the file says and the book did not."""
    beside: int = 0
    """How many people came with a file of deals or activities."""
    activities: tuple[int, int, int] = (0, 0, 0)
    """How many activities that came with a file of people are new, changed, and the same."""
    pending: int = 0
    """How many links wait for a record that is not in the book yet."""
    likely: int = 0
    """How many new people share their name and an e-mail or a phone with another person."""
    rejects: str = ""
    warnings: list[str] = field(default_factory=list)
    new_ids: Ids = field(default_factory=Ids)
    changed_ids: Ids = field(default_factory=Ids)

    def warn(self, text: str, line: int = 0) -> None:
        """Keep a warning for the user."""
        self.warned += 1
        if len(self.warnings) < WARNINGS:
            self.warnings.append(f"line {line}: {text}" if line else text)

    def count_known(self, kind: str, ref: int, *, changed: bool) -> None:
        """Count a record that was in the book before."""
        if changed:
            self.changed += 1
            self.changed_ids.add(kind, ref)
        else:
            self.same += 1

    def placed(self, place: Callable[[int], str]) -> None:
        """Name the places of the warnings in the files that were read together as one."""
        self.warnings = [_LINE.sub(lambda found: place(int(found[1])), text, count=1) for text in self.warnings]


_LINE = re.compile(r"\Aline (\d+)(?=: )")


def report_problem(problem: Problem, report: Report, rejects: Rejects | None) -> None:
    """Report a problem of a file; a rejected row is counted and stored."""
    if problem.rejected:
        report.read += 1
        reject(problem.line, problem.reason, problem.raw, report, rejects)
    else:
        report.warn(problem.reason, problem.line)


def reject(line: int, reason: str, raw: tuple[str, ...], report: Report, rejects: Rejects | None) -> None:
    """Report a row that was read and cannot be imported, and store it."""
    report.rejected += 1
    if rejects is not None:
        rejects.add(line, reason, raw)
    report.warn(f"rejected: {reason}", line)


class Entries:
    """Turns the drafts of one file into entries."""

    def __init__(self, report: Report, sets: Sets | None, rejects: Rejects | None) -> None:
        self.report, self.sets, self.rejects = report, sets, rejects
        self.keys: set[int] = set()
        """Hashes of the keys, which take a third of the room of the keys of a million records."""
        self.again: dict[str, int] = {}

    def prepare(self, chunk: list[Draft | Problem]) -> list[Entry]:
        """Prepare the records of a chunk; problems are reported and rejected rows stored."""
        entries = []
        for each in chunk:
            if isinstance(each, Problem):
                report_problem(each, self.report, self.rejects)
                continue
            self.report.read += 1
            entry = self._entry(each)
            if isinstance(entry, Entry):
                entries.append(entry)
            else:
                self.reject(each, entry)
        return entries

    def reject(self, draft: Draft, reason: str) -> None:
        """Reject a record that was read."""
        reject(draft.line, reason, draft.raw or (draft.card,), self.report, self.rejects)

    def _entry(self, draft: Draft) -> Entry | str:
        """Return a record with its key and base; a reason if it cannot be imported."""
        draft = _named(draft)
        if not draft.name and not _has_data(draft):
            return "empty record: no name, company, e-mail, phone or anything else"
        base = base_text(draft)
        if not draft.card:
            draft, base = _without_nul(draft, base)
            if not _is_text(base):
                return "its text is not valid Unicode"
        mark = "" if matching.is_identifying(draft.uid) else _fingerprint(draft, base)
        if self.sets is not None:
            draft = self.sets.fill(draft)
            base = base_text(draft)
        if not draft.card:
            draft = without_about(draft)
        key = self._unique(draft.uid or mark)
        return Entry(draft, key, base, draft.line, print=f"{key}~{mark}" if draft.uid and mark else "")

    def _unique(self, key: str) -> str:
        """Number a key that occurred before in this file: two records of one file are never the same."""
        mark = hash(key)
        if mark not in self.keys:
            self.keys.add(mark)
            return key
        self.again[key] = self.again.get(key, 1) + 1
        return self._unique(f"{key}#{self.again[key]}")


def _sorted(draft: Draft) -> Draft:
    """Return a draft whose lists do not depend on the order of the columns they came from."""
    if len(draft.points) < 2 and len(draft.custom) < 2 and len(draft.addresses) < 2:
        return draft
    return draft._replace(
        points=tuple(sorted(draft.points)),
        addresses=tuple(sorted(draft.addresses)),
        custom=tuple(sorted(draft.custom)),
    )


def _fingerprint(draft: Draft, base: str) -> str:
    """Return the key of a record without an id of its own, from its values."""
    return matching.fingerprint(base if draft.card else base_text(_sorted(draft)))


_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


def _without_nul(draft: Draft, base: str) -> tuple[Draft, str]:
    """Return a draft and its base without NUL characters."""
    if "\\u0000" not in base:
        return draft, base
    base = _NUL.sub(r"\1", base)
    return from_base(base)._replace(line=draft.line), base


def _is_text(text: str) -> bool:
    """Can this be written as UTF-8?"""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _has_data(draft: Draft) -> bool:
    """Does a record without a name have any data? A birthday or a photo alone is enough to keep it."""
    values = (draft.points, draft.addresses, draft.properties, draft.custom, draft.tags)
    return any(values) or bool(draft.birthday or draft.anniversary or draft.notes or draft.uid)


def _named(draft: Draft) -> Draft:
    """Return a draft with a name; an export of our own keeps an empty one, which the user may have deleted."""
    if draft.name.strip() or draft.own_revision is not None:
        return draft
    return without_card(draft)._replace(name=_name_of(draft))


def _name_of(draft: Draft) -> str:
    """Return a name for a record without one, from its other data."""
    built = names.display(draft.parts) if draft.kind == "person" else ""
    points: list[Any] = sorted(draft.points, key=lambda point: {"email": 0, "phone": 1}.get(point.kind, 2))
    return (built or draft.nickname or draft.company or (points[0].value if points else "")).strip()
