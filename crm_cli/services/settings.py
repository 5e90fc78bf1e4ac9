"""Change the user's settings one at a time; comments in the settings file are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_cli import config, files
from crm_cli.core import delivery
from crm_cli.core.money import check_currency
from crm_cli.core.text.folding import similar
from crm_cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import tomlkit

SECRETS = ("password", "secret", "token")


def understood(key: str, value: str, region: str = "") -> str:
    """Return a setting as stored: ``IN`` for ``India``, ``Asia/Kolkata`` for ``kolkata`` or, in India, ``IST``.

    Raises UsageError for an unknown key or an invalid value.
    """
    if key in _READERS and value:
        from crm_cli.core import places

        value = _READERS[key](places, value.strip(), region)
    check(key, value)
    return value


_READERS: dict[str, Callable[[Any, str, str], str]] = {
    "region": lambda places, value, _region: places.region_of(value),
    "zone": lambda places, value, region: places.zone_of_words(value, region),
    "currency": lambda places, value, _region: places.currency_of_words(value),
}


def change(values: Mapping[str, str]) -> None:
    """Write settings (``""`` removes one). Raises UsageError for an unknown key or an invalid value."""
    for key, value in values.items():
        check(key, value)
    path = config.config_path()
    document = _document()
    for key, value in values.items():
        if value:
            document[key] = value
        else:
            document.pop(key, None)
    files.write(path, document.as_string())


def check(key: str, value: str) -> None:
    """Raise UsageError for an unknown setting or an invalid value."""
    if key not in config.KEYS:
        if any(word in key for word in SECRETS):
            raise UsageError(
                "secrets are not kept in the settings", hint="as in smtp_password_command = pass show mail"
            )
        near = similar(key, config.KEYS, 1)
        hint = f"did you mean {near[0]}?" if near else "settings: " + ", ".join(config.KEYS)
        raise UsageError(f"there is no setting {key}", hint=hint)
    if value and key in CHECKS:
        CHECKS[key](value)


def _check_region(value: str) -> None:
    if not _is_letters(value, 2):
        raise UsageError(f"{value} is not a country code", hint="two letters of ISO 3166, as in IN or DE")


def _check_currency(value: str) -> None:
    if not _is_letters(value, 3):
        raise UsageError(f"{value} is not a currency code", hint="three letters of ISO 4217, as in INR or EUR")
    check_currency(value)


def _check_theme(value: str) -> None:
    if value not in config.THEMES:
        raise UsageError(f"there is no theme {value}", hint="themes: " + ", ".join(config.THEMES))


def _check_zone(value: str) -> None:
    from crm_cli.core.instants import zone_of

    zone_of(value)


def _check_email(value: str) -> None:
    for address in value.split(","):
        if "@" not in address.strip()[1:-1]:
            raise UsageError(f"{address.strip() or value} is not an e-mail address")


def _check_command(value: str) -> None:
    import shlex

    try:
        shlex.split(value)
    except ValueError as error:
        raise UsageError(f"{value} is not a command: {str(error).lower()}") from error


def _check_variable(value: str) -> None:
    if not (value.isascii() and value.isidentifier()):
        raise UsageError(f"{value} is not the name of an environment variable", hint="as in CRM_SMTP_PASSWORD")


def _check_host(value: str) -> None:
    if not value.isprintable() or any(char in value for char in " /@:") or value.startswith("-"):
        raise UsageError(f"{value} is not the name of a mail server", hint="as in smtp.example.org; see smtp_port")


def _is_letters(value: str, length: int) -> bool:
    return len(value) == length and value.isascii() and value.isalpha()


CHECKS: Mapping[str, Callable[[str], object]] = {
    "region": _check_region,
    "currency": _check_currency,
    "theme": _check_theme,
    "zone": _check_zone,
    "email": _check_email,
    "remind_routes": delivery.routes,
    "quiet_hours": delivery.quiet_hours,
    "working_days": delivery.working_days,
    "notify_command": _check_command,
    "mail_to": lambda value: delivery.mailbox(value, "mail_to"),
    "mail_from": lambda value: delivery.mailbox(value, "mail_from"),
    "smtp_host": _check_host,
    "smtp_port": delivery.port,
    "smtp_security": delivery.security,
    "smtp_password_command": _check_command,
    "smtp_password_env": _check_variable,
    "sendmail": _check_command,
    "delivery_timeout": delivery.timeout,
}
"""Setting -> the function that refuses invalid values; the others accept any text."""


def _document() -> tomlkit.TOMLDocument:
    import tomlkit
    from tomlkit.exceptions import ParseError

    path = config.config_path()
    try:
        return tomlkit.parse(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return tomlkit.document()
    except (ParseError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: {error}") from error
