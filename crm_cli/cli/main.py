"""The command line's edge: global options, lazy commands, and errors turned into one line and an exit code."""

from __future__ import annotations

import codecs
import sys
from itertools import pairwise
from typing import TYPE_CHECKING

import typer

# Typer carries its own Click since 0.26 and exports no usage error; the pinned version keeps this name.
from typer._click.exceptions import ClickException, NoArgsIsHelpError

from crm_cli import __version__
from crm_cli.book import locks
from crm_cli.cli.context import CommandLine
from crm_cli.cli.loading import root
from crm_cli.cli.output import note, say, settle
from crm_cli.cli.reporting import report
from crm_cli.errors import (
    CrmError,
    Exit,
    LockedError,
    UnforeseenError,
    UsageError,
    is_interrupt,
    translated,
    unwritable,
)
from crm_cli.render.hints import worded

if TYPE_CHECKING:
    from collections.abc import Callable


def split_globals(args: list[str]) -> tuple[CommandLine, list[str]]:
    """Remove the global options from ``args``, anywhere before a ``--``."""
    here, rest = CommandLine(), []
    words = iter(args)
    for word in words:
        name, given, value = word.partition("=")
        if word == "--":
            rest.extend([word, *words])
        elif word in {"-q", "--quiet"}:
            here.quiet = True
        elif word == "--debug":
            here.debug = True
        elif name in {"--book", "--color"}:
            value = value if given else next(words, "")
            if not value:
                raise UsageError(f"{name} needs a value")
            setattr(here, name[2:], value)
        else:
            rest.append(word)
    if here.color not in {"auto", "always", "never"}:
        raise UsageError(f"--color takes auto, always or never, not {here.color}")
    here.json = _asks_for_json(rest)
    return here, rest


def _asks_for_json(words: list[str]) -> bool:
    return "--json" in words or "--format=json" in words or ("--format", "json") in pairwise(words)


def run(args: list[str]) -> int:
    """Run the command line and return its exit code. A traceback is printed only for a bug with ``--debug``."""
    _make_streams_safe()
    locks.start_run()
    here = CommandLine(json="--json" in args)
    try:
        here, rest = split_globals(args)
        return _dispatch(here, rest or ["--help"])
    except CrmError as error:
        return report(_keeping_drafts(here, _held(here, error)), as_json=here.json)
    except (BrokenPipeError, SystemExit):  # Click exits by itself if the reader of the pipe is gone
        here.keep_drafts()
        return here.code
    except (KeyboardInterrupt, typer.Abort):
        if kept := here.keep_drafts():
            report(CrmError("interrupted; nothing was changed", hint=kept), as_json=here.json)
        return Exit.INTERRUPTED
    except Exception as error:  # the edge: a bug is reported in one line too, and in full with --debug)
        if lost := _lost_output(error):
            return _cut_short(here, lost)
        if here.debug:
            error.add_note(here.keep_drafts())
            raise
        return report(_keeping_drafts(here, _after(here, _held(here, _explained(here, error)))), as_json=here.json)
    finally:
        settle(sys.stdout)


def _lost_output(error: Exception) -> OSError | None:
    """Return the error that kept standard output from being written, or None.

    An error of the system without a file's name is one: for a file, the name is given.
    """
    if isinstance(error, OSError) and error.strerror and not error.filename:
        return error
    return settle(sys.stdout)


def _cut_short(here: CommandLine, lost: OSError) -> int:
    """Report that the output could not be written; changes made before are committed."""
    error = unwritable("the output", lost)
    if here.done:
        report(CrmError(f"{', '.join(here.done)}, but {error}"), as_json=here.json)
        return here.code
    return report(error, as_json=here.json)


def _held(here: CommandLine, error: CrmError) -> CrmError:
    """Add to a lock error who holds the lock, if that can be found."""
    if not isinstance(error, LockedError) or error.hint:
        return error
    from crm_cli.book.holders import holder

    found = holder(here.path)
    return LockedError(str(error), hint=f"it is held by {found}" if found else "")


def _after(here: CommandLine, error: CrmError) -> CrmError:
    """Add to an error what was done before it."""
    return type(error)(f"{error}; {', '.join(here.done)}", hint=error.hint) if here.done else error


def _set_up_completion(here: CommandLine, words: list[str]) -> int:
    """Set up TAB completion for a shell, or print its script."""
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


def _keeping_drafts(here: CommandLine, error: CrmError) -> CrmError:
    """Keep texts that were typed and could not be saved; the error says where."""
    if kept := here.keep_drafts():
        hint = worded(error.hint)
        error.hint = f"{hint}; {kept}" if hint else kept
    return error


def _explained(here: CommandLine, error: Exception) -> CrmError:
    """Return the error to report; for an unexpected one, the damage of the book if it is damaged."""
    found = translated(error)
    if not isinstance(found, UnforeseenError) and not isinstance(error, UnicodeDecodeError):
        return found
    from crm_cli.book.checking import damage_of

    return damage_of(here.path) or found


def _dispatch(here: CommandLine, rest: list[str]) -> int:
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
        from crm_cli.cli.corrections import usage_error

        return report(usage_error(error, rest), as_json=here.json)
    except RuntimeError as error:
        if is_interrupt(error):
            raise KeyboardInterrupt from error
        raise
    return code if isinstance(code, int) else Exit.OK


def _make_streams_safe() -> None:
    """Make every name printable on every terminal: characters that it cannot show are escaped.

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
