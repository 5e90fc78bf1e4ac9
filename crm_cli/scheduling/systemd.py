"""Timers of systemd's user manager: a service and a timer for each task and book, recognised by their names.

See systemd.service(5), systemd.timer(5) and systemd.syntax(7) for what is quoted how.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from crm_cli import config, files
from crm_cli.errors import CrmError, UsageError
from crm_cli.scheduling.entries import TASKS, Entry
from crm_cli.scheduling.programs import reason, run

if TYPE_CHECKING:
    from crm_cli.scheduling.entries import Job, Timing

KINDS = ("service", "timer")
_BOOK, _COMMAND, _WHEN = "X-Book=", "ExecStart=", "OnCalendar="


def folder() -> Path:
    """Return where the user's units are."""
    return config.folder("config").parent / "systemd" / "user"


def units(job: Job, zone: str) -> dict[Path, str]:
    """Return the files of a job: path -> text. Raises UsageError for a path that a unit cannot hold."""
    if any(ord(char) < 32 for char in str(job.book)):
        raise UsageError(f"a timer cannot hold the path {str(job.book)!r}")
    environment = [f"Environment={_quoted(f'{name}={value}')}" for name, value in job.environment.items()]
    name = str(job.book).replace("%", "%%")
    service = [
        "[Unit]", f"Description=crm {job.task} for {name}", f"{_BOOK}{name}", "",
        "[Service]", "Type=oneshot", *environment, _COMMAND + command(job),
    ]  # fmt: skip
    timer = [
        "[Unit]", f"Description=When crm {job.task} runs for {name}", "",
        "[Timer]", f"{_WHEN}{when(job.timing, zone)}", "Persistent=true", "",
        "[Install]", "WantedBy=timers.target",
    ]  # fmt: skip
    paths = _paths(job.task, str(job.book))
    return {path: "\n".join(lines) + "\n" for path, lines in zip(paths, (service, timer), strict=True)}


def _paths(task: str, book: str) -> list[Path]:
    name = f"crm-{task}-{crc32(book.encode('utf-8', 'surrogateescape')):08x}"
    return [folder() / f"{name}.{kind}" for kind in KINDS]


def command(job: Job) -> str:
    """Return the command of a job as a unit writes it."""
    return " ".join(map(_command_word, job.argv))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'


def _command_word(text: str) -> str:
    return _quoted(text).replace("$", "$$")


def _unquoted(text: str) -> str:
    return text.replace("$$", "$").replace("%%", "%")


def when(timing: Timing, zone: str) -> str:
    """Return when a timer runs, as systemd.time(7) writes it."""
    if timing.every:
        hours, minutes = divmod(timing.every, 60)
        return f"*-*-* 00/{hours}:00:00" if hours else f"*:0/{minutes}"
    span = f"{timing.hour:02}" if timing.last == timing.hour else f"{timing.hour:02}..{timing.last:02}"
    return f"*-*-* {span}:{timing.minute:02}:00 {zone}"


def entries() -> list[Entry]:
    """Return what our timers run."""
    found = []
    for service in sorted(folder().glob("crm-*-????????.service")):
        task = service.name.split("-")[1]
        timer = service.with_suffix(".timer")
        if task not in TASKS or not timer.exists():
            continue
        lines = f"{service.read_text('utf-8', 'surrogateescape')}\n{timer.read_text('utf-8', 'surrogateescape')}"
        book, argv, times = (_value(lines, key) for key in (_BOOK, _COMMAND, _WHEN))
        found.append(Entry(task, book, times, argv, "systemd"))
    return found


def _value(lines: str, key: str) -> str:
    return next((_unquoted(each.removeprefix(key)) for each in lines.splitlines() if each.startswith(key)), "")


def install(found: dict[Path, str]) -> None:
    """Write the units and start the timer. Raises CrmError if systemd refuses; the files stay then."""
    folder().mkdir(parents=True, exist_ok=True)
    for path, text in found.items():
        files.write(path, text)
    timer = next(path.name for path in found if path.suffix == ".timer")
    hint = f"the units are in {folder()}; when systemd runs for you: systemctl --user enable --now {timer}"
    for argv in (["daemon-reload"], ["enable", "--now", timer]):
        _systemctl(argv, hint)


def remove(task: str, book: str) -> None:
    """Stop a timer and delete its units. Raises CrmError if systemd refuses."""
    paths = _paths(task, book)
    done = run(["systemctl", "--user", "disable", "--now", paths[1].name])
    for path in paths:
        path.unlink(missing_ok=True)
    if done.returncode:
        raise CrmError(f"the units were removed, but systemd did not stop the timer: {reason(done)}")
    _systemctl(["daemon-reload"], "")


def _systemctl(argv: list[str], hint: str) -> None:
    done = run(["systemctl", "--user", *argv])
    if done.returncode:
        raise CrmError(f"systemctl --user {' '.join(argv)} failed: {reason(done)}", hint=hint)
