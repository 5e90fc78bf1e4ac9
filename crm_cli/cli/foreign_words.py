"""What users of other programs type, and what it is here: HubSpot, Pipedrive, ACT!, taskwarrior, khard, Monica.

Such a word only gets an answer; it never runs anything. The first word of an answer is a command, so that the same
word after a noun (``crm company delete``) is answered with that noun's own part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_COMMANDS: dict[str, str] = {
    "search query grep lookup filter": "find WORDS",
    "ls dir all browse contact contacts person people persons client clients customers addressbook abook": "list",
    "new create insert append": "add NAME",
    "view open info information details card cat print display get": "show REF",
    "update modify change set rename alter": "edit REF FIELD=VALUE",
    "delete del remove destroy trash erase purge unlink": "rm REF",
    "complete finish close do tick check-off": "done ID",
    "postpone reschedule shift": "move ID WHEN",
    "defer delay sleep hide wait waiting": "snooze ID WHEN",
    "drop abandon": "cancel ID",
    "tasks task todos due next inbox ready overdue upcoming activities followups follow-ups": "today",
    "plan calendar schedule week month": "agenda --days 30",
    "remind reminder reminders alarm": "todo TEXT --with REF --due WHEN --remind WHEN",
    "followup follow-up promise": "todo TEXT --with REF --due WHEN",
    "appt appointment appointments event meeting meet": "todo TEXT --kind meeting --with REF --due WHEN",
    "call dial": "called REF -m TEXT",
    "send mail": "wrote REF -m TEXT",
    "notes memo comment annotate journal": "note REF -m TEXT",
    "timeline activity log-history interactions": "history REF",
    "pipeline funnel kanban board opportunities opportunity opp sales": "deal board",
    "deals": "deal list",
    "win won": "deal win ID",
    "lose lost": "deal lose ID",
    "reopen": "deal reopen ID",
    "companies account accounts organization organizations organisation organisations org orgs": "company list",
    "leads lead prospects prospect": "list status:lead",
    "birthdays birthday": "list birthday:this-month",
    "group groups label labels category categories tags": "tag",
    "fields custom custom-fields properties property attribute": "field list",
    "segments views saved smart-list lists": "segment list",
    "stages phase phases pipelines": "stage list",
    "employer works-at": "job REF COMPANY",
    "load convert vcard csv ingest": "import FILE",
    "dump save download": "export",
    "revert rollback": "undo",
    "settings preferences prefs options": "config list",
    "setup configure": "init",
    "gui ui dashboard curses": "tui",
    "log-call": "called REF -m TEXT",
    "doctor verify fsck": "check",
    "audit versions": "changes",
    "man manual usage topics": "help",
    "version": "--version",
    "mutt-query": "email WORDS",
}

_PARTS: dict[str, dict[str, str]] = {
    "stage": {"rm": "archive STAGE", "edit": "rename STAGE NAME"},
    "config": {"show": "get SETTING", "edit": "set SETTING VALUE", "rm": "unset SETTING", "add": "set SETTING VALUE"},
}
"""Nouns whose parts have names of their own: what an answer begins with -> the part."""

_RECORDS = ("company", "deal")
"""Nouns whose records the flat commands take, too."""

_OPTIONS: dict[str, tuple[str, ...]] = {
    "date at on deadline until by": ("--due", "--when"),
    "text body description comment note notes content": ("--message",),
    "person contact who people attendee": ("--with",),
    "force no-confirm assume-yes": ("--yes",),
    "file out-file to": ("--output",),
    "out-format fmt type": ("--format",),
    "fields cols show": ("--columns",),
    "order order-by sort-by": ("--sort",),
    "max top first head": ("--limit",),
    "preview simulate pretend what-if": ("--dry-run",),
    "result status disposition o": ("--outcome",),
    "duration length": ("--minutes",),
    "recurring repeat recur": ("--every",),
    "reminder alarm": ("--remind",),
    "opportunity": ("--deal",),
    "d": ("--days",),
}
"""Options of other programs -> ours, of which the command's own is named."""


def command_for(word: str, noun: str = "", parts: Collection[str] = ()) -> str:
    """Return the command line that does what ``word`` means elsewhere, or ``""``; after a noun, that of its part."""
    answer = words().get(word.lower(), "")
    if not noun:
        return f"crm {answer}" if answer else ""
    first, _, rest = (answer or word).partition(" ")
    own = _PARTS.get(noun, {}).get(first, "")
    if own:
        return f"crm {noun} {own}"
    if answer and first in parts:
        return f"crm {noun} {first} {rest}".rstrip()
    return f"crm {answer}" if answer and noun in _RECORDS else ""


def words() -> dict[str, str]:
    """Return every word, with its answer."""
    return {word: answer for several, answer in _COMMANDS.items() for word in several.split()}


def option_for(option: str, known: Collection[str]) -> str:
    """Return the option of a command that means what ``option`` means elsewhere, or ``""``."""
    name = option.lstrip("-").lower()
    for names, ours in _OPTIONS.items():
        if name in names.split():
            return next((one for one in ours if one in known), "")
    return ""
