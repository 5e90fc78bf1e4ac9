"""Makes ``man/crm.1`` from the command tree, in the classic macros of man(7), which every man program reads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ENVIRONMENT = (
    ("CRM_BOOK", "The book to use; --book goes before it."),
    ("NO_COLOR, CLICOLOR_FORCE, CLICOLOR, TERM", "Colour; --color goes before them."),
    ("VISUAL, EDITOR", "The editor."),
    ("TZ, LANG, LC_ALL", "Time zone and country where no setting gives them."),
    ("XDG_DATA_HOME, XDG_CONFIG_HOME, XDG_STATE_HOME", "Where the book, the settings and the state are."),
)
FILES = (
    ("~/.local/share/crm/crm.db", "The book: one SQLite file."),
    ("~/.config/crm/config.toml", "The settings."),
    ("~/.local/state/crm/", "What . stands for, per terminal."),
)


def page(exit_codes: Iterable[tuple[str, str]]) -> str:
    """Return the manual page of crm and all its commands."""
    return "\n".join(_page(exit_codes)) + "\n"


def _page(exit_codes: Iterable[tuple[str, str]]) -> Iterator[str]:
    from crm_cli import __version__
    from crm_cli.cli.loading import GLOBAL_OPTIONS, load_command
    from crm_cli.commands import COMMANDS
    from crm_cli.config import VARIABLES

    yield '.\\" Written by docs/generate.py from the program itself.'
    yield f'.TH CRM 1 "" "crm {__version__}" "User Commands"'
    yield ".SH NAME"
    yield text("crm, crm-cli - contact manager for the terminal")
    yield ".SH SYNOPSIS"
    yield f".B crm\n{text('[OPTIONS] COMMAND [ARGS]...')}"
    yield ".SH DESCRIPTION"
    yield text(
        "crm keeps track of people, companies, conversations, promises, deals and what is due,"
        " in one file, called the book. crm alone opens the dashboard on a terminal."
        " Help for a command: crm help COMMAND."
    )
    section = ""
    for command in COMMANDS:
        if command.section != section:
            section = command.section
            yield f".SH {text(section.upper())}"
        loaded = load_command(command.name)
        for name, one in getattr(loaded, "commands", {"": loaded}).items():
            yield from _command(f"crm {command.name} {name}".rstrip(), one)
    yield from _table("OPTIONS ANYWHERE ON THE COMMAND LINE", GLOBAL_OPTIONS)
    yield from _table("EXIT STATUS", exit_codes)
    settings = (", ".join(VARIABLES), "The setting of that name, for one command; crm config list shows what applies.")
    yield from _table("ENVIRONMENT", (*ENVIRONMENT, settings))
    yield from _table("FILES", FILES)


def _command(title: str, command: Any) -> Iterator[str]:
    from crm_cli.cli.help_layout import argument_name, meaning, option_names

    arguments = [one for one in command.params if one.param_type_name == "argument"]
    options = [one for one in command.params if one.param_type_name == "option"]
    yield f".SS {text(' '.join([title, *map(argument_name, arguments)]))}"
    yield from _help(command.help or "")
    yield from _rows((argument_name(one), one.help) for one in arguments if getattr(one, "help", None))
    yield from _rows((option_names(one), meaning(one)) for one in options)


def _help(help_: str) -> Iterator[str]:
    """Yield the paragraphs of a help text; examples and columns are kept as they are."""
    for paragraph in re.split(r"\n\s*\n", help_.strip()):
        lines = paragraph.removeprefix("\b\n").splitlines()
        if paragraph.startswith("\b") or all(line.startswith("  ") for line in lines):
            yield "\n".join([".RS 4", ".nf", *(text(line.removeprefix("  ")) for line in lines), ".fi", ".RE"])
        else:
            yield f".PP\n{text(' '.join(line.strip() for line in lines))}"


def _table(title: str, rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield f".SH {title}"
    yield from _rows(rows)


def _rows(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, meaning in rows:
        yield f".TP\n.B {text(name)}\n{text(meaning.replace('``', ''))}"


def text(words: str) -> str:
    """Return a line of text in which nothing is a request or an escape of roff."""
    escaped = words.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq")
    return "\\&" + escaped if escaped[:1] in {".", "'"} else escaped
