"""``config``: the user's settings."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

import typer

from crm_cli import config as settings
from crm_cli.cli import output
from crm_cli.cli.context import session
from crm_cli.cli.options import DryRun, Facts, Format, Json, SettingName
from crm_cli.core.json_text import json_text
from crm_cli.errors import NotFoundError
from crm_cli.render.clean import clean
from crm_cli.render.tables import Column

app = typer.Typer(no_args_is_help=True, help="Settings: list, get, set, unset, path.")


class Setting(NamedTuple):
    """A setting: its value and origin, and the value in the config file if that is overridden."""

    setting: str
    value: str
    origin: str
    overrides: str | None = None

    def card(self) -> dict[str, Any]:
        """Return the setting as JSON."""
        return {"setting": self.setting, "value": self.value, "from": self.origin, "overrides": self.overrides}


def in_force(ctx: typer.Context, key: str) -> Setting:
    """Return a setting with its origin: an environment variable, ``config``, ``system`` or ``not set``."""
    here = session(ctx)
    own, environment = settings.in_file()[0].get(key, ""), settings.in_environment()
    if key in environment:
        return Setting(key, environment[key], f"CRM_{key.upper()}", own or None)
    if own:
        return Setting(key, own, "config")
    value = {"zone": lambda: here.zone, "region": lambda: here.region}.get(key, str)()
    return Setting(key, value, "system" if value else "not set")


@app.command("list")
def list_(ctx: typer.Context, format_: Format = "", as_json: Json = False) -> None:
    """List the settings and where each comes from.

    An environment variable such as CRM_CURRENCY overrides the setting of that name.

    Example:

      crm config list
    """
    chosen = output.chosen_format(format_, as_json=as_json)
    session(ctx).config  # noqa: B018  (names the keys of the file that are not settings)
    rows = [in_force(ctx, key) for key in settings.KEYS]
    columns: tuple[Column[Setting], ...] = (
        Column("setting", lambda row: row.setting),
        Column("value", lambda row: row.value, grow=1),
        Column("from", lambda row: row.origin),
    )
    output.emit(ctx, rows, columns, chosen=chosen, card=Setting.card, ref=lambda row: row.setting)
    for row in rows:
        if row.overrides is not None:
            output.notify(ctx, f"{row.origin} overrides {row.setting} = {row.overrides} of {settings.config_path()}")


@app.command("get")
def get(ctx: typer.Context, key: SettingName, format_: Facts = "", as_json: Json = False) -> None:
    """Print one setting; a note says where it comes from unless that is the config file.

    Example:

      crm config get zone
    """
    from crm_cli.services import settings as service

    chosen = output.chosen_format(format_ or "text", as_json=as_json, known=("text", "json"))
    service.check(key, "")
    session(ctx).config  # noqa: B018  (names the keys of the file that are not settings)
    found = in_force(ctx, key)
    if chosen == "json":
        output.say(json_text(found.card()))
    elif found.value:
        output.say(clean(found.value))
    if not found.value:
        raise NotFoundError(f"{key} is not set", hint=f"crm config set {key} VALUE")
    if found.overrides is not None:
        output.notify(ctx, f"{found.origin} overrides {key} = {found.overrides} of {settings.config_path()}")
    elif found.origin != "config":
        output.notify(ctx, f"{key} comes from {'the system' if found.origin == 'system' else found.origin}")


@app.command("set")
def set_(
    ctx: typer.Context,
    key: SettingName,
    value: Annotated[str, typer.Argument(metavar="VALUE", help="As in IN or India, Asia/Kolkata or kolkata, EUR.")],
    dry_run: DryRun = False,
    format_: Facts = "",
    as_json: Json = False,
) -> None:
    """Change one setting; comments in the file stay.

    Example:

      crm config set region IN
    """
    from crm_cli.services import settings as service

    chosen = output.chosen_format(format_ or "text", as_json=as_json, known=("text", "json"))
    kept = service.understood(key, value, session(ctx).region)
    _change(ctx, key, kept, f"{key} = {kept}, in {settings.config_path()}", dry_run=dry_run, chosen=chosen)


@app.command("unset")
def unset(
    ctx: typer.Context, key: SettingName, dry_run: DryRun = False, format_: Facts = "", as_json: Json = False
) -> None:
    """Remove one setting; the system's applies again.

    Example:

      crm config unset zone
    """
    chosen = output.chosen_format(format_ or "text", as_json=as_json, known=("text", "json"))
    _change(ctx, key, "", f"{key} is no longer set", dry_run=dry_run, chosen=chosen)


def _change(ctx: typer.Context, key: str, value: str, message: str, *, dry_run: bool, chosen: str) -> None:
    from crm_cli.services import settings as service

    service.check(key, value)
    if not dry_run:
        service.change({key: value})
    output.notify(ctx, message + (" (dry run: nothing was changed)" if dry_run else ""))
    variable = f"CRM_{key.upper()}"
    if key in settings.in_environment():
        output.notify(ctx, f"{variable} overrides it here")
    if chosen == "json":
        output.say(json_text({"setting": key, "value": value, "file": str(settings.config_path())}))


@app.command("path")
def path_(ctx: typer.Context, format_: Format = "", as_json: Json = False) -> None:
    """Print where the settings and the book are.

    Example:

      crm config path
    """
    chosen = output.chosen_format(format_, as_json=as_json)
    rows = [("config", str(settings.config_path())), ("book", str(session(ctx).path))]
    columns: tuple[Column[tuple[str, str]], ...] = (
        Column("what", lambda row: row[0]),
        Column("path", lambda row: row[1], grow=1),
    )
    output.emit(ctx, rows, columns, chosen=chosen, card=lambda row: {row[0]: row[1]}, ref=lambda row: row[1])
