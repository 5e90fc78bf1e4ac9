"""The wording at a prompt of the hints that errors carry; the dashboard has its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli import errors

if TYPE_CHECKING:
    from crm_cli.errors import CrmError, Hint

WORDS = {
    "add-heading": "name its columns: --header {none} --map 1=name --map 2=email",
    "add-participant": "add with+=REF, or remove it: crm rm",
    "add-stage": "add another first: crm stage add NAME",
    "bug": "this is a bug; --debug shows where",
    "check": "run: crm check",
    "damaged": "look with crm check, restore a backup with crm restore",
    "end-of-deal": "crm deal {verb}",
    "example-choices": "as in: crm field add size --type choice --choices s,m,l",
    "example-company": "as in: crm company add Acme Ltd city=Pune",
    "example-deal": 'as in: crm deal add "Tea tins" --with priya amount="50k INR"',
    "example-person": "as in: crm add Asha Verma email=asha@acme.in company=Acme +client",
    "example-todo": 'as in: crm todo "send the quote" --due fri',
    "first-stage": "make one with: crm stage add NAME",
    "list-changes": "list them with: crm changes",
    "list-deals": "list them with: crm deal list",
    "list-fields": "list them with: crm field list",
    "list-segments": "list them with: crm segment list",
    "list-stages": "crm stage list shows them, archived ones too",
    "map-columns": "--map 1=name --map 2=email",
    "move-deals": 'move them first, as in: crm deal list stage:="{stage}" --format ids | crm deal move - STAGE',
    "name-columns": "name the columns with --map",
    "name-columns-anyway": "map the columns with --map to import its rows as people all the same",
    "needs-due": "give --due WHEN, or due=WHEN",
    "no-value": (
        "the shell takes > and < for files; put the query in quotes, or write {field}.over: or {field}.before:"
    ),
    "new-rule": 'give one, as in: crm edit a31 every="every friday"',
    "one-or-all": "this one only: crm skip {activity}; the whole series: crm cancel --all {activity}",
    "other-book": "choose another with --book PATH",
    "own-fields": "your own are at the end of: crm field list",
    "plan-instead": "plan it with: crm todo TEXT --due WHEN",
    "reopen": "first: crm deal reopen {deal}",
    "repair": "remove it with: crm check --repair",
    "restore": "restore a backup with: crm restore",
    "salvage": "take the records out with: crm export --salvage -o FILE.json",
    "install-cron": "install cron, or give --systemd",
    "set-cadence": "set one with: crm cadence set REF 6w",
    "see-damage": "see all of it with: crm check",
    "set-currency": "write 500 EUR, or set yours: crm config set currency EUR",
    "set-mail": "crm config set smtp_host HOST, or sendmail COMMAND",
    "set-mail-to": "crm config set mail_to ADDRESS",
    "set-notify-command": "crm config set notify_command COMMAND",
    "set-password": "crm config set smtp_password_command COMMAND",
    "upgrade": "upgrade with: pip install -U easy-crm",
    "undo-later": "undo those first, newest first: crm undo {change}",
    "write-like": "write it like {example}",
}


def worded(hint: str | Hint) -> str:
    """Return a hint in words."""
    return errors.worded(hint, WORDS)


def text(error: CrmError) -> str:
    """Return an error with its hint, in one line."""
    return errors.explained(error, WORDS)
