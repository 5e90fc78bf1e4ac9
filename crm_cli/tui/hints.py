"""The dashboard's wording of the hints that errors carry: keys and screens, never a shell command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli import errors

if TYPE_CHECKING:
    from crm_cli.errors import CrmError, Hint

WORDS = {
    "add-heading": "give it a first line that names its columns",
    "add-participant": "add a person, or remove the activity",
    "add-stage": "add another stage first",
    "bug": "this is a bug; please report it",
    "check": "the book needs a check",
    "damaged": "the book needs a check, or a backup restored",
    "end-of-deal": "w wins a deal, x loses it",
    "example-choices": "give the values to choose from",
    "example-company": "give the company's name",
    "example-deal": "give the deal a title",
    "example-person": "give a name, an email or a phone number",
    "example-todo": "as in: send the quote",
    "first-stage": "the pipeline needs a stage",
    "list-changes": "",
    "list-deals": "",
    "list-fields": "",
    "list-segments": "",
    "list-stages": "",
    "map-columns": "",
    "move-deals": "move its deals to another stage first",
    "name-columns": "give it a first line that names its columns",
    "name-columns-anyway": "export the contacts instead",
    "needs-due": "give a due date",
    "no-value": "type its value",
    "new-rule": "give a new rule",
    "one-or-all": "S skips this one, x asks",
    "other-book": "",
    "own-fields": "",
    "plan-instead": "plan it as a task",
    "reopen": "O reopens the deal",
    "repair": "the book needs a repair",
    "restore": "restore a backup",
    "salvage": "what is whole can be exported",
    "install-cron": "cron is not installed",
    "set-cadence": "",
    "see-damage": "the book needs a check",
    "set-currency": "write 500 EUR, or set your currency",
    "set-mail": "the settings need a mail server",
    "set-mail-to": "the settings need an address",
    "set-notify-command": "the settings need a command",
    "set-password": "the settings need a command that prints the password",
    "upgrade": "it needs a newer version of this program",
    "undo-later": "undo the later changes first",
    "write-like": "",
}


def worded(hint: str | Hint) -> str:
    """Return a hint in words, or ``""`` if nothing can be done about it here."""
    return errors.worded(hint, WORDS)


def text(error: CrmError) -> str:
    """Return an error with its hint, in one line."""
    return errors.explained(error, WORDS)
