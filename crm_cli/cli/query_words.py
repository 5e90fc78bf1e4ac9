"""Arguments that are words of a query: ``-tag:dnc`` is a word, not an option."""

from __future__ import annotations

from typing import Any

from crm_cli.cli import foreign_queries
from crm_cli.cli.help_layout import Command


class QueryCommand(Command):
    """A command whose arguments are a query: words other than its options belong to it, even with a leading ``-``.

    A dash and one letter is still read as an option.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the options first and the words after ``--``."""
        options, words = self._split(args)
        foreign_queries.check(ctx.command_path.removeprefix("crm "), words)
        return super().parse_args(ctx, [*options, "--", *words])

    def _takes_a_query(self) -> bool:
        return any("QUERY" in str(param.metavar) for param in self.params)

    def _split(self, args: list[str]) -> tuple[list[str], list[str]]:
        takes: dict[str, bool] = {"--help": False, "-h": False}
        for param in self.params:
            for name in (*param.opts, *param.secondary_opts):
                takes[name] = not getattr(param, "is_flag", False)
        options: list[str] = []
        words: list[str] = []
        rest = iter(args)
        for word in rest:
            if word == "--":
                words.extend(rest)
            elif word in takes:
                options.append(word)
                options.extend([next(rest, "")] if takes[word] else [])
            elif (
                word.startswith("--")
                or (len(word) == 2 and word[0] == "-" and word[1].isalpha() and self._takes_a_query())
                or (takes.get(word[:2]) and word[:1] == "-" and word[2:].isdigit())
            ):
                options.append(word)
            else:
                words.append(word)
        return options, words
