"""A real terminal of crm: a pty, and pyte to see what it shows."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Self

import pexpect
import pyte

if TYPE_CHECKING:
    from pathlib import Path

# A bare Esc that is read together with the key after it would be Alt and that key: so as the Kitty protocol sends it.
KEYS = {"enter": "\r", "tab": "\t", "escape": "\x1b[27u", "down": "\x1b[B", "up": "\x1b[A", "ctrl+r": "\x12"}
PATIENCE = 60


class Terminal:
    """A pty with the dashboard in it, or with the command of some ``words``."""

    def __init__(
        self,
        book: Path,
        *,
        size: tuple[int, int] = (80, 24),
        words: tuple[str, ...] = (),
        env: dict[str, str] | None = None,
    ) -> None:
        width, height = size
        more = env or {}
        env = dict(os.environ) | {"TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONUTF8": "1"}
        env.pop("NO_COLOR", None)
        env |= more
        words = ("-m", "crm_cli", "--book", str(book), *words)
        self.child = pexpect.spawn(sys.executable, list(words), dimensions=(height, width), env=env, timeout=PATIENCE)
        self.screen = pyte.Screen(width, height)
        self.stream = pyte.ByteStream(self.screen)
        self.written = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.child.close(force=True)

    def read(self, seconds: float = 0.05) -> bool:
        """Take in what is written; return whether there was something."""
        try:
            found = self.child.read_nonblocking(1 << 16, timeout=seconds)
        except (pexpect.TIMEOUT, pexpect.EOF):
            return False
        self.written += found
        self.stream.feed(found)
        return True

    def end(self) -> None:
        """Wait until the command has ended."""
        end = time.monotonic() + PATIENCE
        while self.read(0.2) or self.child.isalive():
            assert time.monotonic() < end, f"it does not end:\n{self.text}"

    def column(self, text: str) -> int:
        """Return the column of the screen at which a text begins."""
        for row in range(self.screen.lines):
            cells = [self.screen.buffer[row][x].data for x in range(self.screen.columns)]
            for x in range(len(cells)):
                if "".join(cells[x : x + len(text)]) == text:
                    return x
        raise AssertionError(f"{text!r} is not shown:\n{self.text}")

    def until(self, text: str) -> None:
        """Wait until the screen shows a text."""
        end = time.monotonic() + PATIENCE
        while text not in self.text:
            assert time.monotonic() < end, f"{text!r} was not shown:\n{self.text}"
            self.read()

    def quiet(self, seconds: float = 0.25) -> None:
        """Wait until nothing more is written."""
        while self.read(seconds):
            pass

    def press(self, *keys: str) -> None:
        """Press keys, or type words."""
        for key in keys:
            self.child.send(KEYS.get(key, key))
            self.quiet(0.06)

    @property
    def lines(self) -> list[str]:
        """What the screen shows."""
        return self.screen.display

    @property
    def text(self) -> str:
        """What the screen shows, as one text."""
        return "\n".join(self.lines)

    def leave(self) -> int:
        """Quit, and return the exit code."""
        self.child.send("q")
        end = time.monotonic() + PATIENCE
        while self.child.isalive() and time.monotonic() < end:
            self.read()
        while self.read(0.05):
            pass
        assert not self.child.isalive(), f"it does not end:\n{self.text}"
        self.child.close()
        return self.child.exitstatus
