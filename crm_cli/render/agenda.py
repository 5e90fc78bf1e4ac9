"""The agenda as text under headings, as rows for programs, and as JSON."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from crm_cli.core.cadence import next_on
from crm_cli.core.instants import iso_local
from crm_cli.render import tables
from crm_cli.render.activities import day_words, due_words, marked, planned, signs, who
from crm_cli.render.spans import Span
from crm_cli.render.tables import Column

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_cli.core.deals import Deal
    from crm_cli.core.records import Activity, Birthday, Person, ToReach
    from crm_cli.queries.agenda import Agenda, Day
    from crm_cli.render.spans import Line, Role

TITLES = {
    "overdue": "Overdue",
    "due": "Today",
    "coming": "Coming",
    "reminders": "Reminders",
    "undated": "Without a date",
    "deals": "Deals",
    "birthdays": "Birthdays",
    "reach": "People to reach",
}
"""section -> its heading."""


_ROLES: dict[str, Role] = {"overdue": "overdue", "due": "good", "reminders": "good"}
"""section of activities -> the role of its times."""


class Entry(NamedTuple):
    """A line of the agenda: an activity, a deal, or a person to reach or with a birthday (with their id).

    ``due`` is ISO 8601; ``role`` is that of ``when``.
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


def entries(agenda: Agenda, day: Day) -> list[Entry]:
    """Return the lines of an agenda, section by section."""
    found = [_activity(name, one, day) for name, acts in agenda.sections.items() for one in acts]
    found += [_deal(one, day) for one in agenda.deals or ()]
    found += [_birthday(one, day) for one in agenda.birthdays or ()]
    return found + [_reach(one, day) for one in agenda.reach or ()]


def _activity(section: str, found: Activity, day: Day) -> Entry:
    due = "T".join(filter(None, planned(found, day.zone)))
    mark = signs(found)
    words = due_words(found, day.today, day.zone)
    about = marked(found, day.now, day.today, day.zone)
    return Entry(section, f"a{found.id}", due, words, mark, found.kind, about, who(found), _ROLES.get(section, "muted"))


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


def _birthday(found: Birthday, day: Day) -> Entry:
    turns = f"turns {found.turns}" if found.turns else ""
    when = day_words(found.on, day.today)
    return Entry("birthdays", str(found.person.id), found.on, when, "", "birthday", turns, _named(found.person))


def _named(person: Person) -> str:
    return f"{person.name}, {person.company}" if person.company else person.name


_LINE: tuple[Column[Entry], ...] = (
    Column("id", lambda entry: entry.ref, right=True),
    Column("", lambda entry: entry.mark),
    Column("when", lambda entry: entry.when),
    Column("kind", lambda entry: entry.kind),
    Column("what", lambda entry: entry.what, grow=1, least=20),
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
    """Return how many entries of a section were counted but not taken."""
    others = {"deals": agenda.deals, "reach": agenda.reach, "birthdays": agenda.birthdays}
    return agenda.totals[section] - len(agenda.sections.get(section) or others.get(section) or ())


def card(agenda: Agenda, day: Day) -> dict[str, Any]:
    """Return the agenda's JSON: a list for each requested section, and the number of snoozed activities."""
    from crm_cli.render import cards

    found: dict[str, Any] = {
        name: [cards.activity(one, day.zone, day.now) for one in acts] for name, acts in agenda.sections.items()
    }
    if agenda.deals is not None:
        found["deals"] = _deal_cards(agenda.deals, day)
    if agenda.birthdays is not None:
        found["birthdays"] = [birthday_card(one) for one in agenda.birthdays]
    if agenda.reach is not None:
        found["reach"] = [reach_card(one, day) for one in agenda.reach]
    return {**found, "snoozed": agenda.snoozed}


def _deal_cards(found: list[Deal], day: Day) -> list[dict[str, Any]]:
    if not found:
        return []
    from crm_cli.render import deals

    return [deals.card(one, day.zone, day.now) for one in found]


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


def birthday_card(found: Birthday) -> dict[str, Any]:
    """Return the JSON of a birthday."""
    from crm_cli.render import cards

    return {"person": cards.person(found.person), "on": found.on, "turns": found.turns}
