"""How the rows of a record that is merged become those of the survivor: one rule for each table.

A row keeps its id when it is moved. One that the survivor has already is deleted; `unmerging` restores it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_cli.core.combining import NOTES, Choice
from crm_cli.core.consent import STOPPED
from crm_cli.services import statements
from crm_cli.services.merge_jobs import jobs
from crm_cli.services.merge_pair import count
from crm_cli.services.merge_points import line_key, place_key, point_key, points
from crm_cli.services.touch import touch

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from crm_cli.services.merge_pair import Pair, Row


# Tags, custom fields, consent, cadence


def _tags(pair: Pair) -> list[Choice]:
    table = f"{pair.kind.name}_tag"
    have = {row["tag_id"] for row in pair.rows(table, pair.survivor)}
    for row in pair.rows(table, pair.loser):
        if row["tag_id"] not in have:
            statements.insert(pair.db, table, {**row, pair.kind.column: pair.survivor})
        count(pair.same if row["tag_id"] in have else pair.moved, table)
    pair.db.execute(f"DELETE FROM {table} WHERE {pair.kind.column} = ?", (pair.loser,))
    return []


def _custom(pair: Pair) -> list[Choice]:
    table = f"{pair.kind.name}_custom"
    have = {row["field_id"]: row["value"] for row in pair.rows(table, pair.survivor)}
    names = dict(pair.db.execute("SELECT id, name FROM custom_field"))
    made = []
    for row in pair.rows(table, pair.loser):
        field, theirs = row["field_id"], row["value"]
        mine = have.get(field)
        if mine is None:
            statements.insert(pair.db, table, {**row, pair.kind.column: pair.survivor})
            made.append(Choice(names[field], theirs, from_loser=True))
        elif mine != theirs:
            takes = pair.prefers_loser(names[field])
            kept, other = (theirs, mine) if takes else (mine, theirs)
            made.append(Choice(names[field], kept, other, NOTES, takes))
            if takes:
                pair.db.execute(
                    f"UPDATE {table} SET value = ? WHERE {pair.kind.column} = ? AND field_id = ?",
                    (theirs, pair.survivor, field),
                )
        count(pair.moved if mine is None else pair.same, table, int(mine is None or mine == theirs))
    pair.db.execute(f"DELETE FROM {table} WHERE {pair.kind.column} = ?", (pair.loser,))
    return made


def _consents(pair: Pair) -> list[Choice]:
    """Move consent; where both have said something about a channel, a stop counts."""
    if "consent" not in pair.kind.owns:
        return []
    made = []
    mine, theirs = pair.both("consent")
    have = {row["channel"]: row for row in mine}
    for row in theirs:
        twin = have.get(row["channel"])
        if twin is None:
            pair.move("consent", row)
            count(pair.moved, "consent")
            continue
        pair.drop("consent", row)
        count(pair.same, "consent", int(row["state"] == twin["state"]))
        if row["state"] != twin["state"]:
            stops = row["state"] == STOPPED
            made.append(Choice(f"consent {row['channel']}", STOPPED, "allowed", NOTES, stops))
            if stops:
                new = {name: row[name] for name in ("state", "on_date", "source")}
                statements.update(pair.db, "consent", twin["id"], new)
    return made


def _cadence(pair: Pair) -> list[Choice]:
    if "cadence" not in pair.kind.owns:
        return []
    mine, theirs = pair.both("cadence")
    if not theirs:
        return []
    if not mine:
        pair.move("cadence", theirs[0])
        count(pair.moved, "cadence")
        return []
    takes = pair.prefers_loser("cadence")
    kept, other = (theirs[0], mine[0]) if takes else (mine[0], theirs[0])
    pair.drop("cadence", other)
    if takes:
        pair.move("cadence", kept)
    if kept["every"] == other["every"]:
        return []
    return [Choice("cadence", kept["every"] or "paused", other["every"] or "paused", NOTES, takes)]


# Links to other records


def _relationships(pair: Pair) -> list[Choice]:
    """Move relationships from either side; one of the two with each other, or twice the same, is dropped."""
    if "relationship" not in pair.kind.owns:
        return []
    db = pair.db
    found = db.execute(
        "SELECT id, contact_id, kind, other_id, name_key FROM relationship"
        " WHERE contact_id IN (?1, ?2) OR other_id IN (?1, ?2) ORDER BY contact_id = ?2 OR other_id IS ?2, id",
        (pair.survivor, pair.loser),
    ).fetchall()
    have: set[tuple[Any, ...]] = set()
    for ref, owner, kind, other, name in found:
        is_mine = pair.loser not in {owner, other}
        new_owner, new_other = pair.heir(owner), pair.heir(other)
        key = (new_owner, kind, new_other, name if new_other is None else "")
        if new_owner == new_other or (key in have and not is_mine):
            db.execute("DELETE FROM relationship WHERE id = ?", (ref,))
            count(pair.same, "relationship")
        elif not is_mine:
            statements.update(db, "relationship", ref, {"contact_id": new_owner, "other_id": new_other})
            count(pair.moved, "relationship")
            if new_owner != pair.survivor:
                touch(db, "contact", new_owner, pair.now)
        have.add(key)
    return []


def _participation(pair: Pair) -> list[Choice]:
    """Move the part in activities and deals; where both took part, the survivor did, and met if one of them met."""
    db, two = pair.db, {"s": pair.survivor, "l": pair.loser}
    for table in pair.kind.joins:
        owner = f"{table.partition('_')[0]}_id"
        shared = f"SELECT {owner} FROM {table} WHERE contact_id = :s"
        if table == "activity_participant":
            db.execute(
                "UPDATE activity_participant SET reach = (SELECT x.reach FROM activity_participant x"
                " WHERE x.activity_id = activity_participant.activity_id AND x.contact_id = :l)"
                " WHERE contact_id = :s AND reach < (SELECT x.reach FROM activity_participant x"
                " WHERE x.activity_id = activity_participant.activity_id AND x.contact_id = :l)",
                two,
            )
        else:
            db.execute(
                f"UPDATE deal SET revision = revision + 1, updated_utc = :now WHERE id IN"
                f" (SELECT deal_id FROM {table} WHERE contact_id = :l)",
                {**two, "now": pair.now},
            )
        dropped = db.execute(f"DELETE FROM {table} WHERE contact_id = :l AND {owner} IN ({shared})", two).rowcount
        count(pair.same, table, dropped)
        count(pair.moved, table, db.execute(f"UPDATE {table} SET contact_id = :s WHERE contact_id = :l", two).rowcount)
    return []


def _company_links(pair: Pair) -> list[Choice]:
    """Move the activities and deals of a company."""
    if pair.kind.name != "company":
        return []
    for table in ("activity", "deal"):
        bumped = ", revision = revision + 1, updated_utc = :now" if table == "deal" else ""
        wrote = pair.db.execute(
            f"UPDATE {table} SET company_id = :s{bumped} WHERE company_id = :l",
            {"s": pair.survivor, "l": pair.loser, "now": pair.now},
        ).rowcount
        count(pair.moved, table, wrote)
    return []


def _keys(pair: Pair) -> list[Choice]:
    """Move the keys in other products, links that wait, and what was merged into the loser before."""
    for table in ("external_ref", "pending_link", "merge"):
        if table in pair.kind.owns:
            sql = f"UPDATE {table} SET {pair.kind.column} = ? WHERE {pair.kind.column} = ?"
            count(pair.moved, table, pair.db.execute(sql, (pair.survivor, pair.loser)).rowcount)
    return []


def _distinct(pair: Pair) -> list[Choice]:
    """Move what the loser is not the same as; that the two were not the same is no longer true."""
    db = pair.db
    rows = db.execute(
        "SELECT id, low_id, high_id FROM distinct_pair WHERE kind = ? AND ? IN (low_id, high_id)",
        (pair.kind.name, pair.loser),
    ).fetchall()
    for ref, *ends in rows:
        low, high = sorted(map(pair.heir, ends))
        known = db.execute(
            "SELECT 1 FROM distinct_pair WHERE kind = ? AND low_id = ? AND high_id = ?", (pair.kind.name, low, high)
        ).fetchone()
        if low == high or known:
            db.execute("DELETE FROM distinct_pair WHERE id = ?", (ref,))
        else:
            statements.update(db, "distinct_pair", ref, {"low_id": low, "high_id": high})
    return []


RULES: tuple[Callable[[Pair], list[Choice]], ...] = (
    points, jobs, _tags, _custom, _consents, _cadence, _relationships, _participation, _company_links, _keys,
    _distinct,
)  # fmt: skip
"""The rules in the order in which they are applied; each returns the fields in which the two differed."""
DETAILS: Mapping[str, Callable[[Row], Hashable]] = {
    "contact_point": point_key,
    "postal_address": place_key,
    "source_property": line_key,
    "employment": lambda row: (row["contact_id"], row["company_id"], row["title"], row["department"]),
    "relationship": lambda row: (row["contact_id"], row["kind"], row["other_id"], row["name_key"]),
    "contact_tag": lambda row: row["tag_id"],
    "company_tag": lambda row: row["tag_id"],
}
"""Table of rows that belong to a record -> what makes two of them the same."""
TABLES = frozenset(
    {
        "contact_point", "postal_address", "source_property", "employment", "contact_tag", "company_tag",
        "contact_custom", "company_custom", "consent", "cadence", "relationship", "activity_participant",
        "deal_participant", "activity", "deal", "external_ref", "pending_link", "merge", "distinct_pair",
    }
)  # fmt: skip
"""The tables that the rules know."""
