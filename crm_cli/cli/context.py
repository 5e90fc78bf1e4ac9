"""The session of a command, and its access to the book."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from functools import cache, cached_property
from typing import TYPE_CHECKING

from crm_cli import config as settings
from crm_cli.book.book import Book
from crm_cli.errors import Exit, NotFoundError
from crm_cli.queries import erasures
from crm_cli.session import Session, finish_erasure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    import typer

    from crm_cli.book.book import Change
    from crm_cli.drafts import Draft


class CommandLine(Session):
    """The session of one command: global options, committed changes, and typed texts that are not saved yet."""

    def __init__(self, *, json: bool = False) -> None:
        super().__init__(clock=cache(settings.now))
        self.book = ""
        self.quiet = False
        self.color = "auto"
        self.debug = False
        self.json = json
        self.csv_raw = False
        self.done: list[str] = []
        """Descriptions of what this run has committed; they remain true if a later step fails."""
        self.code = Exit.OK
        """The exit code so far."""

        self.drafts: list[Draft] = []
        """Texts that were typed and are not saved yet."""

    def did(self, change: Change) -> None:
        """Record a change that was committed."""
        if change.ref:
            self.done.append(f"change {change.ref} was made")

    @cached_property
    def config(self) -> settings.Config:
        """The user's settings; a warning names an unknown key in their file."""
        found, unknown = settings.in_file()
        if unknown and not self.quiet:
            self._name_unknown(unknown)
        return settings.Config(**found | settings.in_environment())

    def _name_unknown(self, keys: tuple[str, ...]) -> None:
        from crm_cli.core.text.folding import similar

        for key in keys:
            near = similar(key, settings.KEYS, 1)
            meant = f" (did you mean {near[0]}?)" if near else ""
            _write_note(f'{settings.config_path()}: "{key}" is not a setting{meant}')

    @cached_property
    def path(self) -> Path:
        """The book's file."""
        return settings.book_path(self.book)

    @property
    def origin(self) -> str:
        """Return who makes a change: a user at a terminal (even with piped input), cron, or a script."""
        given = os.environ.get("CRM_ORIGIN", "")
        if given in {"hand", "script", "cron"}:
            return given
        return "hand" if _has_terminal() else "script"

    @property
    def interactive(self) -> bool:
        """Can the user be asked?"""
        return sys.stdin.isatty() and sys.stderr.isatty()

    @cached_property
    def colored(self) -> bool:
        """Is stdout coloured? Decided by --color, NO_COLOR, CLICOLOR_FORCE, CLICOLOR=0, TERM=dumb, in this order."""
        if self.color != "auto":
            return self.color == "always"
        if os.environ.get("NO_COLOR"):
            return False
        if os.environ.get("CLICOLOR_FORCE", "0") not in {"", "0"}:
            return True
        return os.environ.get("CLICOLOR") != "0" and os.environ.get("TERM") != "dumb" and sys.stdout.isatty()

    def discard_drafts(self) -> None:
        """Forget the texts that were typed: they are saved, or were discarded."""
        while self.drafts:
            self.drafts.pop().discard()

    def keep_drafts(self) -> str:
        """Keep texts that were typed and not saved; return their path, ``""`` if there are none."""
        if not self.drafts:
            return ""
        from crm_cli.drafts import kept_words

        found = [kept_words(draft) for draft in self.drafts]
        self.drafts.clear()
        return "; ".join(words for words in found if words)


def _has_terminal() -> bool:
    """Does this process have a controlling terminal? Those started by cron do not."""
    try:
        os.close(os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY))
    except OSError:
        return sys.stdin.isatty()
    return True


def session(ctx: typer.Context) -> CommandLine:
    """Return the session of a command."""
    found = ctx.find_object(CommandLine)
    return found if found is not None else CommandLine()


@contextmanager
def reading(ctx: typer.Context, *, will_write: bool = False) -> Iterator[Book]:
    """Open the book for reading.

    If it does not exist, the default book is read as empty, with a note; one that was named raises NotFoundError: a
    wrong path must not look like an empty book. A command that ``will_write`` creates the book later.
    """
    here = session(ctx)
    with _opened(here, Book.read) as book:
        if book.is_missing and not will_write:
            _say_missing(here)
        yield book


@contextmanager
def _opened(here: CommandLine, opening: Callable[[Path], AbstractContextManager[Book]]) -> Iterator[Book]:
    """Open the book by one of the ways of `Book`, after an erasure that was interrupted is finished."""
    with opening(here.path) as book:
        if not erasures.is_pending(book.db):
            yield book
            return
    _write_note(finish_erasure(here.path, here.origin))
    with opening(here.path) as book:
        yield book


def require_named_book(ctx: typer.Context) -> None:
    """Raise NotFoundError if a book was named and there is none: what changes existing records does not create it."""
    here = session(ctx)
    if settings.is_book_named(here.book) and not here.path.exists():
        _say_missing(here)


def require_book(book: Book) -> None:
    """Raise NotFoundError if there is no book, for what cron runs: a broken line must not look like a quiet day."""
    if book.is_missing:
        raise NotFoundError(f"there is no book at {book.path}", hint="a quiet day would look the same")


def _say_missing(here: CommandLine) -> None:
    if settings.is_book_named(here.book):
        raise NotFoundError(f"there is no book at {here.path}", hint="check --book and CRM_BOOK; crm init makes a book")
    if not here.quiet:
        _write_note(f"there is no book at {here.path} yet; start with: crm init, or crm add NAME")


def _write_note(text: str) -> None:
    from crm_cli.render.clean import clean

    sys.stderr.write(clean(f"crm: {text}") + "\n")


@contextmanager
def writing(ctx: typer.Context, verb: str, *, dry_run: bool = False) -> Iterator[tuple[Book, Change]]:
    """Open the book and make one change: committed on a clean exit, rolled back after an error or for a dry run.

    Typed texts are saved with it; if the change fails they are kept as drafts, and the error says where.
    """
    here = session(ctx)
    with (
        _opened(here, Book.rehearse if dry_run else Book.write) as book,
        book.change(verb, now=here.now_utc, origin=here.origin, dry_run=dry_run) as change,
    ):
        yield book, change
    here.did(change)
    here.discard_drafts()
