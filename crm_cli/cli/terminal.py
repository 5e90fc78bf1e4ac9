"""What a terminal remembers, asks and edits: the last record shown, a choice, a yes or no, a text in $EDITOR."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from crm_cli import config, editor
from crm_cli.cli.context import world
from crm_cli.errors import CrmError, UsageError
from crm_cli.render.clean import clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import typer


def remember(ref: str) -> None:
    """Remember what this terminal has shown last, which a REF of ``.`` means."""
    path = _memory()
    if path is None:
        return
    from crm_cli import files

    with suppress(CrmError):
        files.write(path, ref, durable=False)


def last_shown() -> str:
    """Return the printed id last shown on this terminal, or ``""``."""
    path = _memory()
    try:
        return path.read_text(encoding="ascii").strip() if path else ""
    except (OSError, UnicodeDecodeError):
        return ""


def _memory() -> Path | None:
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        try:
            name = os.ttyname(stream.fileno())
        except (OSError, ValueError, AttributeError):
            continue
        return config.folder("state") / ("last" + name.replace("/", "-"))
    return None


LEAVES = frozenset(("", "q", "quit", "\x1b"))
"""Answers that choose nothing."""


def choose(ctx: typer.Context, title: str, choices: Mapping[str, str]) -> str | None:
    """Offer records by their printed ids (id -> line); return the id chosen, or None where nobody can be asked.

    Raises CrmError when nothing is chosen.
    """
    if not world(ctx).interactive:
        return None
    width = max(map(len, choices))
    lines = "".join(f"  {ref:>{width}}  {clean(line)}\n" for ref, line in choices.items())
    sys.stderr.write(f"{clean(title)}\n{lines}")
    while True:
        answer = _ask("which id? (q: none) ").lower()
        if answer in LEAVES:
            raise CrmError("nothing was chosen")
        if answer in choices:
            return answer
        sys.stderr.write(f"{clean(answer)} is not one of these ids\n")


def confirm(ctx: typer.Context, question: str, *, flag: str = "--yes") -> None:
    """Go on only after a yes. Raises UsageError naming the flag where nobody can be asked, CrmError after a no."""
    if not world(ctx).interactive:
        raise UsageError(f"{question} nobody is here to answer", hint=f"say {flag}")
    if _ask(f"{clean(question)} [y/N] ").lower() not in {"y", "yes"}:
        raise CrmError("nothing was done")


def wants(ctx: typer.Context, question: str) -> bool:
    """Ask a question that may be left unanswered; no where nobody can be asked."""
    return world(ctx).interactive and _ask(f"{clean(question)} [y/N] ").lower() in {"y", "yes"}


def _ask(question: str) -> str:
    sys.stderr.write(question)
    sys.stderr.flush()
    answer = sys.stdin.readline()
    if not answer:
        sys.stderr.write("\n")
    return answer.strip()


def given_text(ctx: typer.Context, message: str, *, edit: bool, template: str = "") -> str:
    """Return the text of ``-m TEXT``, ``-m -`` (standard input) or ``-e`` (the editor)."""
    if message == "-":
        if sys.stdin.isatty():
            raise UsageError("-m - reads standard input, and that is the keyboard", hint="-e opens your editor")
        return sys.stdin.read()
    return edited(ctx, message or template, suffix=".md") if edit else message


def edited(ctx: typer.Context, text: str, *, suffix: str) -> str:
    """Return ``text`` as the user left it in their editor. The file is private, and gone afterwards.

    Where no editor is settled and nobody sits at a keyboard, none is started: a script would hang in it.
    """
    program = editor.program(world(ctx).config)
    if not program and not sys.stdin.isatty():
        raise UsageError("nobody is here to edit", hint="give assignments, or a text as -m TEXT; or set EDITOR")
    return editor.edited(text, program, suffix=suffix)


def piped_refs(words: Sequence[str]) -> list[str]:
    """Return REFs with each ``-`` replaced by the lines of standard input (a printed id each)."""
    found: list[str] = []
    for word in words:
        if word != "-":
            found.append(word)
        elif sys.stdin.isatty():
            raise UsageError("- reads standard input, and that is the keyboard")
        else:
            found += [line.split("\t", 1)[0].strip() for line in sys.stdin if line.strip()]
    return found


def piped_nothing(words: Sequence[str], found: Sequence[str]) -> bool:
    """Did the words ask for a pipe, and nothing came? Then nothing is to be touched."""
    return "-" in words and not found
