"""Column mappings of imports that the user saved by name: ``import-maps/NAME.toml`` in the settings folder."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

from crm_cli import config, files
from crm_cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Mapping = tuple[tuple[str, str], ...]
_NAME = re.compile(r"[\w-]{1,60}")


def path_of(name: str) -> Path:
    """Return the file of a mapping. Raises UsageError for a name that cannot be one."""
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is not a name for a mapping", hint="letters, digits, - and _")
    return config.folder("config") / "import-maps" / f"{name}.toml"


def save(name: str, mapping: Sequence[tuple[str, str]]) -> Path:
    """Save a mapping, in place of an earlier one of that name; return its file."""
    import tomlkit

    document = tomlkit.document()
    columns = tomlkit.table()
    for column, field in mapping:
        columns[column] = field
    document["columns"] = columns
    path = path_of(name)
    files.write(path, tomlkit.dumps(document))
    return path


def load(name: str) -> Mapping | None:
    """Return the mapping of that name, or None. Raises UsageError if its file is invalid."""
    if not _NAME.fullmatch(name) or not (path := path_of(name)).exists():
        return None
    try:
        columns = tomllib.loads(path.read_text(encoding="utf-8"))["columns"]
        return tuple((str(column), str(field)) for column, field in columns.items())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, AttributeError) as error:
        raise UsageError(f"{path} is not a saved mapping ({error})") from error
