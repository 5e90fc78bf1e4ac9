"""Mail to a mail server: SMTP (RFC 5321) with STARTTLS (RFC 3207) or TLS; the certificate is always verified."""

from __future__ import annotations

import smtplib
import socket
import ssl
from base64 import b64encode
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crm_cli.core.delivery import PORTS, port, security
from crm_cli.delivery.message import one_line
from crm_cli.delivery.password import password
from crm_cli.delivery.process import wait
from crm_cli.errors import DeliveryError, TryLaterError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_cli.config import Config
    from crm_cli.delivery.mime import Letter

LOOPBACK = ("localhost", "127.0.0.1", "::1")
AUTHENTICATED = 235
"""The reply code for a successful AUTH (RFC 4954)."""


def send(letter: Letter, config: Config) -> None:
    """Send a letter. Raises DeliveryError, or TryLaterError when the server asks for it or cannot be reached."""
    encryption = security(config.smtp_security or "starttls")
    secret = _secret(config, encryption)
    with _failures(config, secret), _connected(config, encryption) as server:
        if encryption == "starttls":
            server.starttls(context=_trust(config))
        server.ehlo_or_helo_if_needed()
        if config.smtp_user:
            _log_in(server, config.smtp_user, secret)
        if letter.is_international and not server.has_extn("smtputf8"):
            raise DeliveryError(f"{config.smtp_host} does not accept addresses that are not ASCII")
        options = ["SMTPUTF8", "BODY=8BITMIME"] if letter.is_international else []
        server.sendmail(letter.sender, [letter.recipient], letter.content, options)


def _secret(config: Config, encryption: str) -> str:
    """Return the password, ``""`` without a user. Raises UsageError if it would cross a network in the clear."""
    if not config.smtp_user:
        return ""
    if encryption == "none" and config.smtp_host not in LOOPBACK:
        raise UsageError("a password is not sent without encryption", hint="smtp_security is starttls or tls")
    return password(config)


def _connected(config: Config, encryption: str) -> smtplib.SMTP:
    number = port(config.smtp_port) if config.smtp_port else PORTS[encryption]
    seconds = wait(config)
    if encryption == "tls":
        return smtplib.SMTP_SSL(config.smtp_host, number, _own_name(), timeout=seconds, context=_trust(config))
    return smtplib.SMTP(config.smtp_host, number, _own_name(), timeout=seconds)


def _own_name() -> str:
    """Return the name for EHLO without asking DNS, which may take long: a full host name, else an address literal."""
    name = socket.gethostname()
    return name if "." in name and name.isascii() else "[127.0.0.1]"


def _trust(config: Config) -> ssl.SSLContext:
    """Return how certificates are verified: by the system's authorities, and those of ``smtp_trust_file``."""
    context = ssl.create_default_context()
    if config.smtp_trust_file:
        try:
            context.load_verify_locations(config.smtp_trust_file)
        except OSError as error:
            raise UsageError(f"smtp_trust_file: {config.smtp_trust_file}: {error.strerror or error}") from error
    return context


def _log_in(server: smtplib.SMTP, user: str, secret: str) -> None:
    if (user + secret).isascii():
        server.login(user, secret)
        return
    plain = b64encode(f"\0{user}\0{secret}".encode()).decode()  # smtplib encodes passwords as ASCII only
    code, reply = server.docmd("AUTH", f"PLAIN {plain}")
    if code != AUTHENTICATED:
        raise smtplib.SMTPAuthenticationError(code, reply)


@contextmanager
def _failures(config: Config, secret: str) -> Iterator[None]:
    """Convert the failures of a connection to our errors; none of them contains the password."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        raise _refused(config, secret, *next(iter(error.recipients.values()))) from None
    except smtplib.SMTPResponseException as error:
        raise _refused(config, secret, error.smtp_code, error.smtp_error) from None
    except (ssl.SSLError, smtplib.SMTPNotSupportedError) as error:
        raise _insecure(config.smtp_host, error) from None
    except OSError as error:  # any other error of smtplib is one, too
        raise _unreachable(config.smtp_host, error) from None


def _insecure(host: str, error: ssl.SSLError | smtplib.SMTPNotSupportedError) -> DeliveryError:
    """Return the error for a server that cannot prove who it is, encrypt, or do what else the settings ask for."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return DeliveryError(f"{host} refused: its certificate is not valid: {error.verify_message}")
    if isinstance(error, ssl.SSLError):
        return DeliveryError(f"{host}: no encryption: {one_line(error.reason or str(error))}", hint="see smtp_security")
    return DeliveryError(f"{host}: {one_line(str(error))}", hint="see smtp_security")


def _unreachable(host: str, error: OSError) -> TryLaterError:
    """Return the error for a connection that failed or broke off; smtplib reports a time limit as a disconnection."""
    is_closed = isinstance(error, smtplib.SMTPServerDisconnected)
    if isinstance(error.__context__ if is_closed else error, TimeoutError):
        return TryLaterError(f"{host} does not respond")
    if is_closed:
        return TryLaterError(f"{host} closed the connection")
    return TryLaterError(f"{host}: {one_line(error.strerror or str(error))}")


def _refused(config: Config, secret: str, code: int, reply: bytes | str) -> DeliveryError:
    """Return the error for a reply of the server: temporary for a 4xx code, else permanent (RFC 5321 section 4.2.1)."""
    text = one_line(reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply)[:200]
    if secret and any(form in text for form in _forms(config.smtp_user, secret)):
        text = "(its reply contains the password)"
    kind = TryLaterError if 400 <= code < 500 else DeliveryError
    return kind(f"{config.smtp_host} refused: {code} {text}")


def _forms(user: str, secret: str) -> list[str]:
    """Return the forms in which a server may repeat a password: as it is, or as it was sent (RFC 4616, LOGIN)."""
    coded = [b64encode(text.encode()).decode() for text in (secret, f"\0{user}\0{secret}")]
    return [secret, *coded]
