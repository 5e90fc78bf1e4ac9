"""Commands that run in processes of their own, many at once or killed at a step of our choice, without a start each.

Run as a program this is the process that forks: it loads crm once and does what the lines of its stdin ask.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

STEPS = {
    *("open", "close", "fsync", "replace", "rename", "link", "unlink", "remove", "mkdir", "truncate"),
    *("backup", "lockf"),
}
"""The functions that touch files, by name; a step is the moment before one is called."""

STATEMENTS = {"execute", "executemany"}
"""With these, before each statement of SQL too."""


PAUSE = 0.3
"""Seconds between two runs of a command that is run again and again: twenty without one starve each other."""


class Forks:
    """The process that forks, seen from a test."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def _ask(self, **request: Any) -> int:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def start(
        self, *args: str, kill_at: int = 0, sql: bool = False, slow: float = 0, log: Path | None = None, each: str = ""
    ) -> int:
        """Start a command and return its process id.

        ``kill_at`` kills it at that step, of ``sql`` or of files alone; ``slow`` is a pause at each. With ``each`` it
        is run again and again, until the file ``each`` is there, with the number of the run for ``{}``; ``log`` gets a
        line of number, exit code and what was said on stderr.
        """
        return self._ask(args=args, kill_at=kill_at, sql=sql, slow=slow, log=str(log or os.devnull), each=each)

    def wait(self, pid: int) -> int:
        """Return the exit code of a command, or minus the signal that ended it."""
        return self._ask(wait=pid)

    def run(self, *args: str, kill_at: int = 0, sql: bool = False, slow: float = 0) -> int:
        """Run a command to its end."""
        return self.wait(self.start(*args, kill_at=kill_at, sql=sql, slow=slow))


@contextmanager
def forking() -> Iterator[Forks]:
    """Give the process that forks; whatever it started ends with it."""
    command, pipe = [sys.executable, __file__], subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, start_new_session=True) as process:
        try:
            yield Forks(process)
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def _run(request: dict[str, Any]) -> int:
    from crm_cli import entry

    names, steps = STEPS | (STATEMENTS if request["sql"] else set()), 0

    def step(frame: object, event: str, called: Any) -> None:
        nonlocal steps
        if event != "c_call" or called.__name__ not in names or isinstance(called.__self__, str):
            return
        steps += 1
        if steps == request["kill_at"]:
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(request["slow"])

    if request["kill_at"] or request["slow"]:
        sys.setprofile(step)
    if not request["each"]:
        return entry.run(request["args"])
    number = 0
    with Path(request["log"]).open("a", buffering=1) as log:
        while not Path(request["each"]).exists():
            number += 1
            with redirect_stderr(StringIO()) as err:
                code = entry.run([word.replace("{}", str(number)) for word in request["args"]])
            log.write(f"{number} {int(code)} {err.getvalue().strip()}\n")
            time.sleep(PAUSE)
    return 0


def _fork(request: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        return pid
    null = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(null, stream)
    code = 99
    try:
        code = _run(request)
    finally:
        os._exit(code)


def _ended(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _load() -> None:
    """Load what the commands load when they are run, so that a fork need not."""
    from crm_cli import entry

    with tempfile.TemporaryDirectory() as folder, redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        book, people = f"{folder}/crm.db", Path(folder, "people.csv")
        people.write_text("Name,Email\nAsha,a@x.example\n", encoding="utf-8")
        for words in (["import", str(people)], ["add", "Ravi"], ["backup"], ["list"]):
            entry.run(["--book", book, *words])


def main() -> None:
    """Do what the lines of stdin ask; each is answered by a number."""
    _load()
    for line in sys.stdin:
        request = json.loads(line)
        print(_ended(request["wait"]) if "wait" in request else _fork(request), flush=True)


if __name__ == "__main__":
    main()
