"""The entry point: fast paths that run before Typer is imported, else the command line.

TAB completion and a mail client's look-ups run many times a minute, so they are answered with sqlite3 alone. The
dashboard does not need Typer either.
"""

from __future__ import annotations

import gc
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

INTERRUPTED = 130
"""The exit code after Ctrl-C, the same as ``errors.Exit.INTERRUPTED``."""


def main() -> None:
    """Run ``crm`` with the arguments of this process and exit with its code."""
    # Imported modules never become garbage; collecting anyway would add a twentieth to the time of a look-up.
    gc.disable()
    try:
        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # while modules load; a running command handles it itself
        code = INTERRUPTED
    except RuntimeError as error:
        from crm_cli.errors import is_interrupt

        if not is_interrupt(error):
            raise
        code = INTERRUPTED
    _leave(code)


def _leave(code: int) -> None:
    """End the process: at once if nothing is left to do, as taking the interpreter apart is a tenth of a look-up.

    What is left to do: output that cannot be written, which the interpreter reports, and threads that still run.
    """
    import atexit
    import os

    threads = sys.modules.get("threading")
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        sys.exit(code)
    if threads and threads.active_count() > 1:
        sys.exit(code)
    atexit._run_exitfuncs()  # noqa: SLF001  (temporary folders are removed there; os._exit would skip it)
    os._exit(code)


def _options_at_tab(places: list[str], option: str, last: str) -> list[tuple[str, str]]:
    from crm_cli.cli.options_at_tab import offered

    return offered(places, option, last)


def run(args: list[str]) -> int:
    """Run the command line ``args`` and return its exit code."""
    import os

    if None in {sys.stdin, sys.stdout, sys.stderr}:
        _fill_streams()
    if os.environ.get("HOME") == "":
        del os.environ["HOME"]  # treat empty as unset: the home folder then comes from the system's user database
    done = _run_fast(args, os.environ)
    if done is not None:
        return done
    from crm_cli.cli.main import run as run_commands

    return run_commands(args)


def _run_fast(args: list[str], environ: Mapping[str, str]) -> int | None:
    """Answer TAB, a look-up or a call for the dashboard without Typer; None if the command line must do it."""
    if "_CRM_COMPLETE" in environ or "_CRM_CLI_COMPLETE" in environ:
        from crm_cli.completion import answer

        done = answer(environ, _options_at_tab)
        if done is not None:
            return done
    verb = args[0] if args else "tui"
    if verb in {"email", "phone"}:
        from crm_cli.addresses import answer as look_up

        return look_up(args)
    if verb == "tui" or verb.startswith("-"):
        from crm_cli.tui.start import open_dashboard

        return open_dashboard(args)
    return None


def _fill_streams() -> None:
    """Replace closed standard streams (``>&-``), so that a file opened later does not get their descriptor.

    Reading from standard input then gives nothing, and writing to standard output fails as it should.
    """
    import os

    for name, access, mode in (
        ("stdin", os.O_RDONLY, "r"),
        ("stdout", os.O_RDONLY, "w"),
        ("stderr", os.O_WRONLY, "w"),
    ):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, access), mode))
