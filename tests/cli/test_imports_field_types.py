"""Columns that crm does not know become custom fields of the type that their values show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support import dump

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support import Run

    Crm = Callable[..., Run]


def table(path: Path, column: str, *cells: str, name: str = "people.csv") -> str:
    """Write a list of people with one more column; return its path."""
    rows = [f"P{number} Verma,p{number}@x.example,{cell}" for number, cell in enumerate(cells)]
    file = path / name
    file.write_text("\n".join([f"Name,Email,{column}", *rows]) + "\n")
    return str(file)


def fields(crm: Crm) -> dict[str, str]:
    return {
        row["name"]: row["type"]
        for row in crm("field", "list", "--json").json
        if row["meaning"].startswith("your own:")
    }


def values(crm: Crm) -> list[str]:
    return [value for card in crm("list", "--json").json for value in card["custom"].values()]


@pytest.mark.parametrize(
    ("cells", "type_", "stored"),
    [
        (("2027-03-31", "2026-12-01"), "date", ["2026-12-01", "2027-03-31"]),
        (("31/12/2026", "01/02/2027"), "date", ["2026-12-31", "2027-02-01"]),
        (("12/31/2026", "01/02/2027"), "date", ["2026-12-31", "2027-01-02"]),
        (("31.12.2026", "", "1.2.2027"), "date", ["2026-12-31", "2027-02-01"]),
        (("10", "-7.50", "0"), "number", ["-7.50", "0", "10"]),
        (("TRUE", "FALSE", "true"), "yesno", ["no", "yes", "yes"]),
        (("Ja", "Nein"), "yesno", ["no", "yes"]),
        (("007", "12"), "text", ["007", "12"]),
        (("+49", "50"), "text", ["+49", "50"]),
        (("2026-01-02 10:00", "2026-01-03"), "text", ["2026-01-02 10:00", "2026-01-03"]),
        (("20260102", "20260103"), "number", ["20260102", "20260103"]),
        (("12", "about 20"), "text", ["12", "about 20"]),
        (("31/12/2026", "12/31/2026"), "text", ["12/31/2026", "31/12/2026"]),
        (("12",), "text", ["12"]),
        (("gold", "silver") * 20, "choice", ["gold"] * 20 + ["silver"] * 20),
        (("gold", "silver") * 10, "text", ["gold"] * 10 + ["silver"] * 10),
    ],
)
def test_a_new_column_gets_the_type_that_all_its_values_fit(crm, tmp_path, cells, type_, stored):
    assert crm("import", table(tmp_path, "Extra", *cells)).code == 0
    assert fields(crm) == {"extra": type_}
    assert sorted(values(crm)) == stored


def test_the_same_file_again_changes_nothing(crm, book_path, tmp_path):
    file = table(tmp_path, "Renewal", "31/12/2026", "01/02/2027", "soon", *["03/04/2027"] * 30)
    crm("import", file)
    before = dump(book_path)

    assert "0 new, 0 changed, 33 same" in crm("import", file).err
    assert dump(book_path) == before
    assert fields(crm) == {"renewal": "text"}
    assert {"soon", "2026-12-31"} <= set(values(crm))


@pytest.mark.parametrize("cells", [("soon", "2027-01-02"), ("2027-01-02", "2027-02-30")])
def test_a_later_value_that_does_not_fit_makes_a_text_field(crm, tmp_path, cells):
    crm("import", table(tmp_path, "Renewal", "2026-12-31", "2026-11-30"))
    found = crm("import", table(tmp_path, "Renewal", *cells))

    assert "renewal is a text field now, because" in found.err
    assert fields(crm) == {"renewal": "text"}
    assert sorted(values(crm)) == sorted(cells)
    crm("undo", found.err.rpartition("[")[2].rstrip("]\n"))
    assert fields(crm) == {"renewal": "date"}


def test_a_later_file_is_read_in_the_form_of_the_field(crm, tmp_path):
    crm("field", "add", "discount", "--type", "number")
    crm("field", "add", "tier", "--type", "choice", "--choices", "gold,silver")
    crm("import", table(tmp_path, "Discount", "1_000", "7.5"))
    found = crm("import", table(tmp_path, "Tier", "GOLD", "bronze", name="tiers.csv"))

    assert "tier has a new choice: “bronze”" in found.err
    assert sorted(values(crm)) == ["1000", "7.5", "bronze", "gold"]
    assert crm("edit", "1", "tier=bronze").code == 0


def test_deals_and_activities_have_typed_fields_too(crm, tmp_path):
    file = tmp_path / "deals.csv"
    file.write_text(
        "Deal Name,Amount,Deal Stage,Close Date,Go live,Pilot\n"
        "Big,100 EUR,Lead,2026-12-01,31/12/2026,Yes\nSmall,10 EUR,Lead,2026-12-01,30/11/2026,No\n"
    )
    crm("import", str(file))
    assert fields(crm) == {"go-live": "date", "pilot": "yesno"}
    assert crm("deal", "list", "go-live.before:2026-12-10", "--format", "ids").out == "d2\n"

    removed = crm("field", "rm", "go-live", "--yes")
    assert "and 2 values" in removed.err + removed.out
    assert fields(crm) == {"pilot": "yesno"}
    assert crm("check").code == 0


def test_a_type_can_be_changed_if_the_values_fit(crm, tmp_path):
    crm("import", table(tmp_path, "Score", "10", "7"))

    assert crm("field", "edit", "score", "--type", "text").code == 0
    assert crm("edit", "1", "score=many").code == 0
    refused = crm("field", "edit", "score", "--type", "number")
    assert refused.code == 1
    assert refused.err == "crm: not every value fits: score takes a number, not many\n"
    assert fields(crm) == {"score": "text"}
    crm("edit", "1", "score=1_000")
    assert "1 value rewritten" in (found := crm("field", "edit", "score", "--type", "number")).err + found.out
    assert sorted(values(crm)) == ["1000", "7"]


@pytest.mark.parametrize(
    ("line", "code"),
    [("edit nope --type text", 3), ("edit score", 2), ("edit score --type wibble", 2), ("edit score --type choice", 2)],
)
def test_a_wrong_change_is_refused(crm, tmp_path, line, code):
    crm("import", table(tmp_path, "Score", "10", "7"))
    found = crm("field", *line.split())
    assert (found.code, len(found.err.splitlines())) == (code, 1)
    assert fields(crm) == {"score": "number"}
