"""Runs commands of crm on a terminal, each in a fork of a process that has loaded them: a start of its own is slower.

Run as a program, this is that process: it is given the descriptor of the terminal, and for each line of its stdin, a
JSON object with ``args`` and the moment ``now``, it answers with the exit code.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from contextlib import suppress
from importlib import import_module

HEAVY = (
    "crm_cli.models",
    "crm_cli.book.orm",
    "crm_cli.cli.main",
    "phonenumbers",
    "rapidfuzz.distance",
    "rich.progress",
)
"""What many commands load by themselves."""


def main() -> None:
    """Answer the lines of stdin."""
    terminal = int(sys.argv[1])
    _load()
    for line in sys.stdin:
        request = json.loads(line)
        pid = os.fork()
        if not pid:
            _run(terminal, request["args"], request["now"])
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}\n")
        sys.stdout.flush()


def _load() -> None:
    from crm_cli.commands import COMMANDS

    for module in (*HEAVY, *(f"crm_cli.cli.{command.module}" for command in COMMANDS)):
        import_module(module)


def _run(terminal: int, args: list[str], now: str) -> None:
    """Be the command, from its first line to its end."""
    for stream in range(3):
        os.dup2(terminal, stream)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", buffering=1, closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", buffering=1, errors="backslashreplace", closefd=False)
    os.environ["CRM_NOW"] = now
    sys.argv = ["crm", *args]
    code = 1
    try:
        from crm_cli.entry import main as crm

        crm()
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else int(left.code is not None)
    except BaseException:  # noqa: BLE001  (what the interpreter itself would do with it)
        traceback.print_exc()
    with suppress(OSError):
        sys.stdout.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
