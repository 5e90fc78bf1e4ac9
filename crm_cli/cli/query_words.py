"""Arguments that may begin with a dash, as words of a query and spans do: ``-tag:dnc``, ``-1d``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_cli.cli import foreign_queries
from crm_cli.cli.context import session
from crm_cli.cli.help_layout import Command

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    import typer

    from crm_cli.queries.conditions import Where


class QueryCommand(Command):
    """A command whose arguments are a query or a time: words other than its options belong to it, even ``-1d``.

    A dash and one letter is still read as an option.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the options first and the words after ``--``."""
        options, words = self._split(args)
        foreign_queries.check(ctx.command_path.removeprefix("crm "), words)
        return super().parse_args(ctx, [*options, "--", *words])

    def _takes_a_query(self) -> bool:
        return any("QUERY" in str(param.metavar) for param in self.params)

    def _own(self) -> dict[str, bool]:
        """Return the options of this command: name -> does it take a value?"""
        takes: dict[str, bool] = {"--help": False, "-h": False}
        for param in self.params:
            for name in (*param.opts, *param.secondary_opts):
                takes[name] = not getattr(param, "is_flag", False)
        return takes

    def _split(self, args: list[str]) -> tuple[list[str], list[str]]:
        """Split arguments into options with their values, and words."""
        takes = self._own()
        options: list[str] = []
        words: list[str] = []
        rest = iter(args)
        for word in rest:
            if word == "--":
                words.extend(rest)
            elif word in takes:
                options.append(word)
                options.extend([next(rest, "")] if takes[word] else [])
            elif self._is_option(word, takes):
                options.append(word)
            else:
                words.append(word)
        return options, words

    def _is_option(self, word: str, takes: dict[str, bool]) -> bool:
        """Is a word an option although none has its name: ``--unknown``, ``-x`` in a query, ``-n20``?"""
        if word.startswith("--"):
            return True
        if len(word) == 2 and word[0] == "-" and word[1].isalpha():
            return self._takes_a_query()
        return takes.get(word[:2], False) and word[:1] == "-" and word[2:].isdigit()


def condition(ctx: typer.Context, db: sqlite3.Connection, words: Sequence[str] | None, target: str) -> Where | None:
    """Return the condition of a query for records of the kind ``target``; None if there are no words."""
    if not words:
        return None
    from crm_cli.queries.filters import compiler

    here = session(ctx)
    return compiler.where(db, words, target, now=here.now, zone=here.zone)
