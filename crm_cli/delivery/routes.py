"""The routes by name, and delivery by the first of several that works."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from crm_cli.core.delivery import routes
from crm_cli.errors import DeliveryError, TryLaterError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_cli.config import Config
    from crm_cli.delivery.message import Message

DEFAULT = "desktop, print"
"""The routes of reminders, if the settings name none."""

_MODULES = {name: name for name in ("desktop", "mail", "command")} | {"print": "stdout"}


def chosen(config: Config) -> tuple[str, ...]:
    """Return the routes of reminders in the order of the settings. Raises UsageError."""
    return routes(config.remind_routes or DEFAULT)


def send(message: Message, route: str, config: Config) -> None:
    """Deliver a message by one route. Raises DeliveryError, or TryLaterError if a later attempt may succeed."""
    import_module(f"crm_cli.delivery.{_MODULES[route]}").send(message, config)


def deliver(message: Message, names: Sequence[str], config: Config) -> str:
    """Deliver a message by the first route that works, and return its name.

    Raises DeliveryError if every route failed; TryLaterError if one of them may succeed later.
    """
    failures: list[tuple[str, DeliveryError]] = []
    for name in names:
        try:
            send(message, name, config)
        except DeliveryError as error:
            failures.append((name, error))
        else:
            return name
    if len(failures) == 1:
        raise failures[0][1]
    later = any(isinstance(error, TryLaterError) for _, error in failures)
    reasons = "; ".join(f"{name}: {error}" for name, error in failures)
    raise (TryLaterError if later else DeliveryError)(reasons or "no route is set")
