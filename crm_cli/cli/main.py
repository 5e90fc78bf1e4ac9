"""The command line's edge: global options, lazy commands, and errors turned into one line and an exit code."""

from __future__ import annotations

import codecs
import gc
import os
import re
import sys
from importlib import import_module
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import typer
from typer import main as typer_main

# Typer carries its own Click since 0.26 and exports no usage error; the pinned version keeps this name.
from typer._click.exceptions import ClickException, NoArgsIsHelpError, NoSuchOption
from typer.core import TyperCommand, TyperGroup

from crm_cli import __version__
from crm_cli.cli.commands import BY_NAME, COMMANDS
from crm_cli.cli.context import World
from crm_cli.cli.help import Command
from crm_cli.core.text import similar
from crm_cli.errors import AmbiguousError, CrmError, Exit, QueryError, UnforeseenError, UsageError, translated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ROOT_HELP = f"""crm {__version__}: a contact manager for people who live in a terminal.

Contacts and activities first: whom do I know, what did we say, what did I promise, what do I do today."""

COMPLETION_OPTIONS = frozenset({"--install-completion", "--show-completion"})

GLOBAL_OPTIONS = (
    ("--book PATH", "the book to use (or CRM_BOOK); by default your own"),
    ("-q, --quiet", "no notes on stderr, only errors"),
    ("--color WHEN", "auto, always or never"),
    ("--debug", "on a bug, show where it happened"),
    ("--version", "print the version"),
    ("--install-completion", "let TAB complete names, tags and fields in your shell (or --show-completion)"),
    ("-h, --help", "help for crm or for any command"),
)

GLOBAL_NAMES = ("--book", "--quiet", "--color", "--debug")


class LazyGroup(TyperGroup):
    """The root command: a command's module is imported when it is named, and the help is made from the one list."""

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
        for section in dict.fromkeys(command.section for command in COMMANDS):
            with formatter.section(section):
                formatter.write_dl([(c.name, c.summary) for c in COMMANDS if c.section == section], col_spacing=3)
        with formatter.section("Options, anywhere on the line"):
            formatter.write_dl(list(GLOBAL_OPTIONS), col_spacing=3)
        formatter.write_paragraph()
        formatter.write_text(
            "Start with: crm demo, or crm init and crm import FILE. The guide is in the project's documentation"
            " (docs/guide in the source)."
        )


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


def root(*, completing: bool = False) -> Any:
    """Return the root command; ``completing`` also loads what Typer needs to complete options and to install that."""
    return LazyGroup(
        name="crm",
        params=list(typer_main.get_install_completion_arguments()) if completing else None,
        callback=None,
        no_args_is_help=True,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 100},
    )


def split_globals(args: list[str]) -> tuple[World, list[str]]:
    """Take the global options out of ``args``, wherever they stand before a ``--``."""
    here, rest = World(), []
    words = iter(args)
    for word in words:
        if word == "--":
            rest.extend([word, *words])
        elif word in {"-q", "--quiet"}:
            here.quiet = True
        elif word == "--debug":
            here.debug = True
        elif word in {"--book", "--color"} or word.startswith(("--book=", "--color=")):
            name, given, value = word.partition("=")
            value = value if given else next(words, "")
            if not value:
                raise UsageError(f"{name} needs a value")
            setattr(here, name[2:], value)
        else:
            rest.append(word)
    if here.color not in {"auto", "always", "never"}:
        raise UsageError(f"--color takes auto, always or never, not {here.color}")
    here.json = "--json" in rest or "--format=json" in rest or ("--format", "json") in pairwise(rest)
    return here, rest


def run(args: list[str]) -> int:
    """Run the command line and return its exit code. Nothing but a bug under ``--debug`` gets past as a traceback."""
    _make_streams_safe()
    here = World(json="--json" in args)
    try:
        here, rest = split_globals(args)
        if rest[:1] == ["--version"]:
            print(f"crm {__version__}")  # noqa: T201
            return Exit.OK
        return _dispatch(here, rest or ["--help"])
    except CrmError as error:
        return report(error, as_json=here.json)
    except (BrokenPipeError, SystemExit):  # Click exits by itself when the reader of the pipe has gone
        _settle_stdout()
        return Exit.OK
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except Exception as error:  # the edge: a bug too is one line here, and whole under --debug)
        if here.debug:
            raise
        code = report(_explained(here, error), as_json=here.json)
        _settle_stdout()
        return code


def _explained(here: World, error: Exception) -> CrmError:
    """Return what to say of an error; of one that no command foresaw, what is wrong with a damaged book."""
    found = translated(error)
    if not isinstance(found, UnforeseenError) and not isinstance(error, UnicodeDecodeError):
        return found
    from crm_cli.book.checking import damage_of

    return damage_of(here.path) or found


def _dispatch(here: World, rest: list[str]) -> int:
    try:
        completing = "_CRM_COMPLETE" in os.environ or bool(COMPLETION_OPTIONS.intersection(rest[:1]))
        code = root(completing=completing).main(args=rest, prog_name="crm", standalone_mode=False, obj=here)
        sys.stdout.flush()
    except NoArgsIsHelpError as error:
        sys.stderr.write(error.format_message() + "\n")
        return Exit.USAGE
    except ClickException as error:
        return report(_usage(error), as_json=here.json)
    except typer.Abort:
        return Exit.INTERRUPTED
    return code if isinstance(code, int) else Exit.OK


def _usage(error: ClickException) -> CrmError:
    """Say what is wrong with the words of a command line, with the nearest command or option where one is near."""
    ctx = getattr(error, "ctx", None)
    path = ctx.command_path if ctx else "crm"
    message = error.format_message().rstrip(".") or "a command is needed"
    known: Iterable[str] = ()
    typed = ""
    if isinstance(error, NoSuchOption) and ctx:
        typed, message = error.option_name, error.message
        known = [name for param in ctx.command.get_params(ctx) for name in param.opts] + [*GLOBAL_NAMES]
    elif unknown := re.match(r"No such command '(.*?)'", message):
        typed, message = unknown[1], unknown[0]
        known = ctx.command.list_commands(ctx) if ctx else BY_NAME
    near = similar(typed, known, 1) if typed else []
    hint = f"did you mean {near[0]}?" if near else f"try: {path} --help"
    message = re.sub(r" in the range (\d+)<=x<=(\d+)$", r" between \1 and \2", message)
    message = message.replace("a valid int range", "a whole number").replace("in the range x>=0", "0 or more")
    return UsageError(message[:1].lower() + message[1:], hint=hint)


def report(error: CrmError, *, as_json: bool) -> int:
    """Say on stderr what went wrong, and return the exit code."""
    from crm_cli.render.clean import clean

    lines = [clean(str(error))]
    if isinstance(error, QueryError):
        lines += [f"  {clean(error.text)}", "  " + " " * error.position + "^"]
    candidates = [clean(line) for line in error.candidates] if isinstance(error, AmbiguousError) else []
    if as_json:
        import json

        body = {"error": str(error), "hint": error.hint, "exit_code": int(error.exit_code), "candidates": candidates}
        from crm_cli.render.tables import unsteerable

        print(unsteerable(json.dumps(body, ensure_ascii=False)), file=sys.stderr)  # noqa: T201
        return error.exit_code
    if error.hint:
        lines[0] += f" ({clean(error.hint)})"
    print("crm: " + "\n".join(lines + [f"  {line}" for line in candidates]), file=sys.stderr)  # noqa: T201
    return error.exit_code


def _make_streams_safe() -> None:
    """Let a name in any script be printed on any terminal: what it cannot show is written as an escape.

    The escapes are those of JSON, so that JSON stays JSON.
    """
    codecs.register_error("crm-escapes", _escaped)
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Callable[..., None] | None = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="crm-escapes")


def _escaped(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2)), error.end


def _settle_stdout() -> None:
    """Keep Python from complaining at exit of what it cannot write: the reader has gone, or the disk is full."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
