"""Run the programs of others: an argument list, never a shell; a time limit; output of any size in bounded memory."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
from threading import Thread
from typing import IO, TYPE_CHECKING, NamedTuple

from crm_cli.core.delivery import timeout
from crm_cli.delivery.message import one_line
from crm_cli.errors import DeliveryError, TryLaterError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crm_cli.config import Config

KEPT = 65_536
"""How many bytes of each output stream are kept; the rest is read and discarded."""

DRAINED = 0.1
"""How long to wait, in seconds, for the rest of an output when a program has ended but its children have not."""


TEMPORARY = 75
"""EX_TEMPFAIL of sysexits.h: the program asks to be called again later."""

USUAL_WAIT = "30"
"""The time-out, in seconds, if the settings name none."""


class Finished(NamedTuple):
    """A program that has ended: its exit code, and the first part of its output."""

    code: int
    out: bytes
    err: bytes

    @property
    def reason(self) -> str:
        """The first line of stderr that is not empty, else the exit code."""
        lines = (one_line(line) for line in self.err.decode("utf-8", "replace").splitlines())
        return next((line[:200] for line in lines if line), f"exit code {self.code}")

    def check(self, name: str) -> None:
        """Raise DeliveryError if the program failed, TryLaterError if it asks to be called again later."""
        if self.code:
            kind = TryLaterError if self.code == TEMPORARY else DeliveryError
            raise kind(f"{name} failed: {self.reason}")


def wait(config: Config) -> float:
    """Return how long a program or a server may take, in seconds. Raises UsageError."""
    return timeout(config.delivery_timeout or USUAL_WAIT)


def arguments(command: str, setting: str) -> list[str]:
    """Split a command of the settings into arguments. Raises UsageError."""
    try:
        found = shlex.split(command)
    except ValueError as error:
        raise UsageError(f"{setting}: {str(error).lower()}") from error
    if not found:
        raise UsageError(f"{setting} is empty")
    if found[0].startswith("~"):
        found[0] = os.path.expanduser(found[0])  # noqa: PTH111  (Path would drop a trailing slash)
    return found


def run(argv: Sequence[str], *, seconds: float, given: bytes = b"", env: Mapping[str, str] | None = None) -> Finished:
    """Run a program with ``given`` as its standard input; ``env`` adds to the environment.

    Its process group is killed if it takes longer than ``seconds``. Raises TryLaterError then, and DeliveryError when
    the program cannot be started.
    """
    try:
        process = subprocess.Popen(  # noqa: S603
            [arg.replace("\0", "") for arg in argv],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            bufsize=0, start_new_session=True, env={**os.environ, **(env or {})},
        )  # fmt: skip
    except OSError as error:
        raise DeliveryError(f"cannot run {one_line(argv[0])}: {error.strerror}") from error
    return _finished(process, one_line(argv[0]), given, seconds)


def _finished(process: subprocess.Popen[bytes], name: str, given: bytes, seconds: float) -> Finished:
    """Feed a program, read its output, and wait for its end."""
    out, err = bytearray(), bytearray()
    threads = [
        Thread(target=_feed, args=(process.stdin, given), daemon=True),
        Thread(target=_read, args=(process.stdout, out), daemon=True),
        Thread(target=_read, args=(process.stderr, err), daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        code = process.wait(seconds)
    except BaseException as error:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if not isinstance(error, subprocess.TimeoutExpired):
            raise
        raise TryLaterError(f"{name} did not end within {seconds:g} s") from error
    for thread in threads[1:]:
        thread.join(DRAINED)
    return Finished(code, bytes(out), bytes(err))


def _feed(pipe: IO[bytes], given: bytes) -> None:
    with contextlib.suppress(OSError), pipe:  # the program may not read its input
        rest = memoryview(given)
        while rest:
            rest = rest[pipe.write(rest) :]


def _read(pipe: IO[bytes], kept: bytearray) -> None:
    with contextlib.suppress(OSError), pipe:
        while data := pipe.read(KEPT):
            kept += data[: KEPT - len(kept)]
