"""Commands whose words may begin with a dash: ``-lead`` takes a tag away and is no cluster of options."""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand

MARK = "\ue000"
"""Set before such a word while the options are parsed, and taken off again."""


class WordsCommand(TyperCommand):
    """A command that reads ``-word`` as a word. Options of one letter stand alone: ``-n -q``, not ``-nq``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse ``args`` with the words that begin with a dash kept whole."""
        left = super().parse_args(ctx, [_marked(word) for word in args])
        ctx.params = {name: _unmarked(value) for name, value in ctx.params.items()}
        return left


def _marked(word: str) -> str:
    return MARK + word if len(word) > 2 and word[0] == "-" and word[1] != "-" else word


def _unmarked(value: Any) -> Any:
    if isinstance(value, str):
        return value.removeprefix(MARK)
    if isinstance(value, (list, tuple)):
        return type(value)(_unmarked(part) for part in value)
    return value
