"""A message as mail: headers (RFC 5322), parts (RFC 2046), and the marks of an automatic message (RFC 3834)."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.config import now
from crm_cli.core.delivery import mailbox
from crm_cli.delivery.message import one_line, plain
from crm_cli.errors import DeliveryError, Hint

if TYPE_CHECKING:
    from datetime import datetime

    from crm_cli.config import Config
    from crm_cli.delivery.message import Message

LONGEST_SUBJECT = 200


class Letter(NamedTuple):
    """A mail: the addresses of its envelope, and its bytes with CRLF line ends.

    ``is_international`` means that an address needs SMTPUTF8 (RFC 6531).
    """

    sender: str
    recipient: str
    content: bytes
    is_international: bool


def letter(message: Message, config: Config) -> Letter:
    """Return a message as mail from ``mail_from`` to ``mail_to`` of the settings; both default to the user's address.

    Raises DeliveryError if there is no address, UsageError for one that is not valid.
    """
    to = config.mail_to or config.own_address
    if not to:
        raise DeliveryError("there is no address to send mail to", hint=Hint("set-mail-to"))
    recipient = mailbox(to, "mail_to")
    sender = mailbox(config.mail_from or recipient.address, "mail_from")
    addresses = [_to_wire(each.address) for each in (sender, recipient)]
    is_international = not "".join(addresses).isascii()

    found = EmailMessage(policy=SMTP.clone(cte_type="7bit", utf8=is_international))
    found["From"] = _address(sender.name or "crm", addresses[0])
    found["To"] = _address(recipient.name, addresses[1])
    found["Subject"] = one_line(message.subject)[:LONGEST_SUBJECT]
    found["Date"] = _local(now())
    found["Message-ID"] = message_id(message.key, addresses[0])
    found["Auto-Submitted"] = "auto-generated"
    found.set_content(plain(message.text))
    if message.html:
        found.add_alternative(plain(message.html), subtype="html")
    return Letter(addresses[0], addresses[1], found.as_bytes(), is_international)


def message_id(key: str, sender: str) -> str:
    """Return the Message-ID of a key: the same for each repetition, so that mail programs recognise it."""
    domain = sender.rpartition("@")[2]
    name = blake2b(key.encode("utf-8", "replace"), digest_size=16).hexdigest()
    return f"<{name}.crm@{domain if domain.isascii() else 'localhost'}>"


def _address(name: str, address: str) -> Address:
    local, _, domain = address.rpartition("@")
    return Address(one_line(name), local, domain)


def _to_wire(address: str) -> str:
    """Return an address with its domain in the ASCII form of DNS (IDNA), if it has one."""
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        return address


def _local(moment: datetime) -> datetime:
    """Return a moment in the zone of the machine, without a fraction of a second."""
    return moment.astimezone().replace(microsecond=0)
