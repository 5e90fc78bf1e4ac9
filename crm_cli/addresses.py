"""``crm email WORDS`` and ``crm phone WORDS``, answered with sqlite3 alone before Typer is imported.

Only plain words and the options below are handled here. Anything else (``--help``, an invalid option) is passed on to
the command in `crm_cli.cli.addresses`.
"""

from __future__ import annotations

import os
import sqlite3
import sys

from crm_cli.book.reader import open_book
from crm_cli.core.limits import is_endless
from crm_cli.queries.addresses import find
from crm_cli.render.addresses import NOTHING, lines

FOUND, NOT_FOUND = 0, 3


def answer(args: list[str]) -> int | None:
    """Run ``email`` or ``phone`` (the first of ``args``) and return the exit code, or None if Typer must handle it."""
    asked = _asked(args[1:])
    if asked is None:
        return None
    words, book, header = asked
    if is_endless(" ".join(words)):
        return None
    db = open_book(book)
    if db is None:
        return None
    try:
        found = find(db, args[0], words)
    except (sqlite3.Error, UnicodeError):
        return None
    finally:
        db.close()
    problem = _write(lines(args[0], found, header=header))
    if problem is not None:
        return problem
    if not found and not header:
        sys.stderr.write(f"crm: {NOTHING}\n")
    return FOUND if found else NOT_FOUND


def _write(answer: list[str]) -> int | None:
    """Write the answer; return None, or the exit code if it cannot be written. A closed pipe wants no more of it."""
    text = "".join(f"{line}\n" for line in answer)
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except UnicodeEncodeError:
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FOUND if isinstance(error, BrokenPipeError) else _not_written(error)
    return None


def _not_written(error: OSError) -> int:
    from crm_cli.errors import unwritable

    problem = unwritable("the output", error)
    sys.stderr.write(f"crm: {problem}\n")
    return int(problem.exit_code)


def _asked(args: list[str]) -> tuple[list[str], str, bool] | None:
    """Return the words, the book and whether to print a header, or None if the command must parse the options."""
    words: list[str] = []
    book, header = "", True
    rest = iter(args)
    for word in rest:
        name, given, value = word.partition("=")
        if word == "--":
            words.extend(rest)
        elif word == "--no-header":
            header = False
        elif name == "--book":
            book = value if given else next(rest, "")
            if not book:
                return None
        elif not word.startswith("-"):
            words.append(word)
        elif word not in {"-q", "--quiet"}:
            return None
    return (words, book, header) if "".join(words).strip() else None
