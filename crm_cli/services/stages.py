"""Add, rename, order and archive the stages of the pipeline. Written with sqlite3 directly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core.tags import FORBIDDEN
from crm_cli.core.text.folding import nfc, sort_key
from crm_cli.errors import ConflictError, Hint, UsageError
from crm_cli.queries import stages

if TYPE_CHECKING:
    import sqlite3

    from crm_cli.book.book import Book
    from crm_cli.core.deals import Stage


def add(book: Book, name: str, *, probability: int | None = None, place: int | None = None) -> int:
    """Add a stage at a place (from 1; default: the last); return its id."""
    name = _name(book.db, name)
    row = book.db.execute("SELECT min(id) FROM pipeline").fetchone()
    made = book.db.execute(
        "INSERT INTO stage (pipeline_id, name, name_key, place, probability) VALUES (?, ?, ?, ?, ?)",
        (row[0], name, sort_key(name), len(stages.every(book.db)) + 1, probability),
    )
    ref = int(made.lastrowid or 0)
    if place is not None:
        _order(book.db, ref, place)
    return ref


def rename(book: Book, stage: Stage, name: str) -> None:
    """Rename a stage."""
    name = _name(book.db, name, but=stage.id)
    book.db.execute("UPDATE stage SET name = ?, name_key = ? WHERE id = ?", (name, sort_key(name), stage.id))


def set_probability(book: Book, stage: Stage, probability: int | None) -> None:
    """Change a stage's probability; deals with their own probability keep it."""
    book.db.execute("UPDATE stage SET probability = ? WHERE id = ?", (probability, stage.id))


def move(book: Book, stage: Stage, place: int) -> None:
    """Move a stage to a place in the pipeline, from 1; a number that is too high means the last."""
    _order(book.db, stage.id, place)


def archive(book: Book, stage: Stage) -> None:
    """Remove a stage from the pipeline; the history of deals keeps it. Refused while open deals are in it."""
    if stage.deals:
        raise ConflictError(
            f"{stage.deals} open {'deal is' if stage.deals == 1 else 'deals are'} in {stage.name}",
            hint=Hint("move-deals", stage=stage.name),
        )
    if not [one for one in stages.every(book.db) if not one.archived and one.id != stage.id]:
        raise ConflictError("a pipeline needs a stage", hint=Hint("add-stage"))
    book.db.execute("UPDATE stage SET archived = 1 WHERE id = ?", (stage.id,))


def bring_back(book: Book, stage: Stage) -> None:
    """Restore an archived stage to its previous place."""
    book.db.execute("UPDATE stage SET archived = 0 WHERE id = ?", (stage.id,))


def _name(db: sqlite3.Connection, text: str, *, but: int = 0) -> str:
    """Return a stage's name as stored. Raises UsageError if it is blank, ConflictError if it is taken."""
    name = " ".join(nfc(text).split())
    if not sort_key(name) or not name.isprintable() or FORBIDDEN & set(name):
        raise UsageError(f"{text!r} is not a name for a stage", hint="letters, digits and spaces, as in Proposal")
    if sort_key(name) in stages.VERBS:
        raise UsageError(
            f"{name} is not a stage but the end of a deal", hint=Hint("end-of-deal", verb=stages.VERBS[sort_key(name)])
        )
    if db.execute("SELECT 1 FROM stage WHERE name_key = ? AND id <> ?", (sort_key(name), but)).fetchone():
        raise ConflictError(f"there is a stage {name} already", hint=Hint("list-stages"))
    return name


def _order(db: sqlite3.Connection, stage_id: int, place: int) -> None:
    """Renumber the stages, with one of them at its new place."""
    order = [stage.id for stage in stages.every(db) if stage.id != stage_id]
    order.insert(max(place - 1, 0), stage_id)
    db.executemany(
        "UPDATE stage SET place = ? WHERE id = ? AND place <> ?",
        [(number, ref, number) for number, ref in enumerate(order, 1)],
    )
