"""How the rows of a record that is merged become those of the survivor: one rule for each table.

A row keeps its id when it is moved. One that the survivor has already is deleted; `unmerging` restores it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from crm_cli.core.combining import FORMER, NOTES, Choice
from crm_cli.core.consent import STOPPED
from crm_cli.core.text.folding import fold
from crm_cli.formats.vcard.photos import NAMES as PICTURES
from crm_cli.queries import by_column
from crm_cli.services import statements
from crm_cli.services.touch import touch

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Hashable, Mapping

    from crm_cli.core.kinds import Kind

    Row = dict[str, Any]
    Counts = dict[str, int]


class Pair(NamedTuple):
    """Two records of one kind, of which ``loser`` is merged into ``survivor``.

    ``choices``, ``now`` and ``at`` are those of `merging.merge`, ``moved`` and ``same`` the counts of `Merged`.
    """

    db: sqlite3.Connection
    kind: Kind
    survivor: int
    loser: int
    choices: Mapping[str, int]
    now: str
    at: str
    moved: Counts
    same: Counts

    def rows(self, table: str, ref: int) -> list[Row]:
        """Return the rows of a table that belong to one of the two, in order."""
        order = "id" if table not in self.kind.links else "2"
        found = self.db.execute(f"SELECT * FROM {table} WHERE {self.kind.column} = ? ORDER BY {order}", (ref,))
        return list(by_column.rows(found))

    def both(self, table: str) -> tuple[list[Row], list[Row]]:
        """Return the rows of the survivor and those of the loser."""
        return self.rows(table, self.survivor), self.rows(table, self.loser)

    def move(self, table: str, row: Row, **changes: Any) -> None:
        """Give a row with an id to the survivor, with further changes."""
        statements.update(self.db, table, row["id"], {self.kind.column: self.survivor, **changes})

    def drop(self, table: str, row: Row) -> None:
        """Delete a row with an id."""
        self.db.execute(f"DELETE FROM {table} WHERE id = ?", (row["id"],))

    def prefers_loser(self, field: str) -> bool:
        """Is the loser's value of a field to be kept?"""
        return self.choices.get(field) == self.loser


def _count(counts: Counts, table: str, number: int = 1) -> None:
    if number:
        counts[table] = counts.get(table, 0) + number


# Contact points, addresses and properties of cards


def _point_key(row: Row) -> Hashable:
    return (row["kind"], row["norm"] or fold(row["value"]))


_PLACE = ("street", "extended", "po_box", "locality", "region", "code", "country")


def _place_key(row: Row) -> Hashable:
    return tuple(fold(row[part]) for part in _PLACE)


def _points(pair: Pair) -> list[Choice]:
    groups = _renamed_groups(pair)
    for table, key, sort in (("contact_point", _point_key, "kind"), ("postal_address", _place_key, "")):
        mine, theirs = pair.both(table)
        have = {key(row): row for row in mine}
        firsts = _firsts(mine, sort)
        for row in theirs:
            twin = have.get(key(row))
            if twin is not None:
                _complete(pair, table, twin, row)
                pair.drop(table, row)
                _count(pair.same, table)
                continue
            have[key(row)] = row
            first = firsts.get(row.get(sort, ""))
            if first and not first["preferred"] and first["id"] > row["id"]:
                # Without this the loser's, whose id is lower, would come first.
                statements.update(pair.db, table, first["id"], {"preferred": 1})
                first["preferred"] = 1
            pair.move(table, row, preferred=0 if first else row["preferred"], params=_in_group(row["params"], groups))
            _count(pair.moved, table)
    return [*_properties(pair, groups)]


def _firsts(rows: list[Row], sort: str) -> dict[str, Row]:
    """Return for each kind of point the row that is shown first."""
    found: dict[str, Row] = {}
    for row in sorted(
        rows, key=lambda each: (each.get("state", "current") != "current", -each["preferred"], each["id"])
    ):
        found.setdefault(row.get(sort, ""), row)
    return found


def _complete(pair: Pair, table: str, mine: Row, theirs: Row) -> None:
    """Add what only the loser's row says of the same address: its label, and that mail to it bounced."""
    new = {"label": theirs["label"]} if theirs["label"] and not mine["label"] else {}
    if theirs.get("state") == "bounced" and mine["state"] != "bounced":
        new["state"] = "bounced"
    statements.update(pair.db, table, mine["id"], new)


def _properties(pair: Pair, groups: Mapping[str, str]) -> list[Choice]:
    mine, theirs = pair.both("source_property")
    have = {(row["name"], row["value"], row["params"]) for row in mine if not row["grp"]}
    pictured = any(row["name"].upper() in PICTURES for row in mine)
    for row in theirs:
        if (row["name"], row["value"], row["params"]) in have and not row["grp"]:
            pair.drop("source_property", row)
            _count(pair.same, "source_property")
            continue
        if pictured and row["name"].upper() in PICTURES:
            # The first picture is shown: that of the survivor.
            pair.drop("source_property", row)
            new = {name: value for name, value in row.items() if name != "id"}
            statements.insert(pair.db, "source_property", {**new, pair.kind.column: pair.survivor})
        else:
            pair.move("source_property", row, grp=groups.get(row["grp"], row["grp"]))
        _count(pair.moved, "source_property")
    return []


def _renamed_groups(pair: Pair) -> dict[str, str]:
    """Return new names for the groups of the loser's card lines that the survivor's card uses as well."""
    mine, theirs = _groups(pair, pair.survivor), _groups(pair, pair.loser)
    found: dict[str, str] = {}
    number = 0
    for group in sorted(theirs & mine):
        number += 1
        while f"merged{number}" in mine | theirs:
            number += 1
        found[group] = f"merged{number}"
    return found


def _groups(pair: Pair, ref: int) -> set[str]:
    lines = {row["grp"] for row in pair.rows("source_property", ref)}
    points = [*pair.rows("contact_point", ref), *pair.rows("postal_address", ref)]
    return {*lines, *(_group(row["params"]) for row in points)} - {""}


def _group(params: str) -> str:
    return str(json.loads(params).get("group", "")) if params else ""


def _in_group(params: str, groups: Mapping[str, str]) -> str:
    group = _group(params)
    return json.dumps({**json.loads(params), "group": groups[group]}, ensure_ascii=False) if group in groups else params


# Jobs


def _jobs(pair: Pair) -> list[Choice]:
    """Move a person's jobs. A present one at another company becomes a former one: a person has one employer."""
    if pair.kind.name != "contact":
        return _staff(pair)
    mine, theirs = pair.both("employment")
    made: list[Choice] = []
    present = next((row for row in mine if row["current"]), None)
    for row in theirs:
        twin = next((each for each in mine if _is_same_job(each, row)), None)
        if twin is not None:
            new = {
                name: row[name] for name in ("company_id", "title", "department", "since", "until") if not twin[name]
            }
            statements.update(pair.db, "employment", twin["id"], {name: value for name, value in new.items() if value})
            pair.drop("employment", row)
            _count(pair.same, "employment")
            continue
        demoted = 0
        if row["current"] and present is not None:
            kept, left = (row, present) if pair.prefers_loser("company") else (present, row)
            made.append(Choice("company", _job_text(pair, kept), _job_text(pair, left), FORMER, kept is row))
            if left is present:
                statements.update(pair.db, "employment", present["id"], {"current": 0})
                present = row
            else:
                demoted = 1
        pair.move("employment", row, **({"current": 0} if demoted else {}))
        _count(pair.moved, "employment")
    return made


_JOB = ("company_id", "title", "department", "since", "until")


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
            _count(pair.moved, "employment")
        touch(pair.db, "contact", row["contact_id"], pair.now)
    return []


def _staff_key(row: Row) -> Hashable:
    return (row["contact_id"], fold(row["title"]), fold(row["department"]), row["current"])


# Tags, custom fields, consent, cadence


def _tags(pair: Pair) -> list[Choice]:
    table = f"{pair.kind.name}_tag"
    have = {row["tag_id"] for row in pair.rows(table, pair.survivor)}
    for row in pair.rows(table, pair.loser):
        if row["tag_id"] not in have:
            statements.insert(pair.db, table, {**row, pair.kind.column: pair.survivor})
        _count(pair.same if row["tag_id"] in have else pair.moved, table)
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
        _count(pair.moved if mine is None else pair.same, table, int(mine is None or mine == theirs))
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
            _count(pair.moved, "consent")
            continue
        pair.drop("consent", row)
        _count(pair.same, "consent", int(row["state"] == twin["state"]))
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
        _count(pair.moved, "cadence")
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
    db, two = pair.db, {pair.survivor, pair.loser}
    found = db.execute(
        "SELECT id, contact_id, kind, other_id, name_key FROM relationship"
        " WHERE contact_id IN (?1, ?2) OR other_id IN (?1, ?2) ORDER BY contact_id = ?2 OR other_id IS ?2, id",
        (pair.survivor, pair.loser),
    ).fetchall()
    have: set[tuple[Any, ...]] = set()
    for ref, owner, kind, other, name in found:
        is_mine = pair.loser not in {owner, other}
        new_owner, new_other = (pair.survivor if each in two else each for each in (owner, other))
        key = (new_owner, kind, new_other, name if new_other is None else "")
        if new_owner == new_other or (key in have and not is_mine):
            db.execute("DELETE FROM relationship WHERE id = ?", (ref,))
            _count(pair.same, "relationship")
        elif not is_mine:
            statements.update(db, "relationship", ref, {"contact_id": new_owner, "other_id": new_other})
            _count(pair.moved, "relationship")
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
        _count(pair.same, table, dropped)
        _count(pair.moved, table, db.execute(f"UPDATE {table} SET contact_id = :s WHERE contact_id = :l", two).rowcount)
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
        _count(pair.moved, table, wrote)
    return []


def _keys(pair: Pair) -> list[Choice]:
    """Move the keys in other products, links that wait, and what was merged into the loser before."""
    for table in ("external_ref", "pending_link", "merge"):
        if table in pair.kind.owns:
            sql = f"UPDATE {table} SET {pair.kind.column} = ? WHERE {pair.kind.column} = ?"
            _count(pair.moved, table, pair.db.execute(sql, (pair.survivor, pair.loser)).rowcount)
    return []


def _distinct(pair: Pair) -> list[Choice]:
    """Move what the loser is not the same as; that the two were not the same is no longer true."""
    db = pair.db
    rows = db.execute(
        "SELECT id, low_id, high_id FROM distinct_pair WHERE kind = ? AND ? IN (low_id, high_id)",
        (pair.kind.name, pair.loser),
    ).fetchall()
    for ref, *ends in rows:
        low, high = sorted(pair.survivor if end == pair.loser else end for end in ends)
        known = db.execute(
            "SELECT 1 FROM distinct_pair WHERE kind = ? AND low_id = ? AND high_id = ?", (pair.kind.name, low, high)
        ).fetchone()
        if low == high or known:
            db.execute("DELETE FROM distinct_pair WHERE id = ?", (ref,))
        else:
            statements.update(db, "distinct_pair", ref, {"low_id": low, "high_id": high})
    return []


RULES: tuple[Callable[[Pair], list[Choice]], ...] = (
    _points, _jobs, _tags, _custom, _consents, _cadence, _relationships, _participation, _company_links, _keys,
    _distinct,
)  # fmt: skip
"""The rules in the order in which they are applied; each returns the fields in which the two differed."""
DETAILS: Mapping[str, Callable[[Row], Hashable]] = {
    "contact_point": _point_key,
    "postal_address": _place_key,
    "source_property": lambda row: (row["name"], row["value"], row["params"]),
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
