"""The command line's edge: global options, lazy commands, and errors turned into one line and an exit code."""

from __future__ import annotations

import codecs
import gc
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
from crm_cli.book import locks
from crm_cli.cli import foreign_words
from crm_cli.cli.commands import BY_NAME, COMMANDS
from crm_cli.cli.context import World
from crm_cli.cli.help import Command
from crm_cli.cli.output import note, say, settle
from crm_cli.core.limits import shortened
from crm_cli.core.text import display_width, one_edit_apart, similar
from crm_cli.errors import (
    AmbiguousError,
    CrmError,
    Exit,
    LockedError,
    QueryError,
    UnforeseenError,
    UsageError,
    translated,
    unwritable,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ROOT_HELP = f"""crm {__version__}: a contact manager for people who live in a terminal.

Contacts and activities first: whom do I know, what did we say, what did I promise, what do I do today."""

GLOBAL_OPTIONS = (
    ("--book PATH", "the book to use (or CRM_BOOK); by default your own"),
    ("-q, --quiet", "no notes on stderr, only errors"),
    ("--color WHEN", "auto, always or never"),
    ("--debug", "on a bug, show where it happened"),
    ("--version", "print the version"),
    ("--install-completion [SHELL]", "set up TAB in bash, zsh or fish; --show-completion prints the script"),
    ("-h, --help", "help for crm or for any command"),
)

AROUND = 100
"""How many characters of a query are shown on either side of a mistake."""

GLOBAL_NAMES = ("--book", "--quiet", "--color", "--debug")

NEAR = 0.75
"""How much of a word must be alike to be suggested: ``delete`` is not ``deal``."""


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
    locks.start_run()
    here = World(json="--json" in args)
    try:
        here, rest = split_globals(args)
        return _dispatch(here, rest or ["--help"])
    except CrmError as error:
        return report(_keeping_drafts(here, _held(here, error)), as_json=here.json)
    except (BrokenPipeError, SystemExit):  # Click exits by itself when the reader of the pipe has gone
        here.keep_drafts()
        return here.code
    except (KeyboardInterrupt, typer.Abort):
        if kept := here.keep_drafts():
            report(CrmError("interrupted; nothing was changed", hint=kept), as_json=here.json)
        return Exit.INTERRUPTED
    except Exception as error:  # the edge: a bug too is one line here, and whole under --debug)
        # An error of the system without a file's name: standard output's, for each file says its own.
        lost = error if isinstance(error, OSError) and error.strerror and not error.filename else settle(sys.stdout)
        if lost:
            return _cut_short(here, lost)
        if here.debug:
            error.add_note(here.keep_drafts())
            raise
        return report(_keeping_drafts(here, _after(here, _held(here, _explained(here, error)))), as_json=here.json)
    finally:
        settle(sys.stdout)


def _cut_short(here: World, lost: OSError) -> int:
    """Say that the output could not be written. What was done before is done: only a look has failed."""
    error = unwritable("the output", lost)
    if here.done:
        report(CrmError(f"{', '.join(here.done)}, but {error}"), as_json=here.json)
        return here.code
    return report(error, as_json=here.json)


def _held(here: World, error: CrmError) -> CrmError:
    """Say with a lock that was waited for in vain who holds it, where that can be known."""
    if not isinstance(error, LockedError) or error.hint:
        return error
    from crm_cli.book.holders import holder

    found = holder(here.path)
    return LockedError(str(error), hint=f"it is held by {found}" if found else "")


def _after(here: World, error: CrmError) -> CrmError:
    """Say with an error what was done before it."""
    return type(error)(f"{error}; {', '.join(here.done)}", hint=error.hint) if here.done else error


def _set_up_completion(here: World, words: list[str]) -> int:
    """Set up TAB for a shell, or print its script."""
    option, given, shell = words[0].partition("=")
    words = [shell] if given else words[1:]
    from crm_cli.cli import shell_scripts as scripts

    if len(words) > 1 or any(word.startswith("-") for word in words):
        raise UsageError(f"{option} takes one shell: {', '.join(scripts.SHELLS)}")
    shell = scripts.chosen("".join(words))
    if option == "--show-completion":
        sys.stdout.write(scripts.SHELLS[shell].script)
        sys.stdout.flush()
        return Exit.OK
    files = ", ".join(map(str, scripts.install(shell)))
    if not here.quiet:
        note(f"TAB is set up for {shell} in {files}; it takes effect in the next shell")
    return Exit.OK


def _keeping_drafts(here: World, error: CrmError) -> CrmError:
    """Keep what was typed and could not be saved; the error says where."""
    if kept := here.keep_drafts():
        error.hint = f"{error.hint}; {kept}" if error.hint else kept
    return error


def _explained(here: World, error: Exception) -> CrmError:
    """Return what to say of an error; of one that no command foresaw, what is wrong with a damaged book."""
    found = translated(error)
    if not isinstance(found, UnforeseenError) and not isinstance(error, UnicodeDecodeError):
        return found
    from crm_cli.book.checking import damage_of

    return damage_of(here.path) or found


def _dispatch(here: World, rest: list[str]) -> int:
    if rest[:1] == ["--version"]:
        say(f"crm {__version__}")
        sys.stdout.flush()
        return Exit.OK
    if rest[0].startswith(("--install-completion", "--show-completion")):
        return _set_up_completion(here, rest)
    try:
        code = root().main(args=rest, prog_name="crm", standalone_mode=False, obj=here)
        here.discard_drafts()
        sys.stdout.flush()
    except NoArgsIsHelpError as error:
        note(error.format_message())
        return Exit.USAGE
    except ClickException as error:
        return report(_usage(error, rest), as_json=here.json)
    return code if isinstance(code, int) else Exit.OK


def _usage(error: ClickException, args: list[str]) -> CrmError:
    """Say what is wrong with the words ``args`` of a command line, and what to write instead where that is known."""
    ctx = getattr(error, "ctx", None)
    path = ctx.command_path if ctx else "crm"
    message = error.format_message().rstrip(".") or "a command is needed"
    hint = ""
    if isinstance(error, NoSuchOption) and ctx:
        message, hint = error.message, _option_meant(error.option_name, ctx)
    elif unknown := re.match(r"No such command '(.*?)'", message):
        message, hint = unknown[0], _command_meant(unknown[1], ctx, args)
    message = re.sub(r" in the range (\d+)<=x<=(\d+)$", r" between \1 and \2", message)
    message = message.replace("a valid int range", "a whole number").replace("in the range x>=0", "0 or more")
    return UsageError(message[:1].lower() + message[1:], hint=hint or f"try: {path} --help")


def _command_meant(word: str, ctx: Any, args: list[str]) -> str:
    """Return what to type for a word that is not a command: the command of that meaning, or the nearest."""
    noun = ctx.command.name if ctx and ctx.command.name in BY_NAME else ""
    known = ctx.command.list_commands(ctx) if ctx else list(BY_NAME)
    behind = args[args.index(word) + 1 :] if word in args else []
    meant = foreign_words.command_for(word, noun, known, [one for one in behind if not one.startswith("-")])
    return f"use: {meant}" if meant else _nearest(word, known)


def _option_meant(option: str, ctx: Any) -> str:
    """Return what to write for an option that the command does not have: a term, an assignment, or an option."""
    known = [name for param in ctx.command.get_params(ctx) for name in param.opts] + [*GLOBAL_NAMES]
    if isinstance(ctx.command, LazyGroup):
        name = option.lstrip("-")
        meant = foreign_words.command_for(name) or foreign_words.option_for(name, GLOBAL_NAMES)
    else:
        meant = foreign_words.option_for(option, known)
    use = f"use: {meant}" if meant else ""
    return _as_assignment(option, ctx) or _as_condition(option, ctx) or use or _nearest(option, known)


def _nearest(word: str, known: Iterable[str]) -> str:
    """Return the question for the nearest of the words: one slip away, or most letters alike."""
    slips = [one for one in known if len(word) > 2 and one_edit_apart(word, one)]
    near = slips or similar(word, known, 1, cutoff=NEAR)
    return f"did you mean {near[0]}?" if near else ""


def _as_condition(option: str, ctx: Any) -> str:
    """Return how to ask for what an option like ``--tag`` was meant for, where the command takes a query, or ``""``."""
    from crm_cli.cli.query_words import QueryCommand
    from crm_cli.core import query

    field = query.field_named(option.lstrip("-"))
    return f"write {field}:VALUE" if field and isinstance(ctx.command, QueryCommand) else ""


def _as_assignment(option: str, ctx: Any) -> str:
    """Return how to give a field that was written as an option of a command that takes ``FIELD=VALUE``, or ``""``."""
    from crm_cli.core import query
    from crm_cli.core.fields import CONTACT_FIELDS, DEAL_FIELDS

    if not any("FIELD=VALUE" in str(param.metavar) for param in ctx.command.params):
        return ""
    name = option.lstrip("-").replace("_", "-")
    if name in {"tag", "tags", "label", "group"}:
        return "write +TAG"
    fields = DEAL_FIELDS if " deal " in f"{ctx.command_path} " else CONTACT_FIELDS
    names = {name, query.field_named(name)}
    found = next((one.name for one in fields if names & {one.name, *one.aliases}), "")
    return f"write {found}=VALUE" if found else ""


def report(error: CrmError, *, as_json: bool) -> int:
    """Say on stderr what went wrong, and return the exit code."""
    from crm_cli.render.clean import clean

    lines = [clean(shortened(str(error)))]
    if isinstance(error, QueryError):
        lines += _pointed(error)
    candidates = [clean(shortened(line)) for line in error.candidates] if isinstance(error, AmbiguousError) else []
    if as_json:
        import json

        body = {
            "error": shortened(str(error)),
            "hint": error.hint,
            "exit_code": int(error.exit_code),
            "candidates": candidates,
        }
        from crm_cli.render.tables import unsteerable

        note(unsteerable(json.dumps(body, ensure_ascii=False)))
        return error.exit_code
    if error.hint:
        lines[0] += f" ({clean(shortened(error.hint))})"
    note("crm: " + "\n".join(lines + [f"  {line}" for line in candidates]))
    return error.exit_code


def _pointed(error: QueryError) -> list[str]:
    """Return the part of a query where its mistake is, and a caret under that."""
    from crm_cli.render.clean import clean

    first = max(0, error.position - AROUND) if len(error.text) > 2 * AROUND else 0
    part = error.text[first : first + 2 * AROUND]
    before, after = "…" * bool(first), "…" * (first + len(part) < len(error.text))
    shown = before + clean(error.text[first : error.position])
    return [f"  {shown}{clean(part[error.position - first :])}{after}", "  " + " " * display_width(shown) + "^"]


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
