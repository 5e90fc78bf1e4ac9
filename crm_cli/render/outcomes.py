"""The result of a write in a sentence, for the prompt and the dashboard; each adds the change's id and its advice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core import activities as rules
from crm_cli.core import relationships
from crm_cli.core.consent import STOPPED
from crm_cli.core.instants import due_utc, local, plan
from crm_cli.core.kinds import ACTIVITY, DEAL, RECORDS, SERIES
from crm_cli.render.activities import what
from crm_cli.render.words import counted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from crm_cli.core.daily import Activity, Deal
    from crm_cli.core.instants import When
    from crm_cli.core.records import ChangeInfo, Relationship
    from crm_cli.core.series import Followed
    from crm_cli.queries.agenda import Day

HALF_A_YEAR = 183
"""From this many days, a date in the next year is marked: ``20 nov`` typed on 22 November is probably a mistake."""
ALONG = (ACTIVITY, DEAL)
"""The kinds of record that are removed with their person."""


def logged(
    record: Activity,
    following: Iterable[Activity],
    day: Day,
    closed: Iterable[int] = (),
    followed: Sequence[Followed] = (),
) -> str:
    """Return ``Logged a7 call with Asha Verma (Acme)``, with the plans it ``closed`` and the next steps."""
    words = f"Logged a{record.id} {record.kind}{with_words(record)}{deal_words(record)}"
    ends = "".join(f"; closed a{ref}" for ref in closed)
    return words + ends + next_words(following, day, followed)


def planned(record: Activity, day: Day) -> str:
    """Return ``Planned a8 send the quote → Fri 27 Nov 2026 with Asha Verma (Acme)``."""
    about = f"{due_words(record, day)}{with_words(record)}{deal_words(record)}"
    return f"Planned {_named(record)}{about}{every_words(record)}{_then_words(record, day)}"


def completed(
    records: Sequence[Activity], following: Iterable[Activity], day: Day, followed: Sequence[Followed] = ()
) -> str:
    """Return ``Done a8 send the quote``, with the next steps; of several activities their number."""
    return f"Done {_activities(records)}{next_words(following, day, followed)}"


def passed_over(
    records: Sequence[Activity], following: Iterable[Activity], day: Day, followed: Sequence[Followed]
) -> str:
    """Return ``Skipped a8 send the report``, with the next one of its series."""
    return f"Skipped {_activities(records)}{next_words(following, day, followed)}"


def moved(records: Sequence[Activity], day: Day, *, rest: bool = False) -> str:
    """Return ``Moved a8 send the quote → Mon 30 Nov 2026``; with ``rest``, the others of its series were moved too."""
    words = f"Moved {_activities(records)}{due_words(records[0], day)}"
    if len(records) > 1:
        return words
    return words + (every_words(records[0]) if rest else _alone(records[0]))


def snoozed(records: Sequence[Activity], until: When, day: Day) -> str:
    """Return ``Snoozed until 2026-11-30 09:00: a8 send the quote``."""
    moment = " ".join(filter(None, _here(until, day)))
    return f"Snoozed until {moment}: {_activities(records)}"


def cancelled(records: Sequence[Activity], *, ended: bool = False) -> str:
    """Return ``Cancelled a8 send the quote``; with ``ended``, their series were ended."""
    along = {SERIES.name: len(records) if ended else 0}
    return f"Cancelled {_activities(records)}{ended_words(along, alone=len(records) == 1)}"


def _named(record: Activity) -> str:
    return f"a{record.id} {record.subject}"


def _activities(records: Sequence[Activity]) -> str:
    return _named(records[0]) if len(records) == 1 else f"{len(records)} activities"


def deals_moved(deals: Sequence[Deal]) -> str:
    """Return ``Moved d7 Tea tins → Proposal and 2 more``."""
    return _deals("Moved", deals, f" → {deals[0].stage}")


def deals_closed(deals: Sequence[Deal]) -> str:
    """Return ``Won d7 Tea tins``, or ``Lost`` if they were lost."""
    return _deals(deals[0].status.capitalize(), deals)


def deals_reopened(deals: Sequence[Deal]) -> str:
    """Return ``Reopened d7 Tea tins in Proposal``."""
    return _deals("Reopened", deals, f" in {deals[0].stage}")


def _deals(verb: str, deals: Sequence[Deal], where: str = "") -> str:
    more = f" and {len(deals) - 1} more" if len(deals) > 1 else ""
    return f"{verb} d{deals[0].id} {deals[0].title}{where}{more}"


def added(named: str, following: Iterable[Activity] = (), day: Day | None = None) -> str:
    """Return ``Added 12 Asha Verma``, with the next steps."""
    return f"Added {named}{next_words(following, day) if day else ''}"


def changed(named: str) -> str:
    """Return ``Changed 12 Asha Verma``."""
    return f"Changed {named}"


def edited(record: Activity, fields: Collection[str], day: Day) -> str:
    """Return ``Changed a8 send the quote → Mon 30 Nov 2026``, with what is new of the ``fields`` due and every."""
    if "every" in fields:
        when = f"{due_words(record, day)}{every_words(record) or ' (does not repeat)'}{_then_words(record, day)}"
    else:
        when = due_words(record, day) + _alone(record) if "due" in fields else ""
    return changed(f"a{record.id} {what(record) or record.kind}{when}")


def _alone(record: Activity) -> str:
    """Return `` (only this one; every Monday)`` for an activity of a series that was moved alone."""
    return f" (only this one{every_words(record).replace(',', ';', 1)})" if record.series else ""


def tagged(named: str, add: Iterable[str], remove: Iterable[str]) -> str:
    """Return ``Tagged 12 Asha Verma +vip -lead``."""
    return " ".join(["Tagged", named, *(f"+{tag}" for tag in add), *(f"-{tag}" for tag in remove)])


def removed(named: str, along: Mapping[str, int], *, alone: bool = False) -> str:
    """Return ``Removed 12 Asha Verma with 3 activities, 1 deal``; ``along`` counts, by kind, what went along.

    Its count of series is the number that ended, as their open activities were removed. ``alone``: it is about one
    activity.
    """
    return f"Removed {named}{along_words(along)}{ended_words(along, alone=alone)}"


def ended_words(along: Mapping[str, int], *, alone: bool = False) -> str:
    """Return ``, which ends its series``, ``, which ends 2 series``, or ``""`` for none."""
    number = along.get(SERIES.name, 0)
    return f", which ends {'its' if alone else number} series" if number else ""


def related(kind: str, name: str, other: str) -> str:
    """Return ``Related: Ravi is Asha's spouse``."""
    return f"Related: {relationships.sentence(kind, name, other)}"


def unrelated(name: str, gone: Iterable[Relationship]) -> str:
    """Return ``Removed: Ravi is Asha's spouse``, for each relationship that the person ``name`` no longer has."""
    return "Removed: " + "; ".join(relationships.sentence(each.kind, name, each.name) for each in gone)


def consented(who: str, state: str, channels: Sequence[str]) -> str:
    """Return ``5 Asha Verma, Acme: do not call or email``, or ``…: may call or email``."""
    from crm_cli.render import consents

    words = consents.warning(channels) if state == STOPPED else f"may {consents.verbs(channels)}"
    return f"{who}: {words}"


def photographed(who: str, picture: str) -> str:
    """Return ``5 Asha Verma, Acme: photo JPEG, 23 kB``, or ``…: photo removed`` without a picture."""
    return f"{who}: photo {picture or 'removed'}"


_TURNED = {"undo": "Took back", "redo": "Redid"}


def turned(verb: str, info: ChangeInfo, zone: str) -> str:
    """Return ``Took back ch88 edit of 2026-11-22 09:00``, or ``Redid`` for a redo."""
    return f"{_TURNED[verb]} {change_words(info, zone)}"


def change_words(info: ChangeInfo, zone: str) -> str:
    """Return ``ch88 edit of 2026-11-22 09:00``."""
    return f"ch{info.id} {info.verb} of {local(info.at, zone):%Y-%m-%d %H:%M}"


def subjects(names: Sequence[str], counts: Mapping[str, int]) -> str:
    """Return the first ``names`` of what a change was about; of more, their number too: ``20 people: Asha, …``."""
    if sum(counts.values()) <= len(names):
        return "; ".join(names)
    kinds = sorted(counts, reverse=True)
    numbers = ", ".join(counted(counts[kind], RECORDS[kind].singular, RECORDS[kind].plural) for kind in kinds)
    return f"{numbers}: {', '.join(names)}, …" if names else numbers


def skipped(later: Sequence[ChangeInfo]) -> str:
    """Return `` (skipped ch90 import by cron)``: the later changes that an undo passed over."""
    if not later:
        return ""
    last = later[0]
    what = f"ch{last.id} {last.verb}" if len(later) == 1 else f"{len(later)} later changes"
    return f" (skipped {what} by {', '.join(sorted({one.origin for one in later}))})"


def every_words(record: Activity) -> str:
    """Return ``, every month on the 1st``: the rule of an activity that repeats."""
    if record.series is None:
        return ""
    from crm_cli.render.recurrence import of_series

    return f", {of_series(record.series)}"


def _then_words(record: Activity, day: Day) -> str:
    """Return `` (then Mon 30 Nov 2026)`` if the first day of a series is not one of its rule's."""
    if record.series is None:
        return ""
    from crm_cli.core import series

    then = series.first_of_rule(record.series)
    return "" if then in {None, record.series.start_on} else f" (then{_on(then or '', day)})"


def due_words(record: Activity, day: Day) -> str:
    """Return `` → Fri 27 Nov 2026 15:00``: the due time as it was understood, as `understood` says it."""
    due = plan(record.due_date, record.due_time, record.zone)
    return f" {understood(due, day)}" if due else ""


def understood(moment: When, day: Day) -> str:
    """Return a plan in the user's zone: ``→ Fri 27 Nov 2026 13:30 (09:00 Europe/Paris)``.

    The plan's own time and zone are added if its zone is another.
    """
    on, clock = _here(moment, day)
    return f"→{_on(on, day)} {clock}".rstrip()


def _here(moment: When, day: Day) -> tuple[str, str]:
    """Return the day and the time of a plan in the user's zone, with its own time and zone if that is another."""
    if not moment.time or moment.zone == day.zone:
        return moment.date, moment.time or ""
    here = local(due_utc(moment.date, moment.time, moment.zone), day.zone)
    return here.date().isoformat(), f"{here:%H:%M} ({moment.time} {moment.zone})"


def _on(text: str, day: Day) -> str:
    """Return a day in words: `` Fri 27 Nov 2026``."""
    from datetime import date

    on, now = date.fromisoformat(text), date.fromisoformat(day.today)
    far = " (next year)" if on.year == now.year + 1 and (on - now).days > HALF_A_YEAR else ""
    return f" {on:%a} {on.day} {on:%b %Y}{far}"


def past_due_words(record: Activity, day: Day) -> str:
    """Return ``a31 is snoozed past its due date 2026-11-27`` if it is, else ``""``."""
    due = plan(record.due_date, record.due_time, record.zone)
    if not due or not record.due_utc or not record.hidden_until or record.hidden_until <= record.due_utc:
        return ""
    return f"a{record.id} is snoozed past its due date {' '.join(_here(due, day))}".rstrip()


def passed_words(record: Activity, day: Day, *, fixed: bool = False) -> str:
    """Return ``the reminder of a31 (today 09:00) has passed`` if it has, else ``""``.

    Reminders at a ``fixed`` time may have been delivered earlier; they count only for a new activity.
    """
    gone = [one.at for one in record.reminders if one.at < day.now and (fixed or one.lead_minutes is not None)]
    if not gone or record.status != "open":
        return ""
    from crm_cli.render.reminders import moment_words

    return f"the reminder of a{record.id} ({moment_words(max(gone), day)}) has passed"


def along_words(counts: Mapping[str, int]) -> str:
    """Return `` with 3 activities, 1 deal``: the records that are removed with those named."""
    gone = [(counts[kind.name], kind) for kind in ALONG if counts.get(kind.name)]
    words = ", ".join(counted(number, kind.singular, kind.plural) for number, kind in gone)
    return f" with {words}" if words else ""


def next_words(steps: Iterable[Activity], day: Day, followed: Sequence[Followed] = ()) -> str:
    """Return ``; next a13 ask → Mon 23 Nov 2026`` for each planned step, and what became of the series ``followed``."""
    missed = {one.next: f" ({one.missed} missed)" for one in followed if one.missed}
    steps_words = (
        f"; next a{step.id} {step.subject}{due_words(step, day)}{every_words(step)}{missed.get(step.id, '')}"
        for step in steps
    )
    return "".join(steps_words) + "".join(_complete_words(one) for one in followed if one.next is None)


def _complete_words(ended: Followed) -> str:
    """Return ``; the series of a8 is complete``."""
    missed = f" ({ended.missed} missed)" if ended.missed else ""
    return f"; the series of a{ended.of} is complete{missed}"


def with_words(record: Activity) -> str:
    """Return `` with Asha Verma (Acme)``: the person of an activity, or the sender or recipient of a message."""
    written = record.kind in rules.WRITTEN and record.direction
    word = {"in": "from", "out": "to"}[record.direction] if written else "about" if record.kind == "note" else "with"
    if not record.people:
        return f" {word} {record.company}" if record.company else ""
    first = record.people[0]
    who = f"{first.name} ({first.company})" if first.company else first.name
    return f" {word} {who}" + (f" and {len(record.people) - 1} more" if len(record.people) > 1 else "")


def deal_words(record: Activity) -> str:
    """Return `` (d7 Tea tins)``: the deal that an activity belongs to."""
    return f" (d{record.deal_id} {record.deal})" if record.deal_id else ""
