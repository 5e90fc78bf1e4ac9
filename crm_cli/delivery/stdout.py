"""The route ``print``: a message on standard output, which cron sends by mail."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from crm_cli.delivery.message import plain

if TYPE_CHECKING:
    from crm_cli.config import Config
    from crm_cli.delivery.message import Message


def send(message: Message, config: Config) -> None:  # noqa: ARG001  (every route has the same arguments)
    """Print the text of a message."""
    sys.stdout.write(plain(message.text).rstrip("\n") + "\n")
    sys.stdout.flush()
