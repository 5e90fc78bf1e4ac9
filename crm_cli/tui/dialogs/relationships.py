"""The form about a relationship of a person."""

from __future__ import annotations

from crm_cli.core.relationships import KINDS
from crm_cli.errors import UsageError
from crm_cli.tui.data import suggestions
from crm_cli.tui.dialogs.spec import FormField, FormSpec

RECORD, REMOVE = "record", "remove"
ANY = "any"


def form(name: str) -> FormSpec:
    """Return the form that asks who the other person is, and what they are to ``name``."""
    fields = (
        FormField(
            "other",
            "other person",
            "e.g. ravi; or the full name of a person not in the book",
            check=_other,
            suggest=suggestions.person,
        ),
        FormField("kind", "is their", value=KINDS[0], choices=_kinds),
        FormField("act", "do", value=RECORD, choices=lambda _: (RECORD, REMOVE)),
    )
    return FormSpec(f"Relationship: {name}", fields, "save")


def _kinds(values: dict[str, str]) -> tuple[str, ...]:
    return (ANY, *KINDS) if values["act"] == REMOVE else KINDS


def _other(text: str) -> str:
    if not text.strip():
        raise UsageError("who is the other person?")
    return ""
