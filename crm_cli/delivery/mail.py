"""The route ``mail``: by a mail server (SMTP with STARTTLS or TLS), or by the system's sendmail."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from crm_cli.delivery import mime
from crm_cli.delivery.process import arguments, run, wait
from crm_cli.errors import DeliveryError, Hint

if TYPE_CHECKING:
    from crm_cli.config import Config
    from crm_cli.delivery.message import Message

SENDMAIL = "sendmail -t -i"
FOLDERS = "/usr/sbin:/usr/lib:/usr/local/sbin:/usr/bin"
"""Where sendmail is, in addition to PATH; cron's PATH has no folders for system programs."""


def send(message: Message, config: Config) -> None:
    """Send a message to ``mail_to`` of the settings. Raises DeliveryError, or TryLaterError for a temporary failure."""
    letter = mime.letter(message, config)
    if config.smtp_host:
        from crm_cli.delivery import smtp

        smtp.send(letter, config)
    else:
        _sendmail(letter, config)


def _sendmail(letter: mime.Letter, config: Config) -> None:
    argv = arguments(config.sendmail or SENDMAIL, "sendmail")
    if not config.sendmail:
        found = shutil.which(argv[0]) or shutil.which(argv[0], path=FOLDERS)
        if not found:
            raise DeliveryError("no way to send mail is set", hint=Hint("set-mail"))
        argv[0] = found
    run(argv, seconds=wait(config), given=letter.content.replace(b"\r\n", b"\n")).check("sendmail")
