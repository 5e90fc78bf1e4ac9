"""``crm export --format csv`` to a folder or a zip archive: a file for each table, and people and companies again."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from support import dump

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support import Run

    Crm = Callable[..., Run]

NAMES = ["activities.csv", "companies.csv", "deals.csv", "people.csv"]


@pytest.fixture
def full(crm: Crm) -> Crm:
    crm("add", "Asha Verma", "email=asha@acme.in", "company=Acme", "title=CTO", "birthday=--04-12", "+client")
    crm("add", "Ravi Kumar", "phone=+91 98200 12345", "company=Globex", 'notes=-@="x"')
    crm(
        "company",
        "add",
        "Initech",
        "phone=020 2553 1234",
        "city=Pune",
        "notes==1+1",
        "+partner",
        "url=https://i.example",
    )
    crm("field", "add", "size")
    crm("edit", "c3", "size=XL")
    crm("stop", "1", "email")
    crm("deal", "add", "Stand", "--with", "1", "amount=99.95 EUR", "notes==1+1")
    crm("called", "1", "-m", "@hello")
    crm("todo", "send it", "--with", "2", "--due", "2026-12-01 09:00")
    return crm


BOOKISH = {
    "id", "uid", "created", "updated", "revision", "external_refs", "company_id", "people", "next_step", "last_reach",
    "last_attempt", "cadence",
}  # fmt: skip
"""What belongs to the book, or to its activities, and not to a person or a company."""


def bare(value: Any) -> Any:
    """Return a record without what belongs to the book; lists in one order."""
    if isinstance(value, dict):
        return {key: bare(each) for key, each in value.items() if key not in BOOKISH}
    return sorted(map(bare, value), key=str) if isinstance(value, list) else value


def book(crm: Crm, *words: str) -> Any:
    """Return the people and companies of a book."""
    whole = json.loads(crm("export", "--format", "json", *words).out)
    return bare({table: whole[table] for table in ("contacts", "companies")})


def test_a_folder_has_a_file_for_each_table(full: Crm, tmp_path: Path) -> None:
    done = full("export", "--format", "csv", "-o", f"{tmp_path}/tables/")

    assert "2 people, 3 companies, 1 deal, 2 activities" in done.err
    assert sorted(each.name for each in (tmp_path / "tables").iterdir()) == NAMES
    deals = list(csv.DictReader(io.StringIO((tmp_path / "tables" / "deals.csv").read_text())))
    assert [(each["title"], each["amount"], each["currency"], each["people"], each["notes"]) for each in deals] == [
        ("Stand", "99.95", "EUR", "Asha Verma (1)", "'=1+1")
    ]
    acts = list(csv.DictReader(io.StringIO((tmp_path / "tables" / "activities.csv").read_text())))
    assert {(each["kind"], each["status"], each["due"]) for each in acts} == {
        ("call", "done", ""), ("task", "open", "2026-12-01 09:00"),
    }  # fmt: skip


@pytest.mark.parametrize("order", [("companies.csv", "people.csv"), ("people.csv", "companies.csv")])
def test_people_and_companies_make_an_equal_book(full: Crm, tmp_path: Path, order: tuple[str, str]) -> None:
    full("export", "--format", "csv", "-o", f"{tmp_path}/tables/")
    other = str(tmp_path / "other.db")

    brought = full("import", *(str(tmp_path / "tables" / name) for name in order), "--book", other)
    assert brought.code == 0, brought.err
    assert book(full, "--book", other) == book(full)


def test_into_the_same_book_nothing_changes(full: Crm, tmp_path: Path, book_path: Path) -> None:
    full("export", "--format", "csv", "-o", f"{tmp_path}/tables/")
    before = dump(book_path)

    full("import", f"{tmp_path}/tables/companies.csv", f"{tmp_path}/tables/people.csv")
    assert dump(book_path) == before


def test_an_edited_company_is_updated(full: Crm, tmp_path: Path) -> None:
    full("export", "--format", "csv", "-o", f"{tmp_path}/tables/")
    path = tmp_path / "tables" / "companies.csv"
    path.write_text(path.read_text().replace("Initech", "Initech Ltd"))

    assert "1 changed" in full("import", str(path)).err
    assert "Initech Ltd" in full("company", "list").out


@pytest.mark.parametrize("words", [(), ("--format", "csv"), ("--format", "zip")])
def test_an_archive_has_the_same_files(full: Crm, tmp_path: Path, words: tuple[str, ...]) -> None:
    path = tmp_path / "tables.zip"
    full("export", "--format", "csv", "-o", f"{tmp_path}/tables/")

    assert "2 people, 3 companies, 1 deal, 2 activities" in full("export", *words, "-o", str(path)).err
    with zipfile.ZipFile(path) as archive:
        assert sorted(archive.namelist()) == NAMES
        for name in NAMES:
            assert archive.read(name) == (tmp_path / "tables" / name).read_bytes()
    assert full("export", *words, "-o", str(path)).code == 0


def test_an_archive_of_another_program_is_not_replaced_without_a_question(full: Crm, tmp_path: Path) -> None:
    path = tmp_path / "mine.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("photos/a.jpg", b"x")
    before = path.read_bytes()

    assert full("export", "-o", str(path)).code == 2
    assert path.read_bytes() == before


def test_a_query_exports_its_people_and_what_belongs_to_them(full: Crm, tmp_path: Path) -> None:
    done = full("export", "tag:client", "--format", "csv", "-o", f"{tmp_path}/tables/")

    assert "1 person, 1 company, 1 deal, 1 activity" in done.err


def test_a_foreign_file_in_the_folder_is_not_replaced_without_a_question(full: Crm, tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text("mine")

    assert full("export", "--format", "csv", "-o", str(tmp_path)).code == 2
    assert not (tmp_path / "people.csv").exists()
    assert (tmp_path / "deals.csv").read_text() == "mine"
    assert full("export", "--format", "csv", "-o", str(tmp_path), "--yes").code == 0
    assert full("export", "--format", "csv", "-o", str(tmp_path)).code == 0


def test_a_dry_run_writes_nothing(full: Crm, tmp_path: Path) -> None:
    assert "2 people" in full("export", "--format", "csv", "-o", f"{tmp_path}/new/", "-n").err
    assert not (tmp_path / "new").exists()
