"""The daily digest for mail and cron: plain text of 78 columns, Markdown, or HTML; each line has the command to act."""

from __future__ import annotations

import re
from datetime import date
from html import escape
from textwrap import wrap
from typing import TYPE_CHECKING

from crm_cli.core.sections import TITLES
from crm_cli.core.text.width import display_width, fit
from crm_cli.render.agenda import Entry, entries, failed_entry, unlisted
from crm_cli.render.clean import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crm_cli.queries.agenda import Agenda, Day
    from crm_cli.queries.outbox import Delivery

WIDTH = 78
NAME = 24
"""The cells for the name before a number to call."""
FORMATS = ("text", "markdown", "html", "json")
_SHOWN = "crm show"
_VERBS = {
    "deals": _SHOWN, "birthdays": _SHOWN, "anniversaries": _SHOWN, "reach": "crm called", "failed": _SHOWN,
}  # fmt: skip
"""section -> the command that acts on one of its lines; ``crm done`` on the activities of the others."""
_TRIAL = "crm remind --test"
"""The command about a message without a record: it tries its route."""
_NAME_FIRST = ("birthdays", "anniversaries", "reach")
_COUNTED = {
    "overdue": ("overdue", "overdue"),
    "due": ("due today", "due today"),
    "reminders": ("reminder", "reminders"),
    "deals": ("deal to close", "deals to close"),
    "reach": ("to reach", "to reach"),
    "birthdays": ("birthday", "birthdays"),
    "anniversaries": ("anniversary", "anniversaries"),
    "failed": ("not delivered", "not delivered"),
}
"""section -> how the headline counts what is for today, one and several."""


def is_silent(agenda: Agenda) -> bool:
    """Is nothing for today? What comes later does not count, and neither do promises without a near date."""
    return not any(agenda.pressing.values())


def headline(agenda: Agenda, day: Day) -> str:
    """Return the first line: the day, and the number of entries."""
    counts = ((agenda.pressing.get(name, 0), words) for name, words in _COUNTED.items())
    counted = ", ".join(f"{number} {one if number == 1 else several}" for number, (one, several) in counts if number)
    return f"{date.fromisoformat(day.today):%a %d %b %Y}: {counted or 'nothing due'}"


def text(agenda: Agenda, day: Day) -> Iterator[str]:
    """Yield the digest as plain text."""
    yield from wrap(headline(agenda, day), WIDTH, subsequent_indent="  ")
    listed = entries(agenda, day)
    signs = max((display_width(entry.mark) for entry in listed), default=0) or 1
    for section in _sections(listed):
        yield ""
        yield TITLES[section]
        first, second = _widths([one for one in listed if _is_long(one.section) == _is_long(section)])
        for entry in listed:
            if entry.section == section:
                command, when = f"{_command(entry):<{first}}", fit(clean(entry.when), second)
                line = f"{command}  {fit(entry.mark, signs)} {when}  {_words(_narrow(entry))}"
                yield "  " + fit(line, WIDTH - 2).rstrip()
        yield from _rest(agenda, section)


def _is_long(section: str) -> bool:
    """Has the section commands so long that its columns are not those of the others?"""
    return section == "failed"


def _widths(listed: list[Entry]) -> tuple[int, int]:
    """Return the widths of the columns of commands and times."""
    return max(len(_command(one)) for one in listed), max(display_width(clean(one.when)) for one in listed)


def failed_lines(failed: Sequence[Delivery], day: Day) -> Iterator[str]:
    """Yield a line for each message that could not be delivered, with a command, and why it failed."""
    for one in failed:
        entry = failed_entry(one, day)
        yield fit(f"{_command(entry)}  {entry.when}  {_words(entry)}", WIDTH - 2).rstrip()


def _command(entry: Entry) -> str:
    """Return the command that acts on an entry."""
    if not entry.ref:
        return f"{_TRIAL} {entry.kind}"
    if entry.section == "reach" and entry.warning:
        return f"{_SHOWN} {entry.ref}"
    return f"{_VERBS.get(entry.section, 'crm done')} {entry.ref}"


def _sections(listed: list[Entry]) -> list[str]:
    return list(dict.fromkeys(entry.section for entry in listed))


def _words(entry: Entry) -> str:
    """Return the subject and the people; of a birthday or a person to reach, the name comes first."""
    parts = (
        (entry.marked_who, entry.about)
        if entry.section in _NAME_FIRST
        else (entry.about or entry.kind, entry.marked_who)
    )
    return clean(" · ".join(part for part in parts if part))


def _narrow(entry: Entry) -> Entry:
    """Shorten the name of a person to reach, so that the number to call is never cut off."""
    return entry._replace(who=fit(entry.who, NAME).rstrip()) if entry.section == "reach" else entry


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
                mark = f"**{entry.mark}** " if entry.mark else ""
                when = f" ({entry.when})" if entry.when else ""
                yield f"- {box}{mark}{_escaped(_words(entry))}{when}: `{_command(entry)}`"
        yield from _rest(agenda, section)


_PAGE = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
    "<title>{title}</title></head>"
    '<body><div style="max-width:600px;font-family:sans-serif;font-size:15px;line-height:1.4">'
    '<h1 style="font-size:18px">{title}</h1>'
)
_ROW = (
    '<tr><td style="padding:3px 12px 3px 0;white-space:nowrap;vertical-align:top">{when}</td>'
    '<td style="padding:3px 12px 3px 0">{mark}{words}<br><code>{command}</code></td></tr>'
)


def html(agenda: Agenda, day: Day) -> Iterator[str]:
    """Yield the digest as an HTML page without images, links or scripts; text from the book is escaped."""
    yield _PAGE.format(title=escape(headline(agenda, day)))
    listed = entries(agenda, day)
    for section in _sections(listed):
        yield f'<h2 style="font-size:16px">{TITLES[section]}</h2><table style="border-collapse:collapse">'
        for entry in listed:
            if entry.section == section:
                mark = f"<b>{entry.mark}</b> " if entry.mark else ""
                words, when = escape(_words(entry)), escape(clean(entry.when))
                yield _ROW.format(when=when, mark=mark, words=words, command=escape(_command(entry)))
        yield "</table>"
        yield from (f"<p>{line.strip()}</p>" for line in _rest(agenda, section))
    yield "</div></body></html>"


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]()#+!|<>~&-])", r"\\\1", text)
