"""A real mail server on loopback: it keeps what it accepts, and refuses or breaks off where a test asks for it."""

from __future__ import annotations

import ssl
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

if TYPE_CHECKING:
    from email.message import EmailMessage

    import trustme
    from aiosmtpd.smtp import Envelope, Session

USER, PASSWORD = "asha", "pässword-öf-asha"


class Mailbox:
    """A handler of aiosmtpd. ``answers`` maps MAIL, RCPT or DATA to a reply; ``drop`` breaks off after DATA."""

    def __init__(self) -> None:
        self.reset({})

    def reset(self, answers: dict[str, str]) -> None:
        """Forget what was received."""
        self.answers = answers
        self.envelopes: list[Envelope] = []
        self.users: list[str] = []

    @property
    def mails(self) -> list[EmailMessage]:
        """What was accepted, parsed."""
        return [message_from_bytes(each.content, policy=default) for each in self.envelopes]

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.answers.get("RCPT", "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.answers.get("DATA", "250 OK")
        if answer == "drop":
            server.transport.abort()
        if not answer.startswith(("4", "5")):
            self.envelopes.append(envelope)
        return answer

    def log_in(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        """Check a name and a password; `answers["AUTH"]` is the text of a refusal."""
        if (data.login, data.password) == (USER.encode(), PASSWORD.encode()) and "AUTH" not in self.answers:
            self.users.append(data.login.decode())
            return AuthResult(success=True)
        return AuthResult(success=False, handled=False, message=self.answers.get("AUTH", "535 5.7.8 wrong password"))


class Server(Controller):
    """A server on a free port of 127.0.0.1."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def start(mailbox: Mailbox, authority: trustme.CA, security: str, *, name: str, offers: bool) -> Server:
    """Start a server whose certificate is for ``name``; with ``offers`` False it has no STARTTLS."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    upgrades = security == "starttls" and offers
    server = Server(
        mailbox, hostname="127.0.0.1", port=0, enable_SMTPUTF8=True,
        ssl_context=context if security == "tls" else None, tls_context=context if upgrades else None,
        authenticator=mailbox.log_in, auth_require_tls=upgrades,
    )  # fmt: skip
    server.start()
    return server
