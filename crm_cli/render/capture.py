"""What became of captured mail: one message in a sentence, many as a summary, and what is to be known besides."""

from __future__ import annotations

import shlex
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from crm_cli.core import mail as rules
from crm_cli.core.mail import Captured, Mail
from crm_cli.render import outcomes
from crm_cli.render.clean import clean
from crm_cli.render.words import counted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from crm_cli.core.daily import Activity
    from crm_cli.core.mailboxes import Mailbox
    from crm_cli.queries.agenda import Day

SHOWN = 10
"""How many rejected messages, and how many unknown people, are named; the rest are counted."""
STATES = {"captured": "captured", "known": "already captured", "skipped": "skipped", "rejected": "rejected"}
"""The state of a message -> its name in a summary."""
OPTIONAL = ("skipped",)
"""States that a summary names only if there are any."""


class Entry(NamedTuple):
    """A message: its place, and what became of it; or the ``reason`` why it was rejected."""

    place: str
    mail: Mail | None = None
    result: Captured | None = None
    reason: str = ""

    @property
    def activity(self) -> int | None:
        """The activity of the message."""
        return self.result.activity if self.result else None

    @property
    def made(self) -> list[str]:
        """The printed ids of the activity, and of what was planned after it."""
        refs = [self.activity, *self.result.planned] if self.result else []
        return [f"a{ref}" for ref in refs if ref is not None]


def one(entry: Entry, record: Activity | None, following: Sequence[Activity], day: Day) -> str:
    """Return ``Captured a7 email from Asha Verma (Acme): Re: Quote``, with what was cut and the next steps."""
    mail, result = entry.mail, entry.result
    if mail is None or result is None or record is None:
        return "Skipped: no one of it is in the book"
    if not result.is_new:
        verb = "Updated" if result.is_changed else "Already captured as"
        return f"{verb} a{record.id}{_who(record, mail)}{_added([result])}"
    outcome = f" [{record.outcome}]" if record.outcome else ""
    words = f"Captured a{record.id} email{_who(record, mail)}{outcome}: {record.subject}{outcomes.deal_words(record)}"
    return words + _left(mail) + _added([result]) + outcomes.next_words(following, day)


def _who(record: Activity, mail: Mail) -> str:
    """Return the person of the mail, or its first address if no person is linked to it."""
    if found := outcomes.with_words(record):
        return found
    boxes = mail.recipients if record.direction == "out" else mail.senders
    return f" {'to' if record.direction == 'out' else 'from'} {_box(boxes[0])}" if boxes else ""


def _left(mail: Mail) -> str:
    """Return what is not kept of a message."""
    quoted = [f"cut {counted(mail.quoted, 'quoted line')} (--whole keeps them)"] if mail.quoted else []
    files = [f"{counted(len(mail.attachments), 'attachment')} not stored"] if mail.attachments else []
    return "".join(f"; {each}" for each in (*quoted, *files, *mail.notes))


def summary(name: str, entries: Sequence[Entry]) -> str:
    """Return ``clients.mbox: 12 read, 9 captured, 2 already captured, 0 skipped, 1 rejected``, and what was cut."""
    counts = Counter(map(_state, entries))
    numbers = [f"{counts[state]} {words}" for state, words in STATES.items() if counts[state] or state not in OPTIONAL]
    read = ", ".join([f"{len(entries)} read", *numbers])
    kept = [each.mail for each in entries if each.mail and _state(each) == "captured"]
    return "; ".join([f"{name}: {read}", *_cut(kept)]) + _added([each.result for each in entries if each.result])


def _cut(mails: Sequence[Mail]) -> Iterator[str]:
    """Yield what was not kept of the messages that were captured."""
    if cut := sum(bool(mail.quoted) for mail in mails):
        yield f"quoted history cut from {cut} (--whole keeps it)"
    if files := sum(len(mail.attachments) for mail in mails):
        yield f"{counted(files, 'attachment')} not stored"


def _added(found: Sequence[Captured]) -> str:
    """Return ``; added 2 people``, or ``""``."""
    number = sum(len(each.added) for each in found)
    return f"; added {counted(number, 'person', 'people')}" if number else ""


def rejections(entries: Sequence[Entry]) -> Iterator[str]:
    """Yield why messages were rejected, the first by name."""
    rejected = [each for each in entries if each.reason]
    for each in rejected[:SHOWN]:
        yield f"{clean(each.place)}: rejected: {clean(each.reason)}"
    if len(rejected) > SHOWN:
        yield f"{len(rejected) - SHOWN} more were rejected"


def notes(entries: Sequence[Entry], mine: Collection[str]) -> Iterator[str]:
    """Yield what the user should know: unknown people with the command that adds them, shared addresses, doubts."""
    if not mine and any(each.result and each.result.is_new for each in entries):
        yield "note: your address is not set, so all mail counts as received (crm config set email ADDRESS)"
    doubts = Counter(note for each in entries if each.result for note in each.result.notes)
    for note, number in doubts.items():
        yield f"note: {note}" + (f" ({number} messages)" if len(entries) > 1 else "")
    yield from _shared(entries)
    yield from _unknown(entries, mine)


def _shared(entries: Sequence[Entry]) -> Iterator[str]:
    shared = {box.address.lower(): (each, box, people) for each in entries if each.result
              for box, people in each.result.shared}  # fmt: skip
    for each, box, people in list(shared.values())[:SHOWN]:
        ids = ", ".join(map(str, people[:SHOWN]))
        link = f" (crm edit a{each.activity} with+={people[0]})"
        yield f"note: {clean(box.address)} belongs to {len(people)} people ({ids}); none was linked{link}"


def _unknown(entries: Sequence[Entry], mine: Collection[str]) -> Iterator[str]:
    """Name the people who can be added; programs cannot."""
    found: dict[str, tuple[Mailbox, Sequence[str]]] = {}
    for each in entries:
        if each.mail and each.result and not each.mail.outcome:
            is_author = rules.direction_of(each.mail, mine) == "in" and len(each.result.unknown) == 1
            for box in each.result.unknown:
                found.setdefault(box.address.lower(), (box, each.mail.phones if is_author else ()))
    for box, phones in list(found.values())[:SHOWN]:
        yield f"not in the book: {_box(box)}; add with: {add_command(box, phones)}"
    if len(found) > SHOWN:
        yield f"{len(found) - SHOWN} more people are not in the book (--add adds them)"


def add_command(box: Mailbox, phones: Sequence[str] = ()) -> str:
    """Return the command that adds a person, safe to paste into a shell whatever the mail calls them."""
    name = "".join(char for char in box.name if char.isalnum() or char in " .'’-" or ord(char) > 0x2FF)
    name = " ".join(name.split()).lstrip("-. ")
    words = [name] if name and name.isprintable() else []
    words += [f"email={box.address}", *(f"phone={phone}" for phone in phones)]
    return clean(" ".join(["crm", "add", *map(shlex.quote, words)]))


def _box(box: Mailbox) -> str:
    return f"{box.name} <{box.address}>" if box.name else box.address


def card(entry: Entry, change: str, *, dry_run: bool) -> dict[str, Any]:
    """Return what became of a message as JSON; one that was rejected has nothing but its place and the reason."""
    mail, result = entry.mail or Mail(""), entry.result or Captured(None)
    return {
        "place": entry.place,
        "state": _state(entry),
        "reason": entry.reason or None,
        "message_id": mail.key or None,
        "activity": f"a{entry.activity}" if entry.activity else None,
        "planned": [f"a{ref}" for ref in result.planned],
        "added": [str(ref) for ref in result.added],
        "unknown": [{"name": box.name, "email": box.address} for box in result.unknown],
        "attachments": list(mail.attachments),
        "quoted_lines": mail.quoted,
        "notes": [*mail.notes, *result.notes],
        "change": change or None,
        "dry_run": dry_run,
    }


def _state(entry: Entry) -> str:
    if entry.result is None:
        return "rejected"
    if entry.activity is None:
        return "skipped"
    return "captured" if entry.result.is_new else "known"
