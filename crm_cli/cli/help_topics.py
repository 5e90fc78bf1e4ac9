"""The pages of ``crm help`` about groups of commands and about what all commands share."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from crm_cli.commands import COMMANDS, GROUPS
from crm_cli.core.query.fields import FIELDS
from crm_cli.errors import EXIT_MEANINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

RULES = """\
A query consists of terms like city:pune (field:value). Text matches anywhere in
the value: city:pun finds Pune; city:=pune must match the whole value. A word
without a field matches any text of a record.

  crm list tag:client city:pune            both must match
  crm list tag:client OR tag:lead          either; write OR and NOT in capitals
  crm list not:tag:client                  the opposite; -tag:client too
  crm list has:phone no:email              with a phone, without an e-mail
  crm list quiet:60d                       not reached for 60 days, or never
  crm list created.after:2026-01-01        .before and .after for dates
  crm list due.within:7d                   .within and .over for time spans
  crm deal list amount.min:50000           .min and .max for numbers
  crm list company:"Acme Ltd" "blue door"  quotes keep words together
  crm list @neglected                      a saved query (crm segment save)
  crm list '(city:pune OR city:mumbai) AND -tag:dnc'

Fields:
"""
DATES = """\
Days and times, as in --due, --when, move and snooze:

  today  tomorrow  yesterday
  fri                    the next Friday, never today; for --when, the last one
  next fri               the Friday of next week
  in 2 weeks  in an hour  3 days ago
  1 dec  dec 1st 2026  2026-12-01
  the 15th  first monday of december  last friday of the month
  eow  eom  eoy          the end of the week, month or year; end of december
  next week  next month   its first day
  in 3 working days      Monday to Friday, or as the setting working_days says
  +1w  -2d               in move, from the due time; elsewhere from now

A time may follow: fri 3pm, tomorrow 09:00, 2026-12-01 15:30; and a time zone:
fri 9am Europe/Paris. A time alone (3pm, noon) means today. A date without a
time is that date in every time zone. snooze also takes 2h and 45m, from now.

--remind takes a time, or how long before it is due: -1d, -2h, -30m.
Queries take spans (7d, 2w, 3m, 1y) and also today, this-week, this-month, 2026
and 2026-11.
"""
REPEATS = """\

Rules, as in --every and every=:

  every day  every 2 weeks  every other month  quarterly
  every monday  every mon and thu  every weekday  every 2 weeks on friday
  every last friday  every first monday of december  every 15 march
  every month on the 31st   in shorter months on their last day
  every 29 feb              on 1 March in other years
  every! 3 months           counted from the day of completion
  every monday 9am until 2030  every friday 5 times
  FREQ=MONTHLY;BYDAY=2TU    an RRULE (RFC 5545)
"""


def page(name: str) -> Iterator[str]:
    """Yield the lines of a topic or a group; none for any other name."""
    if name == "queries":
        yield from RULES.splitlines()
        yield from _columns((field.name, field.meaning) for field in FIELDS.values())
    elif name == "dates":
        yield from (DATES + REPEATS).splitlines()
    elif name == "exit-codes":
        yield from _columns((str(int(code)), meaning.replace("`", "")) for code, meaning in EXIT_MEANINGS)
        yield "Any other code means failure."
    elif name in GROUPS:
        yield from _group(GROUPS[name])


def everything() -> Iterator[str]:
    """Yield all commands by group."""
    for number, section in enumerate(GROUPS.values()):
        if number:
            yield ""
        yield from _group(section)


def _group(section: str) -> Iterator[str]:
    yield f"{section}:"
    yield from _columns((command.name, command.summary) for command in COMMANDS if command.section == section)


def _columns(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    listed = list(rows)
    width = max(len(name) for name, _ in listed) + len("    ")
    for name, text in listed:
        yield from wrap(text, 80, initial_indent=f"  {name}".ljust(width), subsequent_indent=" " * width)
