"""Apply assignments to the draft of a person or a company: ``city=Pune``, ``email.work+=…``, ``+vip``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_cli.core import names
from crm_cli.core.edits import TagEdit, combined
from crm_cli.core.patches import between
from crm_cli.core.records import Draft, NameParts
from crm_cli.core.text.folding import fold, nfc
from crm_cli.errors import NotFoundError, UsageError
from crm_cli.services import points, records, tags
from crm_cli.services.touch import refuse_stale

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from crm_cli.core.edits import Edit
    from crm_cli.core.records import Company, Contact

PARTS = NameParts._fields
TEXTS = (
    "nickname", "birthday", "anniversary", "status", "source", "zone", "language", "notes",
    "company", "title", "department",
)  # fmt: skip
"""Assignments that set the text field of the same name."""


def edit(
    db: sqlite3.Connection,
    record: Contact | Company,
    edits: Sequence[Edit | TagEdit],
    *,
    now: str,
    region: str,
    revision: int | None,
) -> None:
    """Change a record of the book. Raises ConflictError if it is no longer at ``revision``."""
    refuse_stale(record, revision)
    before = records.as_draft(record)
    after = apply(db, before, edits, region=region)
    patch = between(before, after, records.present_job(record))
    records.apply(records.context(db, now=now, region=region), record, patch)
    if after.points != before.points:
        link_mail(db, after, now=now)


def link_mail(db: sqlite3.Connection, person: Draft, *, now: str) -> None:
    """Link a person to the mail in the history that waited for one of their addresses."""
    addresses = [point.value for point in person.points if point.kind == "email"]
    if addresses and person.kind != "company" and db.execute("SELECT 1 FROM pending_link LIMIT 1").fetchone():
        # Only here, because it loads much: in most books nothing waits.
        from crm_cli.services.importing import links

        links.arrived(db, addresses, now)


def apply(db: sqlite3.Connection, draft: Draft, edits: Sequence[Edit | TagEdit], *, region: str) -> Draft:
    """Return the draft after the assignments, applied in order. Raises UsageError, NotFoundError."""
    for change in edits:
        draft = _tag(db, draft, change) if isinstance(change, TagEdit) else _assign(db, draft, change, region)
    return draft


def renamed(draft: Draft, name: str) -> Draft:
    """Return the draft under another name; the parts of a person's name are derived again."""
    name = nfc(name).strip()
    return draft._replace(name=name, parts=draft.parts if draft.kind == "company" else names.split(name))


def _assign(db: sqlite3.Connection, draft: Draft, change: Edit, region: str) -> Draft:
    if change.field in points.POINTS:
        return draft._replace(points=points.apply_point(draft.points, change, region=region))
    setter = _SETTERS.get(change.field)
    return setter(draft, change) if setter else _own(db, draft, change)


def _place(draft: Draft, change: Edit) -> Draft:
    return draft._replace(addresses=points.apply_place(draft.addresses, change))


def _text(draft: Draft, change: Edit) -> Draft:
    new: dict[str, Any] = {change.field: combined(getattr(draft, change.field), change) or ""}
    return draft._replace(**new)


def _part(draft: Draft, change: Edit) -> Draft:
    """Change one part of a person's name, and update the full name."""
    parts = draft.parts._replace(**{change.field: change.value})
    shown = names.display(parts)
    if not shown:
        raise UsageError("that would leave them without a name", hint="give another with name=…")
    return draft._replace(parts=parts, name=shown)


_SETTERS: dict[str, Callable[[Draft, Edit], Draft]] = {
    "name": lambda draft, change: renamed(draft, change.value),
    **dict.fromkeys(PARTS, _part),
    **dict.fromkeys(TEXTS, _text),
    **dict.fromkeys(points.PLACES, _place),
}
"""Assignment -> the function that applies it to a draft; any other name is a custom field."""


def _own(db: sqlite3.Connection, draft: Draft, change: Edit) -> Draft:
    """Set the value of a custom field, or clear it."""
    from crm_cli.core.custom import TypedField, typed
    from crm_cli.queries.fields import key_of

    found = db.execute(
        "SELECT name, type, choices FROM custom_field WHERE name = ?", (key_of(change.field),)
    ).fetchone()
    if found is None:
        raise NotFoundError(f"there is no field {change.field}")
    field = TypedField(*found)
    values = dict(draft.custom)
    values.pop(field.name, None)
    if change.value:
        values[field.name] = typed(field, change.value)
    return draft._replace(custom=tuple(values.items()))


def _tag(db: sqlite3.Connection, draft: Draft, change: TagEdit) -> Draft:
    """Add a tag or remove it. Raises NotFoundError if the tag to remove does not exist in the book."""
    rest = tuple(tag for tag in draft.tags if fold(tag) != fold(change.name))
    if change.add:
        return draft if rest != draft.tags else draft._replace(tags=(*rest, change.name))
    if rest == draft.tags:
        tags.known(db, change.name)
    return draft._replace(tags=rest)
