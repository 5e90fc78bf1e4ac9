"""The protocol of Typer's completion scripts: what was typed, and how candidates are handed back, shell by shell."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Pair = tuple[str, str]
BREAKS = ":="
"""Signs at which bash parts words; what it then replaces is only what stands behind the last of them."""

VARIABLES = ("_CRM_COMPLETE", "_CRM_CLI_COMPLETE")


def read(environ: Mapping[str, str]) -> tuple[str, list[str], str] | None:
    """Return the shell, the words before the one to complete, and that one; None for what is Typer's to answer."""
    instruction = next((environ[name] for name in VARIABLES if name in environ), "")
    what, _, shell = instruction.partition("_")
    if what != "complete" or shell not in WRITERS:
        return None
    if shell == "bash":
        return (shell, *_bash_words(environ))
    typed, last = split(environ.get("_TYPER_COMPLETE_ARGS", ""))
    if shell in {"powershell", "pwsh"}:
        last = environ.get("_TYPER_COMPLETE_WORD_TO_COMPLETE", "")
        typed = typed if not last or typed[-1:] != [last] else typed[:-1]
    return shell, typed[1:], last


def split(line: str) -> tuple[list[str], str]:
    """Part a command line into its words and the last, unfinished one (``""`` behind a space); quotes are taken off."""
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
    return found, word


def _bash_words(environ: Mapping[str, str]) -> tuple[list[str], str]:
    """Read the words that bash has parted at ``:`` and ``=`` too, and join them again."""
    parts = environ.get("COMP_WORDS", "").split("\n")
    cursor = environ.get("COMP_CWORD", "")
    parts = parts[: int(cursor) + 1] if cursor.isdigit() else parts
    parts += [""] * (int(cursor) + 1 - len(parts) if cursor.isdigit() else 0)
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
    """Return what to print for the shell, and the exit code."""
    if shell == "fish" and environ.get("_TYPER_COMPLETE_FISH_ACTION") == "is-args":
        return "", 0 if found else 1
    quoted = _is_quoted(environ) if shell == "bash" else False
    return WRITERS[shell](found, last, quoted), 0


def _is_quoted(environ: Mapping[str, str]) -> bool:
    parts = environ.get("COMP_WORDS", "").split("\n")
    cursor = environ.get("COMP_CWORD", "")
    return cursor.isdigit() and int(cursor) < len(parts) and parts[int(cursor)][:1] in {"'", '"'}


def _bash(found: list[Pair], last: str, quoted: bool) -> str:
    done = max((last.rfind(sign) for sign in BREAKS), default=-1) + 1
    texts = [text[done:] for text, _ in found]
    return "".join((text if quoted else text.replace(" ", "\\ ")) + "\n" for text in texts)


def _zsh(found: list[Pair], last: str, _quoted: bool) -> str:
    """Write for ``eval``; a candidate takes over the letters as typed, as zsh compares them exactly."""
    if not found:
        return "_files\n"
    lines = []
    for text, remark in found:
        whole = last + text[len(last) :] if text.lower().startswith(last.lower()) else text
        escaped = whole.replace(":", "\\\\:")
        lines.append(f'"{escaped}":"{remark}"' if remark else f'"{escaped}"')
    return "_arguments '*: :((" + "\n".join(lines) + "))'\n"


def _fish(found: list[Pair], _last: str, _quoted: bool) -> str:
    return "".join(f"{text}\t{remark}\n" if remark else f"{text}\n" for text, remark in found)


def _powershell(found: list[Pair], _last: str, _quoted: bool) -> str:
    return "".join((f"'{text}'" if " " in text else text) + f":::{remark or ' '}\n" for text, remark in found)


WRITERS: dict[str, Callable[[list[Pair], str, bool], str]] = {
    "bash": _bash,
    "zsh": _zsh,
    "fish": _fish,
    "powershell": _powershell,
    "pwsh": _powershell,
}
