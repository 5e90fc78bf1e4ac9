"""The folder of a vdir: its card files, and the manifest of those that an export wrote.

``.crm-export.json``, which other programs ignore, has for each file that an export wrote its checksum and the card with
which the file and the book last agreed: the base of a three-way merge when the file is imported again.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from crm_cli import files
from crm_cli.errors import CrmError
from crm_cli.formats.vcard import items

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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

    def read(self, name: str) -> Written | None:
        """Return the file that is imported, as it is now, or None if no export wrote it."""
        path = Path(name)
        mine = self._of(path.parent).get(path.name) if name != "-" else None
        if mine is None or not path.is_file():
            return None
        data = path.read_bytes()
        return Written(mine.uid, (checksum(data),), items.shortened(data))

    def exported(self, name: str, now: Written | None) -> dict[str, str]:
        """Return the uid of the record that the file was written for, and the card on which both last agreed."""
        return {now.uid: self._of(Path(name).parent)[Path(name).name].card} if now else {}

    def agree(self, name: str, now: Written | None) -> None:
        """Note that the file was imported as it was read."""
        folder = Path(name).parent
        if now is not None and self._of(folder)[Path(name).name] != now:
            self._of(folder)[Path(name).name] = now
            self.changed.add(folder)

    def save(self) -> None:
        """Write what was agreed on; a folder that cannot be written to keeps its older state."""
        for folder in self.changed:
            with suppress(CrmError):
                save(folder, self.known[folder])

    def _of(self, folder: Path) -> dict[str, Written]:
        if folder not in self.known:
            self.known[folder] = manifest(folder)
        return self.known[folder]
