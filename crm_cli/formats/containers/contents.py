"""What a file or a folder holds: its address data in the order of import, what is skipped, and what cannot be read.

A file that is not a container is the only one it holds. Archives may be in archives, a few levels deep; each sheet of a
workbook and each dBase table is read as a file of its own.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from operator import itemgetter
from pathlib import Path
from tempfile import SpooledTemporaryFile, TemporaryFile
from typing import BinaryIO, Self, cast

from crm_cli.errors import CrmError, FormatError, translated
from crm_cli.formats.containers import choosing, dbase, folders, magic
from crm_cli.formats.containers.choosing import Kind
from crm_cli.formats.containers.entries import HEAD, IN_MEMORY, Budget, Entry, Found, Unread

DEEPEST, MOST_ARCHIVES = 4, 200
"""How many containers may be inside each other, and how many archives one container may have."""
_PART = 1 << 20
_UNSAFE, _LONGEST_LABEL = re.compile(r"[^\w.@+ -]"), 80


@dataclass(frozen=True, slots=True)
class Member:
    """A file to import. ``name`` is for display, ``path`` its part within the container, ``""`` for a file of its own.

    ``open`` returns a stream that can be read twice; the caller closes it. ``file`` is its real path, if it has one;
    ``label`` is a file name made from its path, unlike any other of the container. ``parts`` are the real paths of the
    files that are read as one.
    """

    name: str
    path: str
    kind: Kind
    open: Callable[[], BinaryIO]
    file: Path | None = None
    label: str = ""
    parts: tuple[Path, ...] = ()
    cards: list[tuple[int, str]] = field(default_factory=list)
    """For cards that are read together: the line at which each file begins, known once it is open, and its name."""

    def place(self, line: int) -> str:
        """Return the place of a line for messages: ``line 7``, or ``asha.vcf: line 7``."""
        at = bisect_right(self.cards, line, key=itemgetter(0)) - 1
        if at < 0:
            return f"line {line}"
        start, name = self.cards[at]
        return f"{name}: line {line - start + 1}"


@dataclass(slots=True)
class Contents:
    """Keep it open during the import: members of an archive are read from it.

    ``members`` are in the order of import. ``skipped`` has no address data, ``problems`` could not be read.
    """

    name: str
    is_container: bool = False
    members: list[Member] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    problems: list[CrmError] = field(default_factory=list)
    held: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        """Return the contents themselves."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close what the members are read from."""
        self.held.close()

    @property
    def is_plain(self) -> bool:
        """Is this one file, perhaps packed?"""
        return not self.problems and len(self.members) == 1 and not self.members[0].path

    def shown(self, path: str) -> str:
        """Return the name of a file in the container for display."""
        return f"{self.name}/{path}" if path else self.name


def of_path(path: Path, *, one_of_several: bool = False) -> Contents:
    """Return what a file or a folder holds. Raises FormatError or OSError if it cannot be read at all.

    The kind of a file that is not a container is only looked at if it is ``one_of_several`` to put in order.
    """
    if not path.is_dir():
        return _of(folders.file(path, ""), path.name, one_of_several=one_of_several)
    found = Contents(path.resolve().name or str(path), is_container=True)
    return _filled(found, folders.entries(path), None)


def of_stream(stream: BinaryIO, name: str) -> Contents:
    """Return what a stream holds that can be read twice, and that the caller closes."""

    def head() -> bytes:
        stream.seek(0)
        return stream.read(HEAD)

    return _of(Entry("", head, lambda: cast("BinaryIO", _Borrowed(stream))), name, one_of_several=False)


class _Borrowed:
    """A stream that the caller closes."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.stream.seek(0)

    def __getattr__(self, name: str) -> object:
        return getattr(self.stream, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def close(self) -> None:
        """Leave the stream open."""


def _of(entry: Entry, name: str, *, one_of_several: bool) -> Contents:
    found = Contents(name)
    head = entry.head()
    if not magic.is_container(head):
        kind = choosing.kind_of(entry, head, name) if one_of_several else None
        found.members.append(Member(name, "", kind or Kind.PEOPLE, entry.open, entry.file))
        return found
    found.is_container = True
    budget = Budget(_size(entry))
    unpacking = _Unpacking(found)
    try:
        inner = unpacking.inner(entry, head, budget)
    except BaseException:
        found.held.close()
        raise
    return _filled(found, inner, budget, unpacking)


def _size(entry: Entry) -> int:
    with entry.open() as stream:
        return stream.seek(0, 2)


def _filled(
    found: Contents, entries: Iterable[Found], budget: Budget | None, unpacking: _Unpacking | None = None
) -> Contents:
    """Read the container to its end, and put its members in order."""
    try:
        leaves = list((unpacking or _Unpacking(found)).leaves(entries, budget, 1))
        _order(found, leaves)
    except BaseException:
        found.held.close()
        raise
    return found


class _Unpacking:
    """The look into one container and all those inside it."""

    def __init__(self, found: Contents) -> None:
        self.found = found
        self.archives = 0
        self.sheets: BinaryIO | None = None

    def leaves(self, entries: Iterable[Found], budget: Budget | None, depth: int) -> Iterator[_Leaf]:
        """Yield the files that may have address data. A failure of one is noted."""
        for each in entries:
            if isinstance(each, Unread):
                self.found.skipped.append(f"{each.path} ({each.why})" if each.why else each.path)
                continue
            try:
                yield from self._look(each, budget, depth)
            except (CrmError, OSError) as error:
                self.found.problems.append(translated(error))

    def _look(self, entry: Entry, budget: Budget | None, depth: int) -> Iterator[_Leaf]:
        head = entry.head()
        if not magic.is_container(head):
            kind = choosing.kind_of(entry, head, self.found.shown(entry.path))
            if kind is None and not entry.path:
                kind = Kind.PEOPLE
            if kind is None:
                self.found.skipped.append(entry.path)
            else:
                yield _Leaf(entry, kind, kind == Kind.PEOPLE and choosing.is_one_card(entry, head))
            return
        if depth >= DEEPEST:
            raise FormatError(
                f"{self.found.shown(entry.path)} is an archive more than {DEEPEST} deep inside others; unpack it first"
            )
        inside = budget or Budget(_size(entry))
        yield from self.leaves(self.inner(entry, head, inside), inside, depth + 1)

    def inner(self, entry: Entry, head: bytes, budget: Budget) -> Iterable[Found]:
        """Return the files of a container. Raises FormatError if it cannot be read."""
        from crm_cli.formats.containers import packed, workbooks, zips

        name = self.found.shown(entry.path)
        if unpacked := packed.entry(entry, head, name, budget):
            return (unpacked,)
        if dbase.is_table(head):
            return dbase.entries(entry, name, budget)
        self.archives += 1
        if self.archives > MOST_ARCHIVES:
            raise FormatError(f"{name} is one of more than {MOST_ARCHIVES} archives inside another; unpack it first")
        stream = self.found.held.enter_context(entry.open())
        if head.startswith(magic.OLE):
            workbooks.refuse_ole(stream, name)
            return self._workbook(stream, entry.path, name)
        archive = zips.opened(stream, name)
        if zips.is_workbook(archive):
            return self._workbook(stream, entry.path, name)
        zips.refuse_document(archive, name)
        return _below(entry.path, zips.entries(archive, name, budget))

    def _workbook(self, stream: BinaryIO, path: str, name: str) -> Iterator[Found]:
        from crm_cli.formats.containers import workbooks

        if self.sheets is None:
            # One file for the sheets of all workbooks, unbuffered, because other processes write to it.
            data = TemporaryFile(buffering=0)  # noqa: SIM115
            self.sheets = cast("BinaryIO", self.found.held.enter_context(data))
        return workbooks.entries(stream, path, name, self.sheets)


@dataclass(frozen=True, slots=True)
class _Leaf:
    entry: Entry
    kind: Kind
    is_card: bool


def _below(path: str, entries: Iterable[Found]) -> Iterator[Found]:
    """Yield the files of an inner archive under its own name."""
    for each in entries:
        where = f"{path}/{each.path}" if path else each.path
        if isinstance(each, Unread):
            yield Unread(where, each.why)
        else:
            yield Entry(where, each.head, each.open, each.beside, each.file)


def _order(found: Contents, leaves: list[_Leaf]) -> None:
    """Fill in the members: without repeated files, cards of one folder together, all in the order of import."""
    out = {each.path: each.why for each in choosing.repeated([leaf.entry.path for leaf in leaves])}
    found.skipped += [f"{path} ({why})" for path, why in out.items()]
    cards: dict[str, list[Entry]] = {}
    seen: Counter[str] = Counter()
    for leaf in leaves:
        path = leaf.entry.path
        if path in out:
            continue
        if leaf.is_card:
            cards.setdefault(path.rpartition("/")[0], []).append(leaf.entry)
            continue
        seen[path] += 1
        again = f"{path} ({seen[path]})" if seen[path] > 1 else path
        found.members.append(Member(found.shown(again), again, leaf.kind, leaf.entry.open, leaf.entry.file))
    for folder, entries in cards.items():
        found.members.append(_together(found, folder, entries))
    found.members.sort(key=lambda member: member.kind)
    _label(found.members)


def _label(members: list[Member]) -> None:
    """Give each member a label of its own, made of its path."""
    labels: Counter[str] = Counter()
    for at, member in enumerate(members):
        label = _UNSAFE.sub("-", member.path)[-_LONGEST_LABEL:]
        labels[label] += 1
        unique = f"{label}-{labels[label]}" if labels[label] > 1 else label
        members[at] = replace(member, label=unique)


def _together(found: Contents, folder: str, entries: list[Entry]) -> Member:
    """Return the cards of a folder as one file: an address book, of which each file is one person."""
    if len(entries) == 1:
        path = entries[0].path
        return Member(found.shown(path), path, Kind.PEOPLE, entries[0].open, entries[0].file)
    path = f"{folder}/*.vcf" if folder else "*.vcf"

    starts: list[tuple[int, str]] = []

    def joined() -> BinaryIO:
        starts.clear()
        line = 1
        kept = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  (closed by the caller)
        for each in entries:
            starts.append((line, each.path.rpartition("/")[2]))
            with each.open() as stream:
                while part := stream.read(_PART):
                    kept.write(part)
                    line += part.count(b"\n")
            kept.write(b"\r\n")
            line += 1
        kept.seek(0)
        return cast("BinaryIO", kept)

    parts = tuple(each.file for each in entries if each.file)
    return Member(found.shown(path), path, Kind.PEOPLE, joined, parts=parts, cards=starts)
