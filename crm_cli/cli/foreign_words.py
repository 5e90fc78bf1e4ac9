"""Commands of other programs, and ours for the same task: HubSpot, Pipedrive, ACT!, taskwarrior, khard, Monica.

Such a word is only answered, never run. The first word of an answer is a command, so that the same word after a noun
(``crm company delete``) is answered with the noun's own subcommand.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crm_cli.commands import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_COMMANDS: dict[str, str] = {
    "search query grep lookup filter": "find WORDS",
    "ls dir all browse contact contacts people person persons client clients customer customers": "list",
    "addressbook abook": "list",
    "addressbooks abooks": "config path",
    "count": "list --count",
    "new create insert append": "add NAME",
    "view open info information details card cat print display get postaddress address": "show REF",
    "add-email add-email-quiet add-email-to add-from-mail": "add NAME email=ADDRESS",
    "update modify change set rename alter": "edit REF FIELD=VALUE",
    "delete del remove destroy trash unlink": "rm REF",
    "purge forget anonymize anonymise gdpr": "erase REF",
    "duplicates duplicate dedupe dedup deduplicate": "dupes",
    "combine join": "merge REF REF",
    "split separate": "unmerge REF",
    "sar dsar subject-access": "disclose REF",
    "complete finish close clear do tick check-off": "done ID",
    "postpone reschedule shift": "move ID WHEN",
    "skip-one next-one advance": "skip ID",
    "repeat recur recurring recurrence every": "todo TEXT --every RULE",
    "defer delay sleep hide wait": "snooze ID WHEN",
    "waiting": "agenda promise:await",
    "drop abandon": "cancel ID",
    "tasks task todos due next inbox ready overdue upcoming activities followups follow-ups": "today",
    "plan calendar week month": "agenda --days 30",
    "reminder alarm": "todo TEXT --with REF --due WHEN --remind WHEN",
    "reminders alarms notify notifications": "remind --list",
    "cron crontab timer timers": "schedule remind",
    "followup follow-up promise": "todo TEXT --with REF --due WHEN",
    "appt appointment appointments event meeting meet": "todo TEXT --kind meeting --with REF --due WHEN",
    "call dial": "called REF -m TEXT",
    "send mail write": "wrote REF -m TEXT",
    "text sms whatsapp message msg": "log message REF -m TEXT",
    "record record-history": "log KIND REF -m TEXT",
    "memo comment journal": "note REF -m TEXT",
    "annotate": "edit ID text=TEXT",
    "notes timeline activity log-history interactions": "history REF",
    "pipeline funnel kanban board opportunities opportunity opp sales report reports forecast": "deal board",
    "deals projects project": "deal list",
    "win won": "deal win ID",
    "lose lost": "deal lose ID",
    "reopen": "deal reopen ID",
    "companies account accounts organization organizations organisation organisations org orgs": "company list",
    "leads lead prospects prospect": "list status:lead",
    "birthdays birthday": "list birthday:this-month",
    "group groups label labels category categories tags": "tag",
    "untag ungroup": "tag REF -TAG",
    "context": "segment save NAME QUERY",
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
    "deal": {"done": "win DEAL", "stage": "move DEAL STAGE"},
}
"""Nouns with differently named subcommands: the first word of an answer -> the subcommand."""

_RECORDS = ("company", "deal")
"""Nouns whose records are also accepted by commands without a noun."""

_MORE = {
    "schedule": "todo TEXT --with REF --due WHEN", "plan": "todo TEXT --with REF --due WHEN",
    "calendar": "todo TEXT --with REF --due WHEN", "contact": "show REF", "contacts": "show REF", "person": "show REF",
    "people": "find WORDS", "client": "show REF", "customer": "show REF", "companies": "company show REF",
    "account": "company show REF", "org": "company show REF", "deals": "deal show REF", "opportunity": "deal show REF",
    "task": "todo TEXT --due WHEN", "todos": "todo TEXT --due WHEN", "reminder": "todo TEXT --due WHEN --remind WHEN",
    "group": "tag REF +TAG", "label": "tag REF +TAG", "category": "tag REF +TAG", "birthday": "show REF",
}  # fmt: skip
"""The meaning of a word that is followed by others, if it differs."""

_NOUNS: dict[str, str] = {
    "contact contacts person people persons client clients customer customers lead leads prospect prospects": "",
    "account accounts organization organizations organisation organisations org orgs companies": "company",
    "deals opportunity opportunities opp": "deal",
    "fields": "field", "segments views": "segment", "stages": "stage", "settings": "config",
    "task tasks todos activity activities followup followups reminder reminders": "todo",
}  # fmt: skip
"""Other programs' words for a kind of record -> the noun of our commands; "" for people, todo for what is planned."""

_OWN = {
    "add": "add NAME", "show": "show REF", "edit": "edit REF FIELD=VALUE", "rm": "rm REF", "find": "find WORDS",
    "tag": "tag REF +TAG", "import": "import FILE", "note": "note REF -m TEXT", "job": "job REF COMPANY",
    "move": "move ID WHEN", "done": "done ID", "snooze": "snooze ID WHEN", "cancel": "cancel ID",
    "called": "called REF -m TEXT", "met": "met REF -m TEXT", "wrote": "wrote REF -m TEXT",
}  # fmt: skip
"""Our own commands, as an answer shows them; the others are shown by name only."""

_TASKS = {
    "add new create insert log": "todo TEXT --due WHEN",
    "list ls all next": "today",
    "show info view": "show a31",
    "done complete finish close end clear do": "done a31",
    "edit modify mod update change": "edit a31 FIELD=VALUE",
    "annotate append comment note": "edit a31 text=TEXT",
    "rm delete del remove": "rm a31",
    "move postpone reschedule": "move a31 WHEN",
    "snooze wait defer": "snooze a31 WHEN",
    "cancel": "cancel a31",
}
"""What a verb means for an activity, here a31."""

_ID = re.compile(r"[acd]?\d{1,7}", re.IGNORECASE)

_OPTIONS: dict[str, tuple[str, ...]] = {
    "date at on deadline until by": ("--due", "--when"),
    "text body description comment note notes content": ("--message",),
    "person contact who people attendee": ("--with",),
    "force no-confirm assume-yes": ("--yes",),
    "file out-file to": ("--output",),
    "out-format fmt type": ("--format",),
    "fields cols show": ("--columns",),
    "order order-by sort-by": ("--sort",),
    "max top first head all": ("--limit",),
    "a b addressbook datafile database db": ("--book",),
    "parsable p remove-first-line": ("--no-header", "--format"),
    "preview simulate pretend what-if": ("--dry-run",),
    "result status disposition o": ("--outcome",),
    "duration length": ("--minutes",),
    "recurring repeat recur": ("--every",),
    "reminder alarm": ("--remind",),
    "opportunity": ("--deal",),
    "d": ("--days",),
}
"""Options of other programs -> ours; the answer is the one that the command has."""


WITHOUT_WORDS = {"remind": "crm todo TEXT --with REF --due WHEN --remind WHEN"}
"""Commands of ours that take no words, where another program takes some -> what to use then."""


def command_for(word: str, noun: str = "", parts: Collection[str] = (), further: Sequence[str] = ()) -> str:
    """Return our command line for a ``word`` of another program, or ``""``; after a noun, its subcommand.

    ``further`` are the words after it: ``crm 12 done``, ``crm contacts add``.
    """
    if _ID.fullmatch(word):
        return _of_record(word.lower(), noun, parts, further)
    return _of_part(word, noun, parts, further) if noun else _of_line(word.lower(), further)


def _of_line(word: str, further: Sequence[str]) -> str:
    """Answer a line that begins with none of our nouns: what its first two words mean together, or the first alone."""
    if len(further) > 1 and _spread(_NOUNS).get(word) == "todo" and _ID.fullmatch(further[0]):
        return _of_record(further[0].lower(), "", (), further[1:])
    answer = _of_noun(word, further[0].lower()) if further else ""
    return _command(answer or words().get(word, ""))


def _of_part(word: str, noun: str, parts: Collection[str], further: Sequence[str]) -> str:
    """Answer a word after one of our nouns: the noun's own part, or the flat command that takes such records.

    With more words behind it, the noun may be a verb of another program: ``schedule call asha``.
    """
    answer = words().get(word.lower(), "")
    first, _, rest = (answer or word).partition(" ")
    own = _PARTS.get(noun, {}).get(first, "")
    if own:
        return f"crm {noun} {own}"
    if answer and first in parts:
        return f"crm {noun} {first} {rest}".rstrip()
    if noun in _RECORDS:
        return _command(answer)
    return _command(_MORE.get(noun, "")) if further else ""


def _command(answer: str) -> str:
    return f"crm {answer}" if answer else ""


def _of_record(ref: str, noun: str, parts: Collection[str], further: Sequence[str]) -> str:
    """Answer a line that begins with an id, as in taskwarrior; a bare number is an activity there."""
    verb = further[0].lower() if further else "show"
    if noun:
        found = command_for(verb, noun, parts) or (f"crm {noun} {verb} REF" if verb in parts else "")
        return re.sub(r"\b(REF|ID|DEAL|STAGE)\b", ref, found, count=1)
    task = _of_task(ref, verb) if further and ref[0] not in "cd" else ""
    answer = _OWN.get(verb, "") or words().get(verb, "")
    return task or _command(re.sub(r"\b(REF|ID)\b", ref, answer, count=1))


def _of_task(ref: str, verb: str) -> str:
    """Answer a verb for something planned; a bare number is the id of an activity."""
    task = ref if ref[0] == "a" else f"a{ref}"
    return _command(_spread(_TASKS).get(verb, "").replace("a31", task))


def _of_noun(word: str, verb: str) -> str:
    """Answer another program's noun that is followed by a word: with our subcommand, or the meaning of the line."""
    noun = _spread(_NOUNS).get(word)
    answer = "" if noun is None else _of_our_noun(noun, verb)
    return answer or _MORE.get(word, "")


def _of_our_noun(noun: str, verb: str) -> str:
    """Answer a verb for one of our nouns; ``""`` is a noun whose commands are flat with us, as those of people."""
    if noun == "todo":
        return _spread(_TASKS).get(verb, "")
    if not noun:
        return _OWN.get(verb, "") or (verb if verb in BY_NAME else words().get(verb, ""))
    parts = BY_NAME[noun].parts
    return f"{noun} {verb}" if verb in parts else command_for(verb, noun, parts).removeprefix("crm ")


def words() -> dict[str, str]:
    """Return every word, with its answer."""
    return _spread(_COMMANDS)


def _spread(table: dict[str, str]) -> dict[str, str]:
    """Return a table with several words per key as one with a key for each word."""
    return {word: answer for several, answer in table.items() for word in several.split()}


def option_for(option: str, known: Collection[str]) -> str:
    """Return the option of a command for an ``option`` of another program, or ``""``."""
    name = option.lstrip("-").lower()
    for names, ours in _OPTIONS.items():
        if name in names.split():
            return next((one for one in ours if one in known), "")
    return ""
