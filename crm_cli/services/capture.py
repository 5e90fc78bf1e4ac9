"""Mail into the history: one activity for each message, with the people who have its addresses."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core import mail as rules
from crm_cli.core import names
from crm_cli.core.edits import Edit
from crm_cli.core.items import Link
from crm_cli.core.mail import Captured
from crm_cli.core.text.folding import fold
from crm_cli.errors import FormatError
from crm_cli.services import activities, contacts, statements, tags
from crm_cli.services.importing import links as pending
from crm_cli.services.importing.links import Record
from crm_cli.services.merged_links import came_by
from crm_cli.services.touch import touch

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from crm_cli.book.book import Book
    from crm_cli.core.activities import Step
    from crm_cli.core.mail import Mail
    from crm_cli.core.mailboxes import Mailbox

SOURCE = "mail"
"""The source of the keys of messages."""
MOST_PEOPLE = 100
"""How many people of a message are looked up; of more, the rest is counted."""
NO_SUBJECT = "(no subject)"


class Wish(NamedTuple):
    """The user's options, the same for each message; ``mine`` are the user's folded addresses."""

    mine: frozenset[str]
    now: str
    region: str = ""
    tags: tuple[str, ...] = ()
    deal: int | None = None
    steps: tuple[Step, ...] = ()
    add: bool = False
    known_only: bool = False


class _Parties(NamedTuple):
    """The people and the company that addresses belong to, and the addresses that belong to no one or to several.

    ``ways`` are the addresses by which each person was found, as `came_by` takes them.
    """

    people: tuple[int, ...] = ()
    company: int | None = None
    unknown: tuple[Mailbox, ...] = ()
    shared: tuple[tuple[Mailbox, tuple[int, ...]], ...] = ()
    notes: tuple[str, ...] = ()
    ways: Mapping[int, Sequence[tuple[str]]] = MappingProxyType({})


class Capture:
    """Captures the messages of one change; replies are linked to what they answer, in whatever order they come."""

    def __init__(self, book: Book, wish: Wish) -> None:
        self.book, self.db, self.wish = book, book.db, wish
        self.waiting: dict[int, tuple[str, ...]] = {}

    def take(self, mail: Mail) -> Captured:
        """Store a message, unless it is in the book. Raises FormatError if only the user took part in it."""
        found = _activity(self.db, mail.key)
        parties = self._parties(mail)
        if found is None:
            return self._new(mail, parties)
        before = self.db.total_changes
        added = self._add(mail, parties) if self.wish.add else ()
        if self.wish.deal is not None:
            sql = "UPDATE activity SET deal_id = ? WHERE id = ? AND deal_id IS NULL"
            if self.db.execute(sql, (self.wish.deal, found)).rowcount:
                touch(self.db, "activity", found, self.wish.now)
        notes = self._tag(found)
        notes += ("the next step was not planned again",) if self.wish.steps else ()
        changed = self.db.total_changes > before
        unknown = () if added else parties.unknown
        return Captured(found, is_changed=changed, unknown=unknown, shared=parties.shared, added=added, notes=notes)

    def finish(self) -> None:
        """Link the replies whose originals came after them."""
        for activity, parents in self.waiting.items():
            origin = _first(self.db, parents)
            if origin is not None and origin != activity:
                self.db.execute("UPDATE activity SET follows_id = ? WHERE id = ?", (origin, activity))
        self.waiting.clear()

    def _parties(self, mail: Mail) -> _Parties:
        """Return who took part. Reply addresses count only if none of the authors is known."""
        first = None
        for boxes in rules.parties(mail, self.wish.mine):
            found = _matched(self.db, boxes)
            if found.people or found.company is not None:
                return found
            first = found if first is None or not (first.unknown or first.shared) else first
        return first or _Parties()

    def _new(self, mail: Mail, parties: _Parties) -> Captured:
        if self.wish.known_only and not parties.people and parties.company is None:
            return Captured(None)
        if not any((parties.people, parties.company, parties.unknown, parties.shared, self.wish.deal)):
            raise FormatError("has no sender or recipient but you")
        at, notes = _moment(mail, self.wish.now)
        activity = self._log(mail, parties, at)
        added = self._add(mail, parties) if self.wish.add else ()
        notes += self._tag(activity)
        people = activities.Links(_people(self.db, activity), parties.company, self.wish.deal)
        planned = activities.plan_next(self.book, self.wish.steps, people, activity, now=self.wish.now)
        unknown = () if added else parties.unknown
        return Captured(
            activity, is_new=True, unknown=unknown, shared=parties.shared, added=added, planned=tuple(planned),
            notes=(*parties.notes, *notes),
        )  # fmt: skip

    def _log(self, mail: Mail, parties: _Parties, at: str) -> int:
        """Store a message as an activity with its links, of which those to unknown people and the original may wait."""
        origin = _first(self.db, mail.parents)
        direction = rules.direction_of(mail, self.wish.mine)
        outcome = mail.outcome if mail.is_report or direction == "in" else ""
        activity = activities.log(
            self.book, "email", activities.Links(parties.people, parties.company, self.wish.deal),
            text=f"{mail.subject or NO_SUBJECT}\n{_body(mail)}", at=at, now=self.wish.now,
            direction=direction, outcome=outcome, follows=origin,
        )  # fmt: skip
        statements.insert(self.db, "external_ref", {"activity_id": activity, "source": SOURCE, "key": mail.key})
        came_by(self.db, "activity_participant", activity, parties.ways)
        if origin is None and mail.parents:
            self.waiting[activity] = mail.parents
        for box in parties.unknown:
            pending.wait(self.db, Record("activity", activity), Link("contact", fold(box.address), box.name))
        return activity

    def _add(self, mail: Mail, parties: _Parties) -> tuple[int, ...]:
        """Add the unknown people of a message; their links, which wait, are made. A program is not a person."""
        if mail.outcome:
            return ()
        return tuple(
            contacts.add(self.book, box.name, [Edit("email", "add", box.address)], now=self.wish.now,
                         region=self.wish.region)
            for box in parties.unknown
        )  # fmt: skip

    def _tag(self, activity: int) -> tuple[str, ...]:
        """Tag the people of a message; return a note if there are none."""
        if not self.wish.tags:
            return ()
        people = [("contact", person) for person in _people(self.db, activity)]
        if not people:
            return ("no one was tagged, because no one of it is in the book",)
        tags.apply(self.book, people, add=self.wish.tags, remove=(), now=self.wish.now)
        return ()


def _activity(db: sqlite3.Connection, key: str) -> int | None:
    """Return the activity of the message with a key."""
    row = db.execute(
        "SELECT activity_id FROM external_ref WHERE source = ? AND key = ? AND activity_id IS NOT NULL", (SOURCE, key)
    ).fetchone()
    return row[0] if row else None


def _first(db: sqlite3.Connection, keys: Sequence[str]) -> int | None:
    """Return the activity of the first of these messages that is in the book."""
    return next((found for key in keys if (found := _activity(db, key)) is not None), None)


def _people(db: sqlite3.Connection, activity: int) -> tuple[int, ...]:
    sql = "SELECT contact_id FROM activity_participant WHERE activity_id = ? ORDER BY contact_id"
    return tuple(row[0] for row in db.execute(sql, (activity,)))


def _matched(db: sqlite3.Connection, boxes: Sequence[Mailbox]) -> _Parties:
    """Return whose addresses these are: by the address exactly, of several people the one whose name agrees."""
    people: dict[int, list[tuple[str]]] = {}
    company: int | None = None
    unknown, shared = [], []
    for box in boxes[:MOST_PEOPLE]:
        owners, firms = _owners(db, box.address)
        person = _only(owners, box.name)
        if person is not None:
            people.setdefault(person, []).append((fold(box.address),))
        elif owners:
            shared.append((box, tuple(sorted(owners))))
        elif firms:
            company = firms[0] if company is None else company
        else:
            unknown.append(box)
    more = len(boxes) - MOST_PEOPLE
    notes = (f"{more} more recipients were not looked up",) if more > 0 else ()
    return _Parties(tuple(people), company, tuple(unknown), tuple(shared), notes, people)


def _owners(db: sqlite3.Connection, address: str) -> tuple[dict[int, str], list[int]]:
    """Return the people who have an address, with their names, and the companies."""
    rows = db.execute(
        "SELECT DISTINCT p.contact_id, c.name, p.company_id FROM contact_point p"
        " LEFT JOIN contact c ON c.id = p.contact_id WHERE p.norm = ? AND p.norm <> '' AND p.kind = 'email'",
        (fold(address),),
    ).fetchall()
    people = {ref: name for ref, name, _ in rows if ref is not None}
    return people, [firm for _, _, firm in rows if firm is not None]


def _only(owners: Mapping[int, str], name: str) -> int | None:
    """Return the only owner of an address, or the only one whose name agrees with that in the message."""
    agreeing = [ref for ref, own in owners.items() if name and names.agree(name, own)]
    if len(agreeing) == 1:
        return agreeing[0]
    return next(iter(owners)) if len(owners) == 1 else None


def _moment(mail: Mail, now: str) -> tuple[str, tuple[str, ...]]:
    """Return when a message was sent, at the latest now, and a note if that is not its own date."""
    if not mail.at:
        return now, ("it has no valid date, so now is used",)
    if mail.at > now:
        return now, (f"its date {mail.at[:10]} is in the future, so now is used",)
    return mail.at, ()


def _body(mail: Mail) -> str:
    """Return the text of a message, with what else there was in it: attachments are only named."""
    number = len(mail.attachments)
    named = ", ".join(mail.attachments[:_NAMED]) + (f" and {number - _NAMED} more" if number > _NAMED else "")
    left = f"[{number} attachment{'s' * (number > 1)}: {named}]" if number else ""
    notes = "".join(f"[{note}]" for note in mail.notes)
    return "\n\n".join(filter(None, (mail.text.strip("\n"), left, notes)))


_NAMED = 20
"""How many attachments are named; the rest are counted."""
