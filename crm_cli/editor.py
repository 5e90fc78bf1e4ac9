"""Edit a text in the user's own editor."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crm_cli.errors import CrmError, Exit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crm_cli.config import Config
    from crm_cli.drafts import Draft

DEFAULT = "vi"


class EditorError(CrmError):
    """The editor could not be run or exited with an error. The draft holds what it saved before that."""


def program(config: Config) -> str:
    """Return the editor from the settings or the environment, or ``""``."""
    return config.editor or os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""


def edited(draft: Draft, program: str) -> str:
    """Open the draft in the editor and return the saved text.

    Raises EditorError when the editor fails, CrmError when the text is not valid UTF-8.
    """
    program = program.strip() or DEFAULT
    code = _run(_words(program), draft)
    if code < 0:
        name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
        error = EditorError(f"the editor {program} was ended by {name}; nothing was changed")
        if -code == signal.SIGINT:
            error.exit_code = Exit.INTERRUPTED
        raise error
    if code:
        raise EditorError(f"the editor {program} failed with exit code {code}; nothing was changed")
    return draft.read()


def _words(program: str) -> list[str]:
    import shlex

    try:
        return shlex.split(program)
    except ValueError as error:
        raise EditorError(f"cannot run the editor {program}: {str(error).lower()}", hint="set EDITOR") from error


def _run(words: Sequence[str], draft: Draft) -> int:
    """Run the editor in the foreground and return its exit code; negative if a signal ended it."""
    import shlex
    import subprocess

    try:
        file = draft.file()
    except OSError as error:
        raise EditorError(f"cannot make a file to edit: {error.filename}: {error.strerror}") from error
    try:
        with _terminal_restored():
            child = subprocess.Popen([*words, str(file)])  # noqa: S603  (the user's own editor)
            with _keys_are_the_childs():
                return child.wait()
    except OSError as error:
        raise EditorError(f"cannot run the editor {shlex.join(words)}: {error.strerror}", hint="set EDITOR") from error


@contextmanager
def _terminal_restored() -> Iterator[None]:
    """Restore the terminal modes on exit: an editor that was killed leaves echo and line editing off."""
    import termios

    try:
        fd = sys.__stdin__.fileno() if sys.__stdin__ else -1
        modes = termios.tcgetattr(fd)
    except (OSError, ValueError, termios.error):
        yield
        return
    try:
        yield
    finally:
        termios.tcsetattr(fd, termios.TCSADRAIN, modes)


@contextmanager
def _keys_are_the_childs() -> Iterator[None]:
    """Ignore keyboard signals, which the terminal sends to this process too: most editors use Ctrl-C themselves."""
    mine = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGQUIT)}
    try:
        yield
    finally:
        for number, handler in mine.items():
            signal.signal(number, handler or signal.SIG_DFL)
