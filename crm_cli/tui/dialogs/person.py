"""The form of a person: the most common fields, converted to assignments of the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core import edits as grammar
from crm_cli.core.phones import looks_like_phone
from crm_cli.errors import UsageError
from crm_cli.tui.data import suggestions
from crm_cli.tui.dialogs.spec import FormField, FormSpec, Values

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm_cli.core.edits import Edit, TagEdit
    from crm_cli.core.records import Company, Contact

FIELDS = (
    ("name", "name", "e.g. Asha Verma"),
    ("company", "company", "e.g. Acme"),
    ("title", "title", "e.g. CTO"),
    ("email", "e-mail", "e.g. asha@acme.in"),
    ("phone", "phone", "e.g. 098200 12345"),
    ("city", "city", "e.g. Pune"),
    ("birthday", "birthday", "e.g. 12 apr 1990, or 12 apr"),
    ("tags", "tags", "e.g. client vip"),
    ("notes", "notes", "e.g. prefers mornings"),
)
"""The fields of the form: name, label, an example."""
SUGGEST = {"company": suggestions.company, "tags": suggestions.tags}


def form(found: Contact | None, begun: Values | None = None) -> FormSpec:
    """Return the form for a new person, with the values it is ``begun`` with, or for changing one."""
    had = _values(found) if found else dict.fromkeys((name for name, *_ in FIELDS), "")
    first = had | (begun or {})
    suggest = SUGGEST if found else SUGGEST | {"name": suggestions.namesakes}
    fields = tuple(
        FormField(
            name, label, hint, first[name], _check(found, name, had), long=name == "notes", suggest=suggest.get(name)
        )
        for name, label, hint in FIELDS
    )
    title = f"Change {found.id}  {found.name}" if found else "Add a person"
    return FormSpec(title, fields, "save" if found else "add")


def begun(searched: str) -> Values:
    """Return the values that a search without hits gives a new person: a phone, an e-mail address or a name."""
    text = " ".join(searched.split())
    if looks_like_phone(text):
        return {"phone": text}
    if "@" in text[1:] and " " not in text:
        return {"email": text}
    return {} if any(sign in text for sign in ':"()<>@+') else {"name": text}


def _values(found: Contact) -> Values:
    """Return the values that the form shows for a person: of several e-mail addresses or phone numbers, the first."""
    job = next((job for job in found.employments if job.current), None)
    first = {kind: next((one.value for one in found.points if one.kind == kind), "") for kind in ("email", "phone")}
    return {
        "name": found.name,
        "company": job.company if job else "",
        "title": job.title if job else "",
        **first,
        "city": found.addresses[0].locality if found.addresses else "",
        "birthday": found.birthday or "",
        "tags": " ".join(found.tags),
        "notes": found.notes,
    }


def _check(found: Contact | None, name: str, had: Values) -> Callable[[str], str]:
    """Return a function that checks a field by parsing its assignments."""

    def check(text: str) -> str:
        if name == "name" and not text.strip() and found is not None:
            raise UsageError("a person needs a name; D in the list removes them")
        words = _words(found, name, text, had)
        edits = grammar.split_words(words)[1]
        value = getattr(edits[0], "value", "") if edits else ""
        return f"→ {value}" if name == "birthday" and value and value != text.strip() else ""

    return check


def _words(found: Contact | None, name: str, text: str, had: Values) -> list[str]:
    """Return the assignments that set the field to ``text``; none if it was not changed."""
    text, before = text.strip(), had[name]
    if text == before.strip():
        return []
    if name == "tags":
        return tag_words(text, before)
    if name in {"email", "phone"}:
        return point_words(found, name, text)
    first = found.addresses[0] if found and found.addresses else None
    if name == "city" and first and first.label:
        return [f"city.{first.label}={text}"]
    return [f"{name}={text}"]


def tag_words(text: str, before: str) -> list[str]:
    """Return the assignments that make the tags ``text`` from those of ``before``."""
    tags, old = [word.lstrip("+") for word in text.split()], before.split()
    return [*(f"-{tag}" for tag in old if tag not in tags), *(f"+{tag}" for tag in tags if tag not in old)]


def point_words(found: Contact | Company | None, kind: str, text: str) -> list[str]:
    """Return the assignments that replace a record's first e-mail or phone with ``text``, and keep its label."""
    point = next((one for one in found.points if one.kind == kind), None) if found else None
    label = f".{point.label}" if point and point.label else ""
    removed = [f"{kind}{label}-={point.value}"] if point else []
    return [*removed, f"{kind}{label}+={text}"] if text else removed


def changed(found: Contact, values: Values) -> list[Edit | TagEdit]:
    """Return the edits that the form asks for."""
    had = _values(found)
    return grammar.split_words([word for name, *_ in FIELDS for word in _words(found, name, values[name], had)])[1]


def added(values: Values) -> tuple[list[Edit | TagEdit], str]:
    """Return the edits of a new person, and their name."""
    had = dict.fromkeys(values, "")
    words = [word for name, *_ in FIELDS if name != "name" for word in _words(None, name, values[name], had)]
    return grammar.split_words(words)[1], values["name"].strip()
