"""One deal on one screen: its stage and amount, its people, the next step, its stage history and its activities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core.when import local
from crm_cli.render.clean import BOLD, PLAIN, clean
from crm_cli.render.deals import chance, close_words, days
from crm_cli.render.money import shown
from crm_cli.render.show import HISTORY, field, paragraph, past, plans
from crm_cli.render.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crm_cli.core.deals import Deal, StageChange
    from crm_cli.core.records import Activity
    from crm_cli.render.board import View


def briefing(
    deal: Deal,
    went: Sequence[StageChange],
    done: Sequence[Activity],
    to_do: Sequence[Activity],
    view: View,
    *,
    now: str,
) -> Iterator[str]:
    """Yield the lines of a deal's briefing: ``went`` are its stages, ``done`` and ``to_do`` its activities."""
    title = f"{clean(deal.title)}  d{deal.id}"
    yield f"{BOLD}{title}{PLAIN}" if view.bold else title
    yield ""
    yield from _status(deal, view)
    for number, person in enumerate(deal.people):
        named = ", ".join(part for part in (person.name, person.title, person.company) if part)
        yield field("with" if number == 0 else "", f"{person.id}  {named}")
    if deal.company_id:
        yield field("company", f"c{deal.company_id}  {deal.company}")
    if deal.source:
        yield field("source", deal.source)
    yield from plans(to_do, view.zone, now)
    if deal.status == "open" and not to_do:
        yield field("next", "no next step")
    yield from paragraph("notes", deal.notes)
    yield from _stages(went, view, now)
    for line in past(done, view.zone):
        yield f"{BOLD}{line}{PLAIN}" if view.bold and line == HISTORY else line


def _status(deal: Deal, view: View) -> Iterator[str]:
    odds = chance(deal.probability) or "unknown"
    own = ", its own" if deal.own_probability is not None else ""
    yield field("stage", f"{deal.stage}  ({odds}{own})" if deal.status == "open" else deal.stage)
    yield field("amount", shown(deal.amount, view.locale) or "unknown")
    if deal.status != "open":
        yield field(deal.status, _moment(deal.closed, view) + (f": {deal.reason}" if deal.reason else ""))
    elif deal.close:
        yield field("close", f"{deal.close}  ({close_words(deal, view.today, view.zone)})")


def _moment(instant: str | None, view: View) -> str:
    return f"{local(instant, view.zone):%Y-%m-%d}" if instant else ""


def _stages(went: Sequence[StageChange], view: View, now: str) -> Iterator[str]:
    """Yield the deal's stage history, with the days spent in each stage."""
    for number, each in enumerate(went):
        count = days(each, now)
        name = each.stage if each.status == "open" else each.status.capitalize()
        text = f"{_moment(each.at, view)}  {name}"
        if count is not None:
            text += f"  {counted(count, 'day')}" + (" so far" if each.until is None else "")
        elif each.reason:
            text += f": {each.reason}"
        yield field("stages" if number == 0 else "", text)
