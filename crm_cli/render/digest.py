"""The daily digest for mail and cron: plain text of 78 columns, Markdown, or HTML; each line has the command to act."""

from __future__ import annotations

import re
from datetime import date
from html import escape
from typing import TYPE_CHECKING

from crm_cli.core.text.folding import display_width, fit
from crm_cli.render.agenda import TITLES, Entry, entries, unlisted
from crm_cli.render.clean import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crm_cli.queries.agenda import Agenda, Day
    from crm_cli.queries.outbox import Delivery

WIDTH = 78
FORMATS = ("text", "markdown", "html", "json")
FAILED = "Not delivered"
_VERBS = {"birthdays": "crm show", "deals": "crm show", "reach": "crm called"}
_NAME_FIRST = ("birthdays", "reach")


def is_silent(agenda: Agenda) -> bool:
    """Is nothing overdue or due, no reminder, no deal expected to close by today, and no birthday today?

    Later entries do not count.
    """
    due = any(agenda.sections.get(name) for name in ("overdue", "due", "reminders"))
    return not (due or agenda.born or agenda.closing or agenda.reach)


def headline(agenda: Agenda, day: Day) -> str:
    """Return the first line: the day, and the number of entries."""
    reminded = agenda.totals.get("reminders", 0)
    counts = (
        (agenda.totals.get("overdue", 0), "overdue"),
        (agenda.totals.get("due", 0), "due today"),
        (reminded, "reminder" if reminded == 1 else "reminders"),
        (agenda.closing, "deal to close" if agenda.closing == 1 else "deals to close"),
        (agenda.totals.get("reach", 0), "to reach"),
        (agenda.born, "birthday" if agenda.born == 1 else "birthdays"),
    )
    counted = ", ".join(f"{number} {word}" for number, word in counts if number)
    return f"{date.fromisoformat(day.today):%a %d %b %Y}: {counted or 'nothing due'}"


def failed_lines(failed: Sequence[Delivery]) -> list[str]:
    """Return a line for each message that could not be delivered, with a command, and why it failed."""
    found = []
    for one in failed:
        verb = f"crm show {one.ref}" if one.ref else f"crm digest --to {one.address}"
        found.append(fit(f"{verb}  {clean(one.error or one.route)}", WIDTH - 2).rstrip())
    return found


def text(agenda: Agenda, day: Day, failed: Sequence[Delivery] = ()) -> Iterator[str]:
    """Yield the digest as plain text."""
    yield headline(agenda, day)
    listed = entries(agenda, day)
    commands = {entry: _command(entry) for entry in listed}
    first = max((len(command) for command in commands.values()), default=0)
    signs = max((display_width(entry.mark) for entry in listed), default=0) or 1
    second = max((display_width(entry.when) for entry in listed), default=0)
    for section in _sections(listed):
        yield ""
        yield TITLES[section]
        for entry in listed:
            if entry.section == section:
                mark, when = fit(entry.mark, signs), fit(entry.when, second)
                line = f"{commands[entry]:<{first}}  {mark} {when}  {_words(entry)}"
                yield "  " + fit(line, WIDTH - 2).rstrip()
        yield from _rest(agenda, section)
    yield from _dropped(agenda, listed)
    if failed:
        yield from ("", FAILED, *(f"  {line}" for line in failed_lines(failed)))


def _command(entry: Entry) -> str:
    """Return the command that acts on an entry."""
    return f"{_VERBS.get(entry.section, 'crm done')} {entry.ref}"


def _sections(listed: list[Entry]) -> list[str]:
    return list(dict.fromkeys(entry.section for entry in listed))


def _words(entry: Entry) -> str:
    """Return the subject and the people; of a birthday or a person to reach, the name comes first."""
    parts = (entry.who, entry.what) if entry.section in _NAME_FIRST else (entry.what or entry.kind, entry.who)
    return clean(" · ".join(part for part in parts if part))


def _rest(agenda: Agenda, section: str) -> Iterator[str]:
    if more := unlisted(agenda, section):
        yield f"  and {more} more: crm agenda --only {section}"


def _dropped(agenda: Agenda, listed: list[Entry]) -> Iterator[str]:
    """Yield a line with the number of entries in sections of which none is listed, if there are any."""
    shown = _sections(listed)
    if more := sum(unlisted(agenda, name) for name in agenda.totals if name not in shown):
        yield ""
        yield f"and {more} more: crm agenda"


def markdown(agenda: Agenda, day: Day, failed: Sequence[Delivery] = ()) -> Iterator[str]:
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
    yield from _dropped(agenda, listed)
    if failed:
        yield from ("", f"## {FAILED}", "", *(f"- {_escaped(line)}" for line in failed_lines(failed)))


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


def html(agenda: Agenda, day: Day, failed: Sequence[Delivery] = ()) -> Iterator[str]:
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
    yield from (f"<p>{line}</p>" for line in _dropped(agenda, listed) if line)
    if failed:
        yield f'<h2 style="font-size:16px">{FAILED}</h2>'
        yield from (f"<p>{escape(line)}</p>" for line in failed_lines(failed))
    yield "</div></body></html>"


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]()#+!|<>~&-])", r"\\\1", text)
