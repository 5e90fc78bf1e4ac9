"""The folder of a vdir: its card files, and the manifest of those that an export wrote.

``.crm-export.json``, which other programs ignore, has for each file that an export wrote its checksum and the card with
which the file and the book last agreed: the base of a three-way merge when the file is imported again.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from crm_cli import files
from crm_cli.errors import CrmError
from crm_cli.formats.vcard import items

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

MANIFEST = ".crm-export.json"
LARGEST = 40_000_000
"""The largest file that is read, in bytes; a larger one is not the card of anyone."""


class CardFile(NamedTuple):
    """A card file in the folder: its name, its UID and its checksum."""

    name: str
    uid: str
    sha: str


class Written(NamedTuple):
    """A file that an export wrote: the uid of the record, and the checksums that it can have.

    There are two while an export is under way, so that one that was killed does not take its own files for foreign.
    ``card`` is the shortened card with which the file and the book last agreed.
    """

    uid: str
    sums: tuple[str, ...]
    card: str = ""


def names(folder: Path) -> list[str]:
    """Return the names of all entries of a folder; none if it does not exist."""
    with files.naming(folder), suppress(FileNotFoundError):
        return [each.name for each in folder.iterdir()]
    return []


def cards(folder: Path) -> Iterator[CardFile]:
    """Yield the card files of a folder; what is hidden, a link, or not a regular file is not one."""
    for name in sorted(names(folder)):
        path = folder / name
        if name.endswith(items.SUFFIX) and not name.startswith(".") and path.is_file() and not path.is_symlink():
            with files.naming(path):
                data = path.read_bytes() if path.stat().st_size <= LARGEST else b""
            yield CardFile(name, items.uid_of(data), checksum(data))


def checksum(data: bytes) -> str:
    """Return the checksum by which a file is compared with what was written to it."""
    from hashlib import sha256  # here, because it loads OpenSSL

    return sha256(data).hexdigest()


def replace(path: Path, data: bytes) -> None:
    """Write a file under a temporary name and rename it; `save` cleaned the folder of those of killed runs."""
    with files.Part(path, swept=True) as part:
        with os.fdopen(os.dup(part.handle), "wb") as file:
            file.write(data)
        part.settle(durable=False)


def manifest(folder: Path) -> dict[str, Written]:
    """Return the files that exports wrote, by name; none without a manifest. Raises CrmError for a damaged one."""
    path = folder / MANIFEST
    try:
        data = json.loads(path.read_text("utf-8"))
        return {
            str(name): Written(str(each["uid"]), tuple(map(str, each["sha256"])), str(each["card"]))
            for name, each in data["files"].items()
        }
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise CrmError(f"{path} is damaged; remove it, and files that are right stay as they are") from error


def save(folder: Path, written: Mapping[str, Written]) -> None:
    """Write the manifest."""
    listed = {
        name: {"uid": each.uid, "sha256": list(dict.fromkeys(each.sums)), "card": each.card}
        for name, each in written.items()
    }
    text = json.dumps({"format": "crm-vdir", "files": listed}, indent=0, sort_keys=True, ensure_ascii=False)
    files.write(folder / MANIFEST, text + "\n")


class Vdirs:
    """The vdirs whose files are imported, and the cards on which they and the book agree."""

    def __init__(self) -> None:
        self.known: dict[Path, dict[str, Written]] = {}
        self.changed: set[Path] = set()

    def read(self, paths: Iterable[Path]) -> dict[Path, Written]:
        """Return those of the files to import that an export wrote, as they are now."""
        found = {}
        for path in paths:
            mine = self._of(path.parent).get(path.name)
            if mine is not None and path.is_file():
                data = path.read_bytes()
                found[path] = Written(mine.uid, (checksum(data),), items.shortened(data))
        return found

    def exported(self, found: Mapping[Path, Written]) -> dict[str, str]:
        """Return the uids of the records that the files were written for, each with the card last agreed on."""
        return {each.uid: self._of(path.parent)[path.name].card for path, each in found.items()}

    def agree(self, found: Mapping[Path, Written]) -> None:
        """Note that the files were imported as they were read."""
        for path, now in found.items():
            if self._of(path.parent)[path.name] != now:
                self._of(path.parent)[path.name] = now
                self.changed.add(path.parent)

    def missing(self, folder: Path) -> list[str]:
        """Return the names of the files that an export wrote and another program deleted."""
        written = self._of(folder)
        return sorted(set(written) - set(names(folder))) if written else []

    def save(self) -> None:
        """Write what was agreed on; a folder that cannot be written to keeps its older state."""
        for folder in self.changed:
            with suppress(CrmError):
                save(folder, self.known[folder])

    def _of(self, folder: Path) -> dict[str, Written]:
        if folder not in self.known:
            self.known[folder] = manifest(folder)
        return self.known[folder]
