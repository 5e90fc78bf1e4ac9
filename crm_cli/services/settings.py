"""Change the user's settings one at a time; comments in the settings file are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_cli import config, files
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
    if any(word in key for word in SECRETS):
        raise UsageError("secrets are not kept in the settings")
    if key not in config.KEYS:
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
    from crm_cli.core.when import zone_of

    zone_of(value)


def _check_email(value: str) -> None:
    if "@" not in value[1:-1]:
        raise UsageError(f"{value} is not an e-mail address")


def _is_letters(value: str, length: int) -> bool:
    return len(value) == length and value.isascii() and value.isalpha()


CHECKS = {
    "region": _check_region,
    "currency": _check_currency,
    "theme": _check_theme,
    "zone": _check_zone,
    "email": _check_email,
}
"""Setting -> the function that refuses invalid values; the others accept any text."""


def _document() -> tomlkit.TOMLDocument:
    import tomlkit
    from tomlkit.exceptions import ParseError

    path = config.config_path()
    try:
        return tomlkit.parse(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return tomlkit.document()
    except (ParseError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: {error}") from error
