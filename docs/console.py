"""Runs the ``console`` blocks of the pages in a scratch book, on a terminal of their own, and compares what is printed.

A block holds commands (``$ crm today``) and what they print. A page's blocks are run from top to bottom, each page in a
home of its own; a guide page begins with the sample book, which the first block of ``guide/index.md`` makes. A block
may name the moment of its commands (``console 2026-11-02T09:00``); the others are run at ``NOW``.
"""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import termios
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = Path("docs/guide/samples")
START = ROOT / "docs/guide/index.md"

OFFSET = "+05:30"
NOW = f"2026-11-22T09:00:00{OFFSET}"
"""When the pages were printed: a Sunday morning in Pune."""

PATIENCE = 60.0
"""Seconds that a command may take."""

UUID = re.compile(r"(?!9d2c1f6e)[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
A_UUID = "5f0c7a5e-3b1d-4c59-8d5c-1f2e3d4c5b6a"
"""What is printed for every id that is drawn at random; those of the samples stay."""

PROGRESS = re.compile(r"\r\x1b\[K[^\r\n]*(?=\r)")
"""How far a slow command has got, which a later line overwrites."""
BAR = re.compile(r"\x1b\[\?25l.*?\x1b\[\?25h(?:\r?\x1b\[1A\x1b\[2K)?", re.DOTALL)
"""The progress bar of a slow import, which is erased at its end."""

ASKED = re.compile(r"(?:\[y/N\]|\(enter: none\)|^(?:Country|Time zone|Currency|Your)[^:]*:) ?(.*)$")
"""A line with a question, and what the reader types."""

FOR_A_SHELL = re.compile(r"[|&;<>()$`*?\[\]{}~#!\\\n]")
"""What only a shell understands."""

SILENCE = 1.0
"""After so many seconds in the middle of a line, a command is taken to wait for an answer."""


class Step(NamedTuple):
    """A command and the lines it prints, and when; ``line`` is where the command stands in its page, from 0."""

    command: str
    output: list[str]
    line: int
    now: str = NOW


class Terminal:
    """A terminal with a home of its own, in which the commands of a page are run one after the other."""

    def __init__(self, *, samples_here: bool = True) -> None:
        self.scratch = Path(tempfile.mkdtemp(prefix="crm-docs-")).resolve()
        self.home = self.scratch / "home"
        self.home.mkdir()
        shutil.copytree(ROOT / SAMPLES, self.scratch / SAMPLES)
        self.here = self.scratch / SAMPLES if samples_here else self.scratch
        self.master, self.slave = pty.openpty()
        modes = termios.tcgetattr(self.slave)
        modes[1] &= ~termios.OPOST
        termios.tcsetattr(self.slave, termios.TCSANOW, modes)
        self.code = 0
        self.forks: socket.socket | None = None
        self.started: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        """Return the terminal itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the terminal and remove its home."""
        for process in self.started:
            with process, suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        if self.forks:
            self.forks.close()
        os.close(self.master)
        os.close(self.slave)
        shutil.rmtree(self.scratch, ignore_errors=True)

    def environment(self, now: str) -> dict[str, str]:
        """Return what the commands see: nothing of the user's own."""
        programs = self.scratch / "bin"
        if not programs.is_dir():
            programs.mkdir()
            crm = programs / "crm"
            crm.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m crm_cli "$@"\n', encoding="utf-8")
            crm.chmod(0o755)
        return {
            "PATH": f"{programs}:{os.environ.get('PATH', '/usr/bin:/bin')}",
            "HOME": str(self.home),
            "PYTHONPATH": str(ROOT),
            "PYTHONUTF8": "1",
            "LANG": "en_IN.UTF-8",
            "TZ": "Asia/Kolkata",
            "CRM_NOW": now,
            "COLUMNS": "104",
            "NO_COLOR": "1",
            "TERM": "xterm",
        }

    def run(self, command: str, answers: list[str] | None = None, now: str = NOW) -> list[str]:
        """Run one command at the moment ``now``, type the ``answers`` to what it asks, and return the lines shown."""
        words = [] if FOR_A_SHELL.search(command) else shlex.split(command)
        ended = self._fork(words[1:], now) if words[:1] == ["crm"] else self._start(command, now)
        return self._shown(self._watch(ended, list(answers or ())))

    def _start(self, command: str, now: str) -> Callable[[], int | None]:
        """Start a command in a shell; return what gives its exit code when it has ended."""
        line = f"(exit {self.code}); {command}"
        ends = {"stdin": self.slave, "stdout": self.slave, "stderr": self.slave}
        return self._open(["sh", "-c", line], now, **ends).poll

    def _fork(self, args: list[str], now: str) -> Callable[[], int | None]:
        """Start a command of crm in a fork of a process that has loaded it; return what gives its exit code."""
        if self.forks is None:
            self.forks, theirs = socket.socketpair()
            program = [sys.executable, str(ROOT / "docs/preloaded.py"), str(self.slave)]
            with theirs:
                self._open(program, now, pass_fds=(self.slave,), stdin=theirs, stdout=theirs)
        forks = self.forks
        forks.sendall(json.dumps({"args": args, "now": now}).encode() + b"\n")

        def ended() -> int | None:
            ready, _, _ = select.select([forks], [], [], 0)
            return int(forks.recv(16)) if ready else None

        return ended

    def _open(self, program: list[str], now: str, **more: Any) -> subprocess.Popen[bytes]:
        """Start a process that ends with the terminal at the latest."""
        process = subprocess.Popen(program, cwd=self.here, env=self.environment(now), start_new_session=True, **more)  # noqa: S603
        self.started.append(process)
        return process

    def _watch(self, ended: Callable[[], int | None], answers: list[str]) -> str:
        shown, quiet = b"", 0.0
        while True:
            ready, _, _ = select.select([self.master], [], [], 0.02)
            if ready:
                shown, quiet = shown + os.read(self.master, 65536), 0.0
                continue
            if (code := ended()) is not None:
                self.code = code
                while select.select([self.master], [], [], 0)[0]:
                    shown += os.read(self.master, 65536)
                return shown.decode()
            quiet += 0.02
            if quiet > SILENCE and shown and not shown.endswith(b"\n"):
                os.write(self.master, (answers.pop(0) if answers else "").encode() + b"\n")
                quiet = 0.0
            if quiet > PATIENCE:
                raise TimeoutError(shown.decode(errors="replace"))

    def _shown(self, shown: str) -> list[str]:
        text = shown.replace(str(self.here), "/home/you/samples").replace(str(self.home), "/home/you")
        text = PROGRESS.sub("", BAR.sub("", UUID.sub(A_UUID, text))).replace("\r", "")
        return [line.rstrip() for line in text.splitlines()]


def steps(text: str) -> Iterator[Step]:
    """Yield the commands of a page's ``console`` blocks, with what the page says they print."""
    inside, found, now = False, None, NOW
    for number, line in enumerate(text.splitlines()):
        if line.startswith("```"):
            if found:
                yield found
            language, _, moment = line[3:].partition(" ")
            inside, found = language == "console", None
            now = f"{moment}:00{OFFSET}" if moment else NOW
        elif inside and line.startswith("$ "):
            if found:
                yield found
            found = Step(line[2:], [], number, now)
        elif inside and found:
            found.output.append(line)


def pages() -> list[Path]:
    """Return the pages whose blocks are run: the README and all of docs that has one."""
    every = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [page for page in every if "```console" in page.read_text(encoding="utf-8")]


def answers(output: list[str]) -> list[str]:
    """Return what the reader types into the questions that a page shows."""
    return [found[1] for line in output if (found := ASKED.search(line))]


def printed(page: Path) -> list[tuple[Step, list[str], int]]:
    """Run a page; return its steps with the lines each really prints, and its exit code."""
    done = []
    guide = page.parent == START.parent
    with Terminal(samples_here=page.name != "README.md") as terminal:
        if guide and page != START and "<!-- empty book -->" not in page.read_text(encoding="utf-8"):
            for step in sample_book():
                terminal.run(step.command)
        for step in steps(page.read_text(encoding="utf-8")):
            actual = terminal.run(step.command, answers(step.output), step.now)
            done.append((step, actual, terminal.code))
    return done


def sample_book() -> list[Step]:
    """Return the commands that make the book with which the guide's pages begin."""
    text = START.read_text(encoding="utf-8")
    first = text[text.index("```console") :]
    return list(steps(first[: first.index("\n```", 4) + 5]))


def fill(page: Path) -> None:
    """Write into a page what its commands really print."""
    lines = page.read_text(encoding="utf-8").splitlines()
    for step, actual, _ in reversed(printed(page)):
        lines[step.line + 1 : step.line + 1 + len(step.output)] = actual
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")
