"""A person's current employer, as SQL for every statement that shows people with their company."""

from __future__ import annotations


def employer_of(person: str) -> str:
    """Return the joins of a person's current job (``e``) and its company (``o``); ``person`` is the SQL of their id.

    Of several current jobs, the one with the lowest id counts.
    """
    return (
        "LEFT JOIN employment e ON e.id ="
        f" (SELECT min(x.id) FROM employment x WHERE x.contact_id = {person} AND x.current = 1)"
        " LEFT JOIN company o ON o.id = e.company_id"
    )
