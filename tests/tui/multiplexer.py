"""A real tmux with crm in it: what most people who work over ssh look at."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Self

NAMES = {"enter": "Enter", "tab": "Tab", "escape": "Escape", "right": "Right", "left": "Left"}
"""Our names of keys -> those of tmux."""
PATIENCE = 20
TYPING = 0.2
"""Seconds from one key to the next: a quick hand."""
BETWEEN = 0.05
"""Seconds between two looks at the screen."""


class Tmux:
    """A server of its own with one window, in which a shell starts the dashboard and says how it ended.

    With ``words`` it is the command of these.
    """

    def __init__(self, book: Path, *, size: tuple[int, int] = (80, 24), words: tuple[str, ...] = ()) -> None:
        self.folder = tempfile.mkdtemp(prefix="tmux")
        env = dict(os.environ) | {"LC_ALL": "C.UTF-8", "PYTHONUTF8": "1", "TERM": "xterm-256color"}
        env.pop("NO_COLOR", None)
        env.pop("TMUX", None)
        self.env = env
        command = shlex.join([sys.executable, "-m", "crm_cli", "--book", str(book), *words])
        line = f"echo at the prompt; {command}; echo left with $?; exec cat"
        self._run("new-session", "-d", "-x", str(size[0]), "-y", str(size[1]), "sh", "-c", line)

    def _run(self, *words: str) -> str:
        command = ["tmux", "-S", str(Path(self.folder, "socket")), "-f", os.devnull, *words]
        return subprocess.run(
            command, env=self.env, check=True, capture_output=True, text=True, timeout=PATIENCE
        ).stdout

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._run("kill-server")
        shutil.rmtree(self.folder)

    @property
    def text(self) -> str:
        """What the window shows."""
        return self._run("capture-pane", "-p")

    def column(self, text: str) -> int:
        """Return the column of the window at which a text begins, as tmux counts."""
        assert text in self.text, f"{text!r} is not shown:\n{self.text}"
        for words in (
            ["copy-mode"],
            ["send-keys", "-X", "history-bottom"],
            ["send-keys", "-X", "search-backward", text],
        ):
            self._run(*words)
        found = self._run("display-message", "-p", "#{copy_cursor_x}")
        self._run("send-keys", "-X", "cancel")
        return int(found)

    def until(self, text: str) -> str:
        """Wait until the window shows a text, and return all it shows."""
        end = time.monotonic() + PATIENCE
        while text not in (seen := self.text):
            assert time.monotonic() < end, f"{text!r} was not shown:\n{seen}"
            time.sleep(BETWEEN)
        return seen

    def gone(self, text: str) -> None:
        """Wait until the window does not show a text any more."""
        end = time.monotonic() + PATIENCE
        while text in (seen := self.text):
            assert time.monotonic() < end, f"{text!r} is still shown:\n{seen}"
            time.sleep(BETWEEN)

    def press(self, *keys: str) -> None:
        """Press keys, or type words."""
        for key in keys:
            self._run("send-keys", *([NAMES[key]] if key in NAMES else ["-l", key]))
            time.sleep(TYPING)
