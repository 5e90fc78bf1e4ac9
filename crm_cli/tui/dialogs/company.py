"""The form of a company: the most common fields, converted to assignments of the command line."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from crm_cli.core import edits as grammar
from crm_cli.core.fields import COMPANY_FIELDS
from crm_cli.errors import UsageError
from crm_cli.tui.data import suggestions
from crm_cli.tui.dialogs.person import point_words, tag_words
from crm_cli.tui.dialogs.spec import FormField, FormSpec, Values

if TYPE_CHECKING:
    from crm_cli.core.edits import Edit, TagEdit
    from crm_cli.core.records import Company

FIELDS = (
    ("name", "name", "e.g. Acme Ltd"),
    ("email", "e-mail", "e.g. hello@acme.in"),
    ("phone", "phone", "e.g. 020 2553 1234"),
    ("url", "web page", "e.g. https://acme.in"),
    ("city", "city", "e.g. Pune"),
    ("tags", "tags", "e.g. client supplier"),
    ("notes", "notes", "e.g. pays on the 10th"),
)
"""The fields of the form: name, label, an example."""
POINTS = ("email", "phone", "url")


def form(found: Company | None, name: str = "") -> FormSpec:
    """Return the form for a new company, perhaps of this name, or for changing one."""
    had = _values(found)
    first = had | ({} if found else {"name": name})
    fields = tuple(
        FormField(
            name,
            label,
            hint,
            first[name],
            partial(_check, found, name),
            long=name == "notes",
            suggest=suggestions.tags if name == "tags" else None,
        )
        for name, label, hint in FIELDS
    )
    title = f"Change c{found.id}  {found.name}" if found else "Add a company"
    return FormSpec(title, fields, "save" if found else "add")


def _values(found: Company | None) -> Values:
    """Return the values that the form shows for a company: of several points of a kind, the first."""
    if found is None:
        return dict.fromkeys((name for name, *_ in FIELDS), "")
    return {
        "name": found.name,
        **{kind: next((one.value for one in found.points if one.kind == kind), "") for kind in POINTS},
        "city": found.addresses[0].locality if found.addresses else "",
        "tags": " ".join(found.tags),
        "notes": found.notes,
    }


def _check(found: Company | None, name: str, text: str) -> str:
    """Check a field by parsing its assignments."""
    if name == "name" and not text.strip():
        raise UsageError("a company needs a name")
    grammar.split_words(_words(found, name, text), COMPANY_FIELDS)
    return ""


def _words(found: Company | None, name: str, text: str) -> list[str]:
    """Return the assignments that set the field to ``text``; none if it was not changed."""
    text, before = text.strip(), _values(found)[name]
    if text == before.strip():
        return []
    if name == "tags":
        return tag_words(text, before)
    if name in POINTS:
        return point_words(found, name, text)
    label = found.addresses[0].label if name == "city" and found and found.addresses else ""
    return [f"{name}.{label}={text}" if label else f"{name}={text}"]


def edits(found: Company | None, values: Values) -> list[Edit | TagEdit]:
    """Return the edits that the form asks for, without the name of a new company."""
    names = [name for name, *_ in FIELDS if found or name != "name"]
    words = [word for name in names for word in _words(found, name, values[name])]
    return grammar.split_words(words, COMPANY_FIELDS)[1]
