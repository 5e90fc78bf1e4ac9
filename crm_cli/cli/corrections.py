"""Errors of usage, with advice on what to type instead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

# Typer carries its own Click since 0.26 and exports no usage error; the pinned version keeps this name.
from typer._click.exceptions import ClickException, NoSuchOption

from crm_cli.cli import foreign_words
from crm_cli.cli.loading import LazyGroup
from crm_cli.commands import BY_NAME
from crm_cli.core.text.folding import one_edit_apart, similar
from crm_cli.errors import (
    CrmError,
    UsageError,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

GLOBAL_NAMES = ("--book", "--quiet", "--color", "--debug")


NEAR = 0.75
"""The minimum similarity of a suggestion: ``delete`` is not ``deal``."""


def usage_error(error: ClickException, args: list[str]) -> CrmError:
    """Return the error for the words ``args`` of a command line, with what to write instead if that is known."""
    ctx = getattr(error, "ctx", None)
    path = ctx.command_path if ctx else "crm"
    message = error.format_message().rstrip(".") or "a command is needed"
    hint = ""
    if isinstance(error, NoSuchOption) and ctx:
        message, hint = error.message, _option_meant(error.option_name, ctx)
    elif unknown := re.match(r"No such command '(.*?)'", message):
        message, hint = unknown[0], _command_meant(unknown[1], ctx, args)
    elif ctx and ctx.command.name in foreign_words.WITHOUT_WORDS and "unexpected extra" in message:
        hint = f"use: {foreign_words.WITHOUT_WORDS[ctx.command.name]}"
    message = re.sub(r" in the range (\d+)<=x<=(\d+)$", r" between \1 and \2", message)
    message = message.replace("a valid int range", "a whole number").replace("in the range x>=0", "0 or more")
    return UsageError(message[:1].lower() + message[1:], hint=hint or f"try: {path} --help")


def _command_meant(word: str, ctx: Any, args: list[str]) -> str:
    """Return what to type for an unknown command: the command of that meaning, or the most similar one."""
    noun = ctx.command.name if ctx and ctx.command.name in BY_NAME else ""
    known = ctx.command.list_commands(ctx) if ctx else list(BY_NAME)
    behind = args[args.index(word) + 1 :] if word in args else []
    meant = foreign_words.command_for(word, noun, known, [one for one in behind if not one.startswith("-")])
    return f"use: {meant}" if meant else _nearest(word, known)


def _option_meant(option: str, ctx: Any) -> str:
    """Return what to write for an unknown option: a term, an assignment, or another option."""
    known = [name for param in ctx.command.get_params(ctx) for name in param.opts] + [*GLOBAL_NAMES]
    if isinstance(ctx.command, LazyGroup):
        name = option.lstrip("-")
        meant = foreign_words.command_for(name) or foreign_words.option_for(name, GLOBAL_NAMES)
    else:
        meant = foreign_words.option_for(option, known)
    use = f"use: {meant}" if meant else ""
    return _as_assignment(option, ctx) or _as_condition(option, ctx) or use or _nearest(option, known)


def _nearest(word: str, known: Iterable[str]) -> str:
    """Return a suggestion of the most similar word: one typo away, or with most letters in common."""
    slips = [one for one in known if len(word) > 2 and one_edit_apart(word, one)]
    near = slips or similar(word, known, 1, cutoff=NEAR)
    return f"did you mean {near[0]}?" if near else ""


def _as_condition(option: str, ctx: Any) -> str:
    """Return the term of a query for an option like ``--tag``, ``""`` if the command takes no query."""
    from crm_cli.cli.query_words import QueryCommand
    from crm_cli.core.query import parser as query

    field = query.field_named(option.lstrip("-"))
    return f"write {field}:VALUE" if field and isinstance(ctx.command, QueryCommand) else ""


def _as_assignment(option: str, ctx: Any) -> str:
    """Return the assignment for a field written as an option, ``""`` if the command takes no ``FIELD=VALUE``."""
    from crm_cli.core.fields import CONTACT_FIELDS, DEAL_FIELDS
    from crm_cli.core.query import parser as query

    if not any("FIELD=VALUE" in str(param.metavar) for param in ctx.command.params):
        return ""
    name = option.lstrip("-").replace("_", "-")
    if name in {"tag", "tags", "label", "group"}:
        return "write +TAG"
    fields = DEAL_FIELDS if " deal " in f"{ctx.command_path} " else CONTACT_FIELDS
    names = {name, query.field_named(name)}
    found = next((one.name for one in fields if names & {one.name, *one.aliases}), "")
    return f"write {found}=VALUE" if found else ""
