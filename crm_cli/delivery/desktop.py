"""The route ``desktop``: a notification by notify-send, on the session bus of the user's desktop."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from crm_cli.delivery.message import one_line, plain
from crm_cli.delivery.process import run, wait
from crm_cli.errors import DeliveryError

if TYPE_CHECKING:
    from crm_cli.config import Config
    from crm_cli.delivery.message import Message

RUNTIME = Path("/run/user")
"""Where systemd keeps a folder for each user who is logged in, with the socket of their session bus."""

LONGEST_TITLE, LONGEST_BODY = 200, 1000


def send(message: Message, config: Config) -> None:
    """Show a notification. Raises DeliveryError if there is no desktop, or notify-send fails."""
    urgency = "critical" if message.fields.get("CRM_PRIORITY") == "high" else "normal"
    title = one_line(message.subject)[:LONGEST_TITLE]
    body = _escaped(plain(message.text).removeprefix(message.subject).strip()[:LONGEST_BODY])
    argv = ["notify-send", "--app-name=crm", f"--urgency={urgency}", "--", title, body]
    done = run(argv, seconds=wait(config), env=_bus())
    if done.code:
        raise DeliveryError(f"notify-send failed: {done.reason}")


def _bus() -> dict[str, str]:
    """Return what must be added to the environment to find the session bus, as cron does not set its address."""
    if os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return {}
    bus = RUNTIME / str(os.getuid()) / "bus"
    if not bus.exists():
        raise DeliveryError("no desktop session is running")
    return {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={bus}"}


def _escaped(text: str) -> str:
    """Escape the markup that notification servers read in a body."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
