"""Words with a meaning in other programs that crm would take for search words or text.

Such a line is refused with what to write instead; it never runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

_RECORDS: dict[str, str] = {
    "contacts people persons everybody everyone all": "crm list",
    "companies accounts organizations organisations": "crm company list",
    "deals opportunities pipeline": "crm deal list",
    "tasks todos activities due today": "crm today",
    "overdue": "crm agenda --only overdue",
    "tags groups": "crm tag",
    "fields": "crm field list",
    "segments": "crm segment list",
    "stages": "crm stage list",
    "notes calls meetings emails": "crm history",
    "birthdays": "crm list birthday:this-month",
    "leads prospects": "crm list status:lead",
    "count": "crm list --count",
}
_PLANS: dict[str, str] = {
    "all everything": "crm agenda",
    "overdue late": "crm agenda --only overdue",
    "today": "crm today",
    "tomorrow": "crm agenda due:tomorrow",
    "week this-week": "crm agenda due:this-week",
    "next-week": "crm agenda due:next-week",
    "month this-month": "crm agenda due:this-month",
    "next-month": "crm agenda due:next-month",
    "monday tuesday wednesday thursday friday saturday sunday": "crm agenda due.within:7d",
}
_DONE: dict[str, str] = {
    "all everything": "crm history --limit 0",
    "today yesterday": "crm history when:{}",
    "week this-week": "crm history when:this-week",
    "last-week": "crm history when:last-week",
    "month this-month": "crm history when:this-month",
    "last-month": "crm history when:last-month",
}
_DEALS: dict[str, str] = {
    "all everything": "crm deal list --all",
    "won lost open": "crm deal list status:{}",
    "closed": "crm deal list --all, or status:won, status:lost",
}
_EXPORTS: dict[str, str] = {
    "contacts people persons everybody everyone all everything": "crm export --format csv",
    "csv vcf json": "crm export --format {}",
    "vcard vcards": "crm export --format vcf",
    "companies accounts": "crm company list --format csv",
    "deals opportunities": "crm deal list --format csv",
    "tasks activities": "crm agenda --format csv",
    "history": "crm history --format csv --limit 0",
}
_COMPANIES: dict[str, str] = {"all everything": "crm company list"}

LONE: dict[str, dict[str, str]] = {
    "list": _RECORDS, "agenda": _PLANS, "history": _DONE, "deal list": _DEALS, "deal board": _DEALS,
    "export": _EXPORTS, "company list": _COMPANIES,
}  # fmt: skip
"""command -> what a query of only these words is likely to mean; crm would search for them in names and texts."""

FILES = (".csv", ".vcf", ".json")

KINDS = {
    "company": "crm company add", "organization": "crm company add", "account": "crm company add",
    "deal": "crm deal add", "opportunity": "crm deal add", "task": "crm todo", "todo": "crm todo",
    "reminder": "crm todo", "meeting": "crm todo --kind meeting", "appointment": "crm todo --kind meeting",
    "event": "crm todo --kind meeting", "note": "crm note", "contact": "crm add",
    "person": "crm add", "lead": "crm add", "client": "crm add", "customer": "crm add", "tag": "crm tag",
    "field": "crm field add", "stage": "crm stage add", "segment": "crm segment save",
}  # fmt: skip
"""First words of ``add`` that name a kind of record -> the command that adds one."""

POINTS = ("email", "phone", "mobile", "address", "birthday", "city", "website", "url")
"""First words of ``add`` that name a field."""

DEEDS = (
    "call", "mail", "send", "write", "remind", "buy", "prepare", "check", "follow", "schedule", "discuss", "review",
    "finish", "order", "invite", "reply",
)  # fmt: skip
"""First words of a task that are unlikely in a name."""

_ATTRIBUTES: dict[str, str] = {
    "due until scheduled date deadline": "--due {}",
    "wait": "--due {}, then crm snooze",
    "remind reminder alarm": "--remind {}",
    "priority pri prio": "--priority high",
    "with contact person who": "--with {}",
    "project proj deal": "--deal DEAL",
    "type kind": "--kind {}",
}
"""Attributes of a task in taskwarrior and others -> our options; {} is the value."""


def check(command: str, words: Sequence[str]) -> None:
    """Raise UsageError if all the words of a query have a meaning in other programs."""
    text = "-".join(words).lower()
    if command == "export" and len(words) == 1 and text.endswith(FILES):
        raise UsageError(f"{words[0]} is a search in names and texts here", hint=f"use: -o {words[0]}")
    meant = _meaning(LONE.get(command, {}), text)
    if meant:
        whole = " ".join(words)
        escape = f'text:"{whole}"' if " " in whole else f"text:{whole}"
        raise UsageError(f'"{whole}" is a search in names and texts here', hint=f"use: {meant}; or {escape}")


def check_name(words: Sequence[str]) -> None:
    """Refuse what is not a person's name: ``crm add company Acme``, ``crm add Call Bob due:friday``."""
    first = words[0].lower() if len(words) > 1 else ""
    rest = " ".join(words[1:])
    if first in KINDS:
        raise UsageError(f"crm add adds a person; write: {KINDS[first]} {rest}", hint="in quotes it is a name")
    if first in POINTS:
        value = f"{first}={words[1]}"
        raise UsageError(f"crm add adds a person; write: crm add NAME {value}", hint="in quotes it is a name")
    if first in DEEDS:
        raise UsageError(f'crm add adds a person; write: crm todo "{" ".join(words)}"', hint="in quotes it is a name")
    for word in words:
        if _attribute(word):
            raise UsageError(f'"{word}" is not part of a name', hint=f"use: crm todo TEXT {_attribute(word)}")
        check_assignment(word)


def check_refs(command: str, words: Sequence[str]) -> None:
    """Refuse a noun before the REFs, as in ``crm rm contact 12``: each word is a REF of its own."""
    if len(words) > 1 and words[0].lower() in KINDS:
        raise UsageError(
            f"each word is a REF, and {words[0]} is not one", hint=f"use: crm {command} {' '.join(words[1:])}"
        )


def check_assignment(word: str) -> None:
    """Refuse ``city:Pune`` for an assignment."""
    from crm_cli.core.fields import CONTACT_FIELDS

    name, colon, value = word.partition(":")
    if colon and value and any(name.lower() in (field.name, *field.aliases) for field in CONTACT_FIELDS):
        raise UsageError(f'"{word}" is a term of a query, not an assignment', hint=f"write {name}={value}")


def check_plan(words: Sequence[str]) -> None:
    """Refuse what other programs read as an attribute of a task and crm would keep as its text."""
    for word in words:
        if meant := _attribute(word):
            raise UsageError(f'"{word}" is not part of the text', hint=f"use: {meant}")
        if len(words) > 1 and word[:1] == "+" and word[1:2].isalpha():
            raise UsageError(f'"{word}" is not part of the text: people have tags', hint="crm tag REF +TAG")


def begins_like_a_task(name: str) -> bool:
    """Does a name begin like a task (``Send the quote``)?"""
    first, blank, _ = name.lower().partition(" ")
    return bool(blank) and first in DEEDS


def _attribute(word: str) -> str:
    """Return our option for ``due:friday``, ``""`` for a word that is not such an attribute."""
    name, colon, value = word.partition(":")
    if not colon or not value or " " in word:
        return ""
    return next((ours for names, ours in _ATTRIBUTES.items() if name.lower() in names.split()), "").replace("{}", value)


def _meaning(table: dict[str, str], word: str) -> str:
    """Look a word up in a table whose keys hold several words; {} in an answer is the word."""
    return next((answer for several, answer in table.items() if word in several.split()), "").replace("{}", word)
