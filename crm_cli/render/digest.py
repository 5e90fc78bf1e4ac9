"""The daily digest for mail and cron: plain text of 78 columns, or Markdown; each line has the command to act on it."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from crm_cli.core.text.folding import display_width, fit
from crm_cli.render.agenda import TITLES, Entry, entries, unlisted
from crm_cli.render.clean import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_cli.queries.agenda import Agenda, Day

WIDTH = 78
FORMATS = ("text", "markdown", "json")
_VERBS = {"birthdays": "crm show", "deals": "crm show"}


def is_silent(agenda: Agenda) -> bool:
    """Is nothing overdue or due, no deal expected to close by today, and no birthday today?

    Later entries do not count.
    """
    due = any(agenda.sections.get(name) for name in ("overdue", "due"))
    return not due and not agenda.born and not agenda.closing


def headline(agenda: Agenda, day: Day) -> str:
    """Return the first line: the day, and the number of entries."""
    counts = (
        (agenda.totals.get("overdue", 0), "overdue"),
        (agenda.totals.get("due", 0), "due today"),
        (agenda.closing, "deal to close" if agenda.closing == 1 else "deals to close"),
        (agenda.born, "birthday" if agenda.born == 1 else "birthdays"),
    )
    counted = ", ".join(f"{number} {word}" for number, word in counts if number)
    return f"{date.fromisoformat(day.today):%a %d %b %Y}: {counted}"


def text(agenda: Agenda, day: Day) -> Iterator[str]:
    """Yield the digest as plain text."""
    yield headline(agenda, day)
    listed = entries(agenda, day)
    commands = {entry: f"{_VERBS.get(entry.section, 'crm done')} {entry.ref}" for entry in listed}
    first = max(len(command) for command in commands.values())
    second = max(display_width(entry.when) for entry in listed)
    for section in _sections(listed):
        yield ""
        yield TITLES[section]
        for entry in listed:
            if entry.section == section:
                line = f"{commands[entry]:<{first}}  {entry.mark or ' '} {fit(entry.when, second)}  {_words(entry)}"
                yield "  " + fit(line, WIDTH - 2).rstrip()
        yield from _rest(agenda, section)


def _sections(listed: list[Entry]) -> list[str]:
    return list(dict.fromkeys(entry.section for entry in listed))


def _words(entry: Entry) -> str:
    """Return the subject and the people; for a birthday, the name comes first."""
    parts = (entry.who, entry.what) if entry.section == "birthdays" else (entry.what or entry.kind, entry.who)
    return clean(" · ".join(part for part in parts if part))


def _rest(agenda: Agenda, section: str) -> Iterator[str]:
    if more := unlisted(agenda, section):
        yield f"  and {more} more: crm agenda --only {section}"


def markdown(agenda: Agenda, day: Day) -> Iterator[str]:
    """Yield the digest as Markdown, tasks as a check list; text from the book is escaped."""
    yield f"# {headline(agenda, day)}"
    listed = entries(agenda, day)
    for section in _sections(listed):
        yield ""
        yield f"## {TITLES[section]}"
        yield ""
        for entry in listed:
            if entry.section == section:
                box = "" if section in _VERBS else "[ ] "
                mark = "**!** " if entry.mark else ""
                when = f" ({entry.when})" if entry.when else ""
                verb = _VERBS.get(section, "crm done")
                yield f"- {box}{mark}{_escaped(_words(entry))}{when}: `{verb} {entry.ref}`"
        yield from _rest(agenda, section)


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]()#+!|<>~&-])", r"\\\1", text)
