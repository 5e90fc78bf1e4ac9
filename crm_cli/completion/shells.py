"""The completion protocols of the shells: reads requests, writes candidates. The scripts are in `cli.shell_scripts`.

Each candidate is quoted for its place in the line, so that a shell inserts it whole and never runs any of it.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Pair = tuple[str, str]
BREAKS = ":="
"""Signs at which bash splits words; it replaces only what follows the last of them."""

VARIABLES = ("_CRM_COMPLETE", "_CRM_CLI_COMPLETE")

BARE = frozenset("_-./,+%@:=")
"""ASCII signs that need no quotes in bash."""

UNFINISHED = (":", "=", "@", "/")
"""Endings of candidates that the user continues: no space is added after them."""


def read(environ: Mapping[str, str]) -> tuple[str, list[str], str] | None:
    """Return the shell, the words before the one to complete, and that one; None if no supported shell asks."""
    instruction = next((environ[name] for name in VARIABLES if name in environ), "")
    what, _, shell = instruction.partition("_")
    if what != "complete" or shell not in WRITERS:
        return None
    if shell == "bash" and "CRM_LINE" not in environ:
        return (shell, *_bash_words(environ))
    typed, last, _ = split(environ.get("CRM_LINE" if shell == "bash" else "_TYPER_COMPLETE_ARGS", ""))
    return shell, typed[1:], last


def split(line: str) -> tuple[list[str], str, str]:
    """Split a command line into its words, the last one (``""`` after a space), and the quote that is still open."""
    found: list[str] = []
    word, quote, begun, escaped = "", "", False, False
    for char in line:
        if escaped:
            word, escaped = word + char, False
        elif char == "\\" and quote != "'":
            escaped = begun = True
        elif quote:
            word, quote = (word, "") if char == quote else (word + char, quote)
        elif char in "'\"":
            quote, begun = char, True
        elif char.isspace():
            if begun:
                found.append(word)
            word, begun = "", False
        else:
            word, begun = word + char, True
    return found, word, quote


def _bash_words(environ: Mapping[str, str]) -> tuple[list[str], str]:
    """Read the words of a script that passes no line: bash also split them at ``:`` and ``=``, so join them again."""
    parts = environ.get("COMP_WORDS", "").split("\n")
    cursor = environ.get("COMP_CWORD", "")
    if cursor.isdigit():
        number = int(cursor) + 1
        parts = parts[:number] + [""] * (number - len(parts))
    joined: list[str] = []
    glue = False
    for part in parts:
        breaking = bool(part) and not part.strip(BREAKS)
        if (breaking or glue) and len(joined) > 1:
            joined[-1] += part
        else:
            joined.append(part)
        glue = breaking
    found = [split(word)[1] for word in joined]
    return found[1:-1], found[-1] if len(found) > 1 else ""


def write(environ: Mapping[str, str], shell: str, found: list[Pair], last: str) -> tuple[str, int]:
    """Return the output for the shell, and the exit code."""
    if environ.get("_TYPER_COMPLETE_FISH_ACTION") == "is-args":
        return "", 0 if found else 1
    return WRITERS[shell](environ, found, last), 0


def _bash(environ: Mapping[str, str], found: list[Pair], last: str) -> str:
    """Write one candidate per line, without the part of the word that bash keeps, which precedes its ``CRM_WORD``."""
    if "CRM_LINE" in environ:
        _, _, quote = split(environ["CRM_LINE"])
        replaced = split(quote + environ.get("CRM_WORD", ""))[1]
        kept = len(last) - len(replaced) if last.endswith(replaced) else 0
    else:
        parts, cursor = environ.get("COMP_WORDS", "").split("\n"), environ.get("COMP_CWORD", "")
        at = int(cursor) if cursor.isdigit() else 0
        quote = split(parts[at])[2] if at < len(parts) else ""
        kept = 0 if quote else max(last.rfind(sign) for sign in BREAKS) + 1
    return "".join(_BASH_QUOTES[quote](text[kept:]) + "\n" for text, _ in found)


def _escaped(text: str) -> str:
    return "".join(char if char.isalnum() or char in BARE or not char.isascii() else "\\" + char for char in text)


def _in_double_quotes(text: str) -> str:
    """Escape a text inside double quotes; a backslash does not escape ``!`` there, so the quotes are interrupted."""
    return "".join("\\" + char if char in '\\"$`' else "\"'!'\"" if char == "!" else char for char in text)


def _in_single_quotes(text: str) -> str:
    return text.replace("'", "'\\''")


_BASH_QUOTES: dict[str, Callable[[str], str]] = {"": _escaped, '"': _in_double_quotes, "'": _in_single_quotes}
"""The open quote -> the function that escapes a text inside it."""


def _zsh(_environ: Mapping[str, str], found: list[Pair], _last: str) -> str:
    """Write the statements that the script evaluates; zsh itself quotes what it inserts (``-U``: no matching)."""
    if not found:
        return "_files\n"
    lines = []
    for ends, option in ((False, ""), (True, "-S '' ")):
        group = [pair for pair in found if pair[0].endswith(UNFINISHED) is ends]
        if group:
            shown = " ".join(_quoted(f"{text}  -- {remark}" if remark else text) for text, remark in group)
            texts = " ".join(_quoted(text) for text, _ in group)
            lines.append(f"_crm_shown=({shown}); compadd -U -l -V crm {option}-d _crm_shown -- {texts};")
    return "local -a _crm_shown; " + "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return f"'{_in_single_quotes(text)}'"


def _fish(_environ: Mapping[str, str], found: list[Pair], _last: str) -> str:
    return "".join(f"{text}\t{remark}\n" if remark else f"{text}\n" for text, remark in found)


WRITERS: dict[str, Callable[[Mapping[str, str], list[Pair], str], str]] = {"bash": _bash, "zsh": _zsh, "fish": _fish}
