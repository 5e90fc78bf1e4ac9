"""How contact points, postal addresses and lines of cards of a record that is merged become those of the survivor."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from crm_cli.core.text.folding import fold
from crm_cli.formats.vcard.photos import NAMES as PICTURES
from crm_cli.services import statements
from crm_cli.services.merge_pair import count

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from crm_cli.core.combining import Choice
    from crm_cli.services.merge_pair import Pair, Row


def point_key(row: Row) -> Hashable:
    """Return what makes two contact points the same."""
    return (row["kind"], row["norm"] or fold(row["value"]))


_PLACE = ("street", "extended", "po_box", "locality", "region", "code", "country")


def place_key(row: Row) -> Hashable:
    """Return what makes two postal addresses the same."""
    return tuple(fold(row[part]) for part in _PLACE)


def line_key(row: Row) -> Hashable:
    """Return what makes two lines of cards the same."""
    return (row["name"], row["value"], row["params"])


def points(pair: Pair) -> list[Choice]:
    """Move the contact points, the addresses and the lines of the card that the survivor does not have."""
    groups = _renamed_groups(pair)
    for table, key, sort in (("contact_point", point_key, "kind"), ("postal_address", place_key, "")):
        mine, theirs = pair.both(table)
        have = {key(row): row for row in mine}
        firsts = _firsts(mine, sort)
        for row in theirs:
            twin = have.get(key(row))
            if twin is None:
                have[key(row)] = row
                _move_point(pair, table, row, firsts.get(row.get(sort, "")), groups)
            else:
                _complete(pair, table, twin, row)
                pair.drop(table, row)
                count(pair.same, table)
    _card_lines(pair, groups)
    return []


def _move_point(pair: Pair, table: str, row: Row, first: Row | None, groups: Mapping[str, str]) -> None:
    """Move a point or an address; the survivor's ``first`` of its kind stays the first."""
    if first and not first["preferred"] and first["id"] > row["id"]:
        # Without this the loser's, whose id is lower, would come first.
        statements.update(pair.db, table, first["id"], {"preferred": 1})
        first["preferred"] = 1
    pair.move(table, row, preferred=0 if first else row["preferred"], params=_in_group(row["params"], groups))
    count(pair.moved, table)


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


def _card_lines(pair: Pair, groups: Mapping[str, str]) -> None:
    """Move the lines of the loser's card that the survivor's card does not have."""
    mine, theirs = pair.both("source_property")
    have = {line_key(row) for row in mine if not row["grp"]}
    pictured = any(map(_is_picture, mine))
    for row in theirs:
        if not row["grp"] and line_key(row) in have:
            pair.drop("source_property", row)
            count(pair.same, "source_property")
            continue
        if pictured and _is_picture(row):
            _move_to_end(pair, row)
        else:
            pair.move("source_property", row, grp=groups.get(row["grp"], row["grp"]))
        count(pair.moved, "source_property")


def _is_picture(line: Row) -> bool:
    return line["name"].upper() in PICTURES


def _move_to_end(pair: Pair, row: Row) -> None:
    """Give the survivor a picture after its own, which is the first and therefore shown."""
    pair.drop("source_property", row)
    new = {name: value for name, value in row.items() if name != "id"}
    statements.insert(pair.db, "source_property", {**new, pair.kind.column: pair.survivor})


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
