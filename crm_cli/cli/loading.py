"""The root command: it loads a command when it is named, and prints the help from the list of commands."""

from __future__ import annotations

import gc
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

import typer
from typer import main as typer_main

# Typer carries its own Click since 0.26 and exports no usage error; the pinned version keeps this name.
from typer.core import TyperCommand, TyperGroup

from crm_cli import __version__
from crm_cli.cli.help_layout import Command
from crm_cli.commands import BY_NAME, COMMANDS, EVERYDAY, GROUPS

if TYPE_CHECKING:
    pass

ROOT_HELP = f"""crm {__version__}: a contact manager for people who live in a terminal.

It keeps track of people, companies, conversations, promises, deals and what is due.
All of it is in one file, called the book."""


GLOBAL_OPTIONS = (
    ("--book PATH", "the book to use [CRM_BOOK, or the one in your data folder]"),
    ("-q, --quiet", "no notes on stderr, only errors"),
    ("--color WHEN", "auto, always or never"),
    ("--debug", "print a traceback if crm crashes"),
    ("--version", "print the version"),
    ("--install-completion [SHELL]", "set up TAB completion in bash, zsh or fish; --show-completion prints the script"),
    ("-h, --help", "help for crm or for any command"),
)


class LazyGroup(TyperGroup):
    """The root command: imports a command's module when it is named, and makes the help from the list of commands."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  (Click's signature)
        """Return the names of all commands, in the order of the help."""
        return [command.name for command in COMMANDS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002  (Click's signature)
        """Import and return one command, or None."""
        return load_command(cmd_name)

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002  (Click's signature)
        """Write the root help: sections of commands, then the global options."""
        formatter.write_usage("crm", "[OPTIONS] COMMAND [ARGS]...")
        formatter.write_paragraph()
        formatter.write_text(ROOT_HELP)
        with formatter.section("Every day"):
            formatter.write_dl([(name, BY_NAME[name].summary) for name in EVERYDAY], col_spacing=3)
        more = {f"help {name}": _others(name) for name in GROUPS} | {
            f"help {name}": line for name, line in TOPICS.items()
        }
        with formatter.section("More"):
            formatter.write_dl([*more.items(), ("help --all", "All commands, one line each.")], col_spacing=3)
        with formatter.section("Options, anywhere on the command line"):
            formatter.write_dl(list(GLOBAL_OPTIONS), col_spacing=3)
        formatter.write_paragraph()
        formatter.write_text(
            "Start with: crm demo, or crm init and crm import FILE. The guide is in the project's documentation"
            " (docs/guide in the source)."
        )


TOPICS = {
    "queries": "The query language of list, agenda, history and export.",
    "dates": "How to write days and times.",
    "exit-codes": "What each exit code means.",
}
"""What all commands share, each a page of ``crm help TOPIC``."""


def _others(group: str) -> str:
    """Return the commands of a group that are not on the first screen."""
    return ", ".join(c.name for c in COMMANDS if c.section == GROUPS[group] and c.name not in EVERYDAY)


@cache
def load_command(name: str) -> Any:
    """Import the module of command ``name`` and return its click command, or None when there is no such command."""
    known = BY_NAME.get(name)
    if known is None:
        return None
    app: typer.Typer = import_module(f"crm_cli.cli.{known.module}").app
    gc.freeze()
    gc.enable()
    for each in app.registered_commands:
        each.cls = each.cls if issubclass(each.cls or TyperCommand, Command) else Command
    if known.parts:
        app.rich_markup_mode = None
        group = typer_main.get_group(app)
        group.name = name
        return group
    info = next(found for found in app.registered_commands if found.name == name)
    return typer_main.get_command_from_info(info, pretty_exceptions_short=False, rich_markup_mode=None)


def root() -> Any:
    """Return the root command."""
    return LazyGroup(
        name="crm",
        params=None,
        callback=None,
        no_args_is_help=True,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 100},
    )
