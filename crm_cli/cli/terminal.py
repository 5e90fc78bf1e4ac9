"""Interaction at a terminal: the last record shown, choices, yes or no, and texts in $EDITOR."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from crm_cli import config, editor
from crm_cli.cli.context import session
from crm_cli.core.text.width import is_blank
from crm_cli.errors import CrmError, UsageError
from crm_cli.render.clean import clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import typer

    from crm_cli.drafts import Draft


def remember(ref: str) -> None:
    """Remember the record that this terminal showed last; a REF of ``.`` names it."""
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


ESCAPE = "\x1b"
LEAVES = frozenset(("", "q", "quit", ESCAPE))
"""Answers that choose nothing."""
PAUSE = 0.05
"""Seconds in which the rest of a key's sequence follows its ESC; the Esc key sends ESC alone."""


def choose(ctx: typer.Context, title: str, choices: Mapping[str, str]) -> str | None:
    """Offer records by their printed ids (id -> line); return the id chosen, or None without a terminal.

    Raises CrmError if nothing is chosen.
    """
    if not session(ctx).interactive:
        return None
    width = max(map(len, choices))
    lines = "".join(f"  {ref:>{width}}  {clean(line)}\n" for ref, line in choices.items())
    sys.stderr.write(f"{clean(title)}\n{lines}")
    while True:
        answer = _ask("which id? (q or Esc: none) ").lower()
        if answer in LEAVES:
            raise CrmError("nothing was chosen")
        if answer in choices:
            return answer
        sys.stderr.write(f"{clean(answer)} is not one of these ids\n")


def confirm(ctx: typer.Context, question: str, *, flag: str = "--yes") -> None:
    """Continue only after a yes. Raises UsageError naming the flag without a terminal, CrmError after a no."""
    if not session(ctx).interactive:
        raise UsageError(f"{question} there is no terminal to answer on", hint=f"give {flag}")
    if _ask(f"{clean(question)} [y/N] ").lower() not in {"y", "yes"}:
        raise CrmError("nothing was done")


def wants(ctx: typer.Context, question: str, ref: str = "") -> bool:
    """Ask a yes-or-no question; the id that it shows, ``ref``, means yes. Without a terminal the answer is no."""
    return session(ctx).interactive and _ask(f"{clean(question)} [y/N] ").lower() in {"y", "yes", ref} - {""}


def key(question: str, keys: str) -> str:
    """Ask on a terminal until the answer is one of the letters ``keys``; leaving (q, Esc) is ``q``."""
    while True:
        given = answer(question).lower()
        if given in LEAVES:
            return "q"
        if given and given in keys:
            return given
        sys.stderr.write(f"answer with one of: {', '.join(keys)}\n")


def answer(question: str) -> str:
    """Return what is typed as the answer to a question. Only call it on a terminal."""
    return _ask(clean(question))


def _ask(question: str) -> str:
    sys.stderr.write(question)
    sys.stderr.flush()
    answer = _line_or_escape()
    if not answer.endswith("\n"):
        sys.stderr.write("\n")
    return answer.strip()


def _line_or_escape() -> str:
    """Read a line from the terminal; the Esc key ends it at once and is the whole answer."""
    import termios

    keyboard = sys.stdin.fileno()
    kept = termios.tcgetattr(keyboard)
    changed = termios.tcgetattr(keyboard)
    changed[6][termios.VEOL] = ESCAPE.encode()
    try:
        termios.tcsetattr(keyboard, termios.TCSADRAIN, changed)
        typed = os.read(keyboard, 4096).decode(errors="replace")
        if ESCAPE not in typed:
            return typed
        rest = _follows(keyboard)
        return typed.replace(ESCAPE, "^[") + rest if rest.strip() else ESCAPE
    finally:
        termios.tcsetattr(keyboard, termios.TCSADRAIN, kept)


def _follows(keyboard: int) -> str:
    """Return what follows an ESC without a pause: for example the rest of an arrow key's sequence."""
    import select
    import termios

    kept = termios.tcgetattr(keyboard)
    changed = termios.tcgetattr(keyboard)
    changed[3] &= ~termios.ICANON
    try:
        termios.tcsetattr(keyboard, termios.TCSADRAIN, changed)
        follows = select.select([keyboard], [], [], PAUSE)[0]
        return os.read(keyboard, 4096).decode(errors="replace") if follows else ""
    finally:
        termios.tcsetattr(keyboard, termios.TCSADRAIN, kept)


def check_one_stdin(words: Sequence[str], message: str) -> None:
    """Refuse to read both the ids and the text from standard input."""
    if "-" in words and message == "-":
        raise UsageError("standard input can be the ids or the text, not both", hint="write the text as -m TEXT")


def given_text(ctx: typer.Context, message: str, *, edit: bool) -> str:
    """Return the text of ``-m TEXT``, ``-m -`` (standard input) or ``-e`` (the editor).

    Text from standard input or the editor is a draft until it is saved. Raises CrmError if the text is empty.
    """
    if message == "-":
        return _piped_text(ctx)
    if not edit:
        return message
    text = edited(ctx, draft(ctx, message, suffix=".md"))
    if is_blank(text):
        raise CrmError("the text is empty; nothing was written")
    return text


_BOM = "\ufeff"
"""What programs of Windows write before a text in UTF-8."""


def _piped_text(ctx: typer.Context) -> str:
    if sys.stdin.isatty():
        raise UsageError("standard input is a terminal; -m - needs a pipe", hint="-e opens your editor")
    raw = sys.stdin.buffer.read()
    if raw:
        from crm_cli.drafts import Draft

        session(ctx).drafts.append(Draft(typed=raw))
    text = raw.decode(sys.stdin.encoding).removeprefix(_BOM).replace("\r\n", "\n")
    if "\0" in text:
        raise UsageError("standard input holds NUL characters: it is not plain text")
    return text


def draft(ctx: typer.Context, text: str, *, suffix: str) -> Draft:
    """Start a draft with ``text``; it is kept unless it is saved or nothing was typed."""
    from crm_cli.drafts import Draft

    made = Draft(text, suffix=suffix)
    session(ctx).drafts.append(made)
    return made


def edited(ctx: typer.Context, text: Draft) -> str:
    """Return a draft as the user left it in their editor.

    Without a configured editor and a keyboard, none is started: a script would hang in it.
    """
    program = editor.program(session(ctx).config)
    if not program and not sys.stdin.isatty():
        raise UsageError("cannot open an editor here", hint="give assignments, or a text as -m TEXT; or set EDITOR")
    return editor.edited(text, program)


def piped_refs(words: Sequence[str]) -> list[str]:
    """Return REFs with each ``-`` replaced by the lines of standard input (a printed id each)."""
    found: list[str] = []
    for word in words:
        if word != "-":
            found.append(word)
        elif sys.stdin.isatty():
            raise UsageError("standard input is a terminal; - needs a pipe")
        else:
            lines = (line.removeprefix(_BOM).split("\t", 1)[0].strip() for line in sys.stdin)
            found += [line for line in lines if line]
    return found


def piped_nothing(words: Sequence[str], found: Sequence[str]) -> bool:
    """Do the words ask for a pipe that was empty? Then nothing must be changed."""
    return "-" in words and not found
