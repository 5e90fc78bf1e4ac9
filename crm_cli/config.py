"""The user's folders, files and settings: region, time zone, currency, name and e-mail address."""

from __future__ import annotations

import codecs
import os
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from crm_cli.errors import CrmError, UsageError

APP = "crm"

XDG = {
    "data": ("XDG_DATA_HOME", ".local/share"),
    "config": ("XDG_CONFIG_HOME", ".config"),
    "state": ("XDG_STATE_HOME", ".local/state"),
    "cache": ("XDG_CACHE_HOME", ".cache"),
}


class Config(NamedTuple):
    """The user's settings. An empty string means: use the system's value.

    ``region`` is an ISO 3166 country code for phone numbers, ``zone`` an IANA time zone, ``currency`` an ISO 4217
    code. ``name`` and ``email`` identify the user; ``email`` may be several addresses between commas. ``editor`` is the
    program that edits text, ``theme`` is in `THEMES`. The others are about delivery; ``core/delivery.py`` reads their
    values.
    """

    region: str = ""
    zone: str = ""
    currency: str = ""
    name: str = ""
    email: str = ""
    editor: str = ""
    theme: str = ""
    remind_routes: str = ""
    quiet_hours: str = ""
    working_days: str = ""
    notify_command: str = ""
    mail_to: str = ""
    mail_from: str = ""
    smtp_host: str = ""
    smtp_port: str = ""
    smtp_security: str = ""
    smtp_trust_file: str = ""
    smtp_user: str = ""
    smtp_password_command: str = ""
    smtp_password_env: str = ""
    sendmail: str = ""
    delivery_timeout: str = ""

    @property
    def own_address(self) -> str:
        """The first of the user's addresses: mail is sent to and from it."""
        return self.email.partition(",")[0].strip()


KEYS = Config._fields

VARIABLES = {f"CRM_{key.upper()}": key for key in KEYS}
"""Environment variables that override a setting for one command or one shell."""

UPPER = {"region": 2, "currency": 3}
"""Settings that are upper-case codes -> their length."""

NUMBERS = frozenset({"smtp_port", "delivery_timeout"})
"""Settings that may be numbers in the file."""

THEMES = ("dark", "light", "none")
"""The dashboard's themes; ``none`` uses no colours."""


def folder(kind: str) -> Path:
    """Return this program's ``data``, ``config``, ``state`` or ``cache`` folder for the user.

    On Linux the XDG rules are implemented here, because importing platformdirs takes longer than a whole look-up. A
    test checks that both give the same result.
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
    """Return the home folder: ``HOME``, else the system's user database. Raises CrmError when neither has one."""
    try:
        return Path.home()
    except RuntimeError as error:
        raise CrmError("cannot tell where your home folder is", hint="set HOME") from error


def book_path(given: str = "") -> Path:
    """Return the path of the book: the one given, else ``CRM_BOOK``, else the user's default book."""
    chosen = given or os.environ.get("CRM_BOOK", "")
    return Path(chosen).expanduser() if chosen else folder("data") / "crm.db"


def is_book_named(given: str = "") -> bool:
    """Was the book named explicitly (an argument or ``CRM_BOOK``)?"""
    return bool(given or os.environ.get("CRM_BOOK", ""))


def config_path() -> Path:
    """Return the path of the settings file."""
    return folder("config") / "config.toml"


def load() -> Config:
    """Return the settings in effect: the file's, overridden by the environment. Raises UsageError for a bad one."""
    return Config(**in_file()[0] | in_environment())


def in_environment() -> dict[str, str]:
    """Return the settings set by environment variables such as ``CRM_CURRENCY``; empty variables are ignored.

    Raises UsageError for an invalid value.
    """
    given = {key: os.environ.get(variable, "").strip() for variable, key in VARIABLES.items()}
    found = {key: value.upper() if key in UPPER else value for key, value in given.items() if value}
    for key, value in found.items():
        if (key == "theme" and value not in THEMES) or (key in UPPER and len(value) != UPPER[key]):
            raise UsageError(f"CRM_{key.upper()}: {value} is not a {key}", hint="as in IN, EUR, dark")
    return found


def in_file() -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the settings in the file and its unknown keys; both are empty when there is no file.

    Raises CrmError when the file cannot be read, UsageError when it is not valid.
    """
    path = config_path()
    text = _content(path)
    if text is None:
        return {}, ()
    text = text.removeprefix(codecs.BOM_UTF8)
    found = _plain(text)
    if found is None:
        found = _toml(path, text)
    known = {key: _text(key, value) for key, value in found.items() if key in KEYS}
    wrong = [key for key, value in known.items() if not isinstance(value, str)]
    if wrong:
        raise UsageError(f'{path}: {wrong[0]} must be a text, as in {wrong[0]} = "…"')
    return known, tuple(key for key in found if key not in KEYS)


def _toml(path: Path, text: bytes) -> dict[str, Any]:
    """Return the content of a TOML file. Raises UsageError when it is not valid."""
    import tomllib

    try:
        return tomllib.loads(text.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: {error}") from error


def _text(key: str, value: object) -> Any:
    """Return a number as text where a setting may be one; any other value unchanged."""
    return str(value) if key in NUMBERS and type(value) is int else value


_ASSIGNMENT = re.compile(rb'([a-z_]+) = "([^"\\\x00-\x1f\x7f]*)"')


def _plain(text: bytes) -> dict[str, Any] | None:
    """Return the settings of a file of nothing but lines like ``zone = "Asia/Kolkata"``, or None for any other TOML.

    That is what ``crm config set`` writes, and importing tomllib takes 4 ms of every command.
    """
    lines = [found for line in text.split(b"\n") if line for found in [_ASSIGNMENT.fullmatch(line)]]
    if None in lines:
        return None
    try:
        pairs = [(found[1].decode(), found[2].decode()) for found in lines if found]
    except UnicodeDecodeError:
        return None
    return dict(pairs) if len(dict(pairs)) == len(pairs) else None


def _content(path: Path) -> bytes | None:
    """Return the bytes of a file, or None if it does not exist. Raises CrmError when it cannot be read."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise CrmError(f"cannot read {path}: {error.strerror}") from error


def now() -> datetime:
    """Return the current time as an aware datetime. ``CRM_NOW`` overrides it, for tests and reproducible documentation.

    Raises UsageError when ``CRM_NOW`` is not an ISO 8601 time.
    """
    given = os.environ.get("CRM_NOW", "")
    if not given:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(given)
    except ValueError as error:
        raise UsageError(f"CRM_NOW is not an ISO 8601 time: {given}") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def zone_name(config: Config) -> str:
    """Return the IANA time zone in effect: the setting, ``TZ``, the system's zone, else UTC."""
    if config.zone:
        return config.zone
    named = os.environ.get("TZ", "").lstrip(":")
    if named.startswith("/"):
        return _zone_of_file(named)
    if _NAMED.fullmatch(named):
        return named
    return _zone_of_rule(named) if named else _zone_of_file("/etc/localtime")


_NAMED = re.compile(r"UTC|[A-Za-z]\w*(?:/[\w+-]+)+", re.ASCII)
"""What is taken as the name of a zone without asking for it; looking it up would take a tenth of a look-up."""


def _zone_of_file(path: str) -> str:
    """Return the IANA zone of a file such as ``/etc/localtime``, a link to the one in the database; else the system's.

    ``TZ=:/etc/localtime`` is common on servers, and means the zone of the system.
    """
    try:
        target = str(Path(path).readlink())
    except OSError:
        target = path
    if "zoneinfo/" in target:
        return target.split("zoneinfo/", 1)[1]
    import tzlocal

    return tzlocal.get_localzone_name() or "UTC"


_FIXED = re.compile(r"(?:[A-Za-z]{3,}|<[\w+-]+>)([+-]?)(\d\d?)(?::?00)?", re.ASCII)


def _zone_of_rule(text: str) -> str:
    """Return the IANA zone of a ``TZ`` without a slash: ``Japan``, ``EST5EDT``, or a fixed offset such as ``<+03>-3``.

    POSIX counts the hours west of Greenwich, and so do the zones of ``Etc``. Raises UsageError for any other rule
    (``CET-1CEST``): it has no name to store, and another zone in its place would shift every time.
    """
    if _is_zone(text):
        return text
    fixed = _FIXED.fullmatch(text)
    zone = f"Etc/GMT{fixed[1] or '+'}{int(fixed[2])}" if fixed else ""
    if not _is_zone(zone):
        raise UsageError(f"TZ={text} is not the name of a time zone", hint="as in TZ=Europe/Berlin")
    return zone


def _is_zone(name: str) -> bool:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def region(config: Config) -> str:
    """Return the country assumed for phone numbers without a prefix: the setting, else the locale's, else ``""``."""
    if config.region:
        return config.region.upper()
    for variable in ("LC_ALL", "LC_TELEPHONE", "LC_CTYPE", "LANG"):
        code = os.environ.get(variable, "").partition(".")[0].partition("_")[2]
        if len(code) == 2 and code.isalpha():
            return code.upper()
    return ""


def locale(config: Config) -> str:
    """Return the locale for amounts of money: ``LC_ALL``, ``LC_MONETARY``, ``LANG``, else English.

    English is combined with the region of the settings, if there is one (``en_IN``).
    """
    for variable in ("LC_ALL", "LC_MONETARY", "LANG"):
        name = os.environ.get(variable, "").partition(".")[0].partition("@")[0]
        if name and name not in {"C", "POSIX"}:
            return name
    return f"en_{config.region.upper()}" if config.region else "en"
