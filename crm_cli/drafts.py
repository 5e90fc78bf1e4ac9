"""Texts that somebody typed and that are not in the book yet: kept in private files until they are saved."""

from __future__ import annotations

import os
import time
from pathlib import Path

from crm_cli import config
from crm_cli.errors import CrmError

FOLDER = "unsaved"
"""The folder of the state folder in which drafts are kept."""


class Draft:
    """A text being written. ``original`` is what stood there before anything was typed.

    A draft has a folder of its own, so that what an editor leaves beside the file (swap files, backups) is as private
    as the text, and goes or stays with it.
    """

    def __init__(self, original: str = "", *, typed: str | bytes = "", suffix: str = ".md") -> None:
        self.original = original
        self.typed = typed or original
        self.suffix = suffix
        self.path: Path | None = None

    def file(self) -> Path:
        """Return the file that holds the text, made when first asked for. Raises OSError."""
        if self.path is None:
            self.path = _written(_bytes(self.typed), self.suffix)
        return self.path

    def write(self, text: str) -> None:
        """Put another text into the file."""
        self.file().write_bytes(_bytes(text))

    def read(self) -> str:
        """Return the text of the file. Raises CrmError when it is not text."""
        try:
            return self._raw().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise CrmError("the text is not valid UTF-8; nothing was changed") from error

    def keep(self) -> Path | None:
        """Return the file that holds what was typed; where nothing was, discard the draft. Raises OSError."""
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
        """Remove the file, and all that an editor left beside it."""
        if self.path is not None:
            import shutil

            shutil.rmtree(self.path.parent, ignore_errors=True)
            self.path = None

    def _raw(self) -> bytes:
        """Return the bytes of the file; none where an editor took it away."""
        try:
            return self.file().read_bytes()
        except FileNotFoundError:
            return b""


def kept_words(draft: Draft) -> str:
    """Keep what was typed, and say where it is; ``""`` where nothing was."""
    try:
        path = draft.keep()
    except OSError as error:
        return f"your text could not be kept: {error.strerror}"
    return f"your text is kept in {path}" if path else ""


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")


def _is_worth(text: str | bytes, original: str) -> bool:
    """Is there anything in the text that did not stand there before?"""
    raw = _bytes(text).strip()
    return bool(raw) and raw != _bytes(original).strip()


def _written(raw: bytes, suffix: str) -> Path:
    """Write a private file in a folder of its own: in the state folder or, where that fails, in a temporary place."""
    import tempfile

    failure = OSError()
    for folder in (config.folder("state") / FOLDER, *_temporary()):
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


def _temporary() -> list[Path]:
    """Return the places for temporary files, the private one first."""
    import tempfile

    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    return [Path(place) for place in (runtime, tempfile.gettempdir()) if place and Path(place).is_dir()]
