"""Running ``crontab`` and ``systemctl``. All output is read: a crontab that was read in part must not be written."""

from __future__ import annotations

import subprocess

from crm_cli.errors import CrmError

SECONDS = 30


def run(argv: list[str], given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run a program. Raises CrmError if it cannot be started or does not end."""
    try:
        return subprocess.run(argv, input=given, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
    except OSError as error:
        raise CrmError(f"cannot run {argv[0]}: {error.strerror}") from error
    except subprocess.TimeoutExpired as error:
        raise CrmError(f"{argv[0]} did not end within {SECONDS} s") from error


def reason(done: subprocess.CompletedProcess[bytes]) -> str:
    """Return the first line of what a program that failed wrote to stderr, else its exit code."""
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[0][:200] if lines else f"exit code {done.returncode}"
