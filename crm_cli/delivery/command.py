"""The route ``command``: a program of the user, with the text as its standard input and the fields as environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.delivery.message import one_line, plain
from crm_cli.delivery.process import arguments, run, wait
from crm_cli.errors import DeliveryError, Hint

if TYPE_CHECKING:
    from crm_cli.config import Config
    from crm_cli.delivery.message import Message

LONGEST = 2000
"""The longest value of an environment variable, in characters; the system limits the size of all of them together."""


def send(message: Message, config: Config) -> None:
    """Run the command of the settings. Raises DeliveryError if it fails, TryLaterError if it takes too long."""
    if not config.notify_command:
        raise DeliveryError("no command is set", hint=Hint("set-notify-command"))
    argv = arguments(config.notify_command, "notify_command")
    fields = {"CRM_KEY": message.key, "CRM_SUBJECT": message.subject, **message.fields}
    env = {name: one_line(value)[:LONGEST] for name, value in fields.items()}
    run(argv, seconds=wait(config), given=plain(message.text).encode(), env=env).check(one_line(argv[0]))
