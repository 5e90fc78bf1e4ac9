"""The agenda as text under headings, as rows for programs, and as JSON."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from crm_cli.core.cadence import next_on
from crm_cli.core.instants import iso_local, local
from crm_cli.core.sections import TITLES
from crm_cli.render import tables
from crm_cli.render.activities import day_words, due_words, marked, planned, signs, who
from crm_cli.render.spans import Span
from crm_cli.render.tables import Column
from crm_cli.render.words import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crm_cli.core.daily import Activity, Celebration, Deal, Person, ToReach
    from crm_cli.queries.agenda import Agenda, Day
    from crm_cli.queries.outbox import Delivery
    from crm_cli.render.spans import Line, Role

_ROLES: dict[str, Role] = {"overdue": "overdue", "due": "good", "reminders": "good", "failed": "overdue"}
"""section -> the role of its times, if it is always the same."""
_PROMISES = {"owe": "promised", "await": "awaited"}
"""who promised -> how a line says it."""


class Entry(NamedTuple):
    """A line of the agenda: an activity, a deal, a person to reach or to congratulate (with their id), or a delivery.

    ``ref`` is the printed id, ``""`` of a digest that was not delivered. ``due`` is ISO 8601; ``role`` is that of
    ``when``; ``promise`` is owe, await or ``""``.
    """

    section: str
    ref: str
    due: str
    when: str
    mark: str
    kind: str
    what: str
    who: str
    role: Role = "muted"
    promise: str = ""

    @property
    def about(self) -> str:
        """What it is about, with who promised it: ``send the quote (promised)``."""
        return f"{self.what} ({_PROMISES[self.promise]})".lstrip() if self.promise else self.what


def entries(agenda: Agenda, day: Day) -> list[Entry]:
    """Return the lines of an agenda, section by section."""
    return [_entry(name, one, day) for name, found in agenda.sections.items() for one in found]


def _entry(section: str, found: Any, day: Day) -> Entry:
    """Return the line of a record."""
    if section in _ENTRIES:
        return _ENTRIES[section](found, day)
    return _activity(section, found, day)


def _activity(section: str, found: Activity, day: Day) -> Entry:
    due = "T".join(filter(None, planned(found, day.zone)))
    mark = signs(found)
    words = due_words(found, day.today, day.zone)
    about = marked(found, day.now, day.today, day.zone)
    role, ref = _ROLES.get(section, "muted"), f"a{found.id}"
    return Entry(section, ref, due, words, mark, found.kind, about, who(found), role, found.promise)


def _deal(found: Deal, day: Day) -> Entry:
    """Return a deal's line: the expected close if it is near, and a note if the deal has no next step."""
    from crm_cli.render.deals import close_role, close_words
    from crm_cli.render.deals import who as linked_names

    near = found.close is not None and found.close <= day.last()
    forgotten = found.next_step is None
    when = close_words(found, day.today, day.zone) if near else "no next step"
    about = f"{found.title} (no next step)" if near and forgotten else found.title
    role = close_role(found, day.today)
    return Entry("deals", f"d{found.id}", found.close or "", when, "", found.stage, about, linked_names(found), role)


def _reach(found: ToReach, day: Day) -> Entry:
    """Return the line of a person to reach: how late they are, why, and their number."""
    from crm_cli.render import cadences

    seen = day.today, day.zone
    due = next_on(found.rhythm, day.zone)
    when, why = cadences.late_words(found.rhythm, *seen), cadences.reason(found, *seen)
    role: Role = "overdue" if (due or day.today) < day.today else "muted"
    return Entry("reach", str(found.person.id), due or "", when, "", "reach", why, _named(found.person), role)


def _birthday(found: Celebration, day: Day) -> Entry:
    return _celebration("birthdays", "birthday", f"turns {found.years}" if found.years else "", found, day)


def _anniversary(found: Celebration, day: Day) -> Entry:
    years = counted(found.years, "year") if found.years else ""
    return _celebration("anniversaries", "anniversary", years, found, day)


def _celebration(section: str, kind: str, years: str, found: Celebration, day: Day) -> Entry:
    when = day_words(found.on, day.today)
    return Entry(section, str(found.person.id), found.on, when, "", kind, years, _named(found.person))


def failed_entry(found: Delivery, day: Day) -> Entry:
    """Return the line of what could not be delivered: why, the address, and when it is tried again."""
    again = found.again(day.today)
    moment = local(again, day.zone) if again else None
    when = f"again {day_words(moment.date().isoformat(), day.today)} {moment:%H:%M}" if moment else "given up"
    due = moment.isoformat(timespec="seconds") if moment else ""
    about = found.error or found.route
    return Entry("failed", found.ref, due, when, "", found.route, about, found.address, _ROLES["failed"])


_ENTRIES: dict[str, Callable[[Any, Day], Entry]] = {
    "deals": _deal,
    "birthdays": _birthday,
    "anniversaries": _anniversary,
    "reach": _reach,
    "failed": failed_entry,
}
"""section -> the line of one of its records; the other sections hold activities."""


def _named(person: Person) -> str:
    return f"{person.name}, {person.company}" if person.company else person.name


_LINE: tuple[Column[Entry], ...] = (
    Column("id", lambda entry: entry.ref, right=True),
    Column("", lambda entry: entry.mark),
    Column("when", lambda entry: entry.when),
    Column("kind", lambda entry: entry.kind),
    Column("what", lambda entry: entry.about, grow=1, least=20),
    Column("who", lambda entry: entry.who, grow=2, least=18),
)
ROW: tuple[Column[Entry], ...] = (
    Column("section", lambda entry: entry.section),
    Column("id", lambda entry: entry.ref),
    Column("due", lambda entry: entry.due),
    Column("priority", lambda entry: "high" if "!" in entry.mark else ""),
    Column("kind", lambda entry: entry.kind),
    Column("what", lambda entry: entry.what),
    Column("who", lambda entry: entry.who),
)
"""The columns for programs."""


def text(agenda: Agenda, day: Day, *, width: int, placed: bool = False) -> Iterator[Line]:
    """Yield the agenda for a terminal, no wider than ``width`` cells; nothing if it is empty."""
    listed = entries(agenda, day)
    if not listed:
        return
    lines = islice(tables.table(listed, _LINE, width=width - 2, placed=placed), 1, None)
    previous = ""
    for entry, line in zip(listed, lines, strict=True):
        if entry.section != previous:
            if previous:
                yield from _rest(agenda, previous)
                yield ()
            yield (Span(f"{TITLES[entry.section]} ({agenda.totals[entry.section]})", "heading"),)
            previous = entry.section
        yield (Span("  "), *line)
    yield from _rest(agenda, previous)


def _rest(agenda: Agenda, section: str) -> Iterator[Line]:
    """Yield a line with the number of entries of a section that are not listed, if there are any."""
    if more := unlisted(agenda, section):
        yield (Span(f"  … and {more} more: crm agenda --only {section}", "muted"),)


def unlisted(agenda: Agenda, section: str) -> int:
    """Return how many records of a section were counted but not read."""
    return agenda.totals[section] - len(agenda.sections[section])


def card(agenda: Agenda, day: Day) -> dict[str, Any]:
    """Return the agenda's JSON: a list for each requested section, and the number of snoozed activities."""
    found: dict[str, Any] = {name: [_card(name, one, day) for one in those] for name, those in agenda.sections.items()}
    return {**found, "snoozed": agenda.snoozed}


def _card(section: str, found: Any, day: Day) -> dict[str, Any]:
    if section in _CARDS:
        return _CARDS[section](found, day)
    from crm_cli.render import cards

    return cards.activity(found, day.zone, day.now)


def _deal_card(found: Deal, day: Day) -> dict[str, Any]:
    from crm_cli.render import deals

    return deals.card(found, day.zone, day.now)


def reach_card(found: ToReach, day: Day) -> dict[str, Any]:
    """Return the JSON of a person to reach."""
    from crm_cli.render import cadences, cards

    rhythm, zone = found.rhythm, day.zone
    return {
        "person": cards.person(found.person),
        "phone": found.phone,
        "last_reach": iso_local(rhythm.last_reach, zone) if rhythm.last_reach else None,
        "last_attempt": iso_local(rhythm.last_attempt, zone) if rhythm.last_attempt else None,
        **cadences.facts(found, day.today, zone),
    }


def _celebration_card(found: Celebration, years: str) -> dict[str, Any]:
    from crm_cli.render import cards

    return {"person": cards.person(found.person), "on": found.on, years: found.years}


def birthday_card(found: Celebration, _day: Day) -> dict[str, Any]:
    """Return the JSON of a birthday."""
    return _celebration_card(found, "turns")


def anniversary_card(found: Celebration, _day: Day) -> dict[str, Any]:
    """Return the JSON of an anniversary."""
    return _celebration_card(found, "years")


def failed_card(found: Delivery, day: Day) -> dict[str, Any]:
    """Return the JSON of what could not be delivered."""
    again = found.again(day.today)
    return {
        "activity": found.ref or None,
        "route": found.route,
        "address": found.address,
        "error": found.error,
        "tries": found.tries,
        "failed": iso_local(found.at, day.zone),
        "next": iso_local(again, day.zone) if again else None,
    }


_CARDS: dict[str, Callable[[Any, Day], dict[str, Any]]] = {
    "deals": _deal_card,
    "birthdays": birthday_card,
    "anniversaries": anniversary_card,
    "reach": reach_card,
    "failed": failed_card,
}
"""section -> the JSON of one of its records; the other sections hold activities."""
