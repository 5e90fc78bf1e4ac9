"""Addresses and numbers in the format of neomutt and aerc. Imports little, as it must answer at a keystroke."""

from __future__ import annotations

from crm_cli.render.clean import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from crm_cli.queries.addresses import Line

NOTHING = "no match"
STOPPED = {"email": "do not email", "phone": "do not call"}
NOUNS = {"email": ("address", "addresses"), "phone": ("number", "numbers")}


def lines(kind: str, found: list[Line], *, header: bool) -> list[str]:
    """Return the answer in the format of neomutt and aerc.

    The first line is a message (unless ``header`` is false), the others are ``address<TAB>name<TAB>company (label)``.
    If it must not be used, that is said in the last column. Nothing in the book can add a line or a column.
    """
    listed = [
        "\t".join(map(clean, (value, name, _place(company, label, STOPPED[kind] if stopped else ""))))
        for value, name, company, label, stopped in found
    ]
    if not header:
        return listed
    noun = NOUNS[kind][len(found) != 1]
    return [f"{len(found)} {noun}" if found else NOTHING, *listed]


def card(line: Line) -> dict[str, str | bool]:
    """Return an address or number as a JSON object."""
    return dict(zip(("value", "name", "company", "label", "stopped"), line, strict=True))


def _place(company: str, *notes: str) -> str:
    noted = ", ".join(filter(None, notes))
    return f"{company} ({noted})" if company and noted else company or noted
