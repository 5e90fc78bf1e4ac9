"""Where things lie, and what the user has settled: region, time zone, currency, who they are."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from crm_cli.errors import CrmError, UsageError

APP = "crm"

XDG = {
    "data": ("XDG_DATA_HOME", ".local/share"),
    "config": ("XDG_CONFIG_HOME", ".config"),
    "state": ("XDG_STATE_HOME", ".local/state"),
    "cache": ("XDG_CACHE_HOME", ".cache"),
}


class Config(NamedTuple):
    """The settings of a user. Empty text means: take it from the system.

    ``region`` is an ISO 3166 country code for phone numbers, ``zone`` an IANA time zone, ``currency`` an ISO 4217
    code, ``name`` and ``email`` who the user is, ``editor`` the program that edits text, ``theme`` one of `THEMES`.
    """

    region: str = ""
    zone: str = ""
    currency: str = ""
    name: str = ""
    email: str = ""
    editor: str = ""
    theme: str = ""


KEYS = Config._fields

VARIABLES = {f"CRM_{key.upper()}": key for key in KEYS}
"""Environment variables that override a setting for one command or one shell."""

UPPER = {"region": 2, "currency": 3}
"""Settings that are codes in capital letters -> how many."""

THEMES = ("dark", "light", "none")
"""What the dashboard can look like; none is without colours."""


def folder(kind: str) -> Path:
    """Return the user's ``data``, ``config``, ``state`` or ``cache`` folder of this program.

    On Linux the XDG rule is read here, as importing platformdirs costs a look-up more than its answer; a test holds
    the two to the same result.
    """
    if sys.platform == "linux":
        variable, default = XDG[kind]
        base = os.environ.get(variable, "").strip()
        return Path(base) / APP if base else home() / default / APP
    import platformdirs

    found = {
        "data": platformdirs.user_data_path,
        "config": platformdirs.user_config_path,
        "state": platformdirs.user_state_path,
        "cache": platformdirs.user_cache_path,
    }
    return found[kind](APP, appauthor=False)


def home() -> Path:
    """Return the user's home: ``HOME``, else what the system's list of users says. Raises CrmError without either."""
    try:
        return Path.home()
    except RuntimeError as error:
        raise CrmError("cannot tell where your home folder is", hint="set HOME") from error


def book_path(given: str = "") -> Path:
    """Return the book to use: the one given, else ``CRM_BOOK``, else the user's own."""
    chosen = given or os.environ.get("CRM_BOOK", "")
    return Path(chosen).expanduser() if chosen else folder("data") / "crm.db"


def is_book_named(given: str = "") -> bool:
    """Was the book chosen by name, and is not just the user's own?"""
    return bool(given or os.environ.get("CRM_BOOK", ""))


def config_path() -> Path:
    """Return the file that holds the settings."""
    return folder("config") / "config.toml"


def load() -> Config:
    """Return the settings in force: the file's, overridden by the environment. Raises UsageError for a bad one."""
    return Config(**in_file()[0] | in_environment())


def in_environment() -> dict[str, str]:
    """Return the settings that environment variables such as ``CRM_CURRENCY`` override; an empty one does not."""
    given = {key: os.environ.get(variable, "").strip() for variable, key in VARIABLES.items()}
    found = {key: value.upper() if key in UPPER else value for key, value in given.items() if value}
    for key, value in found.items():
        if (key == "theme" and value not in THEMES) or (key in UPPER and len(value) != UPPER[key]):
            raise UsageError(f"CRM_{key.upper()}: {value} is not a {key}", hint="as in IN, EUR, dark")
    return found


def in_file() -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the settings of the file, and the keys in it that are not settings; a missing file has none."""
    path = config_path()
    try:
        text = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return {}, ()
    except OSError as error:
        raise CrmError(f"cannot read {path}: {error.strerror}") from error
    import tomllib

    try:
        found = tomllib.loads(text.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: {error}") from error
    known = {key: value for key, value in found.items() if key in KEYS}
    wrong = [key for key, value in known.items() if not isinstance(value, str)]
    if wrong:
        raise UsageError(f'{path}: {wrong[0]} must be a text, as in {wrong[0]} = "…"')
    return known, tuple(key for key in found if key not in KEYS)


def now() -> datetime:
    """Return the present moment, aware; ``CRM_NOW`` sets it for tests and for pages that must stay true."""
    given = os.environ.get("CRM_NOW", "")
    if not given:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(given)
    except ValueError as error:
        raise UsageError(f"CRM_NOW is not an ISO 8601 time: {given}") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def zone_name(config: Config) -> str:
    """Return the IANA time zone in force: the setting, ``TZ``, the system's, else UTC."""
    if config.zone:
        return config.zone
    named = os.environ.get("TZ", "").lstrip(":")
    if "/" in named or named == "UTC":
        return named
    try:
        target = str(Path("/etc/localtime").readlink())
    except OSError:
        target = ""
    if "zoneinfo/" in target:
        return target.split("zoneinfo/", 1)[1]
    import tzlocal

    return tzlocal.get_localzone_name() or "UTC"


def region(config: Config) -> str:
    """Return the country whose phone numbers need no prefix: the setting, else the locale's, else ``""``."""
    if config.region:
        return config.region.upper()
    for variable in ("LC_ALL", "LC_TELEPHONE", "LC_CTYPE", "LANG"):
        code = os.environ.get(variable, "").partition(".")[0].partition("_")[2]
        if len(code) == 2 and code.isalpha():
            return code.upper()
    return ""


def locale(config: Config) -> str:
    """Return the locale in which amounts of money are written: ``LC_ALL``, ``LC_MONETARY``, ``LANG``, else English.

    A locale without a country gets that of the settings.
    """
    for variable in ("LC_ALL", "LC_MONETARY", "LANG"):
        name = os.environ.get(variable, "").partition(".")[0].partition("@")[0]
        if name and name not in {"C", "POSIX"}:
            return name
    return f"en_{config.region.upper()}" if config.region else "en"
