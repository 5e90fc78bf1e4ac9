"""Drafts: text that was typed but is not in the book yet, kept in private files until it is saved."""

from __future__ import annotations

import os
import time
from pathlib import Path

from crm_cli import config
from crm_cli.errors import CrmError

FOLDER = "unsaved"
"""The subfolder of the state folder that holds drafts."""


class Draft:
    """Text that is being edited. ``original`` is the text before any editing.

    Each draft has its own folder, so that files an editor leaves next to it (swap files, backups) are as private as the
    text and are deleted or kept with it.
    """

    def __init__(self, original: str = "", *, typed: str | bytes = "", suffix: str = ".md") -> None:
        self.original = original
        self.typed = typed or original
        self.suffix = suffix
        self.path: Path | None = None

    def file(self) -> Path:
        """Return the path of the file that holds the text, creating it on the first call. Raises OSError."""
        if self.path is None:
            self.path = _written(_bytes(self.typed), self.suffix)
        return self.path

    def write(self, text: str) -> None:
        """Replace the contents of the file. Raises OSError."""
        self.file().write_bytes(_bytes(text))

    def read(self) -> str:
        """Return the text of the file. Raises CrmError when it is not valid UTF-8."""
        try:
            return self._raw().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise CrmError("the text is not valid UTF-8; nothing was changed") from error

    def keep(self) -> Path | None:
        """Return the path of the file with the typed text; discard the draft and return None if nothing was typed.

        Raises OSError.
        """
        if self.path is None and not _is_worth(self.typed, self.original):
            return None
        path = self.file()
        if _is_worth(self._raw(), self.original):
            return path
        beside = sorted(one for one in path.parent.iterdir() if one != path and one.is_file())
        found = next((one for one in beside if _is_worth(one.read_bytes(), self.original)), None)
        if found is None:
            self.discard()
            return None
        found.chmod(0o600)
        return found

    def discard(self) -> None:
        """Delete the file and everything an editor left next to it."""
        if self.path is not None:
            import shutil

            shutil.rmtree(self.path.parent, ignore_errors=True)
            self.path = None

    def _raw(self) -> bytes:
        """Return the bytes of the file; empty when an editor deleted it."""
        try:
            return self.file().read_bytes()
        except FileNotFoundError:
            return b""


def kept_words(draft: Draft) -> str:
    """Keep the typed text and return a message with its path, or ``""`` when nothing was typed."""
    try:
        path = draft.keep()
    except OSError as error:
        return f"your text could not be kept: {error.strerror}"
    return f"your text is kept in {path}" if path else ""


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")


def _is_worth(text: str | bytes, original: str) -> bool:
    """Does the text contain anything that was not in the original?"""
    raw = _bytes(text).strip()
    return bool(raw) and raw != _bytes(original).strip()


def _written(raw: bytes, suffix: str) -> Path:
    """Write a private file in a folder of its own and return its path.

    The folder is created in the state folder or, if that fails, in a temporary folder. Raises OSError when all fail.
    """
    import tempfile

    failure = OSError()
    for folder in (config.folder("state") / FOLDER, *temporary_folders()):
        try:
            folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.mkdir(mode=0o700, exist_ok=True)
            path = Path(tempfile.mkdtemp(prefix=time.strftime("%Y%m%d-%H%M%S-"), dir=folder)) / f"crm{suffix}"
            path.touch(mode=0o600)
            path.write_bytes(raw)
        except OSError as error:
            failure = error
        else:
            return path
    raise failure


def temporary_folders() -> list[Path]:
    """Return the folders for temporary files, the private one (``XDG_RUNTIME_DIR``) first."""
    import tempfile

    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    return [Path(place) for place in (runtime, tempfile.gettempdir()) if place and Path(place).is_dir()]
