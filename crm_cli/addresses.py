"""``crm email WORDS`` and ``crm phone WORDS``, answered with sqlite3 alone before Typer is imported.

Only plain words and the options below are handled here. Anything else (``--help``, an invalid option) is passed on to
the command in `crm_cli.cli.addresses`.
"""

from __future__ import annotations

import sqlite3

from crm_cli.book.reader import open_book
from crm_cli.core.limits import is_endless
from crm_cli.queries.addresses import find
from crm_cli.render.addresses import write


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
    return write(args[0], found, header=header)


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
