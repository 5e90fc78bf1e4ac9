"""``config``: the user's settings."""

from __future__ import annotations

from typing import Annotated

import typer

from crm_cli import config as settings
from crm_cli.cli import output
from crm_cli.cli.context import world
from crm_cli.cli.options import Format, Json, Setting
from crm_cli.errors import NotFoundError
from crm_cli.render.clean import clean
from crm_cli.render.tables import Column

app = typer.Typer(no_args_is_help=True, help="Settings: list, get, set, unset, path.")


def in_force(ctx: typer.Context, key: str) -> str:
    """Return a setting, or what the system says where it is not set."""
    here = world(ctx)
    if key == "zone":
        return here.zone
    if key == "region":
        return here.region
    return str(getattr(here.config, key))


@app.command("list")
def list_(ctx: typer.Context, format_: Format = "", as_json: Json = False) -> None:
    """List the settings in force, and where each comes from.

    Example:

      crm config list
    """
    chosen = output.chosen_format(format_, as_json=as_json)
    here = world(ctx)
    rows = []
    for key in settings.KEYS:
        own = str(getattr(here.config, key))
        value = own or (in_force(ctx, key) if key in {"zone", "region"} else "")
        rows.append((key, value, "config" if own else "system" if value else "not set"))
    columns: tuple[Column[tuple[str, str, str]], ...] = (
        Column("setting", lambda row: row[0]),
        Column("value", lambda row: row[1], grow=1),
        Column("from", lambda row: row[2]),
    )
    output.emit(
        ctx, rows, columns, chosen=chosen, card=lambda row: {"setting": row[0], "value": row[1], "from": row[2]},
        ref=lambda row: row[0],
    )  # fmt: skip


@app.command("get")
def get(ctx: typer.Context, key: Setting) -> None:
    """Print one setting.

    Example:

      crm config get zone
    """
    from crm_cli.services import settings as service

    service.check(key, "")
    value = in_force(ctx, key)
    if not value:
        raise NotFoundError(f"{key} is not set", hint=f"crm config set {key} VALUE")
    output.say(clean(value))


@app.command("set")
def set_(
    ctx: typer.Context,
    key: Setting,
    value: Annotated[str, typer.Argument(metavar="VALUE", help="What it shall be, as in IN, Asia/Kolkata, EUR.")],
) -> None:
    """Change one setting; comments in the file stay.

    Example:

      crm config set region IN
    """
    from crm_cli.services import settings as service

    service.check(key, value)
    service.change({key: value.upper() if key in {"region", "currency"} else value})
    output.tell(ctx, f"{key} = {value}, in {settings.config_path()}")


@app.command("unset")
def unset(ctx: typer.Context, key: Setting) -> None:
    """Remove one setting; the system's holds again.

    Example:

      crm config unset zone
    """
    from crm_cli.services import settings as service

    service.change({key: ""})
    output.tell(ctx, f"{key} is no longer set")


@app.command("path")
def path_(ctx: typer.Context, format_: Format = "", as_json: Json = False) -> None:
    """Print where the settings and the book are.

    Example:

      crm config path
    """
    chosen = output.chosen_format(format_, as_json=as_json)
    rows = [("config", str(settings.config_path())), ("book", str(world(ctx).path))]
    columns: tuple[Column[tuple[str, str]], ...] = (
        Column("what", lambda row: row[0]),
        Column("path", lambda row: row[1], grow=1),
    )
    output.emit(ctx, rows, columns, chosen=chosen, card=lambda row: {row[0]: row[1]}, ref=lambda row: row[1])
