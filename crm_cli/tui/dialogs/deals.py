"""The forms about deals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core import edits as grammar
from crm_cli.core import money
from crm_cli.core.deals import check_probability
from crm_cli.core.edits import Edit
from crm_cli.core.fields import DEAL_FIELDS
from crm_cli.errors import UsageError
from crm_cli.render.outcomes import understood
from crm_cli.tui.data import suggestions
from crm_cli.tui.dialogs.spec import FormField, FormSpec, Values

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crm_cli.core.daily import Deal
    from crm_cli.session import Session

ASSIGNED = ("title", "amount", "stage", "close", "probability", "notes")
"""The fields of the form that become assignments of the command line."""


def move(title: str, stage: str, stages: Sequence[str]) -> FormSpec:
    """Return the form that asks for another stage."""
    return FormSpec(f"Move: {title}", (FormField("stage", "stage", value=stage, choices=lambda _: stages),), "move")


def close(title: str, *, won: bool) -> FormSpec:
    """Return the form that asks why a deal was won or lost."""
    return FormSpec(f"{'Won' if won else 'Lost'}: {title}", (FormField("reason", "why", "(may be empty)"),), "save")


def form(session: Session, found: Deal | None, stages: Sequence[str]) -> FormSpec:
    """Return the form for a new deal, or for changing one."""
    had = values_of(found)
    first = (
        ()
        if found
        else (FormField("with", "with", "e.g. priya; or a company", check=_linked, suggest=suggestions.anyone),)
    )
    fields = (
        FormField("title", "title", "e.g. Tea tins, spring", had["title"], check=_title),
        *first,
        FormField("amount", "amount", "e.g. 99.95 EUR", had["amount"], check=_amount(session)),
        FormField("stage", "stage", value=had["stage"] or next(iter(stages), ""), choices=lambda _: stages),
        FormField("close", "close", "e.g. 15 dec", had["close"], check=_day(session)),
        FormField("probability", "probability", "(its stage's)  e.g. 60", had["probability"], check=_probability),
        FormField("notes", "notes", "e.g. wants samples", had["notes"], long=True),
    )
    return FormSpec(f"Change d{found.id}  {found.title}" if found else "Add a deal", fields, "save" if found else "add")


def values_of(found: Deal | None) -> Values:
    """Return the values that the form shows for a deal."""
    if found is None:
        return dict.fromkeys(ASSIGNED, "")
    return {
        "title": found.title,
        "amount": f"{money.plain(found.amount)} {found.amount.currency}" if found.amount else "",
        "stage": found.stage,
        "close": found.close or "",
        "probability": "" if found.own_probability is None else str(found.own_probability),
        "notes": found.notes,
    }


def edits(found: Deal | None, values: Values) -> list[Edit]:
    """Return the assignments for the fields that were changed in the form."""
    had = values_of(found)
    names = [name for name in ASSIGNED if found or name != "title"]
    words = [f"{name}={values[name].strip()}" for name in names if values[name].strip() != had[name].strip()]
    return [one for one in grammar.split_words(words, DEAL_FIELDS)[1] if isinstance(one, Edit)]


def _title(text: str) -> str:
    if not text.strip():
        raise UsageError("what is the deal about?")
    return ""


def _linked(text: str) -> str:
    if not text.strip():
        raise UsageError("who is it with? give a person or a company")
    return ""


def _probability(text: str) -> str:
    check_probability(text)
    return ""


def _amount(session: Session) -> Callable[[str], str]:
    def check(text: str) -> str:
        if not text.strip():
            return ""
        from crm_cli.render.money import shown

        return f"→ {shown(money.parse(text, session.reading.spelling), session.locale)}"

    return check


def _day(session: Session) -> Callable[[str], str]:
    def check(text: str) -> str:
        return understood(session.moment(text), session.day) if text.strip() else ""

    return check
