"""How the jobs of a person, or the staff of a company, that is merged become those of the survivor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core.combining import FORMER, Choice
from crm_cli.core.kinds import PERSON
from crm_cli.core.text.folding import fold
from crm_cli.services import statements
from crm_cli.services.merge_pair import count
from crm_cli.services.touch import touch

if TYPE_CHECKING:
    from collections.abc import Hashable

    from crm_cli.services.merge_pair import Pair, Row

_JOB = ("company_id", "title", "department", "since", "until")


def jobs(pair: Pair) -> list[Choice]:
    """Move a person's jobs. A present one at another company becomes a former one: a person has one employer."""
    if pair.kind is not PERSON:
        return _staff(pair)
    mine, theirs = pair.both("employment")
    made: list[Choice] = []
    present = next((row for row in mine if row["current"]), None)
    for row in theirs:
        twin = next((each for each in mine if _is_same_job(each, row)), None)
        if twin is not None:
            _complete(pair, twin, row)
            continue
        if row["current"] and present is not None:
            present, choice = _move_present(pair, present, row)
            made.append(choice)
        else:
            pair.move("employment", row)
        count(pair.moved, "employment")
    return made


def _complete(pair: Pair, mine: Row, theirs: Row) -> None:
    """Add what only the loser's row says of the same job."""
    new = {name: theirs[name] for name in _JOB if theirs[name] and not mine[name]}
    statements.update(pair.db, "employment", mine["id"], new)
    pair.drop("employment", theirs)
    count(pair.same, "employment")


def _move_present(pair: Pair, mine: Row, theirs: Row) -> tuple[Row, Choice]:
    """Move one of two present jobs, and make the one that is not kept a former one; return the kept one."""
    takes = pair.prefers_loser("company")
    kept, left = (theirs, mine) if takes else (mine, theirs)
    if takes:
        statements.update(pair.db, "employment", mine["id"], {"current": 0})
        pair.move("employment", theirs)
    else:
        pair.move("employment", theirs, current=0)
    return kept, Choice("company", _job_text(pair, kept), _job_text(pair, left), FORMER, takes)


def _is_same_job(one: Row, other: Row) -> bool:
    """Are two rows the same job, of which one may say less?"""
    texts = all(fold(one[name]) == fold(other[name]) or not (one[name] and other[name]) for name in _JOB[1:3])
    company = one["company_id"] == other["company_id"] or not (one["company_id"] and other["company_id"])
    return texts and company and one["current"] == other["current"]


def _job_text(pair: Pair, job: Row) -> str:
    found = pair.db.execute("SELECT name FROM company WHERE id = ?", (job["company_id"],)).fetchone()
    return ", ".join(filter(None, (found[0] if found else "", job["title"], job["department"])))


def _staff(pair: Pair) -> list[Choice]:
    """Let the people of the merged company work at the survivor; two jobs of one person there become one."""
    mine, theirs = pair.both("employment")
    have = set(map(_staff_key, mine))
    for row in theirs:
        if _staff_key(row) in have:
            pair.drop("employment", row)
        else:
            pair.move("employment", row)
            count(pair.moved, "employment")
        touch(pair.db, "contact", row["contact_id"], pair.now)
    return []


def _staff_key(row: Row) -> Hashable:
    return (row["contact_id"], fold(row["title"]), fold(row["department"]), row["current"])
