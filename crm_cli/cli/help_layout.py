"""How a command's help is laid out: the names of its arguments and options, and their meanings."""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand, TyperOption

from crm_cli.cli.context import session

RAW = "Do not escape CSV cells that a spreadsheet would run as formulas."


class Command(TyperCommand):
    """A command whose help uses the names of the guide (REF, N and TEXT) and shows a default once.

    A command that can write a list as CSV has ``--csv-raw``.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [place for place, one in enumerate(self.params) if "--format" in one.opts and "csv" in meaning(one)]
        for place in places:
            self.params.insert(place + 1, _csv_raw())

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Return the usage line after the command's name."""
        return [self.options_metavar or "", *(argument_name(one) for one in self.get_params(ctx) if _is_argument(one))]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments that have a help text, then the options."""
        params: list[Any] = self.get_params(ctx)
        arguments = [(argument_name(one), one.help) for one in params if _is_argument(one) and one.help]
        options = [(option_names(one), meaning(one)) for one in params if not _is_argument(one)]
        for title, rows in (("Arguments", arguments), ("Options", options)):
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)


def _csv_raw() -> Any:
    return TyperOption(param_decls=["--csv-raw"], is_flag=True, expose_value=False, callback=_take_csv_raw, help=RAW)


def _take_csv_raw(ctx: Any, param: Any, value: bool) -> None:
    del param
    session(ctx).csv_raw = value


def _is_argument(param: Any) -> bool:
    return bool(param.param_type_name == "argument")


def argument_name(argument: Any) -> str:
    """Return the name of an argument: ``REF...``, ``[QUERY]...``."""
    return str(argument.metavar or argument.name.upper())


def option_names(option: Any) -> str:
    """Return an option's names and its value: ``-m, --message TEXT``."""
    names = ", ".join(sorted(option.opts, key=len))
    if option.is_flag:
        return names
    return f"{names} {option.metavar or ('N' if 'int' in option.type.name else 'TEXT')}"


def meaning(option: Any) -> str:
    """Return an option's help, with its default unless the text contains it."""
    text = str(option.help or "")
    default = option.default
    if option.is_flag or default in (None, "", [], ()) or callable(default) or text.endswith("]"):
        return text
    return f"{text} [{default}]"
