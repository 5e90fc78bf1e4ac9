"""A text in the user's own editor."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from crm_cli.errors import CrmError

if TYPE_CHECKING:
    from crm_cli.config import Config


def program(config: Config) -> str:
    """Return the editor that is settled, by the settings or the environment, or ``""``."""
    return config.editor or os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""


def edited(text: str, program: str, *, suffix: str) -> str:
    """Return ``text`` as the user left it in their editor. The file is private, and gone afterwards."""
    import shlex
    import subprocess
    import tempfile

    program = program or "vi"
    folder = os.environ.get("XDG_RUNTIME_DIR") or None
    with tempfile.TemporaryDirectory(prefix="crm-", dir=folder if folder and Path(folder).is_dir() else None) as held:
        path = Path(held) / f"crm{suffix}"
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
        try:
            done = subprocess.run([*shlex.split(program), str(path)], check=False)  # noqa: S603  (the user's own editor)
        except OSError as error:
            raise CrmError(f"cannot run the editor {program}: {error.strerror}", hint="set EDITOR") from error
        if done.returncode:
            raise CrmError(f"the editor {program} failed; nothing was changed")
        return path.read_text(encoding="utf-8", errors="replace")
