"""The user's settings, changed one at a time; comments in their file stay."""

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
    """Return a setting as it is kept: ``IN`` for ``India``, ``Asia/Kolkata`` for ``kolkata`` or, in India, ``IST``.

    Raises UsageError for an unknown key or a value that it cannot have.
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
    """Write settings (``""`` removes one). Raises UsageError for an unknown key or a value that it cannot have."""
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
    """Refuse a setting that is not one, or a value it cannot have."""
    if any(word in key for word in SECRETS):
        raise UsageError("secrets are not kept in the settings")
    if key not in config.KEYS:
        near = similar(key, config.KEYS, 1)
        hint = f"did you mean {near[0]}?" if near else "settings: " + ", ".join(config.KEYS)
        raise UsageError(f"there is no setting {key}", hint=hint)
    if not value:
        return
    if key == "region" and not (len(value) == 2 and value.isascii() and value.isalpha()):
        raise UsageError(f"{value} is not a country code", hint="two letters of ISO 3166, as in IN or DE")
    if key == "currency" and not (len(value) == 3 and value.isascii() and value.isalpha()):
        raise UsageError(f"{value} is not a currency code", hint="three letters of ISO 4217, as in INR or EUR")
    if key == "theme" and value not in config.THEMES:
        raise UsageError(f"there is no theme {value}", hint="themes: " + ", ".join(config.THEMES))
    if key == "currency":
        check_currency(value)
    if key == "zone":
        from crm_cli.core.when import zone_of

        zone_of(value)
    if key == "email" and "@" not in value[1:-1]:
        raise UsageError(f"{value} is not an e-mail address")


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
