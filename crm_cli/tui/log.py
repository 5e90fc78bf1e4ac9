"""The dashboard's log: tracebacks of what it did not foresee, for a report of the fault."""

from __future__ import annotations

import os
import traceback

from crm_cli import config as settings

LOG = "dashboard.log"


def traceback_of(error: BaseException) -> str:
    """Return the traceback of an error."""
    return "".join(traceback.format_exception(error))


def write(error: BaseException) -> str:
    """Append the traceback to the log, which only the user can read; return where the log is."""
    path = settings.folder("state") / LOG
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "a", encoding="utf-8") as log:
            log.write(f"{settings.now().isoformat(timespec='seconds')}\n{traceback_of(error)}\n")
    except OSError as problem:
        return f"the log {path} cannot be written: {problem.strerror}"
    return f"the log is {path}"
