"""``crm email WORDS`` and ``crm phone WORDS`` answered from sqlite3 alone, before Typer is imported.

What is not plain words and the options below (``--help``, a mistake) is left to the command in `crm_cli.cli.lookups`.
"""

from __future__ import annotations

import os
import sqlite3
import sys

from crm_cli.queries.lookups import Line, find
from crm_cli.quick import open_book
from crm_cli.render.clean import clean

NOTHING = "no match"
FOUND, NOT_FOUND = 0, 3


def answer(args: list[str]) -> int | None:
    """Answer ``email`` or ``phone`` (the first of ``args``) and return the exit code; None where Typer must."""
    asked = _asked(args[1:])
    if asked is None:
        return None
    words, book, header = asked
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
    """Return words, book and whether a header is wanted, or None if there is an option for the command to judge."""
    words: list[str] = []
    book, header = "", True
    rest = iter(args)
    for word in rest:
        if word == "--":
            words.extend(rest)
        elif word == "--no-header":
            header = False
        elif word == "--book" or word.startswith("--book="):
            book = word[7:] if "=" in word else next(rest, "")
            if not book:
                return None
        elif word.startswith("-") and word not in {"-q", "--quiet"}:
            return None
        elif not word.startswith("-"):
            words.append(word)
    return (words, book, header) if "".join(words).strip() else None


def write(kind: str, found: list[Line], *, header: bool) -> int:
    """Write the answer as neomutt and aerc read it and return the exit code.

    The first line is a message (unless ``header`` is false), the others are ``address<TAB>name<TAB>company (label)``.
    Nothing in the book can add a line or a column.
    """
    lines = ["\t".join(clean(part) for part in line) for line in found]
    if header:
        noun = {"email": ("address", "addresses"), "phone": ("number", "numbers")}[kind][len(found) != 1]
        lines.insert(0, f"{len(found)} {noun}" if found else NOTHING)
    try:
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        sys.stdout.flush()
    except UnicodeEncodeError:
        sys.stdout.buffer.write("".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace"))
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if not found and not header:
        sys.stderr.write(f"crm: {NOTHING}\n")
    return FOUND if found else NOT_FOUND
