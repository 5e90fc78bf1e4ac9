"""The completion scripts of the shells, and the files they are installed in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from crm_cli import config
from crm_cli.core.text.folding import similar
from crm_cli.errors import CrmError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMANDS = ("crm", "crm-cli")

BASH = """\
# TAB for crm in bash; read by the line that crm --install-completion puts into ~/.bashrc.
_crm_completion() {
    local candidate
    COMPREPLY=()
    while IFS= read -r candidate; do
        COMPREPLY+=("$candidate")
    done < <(_CRM_COMPLETE=complete_bash CRM_LINE="${COMP_LINE:0:COMP_POINT}" CRM_WORD="$2" "$1" 2>/dev/null)
    case "${COMPREPLY[0]}" in *[:=@/]) compopt -o nospace 2>/dev/null ;; esac
}
complete -o default -F _crm_completion crm crm-cli
"""
ZSH = """\
#compdef crm crm-cli
# TAB for crm in zsh; loaded by compinit from a folder of fpath.
_crm() {
    eval "$(_CRM_COMPLETE=complete_zsh _TYPER_COMPLETE_ARGS="${words[1,CURRENT]}" "${words[1]}" 2>/dev/null)"
}
if [ "$funcstack[1]" = "_crm" ]; then
    _crm "$@"
else
    compdef _crm crm crm-cli
fi
"""
FISH = """\
# TAB for crm in fish; loaded from its folder of completions.
function __crm_complete
    set -l found (_CRM_COMPLETE=complete_fish _TYPER_COMPLETE_ARGS=(commandline -cp | string collect) \\
        $argv[1] 2>/dev/null)
    if test (count $found) -gt 0
        string join \\n -- $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete --command crm --no-files --arguments '(__crm_complete crm)'
complete --command crm-cli --no-files --arguments '(__crm_complete crm-cli)'
"""


class Shell(NamedTuple):
    """A shell: its script, and the line that loads it in a file of the user's (``{}`` is the script's path)."""

    script: str
    rc_line: str = ""


SHELLS = {
    "bash": Shell(BASH, "source '{}'"),
    "zsh": Shell(ZSH, "fpath=('{}' $fpath); autoload -Uz compinit; compinit"),
    "fish": Shell(FISH),
}


def chosen(named: str) -> str:
    """Return the shell of that name, or the one that crm was started from. Raises UsageError if it is not supported."""
    shell = named or _running()
    if shell in SHELLS:
        return shell
    known = ", ".join(SHELLS)
    if not shell:
        raise UsageError("cannot tell which shell this is", hint=f"name it: {known}")
    near = similar(shell, SHELLS, 1)
    meant = f"did you mean {near[0]}? " if near else ""
    raise UsageError(f'no completion for the shell "{shell}"', hint=f"{meant}known: {known}")


def _running() -> str:
    import shellingham

    try:
        return str(shellingham.detect_shell()[0])
    except shellingham.ShellDetectionFailure:
        return Path(os.environ.get("SHELL", "")).name


def install(shell: str) -> list[Path]:
    """Install the script of a shell in the user's home, and the line that loads it; return both files."""
    try:
        return list(_INSTALLERS[shell]())
    except OSError as error:
        raise CrmError(f"cannot write {error.filename}: {error.strerror}") from error


def _bash() -> Iterator[Path]:
    path = config.home() / ".bash_completions" / "crm.sh"
    yield _written(path, BASH)
    yield _with_line(config.home() / ".bashrc", SHELLS["bash"].rc_line.format(path))


def _zsh() -> Iterator[Path]:
    home = Path(os.environ.get("ZDOTDIR") or config.home())
    folder = home / ".zfunc"
    yield _written(folder / "_crm", ZSH)
    yield _with_line(home / ".zshrc", SHELLS["zsh"].rc_line.format(folder))


def _fish() -> Iterator[Path]:
    folder = Path(os.environ.get("XDG_CONFIG_HOME") or config.home() / ".config")
    for command in COMMANDS:
        yield _written(folder / "fish" / "completions" / f"{command}.fish", FISH)


_INSTALLERS = {"bash": _bash, "zsh": _zsh, "fish": _fish}


def _written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _with_line(path: Path, line: str) -> Path:
    """Append a line to a file unless it has it; everything else in the file stays as it is."""
    text = path.read_bytes() if path.exists() else b""
    if line.encode() not in text.splitlines():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as file:
            file.write((b"\n" if text and not text.endswith(b"\n") else b"") + line.encode() + b"\n")
    return path
