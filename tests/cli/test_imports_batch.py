"""``crm import --batch N``: each N records are a change of their own."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from support import dump

from crm_cli.services.importing import batches
from crm_cli.services.importing.file import Wish

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "Name,Email,Company,Score\n"
NOW = "2026-11-29T10:00:00Z"


def people(count: int) -> str:
    return HEAD + "".join(f"Person {n},p{n}@x.example,Firm {n % 3},{n}\n" for n in range(count))


def test_each_batch_is_a_change(crm, tmp_path):
    file = tmp_path / "people.csv"
    file.write_text(people(25) + ",,,7\n")
    done = crm("import", str(file), "--batch", "10", "--json")

    assert done.code == 5
    assert [(card["read"], card["new"], card["rejected"], card["change"]) for card in done.json] == [
        (10, 10, 0, "ch1"),
        (10, 10, 0, "ch2"),
        (6, 5, 1, "ch3"),
    ]
    runs = crm("imports", "--json").json
    assert [(run["change"], bool(run["rejects"])) for run in runs] == [("ch3", True), ("ch2", False), ("ch1", False)]
    assert "score\tnumber" in crm("field", "list").out
    assert crm("undo", "ch2").code == 0
    assert crm("list", "--count").out == "15\n"
    again = crm("import", str(file), "--batch", "10", "--json").json
    assert [(card["new"], card["same"]) for card in again] == [(0, 10), (10, 0), (0, 5)]
    assert crm("check").code == 0


def test_batches_give_what_one_change_gives(crm, tmp_path):
    file = tmp_path / "people.csv"
    file.write_text(people(12) + people(12).removeprefix(HEAD))

    crm("import", str(file), "--batch", "5")
    batched = [(card["name"], card["company"], card["custom"]) for card in crm("list", "--json").json]
    crm("import", str(file), "--book", str(tmp_path / "other.crm"))
    whole = crm("list", "--json", "--book", str(tmp_path / "other.crm")).json
    assert batched == [(card["name"], card["company"], card["custom"]) for card in whole]
    assert len(batched) == 24


def test_a_company_that_came_with_its_people_is_completed_by_a_later_batch(crm, tmp_path):
    file = tmp_path / "cards.vcf"
    card = "BEGIN:VCARD\nVERSION:3.0\nFN:{}\n{}END:VCARD\n"
    file.write_text(
        card.format("Mia", "ORG:Acme\n") + card.format("Acme", "ORG:Acme\nX-ABShowAs:COMPANY\nTEL:123456\n")
    )
    crm("import", str(file), "--batch", "1")
    (company,) = crm("company", "list", "--json").json
    assert company["phones"][0]["value"] == "123456"


def test_deals_in_batches(crm, tmp_path):
    file = tmp_path / "deals.csv"
    file.write_text(
        "Deal Name,Amount,Deal Stage,Close Date\n" + "".join(f"D{n},{n} EUR,Lead,2026-12-01\n" for n in range(5))
    )
    done = crm("import", str(file), "--batch", "2", "--json")
    assert [card["new"] for card in done.json] == [2, 2, 1]
    assert [card["same"] for card in crm("import", str(file), "--batch", "2", "--json").json] == [2, 2, 1]


def test_an_interrupted_import_leaves_the_batches_that_are_finished(crm, book_path, tmp_path):
    data = HEAD + ",,,bad\n" + people(50).removeprefix(HEAD)
    seen: list[int] = []

    def interrupt(_: int) -> None:
        if len(seen) == 2:
            raise KeyboardInterrupt

    place = tmp_path / "people.csv.rejects"
    wish = Wish(now=NOW, today=NOW[:10], batch=20)
    found = batches.outcomes(
        book_path, io.BytesIO(data.encode()), wish, name="people.csv", rejects=(place,), progress=interrupt
    )
    with pytest.raises(KeyboardInterrupt):
        seen.extend(outcome.report.new for outcome in found)

    assert seen == [19, 20]
    assert crm("list", "--count").out == "39\n"
    assert crm("check").code == 0
    assert "bad" in place.read_text()
    assert [run["rejects"] for run in crm("imports", "--json").json if run["rejected"]] == [str(place)]


def test_a_dry_run_and_json_are_one_change(crm, book_path, tmp_path):
    file = tmp_path / "people.csv"
    file.write_text(people(5))
    assert len(crm("import", str(file), "--batch", "2", "--dry-run", "--json").json) == 1
    crm("import", str(file))
    exported = tmp_path / "book.json"
    exported.write_text(crm("export", "--format", "json").out)
    before = dump(book_path)
    other = ("--book", str(tmp_path / "other.crm"))
    assert len(crm("import", str(exported), "--batch", "2", "--json", *other).json) == 1
    assert dump(tmp_path / "other.crm") == before


def test_a_batch_has_at_least_one_record(crm, tmp_path: Path):
    assert crm("import", str(tmp_path / "x.csv"), "--batch", "-1").code == 2
