"""The stages of the pipeline, and finding one by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core.deals import Stage
from crm_cli.core.text.folding import similar, sort_key
from crm_cli.errors import AmbiguousError, Hint, NotFoundError

if TYPE_CHECKING:
    import sqlite3

_ALL = (
    "SELECT s.id, s.name, s.place, s.probability, s.archived,"
    " (SELECT count(*) FROM deal d WHERE d.stage_id = s.id AND d.status = 'open') FROM stage s ORDER BY s.place, s.id"
)
VERBS = {"won": "win", "win": "win", "lost": "lose", "lose": "lose", "open": "reopen"}
"""A word that is an outcome of a deal, not a stage -> the command for it."""


def every(db: sqlite3.Connection) -> list[Stage]:
    """Return all stages in order, including archived ones, each with the number of its open deals."""
    return [
        Stage(ref, name, place, probability, bool(archived), deals)
        for ref, name, place, probability, archived, deals in db.execute(_ALL)
    ]


def first(db: sqlite3.Connection) -> Stage:
    """Return the stage in which new deals begin. Raises NotFoundError."""
    found = next((stage for stage in every(db) if not stage.archived), None)
    if found is None:
        raise NotFoundError("there is no stage to begin in", hint=Hint("first-stage"))
    return found


def find(db: sqlite3.Connection, text: str, *, archived: bool = False) -> Stage:
    """Return the stage with this name or beginning of a name, in any case; ``archived`` includes archived stages.

    Raises NotFoundError that suggests the nearest name, AmbiguousError if several names begin with the text.
    """
    known = [stage for stage in every(db) if archived or not stage.archived]
    found = _named(known, sort_key(text))
    if len(found) == 1:
        return found[0]
    names = tuple(stage.name for stage in found or known)
    if found:
        raise AmbiguousError(f"{text} can be {len(found)} stages", candidates=names, hint="write more of it")
    raise NotFoundError(f"there is no stage {text}", hint=_advice(text, names))


def _named(known: list[Stage], asked: str) -> list[Stage]:
    """Return the stages with this name, else those whose names begin with it."""
    exact = [stage for stage in known if sort_key(stage.name) == asked]
    if exact or not asked:
        return exact
    return [stage for stage in known if sort_key(stage.name).startswith(asked)]


def _advice(text: str, names: tuple[str, ...]) -> str:
    """Return what to do about a word that is not a stage: the command for an outcome, or the nearest of the names."""
    verb = VERBS.get(sort_key(text))
    if verb:
        return f"crm deal {verb} is for that"
    alike = similar(text, names, 1)
    return f"did you mean {alike[0]}?" if alike else "stages: " + ", ".join(names)
