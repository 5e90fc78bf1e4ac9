"""The command's first lines: what must answer before Typer is imported, else the command line.

TAB and a mail client's look-up come many times a minute; they are answered from sqlite3 alone. The dashboard has no
use for Typer.
"""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run ``crm`` with the arguments of this process and exit with its code."""
    # Nothing that is imported becomes garbage: looking for it costs a look-up a twentieth of its time.
    gc.disable()
    sys.exit(run(sys.argv[1:]))


def _options_at_tab(places: list[str], option: str, last: str) -> list[tuple[str, str]]:
    from crm_cli.cli.options_at_tab import offered

    return offered(places, option, last)


def run(args: list[str]) -> int:
    """Run the command line ``args`` and return its exit code."""
    import os

    if os.environ.get("HOME") == "":
        del os.environ["HOME"]  # as if it were not set: the system's list of users says where home is
    if "_CRM_COMPLETE" in os.environ or "_CRM_CLI_COMPLETE" in os.environ:
        from crm_cli.completion import answer

        done = answer(os.environ, _options_at_tab)
        if done is not None:
            return done
    if args and args[0] in {"email", "phone"}:
        from crm_cli.lookup import answer as look_up

        done = look_up(args)
        if done is not None:
            return done
    if not args or args[0] == "tui" or args[0].startswith("-"):
        from crm_cli.tui.start import open_dashboard

        done = open_dashboard(args)
        if done is not None:
            return done
    from crm_cli.cli.main import run as run_commands

    return run_commands(args)
