"""Timing whole processes against a floor: in turn, A B A B, and the median of the ratios of the pairs.

Milliseconds drift with the machine's mood by a factor of two; the ratio of two processes started one after the other
does not.
"""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

Command = Callable[[int], Sequence[str]]
"""What to run in a round: its words."""


class Run(NamedTuple):
    """One process: seconds on the clock, seconds of the processor, and its largest memory in MB."""

    seconds: float
    worked: float
    megabytes: float


class Measured(NamedTuple):
    """What a row of the table came to; ``ratio`` is that to the floor, and None where only seconds count."""

    seconds: float
    floor: float
    ratio: float
    megabytes: float


class Runner:
    """Starts processes in one environment; what they write goes nowhere, and a failure ends the measurement."""

    def __init__(self, env: Mapping[str, str], log: Path) -> None:
        self.env = dict(env)
        self.log = log

    def run(self, words: Sequence[str], env: Mapping[str, str] | None = None, *, failing: bool = False) -> Run:
        """Run one process to its end. Raises SystemExit with its last words when it fails."""
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_OPEN, 2, str(self.log), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
        ]
        started = time.perf_counter()
        child = os.posix_spawnp(words[0], list(words), self.env | dict(env or {}), file_actions=actions)
        _, status, used = os.wait4(child, 0)
        seconds = time.perf_counter() - started
        code = os.waitstatus_to_exitcode(status)
        if code and not failing:
            raise SystemExit(f"{' '.join(words)}: exit code {code}\n{self.log.read_text(errors='replace')[-2000:]}")
        return Run(seconds, used.ru_utime + used.ru_stime, _megabytes(used))

    def pairs(self, floor: Command, command: Command, rounds: int, **env: str) -> Measured:
        """Time two commands in turn, after one of each that does not count."""
        self.run(floor(0))
        self.run(command(0), env)
        taken = [(self.run(floor(number)), self.run(command(number), env)) for number in range(1, rounds + 1)]
        return Measured(
            median(mine.seconds for _, mine in taken),
            median(base.seconds for base, _ in taken),
            median(mine.seconds / base.seconds for base, mine in taken),
            max(mine.megabytes for _, mine in taken),
        )


def _megabytes(used: resource.struct_rusage) -> float:
    """Say how much memory a process held at most (Linux counts in KB)."""
    return used.ru_maxrss / 1024


def always(*words: str) -> Command:
    """Return the command that is the same in each round."""
    return lambda _: words
