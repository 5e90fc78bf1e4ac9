"""Export to a vdir: a folder with one vCard file per person, as vdirsyncer and khard use it.

Only files that must change are written. What differs from what an export wrote was changed by another program since,
and is neither overwritten nor deleted before its content has been imported.
"""

from __future__ import annotations

from contextlib import suppress
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, NamedTuple

from crm_cli import files
from crm_cli.book.lineage import removed
from crm_cli.core.kinds import COMPANY, PERSON
from crm_cli.core.records import Contact
from crm_cli.errors import CrmError, UsageError
from crm_cli.formats.base import base_text
from crm_cli.formats.vcard import items
from crm_cli.queries import exports, records
from crm_cli.queries.batches import chunks
from crm_cli.services import vdir_folders
from crm_cli.services.vdir_folders import CardFile, Written, checksum

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from crm_cli.core.records import Company


class Outcome(NamedTuple):
    """What an export did: how many files it wrote, left alone as they were right, and deleted.

    ``counts`` has the number of records by table.
    ``edited`` are files that another program wrote since, and whose content has not been imported; ``gone`` the people
    whose files another program deleted. Neither was touched.
    """

    counts: Mapping[str, int]
    written: int = 0
    same: int = 0
    removed: int = 0
    edited: tuple[str, ...] = ()
    gone: tuple[Contact | Company, ...] = ()


def export(
    db: sqlite3.Connection, folder: Path, people: Sequence[int], *, whole: bool, version: str, overwrite: bool = False,
    dry_run: bool = False,
) -> Outcome:  # fmt: skip
    """Write the cards of these people to a folder, and with the ``whole`` book those of companies that can be reached.

    With ``overwrite``, files that another program changed or deleted are written as well.
    Raises UsageError for a folder that another book was exported to.
    """
    with TemporaryFile() as held:
        work = _Export(db, folder, held, overwrite=overwrite)
        work.check()
        firms = exports.reachable_companies(db) if whole else []
        for kind, ids in ((PERSON, people), (COMPANY, firms)):
            for chunk in chunks(ids):
                for record, card in exports.cards(db, records.load(db, kind.name, chunk), version):
                    work.place(record, card.encode())
        work.retire()
        if not dry_run:
            work.save()
    return work.outcome({PERSON.table: len(people), COMPANY.table: len(firms)})


class _Export:
    """Decides for each record whether its file is written, and then writes; the cards to write wait in ``held``."""

    def __init__(self, db: sqlite3.Connection, folder: Path, held: IO[bytes], *, overwrite: bool) -> None:
        self.db, self.folder, self.held, self.overwrite = db, folder, held, overwrite
        self.written = vdir_folders.manifest(folder)
        self.found = {each.name: each for each in vdir_folders.cards(folder)}
        self.by_uid = {each.uid: each for each in self.found.values() if each.uid}
        self.taken = {name.lower() for name in vdir_folders.names(folder)}
        self.name_of = {each.uid: name for name, each in self.written.items()}
        self.claimed: set[str] = set()
        self.kept: dict[str, Written] = {}
        self.waiting: dict[str, int] = {}
        """File name -> the length of its card, in the order in which they are held."""
        self.unlinked: list[str] = []
        self.same = 0
        self.edited: list[str] = []
        self.gone: list[Contact | Company] = []

    def check(self) -> None:
        """Refuse a folder whose files are of another book, or they would be deleted."""
        uids = sorted({each.uid for each in self.written.values()})
        if not uids or self.overwrite or exports.known_uids(self.db, uids):
            return
        if not {uid for _, uid in removed(self.db)}.intersection(uids):
            raise UsageError(f"{self.folder} was exported from another book", hint="name another folder")

    def place(self, record: Contact | Company, card: bytes) -> None:
        """Decide about the card of one record."""
        uid = items.uid_of(card)
        found = self.by_uid.get(uid) or self.found.get(self.name_of.get(record.uid, ""))
        if found is None or found.name in self.claimed:
            self._place_new(record, uid, card)
            return
        self.claimed.add(found.name)
        is_same = found.sha == checksum(card)
        if is_same or (self._is_foreign(found) and self._says_the_same(found, card)):
            self.same += 1
            if is_same or found.name in self.written:
                self.kept[found.name] = _as_written(record, card)._replace(sums=(found.sha,))
        elif self._may_overwrite(found, record):
            self._write(found.name, record, card)
        else:
            self._leave(found.name)

    def _may_overwrite(self, found: CardFile, record: Contact | Company) -> bool:
        """May a file be written that has another content? Not if another program changed it since it was imported."""
        return self.overwrite or not self._is_foreign(found) or self._is_imported(found, record)

    def _leave(self, name: str) -> None:
        """Keep the file that another program changed."""
        self.edited.append(name)
        if mine := self.written.get(name):
            self.kept[name] = mine

    def _place_new(self, record: Contact | Company, uid: str, card: bytes) -> None:
        """Write a card that has no file, unless another program deleted the one it had."""
        before = self.name_of.get(record.uid)
        if before and not self.overwrite:
            self.gone.append(record)
            self.kept[before] = self.written[before]
            return
        name = items.file_name(uid, record.uid)
        if name.lower() in self.taken:
            name = items.file_name(record.uid, record.uid)
        if name.lower() in self.taken:
            raise CrmError(f"{self.folder / name} is in the way; it was not touched")
        self.taken.add(name.lower())
        self._write(name, record, card)

    def retire(self) -> None:
        """Delete the files of those who are not exported any more, unless another program wrote them."""
        for name, each in self.written.items():
            if name in self.kept or name not in self.found:
                continue
            if self.found[name].sha in each.sums:
                self.unlinked.append(name)
            else:
                self.edited.append(name)

    def save(self) -> None:
        """Write the files and the manifest: first what is about to be written, in the end what was."""
        if not (self.waiting or self.unlinked) and self.kept == self.written:
            return
        with files.naming(self.folder):
            self.folder.mkdir(mode=0o700, exist_ok=True)
            before = {name: self._either(name, each) for name, each in self.kept.items()}
            vdir_folders.save(self.folder, {**self.written, **before})
            self.held.seek(0)
            for name, length in self.waiting.items():
                vdir_folders.replace(self.folder / name, self.held.read(length))
            for name in self.unlinked:
                with suppress(FileNotFoundError):
                    (self.folder / name).unlink()
            vdir_folders.save(self.folder, self.kept)

    def _either(self, name: str, new: Written) -> Written:
        """Return a file as it is or will be."""
        old = self.written.get(name, Written("", ()))
        return Written(new.uid, (*new.sums, *old.sums), old.card)

    def outcome(self, counts: Mapping[str, int]) -> Outcome:
        """Return what was done, or would be."""
        return Outcome(counts, len(self.waiting), self.same, len(self.unlinked), tuple(self.edited), tuple(self.gone))

    def _write(self, name: str, record: Contact | Company, card: bytes) -> None:
        self.held.write(card)
        self.waiting[name] = len(card)
        self.kept[name] = _as_written(record, card)

    def _is_foreign(self, found: CardFile) -> bool:
        """Did another program write the file as it is now?"""
        mine = self.written.get(found.name)
        return mine is None or found.sha not in mine.sums

    def _says_the_same(self, found: CardFile, card: bytes) -> bool:
        theirs, ours = items.read(self._content(found)), items.read(card)
        return theirs is not None and ours is not None and items.is_same(theirs, ours)

    def _is_imported(self, found: CardFile, record: Contact | Company) -> bool:
        """Is the content of the file what the record was last imported with?"""
        theirs = items.read(self._content(found))
        kind = PERSON if isinstance(record, Contact) else COMPANY
        return theirs is not None and exports.has_imported(self.db, kind.table, record.id, base_text(theirs))

    def _content(self, found: CardFile) -> bytes:
        return (self.folder / found.name).read_bytes()


def _as_written(record: Contact | Company, card: bytes) -> Written:
    return Written(record.uid, (checksum(card),), items.shortened(card))
