"""Records of a file that are in the book already: update them, and store their values in the file for the next time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core import matching, merging
from crm_cli.core.items import Link
from crm_cli.core.kinds import COMPANY, PERSON
from crm_cli.core.merging import Merge
from crm_cli.core.records import Contact
from crm_cli.formats.base import base_text, from_base
from crm_cli.queries import records
from crm_cli.services.importing import links
from crm_cli.services.importing.links import Record
from crm_cli.services.importing.update import Updater, edited, same_framing, with_norms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm_cli.core.records import Company, Draft
    from crm_cli.services.importing.columns import Columns
    from crm_cli.services.importing.entries import Report
    from crm_cli.services.importing.match import Entry, Lookup, Ref
    from crm_cli.services.records import Context


class KnownRecords:
    """The records of the book that were matched to records of one file.

    ``columns`` are the columns of a file whose columns the user chose; ``tags`` are added to every record; ``exported``
    has the cards on which the file and the records with these uids last agreed. ``only_fill``: values that the book has
    are not changed.
    """

    def __init__(
        self,
        on: Context,
        look: Lookup,
        report: Report,
        *,
        columns: Columns | None,
        tags: tuple[str, ...],
        exported: Mapping[str, str],
        only_fill: bool = False,
    ) -> None:
        self.exported = exported
        self.db, self.region = on.db, on.region
        self.look, self.report, self.columns, self.tags = look, report, columns, tags
        self.only_fill = only_fill
        self.updater = Updater(on)

    def update(self, entries: list[Entry]) -> None:
        """Update the record of each entry; its ``owner`` is known."""
        for kind in (PERSON.name, COMPANY.name):
            mine = [(each, each.owner) for each in entries if each.kind == kind and each.owner is not None]
            held = {record.id: record for record in records.load(self.db, kind, [owner for _, owner in mine])}
            for each, owner in mine:
                if self._update_one(each, held[owner]) and self.look.claims.is_merged(kind, owner):
                    # The file may have another record that was merged into this one.
                    held[owner] = records.get(self.db, kind, owner)

    def _update_one(self, entry: Entry, record: Contact | Company) -> bool:
        """Update one record, store its current values in the file, and count it; return whether it changed."""
        before = entry.ref or self._earlier(entry, record)
        plan = self._merged(entry, record, before)
        done = self.updater.tag(entry.kind, record.id, self.tags) or bool(plan)
        for conflict in () if self.only_fill else plan.conflicts:
            self.report.conflicts += 1
            kept = f"{record.name}: {conflict.field} stays “{conflict.ours}”; the file says “{conflict.theirs}”"
            self.report.warn(kept, entry.line)
        self._await_company(entry, before)
        self._remember(entry, before, record, done=done)
        self.report.count_known(entry.kind, record.id, changed=done)
        return done

    def _await_company(self, entry: Entry, before: Ref | None) -> None:
        """Link the person to the company that only a key names, if the file names another one than before."""
        key = entry.draft.company_key
        if key and not entry.draft.company and (not before or from_base(before.base).company_key != key):
            links.wait(self.db, Record("contact", entry.owner or 0), Link("company", key))

    def _merged(self, entry: Entry, record: Contact | Company, before: Ref | None) -> Merge:
        """Merge the file's values into the record, if they changed since the last import; return what was done."""
        if entry.ref is not None and entry.ref.base == entry.base:
            return Merge()
        if self.only_fill:
            theirs = entry.draft
            if isinstance(record, Contact) and any(job.current and job.company for job in record.employments):
                theirs = theirs._replace(company="", title="", department="")
            return self.updater.update(record, None, theirs)
        base, theirs = self._versions(entry, record, before)
        return self.updater.update(record, base, theirs)

    def _versions(self, entry: Entry, record: Contact | Company, before: Ref | None) -> tuple[Draft | None, Draft]:
        """Return the earlier and the newer version of the record, which differ by what changed in the file."""
        is_own = _is_own(entry, record)
        theirs = same_framing(entry.draft, record) if is_own else entry.draft
        if is_own and (agreed := self._exported(entry, record)):
            return agreed, theirs
        base = _earlier_draft(before)
        if base and self.columns is not None:
            theirs = self.columns.completed(base, theirs)
            entry.base = base_text(theirs)
        if is_own and theirs.own_revision == record.revision:
            return edited(record, theirs)
        return self._since(base, theirs, entry, record, before) if base else (None, theirs)

    def _since(
        self, base: Draft, theirs: Draft, entry: Entry, record: Contact | Company, before: Ref | None
    ) -> tuple[Draft, Draft]:
        """Return the two versions so that they differ only by what was changed.

        What the newer one lacks was not removed if they may be of different files, or if another file still has it.
        """
        if entry.ref is None:
            theirs = merging.keeping(with_norms(base, self.region), with_norms(theirs, self.region))
        others = self.look.others_of(entry.kind, record.id, before)
        if not others:
            return base, theirs
        base, theirs, *others = (with_norms(each, self.region) for each in (base, theirs, *others))
        return merging.of_merged(base, theirs, others, record.notes)

    def _exported(self, entry: Entry, record: Contact | Company) -> Draft | None:
        """Return what an export wrote to this file for the record, or None."""
        text = self.exported.get(record.uid)
        if not text:
            return None
        from crm_cli.formats.vcard import items

        card = items.read(text.encode())
        if card is None:
            return None
        return same_framing(items.completed(card, entry.draft.properties, record.properties), record)

    def _earlier(self, entry: Entry, record: Contact | Company) -> Ref | None:
        """Return the earlier values from this source for a record matched by other means than its key, or None.

        Under another UID, those are the values of another file, and this one is not a newer version of it.
        """
        ref = self.look.refs_of(entry.kind, record.id, entry.draft)
        if ref and (_is_own(entry, record) or (matching.is_print(ref.key) and matching.is_print(entry.key))):
            return ref
        return None

    def _remember(self, entry: Entry, before: Ref | None, record: Contact | Company, *, done: bool) -> None:
        """Store the file's values under their key; a fingerprint is replaced, our own unchanged export is skipped."""
        if not done and _is_own(entry, record):
            return
        if before is not None and not (entry.ref is None and _is_own(entry, record)):
            if (before.key, before.base) != (entry.key, entry.base):
                self.db.execute(
                    "UPDATE external_ref SET source = ?, key = ?, base = ? WHERE id = ?",
                    (self.look.origin, entry.key, entry.base, before.id),
                )
        else:
            self.db.execute(
                f"INSERT OR IGNORE INTO external_ref ({entry.kind}_id, source, key, base) VALUES (?, ?, ?, ?)",
                (record.id, self.look.origin, entry.key, entry.base),
            )


def _earlier_draft(ref: Ref | None) -> Draft | None:
    """Return the record as the last import stored it; None if there was none, or it stored nothing."""
    return from_base(ref.base) if ref and ref.base else None


def _is_own(entry: Entry, record: Contact | Company) -> bool:
    """Was the record exported from this very book?"""
    return record.uid in (matching.own_uid(entry.draft.own_uid), matching.own_uid(entry.key))
