"""The password of the mail account: from a command, an environment variable, or the keyring. It is never stored."""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING

from crm_cli.delivery.process import arguments, run, wait
from crm_cli.errors import DeliveryError, Hint, TryLaterError

if TYPE_CHECKING:
    from crm_cli.config import Config

VARIABLE = "CRM_SMTP_PASSWORD"
"""The environment variable that is read if the settings name none."""


def password(config: Config) -> str:
    """Return the password of ``smtp_user``. Raises DeliveryError if there is none.

    The first of these that is set: ``smtp_password_command``, the environment variable, the entry of the keyring with
    the mail server as service.
    """
    if config.smtp_password_command:
        return _of_command(config)
    found = os.environ.get(config.smtp_password_env or VARIABLE, "") or _of_keyring(config)
    if not found:
        raise DeliveryError(f"there is no password for {config.smtp_user}", hint=Hint("set-password"))
    return found


def _of_command(config: Config) -> str:
    """Return the first line that the command prints; its output is not part of any error."""
    argv = arguments(config.smtp_password_command, "smtp_password_command")
    done = run(argv, seconds=wait(config))
    if done.code:
        raise DeliveryError(f"smtp_password_command failed: exit code {done.code}")
    lines = done.out.decode("utf-8", "replace").splitlines()
    if not lines or not lines[0]:
        raise DeliveryError("smtp_password_command printed nothing")
    return lines[0]


def _of_keyring(config: Config) -> str:
    """Return the password from the keyring, or ``""`` if there is no keyring or no entry. Cron has no keyring."""
    try:
        keyring = import_module("keyring")
        errors = import_module("keyring.errors")
    except ImportError:
        return ""
    try:
        return keyring.get_password(config.smtp_host, config.smtp_user) or ""
    except errors.KeyringLocked as error:
        raise TryLaterError("the keyring is locked", hint=Hint("set-password")) from error
    except errors.KeyringError:
        return ""
