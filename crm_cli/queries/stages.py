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
    asked = sort_key(text)
    known = [stage for stage in every(db) if archived or not stage.archived]
    exact = [stage for stage in known if sort_key(stage.name) == asked]
    near = exact or [stage for stage in known if asked and sort_key(stage.name).startswith(asked)]
    if len(near) == 1:
        return near[0]
    if near:
        raise AmbiguousError(
            f"{text} can be {len(near)} stages", candidates=tuple(stage.name for stage in near), hint="write more of it"
        )
    alike = similar(text, [stage.name for stage in known], 1)
    if asked in VERBS:
        hint = f"crm deal {VERBS[asked]} is for that"
    else:
        hint = f"did you mean {alike[0]}?" if alike else "stages: " + ", ".join(stage.name for stage in known)
    raise NotFoundError(f"there is no stage {text}", hint=hint)
