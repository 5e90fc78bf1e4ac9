"""TAB completion of options and their values, from the commands and their help."""

from __future__ import annotations

import re
from typing import Any

Pair = tuple[str, str]

GLOBAL = (
    ("--book", "the book to use"),
    ("--quiet", "no notes on stderr"),
    ("--color", "auto, always or never"),
    ("--debug", "print a traceback if crm crashes"),
    ("--help", "help"),
)
ALONE = (
    ("--version", "print the version"),
    ("--install-completion", "set up TAB completion for a shell"),
    ("--show-completion", "print the script for a shell"),
)
"""Options of crm without a command."""

LISTED = re.compile(r"(?:^|: )([a-z-]+(?:, [a-z-]+)* or [a-z-]+|[a-z-]+(?:, [a-z-]+)+)(?=[.;]| of\b)")
"""Matches the values of an option in its help text."""


def offered(places: list[str], option: str, last: str) -> list[Pair]:
    """Return the candidates for ``last``: options, or values of ``option`` (or of ``--option=``)."""
    name, given, value = last.partition("=")
    if not option and given:
        return [(f"{name}={text}", remark) for text, remark in values(places, name, value)]
    if option:
        return values(places, option, last)
    return [pair for pair in options(places) if pair[0].startswith(last)]


def options(places: list[str]) -> list[Pair]:
    """Return the long options that fit after the words ``places``, each with the first sentence of its help."""
    command = _command(places)
    params = [] if command is None else [one for one in command.params if one.param_type_name == "option"]
    own = [(name, _first(one.help or "")) for one in params for name in one.opts if name.startswith("--")]
    return [*own, *GLOBAL, *(() if places else ALONE)]


def values(places: list[str], option: str, last: str) -> list[Pair]:
    """Return the values of an option that begin with ``last``; of a comma-separated list, the last one is completed."""
    if option in _GLOBAL_VALUES:
        return _beginning(_GLOBAL_VALUES[option], last)
    param = _param(places, option)
    if param is None:
        return []
    if option == "--columns":
        done, comma, rest = last.rpartition(",")
        return _beginning(_columns(places), rest, done + comma)
    if option == "--outcome" and places[0] in {"log", "done"}:
        return _beginning(_outcomes(places[1:2]), last)
    sign = "-" if option == "--sort" and last.startswith("-") else ""
    return _beginning(listed(param), last.removeprefix(sign), sign)


def listed(param: Any) -> tuple[str, ...]:
    """Return the values that an option's metavar or help lists; none if it takes any value."""
    metavar = str(param.metavar or "")
    if "|" in metavar and metavar.islower():
        return tuple(metavar.split("|"))
    found = LISTED.search(str(param.help or ""))
    return tuple(re.split(r", | or ", found[1])) if found else ()


def _command(places: list[str]) -> Any:
    """Return the command that the words name, or None; a group without a subcommand is None as well."""
    from crm_cli.cli.loading import load_command

    command = load_command(places[0]) if places else None
    parts = getattr(command, "commands", None)
    return command if parts is None else parts.get(places[1]) if len(places) > 1 else None


def _param(places: list[str], option: str) -> Any:
    """Return the parameter behind an option of the command that the words name, or None if it has no such option."""
    command = _command(places)
    params = command.params if command else ()
    return next((one for one in params if option in one.opts), None)


def _outcomes(kinds: list[str]) -> tuple[str, ...]:
    """Return the outcomes of the kind of activity that is logged, or of all kinds if none is named."""
    from crm_cli.core.activities import KINDS, OUTCOMES, outcomes_of

    known = [kind for kind in kinds if kind in KINDS]
    return outcomes_of(known[0]) if known else tuple(OUTCOMES)


def _columns(places: list[str]) -> tuple[str, ...]:
    """Return the names of the columns that a list has."""
    if places[0] in {"list", "find"}:
        from crm_cli.render.people import columns

        return tuple(column.name for column in columns("UTC"))
    if places[0] == "company":
        from crm_cli.cli.companies import COLUMNS

        return tuple(column.name for column in COLUMNS)
    if places[0] == "deal":
        from crm_cli.render.deals import columns as of_deals

        return tuple(column.name for column in of_deals("", "UTC", "en", "", spoken=True))
    return ()


def _beginning(words: tuple[str, ...], last: str, before: str = "") -> list[Pair]:
    return [(before + word, "") for word in words if word.startswith(last)]


def _first(text: str) -> str:
    return text.partition(". ")[0].rstrip(".")


_GLOBAL_VALUES = {
    "--color": ("auto", "always", "never"),
    "--install-completion": ("bash", "zsh", "fish"),
    "--show-completion": ("bash", "zsh", "fish"),
}
