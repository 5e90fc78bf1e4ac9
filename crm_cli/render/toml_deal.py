"""A deal as an editable TOML card, and the assignments that turn the old card into the new one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_cli.core.fields import DEAL_FIELDS, find
from crm_cli.core.money import plain
from crm_cli.errors import UsageError
from crm_cli.render.toml_card import Card, dumped, scalar

if TYPE_CHECKING:
    from crm_cli.core.daily import Deal

HEAD = """# {title} (d{id})
# Change, add or remove lines, save and leave. An empty file changes nothing.
# In with, remove lines, or add words that name a person. docs/guide/deals.md says more.
"""


def card(deal: Deal, decimal: str) -> Card:
    """Return the card of a deal: its editable fields by their assignment names; ``decimal`` is the decimal sign."""
    amount = f"{plain(deal.amount).replace('.', decimal)} {deal.amount.currency}" if deal.amount else ""
    return {
        "title": deal.title,
        "amount": amount,
        "stage": deal.stage,
        "probability": "" if deal.own_probability is None else str(deal.own_probability),
        "close": deal.close or "",
        "company": deal.company,
        "source": deal.source or "",
        "notes": deal.notes,
        "with": [f"{person.id} {person.name}" for person in deal.people],
    }


def written(deal: Deal, decimal: str) -> str:
    """Return the card as TOML text, headed by instructions."""
    title = "".join(char if char.isprintable() else "?" for char in deal.title)
    return HEAD.format(title=title, id=deal.id) + dumped(card(deal, decimal))


def assignments(old: Card, new: Card) -> list[str]:
    """Return the words (as on the command line) that turn the card ``old`` into ``new``. Raises UsageError."""
    words: list[str] = []
    for key, value in new.items():
        name = find(key, DEAL_FIELDS)[0].name
        words += people(old["with"], value) if name == "with" else scalar(name, old[name], value)
    omitted = [key for key, value in old.items() if key not in new and value and key != "with"]
    return words + [f"{key}=" for key in omitted] + ([] if "with" in new else people(old["with"], []))


def people(old: list[str], new: Any) -> list[str]:
    """Return the assignments that turn one list of people into another. Raises UsageError if ``new`` is not a list."""
    if not isinstance(new, list) or not all(isinstance(one, str) for one in new):
        raise UsageError('with is a list of texts, as in with = ["12 Asha Verma", "ravi"]')
    gone = [f"with-={one.partition(' ')[0]}" for one in old if one not in new]
    return gone + [f"with+={one}" for one in new if one not in old]
