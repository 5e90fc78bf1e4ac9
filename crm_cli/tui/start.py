"""Starting the dashboard: whether a terminal allows it, and what is reported when it fails."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from crm_cli import config as settings
from crm_cli.errors import CrmError, Exit, translated
from crm_cli.render import hints

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from crm_cli.session import Session

FRAMES = "240"
"""How often the screen may be drawn per second: a list appears at most 8 ms after it was read, not Textual's 33."""
PATIENCE = 0.1
"""Seconds that the first paint waits for the first list, when the book is slow or locked."""


class Options(NamedTuple):
    """The options of the command line."""

    book: str = ""
    color: str = "auto"
    readonly: bool = False
    debug: bool = False


VALUED = {"--book": "book", "--color": "color"}
FLAGS = {"--debug": "debug"}
FLAGS_OF_TUI = {**FLAGS, "--read-only": "readonly"}
"""option -> the field of `Options` that it sets; some only after ``tui``."""
IGNORED = ("-q", "--quiet")
COLORS = ("auto", "always", "never")


def options(args: Sequence[str]) -> Options | None:
    """Parse ``crm [tui]`` with its options; return None for any other command line, which is handled elsewhere."""
    found: dict[str, Any] = {}
    flags = FLAGS
    words = iter(args)
    for word in words:
        name, given, value = word.partition("=")
        if name in VALUED:
            found[VALUED[name]] = value if given else next(words, "")
        elif word == "tui" and flags is FLAGS:
            flags = FLAGS_OF_TUI
        elif word in flags:
            found[flags[word]] = True
        elif word not in IGNORED:
            return None
    asked = Options(**found)
    return asked if all(found.values()) and asked.color in COLORS else None


def has_terminal() -> bool:
    """Are all three streams a terminal that can be drawn on?"""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return os.environ.get("TERM", "dumb") != "dumb" and all(stream and stream.isatty() for stream in streams)


def open_dashboard(args: Sequence[str]) -> int | None:
    """Run the dashboard if ``args`` ask for it on a terminal; return its exit code, or None if they do not."""
    asked = options(args)
    if asked is None or not has_terminal():
        return None
    try:
        session = _session(asked)
    except CrmError as error:
        return _report(error)
    return run(session, debug=asked.debug)


def _session(asked: Options) -> Session:
    """Return the context of the dashboard. Raises CrmError for settings or a book that cannot be used."""
    from crm_cli import editor
    from crm_cli.session import Session

    config = settings.load()
    path = settings.book_path(asked.book)
    _try_book(path, readonly=asked.readonly)
    settings.now()
    return Session(
        path,
        settings.zone_name(config),
        settings.region(config),
        editor=editor.program(config),
        theme="none" if _is_plain(asked.color) else config.theme or "dark",
        locale=settings.locale(config),
        currency=config.currency,
        readonly=asked.readonly,
    )


def _try_book(path: Path, *, readonly: bool) -> None:
    """Open the book, and finish an erasure that was interrupted. Raises CrmError if the book cannot be read."""
    from crm_cli.book.book import Book
    from crm_cli.queries import erasures
    from crm_cli.session import finish_erasure

    with Book.read(path) as book:
        pending = erasures.is_pending(book.db)
    if pending and not readonly:
        finish_erasure(path, "tui")


def _is_plain(color: str) -> bool:
    """Is the dashboard drawn without colours? The option decides, else NO_COLOR and CLICOLOR=0."""
    if color != "auto":
        return color == "never"
    return bool(os.environ.get("NO_COLOR")) or os.environ.get("CLICOLOR") == "0"


def run(session: Session, *, debug: bool = False) -> int:
    """Run the dashboard and return the exit code; a failure is reported in one line, with the traceback in the log."""
    os.environ.setdefault("TEXTUAL_FPS", FRAMES)
    # Textual would turn the theme's colours into shades of grey; our theme without colours is plain.
    no_color = os.environ.pop("NO_COLOR", None)
    try:
        from crm_cli.tui.data.first_list import FirstList

        first_list = FirstList(session)
        first_list.start()
        from crm_cli.tui import themes
        from crm_cli.tui.app import Dashboard

        first_list.join(PATIENCE)
        app = Dashboard(session, first_list, few_colors=themes.has_few_colors())
        app.run()
    except Exception as error:  # noqa: BLE001  (the edge: whatever it was, the terminal is the user's again)
        return _failed(error, debug=debug)
    finally:
        if no_color is not None:
            os.environ["NO_COLOR"] = no_color
    return _failed(app.failure, debug=debug) if app.failure else app.return_code or Exit.OK


def _failed(error: BaseException, *, debug: bool) -> int:
    """Write the traceback to the log, and report where the log is."""
    from crm_cli.tui import log

    message = str(translated(error)) if isinstance(error, Exception) else type(error).__name__
    where = log.write(error)
    if debug:
        sys.stderr.write(log.traceback_of(error))
    return _report(CrmError(f"the dashboard failed: {message}; {where}"))


def _report(error: CrmError) -> int:
    from crm_cli.render.clean import clean

    sys.stderr.write(clean(f"crm: {hints.text(error)}") + "\n")
    return int(error.exit_code)
