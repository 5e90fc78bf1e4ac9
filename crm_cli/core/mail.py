"""A mail message as the history keeps it, and whether it was sent or received."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core.mailboxes import Mailbox, mailboxes
from crm_cli.core.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

AUTOMATIC = "automatic"
"""The outcome of mail that a program or a mailing list sent: it does not count as a reach (RFC 3834)."""


class Mail(NamedTuple):
    """A message. ``key`` is its Message-ID without angle brackets, or a fingerprint.

    ``at`` is the UTC instant of its date, or ``""``. ``parents`` are the keys of the messages that it answers, the
    nearest first. ``outcome`` is ``""``, ``automatic``, or what a delivery report says about the message to
    ``recipients``. ``attachments`` are names; ``quoted`` is the number of lines of quoted history that were cut.
    ``phones`` are those in the signature. ``notes`` say what else is missing from the text.
    """

    key: str
    subject: str = ""
    text: str = ""
    at: str = ""
    senders: tuple[Mailbox, ...] = ()
    reply_to: tuple[Mailbox, ...] = ()
    recipients: tuple[Mailbox, ...] = ()
    parents: tuple[str, ...] = ()
    outcome: str = ""
    is_report: bool = False
    attachments: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    quoted: int = 0
    notes: tuple[str, ...] = ()


class Captured(NamedTuple):
    """What became of a message: its ``activity``, None if it was skipped because its people are not in the book.

    ``unknown`` are the mailboxes that are not in the book, ``shared`` those that belong to several people,
    with their ids. ``added`` are new people, ``planned`` the next steps.
    """

    activity: int | None
    is_new: bool = False
    is_changed: bool = False
    unknown: tuple[Mailbox, ...] = ()
    shared: tuple[tuple[Mailbox, tuple[int, ...]], ...] = ()
    added: tuple[int, ...] = ()
    planned: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()


def own_addresses(*settings: str) -> frozenset[str]:
    """Return the addresses in settings of the user's mail, folded; each setting may list several."""
    return frozenset(fold(each.address) for setting in settings if setting for each in mailboxes(setting))


def direction_of(mail: Mail, mine: Collection[str]) -> str:
    """Return ``out`` for a message that one of my addresses sent, or for a report about one, else ``in``."""
    return "out" if mail.is_report or any(fold(each.address) in mine for each in mail.senders) else "in"


def parties(mail: Mail, mine: Collection[str]) -> Iterator[Sequence[Mailbox]]:
    """Yield the mailboxes of the people of a message, without mine: the recipients of one I sent, else its authors.

    The addresses for replies are a second choice, for when none of the authors is known.
    """
    ways = (mail.recipients,) if direction_of(mail, mine) == "out" else (mail.senders, mail.reply_to)
    for found in ways:
        others = {fold(each.address): each for each in reversed(found) if fold(each.address) not in mine}
        yield tuple(reversed(others.values()))
