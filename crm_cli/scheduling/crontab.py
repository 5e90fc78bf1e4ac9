"""The user's crontab: our lines are added and removed, all others stay byte for byte.

Each of our lines ends with a shell comment by which it is recognised.
"""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from crm_cli.errors import CrmError, Hint, UsageError
from crm_cli.scheduling.entries import TASKS, Entry
from crm_cli.scheduling.programs import reason, run

if TYPE_CHECKING:
    from crm_cli.scheduling.entries import Job, Timing

MARK = b" # crm schedule"
FIELDS = 5
"""How many fields of a line say when; the rest is the command."""


def line(job: Job) -> bytes:
    """Return the line of a job. Raises UsageError for a path that a crontab cannot hold."""
    words = [f"{name}={shlex.quote(value)}" for name, value in job.environment.items()]
    command = " ".join([*words, *map(shlex.quote, job.argv)])
    if any(ord(char) < 32 for char in command):
        raise UsageError(f"a crontab cannot hold the path {str(job.book)!r}")
    # cron reads a bare % as the end of the command: crontab(5)
    return f"{_when(job.timing)} {command}".replace("%", "\\%").encode("utf-8", "surrogateescape") + MARK


def _when(timing: Timing) -> str:
    if not timing.every:
        hours = str(timing.hour) if timing.last == timing.hour else f"{timing.hour}-{timing.last}"
        return f"{timing.minute} {hours} * * *"
    if timing.every < 60:
        return f"{'*' if timing.every == 1 else f'*/{timing.every}'} * * * *"
    return f"0 {'*' if timing.every == 60 else f'*/{timing.every // 60}'} * * *"


def entry(found: bytes) -> Entry | None:
    """Return what a line schedules, or None if it is not one of ours."""
    if not found.endswith(MARK):
        return None
    text = found.removesuffix(MARK).decode("utf-8", "surrogateescape").replace("\\%", "%")
    try:
        words = shlex.split(text, comments=True)
    except ValueError:
        return None
    if "--book" not in words[FIELDS:-2]:
        return None
    place = words.index("--book")
    if words[place + 2] not in TASKS:
        return None
    command = " ".join(text.split()[FIELDS:])
    return Entry(words[place + 2], words[place + 1], " ".join(words[:FIELDS]), command, "cron")


def without(text: bytes, task: str, book: str) -> bytes:
    """Return a crontab without our lines for a task (``""``: any) of a book."""
    kept = [each for each in text.splitlines(keepends=True) if not _is_for(entry(each.rstrip(b"\n")), task, book)]
    return b"".join(kept)


def _is_for(found: Entry | None, task: str, book: str) -> bool:
    return found is not None and found.book == book and task in {"", found.task}


def with_line(text: bytes, job: Job) -> bytes:
    """Return a crontab with the line of a job, in the place of an earlier one for the same task and book."""
    new = line(job)
    lines = text.splitlines(keepends=True)
    places = [at for at, each in enumerate(lines) if _is_for(entry(each.rstrip(b"\n")), job.task, str(job.book))]
    if not places:
        return text + (b"" if not text or text.endswith(b"\n") else b"\n") + new + b"\n"
    lines[places[0]] = new + b"\n"
    return b"".join(each for at, each in enumerate(lines) if at not in places[1:])


def is_here() -> bool:
    """Is there a ``crontab`` command?"""
    return shutil.which("crontab") is not None


def zone() -> str:
    """Return the time zone of the machine, in which cron runs whatever TZ says; ``""`` if it cannot be found."""
    try:
        return str(Path("/etc/localtime").resolve(strict=True)).partition("zoneinfo/")[2]
    except OSError:
        return "UTC"


def read() -> bytes:
    """Return the user's crontab, empty if there is none. Raises CrmError if it cannot be read."""
    if not is_here():
        raise CrmError("there is no crontab command here", hint=Hint("install-cron"))
    done = run(["crontab", "-l"])
    if done.returncode and b"no crontab for" not in done.stderr:
        raise CrmError(f"cannot read your crontab: {reason(done)}")
    return b"" if done.returncode else done.stdout


def write(text: bytes) -> None:
    """Replace the user's crontab. Raises CrmError if that is refused."""
    argv = ["crontab", "-"] if text else ["crontab", "-r"]
    done = run(argv, given=text)
    if done.returncode:
        raise CrmError(f"cannot write your crontab: {reason(done)}")
